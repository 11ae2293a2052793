//! Links that several people agree to: proposed by one side, consented to by the other, each to the same plan.
//!
//! What a consent is worth is decided in `domain/src/consent.rs`; here it is read who may speak for a side, what the plan is
//! now, and what has been agreed to. The last consent that was missing makes the link, in its own transaction.

mod agree;
mod code;
mod end;
mod propose;
mod unlink;
mod users;
mod view;

pub(crate) use agree::somebody_else;
pub use agree::{ConsentRequest, Consented, consent};
pub use code::{LinkCode, make_link_code, side_of_link_code, withdraw_link_codes};
pub use end::{decline, expire_due, remind, withdraw};
pub use propose::{PairNamed, ProposeRequest, Proposed, preview, propose};
pub use unlink::{plan_unlink, propose_unlink};
pub use users::{ProposeUsers, propose_users};
pub use view::{
    AgreementView, ProposalView, Waiting, list_my_proposals, list_proposals_of_organization,
    list_proposals_of_workspace, view_proposal,
};

use orglink_domain::clock::Timestamp;
use orglink_domain::consent::{NotOpen, Proposal, ProposalState};
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::link::Act;
use orglink_store::{StoreError, Tx, event, proposal};
use serde_json::{Value, json};

use crate::{App, Error};

/// Refuses where links are not proposed. Moves are, wherever they are allowed at all.
fn require_proposals(app: &App, act: Act) -> Result<(), Error> {
    if matches!(act, Act::Transfer | Act::Unlink | Act::MigrateUsers) || app.settings.needs_proposals() {
        return Ok(());
    }
    Err(Error::refused(
        "consent_is_one_person",
        "Links are not proposed here",
        "In this installation whoever administers both the workspace and the organization links; nobody else is asked. Get \
         the role that is missing, or ask somebody who has both.",
    ))
}

/// Keeps how a proposal ended, with its event.
async fn keep(app: &App, tx: &mut Tx, actor: Actor, ended: &Proposal, at: Timestamp) -> Result<(), Error> {
    if !proposal::change(tx, ended).await? {
        // Somebody was faster: look again.
        return Err(StoreError::Conflict.into());
    }
    let kind = match ended.state {
        ProposalState::Declined => EventType::ProposalDeclined,
        ProposalState::Withdrawn => EventType::ProposalWithdrawn,
        ProposalState::Expired => EventType::ProposalExpired,
        ProposalState::Superseded => EventType::ProposalSuperseded,
        // What tells of a link is the link's own event.
        ProposalState::Done | ProposalState::Open => return Ok(()),
    };
    note(app, tx, actor, kind, ended, json!({ "reason": ended.reason }), at).await
}

/// What happened to a proposal, as an event of both sides.
async fn note(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    kind: EventType,
    about: &Proposal,
    mut payload: Value,
    at: Timestamp,
) -> Result<(), Error> {
    if let Some(map) = payload.as_object_mut() {
        map.insert("proposal".into(), json!(about.id));
        map.insert("proposed_from".into(), json!(about.proposed_from));
    }
    let happened = NewEvent {
        kind,
        organization_id: Some(about.organization_id),
        workspace_id: Some(about.workspace_id),
        payload,
    };
    event::append(tx, app.origin(actor, at), happened, None).await?;
    app.feed.poke();
    Ok(())
}

fn not_open(NotOpen(state): NotOpen) -> Error {
    Error::refused(
        "proposal_not_open",
        "This proposal is not open any more",
        format!("The proposal is {state}. Nothing was done; whoever still wants the link can propose it again."),
    )
}
