//! Invitations: made by whoever administers a place, answered by whoever has the address.

mod answer_invitation;
mod create_invitations;
mod end_invitation;
mod join;
mod list_invitations;
mod mail;
mod place;
mod preview_invitations;
mod secret;
mod view_invitation;

pub use answer_invitation::{Accepted, accept_invitation, decline_by_secret, decline_invitation};
pub use create_invitations::{Invited, Made, NewInvitations, create_invitations};
pub use end_invitation::{expire_due, resend_invitation, withdraw_invitation};
pub use join::{Newcomer, create_account_by_invitation};
pub use list_invitations::{
    PlaceInvitations, list_invitations_of, list_invitations_of_organization, list_invitations_of_workspace,
    list_my_invitations,
};
pub use place::InviteTo;
pub use preview_invitations::{Preview, PreviewRow, preview_invitations};
pub use view_invitation::{BySecret, InvitationView, PlaceNamed, find_by_secret, view_invitation};

pub(crate) use answer_invitation::decline;
pub(crate) use end_invitation::{Ended, end_all};
pub(crate) use mail::said;
pub(crate) use view_invitation::name_of_tenant;

use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::InvitationId;
use orglink_domain::invitation::{Invitation, InvitationState, NotPossible};
use orglink_store::{StoreError, Tx, event, invitation};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{App, Error};

/// How many invitations to one place may be pending.
pub const MOST_PENDING: i64 = 200;
/// How many somebody may send in an hour.
pub const MOST_AN_HOUR: i64 = 300;

fn absent(reference: &str) -> Error {
    Error::not_found("invitation", reference)
}

/// An invitation by its id, before it is clear who asks.
async fn find(tx: &mut Tx, reference: &str) -> Result<Invitation, Error> {
    let id = Uuid::try_parse(reference).map_err(|_| absent(reference))?;
    invitation::find(tx, InvitationId(id)).await?.ok_or_else(|| absent(reference))
}

/// Keeps what a transition made of it, with its event.
async fn keep(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    kind: EventType,
    changed: &Invitation,
    at: Timestamp,
) -> Result<(), Error> {
    if !invitation::change(tx, changed).await? {
        // Somebody ended it at the same moment: look again.
        return Err(StoreError::Conflict.into());
    }
    note(app, tx, actor, kind, changed, at).await
}

/// Appends an event about it: ids and what it is to, never the address.
async fn note(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    kind: EventType,
    about: &Invitation,
    at: Timestamp,
) -> Result<(), Error> {
    let mut payload = json!({
        "invitation": about.id, "target": about.target.to_string(), "hands_over": about.hands_over,
        "invited_by": about.invited_by,
    });
    if let (Some(ending), Some(fields)) = (about.ending, payload.as_object_mut()) {
        fields.insert("ending".to_owned(), Value::from(ending.as_str()));
    }
    let happened = NewEvent {
        kind,
        organization_id: about.tenant.organization(),
        workspace_id: about.tenant.workspace(),
        payload,
    };
    event::append(tx, app.origin(actor, at), happened, None).await?;
    app.feed.poke();
    Ok(())
}

/// What a surface answers when a transition is not possible.
fn refusal(not: NotPossible) -> Error {
    match not {
        NotPossible::NotPending(state) => not_pending(state),
        NotPossible::NotYours => Error::forbidden(
            "invitation_not_yours",
            "This invitation is for somebody else",
            &["You are signed in with another address than the one that was invited.".to_owned()],
        ),
        NotPossible::NotVerified => Error::forbidden(
            "address_not_verified",
            "Your address is not verified yet",
            &["An invitation is for a verified e-mail address. Verify yours, then accept.".to_owned()],
        ),
        NotPossible::SentTooOften { seconds } => Error::TooManyAttempts { seconds },
    }
}

fn not_pending(state: InvitationState) -> Error {
    let (title, detail) = match state {
        InvitationState::Accepted => {
            ("It was accepted already", "This invitation was accepted already; it works once.")
        }
        InvitationState::Declined => {
            ("It was declined", "This invitation was declined. Ask for a new one if you want it after all.")
        }
        InvitationState::Withdrawn => {
            ("It was withdrawn", "This invitation was withdrawn. Ask whoever sent it for a new one.")
        }
        InvitationState::Expired | InvitationState::Pending => {
            ("It has expired", "The time of this invitation has passed. Ask whoever sent it for a new one.")
        }
    };
    Error::refused("invitation_not_pending", title, detail)
}
