//! The accounts that an organization manages or has claimed; releasing one.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::IntoResponse;
use orglink_app::{PageRequest, domain_claim};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, Problem, QueryString, etag};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::ManagedAccountJson;
use crate::v1::state_word;
use crate::view::ListJson;

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ManagedQuery {
    /// `announced`, `objected` or `managed`; all when absent.
    state: Option<String>,
    /// Only those whose address contains this text.
    q: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

type Listed = ([(HeaderName, String); 1], Json<ListJson<ManagedAccountJson>>);

/// The accounts that the organization manages or has claimed, by address. For its admins and auditors, and operators.
/// Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/managed-accounts", tag = "domains", params(("organization" = String, Path, description = "Slug or id"), ManagedQuery),
    responses((status = 200, body = ListJson<ManagedAccountJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_managed_accounts(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<ManagedQuery>,
) -> Result<Listed, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let page = PageRequest::new(query.cursor.as_deref(), query.limit)?;
    let which = (state_word(query.state.as_deref())?, query.q.as_deref().unwrap_or_default());
    let (of, page) = domain_claim::list_claims(&app, &principal, &organization, which, &page).await?;
    Ok((etag(of.organization.version), Json(ListJson::of(page.map(|managed| ManagedAccountJson::of(&managed))))))
}

/// Release an account that the organization manages, or withdraw the claim of one that it is to manage, also after an objection. The
/// person is told. For admins of the organization, and operators. Scope: `write`.
#[utoipa::path(delete, path = "/organizations/{organization}/managed-accounts/{account}", tag = "domains", params(("organization" = String, Path, description = "Slug or id"), ("account" = String, Path, description = "Address or id"), ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn release_account(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, account)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let version = domain_claim::release_account(&app, &principal, &organization, &account, expected).await?;
    Ok((etag(version), StatusCode::NO_CONTENT))
}
