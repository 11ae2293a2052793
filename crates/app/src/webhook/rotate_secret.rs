//! Gives a webhook a new secret; for a while the one before signs as well.

use orglink_store::{in_write, webhook};
use serde_json::json;

use super::WebhooksOf;
use super::create_webhook::CreatedWebhook;
use super::owner::{OwnerChange, find};
use super::signature::new_secret;
use crate::{App, Error, Expected, Principal};

/// For how many hours at most the secret before goes on.
const MAX_HOURS: i64 = 7 * 24;

/// Makes a new secret, which is shown in this one answer. The one before signs beside it for so many hours, so that the
/// receiver can change to the new one at any moment of them; not at all with 0, as when it is known to somebody else.
///
/// # Errors
/// `NotFound`; bad input, `previous_hours`; `VersionChanged`; a refusal for anybody but an admin of the owner.
pub async fn rotate_secret(
    app: &App,
    principal: &Principal,
    of: WebhooksOf<'_>,
    reference: &str,
    previous_hours: i64,
    expected: Expected,
) -> Result<CreatedWebhook, Error> {
    if !(0..=MAX_HOURS).contains(&previous_hours) {
        return Err(Error::field("previous_hours", format!("0 to {MAX_HOURS} hours")));
    }
    let (secret, sealed) = new_secret(app)?;
    let sealed = &sealed;
    let (webhook, version) = in_write!(app.db, tx, {
        let change = OwnerChange::begin(app, tx, principal, of, expected).await?;
        let webhook = find(tx, change.whose(), reference).await?;
        let until = change.at().plus_seconds(previous_hours * 60 * 60);
        let previous = (previous_hours > 0).then_some((webhook.secret.as_slice(), until));
        webhook::change_secret(tx, webhook.id, sealed, previous).await?;
        let more = json!({ "previous_until": previous.map(|(_, until)| until) });
        let version = change.finish(app, tx, principal, &webhook, ("webhook_secret_rotated", more)).await?;
        let webhook = find(tx, (webhook.owner, webhook.extension), reference).await?;
        Ok::<_, Error>((webhook, version))
    })?;
    Ok(CreatedWebhook { webhook, secret, version })
}
