//! Lists sessions.

use axum::Json;
use axum::extract::State;
use orglink_app::Page;
use orglink_app::session::{self, Session, browser_of};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::ListJson;

/// A browser in which you are signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionJson {
    id: String,
    /// The browser, in words.
    browser: String,
    /// The network address it was opened from.
    address: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// To the minute.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl SessionJson {
    fn of(s: Session) -> Self {
        Self {
            id: s.id.to_string(),
            browser: browser_of(s.user_agent.as_deref().unwrap_or_default()),
            address: s.address.filter(|a| !a.is_empty()),
            created_at: s.created_at,
            last_seen_at: s.last_seen_at,
            expires_at: s.expires_at,
        }
    }
}

/// The browsers in which you are signed in, the last used first. Scope: `read`.
#[utoipa::path(get, path = "/me/sessions", tag = "account",
    responses((status = 200, body = ListJson<SessionJson>), (status = 401, body = Problem)))]
pub async fn list_sessions(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<Json<ListJson<SessionJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = session::list_sessions(&app, &principal).await?;
    Ok(Json(ListJson::of(Page { items: found.into_iter().map(SessionJson::of).collect(), next: None })))
}
