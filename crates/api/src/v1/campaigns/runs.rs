//! What was decided, counted and row by row.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::{Error, campaign};
use orglink_domain::campaign::automatic::DecisionState;
use orglink_domain::id::WorkspaceId;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{DecisionJson, RunJson};
use crate::v1::state_word;

/// The run that links; anything else is the id of a rehearsal.
const REAL: &str = "real";

fn run_of(given: &str) -> Option<&str> {
    (given != REAL).then_some(given)
}

/// What was decided, counted. Scope: `operator`.
#[utoipa::path(get, path = "/campaigns/{campaign}/runs/{run}", tag = "campaigns",
    params(("campaign" = String, Path, description = "Name or id"),
        ("run" = String, Path, description = "Id of a rehearsal, or `real`")),
    responses((status = 200, body = RunJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_run(
    State(app): State<AppState>,
    caller: Caller,
    Path((name, run)): Path<(String, String)>,
) -> Result<Json<RunJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    Ok(Json(RunJson::of(campaign::view_run(&app, &principal, &name, run_of(&run)).await?)))
}

/// Which decisions.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DecisionQuery {
    /// `decided`, `left_alone`, `linked`, `migrated`, `skipped`, `failed` or `undone`.
    state: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 1000; 100 when absent.
    limit: Option<i64>,
}

/// A page of decisions.
#[derive(Serialize, ToSchema)]
pub struct DecisionsJson {
    items: Vec<DecisionJson>,
    /// Where the next page begins.
    next: Option<String>,
}

/// What was decided about each workspace, and what came of it, in the order of their ids. Scope: `operator`.
#[utoipa::path(get, path = "/campaigns/{campaign}/runs/{run}/decisions", tag = "campaigns",
    params(("campaign" = String, Path, description = "Name or id"),
        ("run" = String, Path, description = "Id of a rehearsal, or `real`"), DecisionQuery),
    responses((status = 200, body = DecisionsJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn list_decisions(
    State(app): State<AppState>,
    caller: Caller,
    Path((name, run)): Path<(String, String)>,
    QueryString(query): QueryString<DecisionQuery>,
) -> Result<Json<DecisionsJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let state: Option<DecisionState> = state_word(query.state.as_deref())?;
    let limit = query.limit.unwrap_or(100);
    if !(1..=1000).contains(&limit) {
        return Err(Error::field("limit", "1 to 1000").into());
    }
    let after = query.cursor.map(|cursor| cursor.parse().map(WorkspaceId)).transpose();
    let after = after.map_err(|_| Error::field("cursor", "send back `next` of the page before"))?;
    let page = campaign::list_decisions(&app, &principal, &name, run_of(&run), state, after, limit).await?;
    Ok(Json(DecisionsJson {
        items: page.rows.into_iter().map(DecisionJson::of).collect(),
        next: page.next.map(|id| id.to_string()),
    }))
}
