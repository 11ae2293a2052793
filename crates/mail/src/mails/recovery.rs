//! Somebody is to become admin of what nobody can administer any more: told to everybody concerned, who may object.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::RecoveryId;
use orglink_domain::notice::NoticeKind;
use orglink_domain::recovery::RecoveryState;
use serde::{Deserialize, Serialize};

use super::RolePlace;
use crate::{Action, Content, Person};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryTold {
    pub recovery: RecoveryId,
    pub place: RolePlace,
    /// Who is to become admin.
    pub who: Person,
    /// Who did what is told now.
    pub by: Person,
    /// Where it stands now.
    pub state: RecoveryState,
    pub reason: String,
    /// Until when one can object.
    pub applies_at: Option<Timestamp>,
    pub objection: Option<String>,
    /// The reader is the one who is to become admin.
    pub is_yours: bool,
}

impl Content for RecoveryTold {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Recovery
    }

    fn subject(&self) -> String {
        let (who, place) = (&self.who, self.place.name());
        match (self.state, self.is_yours) {
            (RecoveryState::Requested, true) => format!("Recovery of {place} asked for"),
            (RecoveryState::Requested, false) => format!("{who} asks to become admin of {place}"),
            (RecoveryState::Waiting, true) => format!("Your recovery of {place} waits for objections"),
            (RecoveryState::Waiting, false) => format!("{who} is to become admin of {place}: you can object"),
            (RecoveryState::Applied, true) => format!("You are admin of {place} now"),
            (RecoveryState::Applied, false) => format!("{who} is admin of {place} now"),
            (RecoveryState::Objected, _) => format!("Somebody objected to the recovery of {place}"),
            (_, _) => format!("The recovery of {place} has ended"),
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let (who, by, place) = (&self.who, &self.by, self.place.said());
        let whom = if self.is_yours { "you are".to_owned() } else { format!("{who} is") };
        let why = format!("None of the admins of {place} can act.");
        let first = match self.state {
            RecoveryState::Requested => format!("{why} So {whom} to become an admin, once it is shown that this may be."),
            RecoveryState::Waiting => {
                let until = self.applies_at.map(Timestamp::to_minute).unwrap_or_default();
                format!("{why} So {whom} to become an admin on {until}, unless somebody concerned objects until then.")
            }
            RecoveryState::Applied => format!("Nobody objected in time: {whom} an admin of {place} now."),
            RecoveryState::Objected => format!("{by} objected, so nobody becomes admin of {place} by this recovery."),
            RecoveryState::Withdrawn => format!("{by} no longer asks for the recovery of {place}."),
            RecoveryState::Expired => {
                format!("It was not shown in time that the one who asked may, so the recovery of {place} has ended.")
            }
            RecoveryState::Superseded => {
                format!("Nothing is to be recovered any more, so the recovery of {place} has ended.")
            }
        };
        vec![first, "Nothing else changes: no member, no permission, no link, no bill.".to_owned()]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![("Why it was asked for", self.reason.clone())];
        facts.extend(self.objection.clone().map(|why| ("Objection", why)));
        facts
    }

    fn action(&self) -> Action {
        let label = if self.state.is_open() && !self.is_yours { "Look at it, or object" } else { "Look at it" };
        Action::new(label, format!("/recoveries/{}", self.recovery))
    }

    /// The time to object passes.
    fn is_urgent(&self) -> bool {
        self.state == RecoveryState::Waiting && !self.is_yours
    }

    fn stale_at(&self) -> Option<Timestamp> {
        self.applies_at.filter(|_| self.state == RecoveryState::Waiting)
    }

    fn samples() -> Vec<Self> {
        let states = RecoveryState::ALL.iter().flat_map(|state| [(*state, true), (*state, false)]);
        states
            .map(|(state, is_yours)| Self {
                recovery: RecoveryId(uuid::Uuid::nil()),
                place: RolePlace::Workspace(crate::Named::new("robot-yard", "Robot Yard")),
                who: Person::named("Noor Haddad"),
                by: Person::named("Vera Quist"),
                state,
                reason: "Its only person has left.".to_owned(),
                applies_at: Some(Timestamp::from_micros(1_767_603_600_000_000)),
                objection: (state == RecoveryState::Objected).then(|| "I am back next week.".to_owned()),
                is_yours,
            })
            .collect()
    }
}
