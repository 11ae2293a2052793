//! The proof that nobody can do more than before, anywhere: people who are in the same groups with the same grants, before
//! and after, can do the same; each such class is looked at once.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{PlaceAccess, Resolved, UsersFacts, Way};
use crate::digest::{Digest, canonical_json};
use crate::id::{AccountId, DirectoryGroupId, RepositoryId, UserGroupId, WorkspaceId};
use crate::repository_access::{sources, strongest};
use crate::workspace::Permission;

/// Something that people could do only afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widening {
    /// The workspace, and its slug.
    pub workspace: WorkspaceId,
    pub slug: String,
    /// `the workspace`, `administering the workspace`, `create-repository`, `repository gateway`, `repositories to come`.
    pub thing: String,
    pub before: String,
    pub after: String,
    pub accounts: Vec<AccountId>,
}

/// What was looked at, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    pub places: usize,
    /// Accounts, counted once in each place.
    pub people: usize,
    /// Distinct sets of groups and grants, before and after.
    pub classes: usize,
    /// Over all classes, with how many are in each.
    pub digest: Digest,
    /// Empty when nobody can do more.
    pub widenings: Vec<Widening>,
}

/// What people of one class can do in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rights {
    is_member: bool,
    is_admin: bool,
    permissions: BTreeSet<String>,
    repositories: BTreeMap<RepositoryId, Permission>,
    /// On repositories that come later, on which no group was given anything in particular.
    later: Permission,
}

type Grants = BTreeMap<RepositoryId, Permission>;

fn rights(place: &PlaceAccess, groups: &BTreeSet<UserGroupId>, direct: Option<&Grants>) -> Rights {
    let mine: Vec<_> = groups.iter().filter_map(|id| place.group(*id)).collect();
    let on = |repository: &RepositoryId| {
        let of_groups = mine.iter().map(|g| (&g.group, g.grants.get(repository).copied()));
        strongest(&sources(of_groups, direct.and_then(|d| d.get(repository)).copied()))
    };
    Rights {
        is_member: !mine.is_empty() || direct.is_some_and(|d| !d.is_empty()),
        is_admin: mine.iter().any(|g| g.group.is_admin),
        permissions: mine.iter().flat_map(|g| g.group.workspace_permissions.iter().cloned()).collect(),
        repositories: place.repositories.keys().map(|id| (*id, on(id))).collect(),
        later: strongest(&sources(mine.iter().map(|g| (&g.group, None)), None)),
    }
}

/// What the second can that the first cannot: the thing, before, after.
fn wider(place: &PlaceAccess, before: &Rights, after: &Rights) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut add = |thing: String, before: &str, after: &str| found.push((thing, before.to_owned(), after.to_owned()));
    if after.is_member && !before.is_member {
        add("the workspace".into(), "not a member", "a member");
    }
    if after.is_admin && !before.is_admin {
        add("administering the workspace".into(), "no", "yes");
    }
    // Whoever administers the workspace may do all that its permissions allow.
    if !before.is_admin {
        for permission in after.permissions.difference(&before.permissions) {
            add(permission.clone(), "no", "yes");
        }
    }
    let of = |rights: &Rights, id| rights.repositories.get(id).copied().unwrap_or(Permission::None);
    for (id, slug) in &place.repositories {
        if of(after, id) > of(before, id) {
            add(format!("repository {slug}"), of(before, id).as_str(), of(after, id).as_str());
        }
    }
    if after.later > before.later {
        add("repositories to come".into(), before.later.as_str(), after.later.as_str());
    }
    found
}

/// In which groups each account of a place is.
fn groups_of(place: &PlaceAccess) -> BTreeMap<AccountId, BTreeSet<UserGroupId>> {
    let mut found: BTreeMap<AccountId, BTreeSet<UserGroupId>> = BTreeMap::new();
    for group in &place.groups {
        for member in &group.members {
            found.entry(*member).or_default().insert(group.group.id);
        }
    }
    for account in place.direct.keys() {
        found.entry(*account).or_default();
    }
    found
}

/// Compares the same places before and after. Groups and grants are looked at as they are on each side.
#[must_use]
pub fn compare(before: &[PlaceAccess], after: &[PlaceAccess]) -> Proof {
    let (mut people, mut classes, mut listed) = (0, 0, Vec::new());
    let mut widenings: Vec<Widening> = Vec::new();
    for place in after {
        let Some(was) = before.iter().find(|b| b.workspace == place.workspace) else { continue };
        let (then, now) = (groups_of(was), groups_of(place));
        let everybody: BTreeSet<AccountId> = then.keys().chain(now.keys()).copied().collect();
        people += everybody.len();
        let nothing = BTreeSet::new();
        let mut found: BTreeMap<_, Vec<AccountId>> = BTreeMap::new();
        for account in everybody {
            let of = |at: &BTreeMap<AccountId, BTreeSet<UserGroupId>>| {
                at.get(&account).cloned().unwrap_or_else(|| nothing.clone())
            };
            let grants = (was.direct.get(&account), place.direct.get(&account));
            found.entry((of(&then), of(&now), grants)).or_default().push(account);
        }
        classes += found.len();
        for ((then, now, (grants_then, grants_now)), accounts) in found {
            listed.push(json!([place.workspace, then, now, grants_then, grants_now, accounts.len().to_string()]));
            let (before, after) = (rights(was, &then, grants_then), rights(place, &now, grants_now));
            for (thing, before, after) in wider(place, &before, &after) {
                let same = |w: &&mut Widening| {
                    (w.workspace, &w.thing, &w.before, &w.after) == (place.workspace, &thing, &before, &after)
                };
                match widenings.iter_mut().find(same) {
                    Some(known) => known.accounts.extend(accounts.iter().copied()),
                    None => widenings.push(Widening {
                        workspace: place.workspace,
                        slug: place.slug.clone(),
                        thing,
                        before,
                        after,
                        accounts: accounts.clone(),
                    }),
                }
            }
        }
    }
    let text = canonical_json(&json!(listed)).unwrap_or_default();
    Proof { places: after.len(), people, classes, digest: Digest::of(&[&text]), widenings }
}

/// The places as they are after a migration, the workspace itself first.
#[must_use]
pub fn predict(facts: &UsersFacts, ways: &[Resolved]) -> Vec<PlaceAccess> {
    // Who is in each group of the directory that something is merged into.
    let mut members: BTreeMap<DirectoryGroupId, BTreeSet<AccountId>> = BTreeMap::new();
    for way in ways {
        let (Way::Into(into), Some(group)) = (&way.way, facts.here.group(way.group)) else { continue };
        let there = facts.directory.iter().find(|d| d.group.id == *into).map(|d| d.members.iter());
        let of = members.entry(*into).or_default();
        of.extend(there.into_iter().flatten().chain(&group.members));
    }
    let mut places: Vec<PlaceAccess> = std::iter::once(&facts.here).chain(&facts.others).cloned().collect();
    for place in &mut places {
        for group in &mut place.groups {
            if place.workspace == facts.here.workspace {
                let into = ways.iter().find(|w| w.group == group.group.id).map(|w| &w.way);
                if let Some(Way::Into(into)) = into {
                    group.directory = Some(*into);
                }
            }
            if let Some(all) = group.directory.and_then(|id| members.get(&id)) {
                group.members.clone_from(all);
            }
        }
    }
    places
}
