//! Who the token speaks for.

use axum::Json;
use axum::extract::State;
use orglink_app::account;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::domains::ManagementJson;

/// The owner of a token, and what the token may be used for.
#[derive(Serialize, ToSchema)]
pub struct Me {
    email: Option<String>,
    name: Option<String>,
    is_operator: bool,
    /// The address is proven to be theirs.
    is_verified: bool,
    /// In which pages show times, by its IANA name; this API always says UTC.
    time_zone: Option<String>,
    has_password: bool,
    passkeys: usize,
    /// How many are left.
    recovery_codes: i64,
    /// The address that they want, until it is proven.
    wanted_email: Option<String>,
    /// Which organization manages the account, or is to.
    management: Option<ManagementJson>,
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
}

/// Who am I? Scope: `read`.
#[utoipa::path(get, path = "/me", tag = "account", responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub async fn view_me(State(app): State<AppState>, caller: Caller) -> Result<Json<Me>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let view = match principal.account_if_any() {
        Some(_) => Some(account::view_account(&app, &principal).await?),
        None => None,
    };
    let view = view.as_ref();
    let account = view.map(|v| &v.account);
    Ok(Json(Me {
        email: account.map(|a| a.email.clone()),
        name: account.map(|a| a.name.clone()),
        is_operator: account.is_none_or(|a| a.is_operator),
        is_verified: account.is_some_and(|a| a.is_verified),
        time_zone: view.and_then(|v| v.time_zone.clone()),
        has_password: view.is_some_and(|v| v.has_password),
        passkeys: view.map_or(0, |v| v.passkeys),
        recovery_codes: view.map_or(0, |v| v.recovery_codes.0),
        wanted_email: view.and_then(|v| v.wanted_email.clone()),
        management: view.and_then(|v| v.management.as_ref()).map(ManagementJson::of),
        scopes: principal.scopes().to_vec(),
    }))
}
