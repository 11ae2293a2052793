//! Recoveries, as somebody sees them: those who ask, those concerned, operators.

use orglink_domain::account::Account;
use orglink_domain::id::{AccountId, RecoveryId};
use orglink_domain::recovery::{Recovery, RecoveryState, RecoveryWay, record_name, record_text};
use orglink_policy::{Action, Standing};
use orglink_store::{Tx, account, recovery};
use uuid::Uuid;

use super::place::Place;
use crate::{App, Error, Page, PageRequest, Principal};

/// A recovery that the one who asks may see.
pub(super) struct Seen {
    pub recovery: Recovery,
    pub place: Place,
    pub standing: Standing,
}

impl Seen {
    pub async fn load(app: &App, tx: &mut Tx, principal: &Principal, reference: &str) -> Result<Self, Error> {
        let absent = || Error::not_found("recovery", reference);
        let id = Uuid::try_parse(reference).map_err(|_| absent())?;
        let recovery = recovery::find(tx, RecoveryId(id)).await?.ok_or_else(absent)?;
        let place = Place::find(tx, recovery.place).await?.ok_or_else(absent)?;
        let standing = place.standing(tx, principal).await?;
        let seen = Self { recovery, place, standing };
        if !seen.is_own(principal) && !app.may(Action::ViewRecovery, standing) {
            return Err(absent());
        }
        Ok(seen)
    }

    /// Whether the one who asks is to become admin, or proposed it.
    pub fn is_own(&self, principal: &Principal) -> bool {
        let who = principal.account_if_any().map(|a| a.id);
        who.is_some() && (who == Some(self.recovery.account_id) || who == self.recovery.proposed_by)
    }

    pub fn require_own(&self, principal: &Principal) -> Result<(), Error> {
        if self.is_own(principal) {
            return Ok(());
        }
        let needed = "You need to be the one who asked for it, or who proposed it.".to_owned();
        Err(Error::forbidden("not_allowed", "You may not do this", &[needed]))
    }
}

/// A recovery with what it is about and what the one who asks may do.
#[derive(Debug, Clone)]
pub struct RecoveryView {
    pub recovery: Recovery,
    /// `organization` or `workspace`.
    pub place_kind: &'static str,
    pub place_slug: String,
    pub place_name: String,
    /// Who becomes admin.
    pub account: Option<Account>,
    pub proposed_by: Option<Account>,
    pub approved_by: Option<Account>,
    pub ended_by: Option<Account>,
    /// Name and text of the record that proves.
    pub record: Option<(String, String)>,
    /// Somebody can administer it meanwhile, so that it will come to nothing.
    pub has_active_admin: bool,
    pub may_prove: bool,
    pub may_approve: bool,
    pub may_object: bool,
    pub may_withdraw: bool,
}

/// One recovery.
///
/// # Errors
/// `NotFound` for whoever neither asked for it, nor is concerned, nor operates the installation.
pub async fn view_recovery(app: &App, principal: &Principal, reference: &str) -> Result<RecoveryView, Error> {
    let mut tx = app.db.begin_read().await?;
    let seen = Seen::load(app, &mut tx, principal, reference).await?;
    view(app, &mut tx, principal, seen).await
}

/// The recoveries that the one who asks is to gain by; an operator sees all. The newest first.
///
/// # Errors
/// Bad input for a cursor of another list.
pub async fn list_recoveries(
    app: &App,
    principal: &Principal,
    page: &PageRequest,
) -> Result<Page<RecoveryView>, Error> {
    let before = page.after_id(RecoveryId)?;
    let everything = app.may(Action::ProposeRecovery, principal.standing());
    let who = if everything { AccountId(Uuid::nil()) } else { principal.account()?.id };
    let mut tx = app.db.begin_read().await?;
    let found = recovery::list(&mut tx, who, before, page.fetch(), everything).await?;
    let found = page.page(found, |r| r.id.to_string());
    let mut items = Vec::new();
    for recovery in found.items {
        // What was deleted since needs no recovery any more.
        let Some(place) = Place::find(&mut tx, recovery.place).await? else { continue };
        let standing = place.standing(&mut tx, principal).await?;
        items.push(view(app, &mut tx, principal, Seen { recovery, place, standing }).await?);
    }
    Ok(Page { items, next: found.next })
}

async fn view(app: &App, tx: &mut Tx, principal: &Principal, seen: Seen) -> Result<RecoveryView, Error> {
    let (is_own, standing) = (seen.is_own(principal), seen.standing);
    let Seen { recovery, place, .. } = seen;
    let is_requested = recovery.state == RecoveryState::Requested;
    let who = principal.account_if_any().map(|a| a.id);
    let is_someone_else = who != recovery.proposed_by && who != Some(recovery.account_id);
    let by_domain = recovery.way == RecoveryWay::Domain;
    let domain = recovery.domain.as_deref().filter(|_| by_domain && recovery.state.is_open());
    let named = [Some(recovery.account_id), recovery.proposed_by, recovery.approved_by, recovery.ended_by];
    let ids: Vec<AccountId> = named.into_iter().flatten().collect();
    let people = account::list_by_ids(tx, &ids).await?;
    let person = |id: Option<AccountId>| people.iter().find(|a| Some(a.id) == id).cloned();
    Ok(RecoveryView {
        place_kind: place.kind(),
        account: person(Some(recovery.account_id)),
        proposed_by: person(recovery.proposed_by),
        approved_by: person(recovery.approved_by),
        ended_by: person(recovery.ended_by),
        record: domain.map(|domain| (record_name(domain), record_text(recovery.id))),
        has_active_admin: recovery.state.is_open() && place.has_active_admin(tx).await?,
        may_prove: is_own && is_requested && by_domain,
        may_approve: is_requested && !by_domain && is_someone_else && app.may(Action::ApproveRecovery, standing),
        // Whoever asked or proposed takes it back instead.
        may_object: who.is_some() && !is_own && recovery.state.is_open() && app.may(Action::ObjectToRecovery, standing),
        may_withdraw: is_own && recovery.state.is_open(),
        place_slug: place.slug,
        place_name: place.name,
        recovery,
    })
}
