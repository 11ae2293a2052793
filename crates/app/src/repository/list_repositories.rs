//! The repositories of a workspace.

use orglink_domain::name::fold;
use orglink_domain::workspace::{Repository, Workspace};
use orglink_policy::Action;
use orglink_store::repository;

use crate::tenant::WorkspaceProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// The repositories of a workspace, as somebody sees them.
#[derive(Debug, Clone)]
pub struct Repositories {
    pub workspace: Workspace,
    pub page: Page<Repository>,
    /// The one who asks may see who can do what on them.
    pub may_see_access: bool,
}

/// Those whose slug contains `text`, by slug.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is no member.
pub async fn list_repositories(
    app: &App,
    principal: &Principal,
    reference: &str,
    text: &str,
    page: &PageRequest,
) -> Result<Repositories, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewRepositories).await?;
    let found = repository::list(&mut tx, proof.workspace().id, page.after(), page.fetch(), text).await?;
    let may_see_access = proof.may(app, Action::ViewRepositoryAccess);
    Ok(Repositories { workspace: proof.workspace().clone(), page: page.page(found, |r| fold(&r.slug)), may_see_access })
}
