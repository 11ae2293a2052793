//! Checks whether a workspace may be linked.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::eligibility;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::view::EligibilityJson;

/// With which organization.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PairQuery {
    /// Slug or id; adds the reasons that lie in the organization.
    organization: Option<String>,
}

/// Whether a workspace may be linked, and every reason why not. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/eligibility", tag = "eligibility",
    params(("workspace" = String, Path, description = "Slug or id"), PairQuery),
    responses((status = 200, body = EligibilityJson), (status = 404, body = Problem)))]
pub async fn check_eligibility(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(pair): QueryString<PairQuery>,
) -> Result<Json<EligibilityJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = eligibility::check_eligibility(&app, &principal, &workspace, pair.organization.as_deref()).await?;
    Ok(Json(EligibilityJson::of(&found.eligibility)))
}
