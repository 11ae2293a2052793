//! Somebody was given a role, or lost one: told to them, and for admins to the other admins.

use orglink_domain::clock::Timestamp;
use orglink_domain::event::Through;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named, Person};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChanged {
    /// Whose role it is.
    pub who: Person,
    pub by: Person,
    /// In plain words, as in "workspace admin", "organization admin", "app admin of jira on meridian-eu".
    pub role: String,
    pub place: RolePlace,
    pub is_given: bool,
    /// The reader is the one whose role it is.
    pub is_yours: bool,
    pub at: Timestamp,
}

/// Where somebody has a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RolePlace {
    Workspace(Named),
    Organization(Named),
}

impl RolePlace {
    /// `the workspace Atlas Platform (atlas-platform)`
    #[must_use]
    pub fn said(&self) -> String {
        match self {
            Self::Workspace(place) => format!("the workspace {place}"),
            Self::Organization(place) => format!("the organization {place}"),
        }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Workspace(place) | Self::Organization(place) => &place.name,
        }
    }

    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Workspace(place) => format!("/workspaces/{}", place.slug),
            Self::Organization(place) => format!("/organizations/{}", place.slug),
        }
    }
}

impl Content for RoleChanged {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Role
    }

    fn subject(&self) -> String {
        let (role, place) = (&self.role, self.place.name());
        match (self.is_yours, self.is_given) {
            (true, true) => format!("You are {role} of {place} now"),
            (true, false) => format!("You are no longer {role} of {place}"),
            (false, true) => format!("{} is {role} of {place} now", self.who),
            (false, false) => format!("{} is no longer {role} of {place}", self.who),
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let (by, role, place) = (&self.by, &self.role, self.place.said());
        let is_own = self.by.account == self.who.account && self.by.through == Through::Own;
        vec![match (self.is_yours, self.is_given) {
            (true, _) if is_own && !self.is_given => format!("You gave up the role {role} of {place}."),
            (true, true) if is_own => format!("You are {role} of {place}."),
            (true, true) => format!("{by} made you {role} of {place}."),
            (true, false) => format!("{by} took from you the role {role} of {place}."),
            (false, false) if is_own => format!("{} gave up the role {role} of {place}.", self.who),
            (false, true) if is_own => {
                format!("{} is {role} of {place} now. You are told because you administer it.", self.who)
            }
            (false, true) => format!("{by} made {} {role} of {place}. You are told because you administer it.", self.who),
            (false, false) => {
                format!("{by} took the role {role} of {place} from {}. You are told because you administer it.", self.who)
            }
        }]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("When", self.at.to_minute())]
    }

    fn action(&self) -> Action {
        let reads_it = !self.is_yours || self.is_given;
        match &self.place {
            RolePlace::Workspace(_) if reads_it => Action::new("See the workspace", self.place.path()),
            RolePlace::Organization(_) if reads_it => Action::new("See the organization", self.place.path()),
            _ => Action::new("See what you have", "/"),
        }
    }

    fn samples() -> Vec<Self> {
        let places = [
            ("workspace admin", RolePlace::Workspace(Named::new("atlas-platform", "Atlas Platform"))),
            ("organization admin", RolePlace::Organization(Named::new("meridian", "Meridian"))),
        ];
        let mut samples = Vec::new();
        for (role, place) in places {
            for (is_given, is_yours) in [(true, true), (true, false), (false, true), (false, false)] {
                samples.push(Self {
                    who: Person::named("Noor Haddad"),
                    by: Person { account: None, through: Through::Operator, name: String::new() },
                    role: role.to_owned(),
                    place: place.clone(),
                    is_given,
                    is_yours,
                    at: Timestamp::from_micros(1_767_603_600_000_000),
                });
            }
        }
        samples
    }
}
