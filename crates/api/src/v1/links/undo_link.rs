//! Takes a link back inside its undo window: the plan beforehand, and the deed.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::Error;
use orglink_app::link::{self, UndoPlan, UndoRequest, Undone};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonOrNothing, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What undoing would do.
#[derive(Serialize, ToSchema)]
pub struct UndoPlanJson {
    pub digest: String,
    /// The material facts, as the digest covers them (canonical JSON, RFC 8785).
    #[schema(value_type = Object)]
    pub document: Value,
    /// Until when it can be undone; none where operators end it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undo_until: Option<Timestamp>,
}

impl UndoPlanJson {
    pub fn of(plan: UndoPlan) -> Self {
        Self { digest: plan.digest.to_string(), document: plan.document, undo_until: plan.until }
    }
}

/// What somebody decided. Everything may be left out, the body as well.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoLinkBody {
    /// Of the plan that was shown. Without it, whatever the plan is now.
    plan_digest: Option<String>,
    /// Why; everybody concerned reads it.
    reason: Option<String>,
}

/// What was taken back.
#[derive(Serialize, ToSchema)]
pub struct UndoneJson {
    pub links: u64,
    /// Organizations that were made for them and that nobody needs any more.
    pub organizations: u64,
    /// No longer to be undone: the window is over, or the organization was claimed.
    pub kept: u64,
}

impl UndoneJson {
    pub const fn of(undone: Undone) -> Self {
        Self { links: undone.links, organizations: undone.organizations, kept: undone.kept }
    }
}

/// What taking back the link of a workspace would do, for an admin of either side, while its undo window lasts. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/link/undo", tag = "links",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = UndoPlanJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_linked, link_is_permanent, undo_window_over, organization_claimed")))]
pub async fn plan_undo(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<UndoPlanJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    Ok(Json(UndoPlanJson::of(link::plan_undo(&app, &principal, &workspace).await?)))
}

/// Take back the link of a workspace, as an admin of either side, while its undo window lasts. Scope: `link`.
///
/// For what people linked and for what a campaign did. Afterwards the workspace is not linked; access and billing are as they
/// were.
#[utoipa::path(post, path = "/workspaces/{workspace}/link/undo", tag = "links", request_body = Option<UndoLinkBody>,
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = UndoneJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem,
            description = "not_linked, link_is_permanent, undo_window_over, organization_claimed, plan_changed")))]
pub async fn undo_link(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    JsonOrNothing(body): JsonOrNothing<UndoLinkBody>,
) -> Result<Json<UndoneJson>, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let plan_digest = body.plan_digest.as_deref().map(parse_digest).transpose()?;
    let request = UndoRequest { plan_digest, reason: body.reason };
    Ok(Json(UndoneJson::of(link::undo_link(&app, &principal, &workspace, &request).await?)))
}

/// A plan's digest, as it is sent.
pub fn parse_digest(text: &str) -> Result<orglink_domain::digest::Digest, Error> {
    text.parse().map_err(|_| Error::field("plan_digest", "a plan digest is 'sha256:' and 64 hexadecimal digits"))
}
