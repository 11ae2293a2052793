//! Makes a plan for each of many workspaces.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::link::{self, LinksPlan, PlannedRow};
use orglink_domain::bulk::RowState;
use orglink_domain::clock::Timestamp;
use orglink_domain::plan::Warning;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem, ProblemReason};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which workspaces would be linked to the organization.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinksPlanRequest {
    /// 1 to 500, each by slug or id. One that is named again is taken once.
    workspaces: Vec<String>,
}

/// The plan that was made.
#[derive(Serialize, ToSchema)]
pub struct LinksPlanCreated {
    plan: LinksPlanJson,
}

/// What would be done, all together: a row a workspace.
#[derive(Serialize, ToSchema)]
pub struct LinksPlanJson {
    /// The slug of the organization.
    organization: String,
    /// Of all that would be linked: the SHA-256 of the canonical JSON (RFC 8785) of the list of the plan digests of the rows
    /// that are `ready`, in their order.
    digest: String,
    #[schema(value_type = String, format = DateTime)]
    valid_until: Timestamp,
    /// In the order of the list.
    rows: Vec<PlannedRowJson>,
    /// Every warning to acknowledge, once.
    warnings: Vec<RowsWarningJson>,
    /// How many rows are in each state.
    #[schema(value_type = Object)]
    counts: BTreeMap<&'static str, usize>,
    /// How many names of the list named one again that stood there already.
    repeated: usize,
}

/// A workspace of the list.
#[derive(Serialize, ToSchema)]
pub struct PlannedRowJson {
    /// Its slug; what was sent, when you may not see such a workspace.
    workspace: String,
    /// What people read; `null` when you may not see it.
    name: Option<String>,
    /// `ready`, `already_linked` (to this organization), `linked_elsewhere`, `not_eligible`, `not_allowed`, `not_found`.
    #[schema(value_type = String)]
    state: RowState,
    /// Of the plan for this workspace alone; `null` when you may not link it.
    plan_digest: Option<String>,
    /// The codes of the warnings to acknowledge.
    #[schema(value_type = Vec<String>)]
    warnings: Vec<Warning>,
    /// Why it would not be linked.
    reasons: Vec<ProblemReason>,
    /// Where it is linked, as far as you may know.
    linked: Option<RowLinkJson>,
}

/// Where a workspace is linked.
#[derive(Serialize, ToSchema)]
pub struct RowLinkJson {
    #[schema(value_type = String, format = DateTime)]
    linked_at: Timestamp,
    /// The organization's name, when you have a role there.
    organization_name: Option<String>,
}

/// A warning to acknowledge by its code, and how many rows it concerns.
#[derive(Serialize, ToSchema)]
pub struct RowsWarningJson {
    #[schema(value_type = String)]
    code: Warning,
    title: &'static str,
    detail: &'static str,
    rows: usize,
}

impl LinksPlanJson {
    fn of(plan: &LinksPlan) -> Self {
        let warning =
            |(code, rows): (Warning, usize)| RowsWarningJson { code, title: code.title(), detail: code.detail(), rows };
        Self {
            organization: plan.organization.slug.clone(),
            digest: plan.digest.to_string(),
            valid_until: plan.valid_until,
            rows: plan.rows.iter().map(PlannedRowJson::of).collect(),
            warnings: plan.warnings().into_iter().map(warning).collect(),
            counts: RowState::ALL.iter().map(|state| (state.as_str(), plan.count(*state))).collect(),
            repeated: plan.repeated,
        }
    }
}

impl PlannedRowJson {
    fn of(row: &PlannedRow) -> Self {
        Self {
            workspace: row.workspace.clone(),
            name: row.name.clone(),
            state: row.state,
            plan_digest: row.digest.map(|digest| digest.to_string()),
            warnings: row.warnings.clone(),
            reasons: row.reasons.iter().map(ProblemReason::of).collect(),
            linked: row
                .linked
                .as_ref()
                .map(|note| RowLinkJson { linked_at: note.at, organization_name: note.organization.clone() }),
        }
    }
}

/// What linking many workspaces to an organization would do: a row and a plan for each. Links nothing. Scope: `link`.
///
/// Send the rows that are `ready` back to `POST /organizations/{organization}/links`.
#[utoipa::path(post, path = "/organizations/{organization}/link-plans", tag = "links", request_body = LinksPlanRequest,
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 201, body = LinksPlanCreated), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn plan_links(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    JsonBody(wanted): JsonBody<LinksPlanRequest>,
) -> Result<(StatusCode, Json<LinksPlanCreated>), Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let plan = link::plan_links(&app, &principal, &organization, &wanted.workspaces).await?;
    Ok((StatusCode::CREATED, Json(LinksPlanCreated { plan: LinksPlanJson::of(&plan) })))
}
