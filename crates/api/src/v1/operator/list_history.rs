//! What was counted, day by day.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use orglink_app::operator;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// What was counted on a day.
#[derive(Serialize, ToSchema)]
pub struct DayJson {
    /// In UTC.
    day: String,
    all: i64,
    linked: i64,
    /// A person could link them.
    eligible: i64,
    /// By reason; a workspace can have several.
    by_reason: BTreeMap<String, i64>,
    /// By kind and plan; nothing for days before it was counted so.
    cohorts: Vec<CohortJson>,
}

/// Workspaces of one kind and plan.
#[derive(Serialize, ToSchema)]
pub struct CohortJson {
    kind: String,
    plan: String,
    all: i64,
    linked: i64,
    /// A person could link them.
    eligible: i64,
}

/// How many workspaces were linked, could be, and could not, day by day, the oldest first; the last count of each day.
/// Scope: `operator`.
#[utoipa::path(get, path = "/operator/history", tag = "operator",
    responses((status = 200, body = Vec<DayJson>), (status = 403, body = Problem)))]
pub async fn list_history(State(app): State<AppState>, caller: Caller) -> Result<Json<Vec<DayJson>>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let days = operator::list_history(&app, &principal).await?;
    let cohort = |((kind, plan), c): ((String, String), operator::CohortCounts)| CohortJson {
        kind,
        plan,
        all: c.all,
        linked: c.linked,
        eligible: c.eligible,
    };
    let one = |d: operator::DayCounts| DayJson {
        day: d.day.to_string(),
        all: d.all,
        linked: d.linked,
        eligible: d.eligible,
        by_reason: d.by_reason.into_iter().map(|(code, count)| (code.to_string(), count)).collect(),
        cohorts: d.cohorts.into_iter().map(cohort).collect(),
    };
    Ok(Json(days.into_iter().map(one).collect()))
}
