//! Lists what somebody was told.

use axum::Json;
use axum::extract::State;
use orglink_app::inbox::{self, Entry};
use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Something you were told, in words.
#[derive(Serialize, ToSchema)]
pub struct NotificationJson {
    id: String,
    /// What it is about: what you choose by what comes by mail.
    #[schema(value_type = String)]
    kind: NoticeKind,
    /// Which message it is, more finely than its kind.
    template: String,
    subject: String,
    paragraphs: Vec<String>,
    facts: Vec<FactJson>,
    /// What to do next, in words, and where.
    action: String,
    url: String,
    is_urgent: bool,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Absent while it is unread.
    #[schema(value_type = Option<String>, format = DateTime)]
    read_at: Option<Timestamp>,
}

/// A short fact: what, which.
#[derive(Serialize, ToSchema)]
pub struct FactJson {
    name: &'static str,
    value: String,
}

impl NotificationJson {
    fn of(entry: Entry, public_url: &str) -> Self {
        let (action, path) = entry.action;
        Self {
            id: entry.id.to_string(),
            kind: entry.kind,
            template: entry.template,
            subject: entry.subject,
            paragraphs: entry.paragraphs,
            facts: entry.facts.into_iter().map(|(name, value)| FactJson { name, value }).collect(),
            action: action.to_owned(),
            url: format!("{public_url}{path}"),
            is_urgent: entry.is_urgent,
            at: entry.at,
            read_at: entry.read_at,
        }
    }
}

/// Your inbox.
#[derive(Serialize, ToSchema)]
pub struct InboxJson {
    items: Vec<NotificationJson>,
    next: Option<String>,
    /// How many are unread, on whichever page.
    unread: i64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct InboxQuery {
    /// Only what is unread.
    #[serde(default)]
    unread: bool,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

/// What you were told: the unread first, then the rest, each the newest first. Scope: `read`.
#[utoipa::path(get, path = "/notifications", tag = "account", params(InboxQuery),
    responses((status = 200, body = InboxJson), (status = 400, body = Problem)))]
pub async fn list_notifications(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<InboxQuery>,
) -> Result<Json<InboxJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let page = orglink_app::PageRequest::new(query.cursor.as_deref(), query.limit)?;
    let found = inbox::list_notifications(&app, &principal, query.unread, &page).await?;
    let page = found.page.map(|entry| NotificationJson::of(entry, &app.settings.public_url));
    Ok(Json(InboxJson { items: page.items, next: page.next, unread: found.unread }))
}
