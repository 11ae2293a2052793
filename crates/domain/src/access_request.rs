//! Access requests: *make me an admin*, asked of people whom one may not know, by the name of the place alone.

use crate::clock::Timestamp;
use crate::id::{AccessRequestId, AccountId, TenantId};
use crate::words;

words! {
    /// Where a request stands.
    "request state" AccessRequestState {
        Open = "open",
        Approved = "approved",
        Declined = "declined",
        Withdrawn = "withdrawn",
        Expired = "expired",
    }
}

words! {
    /// What somebody asks to administer.
    "kind of place" AskedKind { Organization = "organization", Workspace = "workspace" }
}

/// A request as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRequest {
    pub id: AccessRequestId,
    pub asked_by: AccountId,
    pub kind: AskedKind,
    /// The slug, as it was typed.
    pub named: String,
    /// What was called so at that moment; none when nothing was, which the asker is never told.
    pub tenant: Option<TenantId>,
    pub message: Option<String>,
    /// The page of ours that the asker came from and goes back to.
    pub return_to: Option<String>,
    /// As it is kept; what holds now is [`AccessRequest::state_at`].
    pub state: AccessRequestState,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<AccountId>,
    /// Why it was declined.
    pub reason: Option<String>,
}

/// The request is not open any more; nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request is {0}")]
pub struct NotOpen(pub AccessRequestState);

impl AccessRequest {
    /// How long a request stays open.
    pub const LIFETIME_SECONDS: i64 = 30 * 24 * 60 * 60;
    /// The longest message, and the longest reason.
    pub const MOST_CHARACTERS: usize = 1000;

    /// Where it stands at a moment, whether or not it was noted already that its time has passed.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> AccessRequestState {
        match self.state {
            AccessRequestState::Open if self.expires_at <= now => AccessRequestState::Expired,
            state => state,
        }
    }

    fn end(self, state: AccessRequestState, by: Option<AccountId>, now: Timestamp) -> Result<Self, NotOpen> {
        match self.state_at(now) {
            AccessRequestState::Open => Ok(Self { state, ended_at: Some(now), ended_by: by, ..self }),
            ended => Err(NotOpen(ended)),
        }
    }

    /// An admin says yes.
    ///
    /// # Errors
    /// When it is not open.
    pub fn approve(self, by: AccountId, now: Timestamp) -> Result<Self, NotOpen> {
        self.end(AccessRequestState::Approved, Some(by), now)
    }

    /// An admin says no, and why.
    ///
    /// # Errors
    /// When it is not open.
    pub fn decline(self, by: AccountId, reason: String, now: Timestamp) -> Result<Self, NotOpen> {
        Ok(Self { reason: Some(reason), ..self.end(AccessRequestState::Declined, Some(by), now)? })
    }

    /// The asker takes it back.
    ///
    /// # Errors
    /// When it is not open.
    pub fn withdraw(self, now: Timestamp) -> Result<Self, NotOpen> {
        let by = self.asked_by;
        self.end(AccessRequestState::Withdrawn, Some(by), now)
    }

    /// Its time has passed.
    ///
    /// # Errors
    /// When it has not, or it ended before.
    pub fn expire(self, now: Timestamp) -> Result<Self, NotOpen> {
        match (self.state, self.state_at(now)) {
            (AccessRequestState::Open, AccessRequestState::Expired) => {
                Ok(Self { state: AccessRequestState::Expired, ended_at: Some(now), ..self })
            }
            (state, _) => Err(NotOpen(state)),
        }
    }
}

/// A text that people wrote for people: trimmed, bounded, without control characters but line breaks; nothing when
/// there is nothing in it.
///
/// # Errors
/// When it is too long.
pub fn check_text(given: &str) -> Result<Option<String>, TextTooLong> {
    let kept = |c: &char| !c.is_control() || *c == '\n';
    let text: String = given.replace("\r\n", "\n").trim().chars().filter(kept).collect();
    if text.chars().count() > AccessRequest::MOST_CHARACTERS {
        return Err(TextTooLong);
    }
    Ok(Some(text).filter(|t| !t.is_empty()))
}

/// A text is longer than it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write at most {} characters", AccessRequest::MOST_CHARACTERS)]
pub struct TextTooLong;

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn request() -> AccessRequest {
        AccessRequest {
            id: AccessRequestId(Uuid::from_u128(1)),
            asked_by: AccountId(Uuid::from_u128(2)),
            kind: AskedKind::Organization,
            named: "meridian".to_owned(),
            tenant: None,
            message: None,
            return_to: None,
            state: AccessRequestState::Open,
            created_at: Timestamp::from_micros(0),
            expires_at: Timestamp::from_micros(1000),
            ended_at: None,
            ended_by: None,
            reason: None,
        }
    }

    #[test]
    fn a_request_is_answered_once_and_in_time() {
        let (early, late) = (Timestamp::from_micros(5), Timestamp::from_micros(1000));
        let admin = AccountId(Uuid::from_u128(3));
        assert_eq!(request().approve(admin, late), Err(NotOpen(AccessRequestState::Expired)));
        assert_eq!(request().expire(early), Err(NotOpen(AccessRequestState::Open)));
        let approved = request().approve(admin, early).expect("open");
        assert_eq!((approved.state, approved.ended_by), (AccessRequestState::Approved, Some(admin)));
        for ended in [approved, request().withdraw(early).expect("open"), request().expire(late).expect("late")] {
            let state = ended.state;
            assert_eq!(ended.clone().approve(admin, early), Err(NotOpen(state)));
            assert_eq!(ended.clone().decline(admin, "no".to_owned(), early), Err(NotOpen(state)));
            assert_eq!(ended.clone().withdraw(early), Err(NotOpen(state)));
            assert_eq!(ended.expire(late), Err(NotOpen(state)));
        }
    }

    #[test]
    fn texts_are_bounded_and_plain() {
        assert_eq!(check_text(" a\r\nb\u{7}\u{0} "), Ok(Some("a\nb".to_owned())));
        assert_eq!(check_text(" \n "), Ok(None));
        assert_eq!(check_text(&"x".repeat(1001)), Err(TextTooLong));
    }
}
