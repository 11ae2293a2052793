//! Looks at what a workspace pays for.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::workspace;
use orglink_domain::token::Scope;
use orglink_domain::workspace::{BillingCycle, ContactKind, SubscriptionPlan};
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// What a workspace pays for, and who hears about it.
#[derive(Serialize, ToSchema)]
pub struct SubscriptionJson {
    #[schema(value_type = String)]
    plan: SubscriptionPlan,
    #[schema(value_type = String)]
    billing_cycle: BillingCycle,
    billing_contacts: Vec<String>,
    technical_contacts: Vec<String>,
}

/// The subscription of a workspace you administer. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/subscription", tag = "workspaces",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = SubscriptionJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_subscription(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<SubscriptionJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = workspace::view_subscription(&app, &principal, &workspace).await?;
    let of = |wanted| {
        found.contacts.iter().filter(|(kind, _)| *kind == wanted).map(|(_, email)| email.clone()).collect::<Vec<_>>()
    };
    Ok(Json(SubscriptionJson {
        plan: found.plan,
        billing_cycle: found.billing_cycle,
        billing_contacts: of(ContactKind::Billing),
        technical_contacts: of(ContactKind::Technical),
    }))
}
