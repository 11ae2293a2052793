//! Invitations, and what became of them.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RolePlace;
use crate::{Action, Content, Ends, Named, Person, WantedSecret};

/// Somebody is invited; they must accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    pub invitation_id: Uuid,
    pub place: RolePlace,
    /// What they would be, in plain words: "organization admin", or the name of the user group.
    pub role: String,
    /// In words, what accepting would allow.
    pub allows: String,
    pub by: Person,
    pub expires_at: Timestamp,
}

impl Content for Invited {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Invitation
    }

    fn subject(&self) -> String {
        format!("{} invites you to {}", self.by, self.place.name())
    }

    fn paragraphs(&self) -> Vec<String> {
        let mut said = vec![format!("{} invites you to be {} of {}.", self.by, self.role, self.place.said())];
        if !self.allows.is_empty() {
            said.push(self.allows.clone());
        }
        said.push("Nothing changes unless you accept. If you do not know what this is about, ignore it.".to_owned());
        said
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("Can be accepted until", self.expires_at.to_minute())]
    }

    fn action(&self) -> Action {
        Action::new("See the invitation", format!("/invitations/id/{}", self.invitation_id))
    }

    fn secret(&self) -> Option<WantedSecret> {
        Some(WantedSecret {
            purpose: "invitation",
            subject: self.invitation_id,
            path: "/invitations/",
            ends: Ends::At(self.expires_at),
        })
    }

    fn is_urgent(&self) -> bool {
        true
    }

    fn stale_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }

    fn samples() -> Vec<Self> {
        let sample = |place, role: &str, allows: &str| Self {
            invitation_id: Uuid::nil(),
            place,
            role: role.to_owned(),
            allows: allows.to_owned(),
            by: Person::named("Ada Okafor"),
            expires_at: Timestamp::from_micros(1_768_813_200_000_000),
        };
        let workspace = RolePlace::Workspace(Named::new("atlas-platform", "Atlas Platform"));
        let organization = RolePlace::Organization(Named::new("meridian", "Meridian"));
        vec![
            sample(workspace, "a member of Administrators", "Its members administer the workspace."),
            sample(organization, "organization admin", ""),
        ]
    }
}

/// The answer to an invitation, for whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationAnswered {
    pub place: RolePlace,
    pub role: String,
    /// The invited address.
    pub email: String,
    pub is_accepted: bool,
    /// Where the invitation is listed.
    pub path: String,
}

impl Content for InvitationAnswered {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Invitation
    }

    fn subject(&self) -> String {
        let what = if self.is_accepted { "accepted" } else { "declined" };
        format!("{} {what} your invitation to {}", self.email, self.place.name())
    }

    fn paragraphs(&self) -> Vec<String> {
        let (email, role, place) = (&self.email, &self.role, self.place.said());
        vec![if self.is_accepted {
            format!("{email} accepted your invitation and is {role} of {place} now.")
        } else {
            format!("{email} declined your invitation to be {role} of {place}. Nothing has changed.")
        }]
    }

    fn action(&self) -> Action {
        Action::new("See who is there", self.path.clone())
    }

    fn samples() -> Vec<Self> {
        let sample = |is_accepted| Self {
            place: RolePlace::Workspace(Named::new("atlas-platform", "Atlas Platform")),
            role: "a member of Administrators".to_owned(),
            email: "noor@meridian.example".to_owned(),
            is_accepted,
            path: "/workspaces/atlas-platform/user-groups/administrators".to_owned(),
        };
        vec![sample(true), sample(false)]
    }
}

/// Nobody answered in time: for whoever invited, once, however many addresses it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationExpired {
    pub place: RolePlace,
    pub role: String,
    /// The invited addresses.
    pub emails: Vec<String>,
    /// Where they can be invited again.
    pub path: String,
}

/// How many addresses such a message names.
const NAMED: usize = 20;

impl Content for InvitationExpired {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Invitation
    }

    fn subject(&self) -> String {
        let place = self.place.name();
        match self.emails.as_slice() {
            [email] => format!("Your invitation of {email} to {place} has expired"),
            emails => format!("{} of your invitations to {place} have expired", emails.len()),
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let (role, place) = (&self.role, self.place.said());
        let named = self.emails.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = self.emails.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        vec![
            format!("{named}{more} did not answer in time the invitation to be {role} of {place}. Nothing has changed."),
            "Invite again whoever is still needed.".to_owned(),
        ]
    }

    fn action(&self) -> Action {
        Action::new("Invite again", self.path.clone())
    }

    fn samples() -> Vec<Self> {
        let sample = |count: usize| Self {
            place: RolePlace::Workspace(Named::new("atlas-platform", "Atlas Platform")),
            role: "a member of Administrators".to_owned(),
            emails: (1..=count).map(|n| format!("person{n}@meridian.example")).collect(),
            path: "/workspaces/atlas-platform/user-groups/administrators".to_owned(),
        };
        vec![sample(1), sample(25)]
    }
}
