//! What assistants read of a workspace, and which feature opens it.
//!
//! The rule: what says why a workspace may not use something, and what would unlock it, is open to whoever may see the
//! workspace; or nobody's assistant could ever say how to unlock it. That is eligibility, entitlements, the campaign's dates
//! and the draft of a plan, which assistants read by the use cases that everybody has. Everything else about a
//! workspace is read through here, and takes the feature that the catalog's gate `assistants` names.

use orglink_policy::Action;

use crate::explain::{Explanation, Question, Thing};
use crate::link::UndoPlan;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal, entitlement, explain, link};

/// Lets an assistant read of a workspace, when its feature is unlocked there.
async fn require_open(app: &App, principal: &Principal, workspace: &str) -> Result<(), Error> {
    let mut tx = app.db.begin_read().await?;
    // Whoever may not see it is not told what it lacks.
    let proof = WorkspaceProof::load(app, &mut tx, principal, workspace, Action::ViewWorkspace).await?;
    entitlement::require(app, &mut tx, proof.workspace().id, app.catalog.gates.assistants.as_deref()).await
}

/// Who can do what in a workspace, as [`explain::explain_access`] says it.
///
/// # Errors
/// Its; `feature_locked` or `not_served` before them. Of an organization there is no such feature: it is not asked here.
pub async fn explain_access(app: &App, principal: &Principal, question: &Question) -> Result<Explanation, Error> {
    let workspace = match &question.thing {
        Thing::Workspace(workspace) | Thing::Repository { workspace, .. } | Thing::UserGroup { workspace, .. } => {
            workspace
        }
        Thing::Organization(_) => return Err(Error::field("workspace", "name a workspace, or something in one")),
    };
    require_open(app, principal, workspace).await?;
    explain::explain_access(app, principal, question).await
}

/// What undoing a workspace's link would do, as [`link::plan_undo`] says it.
///
/// # Errors
/// Its; `feature_locked` or `not_served` before them.
pub async fn plan_undo(app: &App, principal: &Principal, workspace: &str) -> Result<UndoPlan, Error> {
    require_open(app, principal, workspace).await?;
    link::plan_undo(app, principal, workspace).await
}
