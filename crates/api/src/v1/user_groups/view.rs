//! A user group, as JSON.

use orglink_domain::workspace::{Permission, UserGroup};
use serde::Serialize;
use utoipa::ToSchema;

/// A user group.
#[derive(Serialize, ToSchema)]
pub struct UserGroupJson {
    pub slug: String,
    pub name: String,
    /// Carries the *Admin* lozenge.
    pub is_admin: bool,
    #[schema(value_type = String)]
    pub repository_permission: Permission,
    pub workspace_permissions: Vec<String>,
    pub is_default: bool,
    pub members: i64,
}

impl UserGroupJson {
    pub fn of(g: &UserGroup, members: i64) -> Self {
        Self {
            slug: g.slug.clone(),
            name: g.name.clone(),
            is_admin: g.is_admin,
            repository_permission: g.repository_permission,
            workspace_permissions: g.workspace_permissions.clone(),
            is_default: g.is_default,
            members,
        }
    }
}
