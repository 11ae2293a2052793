//! The users of a workspace migrate into the directory of its organization: what would meet there, how each group is to
//! come, and the proof that nobody can do more afterwards than before, anywhere.
//!
//! The directory's groups say who is in the groups of workspaces that are attached to them; what those may do stays the
//! workspaces' own affair.

mod compare;
mod mapping;
mod plan;
mod report;
mod terms;
#[cfg(test)]
mod tests;

pub use compare::{Proof, Widening, compare, predict};
pub use mapping::{Fate, Mapping, MappingFault, Resolved, Way, free_name, own_slugs, resolve};
pub use plan::{NoPlan, UsersBlocker, UsersPlan, UsersWarning, organization_blockers};
pub use report::{Finding, FindingCode, report};
pub use terms::{UsersSides, UsersStanding, UsersTerms};

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{AccountId, DirectoryGroupId, LinkId, RepositoryId, UserGroupId, WorkspaceId};
use crate::link::LinkPolicy;
use crate::organization::Organization;
use crate::workspace::{Permission, UserGroup, Workspace};

/// A group of the directory of an organization, or of one of its sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryGroup {
    pub id: DirectoryGroupId,
    pub slug: String,
    pub name: String,
}

/// The same with everything that a migration looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    pub group: DirectoryGroup,
    pub members: BTreeSet<AccountId>,
}

/// A user group of a workspace with who is in it and what it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupAccess {
    pub group: UserGroup,
    pub members: BTreeSet<AccountId>,
    pub grants: BTreeMap<RepositoryId, Permission>,
    /// The group of the directory that says who is in it.
    pub directory: Option<DirectoryGroupId>,
}

/// Who can do what in one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceAccess {
    pub workspace: WorkspaceId,
    pub slug: String,
    /// By slug.
    pub groups: Vec<GroupAccess>,
    /// The repositories, by their slugs.
    pub repositories: BTreeMap<RepositoryId, String>,
    /// What accounts were given themselves.
    pub direct: BTreeMap<AccountId, BTreeMap<RepositoryId, Permission>>,
}

impl PlaceAccess {
    /// The group with this id.
    #[must_use]
    pub fn group(&self, id: UserGroupId) -> Option<&GroupAccess> {
        self.groups.iter().find(|g| g.group.id == id)
    }

    /// Everybody who can do anything in it.
    #[must_use]
    pub fn people(&self) -> BTreeSet<AccountId> {
        self.groups.iter().flat_map(|g| &g.members).chain(self.direct.keys()).copied().collect()
    }
}

/// Somebody as a report looks at them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    pub is_verified: bool,
    pub is_robot: bool,
    pub is_suspended: bool,
}

/// Everything that the migration of a workspace's users is planned of, read at one moment.
#[derive(Debug, Clone)]
pub struct UsersFacts {
    pub workspace: Workspace,
    pub organization: Organization,
    /// By which the workspace belongs to the organization.
    pub link: LinkId,
    pub is_migrated: bool,
    /// Nobody has claimed the organization yet.
    pub is_unclaimed: bool,
    pub is_frozen: bool,
    pub policy: LinkPolicy,
    pub here: PlaceAccess,
    /// The workspaces that the directory's groups say something of already.
    pub others: Vec<PlaceAccess>,
    /// By slug.
    pub directory: Vec<DirectoryEntry>,
    pub people: BTreeMap<AccountId, Person>,
    /// The domains that the organization has verified.
    pub domains: Vec<String>,
    /// Pending invitations: the address, the slug of the group.
    pub invitations: Vec<(String, String)>,
    /// Who changes the directory: its admins and user access admins.
    pub managers: BTreeSet<AccountId>,
}
