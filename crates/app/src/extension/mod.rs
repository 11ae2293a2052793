//! Extensions: what the catalog offers, what is installed in a workspace, and what each may read there.
//!
//! Whether an installed extension is *suspended* is never kept: when its token is used, the feature that opens extensions
//! is looked at as it is then.

mod authenticate;
mod install_extension;
mod list_webhooks;
mod rotate_token;
mod uninstall_extension;
mod update_extension;
mod view_extensions;

pub(crate) use authenticate::{authenticate_extension, may_now};
pub use install_extension::{Installed, install_extension};
pub use list_webhooks::list_extension_webhooks;
pub use rotate_token::{Rotated, rotate_extension_token};
pub use uninstall_extension::uninstall_extension;
pub use update_extension::update_extension;
pub use view_extensions::{ExtensionState, ExtensionView, Extensions, Offer, view_extension, view_extensions};

use orglink_domain::extension::{ConsentFault, Extension, ExtensionScope, ExtensionScopes, consented};
use orglink_domain::id::WorkspaceId;
use orglink_store::Tx;
use orglink_store::extension::{self, InstalledExtension};
use serde_json::{Value, json};

use crate::{App, Error, Refusal, RefusalReason};

/// The extension that the catalog offers under a name.
fn offered<'a>(app: &'a App, name: &str) -> Result<&'a Extension, Error> {
    app.catalog.extensions.get(name).ok_or_else(|| Error::not_found("extension", name))
}

async fn find_installed(tx: &mut Tx, workspace: WorkspaceId, name: &str) -> Result<Option<InstalledExtension>, Error> {
    Ok(extension::list(tx, workspace).await?.into_iter().find(|installed| installed.extension == name))
}

/// The extension of that name in a workspace.
async fn require_installed(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    name: &str,
) -> Result<InstalledExtension, Error> {
    if let Some(installed) = find_installed(tx, workspace, name).await? {
        return Ok(installed);
    }
    let title = &offered(app, name)?.title;
    Err(Error::refused("not_installed", "Not installed", format!("{title} is not installed in this workspace.")))
}

/// What an extension may do from now on, or what somebody would have to consent to first.
fn check_consent(
    extension: &Extension,
    before: ExtensionScopes,
    consent: &[ExtensionScope],
) -> Result<ExtensionScopes, Error> {
    let missing = match consented(extension.asks(), before, consent.iter().copied().collect()) {
        Ok(scopes) => return Ok(scopes),
        Err(ConsentFault::Missing(missing)) => missing,
        Err(ConsentFault::NotAsked(scopes)) => {
            let list: Vec<&str> = scopes.iter().map(ExtensionScope::as_str).collect();
            return Err(Error::field("consent", format!("{} does not ask for {}", extension.title, list.join(", "))));
        }
    };
    let reason = |scope: ExtensionScope| RefusalReason {
        code: scope.as_str(),
        detail: format!("{} {}", scope.describe(), extension.scopes.get(&scope).map_or("", String::as_str)),
        remedy: Some("Consent to it, or leave things as they are."),
        who: Some("A workspace admin."),
    };
    let list: Vec<&str> = missing.iter().map(ExtensionScope::as_str).collect();
    Err(Error::Refused(Box::new(Refusal {
        code: "consent_required",
        title: "It asks for more than somebody has consented to",
        detail: format!("{} asks for {}, and nobody has consented to that.", extension.title, list.join(", ")),
        reasons: missing.iter().map(reason).collect(),
        differences: Vec::new(),
        is_about_permission: false,
    })))
}

/// What events say of an extension that does something itself.
pub(crate) fn named(app: &App, name: &str) -> Value {
    json!({ "name": name, "title": app.catalog.extension_title(name) })
}

/// What events say of an extension: its title too, for the catalog may forget it.
fn said(app: &App, installed: &InstalledExtension) -> Value {
    let scopes: Vec<ExtensionScope> = installed.scopes.iter().collect();
    let title = app.catalog.extension_title(&installed.extension);
    json!({ "name": installed.extension, "title": title, "version": installed.version, "scopes": scopes })
}
