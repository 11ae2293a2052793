//! What the operator said of the progress of capabilities, and who follows them.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, TrackerUpdateId};
use orglink_domain::tracker::TrackerUpdate;
use uuid::Uuid;

use crate::row::{Time, word};
use crate::{StoreError, Tx};

/// Keeps what the operator said of an entry.
pub async fn create_update(
    tx: &mut Tx,
    entry: &str,
    new: &TrackerUpdate,
    by: Option<AccountId>,
) -> Result<(), StoreError> {
    let (state, by) = (new.state.as_str(), by.map(|id| id.0));
    execute!(tx, sql!("tracker/create_update"), new.id.0, entry, state, &new.note, Time(new.posted_at), by)?;
    Ok(())
}

/// What was said of an entry, the newest first.
pub async fn list_updates(tx: &mut Tx, entry: &str, limit: i64) -> Result<Vec<TrackerUpdate>, StoreError> {
    let rows = fetch_all!(tx, sql!("tracker/list_updates"), (Uuid, String, String, Time), entry, limit)?;
    let one = |(id, state, note, at): (Uuid, String, String, Time)| {
        let state = word(&state, "tracker_update", "state", id)?;
        Ok(TrackerUpdate { id: TrackerUpdateId(id), state, note, posted_at: at.0 })
    };
    rows.into_iter().map(one).collect()
}

/// Has somebody follow an entry; false when they do already.
pub async fn follow(tx: &mut Tx, entry: &str, account: AccountId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("tracker/follow"), entry, account.0, Time(at))? == 1)
}

/// Has somebody follow an entry no more; false when they did not.
pub async fn unfollow(tx: &mut Tx, entry: &str, account: AccountId) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("tracker/unfollow"), entry, account.0)? == 1)
}

pub async fn is_follower(tx: &mut Tx, entry: &str, account: AccountId) -> Result<bool, StoreError> {
    Ok(fetch_one!(tx, sql!("tracker/is_follower"), (i64,), entry, account.0)?.0 > 0)
}

pub async fn count_followers(tx: &mut Tx, entry: &str) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("tracker/count_followers"), (i64,), entry)?.0)
}

pub async fn list_followers(tx: &mut Tx, entry: &str) -> Result<Vec<AccountId>, StoreError> {
    let rows = fetch_all!(tx, sql!("tracker/list_followers"), (Uuid,), entry)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}
