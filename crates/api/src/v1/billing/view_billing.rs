//! Looks at how a workspace is billed.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::billing;
use orglink_domain::token::Scope;
use orglink_domain::workspace::{BillingCycle, ContactKind, SubscriptionPlan};
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::PriceJson;

/// How a workspace is billed, before its billing migrates.
#[derive(Serialize, ToSchema)]
pub struct BillingJson {
    #[schema(value_type = String)]
    plan: SubscriptionPlan,
    #[schema(value_type = String)]
    billing_cycle: BillingCycle,
    /// ISO 4217.
    currency: String,
    /// The name of its tax in the catalog.
    tax: String,
    /// Members: everybody takes a seat.
    people: u32,
    /// Up to, and without, this day all is paid.
    next_bill_on: Option<String>,
    /// What the next period will cost, net, with as many people as now.
    estimate: PriceJson,
    /// The tax on it.
    estimate_tax: Option<String>,
    /// The day whose prices the estimate is by.
    estimate_on: String,
    billing_contacts: Vec<String>,
    technical_contacts: Vec<String>,
    /// Whoever sells it on, and pays.
    reseller: Option<String>,
}

/// How a workspace is billed. For its admins, its contacts, its reseller, and admins of the organization it is linked to. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/billing", tag = "billing",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = BillingJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_billing(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<BillingJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = billing::view_billing(&app, &principal, &workspace).await?;
    let of = |wanted| {
        found.contacts.iter().filter(|(kind, _)| *kind == wanted).map(|(_, email)| email.clone()).collect::<Vec<_>>()
    };
    Ok(Json(BillingJson {
        plan: found.workspace.plan,
        billing_cycle: found.workspace.billing_cycle,
        currency: found.subscription.currency.to_string(),
        tax: found.subscription.tax.clone(),
        people: found.people,
        next_bill_on: found.subscription.next_bill_on.map(|day| day.to_string()),
        estimate: PriceJson::of(&found.estimate.clone().map(|(net, _)| net)),
        estimate_tax: found.estimate.as_ref().ok().map(|(_, tax)| tax.to_string()),
        estimate_on: found.on.to_string(),
        billing_contacts: of(ContactKind::Billing),
        technical_contacts: of(ContactKind::Technical),
        reseller: found.subscription.reseller.as_ref().map(|r| r.email.clone()),
    }))
}
