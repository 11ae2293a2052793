//! Looks at what a workspace can use.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::Page;
use orglink_app::workspace::{self, ConditionView, FeatureView};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::ListJson;

/// A feature of the catalog, and what it waits for.
#[derive(Serialize, ToSchema)]
pub struct FeatureJson {
    name: String,
    title: String,
    /// Every condition holds.
    is_unlocked: bool,
    conditions: Vec<ConditionJson>,
}

/// A condition of a feature.
#[derive(Serialize, ToSchema)]
pub struct ConditionJson {
    /// `kind`, `plan`, `billing_cycle`, `linked`, `billing_migrated`, `users_migrated`, `organization_switch`.
    code: &'static str,
    is_met: bool,
    detail: String,
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

impl FeatureJson {
    fn of(f: FeatureView, public_url: &str) -> Self {
        let condition = |c: ConditionView| ConditionJson {
            code: c.condition.code.as_str(),
            is_met: c.condition.is_met,
            who: c.condition.code.who(),
            detail: c.condition.detail,
            steps: c
                .steps
                .into_iter()
                .map(|s| StepJson { label: s.label, url: format!("{public_url}{}", s.path) })
                .collect(),
        };
        let conditions = f.conditions.into_iter().map(condition).collect();
        Self { name: f.name, title: f.title, is_unlocked: f.is_unlocked, conditions }
    }
}

/// The features of a workspace, each with its conditions, who can meet each, and what you can do about it. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/features", tag = "eligibility",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = ListJson<FeatureJson>), (status = 404, body = Problem)))]
pub async fn view_features(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<ListJson<FeatureJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = workspace::view_features(&app, &principal, &workspace).await?;
    let items = found.features.into_iter().map(|f| FeatureJson::of(f, &app.settings.public_url)).collect();
    Ok(Json(ListJson::of(Page { items, next: None })))
}
