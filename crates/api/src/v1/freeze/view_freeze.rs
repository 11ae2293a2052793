//! Looks at the stop switch.

use axum::Json;
use axum::extract::State;
use orglink_app::installation;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether linking is stopped.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreezeJson {
    pub linking_frozen: bool,
    pub reason: Option<String>,
}

/// Whether linking, imports and mail are stopped, and why. Scope: `read`.
#[utoipa::path(get, path = "/freeze", tag = "operator",
    responses((status = 200, body = FreezeJson), (status = 401, body = Problem)))]
pub async fn view_freeze(State(app): State<AppState>, caller: Caller) -> Result<Json<FreezeJson>, Failure> {
    caller.with_scope(Scope::Read)?;
    let freeze = installation::find_freeze(&app).await?;
    Ok(Json(FreezeJson { linking_frozen: freeze.is_frozen, reason: freeze.reason }))
}
