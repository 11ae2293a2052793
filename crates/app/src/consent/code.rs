//! Link codes: handed by one side to whoever administers the other, who can then propose without being known here.

use orglink_domain::clock::Timestamp;
use orglink_domain::consent::Side;
use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::{AccountId, OrganizationId, TenantId, WorkspaceId};
use orglink_policy::Action;
use orglink_store::one_time as kept;
use orglink_store::one_time::OneTimeToken;
use orglink_store::{Tx, event, in_write, pair};
use serde_json::json;

use super::require_proposals;
use crate::one_time::{self, Purpose};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal, Secret};
use orglink_domain::link::Act;

const OF_WORKSPACE: &str = "link_code_workspace";
const OF_ORGANIZATION: &str = "link_code_organization";

/// A code, shown once.
pub struct LinkCode {
    pub code: Secret,
    /// Where whoever gets it goes.
    pub url: String,
    /// The side that hands it out.
    pub side: Side,
    /// The slug of that side.
    pub of: String,
    pub expires_at: Timestamp,
}

/// Where nothing is proposed, codes are of no use.
fn require_codes(app: &App) -> Result<(), Error> {
    let act = if app.settings.link_policy.transfer { Act::Transfer } else { Act::Link };
    require_proposals(app, act)
}

const fn purpose(id: TenantId) -> &'static str {
    match id {
        TenantId::Workspace(_) => OF_WORKSPACE,
        TenantId::Organization(_) => OF_ORGANIZATION,
    }
}

/// Loads the side that hands out a code, for one of its admins.
async fn load(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    side: Side,
    reference: &str,
) -> Result<(TenantId, String), Error> {
    if side == Side::Workspace {
        let proof = WorkspaceProof::load(app, tx, principal, reference, Action::ViewWorkspace).await?;
        proof.require(app, Action::ChangeWorkspacePeople)?;
        let w = proof.workspace();
        return Ok((TenantId::Workspace(w.id), w.slug.clone()));
    }
    let proof = OrganizationProof::load(app, tx, principal, reference, Action::ViewOrganization).await?;
    proof.require(app, Action::AgreeToLink)?;
    let o = proof.organization();
    Ok((TenantId::Organization(o.id), o.slug.clone()))
}

/// Makes a code for the other side. Whoever has it and administers one sees the plan for the two, and can propose it; the
/// link still needs the consent of both.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an admin of the side; `consent_is_one_person`.
pub async fn make_link_code(app: &App, principal: &Principal, side: Side, reference: &str) -> Result<LinkCode, Error> {
    let me = principal.account()?.id;
    in_write!(app.db, tx, {
        let (id, of) = load(app, tx, principal, side, reference).await?;
        require_codes(app)?;
        let at = app.now();
        let expires_at = at.plus_seconds(app.settings.proposal.code_seconds);
        let new = Purpose { name: purpose(id), subject: id.uuid(), account_id: Some(me), email: None, expires_at };
        let code = one_time::mint(tx, new, at).await?;
        let happened = NewEvent {
            kind: EventType::LinkCodeCreated,
            organization_id: id.organization(),
            workspace_id: id.workspace(),
            payload: json!({ "side": side, "expires_at": expires_at }),
        };
        event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        app.feed.poke();
        let url = format!("{}/link/code?code={}", app.settings.public_url, code.reveal());
        Ok(LinkCode { code, url, side, of, expires_at })
    })
}

/// Makes every code that one side has handed out useless; how many there were.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an admin of the side.
pub async fn withdraw_link_codes(app: &App, principal: &Principal, side: Side, reference: &str) -> Result<u64, Error> {
    principal.account()?;
    in_write!(app.db, tx, {
        let (id, _) = load(app, tx, principal, side, reference).await?;
        let at = app.now();
        let count = kept::use_all(tx, purpose(id), id.uuid(), at).await?;
        if count > 0 {
            let happened = NewEvent {
                kind: EventType::LinkCodesWithdrawn,
                organization_id: id.organization(),
                workspace_id: id.workspace(),
                payload: json!({ "side": side, "codes": count.to_string() }),
            };
            event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
            app.feed.poke();
        }
        Ok::<u64, Error>(count)
    })
}

/// The side that a code was made for, if it can be used.
///
/// # Errors
/// `consent_is_one_person`, `link_code_invalid`.
pub async fn side_of_link_code(app: &App, principal: &Principal, code: &str) -> Result<Side, Error> {
    principal.account()?;
    require_codes(app)?;
    let mut tx = app.db.begin_read().await?;
    Ok(match read(&mut tx, code, app.now()).await? {
        CodeOf::Workspace(_) => Side::Workspace,
        CodeOf::Organization(_) => Side::Organization,
    })
}

/// The side that a code is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeOf {
    Workspace(WorkspaceId),
    Organization(OrganizationId),
}

/// What a code stands for, while whoever made it still administers that side.
pub(super) async fn read(tx: &mut Tx, code: &str, now: Timestamp) -> Result<CodeOf, Error> {
    for name in [OF_WORKSPACE, OF_ORGANIZATION] {
        let Some(found) = one_time::find(tx, name, code.trim(), now).await? else { continue };
        if let Some(of) = still_good(tx, name, &found).await? {
            return Ok(of);
        }
    }
    Err(invalid())
}

pub(super) fn invalid() -> Error {
    Error::refused(
        "link_code_invalid",
        "This code cannot be used",
        "It is unknown, was used, was withdrawn, or its time has passed. Ask whoever gave it to you for a new one.",
    )
}

async fn still_good(tx: &mut Tx, name: &str, found: &OneTimeToken) -> Result<Option<CodeOf>, Error> {
    let maker = found.account_id.unwrap_or(AccountId(uuid::Uuid::nil()));
    let (w, o) = (WorkspaceId(found.subject_id), OrganizationId(found.subject_id));
    let standing = pair::find_standing(tx, w, o, maker).await?;
    if !standing.is_verified {
        return Ok(None);
    }
    Ok(match name {
        OF_WORKSPACE if standing.administers_workspace => Some(CodeOf::Workspace(w)),
        OF_ORGANIZATION if standing.administers_organization => Some(CodeOf::Organization(o)),
        _ => None,
    })
}

/// Uses a code up, and with it every other of that side: of several who try at once, one does.
pub(super) async fn redeem(tx: &mut Tx, of: CodeOf, code: &str, now: Timestamp) -> Result<(), Error> {
    let name = match of {
        CodeOf::Workspace(_) => OF_WORKSPACE,
        CodeOf::Organization(_) => OF_ORGANIZATION,
    };
    match one_time::redeem(tx, name, code.trim(), now).await? {
        Some(_) => Ok(()),
        None => Err(orglink_store::StoreError::Conflict.into()),
    }
}
