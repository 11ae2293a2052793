//! What is pending of somebody who leaves: it ends with the account, each part with its own event.

use orglink_domain::access_request::{AccessRequest, AccessRequestState};
use orglink_domain::account::Account;
use orglink_domain::event::EventType;
use orglink_domain::invitation::{Invitation, InvitationState};
use orglink_domain::recovery::Recovery;
use orglink_store::access_request::RequestsOf;
use orglink_store::{Tx, access_request, invitation, recovery};

use crate::access_request::role_asked;
use crate::invitation::name_of_tenant;
use crate::{App, Error, Principal};

/// More than anybody can have: at most ten requests are open, and so many invitations pending in a place.
const MOST: i64 = 500;

/// What ends, and what somebody else must take over, each in words.
#[derive(Debug, Clone, Default)]
pub struct Pending {
    /// Invitations to the one who leaves.
    pub invitations: Vec<String>,
    /// Their own requests for roles.
    pub requests: Vec<String>,
    /// Recoveries that were to make them an admin.
    pub recoveries: Vec<String>,
    /// Invitations that they have sent: another admin must send them again before they can be accepted.
    pub sent_invitations: Vec<String>,
}

struct Found {
    invitations: Vec<Invitation>,
    requests: Vec<AccessRequest>,
    recoveries: Vec<Recovery>,
    sent: Vec<Invitation>,
}

async fn find(app: &App, tx: &mut Tx, of: &Account) -> Result<Found, Error> {
    let (now, pending) = (app.now(), InvitationState::Pending);
    // To an address that nobody has proven to be theirs, an invitation may be for somebody else.
    let mut invitations = Vec::new();
    if of.is_verified {
        invitations = invitation::list_to_address(tx, &of.email, Some(pending), None, MOST).await?;
    }
    invitations.retain(|i| i.state_at(now) == pending);
    let open = Some(AccessRequestState::Open);
    let mut requests = access_request::list(tx, RequestsOf::Account(of.id), open, None, MOST).await?;
    requests.retain(|r| r.state_at(now) == AccessRequestState::Open);
    let mut recoveries = recovery::list(tx, of.id, None, MOST, false).await?;
    recoveries.retain(|r| r.state.is_open());
    let mut sent = invitation::list_pending_by_account(tx, of.id).await?;
    sent.retain(|i| i.state_at(now) == pending);
    Ok(Found { invitations, requests, recoveries, sent })
}

async fn words(tx: &mut Tx, about: &Invitation) -> Result<String, Error> {
    let place = name_of_tenant(tx, about.tenant).await?.map(|place| place.name).unwrap_or_default();
    Ok(format!("to be {} in {place}", about.target.words()))
}

/// What is pending of somebody, for whoever looks before leaving.
pub(super) async fn list(app: &App, tx: &mut Tx, of: &Account) -> Result<Pending, Error> {
    let found = find(app, tx, of).await?;
    let mut pending = Pending::default();
    for about in &found.invitations {
        pending.invitations.push(words(tx, about).await?);
    }
    for about in &found.sent {
        pending.sent_invitations.push(format!("{} {}", about.email, words(tx, about).await?));
    }
    pending.requests = found.requests.iter().map(|r| format!("to be {} of {}", role_asked(r.kind), r.named)).collect();
    for about in &found.recoveries {
        let place = name_of_tenant(tx, about.place).await?;
        pending.recoveries.push(place.map(|p| format!("of the {} {}", p.kind, p.name)).unwrap_or_default());
    }
    Ok(pending)
}

/// Ends it; the addresses as they were typed in invitations, which stand in what others were told.
pub(super) async fn end(app: &App, tx: &mut Tx, principal: &Principal, of: &Account) -> Result<Vec<String>, Error> {
    let (at, found) = (app.now(), find(app, tx, of).await?);
    for about in found.invitations {
        crate::invitation::decline(app, tx, about, Some(of), principal.actor()).await?;
    }
    for about in found.requests {
        if let Ok(withdrawn) = about.withdraw(at) {
            let kind = EventType::AccessRequestWithdrawn;
            crate::access_request::keep(app, tx, principal.actor(), kind, &withdrawn, at).await?;
        }
    }
    for about in found.recoveries {
        let before = about.state;
        if let Ok(withdrawn) = about.withdraw(at) {
            crate::recovery::keep(app, tx, principal, before, &withdrawn, at).await?;
        }
    }
    let mut spellings = vec![of.email.clone()];
    if of.is_verified {
        let all = invitation::list_to_address(tx, &of.email, None, None, MOST).await?;
        spellings.extend(all.into_iter().map(|i| i.email));
    }
    spellings.sort_unstable();
    spellings.dedup();
    Ok(spellings)
}
