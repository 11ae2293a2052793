//! Who the token speaks for.

use axum::Json;
use orglink_domain::token::Scope;
use orglink_http::{Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// The owner of a token, and what the token may be used for.
#[derive(Serialize, ToSchema)]
pub struct Me {
    email: Option<String>,
    name: Option<String>,
    is_operator: bool,
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
}

/// Who am I? Scope: `read`.
#[utoipa::path(get, path = "/me", tag = "account", responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub async fn view_me(caller: Caller) -> Result<Json<Me>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let account = principal.account_if_any();
    Ok(Json(Me {
        email: account.map(|a| a.email.clone()),
        name: account.map(|a| a.name.clone()),
        is_operator: account.is_none_or(|a| a.is_operator),
        scopes: principal.scopes().to_vec(),
    }))
}
