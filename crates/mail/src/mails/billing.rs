//! The migration of billing: its notice, its reminders, and that it was done.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use super::campaign::{Dates, noted, sample_dates};
use crate::{Action, Content, Named};

const WHAT_STAYS: &str = "Billing only: people, groups, permissions and prices stay as they are, and what is paid is not \
                          charged again. User management moves later, with its own notice.";

fn facts_of(dates: &Dates) -> Vec<(&'static str, String)> {
    vec![("Billing migrates on", dates.automatic_said.clone()), ("Ask for more time until", dates.link_by_said.clone())]
}

fn see(workspace: &Named) -> Action {
    Action::new("See what it will cost", format!("/workspaces/{}/plan/preview", workspace.slug))
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingAnnounced {
    pub workspace: Named,
    pub dates: Dates,
    /// What the operator adds.
    #[serde(default)]
    pub note: String,
}

impl Content for BillingAnnounced {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        format!("From {} its organization pays for {}", self.dates.automatic_said, self.workspace.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        let mut said = vec![
            format!(
                "The billing of the workspace {} migrates on {}: from then on the organization that it is linked to pays \
                 for it, and its billing contacts administer that bill, all equal.",
                self.workspace, self.dates.automatic_said
            ),
            WHAT_STAYS.to_owned(),
        ];
        said.extend(noted(&self.note));
        said
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        facts_of(&self.dates)
    }

    fn action(&self) -> Action {
        see(&self.workspace)
    }

    fn samples() -> Vec<Self> {
        let workspace = Named::new("atlas-platform", "Atlas Platform");
        let sample = |note: &str| Self { workspace: workspace.clone(), dates: sample_dates(), note: note.to_owned() };
        vec![sample(""), sample("Questions? Ask the platform team.")]
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingReminder {
    pub workspace: Named,
    pub dates: Dates,
    /// What the operator adds.
    #[serde(default)]
    pub note: String,
}

impl Content for BillingReminder {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        format!("Reminder: from {} its organization pays for {}", self.dates.automatic_said, self.workspace.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        let mut said = vec![
            format!("The billing of the workspace {} migrates on {}.", self.workspace, self.dates.automatic_said),
            WHAT_STAYS.to_owned(),
        ];
        said.extend(noted(&self.note));
        said
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        facts_of(&self.dates)
    }

    fn action(&self) -> Action {
        see(&self.workspace)
    }

    fn stale_at(&self) -> Option<Timestamp> {
        Some(self.dates.link_by)
    }

    fn samples() -> Vec<Self> {
        let workspace = Named::new("atlas-platform", "Atlas Platform");
        vec![Self { workspace, dates: sample_dates(), note: String::new() }]
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingDatesChanged {
    pub workspace: Named,
    pub before: Dates,
    pub dates: Dates,
}

impl Content for BillingDatesChanged {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        format!("New date: the billing of {} migrates on {}", self.workspace.name, self.dates.automatic_said)
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!(
                "The day on which the billing of the workspace {} migrates has changed from {} to {}.",
                self.workspace, self.before.automatic_said, self.dates.automatic_said
            ),
            WHAT_STAYS.to_owned(),
        ]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        facts_of(&self.dates)
    }

    fn action(&self) -> Action {
        see(&self.workspace)
    }

    fn samples() -> Vec<Self> {
        let workspace = Named::new("atlas-platform", "Atlas Platform");
        vec![Self { workspace, before: sample_dates(), dates: sample_dates() }]
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingMigrated {
    pub workspace: Named,
    pub organization: Named,
    pub at: Timestamp,
    /// What the operator adds.
    #[serde(default)]
    pub note: String,
}

impl Content for BillingMigrated {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        format!("{} pays for {} from now on", self.organization.name, self.workspace.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        let mut said = vec![
            format!(
                "The billing of the workspace {} has migrated: the organization {} pays for it from now on. Its billing \
                 contacts administer the billing account there.",
                self.workspace, self.organization
            ),
            WHAT_STAYS.to_owned(),
        ];
        said.extend(noted(&self.note));
        said
    }

    fn action(&self) -> Action {
        Action::new("See the workspace's plan", format!("/workspaces/{}/plan", self.workspace.slug))
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            workspace: Named::new("atlas-platform", "Atlas Platform"),
            organization: Named::new("meridian", "Meridian"),
            at: Timestamp::from_micros(1_780_272_000_000_000),
            note: String::new(),
        }]
    }
}

/// To the admins of an organization: from a day on it pays for what is linked to it. Told once, however many workspaces that are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationToPay {
    pub organization: Named,
    pub dates: Dates,
    /// Before they changed.
    #[serde(default)]
    pub before: Option<Dates>,
    #[serde(default)]
    pub is_reminder: bool,
    /// What the operator adds.
    #[serde(default)]
    pub note: String,
}

impl Content for OrganizationToPay {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        let (name, on) = (&self.organization.name, &self.dates.automatic_said);
        match (self.is_reminder, &self.before) {
            (true, _) => format!("Reminder: from {on} {name} pays for its workspaces"),
            (false, Some(_)) => format!("New date: from {on} {name} pays for its workspaces"),
            (false, None) => format!("From {on} {name} pays for its workspaces"),
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let mut said = vec![
            format!(
                "The billing of workspaces that are linked to the organization {} migrates on {}: from then on it pays for them, in \
                 billing accounts that the billing contacts of the workspaces administer. You see what they pay for and their bills; who \
                 administers them is decided by themselves.",
                self.organization, self.dates.automatic_said
            ),
            WHAT_STAYS.to_owned(),
            "You need not do anything. Which workspaces, who pays, and how much stands on the page Billing; the admins of a workspace can ask \
             for more time."
                .to_owned(),
        ];
        said.extend(noted(&self.note));
        said
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        facts_of(&self.dates)
    }

    fn action(&self) -> Action {
        Action::new("See what it will cost", format!("/organizations/{}/billing", self.organization.slug))
    }

    fn stale_at(&self) -> Option<Timestamp> {
        self.is_reminder.then_some(self.dates.link_by)
    }

    fn samples() -> Vec<Self> {
        let sample = |before, is_reminder| Self {
            organization: Named::new("meridian", "Meridian"),
            dates: sample_dates(),
            before,
            is_reminder,
            note: String::new(),
        };
        vec![sample(None, false), sample(None, true), sample(Some(sample_dates()), false)]
    }
}
