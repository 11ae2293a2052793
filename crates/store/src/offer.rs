//! What people were offered, and what they answered.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::AccountId;
use orglink_domain::offer::OfferAnswer;

use crate::row::Time;
use crate::{StoreError, Tx};

/// How an offer was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferCount {
    pub offer: String,
    /// Everybody who saw it, whatever they answered.
    pub shown: i64,
    pub skipped: i64,
    pub taken: i64,
}

/// What somebody was shown, and when.
pub async fn list_of_account(tx: &mut Tx, id: AccountId) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let rows = fetch_all!(tx, sql!("offer/list_of_account"), (String, Time), id.0)?;
    Ok(rows.into_iter().map(|(offer, at)| (offer, at.0)).collect())
}

/// Notes that somebody is shown an offer; false when they were before.
pub async fn show(tx: &mut Tx, id: AccountId, offer: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("offer/show"), id.0, offer, Time(at))? == 1)
}

/// Keeps an answer; false when there was one, or it was never shown.
pub async fn answer(
    tx: &mut Tx,
    id: AccountId,
    offer: &str,
    answer: OfferAnswer,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("offer/answer"), id.0, offer, answer.as_str(), Time(at))? == 1)
}

/// How each offer was received that anybody was shown.
pub async fn count(tx: &mut Tx) -> Result<Vec<OfferCount>, StoreError> {
    let rows = fetch_all!(tx, sql!("offer/count"), (String, i64, i64, i64))?;
    Ok(rows.into_iter().map(|(offer, shown, skipped, taken)| OfferCount { offer, shown, skipped, taken }).collect())
}
