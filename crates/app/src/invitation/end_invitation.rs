//! Takes invitations back, sends them again, and ends those whose time has passed or whose place is gone.

use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType};
use orglink_domain::id::TenantId;
use orglink_domain::invitation::{Ending, Invitation, InvitationState, Target};
use orglink_domain::role::HeldRole;
use orglink_store::{Tx, in_write, invitation};

use super::view_invitation::require_admin;
use super::{find, keep, refusal, secret};
use crate::{App, Error, Principal};

/// Takes a pending invitation back.
///
/// # Errors
/// `NotFound` for anybody but an admin of its place; `invitation_not_pending`.
pub async fn withdraw_invitation(app: &App, principal: &Principal, reference: &str) -> Result<Invitation, Error> {
    let by = principal.account()?.id;
    in_write!(app.db, tx, {
        let found = find(tx, reference).await?;
        require_admin(app, tx, principal, &found, reference).await?;
        let at = app.now();
        let withdrawn = found.withdraw(Some(by), Ending::ByAdmin, at).map_err(refusal)?;
        keep(app, tx, principal.actor(), EventType::InvitationWithdrawn, &withdrawn, at).await?;
        secret::spend(app, tx, withdrawn.id).await?;
        Ok(withdrawn)
    })
}

/// Sends a pending invitation again, for another full time. Whoever does so answers for it from now on: that is how
/// another admin confirms the invitation of somebody who is none any more.
///
/// # Errors
/// `NotFound` for anybody but an admin of its place; `invitation_not_pending`; `TooManyAttempts`.
pub async fn resend_invitation(app: &App, principal: &Principal, reference: &str) -> Result<Invitation, Error> {
    let by = principal.account()?.id;
    in_write!(app.db, tx, {
        let found = find(tx, reference).await?;
        require_admin(app, tx, principal, &found, reference).await?;
        let at = app.now();
        let sent = found.resend((by, principal.through()), app.settings.invitation_seconds, at).map_err(refusal)?;
        keep(app, tx, principal.actor(), EventType::InvitationResent, &sent, at).await?;
        super::mail::send(app, tx, &sent).await?;
        Ok(sent)
    })
}

/// Whose pending invitations end with something.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ended<'a> {
    /// The workspace or the organization itself.
    Place,
    UserGroup(&'a str),
    /// A group of a directory.
    Group(&'a Target),
    Site(&'a str),
    /// A product of a site.
    App(&'a str, &'a str),
}

impl Ended<'_> {
    fn takes(self, target: &Target) -> bool {
        match (self, target) {
            (Self::Place, _) => true,
            (Self::UserGroup(gone), Target::UserGroup(slug)) => gone == slug,
            (Self::Group(gone), target) => gone == target,
            (
                Self::Site(gone),
                Target::SiteGroup(site, _) | Target::Role(HeldRole::Site(site, _) | HeldRole::App(site, ..)),
            ) => gone == site,
            (Self::App(gone, product), Target::Role(HeldRole::App(site, of, _))) => gone == site && product == of,
            _ => false,
        }
    }
}

/// Ends what was pending for something that is being deleted, in the transaction that deletes it.
pub(crate) async fn end_all(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    tenant: TenantId,
    gone: Ended<'_>,
) -> Result<(), Error> {
    let at = app.now();
    expire_due_of(app, tx, tenant, at).await?;
    let ending = if matches!(gone, Ended::Place) { Ending::PlaceGone } else { Ending::TargetGone };
    for found in invitation::list_pending_of_tenant(tx, tenant).await?.into_iter().filter(|i| gone.takes(&i.target)) {
        let by = principal.account_if_any().map(|a| a.id);
        let ended = found.withdraw(by, ending, at).map_err(refusal)?;
        keep(app, tx, principal.actor(), EventType::InvitationWithdrawn, &ended, at).await?;
        secret::spend(app, tx, ended.id).await?;
    }
    Ok(())
}

/// How many one transaction ends.
const BATCH: i64 = 200;

/// Notes that the time of invitations has passed; how many.
///
/// # Errors
/// When the database is not reachable.
pub async fn expire_due(app: &App) -> Result<usize, Error> {
    let at = app.now();
    in_write!(app.db, tx, {
        let due = invitation::list_due(tx, at, BATCH).await?;
        let count = due.len();
        for found in due {
            expire(app, tx, found, at).await?;
        }
        Ok::<usize, Error>(count)
    })
}

/// The same for those to one place, before anything is decided by what is pending there.
pub(super) async fn expire_due_of(app: &App, tx: &mut Tx, tenant: TenantId, at: Timestamp) -> Result<(), Error> {
    for found in invitation::list_pending_of_tenant(tx, tenant).await? {
        if found.state_at(at) == InvitationState::Expired {
            expire(app, tx, found, at).await?;
        }
    }
    Ok(())
}

async fn expire(app: &App, tx: &mut Tx, found: Invitation, at: Timestamp) -> Result<(), Error> {
    let expired = found.expire(at).map_err(refusal)?;
    keep(app, tx, Actor::SYSTEM, EventType::InvitationExpired, &expired, at).await
}
