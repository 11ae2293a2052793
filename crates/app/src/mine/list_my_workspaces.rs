//! The workspaces that somebody is a member of, or sees through an organization.

use orglink_domain::name::fold;
use orglink_domain::role::WorkspaceRole;
use orglink_domain::workspace::Workspace;
use orglink_store::workspace;

use crate::{App, Error, Page, PageRequest, Principal};

/// A workspace, with what the one who asks is to it: nothing when they see it only through the organization that it
/// is linked to.
#[derive(Debug, Clone)]
pub struct MyWorkspace {
    pub workspace: Workspace,
    pub role: WorkspaceRole,
}

/// The workspaces that the one who asks may see for what they are to them, by slug.
///
/// # Errors
/// When the local operator asks for nobody.
pub async fn list_my_workspaces(
    app: &App,
    principal: &Principal,
    page: &PageRequest,
) -> Result<Page<MyWorkspace>, Error> {
    let account = principal.account()?;
    let mut tx = app.db.begin_read().await?;
    let found = workspace::list_mine(&mut tx, account.id, page.after(), page.fetch()).await?;
    let items = found.into_iter().map(|(workspace, role)| MyWorkspace { workspace, role }).collect();
    Ok(page.page(items, |w| fold(&w.workspace.slug)))
}
