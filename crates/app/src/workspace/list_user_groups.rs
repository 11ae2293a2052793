//! The user groups of a workspace.

use orglink_domain::workspace::UserGroup;
use orglink_policy::Action;
use orglink_store::user_group;

use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// A group with how many are in it.
#[derive(Debug, Clone)]
pub struct GroupView {
    pub group: UserGroup,
    pub members: i64,
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
