//! Has what is due done now, and says how far it is.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::campaign::{self, Progress};
use orglink_domain::campaign::CampaignState;
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// How far a campaign is.
#[derive(Serialize, ToSchema)]
pub struct ProgressJson {
    #[schema(value_type = String)]
    state: CampaignState,
    /// Something was done; send the request again until this is false.
    did: bool,
    /// Nothing is due before.
    #[schema(value_type = Option<String>, format = DateTime)]
    waits_until: Option<Timestamp>,
    /// `announcement`, `resume`, `freeze` or `another_runner`: what it waits for, when that is not a date.
    waits_for: Option<String>,
    to_link: i64,
    /// Of them, linked or settled otherwise.
    settled: i64,
    failed: i64,
}

impl ProgressJson {
    fn of(p: Progress) -> Self {
        let Progress { state, did, waits_until, waits_for, to_link, settled, failed } = p;
        Self { state, did, waits_until, waits_for: waits_for.map(str::to_owned), to_link, settled, failed }
    }
}

/// Do the next piece of what is due. A running server does so by itself; this is for whoever wants to watch, or runs no server. A
/// draft whose day has come is announced. Scope: `operator`.
#[utoipa::path(post, path = "/campaigns/{campaign}/run", tag = "campaigns",
    params(("campaign" = String, Path, description = "Name or id")),
    responses((status = 200, body = ProgressJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "notice_not_given, campaign_not_now")))]
pub async fn run_campaign(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<ProgressJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    Ok(Json(ProgressJson::of(campaign::run_campaign(&app, &principal, &name).await?)))
}
