//! Deletes a webhook, with the log of its deliveries.

use orglink_store::{in_write, webhook};
use serde_json::json;

use super::WebhooksOf;
use super::owner::{OwnerChange, find};
use crate::{App, Error, Expected, Principal};

/// Deletes a webhook; the owner's new version.
///
/// # Errors
/// `NotFound`; `VersionChanged`; a refusal for anybody but an admin of the owner.
pub async fn delete_webhook(
    app: &App,
    principal: &Principal,
    of: WebhooksOf<'_>,
    reference: &str,
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let change = OwnerChange::begin(app, tx, principal, of, expected).await?;
        let webhook = find(tx, change.whose(), reference).await?;
        webhook::delete(tx, webhook.id).await?;
        change.finish(app, tx, principal, &webhook, ("webhook_deleted", json!({}))).await
    })
}
