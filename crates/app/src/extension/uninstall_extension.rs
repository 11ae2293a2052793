//! Takes an extension out of a workspace; its token is refused from now on.

use orglink_domain::event::EventType;
use orglink_policy::Action;
use orglink_store::{extension, in_write};
use serde_json::json;

use super::{require_installed, said};
use crate::change::WorkspaceChange;
use crate::{App, Error, Expected, Principal};

/// Uninstalls an extension, whether it is suspended or not.
///
/// # Errors
/// `NotFound`; `not_installed`; `VersionChanged`; a refusal for whoever is no workspace admin.
pub async fn uninstall_extension(
    app: &App,
    principal: &Principal,
    workspace: &str,
    name: &str,
    expected: Expected,
) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let change = WorkspaceChange::begin(app, tx, principal, workspace, Action::ManageExtensions, expected).await?;
        let found = require_installed(app, tx, change.workspace().id, name).await?;
        extension::delete(tx, found.id).await?;
        let payload = json!({ "extension": said(app, &found) });
        change.finish_as(app, tx, principal, EventType::ExtensionUninstalled, payload).await?;
        Ok(())
    })
}
