//! The tracker: whoever follows a capability that was missing hears how far it is, and that an organization of theirs has it.

use orglink_domain::notice::NoticeKind;
use orglink_domain::tracker::{TrackerState, path_of};
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named, Person};

/// The operator said something of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackerUpdated {
    /// In the catalog.
    pub entry: String,
    pub title: String,
    pub state: TrackerState,
    pub note: String,
}

impl Content for TrackerUpdated {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Tracker
    }

    fn subject(&self) -> String {
        format!("{}: {}", self.title, self.state.title().to_lowercase())
    }

    fn paragraphs(&self) -> Vec<String> {
        let mut said: Vec<String> = self.note.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect();
        said.push("You get this because you follow it; you can stop that on its page.".to_owned());
        said
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("State", self.state.title().to_owned())]
    }

    fn action(&self) -> Action {
        Action::new("See the entry", path_of(&self.entry))
    }

    fn samples() -> Vec<Self> {
        let sample = |state, note: &str| Self {
            entry: "organization-original-user-management".to_owned(),
            title: "One directory for organizations with original user management".to_owned(),
            state,
            note: note.to_owned(),
        };
        vec![
            sample(TrackerState::Planned, "We begin in the second quarter."),
            sample(
                TrackerState::InProgress,
                "The first organizations are asked this week.\n\nNobody has to do anything.",
            ),
            sample(TrackerState::Available, "Ask us, and your organization becomes centralized."),
        ]
    }
}

/// An organization has what it was lacking: for those of its admins who follow that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapabilityGained {
    pub organization: Named,
    /// Of the entry.
    pub title: String,
    pub by: Person,
}

impl Content for CapabilityGained {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Tracker
    }

    fn subject(&self) -> String {
        format!("{} has centralized user management now", self.organization.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!(
                "{} has made the organization {} centralized: it has one directory, and the groups that its sites kept are in \
                 it, each as it was.",
                self.by, self.organization
            ),
            "Users of linked workspaces can migrate into it, each workspace with its own plan and the consent of both sides. \
             Nothing of that happens by itself, and nobody can do more or less than before."
                .to_owned(),
        ]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("You follow", self.title.clone())]
    }

    fn action(&self) -> Action {
        Action::new("See the directory", format!("/organizations/{}/directory", self.organization.slug))
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            organization: Named::new("meridian-labs", "Meridian Labs"),
            title: "One directory for organizations with original user management".to_owned(),
            by: Person::named("Olga Petrova"),
        }]
    }
}
