//! What an assistant asks its own person to do: it changes nothing until that person does it themselves.

use crate::clock::Timestamp;
use crate::digest::Digest;
use crate::id::{AccountId, AssistantRequestId, OrganizationId, TokenId, WorkspaceId};
use crate::link::Act;
use crate::words;

words! {
    /// Where what an assistant asks for stands.
    "state of an assistant's request" AssistantRequestState {
        Open = "open",
        /// The person did it, by exactly the plan that was asked for.
        Confirmed = "confirmed",
        Declined = "declined",
        Expired = "expired",
    }
}

/// What an assistant asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssistantRequest {
    pub id: AssistantRequestId,
    /// Whose assistant it is; nobody else can confirm it.
    pub account_id: AccountId,
    /// By which of their tokens it asked.
    pub token_id: TokenId,
    /// [`Act::Link`] or [`Act::Undo`].
    pub act: Act,
    pub workspace_id: WorkspaceId,
    pub organization_id: OrganizationId,
    /// The plan that was drafted: only the act of exactly this plan confirms the request.
    pub plan_digest: Digest,
    /// In the assistant's words.
    pub message: Option<String>,
    /// As it is kept; what holds now is [`AssistantRequest::state_at`].
    pub state: AssistantRequestState,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// The request is not open any more; nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request is {0}")]
pub struct NotOpen(pub AssistantRequestState);

impl AssistantRequest {
    /// How long a request stays open: as long as a plan can be applied.
    pub const LIFETIME_SECONDS: i64 = crate::plan::PLAN_VALIDITY_SECONDS;

    /// Where it stands at a moment.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> AssistantRequestState {
        match self.state {
            AssistantRequestState::Open if self.expires_at <= now => AssistantRequestState::Expired,
            state => state,
        }
    }

    /// Its person did it, or said no.
    ///
    /// # Errors
    /// When it is not open.
    pub fn end(self, state: AssistantRequestState, now: Timestamp) -> Result<Self, NotOpen> {
        match self.state_at(now) {
            AssistantRequestState::Open => Ok(Self { state, ended_at: Some(now), ..self }),
            ended => Err(NotOpen(ended)),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_over_stays_as_it_ended() {
        let at = Timestamp::from_micros;
        let open = AssistantRequest {
            id: AssistantRequestId(Uuid::from_u128(1)),
            account_id: AccountId(Uuid::from_u128(2)),
            token_id: TokenId(Uuid::from_u128(3)),
            act: Act::Link,
            workspace_id: WorkspaceId(Uuid::from_u128(4)),
            organization_id: OrganizationId(Uuid::from_u128(5)),
            plan_digest: Digest::of(&[b"plan"]),
            message: None,
            state: AssistantRequestState::Open,
            created_at: at(0),
            expires_at: at(10),
            ended_at: None,
        };
        assert_eq!(open.state_at(at(9)), AssistantRequestState::Open);
        assert_eq!(
            open.clone().end(AssistantRequestState::Confirmed, at(10)),
            Err(NotOpen(AssistantRequestState::Expired))
        );
        let declined = open.end(AssistantRequestState::Declined, at(5)).expect("it was open");
        assert_eq!((declined.state_at(at(20)), declined.ended_at), (AssistantRequestState::Declined, Some(at(5))));
        assert_eq!(
            declined.end(AssistantRequestState::Confirmed, at(6)),
            Err(NotOpen(AssistantRequestState::Declined))
        );
    }
}
