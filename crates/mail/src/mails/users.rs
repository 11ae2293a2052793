//! The migration of users: its notice, its reminders, and that it was done. The workspace's admins and the organization's hear each their own side.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use super::campaign::{Dates, noted, sample_dates};
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
    /// The campaign that did it, if none of them did.
    #[serde(default)]
    pub campaign: String,
    /// What the operator adds.
    #[serde(default)]
    pub note: String,
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
        let done = if self.campaign.is_empty() {
            format!(
                "{} completed the migration of the users of the workspace {} into the directory of the organization {}, with the \
                 consent of both.",
                self.by, self.workspace, self.organization
            )
        } else {
            format!(
                "The users of the workspace {} have migrated into the directory of the organization {}, as it was announced and \
                 agreed to (campaign {}).",
                self.workspace, self.organization, self.campaign
            )
        };
        let mut said = vec![
            format!("{done} Nobody can do more than before, and nobody less: that was proven when it was done."),
            format!(
                "Who is in the workspace's user groups is changed in the organization's directory from now on. {where_now} What \
                 each group may do is still said in the workspace. Billing is as it was."
            ),
        ];
        said.extend(noted(&self.note));
        said
    }

    fn action(&self) -> Action {
        if self.is_organization_side {
            Action::new("See the directory", format!("/organizations/{}/directory", self.organization.slug))
        } else {
            Action::new("See the user groups", format!("/workspaces/{}/user-groups", self.workspace.slug))
        }
    }

    fn samples() -> Vec<Self> {
        let sample = |is_organization_side, campaign: &str| Self {
            workspace: Named::new("atlas-platform", "Atlas Platform"),
            organization: Named::new("meridian", "Meridian"),
            by: Person::named("Ada Okafor"),
            at: Timestamp::from_micros(1_767_603_600_000_000),
            is_organization_side,
            campaign: campaign.to_owned(),
            note: String::new(),
        };
        vec![sample(false, ""), sample(true, ""), sample(false, "users-2027")]
    }
}

/// That users are to migrate in a campaign: announced, as a reminder, or with new dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsersToMigrate {
    /// The workspace, or, for its admins, the organization.
    pub about: Named,
    pub is_organization_side: bool,
    pub dates: Dates,
    /// Before they changed.
    #[serde(default)]
    pub before: Option<Dates>,
    #[serde(default)]
    pub is_reminder: bool,
    /// An admin of the workspace must agree as well.
    pub needs_workspace: bool,
    /// What the operator adds.
    #[serde(default)]
    pub note: String,
}

impl UsersToMigrate {
    /// Of whom it is about, in words.
    fn users(&self) -> String {
        if self.is_organization_side {
            format!("the workspaces of {}", self.about.name)
        } else {
            self.about.name.clone()
        }
    }
}

impl Content for UsersToMigrate {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        let (users, on) = (self.users(), &self.dates.automatic_said);
        match (self.is_reminder, &self.before) {
            (true, _) => format!("Reminder: the users of {users} are to migrate on {on}"),
            (false, Some(_)) => format!("New date: the users of {users} are to migrate on {on}"),
            (false, None) => format!("On {on} the users of {users} are to migrate"),
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let on = &self.dates.automatic_said;
        let what = if self.is_organization_side {
            format!(
                "On {on} the users of workspaces that are linked to the organization {} are to migrate into its directory: from \
                 then on it says who is in their user groups.",
                self.about
            )
        } else {
            format!(
                "On {on} the users of the workspace {} are to migrate into the directory of the organization that it is linked to: \
                 from then on that says who is in its user groups.",
                self.about
            )
        };
        let agreed = if self.needs_workspace {
            "It happens only where both have agreed: an admin of the organization, once for all its workspaces, and an admin of \
             the workspace. Where one of them has not, everything stays as it is."
        } else {
            "It happens only where an admin of the organization has agreed, and the workspace's admins have not asked for more \
             time. Otherwise everything stays as it is."
        };
        let mut said = Vec::new();
        if let Some(before) = &self.before {
            said.push(format!("The day has changed from {} to {on}: whoever agreed to the former agrees again.", before.automatic_said));
        }
        said.extend([
            what,
            agreed.to_owned(),
            "Each group becomes a group of its own, nothing is merged, and nobody can do more or less than before. Billing stays as \
             it is."
                .to_owned(),
        ]);
        said.extend(noted(&self.note));
        said
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("Users migrate on", self.dates.automatic_said.clone()),
            ("Agree, or ask for more time, until", self.dates.link_by_said.clone()),
        ]
    }

    fn action(&self) -> Action {
        let slug = &self.about.slug;
        if self.is_organization_side {
            Action::new("Look, and agree", format!("/organizations/{slug}/directory"))
        } else {
            Action::new("See what would change", format!("/workspaces/{slug}/users-migration"))
        }
    }

    fn stale_at(&self) -> Option<Timestamp> {
        self.is_reminder.then_some(self.dates.link_by)
    }

    fn samples() -> Vec<Self> {
        let sample = |is_organization_side, is_reminder, before| Self {
            about: Named::new("meridian", "Meridian"),
            is_organization_side,
            dates: sample_dates(),
            before,
            is_reminder,
            needs_workspace: !is_reminder,
            note: String::new(),
        };
        vec![sample(false, false, None), sample(true, true, None), sample(true, false, Some(sample_dates()))]
    }
}
