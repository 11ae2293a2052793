//! The user groups of a workspace, and the people in one of them.

use orglink_domain::account::Account;
use orglink_domain::name::fold;
use orglink_domain::workspace::{UserGroup, Workspace};
use orglink_policy::Action;
use orglink_store::user_group;

use super::find_group;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// A group with how many are in it.
#[derive(Debug, Clone)]
pub struct GroupView {
    pub group: UserGroup,
    pub members: i64,
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
    Ok(groups
        .into_iter()
        .map(|group| GroupView { members: counts.get(&group.id).copied().unwrap_or(0), group })
        .collect())
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
    Ok(GroupWithMembers {
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
