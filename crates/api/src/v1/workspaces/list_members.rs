//! Lists the members of a workspace.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::workspace::{self, Member};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, etag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::FilteredQuery;
use crate::view::{AccountJson, ListJson};

/// Somebody in a workspace.
#[derive(Serialize, ToSchema)]
pub struct MemberJson {
    #[serde(flatten)]
    account: AccountJson,
    /// In a group with the *Admin* lozenge.
    is_admin: bool,
    user_groups: Vec<String>,
    /// How many repositories they were given directly.
    direct_grants: i64,
}

/// Everybody in any user group or with a grant of their own, by address. Scope: `read`; an extension: `people:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/members", tag = "workspaces",
    params(("workspace" = String, Path, description = "Slug or id"), FilteredQuery),
    responses((status = 200, body = ListJson<MemberJson>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_members(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<FilteredQuery>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope_or(Scope::Read, ExtensionScope::PeopleRead)?;
    let found = workspace::list_members(&app, &principal, &workspace, query.text(), &query.request()?).await?;
    let member = |m: Member| MemberJson {
        is_admin: m.is_admin(),
        user_groups: m.groups.into_iter().map(|g| g.slug).collect(),
        direct_grants: m.direct_grants,
        account: AccountJson::of(m.account),
    };
    Ok((etag(found.workspace.version), Json(ListJson::of(found.page.map(member)))))
}
