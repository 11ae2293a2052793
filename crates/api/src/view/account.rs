//! Somebody, as JSON.

use orglink_domain::account::Account;
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody in a workspace.
#[derive(Serialize, ToSchema)]
pub struct AccountJson {
    pub id: String,
    pub email: String,
    pub name: String,
    pub is_robot: bool,
}

impl AccountJson {
    pub fn of(a: Account) -> Self {
        Self { id: a.id.to_string(), email: a.email, name: a.name, is_robot: a.is_robot }
    }
}
