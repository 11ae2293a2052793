//! Whom a claim would touch.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::domain_claim::{self, ClaimPreview};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::view::DomainAccountJson;
use crate::v1::PageQuery;
use crate::view::ListJson;

/// What a claim would mean, in numbers.
#[derive(Serialize, ToSchema)]
pub struct ClaimPreviewJson {
    /// Of everything that was previewed; a claim names it.
    digest: String,
    /// How many accounts of each fit, without those of which there are none.
    #[schema(value_type = Object)]
    counts: Map<String, Value>,
    claimable: i64,
    /// When a claim that is made now takes effect.
    #[schema(value_type = String, format = DateTime)]
    takes_effect_at: Timestamp,
    /// Until when a claim can name it.
    #[schema(value_type = String, format = DateTime)]
    valid_until: Timestamp,
}

impl ClaimPreviewJson {
    fn of(preview: &ClaimPreview) -> Self {
        Self {
            digest: preview.digest.to_string(),
            counts: preview.counts.iter().map(|(fit, count)| (fit.to_string(), (*count).into())).collect(),
            claimable: preview.claimable(),
            takes_effect_at: preview.takes_effect_at,
            valid_until: preview.valid_until,
        }
    }
}

/// Preview whom a claim would touch: everybody with a verified address at the domain. Claims nobody; what was previewed is kept
/// for an hour. Who they are: `GET …/accounts`. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/domains/{domain}/preview", tag = "domains", params(("organization" = String, Path, description = "Slug or id"), ("domain" = String, Path, description = "Such as company.example")),
    responses((status = 201, body = ClaimPreviewJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "domain_not_verified, too_many_accounts")))]
pub async fn preview_claim(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, domain)): Path<(String, String)>,
) -> Result<(StatusCode, Json<ClaimPreviewJson>), Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let preview = domain_claim::preview_claim(&app, &principal, &organization, &domain).await?;
    Ok((StatusCode::CREATED, Json(ClaimPreviewJson::of(&preview))))
}

/// The accounts with a verified address at a verified domain, by address, each with what a claim would mean for it. For admins and
/// auditors of the organization, and operators. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/domains/{domain}/accounts", tag = "domains", params(("organization" = String, Path, description = "Slug or id"), ("domain" = String, Path, description = "Such as company.example"), PageQuery),
    responses((status = 200, body = ListJson<DomainAccountJson>), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "domain_not_verified")))]
pub async fn list_domain_accounts(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, domain)): Path<(String, String)>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<ListJson<DomainAccountJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let page = domain_claim::list_accounts(&app, &principal, &organization, &domain, &query.request()?).await?;
    Ok(Json(ListJson::of(page.map(|one| DomainAccountJson::of(&one)))))
}
