//! Agrees, for a workspace or for all workspaces of an organization, to what a campaign of users migrations does; or takes that back, which
//! counts until it is done.

use orglink_domain::campaign::{Campaign, Purpose};
use orglink_domain::consent::{Agreement, Given, Side};
use orglink_domain::digest::Digest;
use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::user_management::{UsersSides, UsersWarning};
use orglink_policy::Action;
use orglink_store::{StoreError, Tx, campaign, event, in_write, organization, stage, workspace};
use serde::Serialize;
use serde_json::{Value, json};

use super::acknowledged;
use super::view_campaign::{Subject, UsersOf, sides_of};
use crate::campaign::{calendar_of, of_purpose, open_campaign, require_in_time, users_terms};
use crate::consent::somebody_else;
use crate::link::Acknowledge;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// What somebody agrees to.
#[derive(Debug, Clone, Serialize)]
pub struct AgreeToCampaign {
    /// Of the terms that were shown; without one, whatever they are now.
    pub digest: Option<Digest>,
    pub acknowledge: Acknowledge,
}

/// Agrees for one side. Agreeing again changes nothing.
///
/// # Errors
/// `NotFound`; `no_campaign`; `campaign_decided`; `not_linked`; `users_migrated`; `plan_changed` when the terms are no longer what was looked at;
/// `warnings_not_acknowledged`; `consent_not_needed`; `second_person_required`; a refusal for anybody but an admin of that side.
pub async fn agree_to_users_campaign(
    app: &App,
    principal: &Principal,
    of: UsersOf<'_>,
    request: &AgreeToCampaign,
) -> Result<(), Error> {
    let me = principal.account()?.id;
    let at = app.now();
    in_write!(app.db, tx, {
        let subject = Subject::load(app, tx, principal, of).await?;
        app.require(Action::AgreeToLink, subject.standing(principal))?;
        require_not_migrated(tx, &subject).await?;
        let campaign = open_campaign(tx, Purpose::Users).await?;
        require_in_time(&calendar_of(&campaign.definition)?, at)?;
        let terms = users_terms(app, &campaign, &campaign.definition);
        let o = subject.organization.organization();
        let digest = terms.digest(o.id);
        if request.digest.is_some_and(|shown| shown != digest) {
            let detail = "What is agreed to has changed since you looked. Look at it again. Nothing was done.";
            return Err(Error::refused("plan_changed", "The plan has changed", detail));
        }
        let acknowledged = acknowledged(&request.acknowledge, UsersWarning::WITHOUT_MERGES)?;
        let mut mine = given_for(tx, &campaign, &subject).await?.agreements(&terms, o.id);
        mine.retain(|(side, _)| subject.is_of(*side));
        if mine.is_empty() {
            let detail =
                "In this campaign only the organization's admins agree. If the workspace needs more time, ask for it.";
            return Err(Error::refused("consent_not_needed", "Nobody has to agree for it", detail));
        }
        let open = mine.iter().find(|(_, agreement)| *agreement != Agreement::Given).map(|(side, _)| *side);
        let Some(side) = open else { return Ok(()) };
        let through = principal.through();
        let given = Given { side, account: me, through, plan_digest: digest, acknowledged, reason: None, at };
        campaign::save_consent(tx, campaign.id, subject.id(), &given).await?;
        let now = given_for(tx, &campaign, &subject).await?.agreements(&terms, o.id);
        if now.iter().any(|(_, agreement)| *agreement == Agreement::NotASecondPerson) {
            return Err(somebody_else(side));
        }
        let said = json!({ "side": side, "terms_digest": digest, "acknowledged": given.acknowledged });
        note(app, tx, principal, (&subject, &campaign), EventType::UsersMigrationAgreed, said).await
    })
}

/// Takes back what a side agreed to: what has not migrated is left alone from then on.
///
/// # Errors
/// `NotFound`, also when nothing was agreed to; `no_campaign`; `users_migrated`; a refusal for anybody but an admin of that side.
pub async fn withdraw_from_users_campaign(app: &App, principal: &Principal, of: UsersOf<'_>) -> Result<(), Error> {
    principal.account()?;
    in_write!(app.db, tx, {
        let subject = Subject::load(app, tx, principal, of).await?;
        app.require(Action::AgreeToLink, subject.standing(principal))?;
        require_not_migrated(tx, &subject).await?;
        let Some(campaign) = of_purpose(tx, Purpose::Users).await? else {
            return Err(Error::refused("no_campaign", "There is no campaign", "No users are about to migrate."));
        };
        if !campaign::delete_consents(tx, campaign.id, subject.id()).await? {
            return Err(Error::not_found("agreement", &campaign.definition.name));
        }
        note(app, tx, principal, (&subject, &campaign), EventType::UsersMigrationWithdrawn, json!({})).await
    })
}

async fn require_not_migrated(tx: &mut Tx, subject: &Subject) -> Result<(), Error> {
    let Some(link) = subject.workspace.as_ref().and_then(WorkspaceProof::link) else { return Ok(()) };
    if stage::find(tx, link.id).await?.users_migrated_at.is_none() {
        return Ok(());
    }
    let detail = "The users of the workspace have migrated: there is nothing to agree to any more.";
    Err(Error::refused("users_migrated", "Its users have migrated", detail))
}

/// What this side, and those who must be somebody else, agreed to.
async fn given_for(tx: &mut Tx, of: &Campaign, subject: &Subject) -> Result<UsersSides, Error> {
    let Some(w) = subject.workspace.as_ref().map(|w| w.workspace().id) else {
        return sides_of(tx, of, subject.organization.organization().id).await;
    };
    let mut found = campaign::find_users_standing(tx, of.id, &[w]).await?;
    Ok(found.remove(&w).map(|standing| standing.sides).unwrap_or_default())
}

/// Keeps that it happened: the side has another version, so that whoever migrates at this moment looks again.
async fn note(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    (subject, of): (&Subject, &Campaign),
    kind: EventType,
    mut payload: Value,
) -> Result<(), Error> {
    let o = subject.organization.organization();
    let w = subject.workspace.as_ref().map(WorkspaceProof::workspace);
    let is_ours = match w {
        Some(w) => workspace::guard(tx, w.id, w.version).await?,
        None => organization::guard(tx, o.id, o.version).await?,
    };
    if !is_ours {
        return Err(StoreError::Conflict.into());
    }
    if let Some(map) = payload.as_object_mut() {
        map.insert("campaign".to_owned(), json!({ "id": of.id, "name": of.definition.name }));
        map.insert("organization".to_owned(), json!({ "id": o.id, "slug": o.slug }));
        map.insert("workspace".to_owned(), json!(w.map(|w| json!({ "id": w.id, "slug": w.slug }))));
        let side = if w.is_some() { Side::Workspace } else { Side::Organization };
        map.entry("side".to_owned()).or_insert_with(|| json!(side));
    }
    let happened = NewEvent { kind, organization_id: Some(o.id), workspace_id: w.map(|w| w.id), payload };
    event::append(tx, app.origin(principal.actor(), app.now()), happened, w.map(|w| w.version + 1)).await?;
    app.feed.poke();
    Ok(())
}
