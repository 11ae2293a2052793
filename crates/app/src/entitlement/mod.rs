//! What workspaces may use: asked by people on pages, by programs, and by the products themselves.

mod check;
mod explain_entitlement;
mod kept;
mod read;
mod ticket;
mod turn_switch;
mod view_entitlements;
mod view_organization_features;

pub use check::{authenticate_product, know_workspace};
pub use explain_entitlement::explain_entitlement;
pub use kept::{Kept, Known, confirm_kept};
pub(crate) use read::{find_facts, require, require_once_linked};
pub use ticket::{Listening, TICKET_SECONDS, make_ticket};
pub use turn_switch::turn_switch;
pub use view_entitlements::{ConditionView, Entitlement, Entitlements, NextStep, view_entitlements};
pub use view_organization_features::{
    FeatureColumn, OrganizationFeatures, SwitchView, WorkspaceFeatures, view_organization_features,
};
