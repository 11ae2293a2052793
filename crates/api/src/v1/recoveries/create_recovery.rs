//! Asks for a recovery, or proposes one.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use orglink_app::Error;
use orglink_app::recovery::{self, NewRecovery, PlaceReference};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::RecoveryJson;
use crate::v1::idempotency_key;

/// A recovery that is wanted: of an organization or of a workspace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryRequest {
    /// Slug or id.
    organization: Option<String>,
    /// Slug or id.
    workspace: Option<String>,
    /// Only for operators: the address of whom they propose. Without it you ask for yourself.
    account: Option<String>,
    /// Why; everybody concerned reads it.
    reason: String,
}

/// Ask to become admin of an organization or a workspace that nobody can administer any more, by showing control
/// of your domain; or, as an operator, propose somebody, whom another operator approves. Scope: `write`; to propose
/// `operator`.
#[utoipa::path(post, path = "/recoveries", tag = "recoveries", request_body = RecoveryRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = RecoveryJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem),
        (status = 409, body = Problem, description = "has_active_admin, recovery_open, account_cannot_act, too_many_recoveries")))]
pub async fn create_recovery(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    JsonBody(body): JsonBody<RecoveryRequest>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(if body.account.is_some() { Scope::Operator } else { Scope::Write })?;
    let place = match (body.organization, body.workspace) {
        (Some(slug), None) => PlaceReference::Organization(slug),
        (None, Some(slug)) => PlaceReference::Workspace(slug),
        _ => return Err(Error::field("organization", "name either an organization or a workspace").into()),
    };
    let wanted = NewRecovery { place, reason: body.reason };
    let key = idempotency_key(&headers)?;
    let made = match &body.account {
        Some(email) => recovery::propose_recovery(&app, &principal, &wanted, email, key).await?,
        None => recovery::request_recovery(&app, &principal, &wanted, key).await?,
    };
    let view = recovery::view_recovery(&app, &principal, &made.answer.to_string()).await?;
    Ok((StatusCode::CREATED, Json(RecoveryJson::of(view))))
}
