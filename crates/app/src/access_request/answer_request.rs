//! Approves requests, which grants exactly what was asked for; declines, withdraws and ends them.

use orglink_domain::access_request::{AccessRequest, AccessRequestState, check_text};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType};
use orglink_domain::id::AccountId;
use orglink_domain::role::OrganizationRole;
use orglink_domain::workspace::UserGroup;
use orglink_store::access_request::{self, RequestsOf};
use orglink_store::{Tx, account, in_write, user_group};
use serde_json::json;

use super::{absent, find, keep, load_place, refusal};
use crate::change::{OrganizationChange, WorkspaceChange};
use crate::organization::{RoleAt, RolePlace};
use crate::tenant::TenantProof;
use crate::{App, Error, Expected, Principal};

/// Says yes: the asker becomes organization admin, or a member of the workspace's group with the *Admin* lozenge (the
/// one named, or its first by slug).
///
/// # Errors
/// `NotFound` for anybody but an admin of the place; `request_not_open`; `asker_not_verified`; `asker_suspended`; bad input when the
/// group named does not administer the workspace.
pub async fn approve_request(
    app: &App,
    principal: &Principal,
    reference: &str,
    group: Option<&str>,
) -> Result<AccessRequest, Error> {
    let me = principal.account()?.id;
    in_write!(app.db, tx, {
        let found = find(tx, reference).await?;
        let place = load_place(app, tx, principal, &found, reference).await?;
        let at = app.now();
        let approved = found.approve(me, at).map_err(refusal)?;
        let asker = account::find(tx, approved.asked_by).await?.filter(|a| a.is_verified);
        let Some(asker) = asker else {
            let detail = "The address of whoever asked is not verified any more; nobody was made an admin.";
            return Err(Error::refused("asker_not_verified", "Whoever asked cannot become an admin", detail));
        };
        if !asker.is_active_person() {
            let detail =
                "The account of whoever asked is suspended for now; nobody was made an admin. Decline, or wait.";
            return Err(Error::refused("asker_suspended", "Whoever asked cannot become an admin", detail));
        }
        match place {
            TenantProof::Organization(proof) => {
                let id = proof.organization().id;
                let role = RoleAt::find(tx, id, RolePlace::Organization(OrganizationRole::Admin)).await?;
                if !role.is_held(tx, id, asker.id).await? {
                    let change = OrganizationChange::of(app, tx, proof, Expected::Any).await?;
                    role.change(tx, id, asker.id, true).await?;
                    change.finish(app, tx, principal, role.describe("role_given", asker.id)).await?;
                }
            }
            TenantProof::Workspace(proof) => {
                let id = proof.workspace().id;
                let group = admin_group(user_group::list(tx, id).await?, group)?;
                let change = WorkspaceChange::of(app, tx, proof).await?;
                user_group::add_member(tx, id, group.id, asker.id).await?;
                let what = json!({ "change": "member_added", "user_group": group.slug, "account": asker.id });
                change.finish(app, tx, principal, what).await?;
            }
        }
        keep(app, tx, principal.actor(), EventType::AccessRequestApproved, &approved, at).await?;
        Ok(approved)
    })
}

fn admin_group(groups: Vec<UserGroup>, wanted: Option<&str>) -> Result<UserGroup, Error> {
    let mut admins = groups.into_iter().filter(|g| g.is_admin);
    match wanted {
        None | Some("") => admins.next().ok_or_else(|| {
            let detail = "No user group of this workspace administers it. Give one the Admin lozenge first.";
            Error::refused("no_admin_group", "There is no group to add them to", detail)
        }),
        Some(slug) => admins
            .find(|g| g.slug.eq_ignore_ascii_case(slug))
            .ok_or_else(|| Error::field("group", "choose a group with the Admin lozenge")),
    }
}

/// Says no, and why; the asker reads the reason.
///
/// # Errors
/// `NotFound` for anybody but an admin of the place; `request_not_open`; bad input without a reason.
pub async fn decline_request(
    app: &App,
    principal: &Principal,
    reference: &str,
    reason: &str,
) -> Result<AccessRequest, Error> {
    let me = principal.account()?.id;
    in_write!(app.db, tx, {
        let found = find(tx, reference).await?;
        // To whoever may not answer it is not there, whatever they say.
        load_place(app, tx, principal, &found, reference).await?;
        let reason = check_text(reason).map_err(|e| Error::field("reason", e.to_string()))?;
        let reason = reason.ok_or_else(|| Error::field("reason", "say why: whoever asked reads it"))?;
        let at = app.now();
        let declined = found.decline(me, reason, at).map_err(refusal)?;
        keep(app, tx, principal.actor(), EventType::AccessRequestDeclined, &declined, at).await?;
        Ok(declined)
    })
}

/// The asker takes it back.
///
/// # Errors
/// `NotFound` for anybody else; `request_not_open`.
pub async fn withdraw_request(app: &App, principal: &Principal, reference: &str) -> Result<AccessRequest, Error> {
    let me = principal.account()?.id;
    in_write!(app.db, tx, {
        let found = find(tx, reference).await?;
        if found.asked_by != me {
            return Err(absent(reference));
        }
        let at = app.now();
        let withdrawn = found.withdraw(at).map_err(refusal)?;
        keep(app, tx, principal.actor(), EventType::AccessRequestWithdrawn, &withdrawn, at).await?;
        Ok(withdrawn)
    })
}

/// How many one transaction ends.
const BATCH: i64 = 200;

/// Notes that the time of requests has passed; how many.
///
/// # Errors
/// When the database is not reachable.
pub async fn expire_due(app: &App) -> Result<usize, Error> {
    let at = app.now();
    in_write!(app.db, tx, {
        let due = access_request::list_due(tx, at, BATCH).await?;
        let count = due.len();
        for found in due {
            expire(app, tx, found, at).await?;
        }
        Ok::<usize, Error>(count)
    })
}

/// The same for those of one person, before they ask again.
pub(super) async fn expire_own(app: &App, tx: &mut Tx, me: AccountId, at: Timestamp) -> Result<(), Error> {
    let open = Some(AccessRequestState::Open);
    for found in access_request::list(tx, RequestsOf::Account(me), open, None, BATCH).await? {
        if found.state_at(at) == AccessRequestState::Expired {
            expire(app, tx, found, at).await?;
        }
    }
    Ok(())
}

async fn expire(app: &App, tx: &mut Tx, found: AccessRequest, at: Timestamp) -> Result<(), Error> {
    let expired = found.expire(at).map_err(refusal)?;
    keep(app, tx, Actor::SYSTEM, EventType::AccessRequestExpired, &expired, at).await
}
