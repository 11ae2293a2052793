//! Where an extension has itself told of what happens, for the admins of the workspace.

use orglink_domain::id::{TenantId, WebhookId};
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::webhook::{self, Webhook};

use super::require_installed;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// The webhooks that an extension made in a workspace, in the order in which they were made. Of their addresses the host
/// may be shown, no more: the rest may hold a secret of whoever runs the extension.
///
/// # Errors
/// `NotFound`; `not_installed`; a refusal for whoever is no workspace admin.
pub async fn list_extension_webhooks(
    app: &App,
    principal: &Principal,
    (workspace, name): (&str, &str),
    page: &PageRequest,
) -> Result<(Workspace, Page<Webhook>), Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, workspace, Action::ManageExtensions).await?;
    let id = proof.workspace().id;
    let installed = require_installed(app, &mut tx, id, name).await?;
    let (of, after) = ((TenantId::Workspace(id), Some(installed.id)), page.after_id(WebhookId)?);
    let found = webhook::list(&mut tx, of, after, page.fetch()).await?;
    Ok((proof.workspace().clone(), page.page(found, |webhook| webhook.id.to_string())))
}
