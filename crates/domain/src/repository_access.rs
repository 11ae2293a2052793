//! What somebody may do with a repository, and through what: each way that gives something, and the strongest of them.

use crate::workspace::{Permission, UserGroup};

/// One way in which somebody comes to a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub permission: Permission,
    pub through: Through,
}

/// Through what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Through {
    /// A group that administers the workspace, by its slug.
    AdminGroup(String),
    /// What a group was given on this repository.
    GroupGrant(String),
    /// What a group has on every repository on which it was given nothing in particular.
    GroupDefault(String),
    /// What the account itself was given on this repository.
    DirectGrant,
}

impl Source {
    /// As a person reads it.
    #[must_use]
    pub fn words(&self) -> String {
        let permission = self.permission;
        match &self.through {
            Through::AdminGroup(group) => format!("administers the workspace in {group}"),
            Through::GroupGrant(group) => format!("{permission} given to {group} here"),
            Through::GroupDefault(group) => format!("{permission} of {group} everywhere"),
            Through::DirectGrant => format!("{permission} given directly"),
        }
    }
}

/// The name of the rule of [`strongest`], where others have the name of a policy.
pub const RULE: &str = "the-strongest-way-counts";
/// What somebody is told whom it does not let do something.
pub const RULE_SENTENCE: &str =
    "You need a permission on the repository: through a user group of yours, or given directly.";

/// What a group may do with a repository: what it was given there, else its default; everything when it
/// administers the workspace.
#[must_use]
pub fn of_group(group: &UserGroup, grant: Option<Permission>) -> Source {
    let slug = group.slug.clone();
    match (group.is_admin, grant) {
        (true, _) => Source { permission: Permission::Admin, through: Through::AdminGroup(slug) },
        (false, Some(permission)) => Source { permission, through: Through::GroupGrant(slug) },
        (false, None) => Source { permission: group.repository_permission, through: Through::GroupDefault(slug) },
    }
}

/// Every way in which somebody may do anything, strongest first.
#[must_use]
pub fn sources<'a>(
    groups: impl IntoIterator<Item = (&'a UserGroup, Option<Permission>)>,
    direct: Option<Permission>,
) -> Vec<Source> {
    let mut sources: Vec<Source> = groups.into_iter().map(|(group, grant)| of_group(group, grant)).collect();
    sources.extend(direct.map(|permission| Source { permission, through: Through::DirectGrant }));
    sources.retain(|s| s.permission != Permission::None);
    sources.sort_by_key(|s| std::cmp::Reverse(s.permission));
    sources
}

/// The strongest of several ways.
#[must_use]
pub fn strongest(sources: &[Source]) -> Permission {
    sources.iter().map(|s| s.permission).max().unwrap_or(Permission::None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::UserGroupId;

    fn group(slug: &str, is_admin: bool, repository_permission: Permission) -> UserGroup {
        UserGroup {
            id: UserGroupId(uuid::Uuid::nil()),
            slug: slug.to_owned(),
            name: slug.to_owned(),
            is_admin,
            repository_permission,
            workspace_permissions: vec![],
            is_default: false,
        }
    }

    #[test]
    fn the_strongest_way_counts_and_every_way_is_named() {
        let (admins, developers) = (group("admins", true, Permission::None), group("dev", false, Permission::Write));
        let found = sources([(&developers, None), (&admins, Some(Permission::Read))], Some(Permission::Read));
        assert_eq!(strongest(&found), Permission::Admin);
        let through: Vec<_> = found.into_iter().map(|s| s.through).collect();
        assert_eq!(
            through,
            [Through::AdminGroup("admins".into()), Through::GroupDefault("dev".into()), Through::DirectGrant]
        );
        // A grant of nothing takes away what the group has elsewhere.
        assert_eq!(sources([(&developers, Some(Permission::None))], None), vec![]);
    }

    proptest::proptest! {
        #[test]
        fn more_ways_never_mean_less(given in proptest::collection::vec((0..4_usize, proptest::option::of(0..4_usize), proptest::bool::ANY), 0..6), direct in proptest::option::of(0..4_usize)) {
            let groups: Vec<_> = given.iter().map(|(p, g, a)| (group("g", *a, Permission::ALL[*p]), g.map(|g| Permission::ALL[g]))).collect();
            let direct = direct.map(|d| Permission::ALL[d]);
            let all = strongest(&sources(groups.iter().map(|(g, p)| (g, *p)), direct));
            for (g, p) in &groups {
                proptest::prop_assert!(all >= strongest(&sources([(g, *p)], None)));
            }
            proptest::prop_assert!(all >= direct.unwrap_or(Permission::None));
        }
    }
}
