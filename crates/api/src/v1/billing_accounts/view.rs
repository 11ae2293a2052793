//! How billing accounts are written.

use orglink_app::billing_account::{Admin, BillingAccountView, RequestView};
use orglink_domain::billing::account::{BillingAccount, RequestKind};
use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, BillingAccountId};
use serde::Serialize;
use utoipa::ToSchema;

/// A billing account, in a list.
#[derive(Serialize, ToSchema)]
pub struct BillingAccountItemJson {
    #[schema(value_type = String, format = Uuid)]
    id: BillingAccountId,
    name: String,
    /// ISO 4217.
    currency: String,
    /// The name of its tax in the catalog.
    tax: String,
    /// How many workspaces it pays for.
    workspaces: i64,
    /// Another account pays for everything of it.
    merged: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl BillingAccountItemJson {
    pub fn of((account, workspaces): (BillingAccount, i64)) -> Self {
        Self {
            id: account.id,
            name: account.name,
            currency: account.currency.to_string(),
            tax: account.tax,
            workspaces,
            merged: account.merged_into.is_some(),
            created_at: account.created_at,
        }
    }
}

/// A billing account, with everybody on it.
#[derive(Serialize, ToSchema)]
pub struct BillingAccountJson {
    #[schema(value_type = String, format = Uuid)]
    id: BillingAccountId,
    name: String,
    /// Slug of the organization.
    organization: String,
    /// What stands on its bills as who they are for; lines of text.
    bill_to: String,
    /// ISO 4217.
    currency: String,
    /// The name of its tax in the catalog.
    tax: String,
    admins: Vec<BillingAdminJson>,
    /// The address of whoever pays instead of its admins: a reseller, or whoever agreed to.
    payer: Option<String>,
    /// How many workspaces it pays for.
    workspaces: i64,
    /// Up to, and without, this day bills were made.
    invoiced_until: Option<String>,
    #[schema(value_type = Option<String>, format = Uuid)]
    merged_into: Option<BillingAccountId>,
    /// What somebody wants of it.
    request: Option<BillingRequestJson>,
    /// Other accounts that ask it to pay for everything of theirs.
    asked_by: Vec<BillingRequestJson>,
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// One of its admins; all are equal.
#[derive(Serialize, ToSchema)]
pub struct BillingAdminJson {
    #[schema(value_type = String, format = Uuid)]
    id: AccountId,
    email: String,
    name: String,
}

/// Something that takes the yes of others.
#[derive(Serialize, ToSchema)]
pub struct BillingRequestJson {
    /// The account that would change by it.
    #[schema(value_type = String, format = Uuid)]
    billing_account: BillingAccountId,
    name: String,
    /// `payer`, `release` or `merge`.
    #[schema(value_type = String)]
    kind: RequestKind,
    /// The address of whoever is to pay, or the name of the account that is.
    who: String,
    /// It is yours to agree to.
    may_agree: bool,
    /// Of what is agreed to: what is asked, of whom, and everything that the account pays for.
    digest: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl BillingRequestJson {
    fn of(request: RequestView) -> Self {
        Self {
            billing_account: request.account,
            name: request.account_name,
            kind: request.kind,
            who: request.who,
            may_agree: request.may_agree,
            digest: request.digest.to_string(),
            expires_at: request.expires_at,
        }
    }
}

impl BillingAccountJson {
    pub fn of(view: BillingAccountView) -> Self {
        let admin = |a: Admin| BillingAdminJson { id: a.id, email: a.email, name: a.name };
        Self {
            id: view.account.id,
            name: view.account.name,
            organization: view.organization.slug,
            bill_to: view.account.bill_to,
            currency: view.account.currency.to_string(),
            tax: view.account.tax,
            admins: view.admins.into_iter().map(admin).collect(),
            payer: view.payer.map(|payer| payer.email),
            workspaces: view.workspaces,
            invoiced_until: view.account.invoiced_until.map(|day| day.to_string()),
            merged_into: view.account.merged_into,
            request: view.request.map(BillingRequestJson::of),
            asked_by: view.asked_by.into_iter().map(BillingRequestJson::of).collect(),
            version: view.account.version,
            created_at: view.account.created_at,
        }
    }
}
