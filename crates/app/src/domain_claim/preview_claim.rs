//! Whom a claim would touch: every account with a verified address at the domain, and what a claim would mean for it.

use std::fmt::Write as _;

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::domain_claim::DomainClaim;
use orglink_domain::domain_claim::account::{Fit, fit_of};
use orglink_domain::name::fold;
use orglink_policy::Action;
use orglink_store::{Tx, domain_claim, in_write};

use super::{effect_of, find, require_record};
use crate::tenant::OrganizationProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// For how long a claim can rest on a preview.
pub(super) const VALID_SECONDS: i64 = 60 * 60;
/// More than this is not previewed at once.
const MOST_ACCOUNTS: usize = 50_000;
const PAGE: i64 = 500;

/// What a claim would mean, in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimPreview {
    /// Of everything that was previewed: a claim names it.
    pub digest: Digest,
    /// How many of each, in the fixed order, without those of which there are none.
    pub counts: Vec<(Fit, i64)>,
    /// When a claim that is made now takes effect.
    pub takes_effect_at: Timestamp,
    /// Until when a claim can rest on it.
    pub valid_until: Timestamp,
}

impl ClaimPreview {
    fn of(app: &App, digest: Digest, lines: &str, made_at: Timestamp) -> Self {
        let count = |fit: Fit| {
            let found = lines.lines().filter(|line| line.ends_with(&format!(" {fit}"))).count();
            i64::try_from(found).unwrap_or(i64::MAX)
        };
        Self {
            digest,
            counts: Fit::ALL.iter().map(|fit| (*fit, count(*fit))).filter(|(_, count)| *count > 0).collect(),
            takes_effect_at: effect_of(app, app.now()),
            valid_until: made_at.plus_seconds(VALID_SECONDS),
        }
    }

    /// How many can be claimed.
    #[must_use]
    pub fn claimable(&self) -> i64 {
        self.counts.iter().find(|(fit, _)| *fit == Fit::Claimable).map_or(0, |(_, count)| *count)
    }
}

/// Everybody at a domain, as they are now.
pub(super) struct Everybody {
    pub accounts: Vec<(Account, Fit)>,
    /// A line an account: what is kept of a preview.
    pub lines: String,
    pub digest: Digest,
}

impl Everybody {
    pub(super) async fn at(tx: &mut Tx, of: &DomainClaim) -> Result<Self, Error> {
        let (mut accounts, mut after) = (Vec::new(), String::new());
        loop {
            let page = domain_claim::list_accounts(tx, &of.domain, &after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = fold(&last.email);
            accounts.extend(page.into_iter().map(|(account, held)| {
                let fit = fit_of(&account, held, of.organization_id);
                (account, fit)
            }));
            if accounts.len() > MOST_ACCOUNTS {
                return Err(Error::refused(
                    "too_many_accounts",
                    "Too many accounts for one preview",
                    format!(
                        "More than {MOST_ACCOUNTS} accounts have their address at {}. Nothing was done.",
                        of.domain
                    ),
                ));
            }
        }
        let mut lines = String::new();
        for (account, fit) in &accounts {
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{} {fit}", account.id);
        }
        let id = of.id.to_string();
        let digest = Digest::of(&[b"orglink-claim-preview-v1\n", id.as_bytes(), b"\n", lines.as_bytes()]);
        Ok(Self { accounts, lines, digest })
    }
}

/// Previews a claim of everybody at the domain, and keeps what was previewed for an hour.
///
/// # Errors
/// `NotFound`; `domain_not_verified`; `too_many_accounts`; a refusal for anybody but an admin of the organization.
pub async fn preview_claim(
    app: &App,
    principal: &Principal,
    reference: &str,
    domain: &str,
) -> Result<ClaimPreview, Error> {
    in_write!(app.db, tx, {
        let proof = OrganizationProof::load(app, tx, principal, reference, Action::ManageDomains).await?;
        let of = find(tx, proof.organization().id, domain).await?;
        require_record(&of)?;
        let everybody = Everybody::at(tx, &of).await?;
        let at = app.now();
        domain_claim::save_preview(tx, of.id, (&everybody.digest, &everybody.lines), at).await?;
        Ok(ClaimPreview::of(app, everybody.digest, &everybody.lines, at))
    })
}

/// What was previewed within the hour, by its digest.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an admin of the organization.
pub async fn find_preview(
    app: &App,
    principal: &Principal,
    (reference, domain): (&str, &str),
    digest: &Digest,
) -> Result<Option<ClaimPreview>, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ManageDomains).await?;
    let of = find(&mut tx, proof.organization().id, domain).await?;
    let since = app.now().plus_seconds(-VALID_SECONDS);
    let found = domain_claim::find_preview(&mut tx, of.id, digest, since).await?;
    Ok(found.map(|(lines, made_at)| ClaimPreview::of(app, *digest, &lines, made_at)))
}

/// The accounts at a domain, by address, each with what a claim would mean for it.
///
/// # Errors
/// `NotFound`; `domain_not_verified`; a refusal for anybody but admins and auditors of the organization, and operators.
pub async fn list_accounts(
    app: &App,
    principal: &Principal,
    reference: &str,
    domain: &str,
    page: &PageRequest,
) -> Result<Page<(Account, Fit)>, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewDomains).await?;
    let of = find(&mut tx, proof.organization().id, domain).await?;
    require_record(&of)?;
    let found = domain_claim::list_accounts(&mut tx, &of.domain, page.after(), page.fetch()).await?;
    let found = found.into_iter().map(|(account, held)| {
        let fit = fit_of(&account, held, of.organization_id);
        (account, fit)
    });
    Ok(page.page(found.collect(), |(account, _)| fold(&account.email)))
}

/// Forgets previews on which no claim can rest any more.
///
/// # Errors
/// When the database is not reachable.
pub async fn forget_previews(app: &App) -> Result<(), Error> {
    let before = app.now().plus_seconds(-VALID_SECONDS);
    in_write!(app.db, tx, { domain_claim::delete_old_previews(tx, before).await.map_err(Error::from) })
}
