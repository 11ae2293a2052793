//! Lists the people of an organization with everything they hold.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::organization::{self, User};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, etag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::FilteredQuery;
use crate::view::{AccountJson, HeldRoleJson, ListJson};

/// Somebody with a role on the organization, one of its sites or one app.
#[derive(Serialize, ToSchema)]
pub struct UserJson {
    #[serde(flatten)]
    account: AccountJson,
    roles: Vec<HeldRoleJson>,
}

/// Everybody with a role on the organization, its sites or apps, by address. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/users", tag = "organizations",
    params(("organization" = String, Path, description = "Slug or id"), FilteredQuery),
    responses((status = 200, body = ListJson<UserJson>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_users(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<FilteredQuery>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = organization::list_users(&app, &principal, &organization, query.text(), &query.request()?).await?;
    let user = |u: User| UserJson {
        account: AccountJson::of(u.account),
        roles: u.roles.into_iter().map(HeldRoleJson::of).collect(),
    };
    Ok((etag(found.organization.version), Json(ListJson::of(found.page.map(user)))))
}
