//! Installs an extension in a workspace; its token is shown in this one answer and never again.

use orglink_domain::event::EventType;
use orglink_domain::extension::{ExtensionScope, ExtensionScopes};
use orglink_domain::id::InstalledExtensionId;
use orglink_domain::token::EXTENSION_TOKEN_PREFIX;
use orglink_policy::Action;
use orglink_store::extension::{self, InstalledExtension};
use orglink_store::in_write;
use serde_json::json;

use super::{check_consent, find_installed, offered, said};
use crate::change::WorkspaceChange;
use crate::secret::Secret;
use crate::{App, Error, Expected, Principal, entitlement};

/// What was installed.
pub struct Installed {
    pub extension: InstalledExtension,
    pub secret: Secret,
    /// The workspace's new version.
    pub version: i64,
}

/// Installs an extension with consent to everything that it asks for. All is looked at in the transaction that does it:
/// the role, the conditions of the feature, and what the catalog says that the extension asks for.
///
/// # Errors
/// `NotFound`; `VersionChanged`; a refusal for whoever is no workspace admin; `already_installed`; `feature_locked` with every
/// condition that fails; `consent_required` with every scope that nobody has consented to; bad input for a scope that it does
/// not ask for.
pub async fn install_extension(
    app: &App,
    principal: &Principal,
    workspace: &str,
    (name, consent): (&str, &[ExtensionScope]),
    expected: Expected,
) -> Result<Installed, Error> {
    let secret = Secret::generate(EXTENSION_TOKEN_PREFIX)?;
    let id = InstalledExtensionId(app.new_id(app.now()));
    in_write!(app.db, tx, {
        let change = WorkspaceChange::begin(app, tx, principal, workspace, Action::ManageExtensions, expected).await?;
        let (at, of) = (change.at(), change.workspace().id);
        let extension = offered(app, name)?;
        if find_installed(tx, of, name).await?.is_some() {
            let detail = format!("{} is installed in this workspace already.", extension.title);
            return Err(Error::refused("already_installed", "Already installed", detail));
        }
        entitlement::require(app, tx, of, app.catalog.gates.app_installation.as_deref()).await?;
        let scopes = check_consent(extension, ExtensionScopes::NONE, consent)?;
        let installed = InstalledExtension {
            id,
            extension: name.to_owned(),
            version: i64::from(extension.version),
            scopes,
            installed_at: at,
            updated_at: at,
            token_created_at: at,
            token_used_at: None,
        };
        extension::create(tx, of, &installed, &secret.hash()).await?;
        let payload = json!({ "extension": said(app, &installed) });
        let version = change.finish_as(app, tx, principal, EventType::ExtensionInstalled, payload).await?;
        Ok(Installed { extension: installed, secret: secret.clone(), version })
    })
}
