//! What workspaces may use: asked by people on pages, by programs, and by the products themselves.

mod explain_entitlement;
mod read;
mod turn_switch;
mod view_entitlements;
mod view_organization_features;

pub use explain_entitlement::explain_entitlement;
pub(crate) use read::{find_facts, require};
pub use turn_switch::turn_switch;
pub use view_entitlements::{ConditionView, Entitlement, Entitlements, NextStep, view_entitlements};
pub use view_organization_features::{
    FeatureColumn, OrganizationFeatures, SwitchView, WorkspaceFeatures, view_organization_features,
};
