//! Counts every workspace of the installation by reason.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use orglink_app::operator;
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// How many workspaces there are.
#[derive(Serialize, ToSchema)]
pub struct WorkspaceCountsJson {
    all: i64,
    /// Nothing stops a person from linking them.
    eligible: i64,
    linked: i64,
    /// By reason; one workspace can have several.
    by_reason: BTreeMap<String, i64>,
    /// When they were counted: a few seconds ago at most.
    #[schema(value_type = String, format = DateTime)]
    counted_at: Timestamp,
}

/// How many workspaces there are, can be linked, are linked, and have each reason. Scope: `operator`.
#[utoipa::path(get, path = "/operator/workspaces/counts", tag = "operator",
    responses((status = 200, body = WorkspaceCountsJson), (status = 403, body = Problem)))]
pub async fn count_workspaces(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<Json<WorkspaceCountsJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let found = operator::count_workspaces(&app, &principal).await?;
    let by_reason: BTreeMap<String, i64> =
        found.counts.by_reason.iter().map(|(code, count)| (code.to_string(), *count)).collect();
    Ok(Json(WorkspaceCountsJson {
        all: found.counts.all,
        eligible: found.counts.eligible,
        linked: by_reason.get("already_linked").copied().unwrap_or(0),
        by_reason,
        counted_at: found.at,
    }))
}
