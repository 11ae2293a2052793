//! Lists the operators.

use axum::Json;
use axum::extract::State;
use orglink_app::{Page, operator};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use crate::view::{AccountJson, ListJson};

/// The operators of this installation, by address. They are made and ended at the machine, with
/// `orglink operator`. Scope: `operator`.
#[utoipa::path(get, path = "/operator/operators", tag = "operator",
    responses((status = 200, body = ListJson<AccountJson>), (status = 403, body = Problem)))]
pub async fn list_operators(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<Json<ListJson<AccountJson>>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let found = operator::list_operators(&app, &principal).await?;
    Ok(Json(ListJson::of(Page { items: found.into_iter().map(AccountJson::of).collect(), next: None })))
}
