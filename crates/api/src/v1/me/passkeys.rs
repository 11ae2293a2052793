//! One's own passkeys. They are added in a browser.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::Page;
use orglink_app::passkey::{self, StoredPasskey};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::view::ListJson;

/// What a device signs in with instead of a password.
#[derive(Serialize, ToSchema)]
pub struct PasskeyJson {
    id: String,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl PasskeyJson {
    fn of(p: StoredPasskey) -> Self {
        Self { id: p.id.to_string(), name: p.name, created_at: p.created_at, last_used_at: p.last_used_at }
    }
}

/// Your passkeys, oldest first. Scope: `read`.
#[utoipa::path(get, path = "/me/passkeys", tag = "account",
    responses((status = 200, body = ListJson<PasskeyJson>), (status = 403, body = Problem)))]
pub async fn list_passkeys(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<Json<ListJson<PasskeyJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = passkey::list_passkeys(&app, &principal).await?;
    Ok(Json(ListJson::of(Page { items: found.into_iter().map(PasskeyJson::of).collect(), next: None })))
}

/// What a passkey is called from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyChange {
    name: String,
}

/// Rename one of your passkeys. Scope: `admin`.
#[utoipa::path(patch, path = "/me/passkeys/{passkey}", tag = "account", request_body = PasskeyChange,
    params(("passkey" = String, Path, description = "Id")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn rename_passkey(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(change): JsonBody<PasskeyChange>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    passkey::rename_passkey(&app, &principal, &id, &change.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove one of your passkeys; nobody signs in with it any more. Scope: `admin`.
#[utoipa::path(delete, path = "/me/passkeys/{passkey}", tag = "account",
    params(("passkey" = String, Path, description = "Id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn delete_passkey(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    passkey::delete_passkey(&app, &principal, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
