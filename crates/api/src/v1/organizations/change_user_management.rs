//! Says where the people of an organization are managed.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::{Error, directory, organization};
use orglink_domain::organization::UserManagement;
use orglink_domain::text::UnknownWord;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::view::OrganizationJson;

/// Where its people are to be managed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserManagementChange {
    /// `centralized`: the organization has one directory; the groups that its sites kept become its own. `original`: each
    /// site keeps its own; only while the organization's directory has no group.
    user_management: String,
}

/// Say whether an organization has one directory or each of its sites its own. Scope: `operator`.
#[utoipa::path(put, path = "/organizations/{organization}/user-management", tag = "organizations", request_body = UserManagementChange,
    params(("organization" = String, Path, description = "Slug or id"),
        ("If-Match" = String, Header, description = "Its ETag as you have seen it, or *")),
    responses((status = 200, body = OrganizationJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "directory_in_use"),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn change_user_management(
    State(app): State<AppState>,
    caller: Caller,
    Path(reference): Path<String>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<UserManagementChange>,
) -> Result<impl IntoResponse, Failure> {
    // That it takes an operator's token is the policy's to say, to those who may know of the organization.
    let principal = caller.with_any_scope(&[Scope::Write, Scope::Operator])?;
    let to = wanted.user_management.parse::<UserManagement>();
    let to = to.map_err(|e: UnknownWord| Error::field("user_management", e.to_string()))?;
    directory::change_user_management(&app, &principal, &reference, to, expected).await?;
    let now = organization::view_organization(&app, &principal, &reference).await?.organization;
    Ok((etag(now.version), Json(OrganizationJson::of(&now))))
}
