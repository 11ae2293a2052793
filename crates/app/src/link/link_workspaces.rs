//! Links many workspaces to one organization: each by its own plan, in its own transaction, by the rule for one
//! ([`link_workspace`]). What is linked there already is done, so that the same list can be sent again after anything, a
//! kill in the middle included: then only the rest is linked.

use orglink_domain::bulk::{RowResult, digest_of, distinct};
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::OrganizationId;
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_policy::Action;
use orglink_store::in_write;
use serde::Serialize;

use super::link_workspace::{Acknowledge, LinkAnswer, LinkRequest, link_workspace};
use super::plan_links::check_length;
use crate::idempotency::{Answered, Attempt};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal};

/// A row of the plan, as it comes back.
#[derive(Debug, Clone, Serialize)]
pub struct RowToLink {
    pub workspace: String,
    pub plan_digest: Digest,
}

/// What somebody wants linked.
#[derive(Debug, Clone, Serialize)]
pub struct LinksRequest {
    pub organization: String,
    pub rows: Vec<RowToLink>,
    /// Of all rows together, as they were shown; without it, whatever rows came back.
    pub plan_digest: Option<Digest>,
    /// For each row as far as it concerns that row.
    pub acknowledge: Acknowledge,
}

/// What came of each workspace.
#[derive(Debug)]
pub struct LinksAnswer {
    pub organization: Organization,
    /// In the order of the request, each workspace once.
    pub rows: Vec<LinkedRow>,
}

/// What came of one.
#[derive(Debug)]
pub struct LinkedRow {
    /// As it was sent.
    pub workspace: String,
    pub outcome: RowOutcome,
}

#[derive(Debug)]
pub enum RowOutcome {
    /// Now, or by an earlier request with the same idempotency key.
    Linked(Box<Answered<LinkAnswer>>),
    /// To this organization, at that moment.
    AlreadyLinked(Timestamp),
    /// What a link of it alone would have been answered.
    Refused(Error),
    /// Something broke at a row before it.
    NotTried,
}

impl RowOutcome {
    #[must_use]
    pub const fn result(&self) -> RowResult {
        match self {
            Self::Linked(_) => RowResult::Linked,
            Self::AlreadyLinked(_) => RowResult::AlreadyLinked,
            Self::Refused(_) => RowResult::Refused,
            Self::NotTried => RowResult::NotTried,
        }
    }
}

impl LinksAnswer {
    /// How many rows ended so.
    #[must_use]
    pub fn count(&self, result: RowResult) -> usize {
        self.rows.iter().filter(|row| row.outcome.result() == result).count()
    }
}

/// Links what can be linked of the rows, one after the other. With an idempotency key every link answers a retry as it did;
/// what was refused is tried again.
///
/// # Errors
/// `NotFound` for an organization that may not be seen; bad input for no row, too many, a digest that is not theirs or an
/// unknown warning; `idempotency_key_reused`. Nothing is linked then. What stands in the way of one row is in that row.
pub async fn link_workspaces(
    app: &App,
    principal: &Principal,
    request: &LinksRequest,
    idempotency_key: Option<&str>,
) -> Result<LinksAnswer, Error> {
    principal.account()?;
    let mut tx = app.db.begin_read().await?;
    let proof =
        OrganizationProof::load(app, &mut tx, principal, &request.organization, Action::ViewOrganization).await?;
    drop(tx);
    let organization = proof.organization().clone();
    check(request)?;
    claim_key(app, principal, request, idempotency_key).await?;
    let mut rows: Vec<LinkedRow> = Vec::with_capacity(request.rows.len());
    let mut is_broken = false;
    for row in distinct(&request.rows, |row| row.workspace.as_str()) {
        let outcome = if is_broken {
            RowOutcome::NotTried
        } else {
            match link_row(app, principal, request, &organization, row, idempotency_key).await {
                // Nothing was done so far: the whole request answers it.
                RowOutcome::Refused(why @ Error::Store(_))
                    if !rows.iter().any(|row| row.outcome.result() == RowResult::Linked) =>
                {
                    return Err(why);
                }
                outcome => outcome,
            }
        };
        is_broken |= matches!(outcome, RowOutcome::Refused(Error::Store(_)));
        rows.push(LinkedRow { workspace: row.workspace.clone(), outcome });
    }
    Ok(LinksAnswer { organization, rows })
}

fn check(request: &LinksRequest) -> Result<(), Error> {
    check_length(request.rows.len())?;
    request.acknowledge.check()?;
    let digest = digest_of(request.rows.iter().map(|row| row.plan_digest));
    if request.plan_digest.is_some_and(|shown| shown != digest) {
        let detail =
            "this is not the digest of these rows' plans in this order: send the rows that were shown as ready";
        return Err(Error::field("plan_digest", detail));
    }
    Ok(())
}

/// Keeps which request the key stands for before anything is linked: with another one it is refused from then on. What is
/// answered is not kept here, but with each link.
async fn claim_key(app: &App, principal: &Principal, request: &LinksRequest, key: Option<&str>) -> Result<(), Error> {
    let attempt = Attempt::new(principal, "link_workspaces", key, request)?;
    if key.is_none() {
        return Ok(());
    }
    let at = app.now();
    in_write!(app.db, tx, {
        if attempt.find::<()>(tx).await?.is_none() {
            attempt.keep(tx, &(), at).await?;
        }
        Ok::<(), Error>(())
    })
}

async fn link_row(
    app: &App,
    principal: &Principal,
    request: &LinksRequest,
    organization: &Organization,
    row: &RowToLink,
    key: Option<&str>,
) -> RowOutcome {
    let wanted = LinkRequest {
        workspace: row.workspace.trim().to_owned(),
        organization: organization.slug.clone(),
        plan_digest: Some(row.plan_digest),
        acknowledge: request.acknowledge.clone(),
    };
    let key = key.map(|key| key_of(key, &wanted.workspace));
    match link_workspace(app, principal, &wanted, key.as_deref()).await {
        Ok(answered) => RowOutcome::Linked(Box::new(answered)),
        Err(Error::Refused(refusal)) => match linked_at(app, principal, &wanted.workspace, organization.id).await {
            Ok(Some(at)) => RowOutcome::AlreadyLinked(at),
            _ => RowOutcome::Refused(Error::Refused(refusal)),
        },
        Err(why) => RowOutcome::Refused(why),
    }
}

/// The key that a row's own link is remembered by.
fn key_of(key: &str, workspace: &str) -> String {
    Digest::of(&[key.as_bytes(), b" ", fold(workspace).as_bytes()]).to_string()
}

/// Since when a workspace is linked to this very organization, as far as the one who asks may know.
async fn linked_at(
    app: &App,
    principal: &Principal,
    workspace: &str,
    organization: OrganizationId,
) -> Result<Option<Timestamp>, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, workspace, Action::ViewWorkspace).await?;
    let is_here = proof.is_linked_to(app, organization);
    Ok(proof.link().filter(|_| is_here).map(|link| link.linked_at))
}
