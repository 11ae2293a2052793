//! The outbox.

use axum::Json;
use axum::extract::State;
use orglink_app::outbox::{self, ListedMail};
use orglink_app::{Error, PageRequest};
use orglink_domain::clock::Timestamp;
use orglink_domain::notice::{MailState, NoticeKind};
use orglink_domain::text::UnknownWord;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::view::ListJson;

/// A mail in the outbox.
#[derive(Serialize, ToSchema)]
pub struct MailJson {
    id: String,
    /// The address it goes to now.
    to: String,
    subject: String,
    template: String,
    #[schema(value_type = String)]
    kind: NoticeKind,
    /// `waiting`, `failed` (tried again), `sent`, `refused` (for good), `given_up`.
    #[schema(value_type = String)]
    state: MailState,
    /// How often handing it over was begun.
    attempts: i64,
    /// When it is tried next, while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// What the mail server said last.
    answer: Option<String>,
    /// It carries a one-time link.
    has_secret: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Since when it is sent, refused or given up.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl MailJson {
    pub fn of(listed: ListedMail) -> Self {
        let m = listed.mail;
        let waits = matches!(m.state, MailState::Waiting | MailState::Failed);
        Self {
            id: m.id.to_string(),
            to: listed.to,
            subject: listed.subject,
            template: listed.template,
            kind: m.kind,
            state: m.state,
            attempts: m.attempts,
            due_at: waits.then_some(m.due_at),
            answer: m.answer,
            has_secret: listed.has_secret,
            created_at: m.created_at,
            ended_at: m.ended_at,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OutboxQuery {
    /// Only mails in this state.
    state: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

/// The mails of this installation, the newest first. Scope: `operator`.
#[utoipa::path(get, path = "/operator/mails", tag = "operator", params(OutboxQuery),
    responses((status = 200, body = ListJson<MailJson>), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn list_mails(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<OutboxQuery>,
) -> Result<Json<ListJson<MailJson>>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let state = query.state.as_deref().filter(|s| !s.is_empty());
    let state = state.map(|s| s.parse().map_err(|e: UnknownWord| Error::field("state", e.to_string()))).transpose()?;
    let page = PageRequest::new(query.cursor.as_deref(), query.limit)?;
    let found = outbox::list_mails(&app, &principal, state, &page).await?;
    Ok(Json(ListJson::of(found.map(MailJson::of))))
}
