//! How bills are written.

use orglink_app::invoice::{Invoice, InvoiceView};
use orglink_domain::billing::invoice::Line;
use orglink_domain::id::{BillingAccountId, WorkspaceId};
use orglink_domain::workspace::{BillingCycle, SubscriptionPlan};
use serde::Serialize;
use utoipa::ToSchema;

/// A bill, in a list.
#[derive(Serialize, ToSchema)]
pub struct InvoiceItemJson {
    number: String,
    issued_on: String,
    due_on: String,
    period_from: String,
    /// Without this day.
    period_until: String,
    /// ISO 4217.
    currency: String,
    /// Exact decimals.
    net: String,
    tax: String,
    total: String,
}

impl InvoiceItemJson {
    pub fn of(invoice: &Invoice) -> Self {
        Self {
            number: invoice.number.clone(),
            issued_on: invoice.issued_on.to_string(),
            due_on: invoice.due_on.to_string(),
            period_from: invoice.period.from.to_string(),
            period_until: invoice.period.until.to_string(),
            currency: invoice.currency.to_string(),
            net: invoice.bill.net.to_string(),
            tax: invoice.bill.tax.to_string(),
            total: invoice.bill.total().to_string(),
        }
    }
}

/// A bill. It never changes.
#[derive(Serialize, ToSchema)]
pub struct InvoiceJson {
    #[serde(flatten)]
    item: InvoiceItemJson,
    /// 1, 2, 3 … over the whole installation, without gaps.
    sequence: i64,
    /// Slug of the organization.
    organization: String,
    #[schema(value_type = String, format = Uuid)]
    billing_account: BillingAccountId,
    billing_account_name: String,
    bill_to: String,
    issuer: String,
    tax_title: String,
    /// Of the net sum.
    tax_percent: String,
    lines: Vec<InvoiceLineJson>,
}

/// What one workspace is charged for some days.
#[derive(Serialize, ToSchema)]
pub struct InvoiceLineJson {
    #[schema(value_type = String, format = Uuid)]
    workspace_id: WorkspaceId,
    /// As it was called then.
    workspace: String,
    name: String,
    #[schema(value_type = String)]
    plan: SubscriptionPlan,
    #[schema(value_type = String)]
    billing_cycle: BillingCycle,
    /// Its members when the bill was made.
    people: u32,
    from: String,
    /// Without this day.
    until: String,
    /// Exact decimal.
    net: String,
}

impl InvoiceLineJson {
    fn of(line: &Line) -> Self {
        Self {
            workspace_id: line.workspace,
            workspace: line.slug.clone(),
            name: line.name.clone(),
            plan: line.plan,
            billing_cycle: line.cycle,
            people: line.people,
            from: line.days.from.to_string(),
            until: line.days.until.to_string(),
            net: line.net.to_string(),
        }
    }
}

impl InvoiceJson {
    pub fn of(view: &InvoiceView) -> Self {
        Self {
            item: InvoiceItemJson::of(&view.invoice),
            sequence: view.invoice.sequence,
            organization: view.organization.slug.clone(),
            billing_account: view.invoice.account,
            billing_account_name: view.account_name.clone(),
            bill_to: view.invoice.bill_to.clone(),
            issuer: view.invoice.issuer.clone(),
            tax_title: view.invoice.tax_title.clone(),
            tax_percent: view.invoice.tax_percent.to_string(),
            lines: view.lines.iter().map(InvoiceLineJson::of).collect(),
        }
    }
}
