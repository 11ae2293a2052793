//! Compares what workspaces pay before and after their billing migrates.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use orglink_app::Error;
use orglink_app::billing::{self, PreviewRequest, PreviewView};
use orglink_domain::billing::preview::{Bill, PayerPreview, WorkspacePreview};
use orglink_domain::day::InvalidDay;
use orglink_domain::token::Scope;
use orglink_domain::workspace::{BillingCycle, SubscriptionPlan};
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::PriceJson;

/// Of what, and as of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PreviewQuery {
    /// Slugs or ids, separated by commas; at most 500.
    #[serde(default)]
    workspaces: String,
    /// Slug or id of an organization: everything that is linked to it.
    organization: Option<String>,
    /// A day such as 2026-06-01; today when absent.
    on: Option<String>,
    /// `json` when absent, or `csv`: a line a workspace.
    format: Option<String>,
}

/// What workspaces pay today, after their link, and after their billing has migrated.
#[derive(Serialize, ToSchema)]
pub struct PreviewJson {
    /// The day whose prices it is by.
    on: String,
    workspaces: Vec<WorkspacePreviewJson>,
    /// One bill each, after the migration.
    payers: Vec<PayerJson>,
    totals: Vec<TotalJson>,
}

/// One workspace, before and after. Amounts are net, for one period of its cycle.
#[derive(Serialize, ToSchema)]
pub struct WorkspacePreviewJson {
    workspace: String,
    #[schema(value_type = String)]
    plan: SubscriptionPlan,
    #[schema(value_type = String)]
    billing_cycle: BillingCycle,
    currency: String,
    people: u32,
    today: PriceJson,
    /// The same: linking changes nothing about money.
    after_link: PriceJson,
    after_migration: PriceJson,
    /// Up to, and without, this day all is paid; nothing before it is charged again.
    paid_until: Option<String>,
    first_charge: Option<FirstChargeJson>,
}

/// The first thing that is charged after the migration.
#[derive(Serialize, ToSchema)]
pub struct FirstChargeJson {
    from: String,
    /// Without this day.
    until: String,
    amount: String,
}

/// What one payer is charged.
#[derive(Serialize, ToSchema)]
pub struct PayerJson {
    /// Addresses of the billing contacts, who become billing admins.
    contacts: Vec<String>,
    reseller: Option<String>,
    currency: String,
    tax: String,
    workspaces: Vec<String>,
    /// Everybody in each workspace.
    seats: u32,
    /// Everybody once.
    distinct_people: u32,
    /// By cycle (`monthly`, `annual`), what a period costs.
    today: BTreeMap<String, BillJson>,
    after_migration: BTreeMap<String, BillJson>,
}

/// A net sum, the tax on it (rounded once), and both together.
#[derive(Serialize, ToSchema)]
pub struct BillJson {
    net: String,
    tax: String,
    total: String,
}

/// Everything of one currency, net, for twelve months.
#[derive(Serialize, ToSchema)]
pub struct TotalJson {
    currency: String,
    today: String,
    after_link: String,
    after_migration: String,
}

impl WorkspacePreviewJson {
    fn of(w: &WorkspacePreview) -> Self {
        Self {
            workspace: w.slug.clone(),
            plan: w.plan,
            billing_cycle: w.cycle,
            currency: w.currency.to_string(),
            people: w.people,
            today: PriceJson::of(&w.today),
            after_link: PriceJson::of(&w.today),
            after_migration: PriceJson::of(&w.after),
            paid_until: w.paid_until.map(|day| day.to_string()),
            first_charge: w.first.map(|first| FirstChargeJson {
                from: first.days.from.to_string(),
                until: first.days.until.to_string(),
                amount: first.amount.to_string(),
            }),
        }
    }
}

impl PayerJson {
    fn of(view: &PreviewView, p: &PayerPreview) -> Self {
        let bills = |bills: &BTreeMap<BillingCycle, Bill>| {
            let bill =
                |b: &Bill| BillJson { net: b.net.to_string(), tax: b.tax.to_string(), total: b.total().to_string() };
            bills.iter().map(|(cycle, b)| (cycle.to_string(), bill(b))).collect()
        };
        Self {
            contacts: view.contacts(&p.payer.contacts),
            reseller: p.payer.reseller.as_ref().map(|id| view.email(id).to_owned()),
            currency: p.currency.to_string(),
            tax: p.tax.clone(),
            workspaces: p.workspaces.clone(),
            seats: p.seats,
            distinct_people: p.distinct_people,
            today: bills(&p.today),
            after_migration: bills(&p.after),
        }
    }
}

/// What workspaces pay today, after their link (the same) and after their billing has migrated: each, combined, by payer. For their admins, contacts and resellers, and for admins of the organization. Scope: `read`.
#[utoipa::path(get, path = "/billing/preview", tag = "billing", params(PreviewQuery),
    responses((status = 200, body = PreviewJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn preview_billing(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<PreviewQuery>,
) -> Result<Response, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let on = query.on.as_deref().map(str::parse).transpose();
    let request = PreviewRequest {
        workspaces: query.workspaces.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect(),
        organization: query.organization,
        on: on.map_err(|e: InvalidDay| Error::field("on", e.to_string()))?,
    };
    let is_csv = match query.format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(Error::field("format", "is json or csv").into()),
    };
    let view = billing::preview_billing(&app, &principal, &request).await?;
    if is_csv {
        let headers = [
            (CONTENT_TYPE, "text/csv; charset=utf-8"),
            (CONTENT_DISPOSITION, "attachment; filename=\"billing-preview.csv\""),
        ];
        return Ok((headers, billing::preview_csv(&view)).into_response());
    }
    let totals = view.preview.totals.iter().map(|t| TotalJson {
        currency: t.currency.to_string(),
        today: t.today.to_string(),
        after_link: t.after_link.to_string(),
        after_migration: t.after_migration.to_string(),
    });
    Ok(Json(PreviewJson {
        on: view.preview.on.to_string(),
        workspaces: view.preview.workspaces.iter().map(WorkspacePreviewJson::of).collect(),
        payers: view.preview.payers.iter().map(|p| PayerJson::of(&view, p)).collect(),
        totals: totals.collect(),
    })
    .into_response())
}
