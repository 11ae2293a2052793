//! Who the token of an extension is: nobody, but in its workspace what was consented to.

use orglink_domain::extension::ExtensionScope;
use orglink_domain::id::InstalledExtensionId;
use orglink_store::Tx;
use orglink_store::extension::{self, TokenOf};

use super::offered;
use crate::last_seen::Used;
use crate::secret::hash_of;
use crate::{App, Error, ExtensionPrincipal, Principal, Refusal, entitlement};

/// The extension that a token speaks for, unless it is suspended as things stand: then why.
///
/// # Errors
/// `SignedOut` when there is no such token (any more); `extension_suspended` with every condition that fails.
pub(crate) async fn authenticate_extension(app: &App, secret: &str) -> Result<Principal, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = extension::find_by_secret(&mut tx, &hash_of(secret)).await?.ok_or(Error::SignedOut)?;
    let id = found.id;
    let principal = principal_of(app, &mut tx, found).await?;
    app.last_seen.note(Used::Extension(id), app.now());
    Ok(Principal::extension(principal))
}

/// Whether an extension is installed, not suspended as things stand, and may do something.
///
/// # Errors
/// When the database is not reachable.
pub(crate) async fn may_now(
    app: &App,
    tx: &mut Tx,
    id: InstalledExtensionId,
    scope: ExtensionScope,
) -> Result<bool, Error> {
    let Some(found) = extension::find(tx, id).await? else { return Ok(false) };
    match principal_of(app, tx, found).await {
        Ok(principal) => Ok(principal.scopes.contains(scope)),
        Err(Error::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// # Errors
/// `extension_suspended` with every condition that fails.
async fn principal_of(app: &App, tx: &mut Tx, found: TokenOf) -> Result<ExtensionPrincipal, Error> {
    let Ok(offered) = offered(app, &found.extension) else {
        return Err(Error::forbidden(
            "extension_suspended",
            SUSPENDED,
            &["The catalog does not offer it any more.".into()],
        ));
    };
    let gate = app.catalog.gates.app_installation.as_deref();
    entitlement::require(app, tx, found.workspace, gate).await.map_err(suspended)?;
    // What it does not ask for any more it does not need, whatever was consented to once.
    let scopes = found.scopes.both(offered.asks());
    Ok(ExtensionPrincipal { id: found.id, name: found.extension, workspace: found.workspace, scopes })
}

const SUSPENDED: &str = "The extension is suspended";

/// For a program that calls, what locks the feature is a lack of permission.
fn suspended(error: Error) -> Error {
    match error {
        Error::Refused(refusal) => Error::Refused(Box::new(Refusal {
            code: "extension_suspended",
            title: SUSPENDED,
            detail: format!("The extension is suspended in this workspace. {}", refusal.detail),
            is_about_permission: true,
            ..*refusal
        })),
        other => other,
    }
}
