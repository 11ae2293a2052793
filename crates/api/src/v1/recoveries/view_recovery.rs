//! Looks at one recovery.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::recovery;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use super::RecoveryJson;

/// A recovery: for whoever asked, whoever is concerned, and operators. Scope: `read`.
#[utoipa::path(get, path = "/recoveries/{recovery}", tag = "recoveries",
    params(("recovery" = String, Path, description = "Id")),
    responses((status = 200, body = RecoveryJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_recovery(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<RecoveryJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    Ok(Json(RecoveryJson::of(recovery::view_recovery(&app, &principal, &id).await?)))
}
