//! Somebody asks for a role, and the answer.

use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use super::RolePlace;
use crate::{Action, Content, Named, Person};

/// For the admins who can give the role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequested {
    pub place: RolePlace,
    pub role: String,
    pub by: Person,
    /// The address that the asker has proven.
    pub email: String,
    /// What they wrote.
    pub message: String,
    /// Where it can be answered.
    pub path: String,
}

impl Content for AccessRequested {
    fn kind(&self) -> NoticeKind {
        NoticeKind::AccessRequest
    }

    fn subject(&self) -> String {
        format!("{} asks to be {} of {}", self.by, self.role, self.place.name())
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!("{} ({}) asks to be {} of {}.", self.by, self.email, self.role, self.place.said()),
            "They are not told who was asked. Any admin can approve or decline; they hear the answer.".to_owned(),
        ]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        if self.message.is_empty() { Vec::new() } else { vec![("They write", self.message.clone())] }
    }

    fn action(&self) -> Action {
        Action::new("Answer the request", self.path.clone())
    }

    fn is_urgent(&self) -> bool {
        true
    }

    fn samples() -> Vec<Self> {
        let sample = |message: &str| Self {
            place: RolePlace::Organization(Named::new("meridian", "Meridian")),
            role: "organization admin".to_owned(),
            by: Person::named("Noor Haddad"),
            email: "noor@meridian.example".to_owned(),
            message: message.to_owned(),
            path: "/organizations/meridian/requests".to_owned(),
        };
        vec![sample(""), sample("I want to link atlas-platform before the date.")]
    }
}

/// For whoever asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequestAnswered {
    pub place: RolePlace,
    pub role: String,
    pub is_approved: bool,
    /// Why it was declined.
    pub reason: String,
    /// Where the asker was going.
    pub path: String,
}

impl Content for AccessRequestAnswered {
    fn kind(&self) -> NoticeKind {
        NoticeKind::AccessRequest
    }

    fn subject(&self) -> String {
        let place = self.place.name();
        if self.is_approved {
            format!("You are {} of {place} now", self.role)
        } else {
            format!("Your request to be {} of {place} was declined", self.role)
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let place = self.place.said();
        if self.is_approved {
            vec![format!("Your request was approved: you are {} of {place}. You can go on where you were.", self.role)]
        } else {
            vec![format!("An admin declined your request to be {} of {place}.", self.role)]
        }
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        if self.reason.is_empty() { Vec::new() } else { vec![("They write", self.reason.clone())] }
    }

    fn action(&self) -> Action {
        let label = if self.is_approved { "Go on" } else { "See what else you can do" };
        Action::new(label, if self.path.is_empty() { "/link".to_owned() } else { self.path.clone() })
    }

    fn samples() -> Vec<Self> {
        let sample = |is_approved, reason: &str| Self {
            place: RolePlace::Organization(Named::new("meridian", "Meridian")),
            role: "organization admin".to_owned(),
            is_approved,
            reason: reason.to_owned(),
            path: "/link?organization=meridian".to_owned(),
        };
        vec![sample(true, ""), sample(false, ""), sample(false, "Please ask Ada to link it.")]
    }
}

/// Nobody answered in time: for whoever asked. It says no more than they typed, whether or not there is such a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequestExpired {
    /// As they typed it.
    pub named: String,
    pub role: String,
}

impl Content for AccessRequestExpired {
    fn kind(&self) -> NoticeKind {
        NoticeKind::AccessRequest
    }

    fn subject(&self) -> String {
        format!("Your request to be {} of {} has expired", self.role, self.named)
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!("Nobody answered your request to be {} of {} in time. Nothing has changed.", self.role, self.named),
            "You can ask again; whoever you know there may answer sooner when you tell them.".to_owned(),
        ]
    }

    fn action(&self) -> Action {
        Action::new("See what you have asked", "/invitations")
    }

    fn samples() -> Vec<Self> {
        vec![Self { named: "meridian".to_owned(), role: "organization admin".to_owned() }]
    }
}
