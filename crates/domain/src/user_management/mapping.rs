//! How each group of the workspace is to come into the directory. What nobody decides keeps a group of its own: nothing is
//! ever merged because of its name.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::UsersFacts;
use crate::id::{DirectoryGroupId, UserGroupId};
use crate::name::{check_slug, check_title, fold, slug_from};

/// What is to become of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// A new group of the directory, called as it is called; or so that it can be told apart, where the name is taken.
    Own,
    /// A new group with this name.
    Rename(String),
    /// The same people as a group that is there, by its slug: whoever is in either is in both.
    Merge(String),
}

/// The fates that somebody decided, by the slugs of the workspace's groups.
pub type Mapping = BTreeMap<String, Fate>;

/// The way in which a group comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// As a new group with this slug and name.
    New { slug: String, name: String },
    /// Into one that is there.
    Into(DirectoryGroupId),
}

/// A group and the way in which it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    pub group: UserGroupId,
    pub slug: String,
    pub way: Way,
}

/// A mapping that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingFault {
    #[error("the workspace has no user group '{0}'")]
    NoGroup(String),
    #[error("the directory has no group '{1}' that '{0}' could be merged into")]
    NoDirectoryGroup(String, String),
    #[error("the directory has a group '{1}' already: give '{0}' another name, or merge it")]
    NameTaken(String, String),
    #[error("the new name of '{0}' cannot be used: {1}")]
    BadName(String, String),
}

/// The way of every group of the workspace, in the order of their slugs.
///
/// # Errors
/// When the mapping names what is not there, or a name that is taken.
pub fn resolve(facts: &UsersFacts, mapping: &Mapping) -> Result<Vec<Resolved>, MappingFault> {
    let mut taken: BTreeSet<String> = facts.directory.iter().map(|d| fold(&d.group.slug)).collect();
    resolve_among(facts, mapping, &mut taken)
}

/// The same where it is known which folded slugs are taken; those that are chosen are added.
pub(super) fn resolve_among(
    facts: &UsersFacts,
    mapping: &Mapping,
    taken: &mut BTreeSet<String>,
) -> Result<Vec<Resolved>, MappingFault> {
    let is_here = |slug: &String| facts.here.groups.iter().any(|g| fold(&g.group.slug) == fold(slug));
    if let Some(unknown) = mapping.keys().find(|slug| !is_here(slug)) {
        return Err(MappingFault::NoGroup(unknown.clone()));
    }
    let fate_of =
        |slug: &str| mapping.iter().find(|(of, _)| fold(of) == fold(slug)).map_or(&Fate::Own, |(_, fate)| fate);
    let mut ways: BTreeMap<UserGroupId, Way> = BTreeMap::new();
    // Names that somebody chose go before names that are made.
    for group in facts.here.groups.iter().map(|g| &g.group) {
        match fate_of(&group.slug) {
            Fate::Own => {}
            Fate::Rename(name) => {
                let bad = |why: String| MappingFault::BadName(group.slug.clone(), why);
                let name = check_title("name", name.trim()).map_err(|e| bad(e.to_string()))?.to_owned();
                let slug = slug_from(&name);
                check_slug(&slug).map_err(|e| bad(e.to_string()))?;
                if !taken.insert(fold(&slug)) {
                    return Err(MappingFault::NameTaken(group.slug.clone(), slug));
                }
                ways.insert(group.id, Way::New { slug, name });
            }
            Fate::Merge(into) => {
                let found = facts.directory.iter().find(|d| fold(&d.group.slug) == fold(into));
                let absent = || MappingFault::NoDirectoryGroup(group.slug.clone(), into.clone());
                ways.insert(group.id, Way::Into(found.ok_or_else(absent)?.group.id));
            }
        }
    }
    for group in facts.here.groups.iter().map(|g| &g.group) {
        ways.entry(group.id).or_insert_with(|| own(&group.slug, &group.name, &facts.workspace.slug, taken));
    }
    let mut found = Vec::new();
    for group in facts.here.groups.iter().map(|g| &g.group) {
        if let Some(way) = ways.remove(&group.id) {
            found.push(Resolved { group: group.id, slug: group.slug.clone(), way });
        }
    }
    Ok(found)
}

fn own(slug: &str, name: &str, workspace: &str, taken: &mut BTreeSet<String>) -> Way {
    let (slug, name) = free_name((slug, name), workspace, taken);
    Way::New { slug, name }
}

/// A slug and a name for a group that comes into a directory: as they are, or with the slug of where it comes from when
/// that is taken, or counted on. Groups are told apart, never merged.
#[must_use]
pub fn free_name((slug, name): (&str, &str), from: &str, taken: &mut BTreeSet<String>) -> (String, String) {
    let [slug, base] = own_slugs(slug, from);
    if taken.insert(fold(&slug)) {
        return (slug, name.to_owned());
    }
    let longer = format!("{name} ({from})");
    let mut found = base.clone();
    let mut number = 2_u32;
    while !taken.insert(fold(&found)) {
        found = format!("{base}-{number}");
        number += 1;
    }
    (found, longer.chars().take(MOST_NAME).collect())
}

/// The slugs that a group of its own is given first: its own, or with the workspace's. Where both are taken, the second is counted on.
#[must_use]
pub fn own_slugs(slug: &str, workspace: &str) -> [String; 2] {
    let base: String = format!("{slug}-{workspace}").chars().take(MOST).collect();
    [slug.to_owned(), base.trim_end_matches(['-', '_', '.']).to_owned()]
}

/// Of a slug, with room for a number; of a name.
const MOST: usize = 55;
const MOST_NAME: usize = 100;
