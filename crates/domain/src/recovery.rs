//! Recovery: how an organization or a workspace that nobody can administer any more gets an admin again.
//!
//! Either somebody with an address at the right domain proves that they control the domain, or two operators agree
//! on who it should be. Then everybody concerned is told and has time to object. Only when nobody did, and nobody
//! who administers it can act again, the one becomes admin.

use crate::clock::Timestamp;
use crate::id::{AccountId, RecoveryId, TenantId};
use crate::words;

words! {
    /// How it is shown that the one who asks may.
    "way of recovery" RecoveryWay {
        /// By a DNS record at a domain that belongs to it.
        Domain = "domain",
        /// One operator proposes it, another one approves.
        Operators = "operators",
    }
}

words! {
    /// Where a recovery stands.
    "state of a recovery" RecoveryState {
        /// Not shown yet that the one who asks may: the record is missing, or the second operator.
        Requested = "requested",
        /// Shown; everybody concerned has been told and can object until it applies.
        Waiting = "waiting",
        /// The one asked for is admin.
        Applied = "applied",
        /// Somebody concerned said no.
        Objected = "objected",
        /// The one who asked no longer wants it.
        Withdrawn = "withdrawn",
        /// Nobody showed in time that the one who asks may.
        Expired = "expired",
        /// There is somebody again who can administer it, so that nothing is to be recovered.
        Superseded = "superseded",
    }
}

impl RecoveryState {
    /// It can still come to something.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Waiting)
    }

    /// A few words for a lozenge or a table.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Requested => "Asked for",
            Self::Waiting => "Time to object",
            Self::Applied => "Done",
            Self::Objected => "Objected",
            Self::Withdrawn => "Withdrawn",
            Self::Expired => "Expired",
            Self::Superseded => "Not needed",
        }
    }
}

/// One recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    pub id: RecoveryId,
    /// What is recovered.
    pub place: TenantId,
    /// Who becomes admin.
    pub account_id: AccountId,
    pub way: RecoveryWay,
    /// The domain whose control is proven.
    pub domain: Option<String>,
    /// The operator who proposed it.
    pub proposed_by: Option<AccountId>,
    /// The operator who approved it.
    pub approved_by: Option<AccountId>,
    pub reason: String,
    pub state: RecoveryState,
    pub created_at: Timestamp,
    /// Until when it must be shown that the one who asks may.
    pub expires_at: Timestamp,
    /// When it takes effect, once that is shown.
    pub applies_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// Who objected.
    pub ended_by: Option<AccountId>,
    /// Why somebody objected.
    pub objection: Option<String>,
}

/// Why a recovery does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryRefusal {
    #[error("this recovery has ended: it is {0}")]
    Ended(RecoveryState),
    #[error("it was not shown in time that the one who asks may; ask again")]
    Expired,
    #[error("it is shown already; it waits until everybody concerned has had time to object")]
    AlreadyShown,
    #[error("everybody concerned still has time to object")]
    TooEarly,
    #[error("this recovery is not for this way of showing it")]
    OtherWay,
    #[error("whoever proposed it, or is to become admin, cannot be the second operator")]
    SamePerson,
}

impl Recovery {
    /// It is shown, by the record at the domain: everybody concerned now has time to object.
    ///
    /// # Errors
    /// When it is past that, or goes another way.
    pub fn prove(self, now: Timestamp, wait_seconds: i64) -> Result<Self, RecoveryRefusal> {
        if self.way != RecoveryWay::Domain {
            return Err(RecoveryRefusal::OtherWay);
        }
        self.wait(now, wait_seconds)
    }

    /// It is shown, by a second operator: everybody concerned now has time to object.
    ///
    /// # Errors
    /// When it is past that, goes another way, or the second operator is not another person.
    pub fn approve(self, by: AccountId, now: Timestamp, wait_seconds: i64) -> Result<Self, RecoveryRefusal> {
        if self.way != RecoveryWay::Operators {
            return Err(RecoveryRefusal::OtherWay);
        }
        if self.proposed_by == Some(by) || self.account_id == by {
            return Err(RecoveryRefusal::SamePerson);
        }
        Ok(Self { approved_by: Some(by), ..self.wait(now, wait_seconds)? })
    }

    fn wait(self, now: Timestamp, wait_seconds: i64) -> Result<Self, RecoveryRefusal> {
        match self.state {
            RecoveryState::Requested if now >= self.expires_at => Err(RecoveryRefusal::Expired),
            RecoveryState::Requested => {
                let applies_at = Some(now.plus_seconds(wait_seconds));
                Ok(Self { state: RecoveryState::Waiting, applies_at, ..self })
            }
            RecoveryState::Waiting => Err(RecoveryRefusal::AlreadyShown),
            ended => Err(RecoveryRefusal::Ended(ended)),
        }
    }

    /// Somebody concerned says no: it ends.
    ///
    /// # Errors
    /// When it has ended.
    pub fn object(self, by: AccountId, why: &str, now: Timestamp) -> Result<Self, RecoveryRefusal> {
        let ended = self.end(RecoveryState::Objected, now)?;
        Ok(Self { ended_by: Some(by), objection: Some(why.to_owned()), ..ended })
    }

    /// The one who asked no longer wants it.
    ///
    /// # Errors
    /// When it has ended.
    pub fn withdraw(self, now: Timestamp) -> Result<Self, RecoveryRefusal> {
        self.end(RecoveryState::Withdrawn, now)
    }

    /// Nothing is to be recovered any more.
    ///
    /// # Errors
    /// When it has ended.
    pub fn supersede(self, now: Timestamp) -> Result<Self, RecoveryRefusal> {
        self.end(RecoveryState::Superseded, now)
    }

    /// Time is up for showing that the one who asks may.
    ///
    /// # Errors
    /// When it is not, or no longer waits for that.
    pub fn expire(self, now: Timestamp) -> Result<Self, RecoveryRefusal> {
        match self.state {
            RecoveryState::Requested if now < self.expires_at => Err(RecoveryRefusal::TooEarly),
            RecoveryState::Waiting => Err(RecoveryRefusal::AlreadyShown),
            _ => self.end(RecoveryState::Expired, now),
        }
    }

    /// Nobody objected in time: the one becomes admin.
    ///
    /// # Errors
    /// When there is still time to object, or it has ended.
    pub fn apply(self, now: Timestamp) -> Result<Self, RecoveryRefusal> {
        match (self.state, self.applies_at) {
            (RecoveryState::Waiting, Some(at)) if now >= at => self.end(RecoveryState::Applied, now),
            (RecoveryState::Requested | RecoveryState::Waiting, _) => Err(RecoveryRefusal::TooEarly),
            (ended, _) => Err(RecoveryRefusal::Ended(ended)),
        }
    }

    fn end(self, state: RecoveryState, now: Timestamp) -> Result<Self, RecoveryRefusal> {
        if !self.state.is_open() {
            return Err(RecoveryRefusal::Ended(self.state));
        }
        Ok(Self { state, ended_at: Some(now), ..self })
    }
}

/// The name at which the record (DNS TXT) must stand.
#[must_use]
pub fn record_name(domain: &str) -> String {
    format!("_orglink-recovery.{domain}")
}

/// What the record must say. It is no secret: writing it there is what proves.
#[must_use]
pub fn record_text(id: RecoveryId) -> String {
    format!("orglink-recovery={id}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::id::WorkspaceId;

    const NOW: Timestamp = Timestamp::from_micros(1_000_000_000);
    const WAIT: i64 = 7 * 24 * 60 * 60;

    fn account(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(n))
    }

    fn requested(way: RecoveryWay) -> Recovery {
        Recovery {
            id: RecoveryId(Uuid::from_u128(1)),
            place: TenantId::Workspace(WorkspaceId(Uuid::from_u128(2))),
            account_id: account(3),
            way,
            domain: None,
            proposed_by: (way == RecoveryWay::Operators).then_some(account(4)),
            approved_by: None,
            reason: String::new(),
            state: RecoveryState::Requested,
            created_at: NOW,
            expires_at: NOW.plus_seconds(WAIT),
            applies_at: None,
            ended_at: None,
            ended_by: None,
            objection: None,
        }
    }

    #[test]
    fn it_is_shown_waited_for_and_applied() {
        let waiting = requested(RecoveryWay::Domain).prove(NOW, WAIT).expect("shown");
        assert_eq!(waiting.clone().apply(NOW.plus_seconds(WAIT - 1)), Err(RecoveryRefusal::TooEarly));
        let applied = waiting.apply(NOW.plus_seconds(WAIT)).expect("applied");
        assert_eq!(applied.state, RecoveryState::Applied);
        assert_eq!(applied.withdraw(NOW), Err(RecoveryRefusal::Ended(RecoveryState::Applied)));
    }

    #[test]
    fn two_operators_are_two_people_and_neither_is_the_one() {
        for same in [3, 4] {
            let approved = requested(RecoveryWay::Operators).approve(account(same), NOW, WAIT);
            assert_eq!(approved, Err(RecoveryRefusal::SamePerson));
        }
        let approved = requested(RecoveryWay::Operators).approve(account(5), NOW, WAIT).expect("approved");
        assert_eq!((approved.state, approved.approved_by), (RecoveryState::Waiting, Some(account(5))));
        assert_eq!(requested(RecoveryWay::Operators).prove(NOW, WAIT), Err(RecoveryRefusal::OtherWay));
        assert_eq!(requested(RecoveryWay::Domain).approve(account(5), NOW, WAIT), Err(RecoveryRefusal::OtherWay));
    }

    #[test]
    fn too_late_is_too_late() {
        let late = NOW.plus_seconds(WAIT);
        assert_eq!(requested(RecoveryWay::Domain).prove(late, WAIT), Err(RecoveryRefusal::Expired));
        assert_eq!(requested(RecoveryWay::Domain).expire(NOW), Err(RecoveryRefusal::TooEarly));
        assert!(requested(RecoveryWay::Domain).expire(late).is_ok());
    }

    proptest! {
        #[test]
        fn whatever_ended_stays_as_it_is_and_nothing_applies_before_its_time(steps in proptest::collection::vec((0..7_u8, 0..WAIT), 1..12)) {
            let (mut at, mut recovery) = (NOW, requested(RecoveryWay::Operators));
            for (step, seconds) in steps {
                at = at.plus_seconds(seconds);
                let before = recovery.clone();
                let after = match step {
                    0 => recovery.clone().approve(account(5), at, WAIT),
                    1 => recovery.clone().object(account(6), "no", at),
                    2 => recovery.clone().withdraw(at),
                    3 => recovery.clone().supersede(at),
                    4 => recovery.clone().expire(at),
                    5 => recovery.clone().prove(at, WAIT),
                    _ => recovery.clone().apply(at),
                };
                if let Ok(after) = after {
                    prop_assert!(before.state.is_open());
                    prop_assert_eq!(after.ended_at.is_some(), !after.state.is_open());
                    if after.state == RecoveryState::Applied {
                        prop_assert!(before.applies_at.is_some_and(|applies| applies <= at) && before.approved_by.is_some());
                    }
                    recovery = after;
                }
            }
        }
    }
}
