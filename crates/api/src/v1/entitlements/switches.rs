//! The switches of an organization, and turning them.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use orglink_app::entitlement::{self, SwitchView};
use orglink_app::{Page, PageRequest};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, IfMatch, JsonBody, Problem, etag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::view::ListJson;

/// A switch of an organization, which features of its linked workspaces may need.
#[derive(Serialize, ToSchema)]
pub struct SwitchJson {
    name: String,
    title: String,
    detail: String,
    /// `organization_admin` or `operator`.
    turned_by: &'static str,
    is_on: bool,
    /// Null when nobody ever turned it.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    may_turn: bool,
}

impl SwitchJson {
    fn of(s: SwitchView) -> Self {
        let turned_by = s.turned_by.as_str();
        let SwitchView { name, title, detail, is_on, since, may_turn, .. } = s;
        Self { name, title, detail, turned_by, is_on, since, may_turn }
    }
}

/// How a switch is to stand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchChange {
    is_on: bool,
}

/// The switches of an organization, with its ETag. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/switches", tag = "entitlements",
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 200, body = ListJson<SwitchJson>), (status = 404, body = Problem)))]
pub async fn list_switches(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let page = PageRequest::new(None, Some(1))?;
    let found = entitlement::view_organization_features(&app, &principal, &organization, &page).await?;
    let items = found.switches.into_iter().map(SwitchJson::of).collect();
    Ok((etag(found.organization.version), Json(ListJson::of(Page { items, next: None }))))
}

/// Turn a switch of an organization: its linked workspaces may use what needs it from now on, or no longer. Scope: `write`.
#[utoipa::path(put, path = "/organizations/{organization}/switches/{switch}", tag = "entitlements", request_body = SwitchChange,
    params(("organization" = String, Path, description = "Slug or id"),
        ("switch" = String, Path, description = "Its name in the catalog"),
        ("If-Match" = String, Header, description = "The organization's ETag as you have seen it, or *")),
    responses((status = 200, body = SwitchJson), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn turn_switch(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, switch)): Path<(String, String)>,
    IfMatch(expected): IfMatch,
    JsonBody(wanted): JsonBody<SwitchChange>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let turned = (switch.as_str(), wanted.is_on);
    let version = entitlement::turn_switch(&app, &principal, &organization, turned, expected).await?;
    let page = PageRequest::new(None, Some(1))?;
    let found = entitlement::view_organization_features(&app, &principal, &organization, &page).await?;
    let now = found.switches.into_iter().find(|s| s.name == switch);
    let now = now.ok_or_else(|| orglink_app::Error::not_found("switch", &switch))?;
    Ok((etag(version), Json(SwitchJson::of(now))))
}
