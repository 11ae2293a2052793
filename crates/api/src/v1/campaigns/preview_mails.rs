//! What people read of a campaign.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::campaign;
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// A mail as it is read.
#[derive(Serialize, ToSchema)]
pub struct MailPreviewJson {
    /// Which of them.
    what: &'static str,
    subject: String,
    text: String,
    /// What it puts into a calendar.
    #[schema(value_type = Option<String>, format = DateTime)]
    date: Option<Timestamp>,
}

/// The mails of a campaign as they are read, about a workspace called *Example Workspace*; nothing is sent. Scope: `operator`.
#[utoipa::path(get, path = "/campaigns/{campaign}/mails", tag = "campaigns",
    params(("campaign" = String, Path, description = "Name or id")),
    responses((status = 200, body = Vec<MailPreviewJson>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn preview_mails(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Vec<MailPreviewJson>>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let view = campaign::view_campaign(&app, &principal, &name).await?;
    let mails = campaign::preview_mails(&app, &principal, &view.campaign.definition)?;
    let one =
        |m: campaign::MailPreview| MailPreviewJson { what: m.what, subject: m.subject, text: m.text, date: m.date };
    Ok(Json(mails.into_iter().map(one).collect()))
}
