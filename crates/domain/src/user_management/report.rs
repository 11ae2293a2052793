//! What meets in the directory: told before anything is decided, and never decided by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Person, UsersFacts};
use crate::id::AccountId;
use crate::name::fold;
use crate::words;

words! {
    /// What is worth knowing before users migrate.
    "finding" FindingCode {
        /// The directory has a group of the same name, with other people in it.
        SameName = "same_name",
        /// Two accounts look like the same person.
        SamePerson = "same_person",
        /// The people of a group administer the workspace: whoever manages the directory can then change who they are.
        AdminsByGroup = "admins_by_group",
        Robot = "robot",
        Suspended = "suspended",
        Unverified = "unverified",
        PendingInvitation = "pending_invitation",
    }
}

impl FindingCode {
    /// A few words for a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::SameName => "Same name, other people",
            Self::SamePerson => "Perhaps the same person",
            Self::AdminsByGroup => "Admins by group",
            Self::Robot => "Robots",
            Self::Suspended => "Suspended",
            Self::Unverified => "Address not verified",
            Self::PendingInvitation => "Invited",
        }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub code: FindingCode,
    /// The group, by its slug; or the address of whoever is invited.
    pub subject: String,
    pub detail: String,
    pub accounts: Vec<AccountId>,
}

/// Everything that is found, in the order of the list.
#[must_use]
pub fn report(facts: &UsersFacts) -> Vec<Finding> {
    let mut found = Vec::new();
    for here in &facts.here.groups {
        let is_same = |d: &&super::DirectoryEntry| {
            fold(&d.group.slug) == fold(&here.group.slug) || fold(&d.group.name) == fold(&here.group.name)
        };
        for there in facts.directory.iter().filter(is_same) {
            let differ: Vec<AccountId> = here.members.symmetric_difference(&there.members).copied().collect();
            if !differ.is_empty() {
                found.push(Finding {
                    code: FindingCode::SameName,
                    subject: here.group.slug.clone(),
                    detail: format!(
                        "The directory has a group '{}' with other people in it: {} are only here, {} only there. They stay \
                         apart unless somebody says that they are merged.",
                        there.group.slug,
                        here.members.difference(&there.members).count(),
                        there.members.difference(&here.members).count()
                    ),
                    accounts: differ,
                });
            }
        }
    }
    found.extend(same_people(facts));
    for here in facts.here.groups.iter().filter(|g| g.group.is_admin) {
        found.push(Finding {
            code: FindingCode::AdminsByGroup,
            subject: here.group.slug.clone(),
            detail: format!(
                "Whoever is in '{}' administers the workspace. Afterwards those who manage the directory ({} people) can \
                 change who that is.",
                here.group.slug,
                facts.managers.len()
            ),
            accounts: here.members.iter().copied().collect(),
        });
    }
    let kinds = [
        (FindingCode::Robot, "They are no people, and come along as they are."),
        (FindingCode::Suspended, "They can do nothing now, and come along as they are."),
        (FindingCode::Unverified, "Nobody has shown that they read mail at this address."),
    ];
    let is_one = |code, p: &Person| match code {
        FindingCode::Robot => p.is_robot,
        FindingCode::Suspended => p.is_suspended,
        _ => !p.is_verified,
    };
    let members: BTreeSet<AccountId> = facts.here.groups.iter().flat_map(|g| g.members.iter().copied()).collect();
    for (code, detail) in kinds {
        let accounts: Vec<AccountId> =
            members.iter().copied().filter(|id| facts.people.get(id).is_some_and(|p| is_one(code, p))).collect();
        if !accounts.is_empty() {
            let subject = facts.workspace.slug.clone();
            found.push(Finding { code, subject, detail: detail.to_owned(), accounts });
        }
    }
    for (email, group) in &facts.invitations {
        found.push(Finding {
            code: FindingCode::PendingInvitation,
            subject: email.clone(),
            detail: format!(
                "Invited to '{group}'. The invitation stays; whoever accepts it comes into the directory's group."
            ),
            accounts: Vec::new(),
        });
    }
    found
}

/// Accounts that look like one person, with the evidence. Told, never merged.
fn same_people(facts: &UsersFacts) -> Vec<Finding> {
    let mut by: BTreeMap<(u8, String), BTreeSet<AccountId>> = BTreeMap::new();
    let of_here: BTreeSet<AccountId> = facts.here.groups.iter().flat_map(|g| g.members.iter().copied()).collect();
    for person in facts.people.values().filter(|p| !p.is_robot) {
        by.entry((0, fold(person.name.trim()))).or_default().insert(person.id);
        let email = fold(&person.email);
        if let Some((local, domain)) = email.split_once('@')
            && facts.domains.iter().any(|d| fold(d) == domain)
        {
            by.entry((1, local.split('+').next().unwrap_or(local).to_owned())).or_default().insert(person.id);
        }
    }
    let found =
        by.into_iter().filter(|(_, accounts)| accounts.len() > 1 && accounts.iter().any(|a| of_here.contains(a)));
    found
        .map(|((kind, what), accounts)| {
            let evidence = match kind {
                0 => format!("the same name, {what}"),
                _ => format!("the same address, {what}@…, at domains of the organization"),
            };
            let addresses: Vec<&str> =
                accounts.iter().filter_map(|id| facts.people.get(id)).map(|p| p.email.as_str()).collect();
            Finding {
                code: FindingCode::SamePerson,
                subject: addresses.first().map(|a| (*a).to_owned()).unwrap_or_default(),
                detail: format!(
                    "{} have {evidence}. Each keeps what it has; nothing is merged.",
                    addresses.join(" and ")
                ),
                accounts: accounts.into_iter().collect(),
            }
        })
        .collect()
}
