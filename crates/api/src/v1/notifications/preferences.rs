//! What comes by mail.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::inbox::{self, Preference};
use orglink_app::{Error, Page};
use orglink_domain::notice::NoticeKind;
use orglink_domain::text::UnknownWord;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::view::ListJson;

/// Whether notices of a kind come by mail too; they are in the inbox in any case.
#[derive(Serialize, ToSchema)]
pub struct PreferenceJson {
    #[schema(value_type = String)]
    kind: NoticeKind,
    title: &'static str,
    detail: &'static str,
    by_mail: bool,
    /// Why it cannot be switched off; absent when it can.
    obligation: Option<&'static str>,
}

impl PreferenceJson {
    fn of(p: Preference) -> Self {
        let (title, detail, obligation) = (p.kind.title(), p.kind.describe(), p.kind.obligation());
        Self { kind: p.kind, title, detail, by_mail: p.by_mail, obligation }
    }
}

/// What comes to you by mail, by kind. Scope: `read`.
#[utoipa::path(get, path = "/me/notification-preferences", tag = "account",
    responses((status = 200, body = ListJson<PreferenceJson>)))]
pub async fn list_preferences(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<Json<ListJson<PreferenceJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = inbox::list_preferences(&app, &principal).await?;
    Ok(Json(ListJson::of(Page { items: found.into_iter().map(PreferenceJson::of).collect(), next: None })))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ByMailJson {
    by_mail: bool,
}

/// Decide about one kind; an obligation cannot be switched off (409 `obligation`). Scope: `write`.
#[utoipa::path(put, path = "/me/notification-preferences/{kind}", tag = "account", request_body = ByMailJson,
    params(("kind" = String, Path, description = "As the list names it")),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn change_preference(
    State(app): State<AppState>,
    caller: Caller,
    Path(kind): Path<String>,
    JsonBody(wanted): JsonBody<ByMailJson>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let kind: NoticeKind = kind.parse().map_err(|e: UnknownWord| Error::field("kind", e.to_string()))?;
    inbox::change_preference(&app, &principal, kind, wanted.by_mail).await?;
    Ok(StatusCode::NO_CONTENT)
}
