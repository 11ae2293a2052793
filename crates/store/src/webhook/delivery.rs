//! What each webhook is told, and what it answered.

use orglink_domain::clock::Timestamp;
use orglink_domain::event::EventType;
use orglink_domain::id::{DeliveryId, WebhookId, WorkspaceId};
use orglink_domain::webhook::DeliveryState;
use uuid::Uuid;

use crate::row::{Time, word};
use crate::{StoreError, Tx};

/// An event that a webhook is to be told of, next in the order of its workspace.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    pub id: DeliveryId,
    pub position: i64,
    /// How often it was tried: ever, and since it was wanted last.
    pub attempts: i64,
    pub tries: i64,
}

/// Adds the delivery of an event, or begins it anew.
pub async fn create_delivery(
    tx: &mut Tx,
    (id, webhook): (DeliveryId, WebhookId),
    position: i64,
    lane: Option<WorkspaceId>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let lane = lane.map_or(Uuid::nil(), |workspace| workspace.0);
    execute!(tx, sql!("webhook/create_delivery"), id.0, webhook.0, position, lane, Time(at))?;
    Ok(())
}

/// How many deliveries wait, of those up to a position.
pub async fn count_waiting(tx: &mut Tx, id: WebhookId, position: i64) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("webhook/count_waiting"), (i64,), id.0, position)?.0)
}

/// What is to be sent now, of each workspace only the first; of those up to a position.
pub async fn list_due_deliveries(
    tx: &mut Tx,
    id: WebhookId,
    position: i64,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Due>, StoreError> {
    type Row = (Uuid, i64, i64, i64);
    let rows = fetch_all!(tx, sql!("webhook/list_due_deliveries"), Row, id.0, position, Time(now), limit)?;
    let due = |(id, position, attempts, tries)| Due { id: DeliveryId(id), position, attempts, tries };
    Ok(rows.into_iter().map(due).collect())
}

/// When the next of them is due, if any waits.
pub async fn find_next_due(tx: &mut Tx, id: WebhookId, position: i64) -> Result<Option<Timestamp>, StoreError> {
    let (at,) = fetch_one!(tx, sql!("webhook/find_next_due"), (Option<Time>,), id.0, position)?;
    Ok(at.map(|t| t.0))
}

/// Notes what became of a delivery by one attempt: tried again at `due_at`, or ended. False when it was tried since.
pub async fn note_delivery(
    tx: &mut Tx,
    due: Due,
    state: DeliveryState,
    due_at: Timestamp,
    ended_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let (at, ended) = (Time(due_at), ended_at.map(Time));
    Ok(execute!(tx, sql!("webhook/note_delivery"), due.id.0, due.attempts, state.as_str(), at, ended)? == 1)
}

/// What a receiver answered at one attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub attempt: i64,
    pub at: Timestamp,
    pub milliseconds: i64,
    pub status: Option<i64>,
    /// The beginning of the body.
    pub answer: String,
    /// Why it counts as none.
    pub problem: Option<String>,
}

pub async fn create_attempt(tx: &mut Tx, delivery: DeliveryId, new: &Attempt) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("webhook/create_attempt"),
        delivery.0,
        new.attempt,
        Time(new.at),
        new.milliseconds,
        new.status,
        &new.answer,
        new.problem.as_deref()
    )?;
    Ok(())
}

/// The newest attempts of a delivery, at most 100.
pub async fn list_attempts(tx: &mut Tx, delivery: DeliveryId) -> Result<Vec<Attempt>, StoreError> {
    type Row = (i64, Time, i64, Option<i64>, String, Option<String>);
    let rows = fetch_all!(tx, sql!("webhook/list_attempts"), Row, delivery.0)?;
    let attempt = |(attempt, at, milliseconds, status, answer, problem): Row| Attempt {
        attempt,
        at: at.0,
        milliseconds,
        status,
        answer,
        problem,
    };
    Ok(rows.into_iter().map(attempt).collect())
}

/// A delivery as a log shows it.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: DeliveryId,
    /// Of the event.
    pub position: i64,
    pub state: DeliveryState,
    pub attempts: i64,
    /// When it is tried next, while it waits.
    pub due_at: Timestamp,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub kind: EventType,
    /// Of the last attempt.
    pub status: Option<i64>,
    pub problem: Option<String>,
}

type DeliveryRow = (Uuid, i64, String, i64, Time, Time, Option<Time>, String, Option<i64>, Option<String>);

fn from_delivery_row(row: DeliveryRow) -> Result<Delivery, StoreError> {
    let (id, position, state, attempts, due_at, created_at, ended_at, kind, status, problem) = row;
    Ok(Delivery {
        id: DeliveryId(id),
        position,
        state: word(&state, "webhook_delivery", "state", id)?,
        attempts,
        due_at: due_at.0,
        created_at: created_at.0,
        ended_at: ended_at.map(|t| t.0),
        kind: word(&kind, "event", "type", id)?,
        status,
        problem,
    })
}

pub async fn find_delivery(tx: &mut Tx, webhook: WebhookId, position: i64) -> Result<Option<Delivery>, StoreError> {
    let row = fetch_optional!(tx, sql!("webhook/find_delivery"), DeliveryRow, webhook.0, position)?;
    row.map(from_delivery_row).transpose()
}

/// The deliveries before a position, the newest events first; only those in one state when it is given.
pub async fn list_deliveries(
    tx: &mut Tx,
    webhook: WebhookId,
    before: Option<i64>,
    limit: i64,
    state: Option<DeliveryState>,
) -> Result<Vec<Delivery>, StoreError> {
    let (before, state) = (before.unwrap_or(i64::MAX), state.map_or("", DeliveryState::as_str));
    let rows = fetch_all!(tx, sql!("webhook/list_deliveries"), DeliveryRow, webhook.0, before, state, limit)?;
    rows.into_iter().map(from_delivery_row).collect()
}

/// Sends a delivery once more, whatever became of it.
pub async fn resend(tx: &mut Tx, id: DeliveryId, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("webhook/resend"), id.0, Time(at))?;
    Ok(())
}
