//! Lists billing accounts, and what one pays for.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::billing_account;
use orglink_domain::token::Scope;
use orglink_domain::workspace::{BillingCycle, SubscriptionPlan};
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::BillingAccountItemJson;
use crate::v1::PageQuery;
use crate::view::ListJson;

/// The billing accounts of an organization, for its admins. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/billing-accounts", tag = "billing_accounts",
    params(("organization" = String, Path, description = "Slug or id"), PageQuery),
    responses((status = 200, body = ListJson<BillingAccountItemJson>), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn list_billing_accounts(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<ListJson<BillingAccountItemJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let page = query.request()?;
    let found = billing_account::list_organization_billing_accounts(&app, &principal, &organization, &page).await?;
    Ok(Json(ListJson::of(found.map(BillingAccountItemJson::of))))
}

/// The billing accounts that you administer, pay, or are asked to pay. Scope: `read`.
#[utoipa::path(get, path = "/me/billing-accounts", tag = "billing_accounts", params(PageQuery),
    responses((status = 200, body = ListJson<BillingAccountItemJson>), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn list_my_billing_accounts(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<ListJson<BillingAccountItemJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = billing_account::list_my_billing_accounts(&app, &principal, &query.request()?).await?;
    Ok(Json(ListJson::of(found.map(BillingAccountItemJson::of))))
}

/// A workspace that is paid for.
#[derive(Serialize, ToSchema)]
pub struct PaidWorkspaceJson {
    workspace: String,
    name: String,
    #[schema(value_type = String)]
    plan: SubscriptionPlan,
    #[schema(value_type = String)]
    billing_cycle: BillingCycle,
    /// Up to, and without, this day all is charged.
    charged_until: String,
}

/// What a billing account pays for, by slug. Scope: `read`.
#[utoipa::path(get, path = "/billing-accounts/{billing_account}/workspaces", tag = "billing_accounts",
    params(("billing_account" = String, Path, description = "Id"), PageQuery),
    responses((status = 200, body = ListJson<PaidWorkspaceJson>), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn list_paid_workspaces(
    State(app): State<AppState>,
    caller: Caller,
    Path(account): Path<String>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<ListJson<PaidWorkspaceJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = billing_account::list_paid_workspaces(&app, &principal, &account, &query.request()?).await?;
    Ok(Json(ListJson::of(found.map(|w| PaidWorkspaceJson {
        workspace: w.slug,
        name: w.name,
        plan: w.plan,
        billing_cycle: w.cycle,
        charged_until: w.charged_until.to_string(),
    }))))
}
