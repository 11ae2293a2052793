//! Lists campaigns, and looks at one.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::campaign;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString, etag};

use super::{CampaignJson, CampaignStatusJson};
use crate::v1::PageQuery;
use crate::view::ListJson;

/// All campaigns, by name. Scope: `operator`.
#[utoipa::path(get, path = "/campaigns", tag = "campaigns", params(PageQuery),
    responses((status = 200, body = ListJson<CampaignJson>), (status = 403, body = Problem)))]
pub async fn list_campaigns(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<ListJson<CampaignJson>>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let found = campaign::list_campaigns(&app, &principal, &page.request()?).await?;
    Ok(Json(ListJson::of(found.map(|c| CampaignJson::of(&c)))))
}

/// A campaign with its dates, what was told, its history, and what was decided. Scope: `operator`.
#[utoipa::path(get, path = "/campaigns/{campaign}", tag = "campaigns",
    params(("campaign" = String, Path, description = "Name or id")),
    responses((status = 200, body = CampaignStatusJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_campaign(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let view = campaign::view_campaign(&app, &principal, &name).await?;
    Ok((etag(view.campaign.version), Json(CampaignStatusJson::of(view))))
}
