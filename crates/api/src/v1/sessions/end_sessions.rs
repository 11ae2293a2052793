//! Ends sessions.

use axum::Json;
use axum::extract::State;
use orglink_app::session;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which sessions stay.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct KeepQuery {
    /// The id of the one that goes on; `none` to sign every browser out. Your tokens go on either way.
    keep: String,
}

/// What was ended.
#[derive(Serialize, ToSchema)]
pub struct EndedJson {
    ended: u64,
}

/// End all your sessions, but for one that you name. Scope: `admin`.
#[utoipa::path(delete, path = "/me/sessions", tag = "account", params(KeepQuery),
    responses((status = 200, body = EndedJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn end_sessions(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<KeepQuery>,
) -> Result<Json<EndedJson>, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    let kept = Some(query.keep.as_str()).filter(|keep| *keep != "none");
    let ended = session::end_other_sessions(&app, &principal, kept).await?;
    Ok(Json(EndedJson { ended }))
}
