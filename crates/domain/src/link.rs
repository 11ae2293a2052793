//! The link: one workspace, one organization, from one moment on.

use crate::clock::Timestamp;
use crate::digest::Digest;
use crate::event::Through;
use crate::id::{AccountId, LinkId, OrganizationId, RunId, WorkspaceId};
use crate::words;

words! {
    /// Whether the comparison after the link found what the digest before it said.
    "access check" AccessCheck {
        /// Not compared yet; a loop does so within seconds.
        Pending = "pending",
        /// Compared from a fresh read: exactly the same.
        Unchanged = "unchanged",
        /// The workspace's own people had changed something again before it was compared; their events say what.
        ChangedSince = "changed_since",
        /// Not the same, and nobody changed anything: an alarm.
        Differs = "differs",
    }
}

words! {
    /// What becomes of the attachment of a workspace to an organization.
    "act" Act {
        /// People linked, on a plan.
        Link = "link",
        /// A campaign linked, by its decision.
        AutomaticLink = "automatic_link",
        /// A link was taken back, on a plan.
        Undo = "undo",
        /// From one organization to another without a gap, on a plan.
        Transfer = "transfer",
        /// Ended by two operators, whatever its policy says (break-glass).
        Unlink = "unlink",
        /// The workspace's users migrate into the directory of its organization, on a plan; the link stays.
        MigrateUsers = "migrate_users",
        /// The same by a campaign, as both sides had agreed beforehand.
        AutomaticUsersMigration = "automatic_users_migration",
    }
}

words! {
    /// How many people a link needs.
    "consent" Consent {
        /// One person who is admin on both sides: the seed's rule.
        OnePerson = "one-person",
        /// An admin of each side agrees to the same plan; one person who is both still links alone.
        TwoSided = "two-sided",
        /// The same, by two different accounts.
        TwoPeople = "two-people",
    }
}

/// What the operator had decided about links when one was made; copied onto it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkPolicy {
    pub consent: Consent,
    /// For how long either side may undo; zero means the link is permanent at once.
    pub undo_window_seconds: i64,
    /// Whether the workspace can be moved to another organization, when all three agree.
    pub transfer: bool,
}

impl LinkPolicy {
    /// Whether no admin can change anything about a link once it is made.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        self.undo_window_seconds == 0 && !self.transfer
    }

    /// Until when what was linked then can be undone; none when it is permanent at once.
    #[must_use]
    pub fn undo_until(&self, linked_at: Timestamp) -> Option<Timestamp> {
        (self.undo_window_seconds > 0).then(|| linked_at.plus_seconds(self.undo_window_seconds))
    }
}

/// What a link rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkOrigin {
    /// Somebody decided it, on this plan.
    Person { account: AccountId, plan: Digest },
    /// A campaign's run did, by the decision that it keeps of the workspace.
    Run(RunId),
}

impl LinkOrigin {
    #[must_use]
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::Person { account, .. } => Some(account),
            Self::Run(_) => None,
        }
    }

    #[must_use]
    pub const fn plan(self) -> Option<Digest> {
        match self {
            Self::Person { plan, .. } => Some(plan),
            Self::Run(_) => None,
        }
    }

    #[must_use]
    pub const fn run(self) -> Option<RunId> {
        match self {
            Self::Person { .. } => None,
            Self::Run(run) => Some(run),
        }
    }
}

/// The attachment of one workspace to one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub id: LinkId,
    pub workspace_id: WorkspaceId,
    pub organization_id: OrganizationId,
    pub linked_at: Timestamp,
    pub origin: LinkOrigin,
    /// Whether an operator did it in that account's name, or the program by itself.
    pub linked_through: Through,
    pub access_digest: Digest,
    /// The workspace's version that the access digest was taken of.
    pub access_version: i64,
    pub access_check: AccessCheck,
    pub policy: LinkPolicy,
    /// The warnings acknowledged, by code.
    pub acknowledged: Vec<String>,
    pub ended_at: Option<Timestamp>,
}

impl Link {
    /// Until when either side may undo it, while that is still to come; afterwards it is *sealed*.
    #[must_use]
    pub fn undo_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.policy.undo_until(self.linked_at).filter(|until| *until > now)
    }
}
