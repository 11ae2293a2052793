//! One turn at one webhook: what happened since becomes deliveries, what is due is sent, what was answered is noted.
//!
//! The webhook is claimed for a while, so that of all replicas one serves it; each claim counts, and whoever holds an
//! older one notes nothing any more. Of each workspace only the first event that waits is sent, several workspaces at once;
//! while a webhook fails, one event at a time.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, Event, EventType, NewEvent};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::id::{DeliveryId, TenantId, WebhookId};
use orglink_domain::webhook::{DeliveryState, LONGEST_REST, PATIENCE, WebhookState, is_meant, rest_after, wait_after};
use orglink_store::event::Subject;
use orglink_store::webhook::{self, Attempt, Due, Webhook};
use orglink_store::{Tx, event, fault, in_write};
use serde_json::{Value, json};

use super::owner::told;
use super::send::{Answered, Message};
use super::signature::{secrets_of, sign};
use crate::event::cloud_events;
use crate::secret::random;
use crate::{App, Error, extension};

/// For how long a claim holds: longer than a turn with its last requests (`webhooks.timeout` is at most 30 seconds).
const LEASE_SECONDS: i64 = 60;
/// How long a turn goes on while there is something due; then it is others' turn.
const TURN: Duration = Duration::from_secs(10);
/// How many events, of as many workspaces, are sent at once.
const AT_ONCE: i64 = 8;
/// How many deliveries of a webhook wait at most; what happens beyond that is added when some of them are done.
const WAITING: i64 = 1000;
/// How many positions, and how many events, become deliveries in one transaction.
const POSITIONS: i64 = 20_000;
const EVENTS: i64 = 200;

/// Serves the webhook that has had something to do for longest; whether there was one.
///
/// # Errors
/// When the database is not reachable; then what was sent but not noted is sent again.
pub async fn serve(app: &App) -> Result<bool, Error> {
    let mut tx = app.db.begin_read().await?;
    let is_any_due = webhook::find_due(&mut tx, app.now()).await?.is_some();
    drop(tx);
    if !is_any_due {
        return Ok(false);
    }
    let claimed = in_write!(app.db, tx, {
        let now = app.now();
        let Some((id, lease)) = webhook::find_due(tx, now).await? else { return Ok(None) };
        let is_ours = webhook::claim(tx, id, lease, now.plus_seconds(LEASE_SECONDS)).await?;
        Ok::<_, Error>(is_ours.then_some((id, lease + 1)))
    })?;
    let Some((id, lease)) = claimed else { return Ok(false) };
    fault::point("webhook.claimed");
    // Another worker may look whether there is more.
    app.webhooks.poke();
    let began = Instant::now();
    while began.elapsed() < TURN {
        fill(app, id, lease, began).await?;
        if !send_due(app, id, lease).await? {
            break;
        }
    }
    release(app, id, lease).await?;
    Ok(true)
}

/// The webhook as it is now, while it is active and ours, and whoever has it may know what happens.
async fn find_ours(app: &App, tx: &mut Tx, id: WebhookId, lease: i64) -> Result<Option<Webhook>, Error> {
    let found = webhook::find_any(tx, id).await?.filter(|w| w.lease == lease && w.state == WebhookState::Active);
    let Some(webhook) = found else { return Ok(None) };
    Ok(may_be_told(app, tx, &webhook).await?.then_some(webhook))
}

/// Whether whoever has it may know what happens, as things stand: an extension that is suspended may not.
async fn may_be_told(app: &App, tx: &mut Tx, webhook: &Webhook) -> Result<bool, Error> {
    let Some(extension) = webhook.extension else { return Ok(true) };
    extension::may_now(app, tx, extension, ExtensionScope::EventsRead).await
}

/// Whether a webhook is told of an event.
fn is_told(webhook: &Webhook, event: &Event) -> bool {
    if event.kind == EventType::WebhookTested {
        let id = event.payload.as_ref().and_then(|p| p.get("webhook")).and_then(Value::as_str);
        return id == Some(webhook.id.to_string().as_str());
    }
    webhook.types.is_empty() || webhook.types.iter().any(|word| is_meant(word, event.kind))
}

/// Writes deliveries of what happened since, as long as not too many wait, and how far that went.
async fn fill(app: &App, id: WebhookId, lease: i64, began: Instant) -> Result<(), Error> {
    while began.elapsed() < TURN {
        // What happened is looked through in a snapshot, and the writer only held for what comes of it.
        let mut tx = app.db.begin_read().await?;
        let Some(webhook) = find_ours(app, &mut tx, id, lease).await?.filter(|w| w.is_behind) else { return Ok(()) };
        let waiting = webhook::count_waiting(&mut tx, id, webhook.position).await?;
        let room = EVENTS.min(WAITING - waiting);
        if room <= 0 {
            return Ok(());
        }
        let subject = match webhook.owner {
            TenantId::Workspace(owner) => Subject::Workspace(owner),
            TenantId::Organization(owner) => Subject::Organization(owner),
        };
        let up_to = event::find_last_position(&mut tx).await?.min(webhook.position + POSITIONS);
        let mut events = event::list_of_between(&mut tx, subject, (webhook.position, up_to), room).await?;
        drop(tx);
        let is_full = i64::try_from(events.len()).is_ok_and(|n| n == room);
        let position = events.last().filter(|_| is_full).map_or(up_to, |e| e.position);
        events.retain(|event| is_told(&webhook, event));
        let (events, before) = (&events, webhook.position);
        in_write!(app.db, tx, { fill_with(app, tx, (id, lease), before, events, position).await })?;
        // What is there already goes first.
        if waiting > 0 || !events.is_empty() {
            return Ok(());
        }
    }
    Ok(())
}

/// Writes deliveries of these events and that nothing up to a position is left out, unless it was told to begin elsewhere
/// meanwhile.
async fn fill_with(
    app: &App,
    tx: &mut Tx,
    (id, lease): (WebhookId, i64),
    before: i64,
    events: &[Event],
    position: i64,
) -> Result<(), Error> {
    if find_ours(app, tx, id, lease).await?.is_none_or(|w| w.position != before) {
        return Ok(());
    }
    let now = app.now();
    for event in events {
        let delivery = DeliveryId(app.new_id(now));
        webhook::create_delivery(tx, (delivery, id), event.position, event.workspace_id, now).await?;
    }
    let is_behind = position < event::find_last_position(tx).await?;
    webhook::advance(tx, id, lease, position, is_behind).await?;
    fault::point("webhook.filled");
    Ok(())
}

/// Sends what is due, each to its end; whether there was anything, and the webhook took it.
async fn send_due(app: &App, id: WebhookId, lease: i64) -> Result<bool, Error> {
    let mut tx = app.db.begin_read().await?;
    let Some(webhook) = find_ours(app, &mut tx, id, lease).await? else { return Ok(false) };
    let limit = if webhook.failures > 0 { 1 } else { AT_ONCE };
    let now = app.now();
    let due = webhook::list_due_deliveries(&mut tx, id, webhook.position, now, limit).await?;
    let positions: Vec<i64> = due.iter().map(|d| d.position).collect();
    let events = event::list_at(&mut tx, &positions).await?;
    let told: HashMap<i64, (Event, Value)> =
        cloud_events(app, &mut tx, events).await?.into_iter().map(|told| (told.0.position, told)).collect();
    drop(tx);
    if due.is_empty() {
        return Ok(false);
    }
    let secrets = secrets_of(app, &webhook);
    let answers = join_all(due.iter().map(|due| {
        let (webhook, secrets, told) = (&webhook, &secrets, told.get(&due.position));
        async move {
            let (event, envelope) = told?;
            let (event_id, at, body) = (event.id.to_string(), app.now(), envelope.to_string().into_bytes());
            let Some(secrets) = secrets else {
                let why = "its secret is encrypted under another key file of this installation: rotate the secret";
                return Some((*due, at, Answered::none(why)));
            };
            let signature = sign(secrets, &event_id, at, &body);
            let message = Message { url: &webhook.url, id: &event_id, at, signature, body };
            Some((*due, at, app.webhooks.send(message).await))
        }
    }))
    .await;
    fault::point("webhook.sent");
    let answers: Vec<(Due, Timestamp, Answered)> = answers.into_iter().flatten().collect();
    let [random, ..] = random()?;
    let answers = &answers;
    let goes_on = in_write!(app.db, tx, {
        let Some(webhook) = webhook::find_any(tx, id).await?.filter(|w| w.lease == lease) else { return Ok(false) };
        note(app, tx, &webhook, answers, random).await
    })?;
    fault::point("webhook.noted");
    Ok(goes_on)
}

/// Notes what was answered; whether the webhook goes on at once.
async fn note(
    app: &App,
    tx: &mut Tx,
    webhook: &Webhook,
    answers: &[(Due, Timestamp, Answered)],
    random: u8,
) -> Result<bool, Error> {
    let (now, id, lease) = (app.now(), webhook.id, webhook.lease);
    let is_fine = answers.iter().all(|(.., answered)| answered.problem.is_none());
    let took_any = answers.iter().any(|(.., answered)| answered.problem.is_none());
    // All of it failing: is it the event, or the receiver?
    let failing_since = webhook.failing_since.unwrap_or(now);
    let took_nothing_for = if took_any { 0 } else { now.seconds_since(failing_since) };
    let is_gone = answers.iter().any(|(.., answered)| answered.status == Some(410));
    for (due, at, answered) in answers {
        let wait = wait_after(due.tries + 1, random).map(|wait| wait.max(answered.retry_after));
        let (state, due_at) = match (&answered.problem, wait) {
            (None, _) => (DeliveryState::Delivered, now),
            (Some(_), Some(wait)) => (DeliveryState::Waiting, now.plus_seconds(wait)),
            // The receiver takes nothing at all: that is not held against the event.
            (Some(_), None) if is_gone || took_nothing_for >= PATIENCE => (DeliveryState::Waiting, now),
            (Some(_), None) => (DeliveryState::GivenUp, now),
        };
        let ended_at = (state != DeliveryState::Waiting).then_some(now);
        if !webhook::note_delivery(tx, *due, state, due_at, ended_at).await? {
            continue;
        }
        let attempt = Attempt {
            attempt: due.attempts + 1,
            at: *at,
            milliseconds: answered.milliseconds,
            status: answered.status.map(i64::from),
            answer: answered.answer.clone(),
            problem: answered.problem.clone(),
        };
        webhook::create_attempt(tx, due.id, &attempt).await?;
    }
    if took_any {
        webhook::note_success(tx, id, lease).await?;
    }
    if !is_fine && !took_any {
        webhook::note_failure(tx, id, lease, now).await?;
    }
    let stopped = match () {
        () if is_gone => Some(WebhookState::Gone),
        () if took_nothing_for >= PATIENCE => Some(WebhookState::Failed),
        () => None,
    };
    if let Some(state) = stopped {
        stop(app, tx, webhook, (state, failing_since)).await?;
    }
    Ok(stopped.is_none() && took_any)
}

/// Sends nothing more to it, and says so to whoever reads events: its admins are told by `notify`.
async fn stop(
    app: &App,
    tx: &mut Tx,
    webhook: &Webhook,
    (state, since): (WebhookState, Timestamp),
) -> Result<(), Error> {
    if !webhook::stop(tx, webhook.id, state).await? {
        return Ok(());
    }
    let mut payload = told(webhook);
    let extension = match webhook.extension {
        Some(id) => orglink_store::extension::find(tx, id).await?,
        None => None,
    };
    if let Some(fields) = payload.as_object_mut() {
        fields.insert("state".to_owned(), json!(state));
        fields.insert("since".to_owned(), json!(since));
        if let Some(found) = extension {
            fields.insert("extension".to_owned(), extension::named(app, &found.extension));
        }
    }
    let happened = NewEvent {
        kind: EventType::WebhookPaused,
        organization_id: webhook.owner.organization(),
        workspace_id: webhook.owner.workspace(),
        payload,
    };
    event::append(tx, app.origin(Actor::SYSTEM, app.now()), happened, None).await?;
    app.feed.poke();
    Ok(())
}

/// Lets go of it, with the moment at which there is something to do next.
async fn release(app: &App, id: WebhookId, lease: i64) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let Some(webhook) = webhook::find_any(tx, id).await?.filter(|w| w.lease == lease) else { return Ok(()) };
        let now = app.now();
        if !may_be_told(app, tx, &webhook).await? {
            // Until something happens in its workspace, or in a while: what suspends it may end without that.
            webhook::release(tx, id, lease, Some(now.plus_seconds(LONGEST_REST))).await?;
            return Ok(());
        }
        let waiting = webhook::count_waiting(tx, id, webhook.position).await?;
        let next = webhook::find_next_due(tx, id, webhook.position).await?;
        // More to write, and room for it; or, when there is nothing else to wait for, in a moment.
        let fills_at = (webhook.is_behind && waiting < WAITING).then_some(now);
        let due = [next, fills_at].into_iter().flatten().min();
        let rests_until = now.plus_seconds(if webhook.failures > 0 { rest_after(webhook.failures) } else { 0 });
        webhook::release(tx, id, lease, due.map(|due| due.max(rests_until))).await?;
        Ok::<(), Error>(())
    })
}
