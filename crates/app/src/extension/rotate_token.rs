//! Gives an installed extension another token; the one it had is refused from now on.

use orglink_domain::event::EventType;
use orglink_domain::token::EXTENSION_TOKEN_PREFIX;
use orglink_policy::Action;
use orglink_store::{extension, in_write};
use serde_json::json;

use super::{require_installed, said};
use crate::change::WorkspaceChange;
use crate::secret::Secret;
use crate::{App, Error, Expected, Principal};

/// A token in place of another.
pub struct Rotated {
    pub secret: Secret,
    /// The workspace's new version.
    pub version: i64,
}

/// Rotates the token, whether the extension is suspended or not.
///
/// # Errors
/// `NotFound`; `not_installed`; `VersionChanged`; a refusal for whoever is no workspace admin.
pub async fn rotate_extension_token(
    app: &App,
    principal: &Principal,
    workspace: &str,
    name: &str,
    expected: Expected,
) -> Result<Rotated, Error> {
    let secret = Secret::generate(EXTENSION_TOKEN_PREFIX)?;
    in_write!(app.db, tx, {
        let change = WorkspaceChange::begin(app, tx, principal, workspace, Action::ManageExtensions, expected).await?;
        let found = require_installed(app, tx, change.workspace().id, name).await?;
        extension::change_secret(tx, found.id, &secret.hash(), change.at()).await?;
        let payload = json!({ "extension": said(app, &found) });
        let version = change.finish_as(app, tx, principal, EventType::ExtensionTokenRotated, payload).await?;
        Ok(Rotated { secret: secret.clone(), version })
    })
}
