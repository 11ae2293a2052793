//! Makes a token.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use orglink_app::token::{self, NewToken};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::TokenJson;

/// A token that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// What it is for, in your words.
    name: String,
    /// Any of `read`, `write`, `link`, `ask`, `admin`, `entitlements`, `operator`.
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
    /// For how long, 1 to 366; 90 when absent.
    days: Option<i64>,
}

/// The token that was made.
#[derive(Serialize, ToSchema)]
pub struct TokenCreated {
    token: NewTokenJson,
}

/// A new token, with the secret that is never shown again.
#[derive(Serialize, ToSchema)]
pub struct NewTokenJson {
    #[serde(flatten)]
    token: TokenJson,
    secret: String,
}

/// Make a token of your own, at most as mighty as the one used. Scope: `admin`.
#[utoipa::path(post, path = "/tokens", tag = "account", request_body = TokenRequest,
    responses((status = 201, body = TokenCreated), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn create_token(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(wanted): JsonBody<TokenRequest>,
) -> Result<(StatusCode, Json<TokenCreated>), Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    let wanted = NewToken { name: wanted.name, scopes: wanted.scopes, days: wanted.days.unwrap_or(90) };
    let made = token::create_token(&app, &principal, &wanted).await?;
    let token = NewTokenJson { token: TokenJson::of(&made.token), secret: made.secret.reveal().to_owned() };
    Ok((StatusCode::CREATED, Json(TokenCreated { token })))
}
