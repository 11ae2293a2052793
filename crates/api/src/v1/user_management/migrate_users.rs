//! Migrates the users of a workspace, or proposes it to the other side.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use orglink_app::consent::{self, ProposeUsers};
use orglink_app::link::Acknowledge;
use orglink_app::user_management::{self, MigrateUsers};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::plan_users::mapping_of;
use super::view::UsersMigrationJson;
use crate::v1::idempotency_key;
use crate::v1::links::parse_digest;
use crate::v1::proposals::{ProposalJson, parse_side};

/// What is agreed to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsersMigrationBody {
    /// As in the plan.
    #[serde(default)]
    #[schema(value_type = Object)]
    mapping: Value,
    /// Of the plan that was shown. Without it, whatever the plan is now.
    plan_digest: Option<String>,
    /// Codes of the plan's warnings.
    #[serde(default)]
    acknowledge: Vec<String>,
    /// Acknowledge every warning the plan has.
    #[serde(default)]
    acknowledge_all: bool,
}

pub(super) fn acknowledged(all: bool, codes: Vec<String>) -> Acknowledge {
    if all { Acknowledge::All } else { Acknowledge::Codes(codes) }
}

/// Migrate the users of a workspace that you administer together with its organization. Nothing is done when anybody could do more than before. Scope: `link`.
#[utoipa::path(post, path = "/workspaces/{workspace}/users-migration", tag = "user management", request_body = UsersMigrationBody,
    params(("workspace" = String, Path, description = "Slug or id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = UsersMigrationJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_linked, users_migrated, organization_original_user_management, would_widen, plan_changed, warnings_not_acknowledged, second_person_required, …"),
        (status = 422, body = Problem)))]
pub async fn migrate_users(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<UsersMigrationBody>,
) -> Result<(StatusCode, Json<UsersMigrationJson>), Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let acknowledge = acknowledged(body.acknowledge_all, body.acknowledge);
    let plan_digest = body.plan_digest.as_deref().map(parse_digest).transpose()?;
    let request = MigrateUsers { mapping: mapping_of(body.mapping)?, plan_digest, acknowledge };
    let key = idempotency_key(&headers)?;
    let done = user_management::migrate_users(&app, &principal, &workspace, &request, key).await?.answer;
    Ok((StatusCode::CREATED, Json(UsersMigrationJson::done(&done))))
}

/// What is proposed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsersProposalBody {
    /// As in the plan.
    #[serde(default)]
    #[schema(value_type = Object)]
    mapping: Value,
    /// Of the plan that was shown. Without it, whatever the plan is now.
    plan_digest: Option<String>,
    /// Codes of the plan's warnings.
    #[serde(default)]
    acknowledge: Vec<String>,
    /// Acknowledge every warning the plan has.
    #[serde(default)]
    acknowledge_all: bool,
    /// For which side, by whoever administers both: `workspace` or `organization`.
    side: Option<String>,
    /// For whoever is asked.
    message: Option<String>,
}

/// Propose the migration of a workspace's users for your side, which is your side's consent. The other side agrees at `POST /proposals/{proposal}/consent`; then it is done.
/// Scope: `link`.
#[utoipa::path(post, path = "/workspaces/{workspace}/users-migration/proposals", tag = "user management", request_body = UsersProposalBody,
    params(("workspace" = String, Path, description = "Slug or id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = ProposalJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "proposal_open, and what users-migration says"), (status = 422, body = Problem)))]
pub async fn propose_users_migration(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<UsersProposalBody>,
) -> Result<(StatusCode, Json<ProposalJson>), Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let acknowledge = acknowledged(body.acknowledge_all, body.acknowledge);
    let plan_digest = body.plan_digest.as_deref().map(parse_digest).transpose()?;
    let side = parse_side(body.side.as_deref())?;
    let mapping = mapping_of(body.mapping)?;
    let request = ProposeUsers { mapping, plan_digest, acknowledge, side, message: body.message };
    let key = idempotency_key(&headers)?;
    let made = consent::propose_users(&app, &principal, &workspace, &request, key).await?.answer;
    let view = consent::view_proposal(&app, &principal, &made.proposal.to_string()).await?;
    Ok((StatusCode::CREATED, Json(ProposalJson::of(view))))
}
