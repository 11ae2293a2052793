//! Claiming an organization that a campaign made.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::campaign::{self, ClaimView};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An organization that nobody has claimed yet.
#[derive(Serialize, ToSchema)]
pub struct ClaimJson {
    campaign: String,
    /// Who wants it, by name.
    claimed_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    takes_effect_at: Option<Timestamp>,
    /// For how long the other admins may object.
    notice: String,
}

/// Where the claim of an organization stands; `null` when it is one like every other. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/claim", tag = "linking date",
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 200, body = Option<ClaimJson>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_claim(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
) -> Result<Json<Option<ClaimJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = campaign::view_claim(&app, &principal, &organization).await?;
    Ok(Json(found.map(|ClaimView { campaign, claimed_by, takes_effect_at, notice, .. }| ClaimJson {
        campaign,
        claimed_by,
        takes_effect_at,
        notice,
    })))
}

/// When a claim takes effect.
#[derive(Serialize, ToSchema)]
pub struct ClaimedJson {
    #[schema(value_type = String, format = DateTime)]
    takes_effect_at: Timestamp,
}

/// Claim an organization that a campaign made and that you administer. The other admins are told and can object until it takes effect.
/// Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/claim", tag = "linking date",
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 200, body = ClaimedJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_unclaimed, claim_open")))]
pub async fn claim_organization(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
) -> Result<Json<ClaimedJson>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let takes_effect_at = campaign::claim_organization(&app, &principal, &organization).await?;
    Ok(Json(ClaimedJson { takes_effect_at }))
}

/// Why not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimObjectionBody {
    /// The other admins read it.
    reason: String,
}

/// Object to the claim: it ends. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/claim/object", tag = "linking date", request_body = ClaimObjectionBody,
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_unclaimed, no_claim")))]
pub async fn object_to_claim(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    JsonBody(body): JsonBody<ClaimObjectionBody>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    campaign::object_to_claim(&app, &principal, &organization, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
