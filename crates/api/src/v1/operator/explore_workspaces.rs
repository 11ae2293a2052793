//! Lists every workspace of the installation, filtered.

use axum::Json;
use axum::extract::State;
use orglink_app::PageRequest;
use orglink_app::operator::{self, Explored, WorkspaceFilter};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::view::{EligibilityJson, ListJson, WorkspaceJson};

/// Which workspaces.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExplorerQuery {
    /// `eligible`, or a reason such as `free_plan`; `already_linked` are the linked ones.
    #[serde(default)]
    state: String,
    #[serde(default)]
    plan: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    app: String,
    #[serde(default)]
    label: String,
    /// What the slug begins with; the list is then in the order of slugs.
    #[serde(default)]
    slug: String,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<i64>,
}

/// A workspace with what stands in its way.
#[derive(Serialize, ToSchema)]
pub struct ExploredJson {
    #[serde(flatten)]
    workspace: WorkspaceJson,
    #[serde(flatten)]
    eligibility: EligibilityJson,
}

/// Every workspace of the installation, filtered; in the order in which they came. Scope: `operator`.
#[utoipa::path(get, path = "/operator/workspaces", tag = "operator", params(ExplorerQuery),
    responses((status = 200, body = ListJson<ExploredJson>), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn explore_workspaces(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<ExplorerQuery>,
) -> Result<Json<ListJson<ExploredJson>>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let page = PageRequest::new(query.cursor.as_deref(), query.limit)?;
    let ExplorerQuery { state, plan, kind, status, app: of_app, label, slug, .. } = query;
    let filter = WorkspaceFilter { state, plan, kind, status, app: of_app, label, slug };
    let found = operator::explore_workspaces(&app, &principal, &filter, &page).await?;
    let one = |e: Explored| ExploredJson {
        workspace: WorkspaceJson::of(&e.workspace),
        eligibility: EligibilityJson::of(&e.eligibility),
    };
    Ok(Json(ListJson::of(found.map(one))))
}
