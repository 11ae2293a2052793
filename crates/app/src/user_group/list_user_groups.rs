//! The user groups of a workspace, and the people in one of them.

use std::collections::HashMap;

use orglink_domain::account::Account;
use orglink_domain::id::{UserGroupId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::user_management::DirectoryGroup;
use orglink_domain::workspace::{UserGroup, Workspace};
use orglink_policy::Action;
use orglink_store::{Tx, directory, user_group};

use super::find_group;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// A group with how many are in it.
#[derive(Debug, Clone)]
pub struct GroupView {
    pub group: UserGroup,
    pub members: i64,
    /// The group of the organization's directory that says who is in it.
    pub directory: Option<ManagedIn>,
}

/// Where it is said who is in a group, when that is not in the workspace.
#[derive(Debug, Clone)]
pub struct ManagedIn {
    pub group: DirectoryGroup,
    /// The organization's slug.
    pub organization: String,
}

async fn managed_in(tx: &mut Tx, workspace: WorkspaceId) -> Result<HashMap<UserGroupId, ManagedIn>, Error> {
    let attached = directory::list_of_workspace(tx, workspace).await?;
    Ok(attached.into_iter().map(|(id, group, organization)| (id, ManagedIn { group, organization })).collect())
}

/// One group of a workspace.
#[derive(Debug, Clone)]
pub struct OneGroup {
    pub workspace: Workspace,
    pub group: UserGroup,
    pub members: i64,
}

/// A group with the people in it.
#[derive(Debug, Clone)]
pub struct GroupWithMembers {
    pub workspace: Workspace,
    pub group: UserGroup,
    pub members: Page<Account>,
    /// The one who asks may change it.
    pub may_change: bool,
    /// The group of the organization's directory that says who is in it.
    pub directory: Option<ManagedIn>,
}

/// The groups of a workspace, by slug.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is no member.
pub async fn list_user_groups(app: &App, principal: &Principal, reference: &str) -> Result<Vec<GroupView>, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewWorkspacePeople).await?;
    let groups = user_group::list(&mut tx, proof.workspace().id).await?;
    let counts = user_group::count_members(&mut tx, proof.workspace().id).await?;
    let mut managed = managed_in(&mut tx, proof.workspace().id).await?;
    let view = |group: UserGroup| {
        let members = counts.get(&group.id).copied().unwrap_or(0);
        GroupView { members, directory: managed.remove(&group.id), group }
    };
    Ok(groups.into_iter().map(view).collect())
}

/// A group and the people in it, by address.
///
/// # Errors
/// `NotFound` for the workspace or the group, or a refusal for somebody who is no member.
pub async fn list_group_members(
    app: &App,
    principal: &Principal,
    reference: &str,
    group: &str,
    page: &PageRequest,
) -> Result<GroupWithMembers, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewWorkspacePeople).await?;
    let group = find_group(&mut tx, &proof, group).await?;
    let id = proof.workspace().id;
    let people = user_group::list_members(&mut tx, id, group.id, page.after(), page.fetch()).await?;
    let directory = managed_in(&mut tx, id).await?.remove(&group.id);
    Ok(GroupWithMembers {
        directory,
        members: page.page(people, |a| fold(&a.email)),
        may_change: proof.may(app, Action::ChangeWorkspacePeople),
        workspace: proof.workspace().clone(),
        group,
    })
}

/// One group.
///
/// # Errors
/// `NotFound` for the workspace or the group, or a refusal for somebody who is no member.
pub async fn view_user_group(
    app: &App,
    principal: &Principal,
    reference: &str,
    group: &str,
) -> Result<OneGroup, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewWorkspacePeople).await?;
    let group = find_group(&mut tx, &proof, group).await?;
    let counts = user_group::count_members(&mut tx, proof.workspace().id).await?;
    let members = counts.get(&group.id).copied().unwrap_or(0);
    Ok(OneGroup { workspace: proof.workspace().clone(), group, members })
}
