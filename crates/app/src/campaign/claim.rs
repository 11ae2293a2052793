//! Claiming an organization that a campaign made: one admin wants it, the others hear and may object, then it is one like every
//! other. Until then nobody has gained anything by it.

use orglink_domain::clock::Timestamp;
use orglink_domain::event::EventType;
use orglink_domain::id::OrganizationId;
use orglink_domain::organization::Organization;
use orglink_policy::Action;
use orglink_store::campaign::{self, MadeOrganization};
use orglink_store::{Tx, account, event, in_write, organization};
use serde_json::json;

use crate::tenant::OrganizationProof;
use crate::{App, Error, Principal};

/// Where the claim of an organization stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimView {
    pub campaign: String,
    /// Who wants it, by name.
    pub claimed_by: Option<String>,
    pub takes_effect_at: Option<Timestamp>,
    /// For how long the others may object.
    pub notice: String,
    /// The one who asks wants it.
    pub is_own: bool,
}

/// Where the claim stands; nothing for an organization that is like every other.
///
/// # Errors
/// `NotFound` when it does not exist or may not be seen.
pub async fn view_claim(app: &App, principal: &Principal, reference: &str) -> Result<Option<ClaimView>, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganization).await?;
    if !proof.is_unclaimed() {
        return Ok(None);
    }
    let Some(made) = unclaimed(&mut tx, proof.organization().id).await? else { return Ok(None) };
    let definition = definition_of(&mut tx, &made).await?;
    let by = match made.claimed_by {
        Some(id) => account::find(&mut tx, id).await?.map(|a| a.name),
        None => None,
    };
    Ok(Some(ClaimView {
        campaign: definition.title,
        claimed_by: by,
        takes_effect_at: made.claimed_from,
        notice: definition.automatic.claim_notice.to_words(),
        is_own: made.claimed_by.is_some() && made.claimed_by == principal.account_if_any().map(|a| a.id),
    }))
}

/// Wants it: takes effect after the notice, or at once when there is nobody else to object. When.
///
/// # Errors
/// `NotFound`; `not_unclaimed`; `claim_open` when somebody wants it already; a refusal for anybody but its admins.
pub async fn claim_organization(app: &App, principal: &Principal, reference: &str) -> Result<Timestamp, Error> {
    let account = principal.account()?.id;
    let at = app.now();
    in_write!(app.db, tx, {
        let (o, made) = load(app, tx, principal, reference).await?;
        if made.claimed_by.is_some() {
            return Err(Error::refused(
                "claim_open",
                "Somebody wants it already",
                "One of its admins has claimed it, and the others can object until that takes effect. Object first, if you disagree.",
            ));
        }
        let admins = organization::list_admin_ids(tx, o.id).await?;
        let is_alone = admins.iter().all(|admin| *admin == account);
        let notice = definition_of(tx, &made).await?.automatic.claim_notice;
        let from = if is_alone { at } else { at.plus_seconds(notice.as_seconds()) };
        let claimed_at = (from <= at).then_some(at);
        let after = MadeOrganization { claimed_by: Some(account), claimed_from: Some(from), claimed_at, ..made };
        let kind = if claimed_at.is_some() { EventType::OrganizationClaimed } else { EventType::ClaimBegun };
        keep(app, tx, principal, &o, &after, kind, None).await?;
        Ok(from)
    })
}

/// Says no to the claim of another: it ends, and the organization stays as it was.
///
/// # Errors
/// `NotFound`; `no_claim`; `own_claim` for whoever claimed it (withdrawing is objecting to nothing); a refusal for anybody but
/// its admins.
pub async fn object_to_claim(app: &App, principal: &Principal, reference: &str, reason: &str) -> Result<(), Error> {
    let Some(reason) = crate::reason::check(Some(reason))? else {
        return Err(Error::field("reason", "say why: the other admins read it"));
    };
    in_write!(app.db, tx, {
        let (o, made) = load(app, tx, principal, reference).await?;
        if made.claimed_by.is_none() {
            return Err(Error::refused("no_claim", "Nobody claims it", "There is nothing to object to."));
        }
        let after = MadeOrganization { claimed_by: None, claimed_from: None, claimed_at: None, ..made };
        keep(app, tx, principal, &o, &after, EventType::ClaimObjected, Some(&reason)).await
    })
}

/// Claims to which nobody objected in time take effect; how many.
///
/// # Errors
/// When the database is not reachable.
pub async fn apply_due_claims(app: &App) -> Result<usize, Error> {
    let mut tx = app.db.begin_read().await?;
    let due = campaign::list_due_claims(&mut tx, app.now()).await?;
    drop(tx);
    for id in &due {
        in_write!(app.db, tx, {
            let (Some(o), Some(made)) = (organization::find(tx, *id).await?, unclaimed(tx, *id).await?) else {
                return Ok(());
            };
            let at = app.now();
            if made.claimed_from.is_none_or(|from| from > at) {
                return Ok(());
            }
            let after = MadeOrganization { claimed_at: Some(at), ..made };
            keep(app, tx, &Principal::system(), &o, &after, EventType::OrganizationClaimed, None).await
        })?;
    }
    Ok(due.len())
}

async fn load(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    reference: &str,
) -> Result<(Organization, MadeOrganization), Error> {
    let proof = OrganizationProof::load(app, tx, principal, reference, Action::ClaimOrganization).await?;
    let o = proof.organization().clone();
    let Some(made) = unclaimed(tx, o.id).await? else {
        return Err(Error::refused(
            "not_unclaimed",
            "It is nothing to be claimed",
            "The organization is one like every other; its admins administer it.",
        ));
    };
    Ok((o, made))
}

async fn unclaimed(tx: &mut Tx, id: OrganizationId) -> Result<Option<MadeOrganization>, Error> {
    Ok(campaign::find_made_organization(tx, id).await?.filter(|made| made.claimed_at.is_none()))
}

async fn definition_of(tx: &mut Tx, made: &MadeOrganization) -> Result<orglink_domain::campaign::Definition, Error> {
    let run = campaign::find_run(tx, made.run_id).await?;
    run.map(|run| run.definition).ok_or_else(|| Error::broken("an organization was made by a run that is gone"))
}

async fn keep(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    o: &Organization,
    after: &MadeOrganization,
    kind: EventType,
    reason: Option<&str>,
) -> Result<(), Error> {
    if !organization::guard(tx, o.id, o.version).await? || !campaign::change_claim(tx, o.id, after).await? {
        return Err(orglink_store::StoreError::Conflict.into());
    }
    let happened = orglink_domain::event::NewEvent {
        kind,
        organization_id: Some(o.id),
        workspace_id: None,
        payload: json!({
            "account": after.claimed_by, "takes_effect_at": after.claimed_from, "reason": reason,
        }),
    };
    event::append(tx, app.origin(principal.actor(), app.now()), happened, Some(o.version + 1)).await?;
    app.feed.poke();
    Ok(())
}
