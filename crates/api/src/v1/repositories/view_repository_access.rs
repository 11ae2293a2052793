//! Who can do what with a repository, and through which group.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::repository::{self, GroupAccess, PersonAccess};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::repository_access::{Source, Through};
use orglink_domain::token::Scope;
use orglink_domain::workspace::Permission;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, etag};
use serde::Serialize;
use utoipa::ToSchema;

use super::RepositoryJson;
use crate::v1::FilteredQuery;
use crate::view::{AccountJson, ListJson};

/// Who can do what with a repository.
#[derive(Serialize, ToSchema)]
pub struct RepositoryAccess {
    repository: RepositoryJson,
    /// Every group of the workspace, by slug.
    groups: Vec<GroupAccessJson>,
    /// The members of the workspace, by address, a page at a time.
    people: ListJson<PersonAccessJson>,
}

/// What a group may do there.
#[derive(Serialize, ToSchema)]
pub struct GroupAccessJson {
    group: String,
    /// What it was given on this repository, if anything.
    #[schema(value_type = Option<String>)]
    grant: Option<Permission>,
    #[schema(value_type = String)]
    permission: Permission,
}

/// What somebody may do there.
#[derive(Serialize, ToSchema)]
pub struct PersonAccessJson {
    account: AccountJson,
    #[schema(value_type = String)]
    permission: Permission,
    /// Every way in which they may do something, strongest first.
    through: Vec<SourceJson>,
}

/// One way to a permission.
#[derive(Serialize, ToSchema)]
pub struct SourceJson {
    /// `admin_group`, `group_grant`, `group_default` or `direct_grant`.
    kind: &'static str,
    group: Option<String>,
    #[schema(value_type = String)]
    permission: Permission,
}

impl SourceJson {
    fn of(source: Source) -> Self {
        let (kind, group) = match source.through {
            Through::AdminGroup(group) => ("admin_group", Some(group)),
            Through::GroupGrant(group) => ("group_grant", Some(group)),
            Through::GroupDefault(group) => ("group_default", Some(group)),
            Through::DirectGrant => ("direct_grant", None),
        };
        Self { kind, group, permission: source.permission }
    }
}

/// Who can do what with a repository, and through which group; for workspace admins. Scope: `read`; an extension: `repositories:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/repositories/{repository}/access", tag = "repositories",
    params(("workspace" = String, Path, description = "Slug or id"), ("repository" = String, Path, description = "Slug"), FilteredQuery),
    responses((status = 200, body = RepositoryAccess), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_repository_access(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, slug)): Path<(String, String)>,
    QueryString(query): QueryString<FilteredQuery>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope_or(Scope::Read, ExtensionScope::RepositoriesRead)?;
    let view = repository::view_access(&app, &principal, (&workspace, &slug), query.text(), &query.request()?).await?;
    let group =
        |g: GroupAccess| GroupAccessJson { group: g.group.slug, grant: g.grant, permission: g.source.permission };
    let person = |p: PersonAccess| PersonAccessJson {
        account: AccountJson::of(p.account),
        permission: p.permission,
        through: p.sources.into_iter().map(SourceJson::of).collect(),
    };
    let access = RepositoryAccess {
        repository: RepositoryJson::of(view.repository),
        groups: view.groups.into_iter().map(group).collect(),
        people: ListJson::of(view.people.map(person)),
    };
    Ok((etag(view.workspace.version), Json(access)))
}
