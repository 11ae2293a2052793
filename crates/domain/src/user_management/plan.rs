//! The plan of a users migration: exactly what would be done, with a digest that two sides agree to.
//!
//! Material is what people decide on: the groups with what they may do, who is in those that administer the workspace or
//! are merged, the way of each, who manages the directory. Ordinary members come and go meanwhile; whether anybody could
//! do more is proven anew when it is done.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::mapping::resolve_among;
use super::{Finding, Mapping, MappingFault, Proof, Resolved, UsersFacts, Way, compare, predict, report, resolve};
use crate::digest::{Digest, canonical_json};
use crate::id::AccountId;
use crate::organization::UserManagement;
use crate::words;
use crate::workspace::Status;

words! {
    /// Why users cannot migrate now.
    "blocker" UsersBlocker {
        AlreadyMigrated = "users_migrated",
        OrganizationOriginalUserManagement = "organization_original_user_management",
        OrganizationUnclaimed = "organization_unclaimed",
        Suspended = "suspended",
        PendingDeletion = "pending_deletion",
        OpenTransfer = "open_transfer",
        LegalHold = "legal_hold",
        LinkingFrozen = "linking_frozen",
        /// Somebody could do more than before.
        WouldWiden = "would_widen",
    }
}

impl UsersBlocker {
    /// What is the matter, and what to do about it.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::AlreadyMigrated => {
                ("Its users have migrated already.", "Manage them in the organization's directory.")
            }
            Self::OrganizationOriginalUserManagement => (
                "The organization still has separate user management: each of its sites keeps its own directory.",
                "Wait until the organization has centralized user management.",
            ),
            Self::OrganizationUnclaimed => {
                ("Nobody has claimed the organization yet.", "Claim it: orglink organization claim.")
            }
            Self::Suspended => ("The workspace is suspended.", "Ask the operator to restore it."),
            Self::PendingDeletion => ("The workspace is about to be deleted.", "Keep it, or let it be deleted."),
            Self::OpenTransfer => ("The workspace is being handed over.", "Finish the transfer first."),
            Self::LegalHold => ("The workspace is under a legal hold.", "Ask whoever put it there."),
            Self::LinkingFrozen => ("The operator has stopped all linking for now.", "Wait until it goes on."),
            Self::WouldWiden => (
                "Somebody could do more than before.",
                "Give the groups concerned names of their own instead of merging them, or make their members the same first.",
            ),
        }
    }
}

impl UsersBlocker {
    /// Who can change it.
    #[must_use]
    pub const fn who(self) -> &'static str {
        match self {
            Self::AlreadyMigrated => "whoever manages the directory",
            Self::OrganizationUnclaimed => "an admin of the organization",
            Self::WouldWiden => "whoever plans the migration",
            Self::OrganizationOriginalUserManagement
            | Self::Suspended
            | Self::PendingDeletion
            | Self::OpenTransfer
            | Self::LegalHold
            | Self::LinkingFrozen => "the operator",
        }
    }
}

/// What keeps users from migrating into the directory of an organization at all.
#[must_use]
pub fn organization_blockers(user_management: UserManagement, is_unclaimed: bool) -> Vec<UsersBlocker> {
    let found = [
        (user_management == UserManagement::Original, UsersBlocker::OrganizationOriginalUserManagement),
        (is_unclaimed, UsersBlocker::OrganizationUnclaimed),
    ];
    found.into_iter().filter_map(|(applies, code)| applies.then_some(code)).collect()
}

words! {
    /// What must be acknowledged by name.
    "warning" UsersWarning {
        MembersManagedInOrganization = "members_managed_in_organization",
        ManagersChangeAdmins = "managers_change_admins",
        MigrationIsPermanent = "migration_is_permanent",
        GroupsAreMerged = "groups_are_merged",
    }
}

impl UsersWarning {
    /// Everything that may have to be acknowledged where nothing is merged.
    pub const WITHOUT_MERGES: &'static [Self] =
        &[Self::MembersManagedInOrganization, Self::ManagersChangeAdmins, Self::MigrationIsPermanent];

    /// What it means.
    #[must_use]
    pub const fn detail(self) -> &'static str {
        match self {
            Self::MembersManagedInOrganization => {
                "Who is in the workspace's user groups is changed in the organization's directory from then on, by its admins and user access admins; no longer in the workspace. What each group may do stays the workspace's affair."
            }
            Self::ManagersChangeAdmins => "Whoever manages the directory can change who administers the workspace.",
            Self::MigrationIsPermanent => {
                "Users do not migrate back, and the link can then be neither undone nor moved."
            }
            Self::GroupsAreMerged => "Groups are merged: from then on the same people are in them everywhere.",
        }
    }

    /// A few words for a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::MembersManagedInOrganization => "People are managed in the organization",
            Self::ManagersChangeAdmins => "The organization can change the admins",
            Self::MigrationIsPermanent => "The migration is permanent",
            Self::GroupsAreMerged => "Groups are merged",
        }
    }
}

/// What a migration would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsersPlan {
    pub document: Value,
    pub digest: Digest,
    pub ways: Vec<Resolved>,
    pub findings: Vec<Finding>,
    pub proof: Proof,
    pub blockers: Vec<UsersBlocker>,
    pub warnings: Vec<UsersWarning>,
}

/// A mapping for which there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum NoPlan {
    #[error(transparent)]
    Mapping(#[from] MappingFault),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl UsersPlan {
    /// Makes the plan of these facts and this mapping.
    ///
    /// # Errors
    /// When the mapping cannot be.
    pub fn new(facts: &UsersFacts, mapping: &Mapping) -> Result<Self, NoPlan> {
        Self::of_ways(facts, mapping, resolve(facts, mapping)?)
    }

    /// Makes the plan that merges nothing, where it is known which names are taken (folded slugs): the facts need not hold the
    /// directory. The names that it takes are added.
    ///
    /// # Errors
    /// Never because of a mapping.
    pub fn apart(facts: &UsersFacts, taken: &mut BTreeSet<String>) -> Result<Self, NoPlan> {
        let mapping = Mapping::new();
        Self::of_ways(facts, &mapping, resolve_among(facts, &mapping, taken)?)
    }

    fn of_ways(facts: &UsersFacts, mapping: &Mapping, ways: Vec<Resolved>) -> Result<Self, NoPlan> {
        let before: Vec<_> = std::iter::once(&facts.here).chain(&facts.others).cloned().collect();
        let proof = compare(&before, &predict(facts, &ways));
        let blockers = blockers(facts, &proof);
        let warnings = warnings(facts, &ways);
        let document = document(facts, mapping, &ways, (&blockers, &warnings));
        let digest = Digest::of(&[&canonical_json(&document)?]);
        Ok(Self { document, digest, ways, findings: report(facts), proof, blockers, warnings })
    }
}

fn blockers(facts: &UsersFacts, proof: &Proof) -> Vec<UsersBlocker> {
    use UsersBlocker as B;
    let w = &facts.workspace;
    let of_organization = organization_blockers(facts.organization.user_management, facts.is_unclaimed);
    let of_workspace = [
        (w.status == Status::Suspended, B::Suspended),
        (w.status == Status::PendingDeletion, B::PendingDeletion),
        (w.open_transfer, B::OpenTransfer),
        (w.legal_hold, B::LegalHold),
        (facts.is_frozen, B::LinkingFrozen),
        (!proof.widenings.is_empty(), B::WouldWiden),
    ];
    facts
        .is_migrated
        .then_some(B::AlreadyMigrated)
        .into_iter()
        .chain(of_organization)
        .chain(of_workspace.into_iter().filter_map(|(applies, code)| applies.then_some(code)))
        .collect()
}

fn warnings(facts: &UsersFacts, ways: &[Resolved]) -> Vec<UsersWarning> {
    use UsersWarning as W;
    let has_admins = facts.here.groups.iter().any(|g| g.group.is_admin);
    let merges = ways.iter().any(|w| matches!(w.way, Way::Into(_)));
    [
        (true, W::MembersManagedInOrganization),
        (has_admins, W::ManagersChangeAdmins),
        (true, W::MigrationIsPermanent),
        (merges, W::GroupsAreMerged),
    ]
    .into_iter()
    .filter_map(|(applies, code)| applies.then_some(code))
    .collect()
}

fn document(
    facts: &UsersFacts,
    mapping: &Mapping,
    ways: &[Resolved],
    (blockers, warnings): (&[UsersBlocker], &[UsersWarning]),
) -> Value {
    let (w, o) = (&facts.workspace, &facts.organization);
    let ids = |people: &BTreeSet<AccountId>| people.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut groups = Map::new();
    for here in &facts.here.groups {
        let g = &here.group;
        let way = ways.iter().find(|way| way.group == g.id).map(|way| &way.way);
        let mut value = json!({
            "name": g.name, "is_admin": g.is_admin, "is_default": g.is_default,
            "repository_permission": g.repository_permission, "workspace_permissions": g.workspace_permissions,
        });
        let Some(fields) = value.as_object_mut() else { continue };
        let mut shows_members = g.is_admin;
        match way {
            Some(Way::New { slug, name }) => {
                fields.insert("becomes".into(), json!({ "slug": slug, "name": name }));
            }
            Some(Way::Into(id)) => {
                shows_members = true;
                if let Some(there) = facts.directory.iter().find(|d| d.group.id == *id) {
                    let into = json!({ "id": id, "slug": there.group.slug, "members": ids(&there.members) });
                    fields.insert("merges_into".into(), into);
                }
            }
            None => {}
        }
        if shows_members {
            fields.insert("members".into(), json!(ids(&here.members)));
        }
        groups.insert(g.slug.clone(), value);
    }
    json!({
        "format": "orglink-plan-v1",
        "action": "migrate_users",
        "link": { "id": facts.link },
        "workspace": { "id": w.id, "slug": w.slug, "name": w.name, "app": w.app, "status": w.status, "holds": w.holds(), "user_groups": groups },
        "organization": { "id": o.id, "slug": o.slug, "name": o.name, "user_management": o.user_management, "managers": ids(&facts.managers) },
        "mapping": mapping,
        "access": { "now": "nobody can do more than before" },
        "billing": { "now": "unchanged" },
        "blockers": blockers,
        "warnings": warnings,
        "policy": { "consent": facts.policy.consent },
    })
}
