//! Looks whether the record stands at a domain: when somebody asks, and by itself at intervals.

use futures_util::future::join_all;
use orglink_domain::domain_claim::account::{ClaimEnd, ClaimState};
use orglink_domain::domain_claim::{DomainChange, DomainClaim, Seen};
use orglink_domain::event::EventType;
use orglink_policy::Action;
use orglink_store::{StoreError, Tx, domain_claim, in_write};

use super::end_claims::end_of_domain;
use super::{find, told, with};
use crate::change::OrganizationChange;
use crate::tenant::OrganizationProof;
use crate::{App, Error, Expected, Principal};

/// How many are looked at beside each other, and for how long one of them is kept from other replicas: longer than a look
/// takes.
const BATCH: i64 = 20;
const LEASE_SECONDS: i64 = 60;
/// How many of the texts that were found are shown.
const SHOWN: usize = 5;

/// A domain after a look.
#[derive(Debug, Clone)]
pub struct Checked {
    pub claim: DomainClaim,
    /// Some of what stands at the name of the record.
    pub texts: Vec<String>,
}

/// Looks now.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an admin of the organization.
pub async fn check_domain(app: &App, principal: &Principal, reference: &str, domain: &str) -> Result<Checked, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ManageDomains).await?;
    let of = find(&mut tx, proof.organization().id, domain).await?;
    drop(tx);
    let (seen, texts) = look(app, &of).await;
    let of = &of;
    let settled = in_write!(app.db, tx, { settle(app, tx, principal, (of, seen), Action::ManageDomains).await })?;
    let claim = settled.ok_or_else(|| Error::not_found("domain", domain))?;
    Ok(Checked { claim, texts })
}

/// Looks at those whose time it is, each by one replica; how many.
///
/// # Errors
/// When the database is not reachable; what was not noted is looked at again.
pub async fn check_due(app: &App) -> Result<usize, Error> {
    let mut tx = app.db.begin_read().await?;
    let due = domain_claim::list_due(&mut tx, app.now(), BATCH).await?;
    drop(tx);
    let mut ours = Vec::new();
    for of in due {
        let (of, until) = (&of, app.now().plus_seconds(LEASE_SECONDS));
        if in_write!(app.db, tx, { domain_claim::take_turn(tx, of, until).await.map_err(Error::from) })? {
            ours.push(of.clone());
        }
    }
    let looks = join_all(ours.iter().map(|of| look(app, of))).await;
    for (of, (seen, _)) in ours.iter().zip(looks) {
        let system = Principal::system();
        in_write!(app.db, tx, { settle(app, tx, &system, (of, seen), Action::ApplyClaims).await })?;
    }
    Ok(ours.len())
}

/// What the name servers say, and some of the texts there.
async fn look(app: &App, of: &DomainClaim) -> (Seen, Vec<String>) {
    match app.dns.find_texts(&of.record_name()).await {
        Ok(texts) => {
            let seen = if of.is_shown_by(&texts) { Seen::Found } else { Seen::Missing };
            (seen, texts.into_iter().take(SHOWN).map(|text| text.chars().take(200).collect()).collect())
        }
        Err(_) => (Seen::Unreachable, Vec::new()),
    }
}

/// Notes what was seen, with what follows from it; nothing when the domain was removed meanwhile.
async fn settle(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    (of, seen): (&DomainClaim, Seen),
    action: Action,
) -> Result<Option<DomainClaim>, Error> {
    let proof = OrganizationProof::load(app, tx, principal, &of.organization_id.to_string(), action).await;
    let Some(before) = domain_claim::find_any(tx, of.id).await? else { return Ok(None) };
    let proof = proof?;
    let is_others = domain_claim::find_holder(tx, &of.domain).await?.is_some_and(|holder| holder != of.organization_id);
    let seen = if seen == Seen::Found && is_others { Seen::Taken } else { seen };
    let state = before.state;
    let (after, change) = before.look(seen, app.now(), super::terms(app));
    let keep = domain_claim::change(tx, state, &after).await?;
    if !keep {
        return Err(StoreError::Conflict.into());
    }
    let Some(what) = change else { return Ok(Some(after)) };
    let change = OrganizationChange::of(app, tx, proof, Expected::Any).await?;
    let said = told(change.organization(), &after.domain);
    let mut happened = match what {
        DomainChange::Verified => vec![(EventType::DomainVerified, said)],
        DomainChange::RecordMissing => {
            let lapses_at = after.lapses_at(super::terms(app));
            vec![(EventType::DomainRecordMissing, with(said, "lapses_at", lapses_at))]
        }
        DomainChange::RecordBack => vec![(EventType::DomainRecordFound, said)],
        DomainChange::Lapsed => vec![(EventType::DomainLapsed, said)],
    };
    if what == DomainChange::Lapsed {
        // Whoever is managed stays so; what was only announced has nothing to rest on any more.
        let states = [ClaimState::Announced, ClaimState::Objected];
        happened.extend(end_of_domain(tx, change.organization(), after.id, &states, ClaimEnd::Lapsed).await?);
    }
    change.finish_as(app, tx, principal, happened).await?;
    Ok(Some(after))
}
