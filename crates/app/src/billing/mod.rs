//! Money: what workspaces cost now and after their billing has migrated.

mod agree_to_migration;
mod plan_migration;
mod preview_billing;
mod view_billing;

pub use agree_to_migration::agree_to_migration;
pub use orglink_store::billing::Invoice;
pub use plan_migration::{BillingState, MigrationPlan, plan_migration};
pub use preview_billing::{PreviewRequest, PreviewView, preview_billing, preview_csv};
pub use view_billing::{BillingView, list_invoices, view_billing};

use orglink_domain::billing::preview::{Payable, Payer};
use orglink_domain::clock::Zone;
use orglink_domain::day::Day;
use orglink_domain::workspace::Workspace;
use orglink_store::billing::Subscription;
use orglink_store::{Tx, billing};

use crate::{App, Error};

/// There is no plan to agree to.
fn not_linked_yet() -> Error {
    let detail = "It is linked to no organization that could pay for it: there is nothing to agree to yet.";
    Error::refused("not_linked", "It is not linked", detail)
}

/// The day that it is, in UTC.
pub(crate) fn today(app: &App) -> Result<Day, Error> {
    Day::at(app.now(), &Zone::default()).ok_or_else(|| Error::broken("the clock is beyond all calendars"))
}

/// How a workspace is billed: as it was imported, else as the catalog says.
async fn subscription_of(app: &App, tx: &mut Tx, w: &Workspace) -> Result<Subscription, Error> {
    let terms = &app.catalog.billing;
    let kept = billing::find_subscription(tx, w.id).await?;
    let usual =
        || Subscription { currency: terms.currency, tax: terms.tax.clone(), next_bill_on: None, reseller: None };
    Ok(kept.unwrap_or_else(usual))
}

/// A workspace as its bill sees it.
async fn payable(app: &App, tx: &mut Tx, w: &Workspace) -> Result<Payable, Error> {
    let subscription = subscription_of(app, tx, w).await?;
    Ok(Payable {
        id: w.id,
        slug: w.slug.clone(),
        plan: w.plan,
        cycle: w.billing_cycle,
        currency: subscription.currency,
        tax: subscription.tax,
        people: billing::list_member_ids(tx, w.id).await?,
        paid_until: subscription.next_bill_on,
        payer: Payer {
            contacts: billing::list_contact_ids(tx, w.id).await?,
            reseller: subscription.reseller.map(|r| r.id),
        },
    })
}
