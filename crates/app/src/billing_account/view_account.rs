//! Looks at billing accounts.

use orglink_domain::account::Account;
use orglink_domain::billing::account::{BillingAccount, RequestKind};
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::BillingAccountId;
use orglink_domain::organization::Organization;
use orglink_policy::Action;
use orglink_store::billing_account::{Admin, PaidWorkspace};
use orglink_store::{Tx, account, billing_account};
use uuid::Uuid;

use super::request::digest_of;
use crate::tenant::{BillingAccountProof, OrganizationProof};
use crate::{App, Error, Page, PageRequest, Principal};

/// A billing account with everybody on it.
#[derive(Debug, Clone)]
pub struct BillingAccountView {
    pub account: BillingAccount,
    pub organization: Organization,
    pub admins: Vec<Admin>,
    pub payer: Option<Account>,
    /// How many workspaces it pays for.
    pub workspaces: i64,
    /// What somebody wants of it.
    pub request: Option<RequestView>,
    /// Those that ask it to pay for everything of theirs.
    pub asked_by: Vec<RequestView>,
    /// They administer it.
    pub may_manage: bool,
    /// They pay it.
    pub is_payer: bool,
}

/// A request that is open.
#[derive(Debug, Clone)]
pub struct RequestView {
    /// The account that is to change by it.
    pub account: BillingAccountId,
    pub account_name: String,
    pub kind: RequestKind,
    /// Who is to pay, or the name of the account that is.
    pub who: String,
    pub expires_at: Timestamp,
    /// It takes the yes of the one who looks.
    pub may_agree: bool,
    /// Of what is agreed to.
    pub digest: Digest,
}

/// Looks at one.
///
/// # Errors
/// `NotFound` for whoever is neither on it, nor pays, nor admin of the organization.
pub async fn view_billing_account(
    app: &App,
    principal: &Principal,
    reference: &str,
) -> Result<BillingAccountView, Error> {
    let mut tx = app.db.begin_read().await?;
    let tx = &mut tx;
    let proof = BillingAccountProof::load(app, tx, principal, reference, Action::ViewBillingAccount).await?;
    let of = proof.account().clone();
    let may_manage = proof.may(app, Action::ManageBillingAccount);
    let me = principal.account_if_any().map(|account| account.id);
    let payer = match of.payer {
        Some(id) => account::find(tx, id).await?,
        None => None,
    };
    let mut asked_by = Vec::new();
    for request in billing_account::list_requests_to(tx, of.id, app.now()).await? {
        let Some(other) = billing_account::find(tx, request.account).await? else { continue };
        let digest = digest_of(tx, &other, &request).await?;
        asked_by.push(RequestView {
            digest,
            account: other.id,
            account_name: other.name,
            kind: request.kind,
            who: of.name.clone(),
            expires_at: request.expires_at,
            may_agree: may_manage,
        });
    }
    let request = match proof.request() {
        Some(request) => {
            let into = match request.into {
                Some(id) => BillingAccountProof::read(app, tx, principal, id).await?,
                None => None,
            };
            Some(RequestView {
                digest: digest_of(tx, &of, request).await?,
                account: of.id,
                account_name: of.name.clone(),
                kind: request.kind,
                may_agree: match request.kind {
                    RequestKind::Payer => proof.is_asked(),
                    RequestKind::Release => may_manage,
                    RequestKind::Merge => into.as_ref().is_some_and(|i| i.may(app, Action::ManageBillingAccount)),
                },
                who: match (&request.payer, into) {
                    (Some(address), _) => address.clone(),
                    (None, Some(into)) => into.account().name.clone(),
                    (None, None) => String::new(),
                },
                expires_at: request.expires_at,
            })
        }
        None => None,
    };
    Ok(BillingAccountView {
        organization: proof.organization().clone(),
        admins: billing_account::list_admins(tx, of.id).await?,
        payer,
        workspaces: billing_account::count_workspaces(tx, of.id).await?,
        request,
        asked_by,
        may_manage,
        is_payer: of.payer.is_some() && of.payer == me,
        account: of,
    })
}

fn after(page: &PageRequest) -> Result<Uuid, Error> {
    Ok(page.after_id(BillingAccountId)?.map_or(Uuid::nil(), |id| id.0))
}

/// The billing accounts of an organization, in the order in which they were made; with how many workspaces each pays for.
///
/// # Errors
/// `NotFound`, or a refusal for anybody but its admins and operators.
pub async fn list_organization_billing_accounts(
    app: &App,
    principal: &Principal,
    organization: &str,
    page: &PageRequest,
) -> Result<Page<(BillingAccount, i64)>, Error> {
    let mut tx = app.db.begin_read().await?;
    let action = Action::ViewOrganizationBilling;
    let proof = OrganizationProof::load(app, &mut tx, principal, organization, action).await?;
    let id = proof.organization().id;
    let found = billing_account::list_of_organization(&mut tx, id, after(page)?, page.fetch()).await?;
    counted(&mut tx, found, page).await
}

/// The billing accounts that somebody administers, pays, or is asked to pay.
///
/// # Errors
/// When nobody is signed in.
pub async fn list_my_billing_accounts(
    app: &App,
    principal: &Principal,
    page: &PageRequest,
) -> Result<Page<(BillingAccount, i64)>, Error> {
    let me = principal.account()?;
    let mut tx = app.db.begin_read().await?;
    let who = (me.id, me.is_verified.then_some(me.email.as_str()));
    let found = billing_account::list_of_account(&mut tx, who, after(page)?, page.fetch()).await?;
    counted(&mut tx, found, page).await
}

async fn counted(
    tx: &mut Tx,
    found: Vec<BillingAccount>,
    page: &PageRequest,
) -> Result<Page<(BillingAccount, i64)>, Error> {
    let page = page.page(found, |account| account.id.to_string());
    let mut items = Vec::with_capacity(page.items.len());
    for account in page.items {
        let count = billing_account::count_workspaces(tx, account.id).await?;
        items.push((account, count));
    }
    Ok(Page { items, next: page.next })
}

/// What a billing account pays for, by slug.
///
/// # Errors
/// `NotFound` for whoever is neither on it, nor pays, nor admin of the organization.
pub async fn list_paid_workspaces(
    app: &App,
    principal: &Principal,
    reference: &str,
    page: &PageRequest,
) -> Result<Page<PaidWorkspace>, Error> {
    let mut tx = app.db.begin_read().await?;
    let action = Action::ViewBillingAccount;
    let proof = BillingAccountProof::load(app, &mut tx, principal, reference, action).await?;
    let found = billing_account::list_workspaces(&mut tx, proof.account().id, page.after(), page.fetch()).await?;
    Ok(page.page(found, |w| orglink_domain::name::fold(&w.slug)))
}
