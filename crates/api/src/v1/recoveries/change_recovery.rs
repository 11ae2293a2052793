//! Takes a recovery on, or ends it.

use axum::Json;
use orglink_app::recovery;
use orglink_http::{Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{RecoveryJson, shown};
use crate::v1::Acting;

/// Look whether the record stands at the domain. If it does, everybody concerned is told and has time to object; then
/// it takes effect by itself. Only whoever asked. Scope: `write`.
#[utoipa::path(post, path = "/recoveries/{recovery}/prove", tag = "recoveries",
    params(("recovery" = String, Path, description = "Id")),
    responses((status = 200, body = RecoveryJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "record_missing, dns_unavailable, has_active_admin, recovery_waits, recovery_expired, recovery_ended, recovery_other_way")))]
pub async fn prove_recovery(on: Acting) -> Result<Json<RecoveryJson>, Failure> {
    recovery::prove_recovery(&on.app, &on.principal, &on.id).await?;
    shown(&on).await
}

/// Approve what another operator proposed. Everybody concerned is told and has time to object; then it takes effect by
/// itself. Scope: `write`, and `operator`.
#[utoipa::path(post, path = "/recoveries/{recovery}/approve", tag = "recoveries",
    params(("recovery" = String, Path, description = "Id")),
    responses((status = 200, body = RecoveryJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "second_person_required, has_active_admin, recovery_waits, recovery_expired, recovery_ended, recovery_other_way")))]
pub async fn approve_recovery(on: Acting) -> Result<Json<RecoveryJson>, Failure> {
    recovery::approve_recovery(&on.app, &on.principal, &on.id).await?;
    shown(&on).await
}

/// An objection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectionRequest {
    /// Why not; whoever asked reads it.
    reason: String,
}

/// Object: it ends. For everybody concerned: members of the workspace, holders of a role in the organization,
/// operators. Scope: `write`.
#[utoipa::path(post, path = "/recoveries/{recovery}/object", tag = "recoveries", request_body = ObjectionRequest,
    params(("recovery" = String, Path, description = "Id")),
    responses((status = 200, body = RecoveryJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "recovery_ended")))]
pub async fn object_to_recovery(
    on: Acting,
    JsonBody(body): JsonBody<ObjectionRequest>,
) -> Result<Json<RecoveryJson>, Failure> {
    recovery::object_to_recovery(&on.app, &on.principal, &on.id, &body.reason).await?;
    shown(&on).await
}

/// Withdraw what you asked for or proposed. Scope: `write`.
#[utoipa::path(post, path = "/recoveries/{recovery}/withdraw", tag = "recoveries",
    params(("recovery" = String, Path, description = "Id")),
    responses((status = 200, body = RecoveryJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "recovery_ended")))]
pub async fn withdraw_recovery(on: Acting) -> Result<Json<RecoveryJson>, Failure> {
    recovery::withdraw_recovery(&on.app, &on.principal, &on.id).await?;
    shown(&on).await
}
