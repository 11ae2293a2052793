//! Asks to become an admin.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use orglink_app::Error;
use orglink_app::access_request::{Ask, ask_for_access, view_request};
use orglink_domain::access_request::AskedKind;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::AccessRequestJson;
use crate::v1::idempotency_key;

/// What you ask; name one of organization and workspace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskRequest {
    /// Its slug. Whether there is such an organization makes no difference to the answer.
    organization: Option<String>,
    /// Its slug. Whether there is such a workspace makes no difference to the answer.
    workspace: Option<String>,
    /// For whoever answers; plain text.
    message: Option<String>,
    /// The page of this installation to go back to when the answer is yes, like `/link`.
    return_to: Option<String>,
}

/// Ask to become an admin of an organization or a workspace. Its admins, if there is such a place, are asked; you learn nothing about them. Scope: `write`.
#[utoipa::path(post, path = "/access-requests", tag = "people", request_body = AskRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = AccessRequestJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem, description = "already_admin, request_open, request_limit"), (status = 422, body = Problem)))]
pub async fn create_access_request(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<AskRequest>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let (kind, named) = match (asked.organization, asked.workspace) {
        (Some(slug), None) => (AskedKind::Organization, slug),
        (None, Some(slug)) => (AskedKind::Workspace, slug),
        _ => return Err(Error::field("organization", "name either an organization or a workspace").into()),
    };
    let ask = Ask { kind, named, message: asked.message, return_to: asked.return_to };
    let made = ask_for_access(&app, &principal, &ask, idempotency_key(&headers)?).await?;
    let view = view_request(&app, &principal, &made.answer.to_string()).await?;
    Ok((StatusCode::CREATED, Json(AccessRequestJson::of(view))))
}
