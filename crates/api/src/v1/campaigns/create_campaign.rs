//! Writes a campaign.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use orglink_app::campaign;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem, etag};

use super::CampaignJson;
use crate::v1::idempotency_key;

/// Write a campaign: a draft, of which nobody is told. The body is what a campaign's file says. Scope: `operator`.
#[utoipa::path(post, path = "/campaigns", tag = "campaigns", request_body = Object,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 48 hours.")),
    responses((status = 201, body = CampaignJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem, description = "campaign_exists"), (status = 422, body = Problem)))]
pub async fn create_campaign(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    JsonBody(body): JsonBody<serde_json::Value>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let definition = campaign::parse_definition(body)?;
    let made = campaign::create_campaign(&app, &principal, &definition, idempotency_key(&headers)?).await?;
    let view = campaign::view_campaign(&app, &principal, &made.answer.to_string()).await?;
    Ok((StatusCode::CREATED, etag(view.campaign.version), Json(CampaignJson::of(&view.campaign))))
}
