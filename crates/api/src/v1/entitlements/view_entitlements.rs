//! What a workspace may use.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::Page;
use orglink_app::entitlement::{self, ConditionView, Entitlement};
use orglink_domain::clock::Timestamp;
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::ListJson;

/// Whether a workspace may use a feature of the catalog, and what it waits for.
#[derive(Serialize, ToSchema)]
pub struct EntitlementJson {
    feature: String,
    title: String,
    /// Every condition holds.
    entitled: bool,
    conditions: Vec<ConditionJson>,
}

/// A condition of a feature.
#[derive(Serialize, ToSchema)]
pub struct ConditionJson {
    /// `kind`, `plan`, `billing_cycle`, `linked`, `billing_migrated`, `users_migrated`, `organization_switch`.
    code: &'static str,
    holds: bool,
    detail: String,
    /// When what it looks at came to be as it is; null when it was never otherwise.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// What makes it so.
    remedy: String,
    /// Who can make it so.
    who: &'static str,
    /// What you can do about it, each with the page where.
    steps: Vec<StepJson>,
}

/// A next step.
#[derive(Serialize, ToSchema)]
pub struct StepJson {
    label: &'static str,
    url: String,
}

impl EntitlementJson {
    fn of(e: Entitlement, public_url: &str) -> Self {
        let condition = |c: ConditionView| ConditionJson {
            code: c.condition.code.as_str(),
            holds: c.condition.is_met,
            who: c.condition.code.who(),
            detail: c.condition.detail,
            since: c.condition.since,
            remedy: c.condition.remedy,
            steps: c
                .steps
                .into_iter()
                .map(|s| StepJson { label: s.label, url: format!("{public_url}{}", s.path) })
                .collect(),
        };
        let conditions = e.conditions.into_iter().map(condition).collect();
        Self { feature: e.feature, title: e.title, entitled: e.is_entitled, conditions }
    }
}

const SCOPES: &[Scope] = &[Scope::Read, Scope::Entitlements];

/// What a workspace may use: every feature with its conditions, who can meet each, and what you can do about it. A token
/// with the scope `entitlements` asks about every workspace. Scope: `read` or `entitlements`; an
/// extension: `workspace:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/entitlements", tag = "entitlements",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = ListJson<EntitlementJson>), (status = 404, body = Problem)))]
pub async fn list_entitlements(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<ListJson<EntitlementJson>>, Failure> {
    let principal = caller.with_any_scope_or(SCOPES, ExtensionScope::WorkspaceRead)?;
    let found = entitlement::view_entitlements(&app, &principal, &workspace).await?;
    let items = found.items.into_iter().map(|e| EntitlementJson::of(e, &app.settings.public_url)).collect();
    Ok(Json(ListJson::of(Page { items, next: None })))
}

/// Whether a workspace may use one feature, with every condition. Scope: `read` or `entitlements`; an
/// extension: `workspace:read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/entitlements/{feature}", tag = "entitlements",
    params(("workspace" = String, Path, description = "Slug or id"),
        ("feature" = String, Path, description = "Its name in the catalog")),
    responses((status = 200, body = EntitlementJson), (status = 404, body = Problem)))]
pub async fn explain_entitlement(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, feature)): Path<(String, String)>,
) -> Result<Json<EntitlementJson>, Failure> {
    let principal = caller.with_any_scope_or(SCOPES, ExtensionScope::WorkspaceRead)?;
    let found = entitlement::explain_entitlement(&app, &principal, &workspace, &feature).await?;
    Ok(Json(EntitlementJson::of(found, &app.settings.public_url)))
}
