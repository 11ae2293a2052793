//! Lists tokens.

use axum::Json;
use axum::extract::State;
use orglink_app::{Page, token};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use super::view::TokenJson;
use crate::view::ListJson;

/// Your tokens, oldest first; never their secrets. Scope: `admin`.
#[utoipa::path(get, path = "/tokens", tag = "account",
    responses((status = 200, body = ListJson<TokenJson>), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn list_tokens(State(app): State<AppState>, caller: Caller) -> Result<Json<ListJson<TokenJson>>, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    let tokens = token::list_tokens(&app, &principal).await?;
    Ok(Json(ListJson::of(Page { items: tokens.iter().map(TokenJson::of).collect(), next: None })))
}
