//! Links many workspaces to an organization.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use orglink_app::Error;
use orglink_app::link::{self, Acknowledge, LinkedRow, LinksAnswer, LinksRequest, RowOutcome, RowToLink};
use orglink_domain::bulk::RowResult;
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NewLink, parse_digest};
use crate::v1::idempotency_key;

/// What is to be linked: rows of `POST /organizations/{organization}/link-plans`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinksBody {
    /// 1 to 500.
    rows: Vec<RowBody>,
    /// `digest` of the whole plan. With it, nothing is linked unless these are its rows that are `ready`, in their order.
    plan_digest: Option<String>,
    /// The codes of the warnings, all of them; each row needs those that concern it.
    #[serde(default)]
    acknowledge: Vec<String>,
    /// Acknowledges every warning, and is recorded as such.
    #[serde(default)]
    acknowledge_all: bool,
}

/// A row of the plan.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RowBody {
    /// Slug or id.
    workspace: String,
    /// Of the plan that was shown for it.
    plan_digest: String,
}

/// What came of each.
#[derive(Serialize, ToSchema)]
pub struct LinksJson {
    /// The slug of the organization.
    organization: String,
    /// In the order of the request, each workspace once.
    rows: Vec<LinkedRowJson>,
    /// How many rows ended how.
    #[schema(value_type = Object)]
    counts: BTreeMap<&'static str, usize>,
}

/// What came of one.
#[derive(Serialize, ToSchema)]
pub struct LinkedRowJson {
    /// As it was sent.
    workspace: String,
    /// `linked`; `already_linked`: to this organization, before; `refused`: see `problem`; `not_tried`: something broke at
    /// a row before it.
    #[schema(value_type = String)]
    result: RowResult,
    /// For `linked`.
    link: Option<NewLink>,
    /// Since when, for both.
    #[schema(value_type = Option<String>, format = DateTime)]
    linked_at: Option<Timestamp>,
    /// What `POST /links` would have answered for it alone.
    problem: Option<Problem>,
}

impl LinksJson {
    fn of(answer: LinksAnswer) -> Self {
        Self {
            counts: RowResult::ALL.iter().map(|result| (result.as_str(), answer.count(*result))).collect(),
            organization: answer.organization.slug,
            rows: answer.rows.into_iter().map(LinkedRowJson::of).collect(),
        }
    }
}

impl LinkedRowJson {
    fn of(row: LinkedRow) -> Self {
        let result = row.outcome.result();
        let (link, linked_at, problem) = match row.outcome {
            RowOutcome::Linked(answered) => {
                let at = answered.answer.linked_at;
                (Some(NewLink::of(*answered)), Some(at), None)
            }
            RowOutcome::AlreadyLinked(at) => (None, Some(at), None),
            RowOutcome::Refused(why) => (None, None, Some(Problem::of(&why))),
            RowOutcome::NotTried => (None, None, None),
        };
        Self { workspace: row.workspace, result, link, linked_at, problem }
    }
}

/// Link many workspaces to an organization, each by its own plan: a result a row. Scope: `link`.
///
/// Each link is made, or refused, as by `POST /links`; one that is refused stops no other. What is linked to this
/// organization already is done: send the same again after anything, and only the rest is linked. With the same
/// `Idempotency-Key` what was linked answers as it did (`already_existed`), and what was refused is tried again.
#[utoipa::path(post, path = "/organizations/{organization}/links", tag = "links", request_body = LinksBody,
    params(("organization" = String, Path, description = "Slug or id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Each link that was made answers the same key as it did, for 48 hours.")),
    responses((status = 200, body = LinksJson, description = "What came of each row; `result` says how."),
        (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn link_workspaces(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<LinksBody>,
) -> Result<Json<LinksJson>, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let row = |row: RowBody| -> Result<RowToLink, Error> {
        Ok(RowToLink { plan_digest: parse_digest(&row.plan_digest)?, workspace: row.workspace })
    };
    let rows = body.rows.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    let plan_digest = body.plan_digest.as_deref().map(parse_digest).transpose()?;
    let acknowledge = if body.acknowledge_all { Acknowledge::All } else { Acknowledge::Codes(body.acknowledge) };
    let request = LinksRequest { organization, rows, plan_digest, acknowledge };
    let answer = link::link_workspaces(&app, &principal, &request, idempotency_key(&headers)?).await?;
    Ok(Json(LinksJson::of(answer)))
}
