//! Claims accounts.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use orglink_app::Error;
use orglink_app::domain_claim::{self, NewClaim};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::v1::idempotency_key;

/// Whom to claim.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimRequest {
    /// Of the preview that you have seen.
    digest: String,
    /// By address or id; everybody who can be claimed when absent.
    accounts: Option<Vec<String>>,
}

/// What was announced.
#[derive(Serialize, ToSchema)]
pub struct AnnouncedJson {
    /// How many people were told.
    announced: usize,
    /// How many more could be claimed: at most a thousand are in one go. Preview again for them.
    left: usize,
    #[schema(value_type = String, format = DateTime)]
    takes_effect_at: Timestamp,
}

/// Claim accounts that were previewed: each person is told, and can object until it takes effect. Nobody gains access to anything by
/// it. When something changed since the preview, nothing is done, and the differences are named. Takes an `Idempotency-Key`.
/// Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/domains/{domain}/claim", tag = "domains", request_body = ClaimRequest, params(("organization" = String, Path, description = "Slug or id"), ("domain" = String, Path, description = "Such as company.example"), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer")),
    responses((status = 201, body = AnnouncedJson), (status = 200, body = AnnouncedJson, description = "The same as before, to the same key"), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "domain_not_verified, preview_unknown, preview_outdated, nobody_to_claim, too_many_accounts"), (status = 422, body = Problem)))]
pub async fn claim_accounts(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, domain)): Path<(String, String)>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<ClaimRequest>,
) -> Result<(StatusCode, Json<AnnouncedJson>), Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let digest =
        wanted.digest.parse().map_err(|_| Error::field("digest", "send the digest of a preview as it came"))?;
    let new = NewClaim { digest, accounts: wanted.accounts };
    let key = idempotency_key(&headers)?;
    let done = domain_claim::claim_accounts(&app, &principal, (&organization, &domain), &new, key).await?;
    let status = if done.is_replay { StatusCode::OK } else { StatusCode::CREATED };
    let (announced, left) = (done.answer.announced, done.answer.left);
    Ok((status, Json(AnnouncedJson { announced, left, takes_effect_at: done.answer.takes_effect_at })))
}
