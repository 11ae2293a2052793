mod change_grants;
mod list_repositories;
mod view_repository_access;
pub use change_grants::*;
pub use list_repositories::*;
pub use view_repository_access::*;

use orglink_domain::workspace::Repository;
use serde::Serialize;
use utoipa::ToSchema;

/// A repository.
#[derive(Serialize, ToSchema)]
pub struct RepositoryJson {
    id: String,
    slug: String,
    name: String,
    project: Option<String>,
}

impl RepositoryJson {
    fn of(r: Repository) -> Self {
        Self { id: r.id.to_string(), slug: r.slug, name: r.name, project: r.project }
    }
}
