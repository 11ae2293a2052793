//! Domains that organizations show to be their own, and the accounts that they claim.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::domain_claim::account::{AccountClaim, ClaimState};
use orglink_domain::domain_claim::{DomainClaim, DomainState, Seen};
use orglink_domain::id::{AccountId, DomainClaimId, OrganizationId};
use uuid::Uuid;

use crate::account::from_row as account_from_row;
use crate::row::{Time, can_be_stored, containing, word};
use crate::{StoreError, Tx};

type Row = (Uuid, Uuid, String, String, String, Time, Option<Time>, Option<Time>, Option<String>, Option<Time>, Time);

fn from_row(row: Row) -> Result<DomainClaim, StoreError> {
    let (id, organization, domain, token, state, added_at, verified_at, checked_at, seen, missing_since, due_at) = row;
    Ok(DomainClaim {
        id: DomainClaimId(id),
        organization_id: OrganizationId(organization),
        state: word(&state, "domain_claim", "state", &domain)?,
        seen: seen.map(|seen| word(&seen, "domain_claim", "seen", &domain)).transpose()?,
        domain,
        token,
        added_at: added_at.0,
        verified_at: verified_at.map(|t| t.0),
        checked_at: checked_at.map(|t| t.0),
        missing_since: missing_since.map(|t| t.0),
        due_at: due_at.0,
    })
}

/// Keeps a new one; false when the organization has it already.
pub async fn create(tx: &mut Tx, new: &DomainClaim) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("domain_claim/create"),
        new.id.0,
        new.organization_id.0,
        &new.domain,
        &new.token,
        new.state.as_str(),
        Time(new.added_at),
        new.verified_at.map(Time),
        new.checked_at.map(Time),
        new.seen.map(Seen::as_str),
        new.missing_since.map(Time),
        Time(new.due_at),
    )?;
    Ok(written == 1)
}

pub async fn find(tx: &mut Tx, id: OrganizationId, domain: &str) -> Result<Option<DomainClaim>, StoreError> {
    if !can_be_stored(domain) {
        return Ok(None);
    }
    fetch_optional!(tx, sql!("domain_claim/find"), Row, id.0, domain)?.map(from_row).transpose()
}

/// Whosever it is: for the loop.
pub async fn find_any(tx: &mut Tx, id: DomainClaimId) -> Result<Option<DomainClaim>, StoreError> {
    fetch_optional!(tx, sql!("domain_claim/find_any"), Row, id.0)?.map(from_row).transpose()
}

/// Who holds a domain.
pub async fn find_holder(tx: &mut Tx, domain: &str) -> Result<Option<OrganizationId>, StoreError> {
    let row = fetch_optional!(tx, sql!("domain_claim/find_holder"), (Uuid,), domain)?;
    Ok(row.map(|(id,)| OrganizationId(id)))
}

/// An organization's domains after one, by name.
pub async fn list(tx: &mut Tx, id: OrganizationId, after: &str, limit: i64) -> Result<Vec<DomainClaim>, StoreError> {
    fetch_all!(tx, sql!("domain_claim/list"), Row, id.0, after, limit)?.into_iter().map(from_row).collect()
}

pub async fn count(tx: &mut Tx, id: OrganizationId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("domain_claim/count"), (i64,), id.0)?.0)
}

/// Those whose name servers are to be asked, whosever they are: for the loop.
pub async fn list_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<DomainClaim>, StoreError> {
    fetch_all!(tx, sql!("domain_claim/list_due"), Row, Time(now), limit)?.into_iter().map(from_row).collect()
}

/// Takes the turn at one until a moment; false when somebody else was faster.
pub async fn take_turn(tx: &mut Tx, of: &DomainClaim, until: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("domain_claim/take_turn"), of.id.0, Time(of.due_at), Time(until))? == 1)
}

/// Keeps where it stands now; false when it no longer stands where it stood before.
pub async fn change(tx: &mut Tx, before: DomainState, after: &DomainClaim) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("domain_claim/change"),
        after.id.0,
        after.state.as_str(),
        after.verified_at.map(Time),
        after.checked_at.map(Time),
        after.seen.map(Seen::as_str),
        after.missing_since.map(Time),
        Time(after.due_at),
        before.as_str(),
    )?;
    Ok(written == 1)
}

/// Deletes it, with the claims of accounts that rest on it.
pub async fn delete(tx: &mut Tx, id: DomainClaimId) -> Result<(), StoreError> {
    execute!(tx, sql!("domain_claim/delete"), id.0)?;
    Ok(())
}

/// The claim of an account, as far as it decides what another would mean.
pub type Held = Option<(OrganizationId, ClaimState)>;

/// The accounts with a verified address at a domain after one, by address, each with the claim that there is.
pub async fn list_accounts(
    tx: &mut Tx,
    domain: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<(Account, Held)>, StoreError> {
    type Row = (Uuid, String, String, bool, bool, bool, bool, Option<Uuid>, Option<String>);
    let rows = fetch_all!(tx, sql!("domain_claim/list_accounts"), Row, domain, after, limit)?;
    rows.into_iter()
        .map(|(id, email, name, is_verified, is_robot, is_operator, is_suspended, organization, state)| {
            let state = state.map(|state| word(&state, "account_claim", "state", id)).transpose()?;
            let held = organization.map(OrganizationId).zip(state);
            Ok((account_from_row((id, email, name, is_verified, is_robot, is_operator, is_suspended)), held))
        })
        .collect()
}

type ClaimRow = (Uuid, Uuid, Uuid, String, String, Time, Time, Option<Time>, Option<String>, Option<Time>);

fn claim_from_row(row: ClaimRow) -> Result<AccountClaim, StoreError> {
    let (
        account,
        domain_claim,
        organization,
        domain,
        state,
        announced_at,
        takes_effect_at,
        objected_at,
        reason,
        managed_at,
    ) = row;
    Ok(AccountClaim {
        account_id: AccountId(account),
        domain_claim_id: DomainClaimId(domain_claim),
        organization_id: OrganizationId(organization),
        domain,
        state: word(&state, "account_claim", "state", account)?,
        announced_at: announced_at.0,
        takes_effect_at: takes_effect_at.0,
        objected_at: objected_at.map(|t| t.0),
        reason,
        managed_at: managed_at.map(|t| t.0),
    })
}

/// The claim of an account, whosever it is.
pub async fn find_account_claim(tx: &mut Tx, id: AccountId) -> Result<Option<AccountClaim>, StoreError> {
    fetch_optional!(tx, sql!("domain_claim/find_account_claim"), ClaimRow, id.0)?.map(claim_from_row).transpose()
}

/// An organization's claims after one, by address; those in a state, whose address contains a text.
pub async fn list_account_claims(
    tx: &mut Tx,
    id: OrganizationId,
    state: Option<ClaimState>,
    (after, text): (&str, &str),
    limit: i64,
) -> Result<Vec<(AccountClaim, Account)>, StoreError> {
    type Row = (
        Uuid,
        Uuid,
        Uuid,
        String,
        String,
        Time,
        Time,
        Option<Time>,
        Option<String>,
        Option<Time>,
        String,
        String,
        bool,
        bool,
        bool,
        bool,
    );
    let (state, pattern) = (state.map(ClaimState::as_str), containing(text));
    let rows = fetch_all!(tx, sql!("domain_claim/list_account_claims"), Row, id.0, state, after, pattern, limit)?;
    rows.into_iter()
        .map(|(a, b, c, d, e, f, g, h, i, j, email, name, is_verified, is_robot, is_operator, is_suspended)| {
            let account = account_from_row((a, email, name, is_verified, is_robot, is_operator, is_suspended));
            Ok((claim_from_row((a, b, c, d, e, f, g, h, i, j))?, account))
        })
        .collect()
}

/// The claims that rest on a domain after one, by account.
pub async fn list_account_claims_of_domain(
    tx: &mut Tx,
    of: DomainClaimId,
    after: AccountId,
    limit: i64,
) -> Result<Vec<AccountClaim>, StoreError> {
    let statement = sql!("domain_claim/list_account_claims_of_domain");
    fetch_all!(tx, statement, ClaimRow, of.0, after.0, limit)?.into_iter().map(claim_from_row).collect()
}

/// How many claims an organization has: by domain and state.
pub async fn count_account_claims(
    tx: &mut Tx,
    id: OrganizationId,
) -> Result<Vec<(String, ClaimState, i64)>, StoreError> {
    let rows = fetch_all!(tx, sql!("domain_claim/count_account_claims"), (String, String, i64), id.0)?;
    rows.into_iter()
        .map(|(domain, state, count)| {
            let state = word(&state, "account_claim", "state", &domain)?;
            Ok((domain, state, count))
        })
        .collect()
}

/// Announced claims whose date has come, of domains whose record stands there.
pub async fn list_due_account_claims(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<AccountClaim>, StoreError> {
    fetch_all!(tx, sql!("domain_claim/list_due_account_claims"), ClaimRow, Time(now), limit)?
        .into_iter()
        .map(claim_from_row)
        .collect()
}

pub async fn create_account_claims(tx: &mut Tx, claims: &[AccountClaim]) -> Result<(), StoreError> {
    insert_all!(
        tx,
        "account_claim (account_id, domain_claim_id, state, announced_at, takes_effect_at)",
        claims,
        |b, row| {
            b.push_bind(row.account_id.0)
                .push_bind(row.domain_claim_id.0)
                .push_bind(row.state.as_str())
                .push_bind(Time(row.announced_at))
                .push_bind(Time(row.takes_effect_at));
        }
    );
    Ok(())
}

/// Keeps where a claim stands now; false when it no longer stands where it stood before.
pub async fn change_account_claim(tx: &mut Tx, before: ClaimState, after: &AccountClaim) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("domain_claim/change_account_claim"),
        after.account_id.0,
        after.domain_claim_id.0,
        after.state.as_str(),
        after.objected_at.map(Time),
        after.reason.as_deref(),
        after.managed_at.map(Time),
        before.as_str(),
    )?;
    Ok(written == 1)
}

/// Ends a claim.
pub async fn delete_account_claim(tx: &mut Tx, claim: &AccountClaim) -> Result<(), StoreError> {
    execute!(tx, sql!("domain_claim/delete_account_claim"), claim.account_id.0, claim.domain_claim_id.0)?;
    Ok(())
}

/// Keeps what was previewed; the same again is as good as new.
pub async fn save_preview(
    tx: &mut Tx,
    of: DomainClaimId,
    (digest, accounts): (&Digest, &str),
    at: Timestamp,
) -> Result<(), StoreError> {
    let digest = digest.as_bytes().as_slice();
    execute!(tx, sql!("domain_claim/save_preview"), of.0, digest, Time(at), accounts)?;
    Ok(())
}

/// What was previewed, if that was after a moment.
pub async fn find_preview(
    tx: &mut Tx,
    of: DomainClaimId,
    digest: &Digest,
    since: Timestamp,
) -> Result<Option<(String, Timestamp)>, StoreError> {
    let digest = digest.as_bytes().as_slice();
    let row = fetch_optional!(tx, sql!("domain_claim/find_preview"), (String, Time), of.0, digest, Time(since))?;
    Ok(row.map(|(accounts, made_at)| (accounts, made_at.0)))
}

pub async fn delete_old_previews(tx: &mut Tx, before: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("domain_claim/delete_old_previews"), Time(before))?;
    Ok(())
}
