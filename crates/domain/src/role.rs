//! Roles: what an account is to an organization, a site, an app or a workspace.

use crate::words;

words! {
    /// What an account is to one workspace, strongest first. Guests of single repositories are members.
    "workspace role" WorkspaceRole { Admin = "admin", Member = "member", None = "none" }
}

words! {
    /// A role somebody holds on an organization itself.
    "organization role" OrganizationRole {
        Admin = "admin",
        UserAccessAdmin = "user_access_admin",
        BillingAdmin = "billing_admin",
        Auditor = "auditor",
    }
}
words! {
    /// A role somebody holds on a site.
    "site role" SiteRole { Admin = "site_admin", UserAccessAdmin = "user_access_admin" }
}
words! {
    /// A role somebody holds on one app of a site. Has no effect on a linked workspace until its users have migrated.
    "app role" AppRole { UserAccessAdmin = "user_access_admin", AppAdmin = "app_admin" }
}
words! {
    /// The strongest thing an account is to one organization: what decides what it may see and do there.
    "standing" OrganizationStanding {
        Admin = "admin",
        Auditor = "auditor",
        /// Any other role on the organization, one of its sites or apps.
        Holder = "holder",
        None = "none",
    }
}

words! {
    /// How many people administer something and can act.
    "administration" Administration { Nobody = "nobody", OnePerson = "one_person", Several = "several" }
}

impl Administration {
    #[must_use]
    pub const fn of(people: usize) -> Self {
        match people {
            0 => Self::Nobody,
            1 => Self::OnePerson,
            _ => Self::Several,
        }
    }

    /// What to say of it, of a `what`; nothing when all is well.
    #[must_use]
    pub fn warning(self, what: &str) -> Option<String> {
        match self {
            Self::Nobody => Some(format!("Nobody who can act administers this {what}.")),
            Self::OnePerson => Some(format!(
                "One person alone administers this {what}. If they cannot act, nobody can: make somebody else an admin too."
            )),
            Self::Several => None,
        }
    }
}

/// A role that somebody holds in an organization, and on what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeldRole {
    Organization(OrganizationRole),
    /// On a site, by its slug.
    Site(String, SiteRole),
    /// On one app of a site: the site's slug, the product.
    App(String, String, AppRole),
}

impl HeldRole {
    /// The role's own word.
    #[must_use]
    pub const fn role(&self) -> &'static str {
        match self {
            Self::Organization(role) => role.as_str(),
            Self::Site(_, role) => role.as_str(),
            Self::App(_, _, role) => role.as_str(),
        }
    }

    /// As a person reads it: `organization admin`, `site admin on SITE`.
    #[must_use]
    pub fn words(&self) -> String {
        let role = self.role().replace('_', " ");
        match self {
            Self::Organization(_) => format!("organization {role}"),
            Self::Site(site, _) => format!("{role} on {site}"),
            Self::App(site, product, _) => format!("{role} of {product} on {site}"),
        }
    }
}
