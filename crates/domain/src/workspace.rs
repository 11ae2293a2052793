//! Workspaces: standalone containers of an app, before and after they are linked.

use crate::clock::Timestamp;
use crate::id::WorkspaceId;
use crate::words;

words! {
    "workspace kind" Kind { Team = "team", Personal = "personal" }
}
words! {
    /// What a workspace pays for (its subscription), called *plan* on pages and in import records.
    "plan" SubscriptionPlan { Free = "free", Standard = "standard", Premium = "premium" }
}
words! {
    "billing cycle" BillingCycle { Monthly = "monthly", Annual = "annual" }
}
words! {
    "status" Status { Active = "active", Suspended = "suspended", PendingDeletion = "pending_deletion" }
}
words! {
    /// A reason outside the workspace's own power to leave it where it is.
    "hold" Hold { Legal = "legal", Transfer = "transfer" }
}
words! {
    /// What somebody may do with a repository; each includes the ones before it.
    "permission" Permission { None = "none", Read = "read", Write = "write", Admin = "admin" }
}
words! {
    "contact kind" ContactKind { Billing = "billing", Technical = "technical" }
}

/// A standalone container of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub slug: String,
    pub name: String,
    /// The catalog's name of the app it is a container of.
    pub app: String,
    pub kind: Kind,
    pub plan: SubscriptionPlan,
    pub billing_cycle: BillingCycle,
    pub status: Status,
    pub legal_hold: bool,
    pub open_transfer: bool,
    /// Goes up by one with every change of a fact of the workspace: the ETag, the drift check, the cache key.
    pub version: i64,
    pub created_at: Timestamp,
}

impl Workspace {
    /// The holds on it, in their fixed order.
    #[must_use]
    pub fn holds(&self) -> Vec<Hold> {
        let legal = self.legal_hold.then_some(Hold::Legal);
        legal.into_iter().chain(self.open_transfer.then_some(Hold::Transfer)).collect()
    }
}

/// A named set of members with what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserGroup {
    pub id: crate::id::UserGroupId,
    pub slug: String,
    pub name: String,
    /// Carries the *Admin* lozenge: its members administer the workspace.
    pub is_admin: bool,
    pub repository_permission: Permission,
    /// Sorted, without duplicates.
    pub workspace_permissions: Vec<String>,
    /// New members land here.
    pub is_default: bool,
}

/// A repository of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    pub id: crate::id::RepositoryId,
    pub slug: String,
    pub name: String,
    pub project: Option<String>,
}
