//! What is due: a recovery to which nobody objected in time takes effect; one that nobody showed in time ends.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::id::{RecoveryId, TenantId, UserGroupId, WorkspaceId};
use orglink_domain::recovery::{Recovery, RecoveryState};
use orglink_domain::role::OrganizationRole;
use orglink_domain::workspace::{Permission, UserGroup};
use orglink_policy::Action;
use orglink_store::import::{GroupState, create_groups};
use orglink_store::{Tx, account, fault, in_write, organization, recovery, user_group};
use serde_json::json;

use super::place::Place;
use super::{keep, refused};
use crate::change::{OrganizationChange, WorkspaceChange};
use crate::{App, Error, Expected, Principal};

const BATCH: i64 = 100;

/// Does what is due, one recovery a transaction; how many.
///
/// # Errors
/// When the database is not reachable; what was done stays done.
pub async fn apply_due_recoveries(app: &App) -> Result<usize, Error> {
    let mut tx = app.db.begin_read().await?;
    let due = recovery::list_due(&mut tx, app.now(), BATCH).await?;
    drop(tx);
    for each in &due {
        in_write!(app.db, tx, { settle(app, tx, each.id).await })?;
    }
    Ok(due.len())
}

/// Settles one, as it stands now: another replica, or somebody who objected, may have been faster.
async fn settle(app: &App, tx: &mut Tx, id: RecoveryId) -> Result<(), Error> {
    let at = app.now();
    let Some(found) = recovery::find(tx, id).await? else { return Ok(()) };
    let system = Principal::system();
    let before = found.state;
    let after = match before {
        RecoveryState::Requested => found.expire(at).map_err(refused)?,
        RecoveryState::Waiting => {
            let place = Place::find(tx, found.place).await?;
            let is_moot = match &place {
                Some(place) => place.has_active_admin(tx).await?,
                None => true,
            };
            let who = account::find(tx, found.account_id).await?.filter(Account::is_active_person);
            match who {
                Some(who) if !is_moot => {
                    let applied = found.apply(at).map_err(refused)?;
                    grant(app, tx, &system, &applied, &who, at).await?;
                    fault::point("recovery.granted");
                    applied
                }
                // Nothing to recover any more, or nobody to give it to.
                _ => found.supersede(at).map_err(refused)?,
            }
        }
        _ => return Ok(()),
    };
    keep(app, tx, &system, before, &after, at).await
}

/// Makes them admin, and nothing else.
async fn grant(
    app: &App,
    tx: &mut Tx,
    system: &Principal,
    recovery: &Recovery,
    who: &Account,
    at: Timestamp,
) -> Result<(), Error> {
    let (action, any) = (Action::ApplyRecovery, Expected::Any);
    match recovery.place {
        TenantId::Organization(id) => {
            let change = OrganizationChange::begin(app, tx, system, &id.to_string(), action, any).await?;
            organization::grant_role(tx, id, who.id, OrganizationRole::Admin).await?;
            let what = json!({
                "change": "role_given", "account": who.id, "role": OrganizationRole::Admin, "by": "recovery",
                "recovery": recovery.id,
            });
            change.finish(app, tx, system, what).await?;
        }
        TenantId::Workspace(id) => {
            let change = WorkspaceChange::begin(app, tx, system, &id.to_string(), action, any).await?;
            let group = admin_group(app, tx, id, at).await?;
            user_group::add_member(tx, id, group.id, who.id).await?;
            let what = json!({
                "change": "member_added", "account": who.id, "user_group": group.slug, "by": "recovery",
                "recovery": recovery.id,
            });
            change.finish(app, tx, system, what).await?;
        }
    }
    Ok(())
}

/// The first group that administers the workspace; made when there is none.
async fn admin_group(app: &App, tx: &mut Tx, id: WorkspaceId, at: Timestamp) -> Result<UserGroup, Error> {
    let groups = user_group::list(tx, id).await?;
    if let Some(group) = groups.iter().find(|g| g.is_admin) {
        return Ok(group.clone());
    }
    let taken = |slug: &str| groups.iter().any(|g| g.slug == slug);
    let slug = if taken("administrators") { "recovered-administrators" } else { "administrators" };
    let group = UserGroup {
        id: UserGroupId(app.new_id(at)),
        slug: slug.to_owned(),
        name: "Administrators".to_owned(),
        is_admin: true,
        repository_permission: Permission::None,
        workspace_permissions: Vec::new(),
        is_default: false,
    };
    create_groups(tx, &[GroupState { workspace_id: id, group: group.clone(), members: vec![] }]).await?;
    Ok(group)
}
