//! Claims accounts that were previewed: each person is told, with the date, and can object until then.

use std::collections::HashMap;

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::domain_claim::DomainClaim;
use orglink_domain::domain_claim::account::{AccountClaim, ClaimState, Fit};
use orglink_domain::event::EventType;
use orglink_domain::name::fold;
use orglink_domain::plan::Difference;
use orglink_policy::Action;
use orglink_store::{Tx, domain_claim, in_write};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::preview_claim::{Everybody, VALID_SECONDS};
use super::{effect_of, find, require_record, told_of_claim};
use crate::change::OrganizationChange;
use crate::idempotency::{Answered, Attempt};
use crate::{App, Error, Expected, Principal, Refusal};

/// How many are claimed in one go.
const MOST_AT_ONCE: usize = 1000;
/// How many differences a refusal names.
const NAMED: usize = 100;

/// Whom somebody wants to claim.
#[derive(Debug, Clone, Serialize)]
pub struct NewClaim {
    /// Of the preview that they have seen.
    pub digest: Digest,
    /// By address or id; everybody who can be claimed when none are named.
    pub accounts: Option<Vec<String>>,
}

/// What was announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// How many were told.
    pub announced: usize,
    /// How many more could be claimed: at most a thousand are in one go.
    pub left: usize,
    pub takes_effect_at: Timestamp,
}

/// Announces the claim of accounts.
///
/// # Errors
/// `NotFound`; `domain_not_verified`; `preview_unknown`; `preview_outdated` with the differences; `nobody_to_claim`; bad input
/// when an account is named that cannot be claimed; a refusal for anybody but an admin of the organization.
pub async fn claim_accounts(
    app: &App,
    principal: &Principal,
    (reference, domain): (&str, &str),
    wanted: &NewClaim,
    idempotency_key: Option<&str>,
) -> Result<Answered<Announced>, Error> {
    let request = (reference, domain, wanted);
    let attempt = Attempt::new(principal, "claim_accounts", idempotency_key, &request)?;
    let attempt = &attempt;
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let any = Expected::Any;
        let change = OrganizationChange::begin(app, tx, principal, reference, Action::ManageDomains, any).await?;
        let of = find(tx, change.organization().id, domain).await?;
        require_record(&of)?;
        let everybody = Everybody::at(tx, &of).await?;
        require_same(app, tx, &of, &everybody, &wanted.digest).await?;
        let mut chosen = choose(&everybody, wanted.accounts.as_deref())?;
        let left = chosen.len().saturating_sub(MOST_AT_ONCE);
        chosen.truncate(MOST_AT_ONCE);
        let (at, takes_effect_at) = (change.at(), effect_of(app, change.at()));
        let claims: Vec<AccountClaim> = chosen
            .iter()
            .map(|account| AccountClaim {
                account_id: account.id,
                domain_claim_id: of.id,
                organization_id: of.organization_id,
                domain: of.domain.clone(),
                state: ClaimState::Announced,
                announced_at: at,
                takes_effect_at,
                objected_at: None,
                reason: None,
                managed_at: None,
            })
            .collect();
        domain_claim::create_account_claims(tx, &claims).await?;
        let said = |claim| (EventType::AccountClaimAnnounced, told_of_claim(change.organization(), claim));
        let happened = claims.iter().map(said).collect();
        change.finish_as(app, tx, principal, happened).await?;
        attempt.keep(tx, &Announced { announced: claims.len(), left, takes_effect_at }, at).await
    })
}

/// Refuses when what was previewed is not what is there, naming what differs.
async fn require_same(app: &App, tx: &mut Tx, of: &DomainClaim, now: &Everybody, digest: &Digest) -> Result<(), Error> {
    let since = app.now().plus_seconds(-VALID_SECONDS);
    let Some((before, _)) = domain_claim::find_preview(tx, of.id, digest, since).await? else {
        return Err(Error::refused(
            "preview_unknown",
            "Preview the claim first",
            "There is no preview with this digest of this domain, or it is older than an hour. Preview whom a claim would \
             touch, then claim. Nothing was done.",
        ));
    };
    if now.digest == *digest {
        return Ok(());
    }
    Err(Error::Refused(Box::new(Refusal {
        code: "preview_outdated",
        title: "It is not as it was previewed",
        detail: format!(
            "What a claim at {} would mean has changed since the preview. Look at the differences, preview again, then decide. \
             Nothing was done.",
            of.domain
        ),
        reasons: Vec::new(),
        differences: differences(&before, now),
        is_about_permission: false,
    })))
}

fn differences(before: &str, now: &Everybody) -> Vec<Difference> {
    let mut before: HashMap<&str, &str> = before.lines().filter_map(|line| line.split_once(' ')).collect();
    let mut found = Vec::new();
    for (account, fit) in &now.accounts {
        let was = before.remove(account.id.to_string().as_str());
        if was != Some(fit.as_str()) {
            let path = format!("accounts.{}", account.email);
            found.push(Difference { path, before: was.map(|was| json!(was)), after: Some(json!(fit)) });
        }
    }
    // Where somebody's address is now is not this organization's to know.
    let mut gone: Vec<(&str, &str)> = before.into_iter().collect();
    gone.sort_unstable();
    let gone = gone.into_iter().map(|(id, was)| {
        let path = format!("accounts.{id}");
        Difference { path, before: Some(json!(was)), after: None }
    });
    found.extend(gone);
    found.truncate(NAMED);
    found
}

/// Those who are meant: named, or everybody who can be claimed.
fn choose<'a>(everybody: &'a Everybody, named: Option<&[String]>) -> Result<Vec<&'a Account>, Error> {
    let claimable = |(account, fit): &'a (Account, Fit)| (*fit == Fit::Claimable).then_some(account);
    let chosen: Vec<&Account> = match named {
        None => everybody.accounts.iter().filter_map(claimable).collect(),
        Some(named) => {
            let by_name: HashMap<String, &(Account, Fit)> = everybody
                .accounts
                .iter()
                .flat_map(|one| [(fold(&one.0.email), one), (one.0.id.to_string(), one)])
                .collect();
            let mut chosen = Vec::new();
            for reference in named {
                let shown: String = reference.chars().take(100).collect();
                match by_name.get(&fold(reference.trim())) {
                    None => {
                        let detail = format!("'{shown}' is not a verified address at this domain, nor the id of one");
                        return Err(Error::field("accounts", detail));
                    }
                    Some((account, Fit::Claimable)) => chosen.push(account),
                    Some((_, fit)) => {
                        let (title, why) = (fit.title(), fit.why());
                        return Err(Error::field("accounts", format!("'{shown}' cannot be claimed. {title}: {why}")));
                    }
                }
            }
            chosen.sort_unstable_by_key(|account| account.id);
            chosen.dedup_by_key(|account| account.id);
            chosen
        }
    };
    if chosen.is_empty() {
        return Err(Error::refused(
            "nobody_to_claim",
            "There is nobody to claim",
            "Nobody was chosen, or nobody at this domain can be claimed. Nothing was done.",
        ));
    }
    Ok(chosen)
}
