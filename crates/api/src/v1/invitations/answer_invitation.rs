//! Accepts and declines invitations.

use axum::Json;
use orglink_app::invitation;
use orglink_http::{Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::shown;
use super::view::InvitationJson;
use crate::v1::Acting;

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
pub async fn accept_invitation(on: Acting) -> Result<Json<AcceptedJson>, Failure> {
    let accepted = invitation::accept_invitation(&on.app, &on.principal, &on.id).await?;
    let view = invitation::view_invitation(&on.app, &on.principal, &on.id).await?;
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
pub async fn decline_invitation(on: Acting) -> Result<Json<InvitationJson>, Failure> {
    invitation::decline_invitation(&on.app, &on.principal, &on.id).await?;
    shown(&on).await
}
