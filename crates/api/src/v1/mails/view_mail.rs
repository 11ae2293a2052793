//! One mail in words.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::outbox::{self, ViewedMail};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::MailJson;

/// A mail with what it says.
#[derive(Serialize, ToSchema)]
pub struct ViewedMailJson {
    mail: MailJson,
    /// Absent when another release wrote it.
    text: Option<String>,
    html: Option<String>,
    /// The one-time link in it is a real one; otherwise it is masked.
    is_revealed: bool,
}

impl ViewedMailJson {
    fn of(viewed: ViewedMail) -> Self {
        let (text, html) = viewed.rendered.map(|r| (r.text, r.html)).unzip();
        Self { mail: MailJson::of(viewed.listed), text, html, is_revealed: viewed.is_revealed }
    }
}

/// A mail as it was or will be sent; its one-time link is masked. Scope: `operator`.
#[utoipa::path(get, path = "/operator/mails/{mail}", tag = "operator", params(("mail" = String, Path, description = "Id")),
    responses((status = 200, body = ViewedMailJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_mail(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ViewedMailJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    Ok(Json(ViewedMailJson::of(outbox::view_mail(&app, &principal, &id).await?)))
}

/// The same with a new one-time link that works. An event says so, and the recipient is told. Scope: `operator`.
#[utoipa::path(post, path = "/operator/mails/{mail}/reveal", tag = "operator",
    params(("mail" = String, Path, description = "Id")),
    responses((status = 200, body = ViewedMailJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn reveal_mail(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ViewedMailJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    Ok(Json(ViewedMailJson::of(outbox::reveal_mail(&app, &principal, &id).await?)))
}
