//! The domains of an organization, and whom it claims or manages: for its admins and auditors, and for operators.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::domain_claim::DomainClaim;
use orglink_domain::domain_claim::account::{AccountClaim, ClaimState};
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_policy::Action;
use orglink_store::{domain_claim, organization};

use super::{find, terms};
use crate::tenant::OrganizationProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// How many claims rest on a domain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DomainCounts {
    pub announced: i64,
    pub objected: i64,
    pub managed: i64,
}

impl DomainCounts {
    fn of(counts: &[(String, ClaimState, i64)], domain: Option<&str>) -> Self {
        let of = |state| {
            let matches = |c: &&(String, ClaimState, i64)| c.1 == state && domain.is_none_or(|domain| c.0 == domain);
            counts.iter().filter(matches).map(|c| c.2).sum()
        };
        Self {
            announced: of(ClaimState::Announced),
            objected: of(ClaimState::Objected),
            managed: of(ClaimState::Managed),
        }
    }
}

/// A domain as its organization sees it.
#[derive(Debug, Clone)]
pub struct DomainView {
    pub claim: DomainClaim,
    /// When it lapses if the record does not come back.
    pub lapses_at: Option<Timestamp>,
    pub counts: DomainCounts,
}

impl DomainView {
    /// The domain as it is now, for whoever has just changed it.
    #[must_use]
    pub fn of(app: &App, claim: DomainClaim) -> Self {
        Self { lapses_at: claim.lapses_at(terms(app)), claim, counts: DomainCounts::default() }
    }
}

/// The domains of an organization.
#[derive(Debug, Clone)]
pub struct DomainsView {
    pub organization: Organization,
    /// Those that the operator's import gave it: they speak for it where a workspace might belong, and claim nobody.
    pub given: Vec<String>,
    pub counts: DomainCounts,
    pub may_manage: bool,
    pub may_release: bool,
}

impl DomainsView {
    async fn load(
        app: &App,
        tx: &mut orglink_store::Tx,
        principal: &Principal,
        reference: &str,
    ) -> Result<(Self, Vec<(String, ClaimState, i64)>), Error> {
        let proof = OrganizationProof::load(app, tx, principal, reference, Action::ViewDomains).await?;
        let id = proof.organization().id;
        let counts = domain_claim::count_account_claims(tx, id).await?;
        let view = Self {
            organization: proof.organization().clone(),
            given: organization::list_given_domains(tx, id).await?,
            counts: DomainCounts::of(&counts, None),
            may_manage: proof.may(app, Action::ManageDomains),
            may_release: proof.may(app, Action::ReleaseAccount),
        };
        Ok((view, counts))
    }
}

/// An account that an organization manages or has claimed.
#[derive(Debug, Clone)]
pub struct ManagedAccount {
    pub account: Account,
    pub claim: AccountClaim,
}

/// The domains of an organization, by name.
///
/// # Errors
/// `NotFound`; a refusal for anybody but its admins and auditors, and operators.
pub async fn list_domains(
    app: &App,
    principal: &Principal,
    reference: &str,
    page: &PageRequest,
) -> Result<(DomainsView, Page<DomainView>), Error> {
    let mut tx = app.db.begin_read().await?;
    let (view, counts) = DomainsView::load(app, &mut tx, principal, reference).await?;
    let found = domain_claim::list(&mut tx, view.organization.id, page.after(), page.fetch()).await?;
    let page = page.page(found, |claim| claim.domain.clone()).map(|claim| DomainView {
        counts: DomainCounts::of(&counts, Some(&claim.domain)),
        ..DomainView::of(app, claim)
    });
    Ok((view, page))
}

/// One of them.
///
/// # Errors
/// `NotFound`; a refusal for anybody but its admins and auditors, and operators.
pub async fn view_domain(
    app: &App,
    principal: &Principal,
    reference: &str,
    domain: &str,
) -> Result<(DomainsView, DomainView), Error> {
    let mut tx = app.db.begin_read().await?;
    let (view, counts) = DomainsView::load(app, &mut tx, principal, reference).await?;
    let claim = find(&mut tx, view.organization.id, domain).await?;
    let counts = DomainCounts::of(&counts, Some(&claim.domain));
    Ok((view, DomainView { counts, ..DomainView::of(app, claim) }))
}

/// The accounts that an organization manages or has claimed, by address; those in a state, whose address contains a text.
///
/// # Errors
/// `NotFound`; a refusal for anybody but its admins and auditors, and operators.
pub async fn list_claims(
    app: &App,
    principal: &Principal,
    reference: &str,
    (state, text): (Option<ClaimState>, &str),
    page: &PageRequest,
) -> Result<(DomainsView, Page<ManagedAccount>), Error> {
    let mut tx = app.db.begin_read().await?;
    let (view, _) = DomainsView::load(app, &mut tx, principal, reference).await?;
    let (id, part) = (view.organization.id, (page.after(), text));
    let found = domain_claim::list_account_claims(&mut tx, id, state, part, page.fetch()).await?;
    let found = found.into_iter().map(|(claim, account)| ManagedAccount { account, claim }).collect();
    Ok((view, page.page(found, |managed| fold(&managed.account.email))))
}
