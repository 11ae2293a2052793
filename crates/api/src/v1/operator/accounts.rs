//! Every account, and stopping one.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::account;
use orglink_domain::account::Account;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem, QueryString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::v1::FilteredQuery;
use crate::view::{AccountJson, ListJson};

/// An account as an operator sees it.
#[derive(Serialize, ToSchema)]
pub struct AnyAccountJson {
    #[serde(flatten)]
    account: AccountJson,
    is_verified: bool,
    is_operator: bool,
    is_suspended: bool,
}

impl AnyAccountJson {
    fn of(a: Account) -> Self {
        let Account { is_verified, is_operator, is_suspended, .. } = a;
        Self { account: AccountJson::of(a), is_verified, is_operator, is_suspended }
    }
}

/// Every account, by address. Scope: `operator`.
#[utoipa::path(get, path = "/operator/accounts", tag = "operator", params(FilteredQuery),
    responses((status = 200, body = ListJson<AnyAccountJson>), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn list_accounts(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<FilteredQuery>,
) -> Result<Json<ListJson<AnyAccountJson>>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let found = account::list_accounts(&app, &principal, query.text(), &query.request()?).await?;
    Ok(Json(ListJson::of(found.map(AnyAccountJson::of))))
}

/// Why an account is suspended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// One line.
    reason: String,
}

/// Suspend an account: it is signed out everywhere, its tokens end, and it no longer counts as an admin who could act.
/// Scope: `operator`.
#[utoipa::path(put, path = "/operator/accounts/{account}/suspension", tag = "operator", request_body = Suspension,
    params(("account" = String, Path, description = "Address or id")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn suspend_account(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(wanted): JsonBody<Suspension>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    account::suspend_account(&app, &principal, &id, &wanted.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a suspended account sign in again. Scope: `operator`.
#[utoipa::path(delete, path = "/operator/accounts/{account}/suspension", tag = "operator",
    params(("account" = String, Path, description = "Address or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn restore_account(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    account::restore_account(&app, &principal, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
