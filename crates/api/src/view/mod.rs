//! The JSON shapes that endpoints of several things share.

mod account;
mod eligibility;
mod link;
mod organization;
mod recommendation;
mod workspace;

pub use account::AccountJson;
pub use eligibility::{EligibilityJson, LinkableJson};
pub use link::{LinkCardJson, LinkJson};
pub use organization::{HeldRoleJson, OrganizationJson};
pub use recommendation::RecommendationJson;
pub use workspace::WorkspaceJson;

use orglink_app::Page;
use serde::Serialize;
use utoipa::ToSchema;

/// A part of a list; send `next` back as `cursor` for the rest.
#[derive(Serialize, ToSchema)]
pub struct ListJson<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> ListJson<T> {
    pub fn of(page: Page<T>) -> Self {
        Self { items: page.items, next: page.next }
    }
}
