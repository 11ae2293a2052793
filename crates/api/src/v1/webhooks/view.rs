//! Webhooks and their deliveries, as JSON.

use orglink_app::webhook::{Attempt, CreatedWebhook, Delivery, DeliveryView, Webhook};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::EventType;
use orglink_domain::webhook::{DeliveryState, WebhookState};
use serde::Serialize;
use utoipa::ToSchema;

/// Where a program is told of what happened.
#[derive(Serialize, ToSchema)]
pub struct WebhookJson {
    pub id: String,
    pub url: String,
    pub description: String,
    /// Types of events, or beginnings that end in a dot; all when there are none.
    pub types: Vec<String>,
    /// `active`, `paused`, `failed` (it took nothing for three days) or `gone` (it answered 410).
    #[schema(value_type = String)]
    pub state: WebhookState,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// What happened up to here was sent, or waits.
    pub position: i64,
    /// Failures since the last success, and since when.
    pub failures: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub failing_since: Option<Timestamp>,
    /// Until when the secret before signs as well.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub previous_secret_until: Option<Timestamp>,
}

impl WebhookJson {
    pub fn of(w: &Webhook, now: Timestamp) -> Self {
        Self {
            id: w.id.to_string(),
            url: w.url.clone(),
            description: w.description.clone(),
            types: w.types.clone(),
            state: w.state,
            created_at: w.created_at,
            position: w.position,
            failures: w.failures,
            failing_since: w.failing_since,
            previous_secret_until: w.previous.as_ref().map(|(_, until)| *until).filter(|until| *until > now),
        }
    }
}

/// A webhook with the secret that is never shown again.
#[derive(Serialize, ToSchema)]
pub struct NewWebhookJson {
    #[serde(flatten)]
    webhook: WebhookJson,
    /// `whsec_` and base64, as the libraries of Standard Webhooks take it.
    secret: String,
}

impl NewWebhookJson {
    pub fn of(made: &CreatedWebhook, now: Timestamp) -> Self {
        Self { webhook: WebhookJson::of(&made.webhook, now), secret: made.secret.reveal().to_owned() }
    }
}

/// One event that a webhook is told of.
#[derive(Serialize, ToSchema)]
pub struct DeliveryJson {
    /// Of the event.
    position: i64,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: EventType,
    /// `waiting`, `delivered` or `given_up`.
    #[schema(value_type = String)]
    state: DeliveryState,
    attempts: i64,
    /// When it is tried next, while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// Of the last attempt.
    status: Option<i64>,
    problem: Option<String>,
}

impl DeliveryJson {
    pub fn of(d: &Delivery) -> Self {
        Self {
            position: d.position,
            kind: d.kind,
            state: d.state,
            attempts: d.attempts,
            due_at: Some(d.due_at).filter(|_| d.state == DeliveryState::Waiting),
            ended_at: d.ended_at,
            status: d.status,
            problem: d.problem.clone(),
        }
    }
}

/// One event with what is sent and what was answered.
#[derive(Serialize, ToSchema)]
pub struct WholeDeliveryJson {
    #[serde(flatten)]
    delivery: DeliveryJson,
    /// `webhook-id`: of the event, the same however often it is sent.
    id: String,
    /// The body, as it is signed.
    body: String,
    /// The newest first, at most 100.
    answers: Vec<AttemptJson>,
}

/// What a receiver answered.
#[derive(Serialize, ToSchema)]
pub struct AttemptJson {
    attempt: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    milliseconds: i64,
    /// Nothing when there was no answer.
    status: Option<i64>,
    /// The first 8 KiB of the body.
    answer: String,
    /// Why it counts as none.
    problem: Option<String>,
}

impl AttemptJson {
    fn of(a: &Attempt) -> Self {
        Self {
            attempt: a.attempt,
            at: a.at,
            milliseconds: a.milliseconds,
            status: a.status,
            answer: a.answer.clone(),
            problem: a.problem.clone(),
        }
    }
}

impl WholeDeliveryJson {
    pub fn of(view: &DeliveryView) -> Self {
        Self {
            delivery: DeliveryJson::of(&view.delivery),
            id: view.event_id.clone(),
            body: view.body.clone(),
            answers: view.attempts.iter().map(AttemptJson::of).collect(),
        }
    }
}
