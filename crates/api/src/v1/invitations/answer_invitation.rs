//! Accepts and declines invitations.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::invitation;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::InvitationJson;

/// An accepted invitation, and what follows.
#[derive(Serialize, ToSchema)]
pub struct AcceptedJson {
    #[serde(flatten)]
    invitation: InvitationJson,
    /// Weaker ones in the same place that ended with it: `group/SLUG`, `organization/ROLE`, …
    settled: Vec<String>,
    /// The page where one goes on: the wizard when nothing is missing any more for a link.
    path: String,
}

/// Accept an invitation addressed to you. Your address must be verified; whoever sent it must still be an admin there. Scope: `write`.
#[utoipa::path(post, path = "/invitations/{invitation}/accept", tag = "people",
    params(("invitation" = String, Path, description = "Id")),
    responses((status = 200, body = AcceptedJson), (status = 403, body = Problem, description = "address_not_verified, scope_required"), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "invitation_not_pending, inviter_lost_right, last_admin")))]
pub async fn accept_invitation(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<AcceptedJson>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let accepted = invitation::accept_invitation(&app, &principal, &id).await?;
    let view = invitation::view_invitation(&app, &principal, &id).await?;
    Ok(Json(AcceptedJson {
        invitation: InvitationJson::of(&view),
        settled: accepted.settled.iter().map(ToString::to_string).collect(),
        path: accepted.path,
    }))
}

/// Decline an invitation addressed to you. Scope: `write`.
#[utoipa::path(post, path = "/invitations/{invitation}/decline", tag = "people",
    params(("invitation" = String, Path, description = "Id")),
    responses((status = 200, body = InvitationJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "invitation_not_pending")))]
pub async fn decline_invitation(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<InvitationJson>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    invitation::decline_invitation(&app, &principal, &id).await?;
    Ok(Json(InvitationJson::of(&invitation::view_invitation(&app, &principal, &id).await?)))
}
