//! Who can do what in a workspace, as one digest: the *no-change proof* of a link.
//!
//! Canonical order, so that a stranger can rebuild it from `orglink export` (all names as in the export, e-mail
//! addresses and slugs folded to lower case; fields separated by a tab, lines ended by a line feed):
//!
//! 1. `orglink-access-v1`
//! 2. each user group, by slug: `group SLUG IS_ADMIN REPOSITORY_PERMISSION IS_DEFAULT PERMISSIONS` (workspace
//!    permissions sorted, separated by commas), each followed by its members, by address: `member ADDRESS`
//! 3. each repository, by slug: `repository SLUG`, followed by its grants to groups, by slug:
//!    `group-grant SLUG PERMISSION`, then to accounts, by address: `account-grant ADDRESS PERMISSION`
//!
//! The digest is SHA-256 over the workspace's salt (32 bytes, given to its admins) and these lines. All
//! orders are by the bytes of the folded name.

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::name::fold;
use crate::workspace::{Permission, UserGroup};

/// Takes the lines in their order and ends in the digest.
pub struct AccessDigest {
    hasher: Sha256,
    line: String,
}

impl AccessDigest {
    /// Starts with the salt that keeps outsiders from guessing memberships.
    #[must_use]
    pub fn new(salt: &[u8; 32]) -> Self {
        let mut digest = Self { hasher: Sha256::new(), line: String::new() };
        digest.hasher.update(salt);
        digest.push(&["orglink-access-v1"]);
        digest
    }

    /// A user group; its members follow.
    pub fn group(&mut self, group: &UserGroup) {
        self.push(&[
            "group",
            &fold(&group.slug),
            if group.is_admin { "true" } else { "false" },
            group.repository_permission.as_str(),
            if group.is_default { "true" } else { "false" },
            &group.workspace_permissions.join(","),
        ]);
    }

    /// A member of the group given last.
    pub fn member(&mut self, email_folded: &str) {
        self.push(&["member", email_folded]);
    }

    /// A repository; its grants follow.
    pub fn repository(&mut self, slug_folded: &str) {
        self.push(&["repository", slug_folded]);
    }

    /// A grant of the repository given last to a group.
    pub fn group_grant(&mut self, slug_folded: &str, permission: Permission) {
        self.push(&["group-grant", slug_folded, permission.as_str()]);
    }

    /// A grant of the repository given last to an account.
    pub fn account_grant(&mut self, email_folded: &str, permission: Permission) {
        self.push(&["account-grant", email_folded, permission.as_str()]);
    }

    #[must_use]
    pub fn finish(self) -> Digest {
        Digest::from_bytes(self.hasher.finalize().into())
    }

    fn push(&mut self, fields: &[&str]) {
        self.line.clear();
        for (i, field) in fields.iter().enumerate() {
            if i > 0 {
                self.line.push('\t');
            }
            self.line.push_str(field);
        }
        self.line.push('\n');
        self.hasher.update(self.line.as_bytes());
    }
}
