//! What is due: claims to which nobody objected in time take effect.

use std::collections::BTreeMap;

use orglink_domain::domain_claim::account::{AccountClaim, ClaimEnd, ClaimState, Fit, free, is_at};
use orglink_domain::event::EventType;
use orglink_domain::id::OrganizationId;
use orglink_domain::organization::Organization;
use orglink_store::{StoreError, Tx, account, domain_claim, in_write};

use super::end_claims::{change_of, end};
use super::{Happened, told_of_claim};
use crate::{App, Error, Principal};

/// How many in one transaction.
const BATCH: i64 = 200;

/// Applies a few hundred claims whose date has come; how many were looked at.
///
/// # Errors
/// When the database is not reachable; what was done stays done.
pub async fn apply_due(app: &App) -> Result<usize, Error> {
    let mut tx = app.db.begin_read().await?;
    let due = domain_claim::list_due_account_claims(&mut tx, app.now(), BATCH).await?;
    drop(tx);
    let count = due.len();
    let mut by_organization: BTreeMap<OrganizationId, Vec<AccountClaim>> = BTreeMap::new();
    for claim in due {
        by_organization.entry(claim.organization_id).or_default().push(claim);
    }
    for (id, claims) in &by_organization {
        in_write!(app.db, tx, { apply(app, tx, *id, claims).await })?;
    }
    Ok(count)
}

/// Applies those that stand as they stood: somebody may have objected since, and another replica may have been faster.
async fn apply(app: &App, tx: &mut Tx, id: OrganizationId, claims: &[AccountClaim]) -> Result<(), Error> {
    let mut still = Vec::new();
    for claim in claims {
        let domain = domain_claim::find_any(tx, claim.domain_claim_id).await?;
        let is_due = domain_claim::find_account_claim(tx, claim.account_id).await?.as_ref() == Some(claim);
        if is_due && domain.is_some_and(|domain| domain.can_claim()) {
            still.push(claim);
        }
    }
    if still.is_empty() {
        return Ok(());
    }
    let change = change_of(app, tx, id).await?;
    let mut happened = Vec::new();
    for claim in still {
        happened.extend(settle(app, tx, change.organization(), claim).await?);
    }
    change.finish_as(app, tx, &Principal::system(), happened).await?;
    Ok(())
}

/// Makes the account managed, or ends the claim when it could not be claimed any more.
async fn settle(app: &App, tx: &mut Tx, of: &Organization, claim: &AccountClaim) -> Result<Happened, Error> {
    let found = account::find(tx, claim.account_id).await?.filter(|account| account.is_verified);
    let why = match found {
        Some(account) if !is_at(&account.email, &claim.domain) => ClaimEnd::AddressChanged,
        Some(account) if free(&account) == Fit::Claimable => {
            let after = AccountClaim { state: ClaimState::Managed, managed_at: Some(app.now()), ..claim.clone() };
            if !domain_claim::change_account_claim(tx, ClaimState::Announced, &after).await? {
                return Err(StoreError::Conflict.into());
            }
            return Ok(vec![(EventType::AccountManaged, told_of_claim(of, claim))]);
        }
        _ => ClaimEnd::NotClaimable,
    };
    end(tx, of, claim, why).await
}
