//! A workspace was linked, or its link ended: told to every admin of both sides.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named, Person};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceLinked {
    pub workspace: Named,
    pub organization: Named,
    pub by: Person,
    pub at: Timestamp,
    /// The reader administers the workspace, not (only) the organization.
    pub is_workspace_side: bool,
    /// Until when either side can undo it; empty when it is permanent.
    #[serde(default)]
    pub undo_until: String,
}

impl Content for WorkspaceLinked {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Link
    }

    fn subject(&self) -> String {
        format!("{} was linked to {}", self.workspace.name, self.organization.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        let lasts = if self.undo_until.is_empty() {
            "The link is permanent.".to_owned()
        } else {
            format!("An admin of either side can undo it until {}; then it is permanent.", self.undo_until)
        };
        vec![
            format!(
                "{} linked the workspace {} to the organization {}. {lasts}",
                self.by, self.workspace, self.organization
            ),
            "Linking changed nobody's access: people, groups, permissions, repositories and billing are as they were. \
             That is compared after every link, and the operator is alarmed if it ever differs."
                .to_owned(),
        ]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("When", self.at.to_minute())]
    }

    fn action(&self) -> Action {
        if self.is_workspace_side {
            Action::new("See the workspace", format!("/workspaces/{}", self.workspace.slug))
        } else {
            Action::new("See the organization's apps", format!("/organizations/{}/apps", self.organization.slug))
        }
    }

    fn samples() -> Vec<Self> {
        let sample = |is_workspace_side, undo_until: &str| Self {
            workspace: Named::new("atlas-platform", "Atlas Platform"),
            organization: Named::new("meridian", "Meridian"),
            by: Person::named("Ada Okafor"),
            at: Timestamp::from_micros(1_767_603_600_000_000),
            is_workspace_side,
            undo_until: undo_until.to_owned(),
        };
        vec![sample(true, ""), sample(false, ""), sample(true, "4 February 2026, 09:00 UTC")]
    }
}

/// The link ended with the workspace: told to the organization's admins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceUnlinked {
    /// By its slug: its name is gone with it.
    pub workspace: String,
    pub organization: Named,
    pub by: Person,
    pub at: Timestamp,
    /// The link was taken back; otherwise the workspace was deleted.
    #[serde(default)]
    pub is_undone: bool,
    /// A campaign had made it. (Of what was kept before others could be undone, all were.)
    #[serde(default = "yes")]
    pub was_automatic: bool,
    /// Why, if that was said.
    #[serde(default)]
    pub reason: String,
    /// Two operators ended it.
    #[serde(default)]
    pub by_operators: bool,
    /// The organization that it was moved to; none when the link ended otherwise.
    #[serde(default)]
    pub moved_to: Option<Named>,
}

const fn yes() -> bool {
    true
}

impl Content for WorkspaceUnlinked {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Link
    }

    fn subject(&self) -> String {
        match &self.moved_to {
            Some(to) => format!("{} was moved from {} to {}", self.workspace, self.organization.name, to.name),
            None => format!("{} is no longer linked to {}", self.workspace, self.organization.name),
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        if let Some(to) = &self.moved_to {
            return vec![format!(
                "{} moved the workspace {} from the organization {} to {}, with the consent of all three. There was no moment \
                 without a link: what linking had unlocked stayed unlocked. People, permissions and billing are as they were. \
                 Its place in the quota of {} is free.",
                self.by, self.workspace, self.organization, to, self.organization.name
            )];
        }
        if self.by_operators {
            let mut said = vec![format!(
                "Two operators of this installation ended the link of the workspace {} to the organization {}, whatever its \
                 policy said. People, permissions and billing are as they were. What linking had unlocked is locked again until \
                 the workspace is linked.",
                self.workspace, self.organization
            )];
            said.push(format!("The reasons given: {}", self.reason));
            return said;
        }
        if self.is_undone {
            let origin = if self.was_automatic { ", which was made by itself" } else { "" };
            let mut said = vec![format!(
                "{} undid the link of the workspace {} to the organization {}{origin}. People, permissions and billing are as \
                 they were. What linking had unlocked is locked again until the workspace is linked.",
                self.by, self.workspace, self.organization
            )];
            if !self.reason.is_empty() {
                said.push(format!("The reason given: {}", self.reason));
            }
            return said;
        }
        vec![format!(
            "{} deleted the workspace {}, and its link to the organization {} ended with it. Its place in the \
             organization's quota is free.",
            self.by, self.workspace, self.organization
        )]
    }

    fn action(&self) -> Action {
        Action::new("See the organization's apps", format!("/organizations/{}/apps", self.organization.slug))
    }

    fn samples() -> Vec<Self> {
        let sample = |is_undone, was_automatic, reason: &str| Self {
            workspace: "atlas-platform".to_owned(),
            organization: Named::new("meridian", "Meridian"),
            by: Person::named("Ada Okafor"),
            at: Timestamp::from_micros(1_767_603_600_000_000),
            is_undone,
            was_automatic,
            reason: reason.to_owned(),
            by_operators: false,
            moved_to: None,
        };
        let ended = Self { by_operators: true, ..sample(false, false, "A court's order. / Seen.") };
        let moved = Self { moved_to: Some(Named::new("harbor", "Harbor")), ..sample(false, false, "") };
        vec![sample(false, false, ""), sample(true, true, ""), sample(true, false, "It belongs to Harbor."), moved, ended]
    }
}
