//! How a workspace is billed now, and the bills that it had.

use orglink_domain::billing::NoPrice;
use orglink_domain::day::Day;
use orglink_domain::money::Amount;
use orglink_domain::workspace::{ContactKind, Workspace};
use orglink_policy::Action;
use orglink_store::billing::{Invoice, Subscription};
use orglink_store::{billing, workspace};

use super::{subscription_of, today};
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// How a workspace is billed.
#[derive(Debug, Clone)]
pub struct BillingView {
    pub workspace: Workspace,
    pub subscription: Subscription,
    /// The name of its tax as people read it.
    pub tax_title: String,
    pub contacts: Vec<(ContactKind, String)>,
    /// Members: everybody takes a seat.
    pub people: u32,
    /// What the next period will cost, with as many people as now, and the tax on it.
    pub estimate: Result<(Amount, Amount), NoPrice>,
    /// The day whose prices that is by: of the next bill, or today.
    pub on: Day,
    /// They may see the bills of the past.
    pub may_see_invoices: bool,
}

/// Looks at how a workspace is billed.
///
/// # Errors
/// `NotFound`; a refusal for somebody who is neither its admin, contact or reseller, nor admin of its organization.
pub async fn view_billing(app: &App, principal: &Principal, reference: &str) -> Result<BillingView, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load_as_payer(app, &mut tx, principal, reference, Action::ViewBilling).await?;
    let (w, terms) = (proof.workspace().clone(), &app.catalog.billing);
    let subscription = subscription_of(app, &mut tx, &w).await?;
    let today = today(app)?;
    let on = subscription.next_bill_on.map_or(today, |day| day.max(today));
    let members = billing::list_member_ids(&mut tx, w.id).await?.len();
    let people = u32::try_from(members).unwrap_or(u32::MAX);
    let net = terms.price(w.plan, subscription.currency, w.billing_cycle, on, people);
    let estimate = net.map(|net| (net, terms.tax_on(net, &subscription.tax, subscription.currency)));
    Ok(BillingView {
        tax_title: terms.taxes.get(&subscription.tax).map_or_else(|| subscription.tax.clone(), |t| t.title.clone()),
        contacts: workspace::list_contacts(&mut tx, w.id).await?,
        may_see_invoices: proof.may(app, Action::ViewInvoices),
        workspace: w,
        subscription,
        people,
        estimate,
        on,
    })
}

/// The bills that a workspace had before its billing migrated, by number.
///
/// # Errors
/// `NotFound`; a refusal for somebody who is neither its admin, nor contact or reseller.
pub async fn list_invoices(
    app: &App,
    principal: &Principal,
    reference: &str,
    page: &PageRequest,
) -> Result<Page<Invoice>, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load_as_payer(app, &mut tx, principal, reference, Action::ViewInvoices).await?;
    let found = billing::list_invoices(&mut tx, proof.workspace().id, page.after(), page.fetch()).await?;
    Ok(page.page(found, |invoice| invoice.number.clone()))
}
