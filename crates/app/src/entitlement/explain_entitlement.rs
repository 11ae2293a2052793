//! Whether a workspace may use one feature, with every condition.

use super::view_entitlements::{Entitlement, view_entitlements};
use crate::{App, Error, Principal};

/// Looks at one feature of a workspace.
///
/// # Errors
/// `NotFound` when the workspace does not exist or may not be seen, or when the catalog has no such feature.
pub async fn explain_entitlement(
    app: &App,
    principal: &Principal,
    workspace: &str,
    feature: &str,
) -> Result<Entitlement, Error> {
    let found = view_entitlements(app, principal, workspace).await?;
    let one = found.items.into_iter().find(|e| e.feature == feature);
    one.ok_or_else(|| Error::not_found("feature", feature))
}
