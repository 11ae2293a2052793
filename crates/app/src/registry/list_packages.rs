//! The packages of a workspace.

use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::registry::{self, Package};

use crate::tenant::WorkspaceProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// What was pushed to a workspace.
#[derive(Debug, Clone)]
pub struct Packages {
    pub workspace: Workspace,
    pub page: Page<Package>,
}

/// Those whose image contains `text`, the newest first: for whoever sees the workspace's repositories.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is no member.
pub async fn list_packages(
    app: &App,
    principal: &Principal,
    reference: &str,
    text: &str,
    page: &PageRequest,
) -> Result<Packages, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewWorkspacePeople).await?;
    let before = page.after_id(|id| id)?;
    let found = registry::list_packages(&mut tx, proof.workspace().id, before, page.fetch(), text).await?;
    Ok(Packages { workspace: proof.workspace().clone(), page: page.page(found, |p| p.id.to_string()) })
}
