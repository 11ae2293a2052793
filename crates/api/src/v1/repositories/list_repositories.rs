//! Lists the repositories of a workspace.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::repository;
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};

use super::RepositoryJson;
use crate::v1::FilteredQuery;
use crate::view::ListJson;

/// The repositories of a workspace, by slug. Scope: `read`; an extension: `repositories:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/repositories", tag = "repositories",
    params(("workspace" = String, Path, description = "Slug or id"), FilteredQuery),
    responses((status = 200, body = ListJson<RepositoryJson>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_repositories(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<FilteredQuery>,
) -> Result<Json<ListJson<RepositoryJson>>, Failure> {
    let principal = caller.with_scope_or(Scope::Read, ExtensionScope::RepositoriesRead)?;
    let found = repository::list_repositories(&app, &principal, &workspace, query.text(), &query.request()?).await?;
    Ok(Json(ListJson::of(found.page.map(RepositoryJson::of))))
}
