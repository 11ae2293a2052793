//! Tells a webhook again of what happened, from any time or position on.

use orglink_domain::clock::Timestamp;
use orglink_store::{in_write, webhook};
use serde_json::json;

use super::WebhooksOf;
use super::owner::{OwnerChange, find};
use crate::{App, Error, Expected, Principal};

/// From where on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayFrom {
    /// What came after a position; 0 for everything.
    After(i64),
    /// What happened at a time or later.
    Time(Timestamp),
}

/// Tells a webhook of everything after a position once more, in order, with the ids that it had; also of what happened
/// before the webhook was made. From which position on.
///
/// # Errors
/// `NotFound`; bad input; `nothing_to_replay`; a refusal for anybody but an admin of the owner.
pub async fn replay_webhook(
    app: &App,
    principal: &Principal,
    of: WebhooksOf<'_>,
    reference: &str,
    from: ReplayFrom,
) -> Result<i64, Error> {
    if matches!(from, ReplayFrom::After(position) if position < 0) {
        return Err(Error::field("after", "positions begin at 1; 0 means from the beginning"));
    }
    in_write!(app.db, tx, {
        let change = OwnerChange::begin(app, tx, principal, of, Expected::Any).await?;
        let webhook = find(tx, change.whose(), reference).await?;
        let first = match from {
            ReplayFrom::After(position) => Some(position).filter(|position| *position < webhook.position),
            ReplayFrom::Time(at) => webhook::find_position(tx, change.owner(), at).await?.map(|position| position - 1),
        };
        let Some(after) = first else {
            let detail = "Nothing has happened since then that this webhook was not told of, or is not about to be.";
            return Err(Error::refused("nothing_to_replay", "There is nothing to tell again", detail));
        };
        webhook::rewind(tx, webhook.id, after, change.at()).await?;
        let more = json!({ "after": after.to_string() });
        change.finish(app, tx, principal, &webhook, ("webhook_replayed", more)).await?;
        Ok(after)
    })
}
