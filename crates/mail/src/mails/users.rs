//! The users of a workspace have migrated: its admins, and whoever manages the directory, hear where people are managed now.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named, Person};

/// Told once, to both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsersMigrated {
    pub workspace: Named,
    pub organization: Named,
    pub by: Person,
    pub at: Timestamp,
    /// Whoever reads it manages the directory.
    pub is_organization_side: bool,
}

impl Content for UsersMigrated {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Link
    }

    fn subject(&self) -> String {
        format!("The users of {} are managed in {} now", self.workspace.name, self.organization.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        let where_now = if self.is_organization_side {
            "You and the others who manage the organization's directory say who is in them."
        } else {
            "To have somebody added or taken out, ask an admin or user access admin of the organization."
        };
        vec![
            format!(
                "{} completed the migration of the users of the workspace {} into the directory of the organization {}, with the \
                 consent of both. Nobody can do more than before, and nobody less: that was proven when it was done.",
                self.by, self.workspace, self.organization
            ),
            format!(
                "Who is in the workspace's user groups is changed in the organization's directory from now on. {where_now} What \
                 each group may do is still said in the workspace. Billing is as it was."
            ),
        ]
    }

    fn action(&self) -> Action {
        if self.is_organization_side {
            Action::new("See the directory", format!("/organizations/{}/directory", self.organization.slug))
        } else {
            Action::new("See the user groups", format!("/workspaces/{}/user-groups", self.workspace.slug))
        }
    }

    fn samples() -> Vec<Self> {
        let sample = |is_organization_side| Self {
            workspace: Named::new("atlas-platform", "Atlas Platform"),
            organization: Named::new("meridian", "Meridian"),
            by: Person::named("Ada Okafor"),
            at: Timestamp::from_micros(1_767_603_600_000_000),
            is_organization_side,
        };
        vec![sample(false), sample(true)]
    }
}
