//! Brings an installed extension to what the catalog offers now.

use orglink_domain::event::EventType;
use orglink_domain::extension::ExtensionScope;
use orglink_policy::Action;
use orglink_store::extension::{self, InstalledExtension};
use orglink_store::in_write;
use serde_json::json;

use super::{check_consent, offered, require_installed, said};
use crate::change::WorkspaceChange;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Expected, Principal, entitlement};

/// Updates an extension, with consent to whatever it asks for beside what it has; the workspace's new version. Its token
/// stays. One that is as the catalog says is left as it is.
///
/// # Errors
/// `NotFound`; `not_installed`; `VersionChanged`; a refusal for whoever is no workspace admin; `feature_locked` with every
/// condition that fails; `consent_required` with every scope that nobody has consented to; bad input for a scope that it does
/// not ask for.
pub async fn update_extension(
    app: &App,
    principal: &Principal,
    workspace: &str,
    (name, consent): (&str, &[ExtensionScope]),
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let proof = WorkspaceProof::load(app, tx, principal, workspace, Action::ManageExtensions).await?;
        expected.check("workspace", proof.workspace().version)?;
        let of = proof.workspace().id;
        let found = require_installed(app, tx, of, name).await?;
        let extension = offered(app, name)?;
        let version = i64::from(extension.version);
        entitlement::require(app, tx, of, app.catalog.gates.app_installation.as_deref()).await?;
        let scopes = check_consent(extension, found.scopes, consent)?;
        if (version, scopes) == (found.version, found.scopes) {
            return Ok(proof.workspace().version);
        }
        let change = WorkspaceChange::of(app, tx, proof).await?;
        extension::update(tx, found.id, (version, scopes), change.at()).await?;
        let before = said(app, &found);
        let updated = InstalledExtension { version, scopes, ..found };
        let payload = json!({ "extension": said(app, &updated), "before": before });
        change.finish_as(app, tx, principal, EventType::ExtensionUpdated, payload).await
    })
}
