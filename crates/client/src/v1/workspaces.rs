//! Workspaces.

use serde::{Deserialize, Serialize};

use super::AT_ONCE;
use super::eligibility::Eligibility;
use super::links::LinkCard;
use crate::request::with_query;
use crate::words::words;
use crate::{Client, Error, List, segment};

words! {
    Kind { Team = "team", Personal = "personal" }
}
words! {
    /// What a workspace pays for.
    Plan { Free = "free", Standard = "standard", Premium = "premium" }
}
words! {
    BillingCycle { Monthly = "monthly", Annual = "annual" }
}
words! {
    Status { Active = "active", Suspended = "suspended", PendingDeletion = "pending_deletion" }
}
words! {
    /// A reason outside the workspace's own power to leave it where it is.
    Hold { Legal = "legal", Transfer = "transfer" }
}
words! {
    /// What one is to a workspace; `None` for who sees it only through the organization that it is linked to.
    WorkspaceRole { Admin = "admin", Member = "member", None = "none" }
}
words! {
    /// How many people administer something and can act.
    Administration { Nobody = "nobody", OnePerson = "one_person", Several = "several" }
}

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Workspace {
    pub id: String,
    pub slug: String,
    pub name: String,
    /// The catalog's name of the app it is a container of.
    pub app: String,
    pub kind: Kind,
    pub plan: Plan,
    pub billing_cycle: BillingCycle,
    pub status: Status,
    pub holds: Vec<Hold>,
    pub created_at: String,
}

/// A workspace, what one is to it, and where it is linked or why it is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WorkspaceDetail {
    #[serde(flatten)]
    pub workspace: Workspace,
    pub role: WorkspaceRole,
    pub members: i64,
    pub user_groups: i64,
    pub repositories: i64,
    pub link: Option<LinkCard>,
    pub eligibility: Eligibility,
    pub is_watching: bool,
    /// None when one may not see its people.
    pub administration: Option<Administration>,
    /// What its admins should do something about.
    pub warning: Option<String>,
}

/// The stages of a workspace, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Timeline {
    pub workspace: String,
    pub entries: Vec<TimelineEntry>,
}

/// Something that happened, or is to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TimelineEntry {
    pub at: String,
    /// `workspace`, `linking`, `billing` or `users`.
    pub step: String,
    pub what: String,
    /// Who decided it; none of what is to come.
    pub by: Option<String>,
    pub changes: String,
    /// What it does not change.
    pub leaves: String,
    pub is_to_come: bool,
    /// Id of its event.
    pub event: Option<String>,
}

impl Client {
    /// The stages of a workspace (slug or id) on one line.
    pub async fn view_timeline(&self, workspace: &str) -> Result<Timeline, Error> {
        self.get(&format!("/workspaces/{}/timeline", segment(workspace))).await
    }

    /// The workspaces that one may see, by slug; all of them for an operator.
    pub fn list_workspaces(&self) -> List<Workspace> {
        self.list(&with_query("/workspaces", &[("limit", AT_ONCE)]))
    }

    /// A workspace, by slug or id.
    pub async fn view_workspace(&self, workspace: &str) -> Result<WorkspaceDetail, Error> {
        self.get(&format!("/workspaces/{}", segment(workspace))).await
    }
}
