//! Once more, or no more.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::outbox;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// Send a mail again that failed, was refused or given up. Scope: `operator`.
#[utoipa::path(post, path = "/operator/mails/{mail}/retry", tag = "operator",
    params(("mail" = String, Path, description = "Id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn retry_mail(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    outbox::retry_mail(&app, &principal, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a mail no more. Scope: `operator`.
#[utoipa::path(post, path = "/operator/mails/{mail}/give-up", tag = "operator",
    params(("mail" = String, Path, description = "Id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn give_up_mail(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    outbox::give_up_mail(&app, &principal, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
pub struct RetriedJson {
    /// How many are sent again.
    retried: usize,
}

/// Send every refused mail again (at most 1,000 at once), as after a mistake in the configuration. Scope: `operator`.
#[utoipa::path(post, path = "/operator/mails/retry-refused", tag = "operator",
    responses((status = 200, body = RetriedJson), (status = 403, body = Problem)))]
pub async fn retry_refused_mails(State(app): State<AppState>, caller: Caller) -> Result<Json<RetriedJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    Ok(Json(RetriedJson { retried: outbox::retry_refused_mails(&app, &principal).await? }))
}
