//! Ends claims of accounts, whatever the cause: the rows go, the events say why, each person is told.

use orglink_domain::account::Account;
use orglink_domain::domain_claim::account::{AccountClaim, ClaimEnd, ClaimState, is_at};
use orglink_domain::event::EventType;
use orglink_domain::id::{AccountId, DomainClaimId, OrganizationId};
use orglink_domain::organization::Organization;
use orglink_policy::Action;
use orglink_store::{Tx, domain_claim};
use uuid::Uuid;

use super::{Happened, told_of_claim, with};
use crate::change::OrganizationChange;
use crate::{App, Error, Expected, Principal};

const PAGE: i64 = 500;

/// Ends one claim; what happened by that.
pub(super) async fn end(
    tx: &mut Tx,
    of: &Organization,
    claim: &AccountClaim,
    why: ClaimEnd,
) -> Result<Happened, Error> {
    domain_claim::delete_account_claim(tx, claim).await?;
    let kind = match claim.state {
        ClaimState::Managed => EventType::AccountReleased,
        ClaimState::Announced | ClaimState::Objected => EventType::AccountClaimWithdrawn,
    };
    Ok(vec![(kind, with(told_of_claim(of, claim), "why", why))])
}

/// Ends the claims in these states that rest on a domain.
pub(super) async fn end_of_domain(
    tx: &mut Tx,
    of: &Organization,
    id: DomainClaimId,
    states: &[ClaimState],
    why: ClaimEnd,
) -> Result<Happened, Error> {
    let (mut happened, mut after) = (Vec::new(), AccountId(Uuid::nil()));
    loop {
        let page = domain_claim::list_account_claims_of_domain(tx, id, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(happened) };
        after = last.account_id;
        for claim in page.iter().filter(|claim| states.contains(&claim.state)) {
            happened.extend(end(tx, of, claim, why).await?);
        }
    }
}

/// Ends all claims of an organization that is being deleted; what happened by that.
pub(crate) async fn end_of_organization(tx: &mut Tx, of: &Organization) -> Result<Happened, Error> {
    let (mut happened, mut after) = (Vec::new(), String::new());
    loop {
        let page = domain_claim::list(tx, of.id, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(happened) };
        after.clone_from(&last.domain);
        for domain in &page {
            let why = ClaimEnd::OrganizationDeleted;
            happened.extend(end_of_domain(tx, of, domain.id, ClaimState::ALL, why).await?);
        }
    }
}

/// A change of the organization that claims an account, for what is not one of its admins' to do.
pub(super) async fn change_of(app: &App, tx: &mut Tx, id: OrganizationId) -> Result<OrganizationChange, Error> {
    let (system, reference) = (Principal::system(), id.to_string());
    OrganizationChange::begin(app, tx, &system, &reference, Action::ApplyClaims, Expected::Any).await
}

/// Ends the claim of somebody who leaves, if there is one.
pub(crate) async fn end_of_account(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    account: AccountId,
) -> Result<(), Error> {
    end_for(app, tx, principal, account, ClaimEnd::Left).await
}

/// Ends the claim of an account whose address is not at the domain any more.
pub(crate) async fn address_changed(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    account: &Account,
) -> Result<(), Error> {
    match domain_claim::find_account_claim(tx, account.id).await? {
        Some(claim) if !is_at(&account.email, &claim.domain) => {
            end_for(app, tx, principal, account.id, ClaimEnd::AddressChanged).await
        }
        _ => Ok(()),
    }
}

async fn end_for(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    account: AccountId,
    why: ClaimEnd,
) -> Result<(), Error> {
    let Some(claim) = domain_claim::find_account_claim(tx, account).await? else { return Ok(()) };
    let change = change_of(app, tx, claim.organization_id).await?;
    let happened = end(tx, change.organization(), &claim, why).await?;
    change.finish_as(app, tx, principal, happened).await?;
    Ok(())
}
