//! The campaign: dates, reminders, and what was linked by itself.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named};

/// When workspaces are to be linked, and from when it happens by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dates {
    pub link_by: Timestamp,
    /// As the campaign says it, with its zone: `15 March 2026, 24:00 UTC`.
    pub link_by_said: String,
    pub automatic_said: String,
}

pub(super) fn sample_dates() -> Dates {
    Dates {
        link_by: Timestamp::from_micros(1_773_619_200_000_000),
        link_by_said: "15 March 2026, 24:00 UTC".to_owned(),
        automatic_said: "16 March 2026".to_owned(),
    }
}

fn facts_of(dates: &Dates) -> Vec<(&'static str, String)> {
    vec![("Link by", dates.link_by_said.clone()), ("By itself from", dates.automatic_said.clone())]
}

fn link(workspace: &Named) -> Action {
    Action::new("Link the workspace", format!("/link?workspace={}", workspace.slug))
}

fn entry(workspace: &Named, dates: &Dates) -> (Timestamp, String) {
    (dates.link_by, format!("Link {} by now", workspace.name))
}

const WHAT_STAYS: &str = "Linking only: people, groups, permissions and billing stay as they are. Billing moves later, \
                          with its own notice.";

/// What the operator adds, a paragraph for each of its own.
pub(super) fn noted(note: &str) -> impl Iterator<Item = String> {
    note.split("\n\n").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty())
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignAnnounced {
    pub workspace: Named,
    pub dates: Dates,
    /// What the operator adds.
    #[serde(default)]
    pub note: String,
}

impl Content for CampaignAnnounced {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        format!("{} is to be linked to an organization by {}", self.workspace.name, self.dates.link_by_said)
    }

    fn paragraphs(&self) -> Vec<String> {
        let mut said = vec![
            format!(
                "Every workspace is to belong to an organization. Choose which one for {} until {}; from {} on it is \
                 linked by itself.",
                self.workspace, self.dates.link_by_said, self.dates.automatic_said
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
        link(&self.workspace)
    }

    fn date(&self) -> Option<(Timestamp, String)> {
        Some(entry(&self.workspace, &self.dates))
    }

    fn samples() -> Vec<Self> {
        let sample = |note: &str| Self {
            workspace: Named::new("atlas-platform", "Atlas Platform"),
            dates: sample_dates(),
            note: note.to_owned(),
        };
        vec![sample(""), sample("Questions? Ask the platform team.")]
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignReminder {
    pub workspace: Named,
    pub dates: Dates,
    /// No other comes before the date.
    pub is_last: bool,
    /// What the operator adds.
    #[serde(default)]
    pub note: String,
}

impl Content for CampaignReminder {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        let which = if self.is_last { "Last reminder" } else { "Reminder" };
        format!("{which}: link {} by {}", self.workspace.name, self.dates.link_by_said)
    }

    fn paragraphs(&self) -> Vec<String> {
        let mut said = vec![format!(
            "The workspace {} is not linked yet. You can choose its organization until {}; from {} on it is linked by \
             itself.",
            self.workspace, self.dates.link_by_said, self.dates.automatic_said
        )];
        if self.is_last {
            said.push("This is the last reminder.".to_owned());
        }
        said.push(WHAT_STAYS.to_owned());
        said.extend(noted(&self.note));
        said
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        facts_of(&self.dates)
    }

    fn action(&self) -> Action {
        link(&self.workspace)
    }

    fn is_urgent(&self) -> bool {
        self.is_last
    }

    fn date(&self) -> Option<(Timestamp, String)> {
        Some(entry(&self.workspace, &self.dates))
    }

    fn stale_at(&self) -> Option<Timestamp> {
        Some(self.dates.link_by)
    }

    fn samples() -> Vec<Self> {
        let workspace = Named::new("atlas-platform", "Atlas Platform");
        let sample = |is_last| Self { workspace: workspace.clone(), dates: sample_dates(), is_last, note: String::new() };
        vec![sample(false), sample(true)]
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedAutomatically {
    pub workspace: Named,
    pub organization: Named,
    pub at: Timestamp,
    /// Until when it can be undone, in words; empty when it cannot.
    pub undo_until: String,
    /// Made for it, because its admins have no organization that it could go to.
    #[serde(default)]
    pub is_new: bool,
    /// Why it went there.
    #[serde(default)]
    pub why: String,
    /// What the operator adds.
    #[serde(default)]
    pub note: String,
}

impl Content for LinkedAutomatically {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        format!("{} was linked to {} by itself", self.workspace.name, self.organization.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        let undo = if self.undo_until.is_empty() {
            "The link is permanent.".to_owned()
        } else {
            format!("It can be undone until {}.", self.undo_until)
        };
        let mut said = vec![format!(
            "The date to choose an organization for the workspace {} has passed, so it was linked to {}. {undo}",
            self.workspace, self.organization
        )];
        if !self.why.is_empty() {
            said.push(self.why.clone());
        }
        if self.is_new {
            said.push(
                "The organization was made for it, with exactly the workspace's admins. Until one of them claims it, it \
                 can be read, renamed, claimed and left, nothing else."
                    .to_owned(),
            );
        }
        said.push(WHAT_STAYS.to_owned());
        said.extend(noted(&self.note));
        said
    }

    fn action(&self) -> Action {
        Action::new("See the workspace", format!("/workspaces/{}", self.workspace.slug))
    }

    fn is_urgent(&self) -> bool {
        true
    }

    fn samples() -> Vec<Self> {
        let sample = |undo_until: &str| Self {
            workspace: Named::new("atlas-platform", "Atlas Platform"),
            organization: Named::new("meridian", "Meridian"),
            at: Timestamp::from_micros(1_773_705_600_000_000),
            undo_until: undo_until.to_owned(),
            is_new: undo_until.is_empty(),
            why: "It is the only organization whose admins include 2 of its 3 active admins.".to_owned(),
            note: String::new(),
        };
        vec![sample(""), sample("15 April 2026, 24:00 UTC")]
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatesChanged {
    pub workspace: Named,
    pub before: Dates,
    pub dates: Dates,
}

impl Content for DatesChanged {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        format!("New date: {} is to be linked by {}", self.workspace.name, self.dates.link_by_said)
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!(
                "The date by which the workspace {} is to be linked has changed from {} to {}.",
                self.workspace, self.before.link_by_said, self.dates.link_by_said
            ),
            WHAT_STAYS.to_owned(),
        ]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        facts_of(&self.dates)
    }

    fn action(&self) -> Action {
        link(&self.workspace)
    }

    fn date(&self) -> Option<(Timestamp, String)> {
        Some(entry(&self.workspace, &self.dates))
    }

    fn samples() -> Vec<Self> {
        let workspace = Named::new("atlas-platform", "Atlas Platform");
        vec![Self { workspace, before: sample_dates(), dates: sample_dates() }]
    }
}
