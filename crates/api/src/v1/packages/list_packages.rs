//! Lists what was pushed to a workspace in the container registry.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::registry::{self, Package, Pusher};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::FilteredQuery;
use crate::view::ListJson;

/// An image, or a list of images, in the container registry.
#[derive(Serialize, ToSchema)]
pub struct PackageJson {
    /// Without the workspace's slug.
    image: String,
    /// What it is called now; an image that lost its tags to newer ones has none.
    tags: Vec<String>,
    /// Of the manifest: `sha256:…`.
    digest: String,
    media_type: String,
    /// In bytes: the manifest with everything that it names. Null where the registry does not say.
    size: Option<i64>,
    /// When it was pushed last.
    #[schema(value_type = String, format = DateTime)]
    pushed_at: Timestamp,
    pushed_by: Option<PusherJson>,
}

/// Who pushed.
#[derive(Serialize, ToSchema)]
pub struct PusherJson {
    id: String,
    email: String,
    name: String,
}

impl PackageJson {
    fn of(p: Package) -> Self {
        let Package { image, tags, digest, media_type, size, pushed_at, pushed_by, .. } = p;
        let pusher = |Pusher { id, email, name }| PusherJson { id: id.to_string(), email, name };
        Self { image, tags, digest, media_type, size, pushed_at, pushed_by: pushed_by.map(pusher) }
    }
}

/// What was pushed to the workspace in the container registry, the newest first. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/packages", tag = "packages",
    params(("workspace" = String, Path, description = "Slug or id"), FilteredQuery),
    responses((status = 200, body = ListJson<PackageJson>), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn list_packages(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<FilteredQuery>,
) -> Result<Json<ListJson<PackageJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = registry::list_packages(&app, &principal, &workspace, query.text(), &query.request()?).await?;
    Ok(Json(ListJson::of(found.page.map(PackageJson::of))))
}
