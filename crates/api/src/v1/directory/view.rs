//! Groups of a directory, as JSON.

use orglink_app::directory::DirectoryGroupView;
use orglink_domain::account::Account;
use serde::Serialize;
use utoipa::ToSchema;

/// A group of an organization's directory.
#[derive(Serialize, ToSchema)]
pub struct DirectoryGroupJson {
    slug: String,
    name: String,
    members: i64,
    /// How many user groups of workspaces it says something of.
    attached: i64,
}

impl DirectoryGroupJson {
    pub fn of(view: &DirectoryGroupView) -> Self {
        Self {
            slug: view.group.slug.clone(),
            name: view.group.name.clone(),
            members: view.members,
            attached: view.attached,
        }
    }
}

/// Somebody who is in a group.
#[derive(Serialize, ToSchema)]
pub struct DirectoryMemberJson {
    id: String,
    email: String,
    name: String,
    is_verified: bool,
    is_robot: bool,
    is_suspended: bool,
}

impl DirectoryMemberJson {
    pub fn of(a: &Account) -> Self {
        Self {
            id: a.id.to_string(),
            email: a.email.clone(),
            name: a.name.clone(),
            is_verified: a.is_verified,
            is_robot: a.is_robot,
            is_suspended: a.is_suspended,
        }
    }
}
