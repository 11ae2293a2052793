//! Link codes: handed to whoever administers the other side.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::consent::{self, LinkCode};
use orglink_domain::clock::Timestamp;
use orglink_domain::consent::Side;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// A link code; shown this once.
#[derive(Serialize, ToSchema)]
pub struct LinkCodeJson {
    code: String,
    /// Where whoever gets it goes.
    url: String,
    /// The side that hands it out: `workspace` or `organization`.
    side: String,
    /// The slug of that side.
    of: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl LinkCodeJson {
    fn of(made: LinkCode) -> Self {
        let code = made.code.reveal().to_owned();
        Self { code, url: made.url, side: made.side.to_string(), of: made.of, expires_at: made.expires_at }
    }
}

/// How many codes are useless now.
#[derive(Serialize, ToSchema)]
pub struct CodesWithdrawn {
    withdrawn: u64,
}

/// A one-time code for whoever administers an organization: with it they can propose to link it to your workspace. Scope: `link`.
#[utoipa::path(post, path = "/workspaces/{workspace}/link-codes", tag = "proposals",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 201, body = LinkCodeJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "consent_is_one_person")))]
pub async fn make_workspace_link_code(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<(StatusCode, Json<LinkCodeJson>), Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let made = consent::make_link_code(&app, &principal, Side::Workspace, &workspace).await?;
    Ok((StatusCode::CREATED, Json(LinkCodeJson::of(made))))
}

/// A one-time code for whoever administers a workspace: with it they can propose to link it to your organization. Scope: `link`.
#[utoipa::path(post, path = "/organizations/{organization}/link-codes", tag = "proposals",
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 201, body = LinkCodeJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "consent_is_one_person")))]
pub async fn make_organization_link_code(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
) -> Result<(StatusCode, Json<LinkCodeJson>), Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let made = consent::make_link_code(&app, &principal, Side::Organization, &organization).await?;
    Ok((StatusCode::CREATED, Json(LinkCodeJson::of(made))))
}

/// Make every link code of your workspace useless. Scope: `link`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/link-codes", tag = "proposals",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = CodesWithdrawn), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn withdraw_workspace_link_codes(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<CodesWithdrawn>, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let withdrawn = consent::withdraw_link_codes(&app, &principal, Side::Workspace, &workspace).await?;
    Ok(Json(CodesWithdrawn { withdrawn }))
}

/// Make every link code of your organization useless. Scope: `link`.
#[utoipa::path(delete, path = "/organizations/{organization}/link-codes", tag = "proposals",
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 200, body = CodesWithdrawn), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn withdraw_organization_link_codes(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
) -> Result<Json<CodesWithdrawn>, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let withdrawn = consent::withdraw_link_codes(&app, &principal, Side::Organization, &organization).await?;
    Ok(Json(CodesWithdrawn { withdrawn }))
}
