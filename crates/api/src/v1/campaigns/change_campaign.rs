//! Changes what a campaign is.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::campaign;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};

use super::CampaignJson;

/// Change a campaign until its link-by day has ended: the whole definition. When dates change, everybody concerned is told, and
/// the earlier ones stay in its history. Scope: `operator`.
#[utoipa::path(put, path = "/campaigns/{campaign}", tag = "campaigns", request_body = Object,
    params(("campaign" = String, Path, description = "Name or id"),
        ("If-Match" = String, Header, description = "Its ETag as you have seen it, or *")),
    responses((status = 200, body = CampaignJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "campaign_decided, campaign_exists"),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn change_campaign(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
    IfMatch(expected): IfMatch,
    JsonBody(body): JsonBody<serde_json::Value>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let definition = campaign::parse_definition(body)?;
    let after = campaign::change_campaign(&app, &principal, &name, &definition, expected).await?;
    Ok((etag(after.version), Json(CampaignJson::of(&after))))
}
