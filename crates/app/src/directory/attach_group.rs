//! Brings a group of a directory into a workspace whose users have migrated: as a user group that may do nothing there yet.

use orglink_domain::id::UserGroupId;
use orglink_domain::workspace::{Permission, UserGroup};
use orglink_policy::Action;
use orglink_store::import::{GroupState, create_groups};
use orglink_store::{directory, in_write, stage, user_group};
use serde_json::json;

use super::{DirectoryOf, DirectoryProof};
use crate::change::{OrganizationChange, WorkspaceChange};
use crate::{App, Error, Expected, Principal};

/// Attaches a group: its people become members of the workspace through a user group with the same slug, which the
/// workspace's admins then allow what they like. The organization's new version.
///
/// # Errors
/// `NotFound`; `users_not_migrated` for a workspace that still manages its own people; `slug_taken`; a refusal for whoever
/// does not manage the directory.
pub async fn attach_directory_group(
    app: &App,
    principal: &Principal,
    (organization, slug): (&str, &str),
    workspace: &str,
) -> Result<i64, Error> {
    let id = UserGroupId(app.new_id(app.now()));
    in_write!(app.db, tx, {
        let of = DirectoryOf::organization(organization);
        let directory = DirectoryProof::load(app, tx, principal, of, Action::ManageDirectory).await?;
        let (proof, group) = (directory.proof().clone(), directory.find_group(tx, slug).await?);
        let absent = || Error::not_found("workspace", workspace);
        let found = orglink_store::workspace::find_by_reference(tx, workspace).await?.ok_or_else(absent)?;
        let link = orglink_store::link::find_active(tx, found.id).await?;
        let link = link.filter(|l| l.organization_id == proof.organization().id).ok_or_else(absent)?;
        if stage::find(tx, link.id).await?.users_migrated_at.is_none() {
            let detail = "The workspace still manages its own people: migrate its users first.";
            return Err(Error::refused("users_not_migrated", "Its users have not migrated", detail));
        }
        if user_group::find(tx, found.id, &group.slug).await?.is_some() {
            let detail = format!("The workspace has a user group with the slug '{}' already.", group.slug);
            return Err(Error::refused("slug_taken", "This name is taken", detail));
        }
        let is_workspace_first = found.id.0 < proof.organization().id.0;
        let of = (found.id, &proof);
        let (change, whole) = if is_workspace_first {
            let change = WorkspaceChange::by_directory(app, tx, principal, of).await?;
            (change, OrganizationChange::of(app, tx, proof, Expected::Any).await?)
        } else {
            let whole = OrganizationChange::of(app, tx, proof.clone(), Expected::Any).await?;
            (WorkspaceChange::by_directory(app, tx, principal, of).await?, whole)
        };
        let new = UserGroup {
            id,
            slug: group.slug.clone(),
            name: group.name.clone(),
            is_admin: false,
            repository_permission: Permission::None,
            workspace_permissions: Vec::new(),
            is_default: false,
        };
        create_groups(tx, &[GroupState { workspace_id: found.id, group: new, members: vec![] }]).await?;
        directory::attach(tx, id, group.id).await?;
        directory::write_through(tx, group.id).await?;
        let what = json!({ "change": "user_group_created", "user_group": group.slug, "directory_group": group.slug });
        change.finish(app, tx, principal, what).await?;
        let what = json!({
            "change": "directory_group_attached", "directory_group": group.slug, "workspace": found.slug,
        });
        whole.finish(app, tx, principal, what).await
    })
}
