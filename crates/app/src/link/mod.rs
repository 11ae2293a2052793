//! Linking: the plan beforehand, the guarded write, the link afterwards; of one workspace, and of many by the same rule.

mod link_workspace;
mod link_workspaces;
mod make_link;
mod make_plan;
mod plan_links;
mod read_plan;
mod stage;
mod undo_link;
mod view_link;

pub use link_workspace::{Acknowledge, LinkAnswer, LinkRequest, link_workspace};
pub(crate) use link_workspace::{acknowledged, compare_with_shown, others_needed, plan_changed, refuse_ineligible};
pub use link_workspaces::{LinkedRow, LinksAnswer, LinksRequest, RowOutcome, RowToLink, link_workspaces};
pub(crate) use make_link::{Agreed, guard_all, guard_pair, link_of, make_link, together};
pub(crate) use make_plan::show_pair;
pub use make_plan::{PlanView, make_plan, view_plan};
pub use plan_links::{LinksPlan, PlannedRow, plan_links};
pub(crate) use read_plan::{PlannedPair, require_both_roles};
pub(crate) use stage::{require_only_linked, undo_until};
pub(crate) use undo_link::{By, Undoable, plan_undo_within, undo_changed};
pub use undo_link::{UndoPlan, UndoRequest, Undone, plan_undo, undo_link};
pub(crate) use view_link::maker;
pub use view_link::{LinkView, view_link, view_workspace_link};
