//! A link is proposed: those who must agree are asked, and whoever proposed it hears the answer.

use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named, Person};

/// For those who must agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkProposed {
    pub workspace: Named,
    pub organization: Named,
    pub by: Person,
    /// As what they are asked: *an admin of the workspace*.
    pub asked_as: String,
    /// What the proposer wrote.
    pub message: String,
    pub expires_at: String,
    /// They were asked before.
    pub is_reminder: bool,
    /// The organization that it would leave; none when it is to be linked.
    #[serde(default)]
    pub moves_from: Option<Named>,
    /// The link is to be ended, by operators.
    #[serde(default)]
    pub ends: bool,
    /// The users of the workspace are to migrate.
    #[serde(default)]
    pub migrates: bool,
    pub path: String,
}

impl Content for LinkProposed {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Link
    }

    fn subject(&self) -> String {
        let again = if self.is_reminder { "Still waiting for you: " } else { "" };
        match &self.moves_from {
            Some(from) => {
                format!("{again}{} is to be moved from {} to {}", self.workspace.name, from.name, self.organization.name)
            }
            None if self.ends => {
                format!("{again}the link of {} to {} is to be ended", self.workspace.name, self.organization.name)
            }
            None if self.migrates => {
                format!(
                    "{again}the users of {} are to migrate into the directory of {}",
                    self.workspace.name, self.organization.name
                )
            }
            None => format!("{again}{} is to be linked to {}", self.workspace.name, self.organization.name),
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let what = match &self.moves_from {
            Some(from) => {
                format!("move the workspace {} from the organization {from} to {}", self.workspace, self.organization)
            }
            None if self.ends => {
                format!("end the link of the workspace {} to the organization {}", self.workspace, self.organization)
            }
            None if self.migrates => format!(
                "migrate the users of the workspace {} into the directory of the organization {}",
                self.workspace, self.organization
            ),
            None => format!("link the workspace {} to the organization {}", self.workspace, self.organization),
        };
        vec![
            format!("{} proposes to {what}. You are asked as {}.", self.by, self.asked_as),
            "Nothing is done until everybody who is asked has agreed to the same plan, which says exactly what changes and what \
             does not. You can agree, or decline and say why."
                .to_owned(),
        ]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![("Until", self.expires_at.clone())];
        if !self.message.is_empty() {
            facts.push(("They write", self.message.clone()));
        }
        facts
    }

    fn action(&self) -> Action {
        Action::new("Look at the plan", self.path.clone())
    }

    fn is_urgent(&self) -> bool {
        true
    }

    fn samples() -> Vec<Self> {
        let sample = |message: &str, is_reminder| Self {
            workspace: Named::new("atlas-platform", "Atlas Platform"),
            organization: Named::new("meridian", "Meridian"),
            by: Person::named("Ada Okafor"),
            asked_as: "an admin of the organization".to_owned(),
            message: message.to_owned(),
            expires_at: "4 February 2026, 09:00 UTC".to_owned(),
            is_reminder,
            moves_from: None,
            ends: false,
            migrates: false,
            path: "/proposals/0199c0de-0000-7000-8000-000000000001".to_owned(),
        };
        let moved = Self { moves_from: Some(Named::new("harbor", "Harbor")), ..sample("", false) };
        let ends = Self { ends: true, ..sample("A court's order.", false) };
        let migrates = Self { migrates: true, ..sample("", false) };
        vec![sample("", false), sample("As we discussed on Monday.", true), moved, ends, migrates]
    }
}

/// For those whose consent no longer counts, because what they agreed to has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentOutdated {
    pub workspace: Named,
    pub organization: Named,
    pub path: String,
}

impl Content for ConsentOutdated {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Link
    }

    fn subject(&self) -> String {
        format!("Agree again: the plan for {} has changed", self.workspace.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![format!(
            "You agreed to what is proposed for the workspace {} and the organization {}. Since then something in the plan has changed, and the \
             other side has agreed to the plan as it is now. Your consent was to the older one and does not count. Look at what is \
             different, and agree again if you still want to.",
            self.workspace, self.organization
        )]
    }

    fn action(&self) -> Action {
        Action::new("See what has changed", self.path.clone())
    }

    fn is_urgent(&self) -> bool {
        true
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            workspace: Named::new("atlas-platform", "Atlas Platform"),
            organization: Named::new("meridian", "Meridian"),
            path: "/proposals/0199c0de-0000-7000-8000-000000000001".to_owned(),
        }]
    }
}

/// For those who had a say: it ended without a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalEnded {
    pub workspace: Named,
    pub organization: Named,
    /// Who ended it; nobody when its time has passed.
    pub by: Option<Person>,
    /// `declined`, `withdrawn`, `expired` or `superseded`.
    pub state: String,
    /// Why it was declined.
    pub reason: String,
    /// What was proposed: `link`, `transfer`, `unlink` or `migrate_users`.
    #[serde(default)]
    pub act: String,
    pub path: String,
}

impl ProposalEnded {
    fn verb(&self) -> &'static str {
        match self.act.as_str() {
            "transfer" => "moving",
            "unlink" => "ending the link of",
            "migrate_users" => "migrating the users of",
            _ => "linking",
        }
    }
}

impl Content for ProposalEnded {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Link
    }

    fn subject(&self) -> String {
        let how = match self.state.as_str() {
            "declined" => "Declined",
            "withdrawn" => "Withdrawn",
            "superseded" => "No longer needed",
            _ => "Nobody answered in time",
        };
        format!("{how}: {} {} to {}", self.verb(), self.workspace.name, self.organization.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        let what = format!("{} the workspace {} to the organization {}", self.verb(), self.workspace, self.organization);
        let by = self.by.as_ref().map(ToString::to_string).unwrap_or_default();
        vec![match self.state.as_str() {
            "declined" => format!("{by} declined {what}. Nothing was done. It can be proposed again."),
            "withdrawn" => format!("{by} no longer proposes {what}. There is nothing left to answer."),
            "superseded" => format!(
                "The proposal of {what} has ended, because the workspace was linked otherwise or one of the two is gone."
            ),
            _ => format!("Not everybody agreed in time to {what}. Nothing was done. It can be proposed again."),
        }]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        if self.reason.is_empty() { Vec::new() } else { vec![("They write", self.reason.clone())] }
    }

    fn action(&self) -> Action {
        Action::new("See the proposal", self.path.clone())
    }

    fn samples() -> Vec<Self> {
        let sample = |state: &str, reason: &str| Self {
            workspace: Named::new("atlas-platform", "Atlas Platform"),
            organization: Named::new("meridian", "Meridian"),
            by: matches!(state, "declined" | "withdrawn").then(|| Person::named("Noor Haddad")),
            state: state.to_owned(),
            reason: reason.to_owned(),
            act: "link".to_owned(),
            path: "/proposals/0199c0de-0000-7000-8000-000000000001".to_owned(),
        };
        vec![
            sample("declined", "It belongs to Harbor."),
            sample("withdrawn", ""),
            sample("expired", ""),
            sample("superseded", ""),
        ]
    }
}
