//! Linking: the plan beforehand, the guarded write, the link afterwards.

mod link_workspace;
mod make_plan;
mod read_plan;
mod view_link;

pub use link_workspace::{Acknowledge, LinkAnswer, LinkRequest, link_workspace};
pub use make_plan::{PlanView, make_plan, view_plan};
pub(crate) use view_link::maker;
pub use view_link::{LinkView, view_link, view_workspace_link};
