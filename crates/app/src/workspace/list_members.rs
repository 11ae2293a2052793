//! The people of a workspace, and of one of its groups.

use orglink_domain::account::Account;
use orglink_domain::name::fold;
use orglink_domain::workspace::UserGroup;
use orglink_policy::Action;
use orglink_store::{user_group, workspace};

use crate::tenant::WorkspaceProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// Everybody in any group or with a grant of their own, by address.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is no member.
pub async fn list_members(
    app: &App,
    principal: &Principal,
    reference: &str,
    page: &PageRequest,
) -> Result<Page<Account>, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewWorkspacePeople).await?;
    let people = workspace::list_members(&mut tx, proof.workspace().id, page.after(), page.fetch()).await?;
    Ok(page.page(people, |a| fold(&a.email)))
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
) -> Result<(UserGroup, Page<Account>), Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewWorkspacePeople).await?;
    let id = proof.workspace().id;
    let found = user_group::find(&mut tx, id, group).await?.ok_or_else(|| Error::not_found("user group", group))?;
    let people = user_group::list_members(&mut tx, id, found.id, page.after(), page.fetch()).await?;
    Ok((found, page.page(people, |a| fold(&a.email))))
}
