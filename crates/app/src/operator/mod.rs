//! What the operator sees and does: every workspace, the health of the program, who else operates.

mod explore_workspaces;
mod history;
mod list_imports;
mod list_operators;
mod measure;
mod view_health;

pub(crate) use explore_workspaces::KeptCounts;
pub use explore_workspaces::{Explored, WorkspaceCounts, WorkspaceFilter, count_workspaces, explore_workspaces};
pub use history::{CohortCounts, DayCounts, keep_history, list_history};
pub use list_imports::{PastImport, list_imports};
pub use list_operators::{list_operators, revoke_operator};
pub use measure::{Measures, measure};
pub use orglink_store::explorer::Counts;
pub use view_health::{HealthView, Lag, LoopHealth, Loops, view_health};
