//! Changes what an organization's own admins decide about it.

use orglink_domain::name::check_title;
use orglink_policy::Action;
use orglink_store::{in_write, organization};
use serde_json::json;

use crate::change::OrganizationChange;
use crate::{App, Error, Expected, Principal};

/// Gives an organization another name; its new version. The slug stays: imports, scripts and links know it by that.
///
/// # Errors
/// `NotFound`; bad input; `VersionChanged`; a refusal for anybody but an organization admin.
pub async fn change_organization(
    app: &App,
    principal: &Principal,
    reference: &str,
    name: &str,
    expected: Expected,
) -> Result<i64, Error> {
    let name = check_title("name", name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
    in_write!(app.db, tx, {
        let action = Action::ChangeOrganization;
        let change = OrganizationChange::begin(app, tx, principal, reference, action, expected).await?;
        let before = change.organization().clone();
        organization::change(tx, before.id, name).await?;
        let what = json!({ "change": "organization_renamed", "before": before.name, "after": name });
        change.finish(app, tx, principal, what).await
    })
}
