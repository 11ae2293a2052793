//! Takes invitations back and sends them again.

use axum::Json;
use orglink_app::invitation;
use orglink_http::{Failure, Problem};

use super::shown;
use super::view::InvitationJson;
use crate::v1::Acting;

/// Take back a pending invitation to a place you administer. Scope: `write`.
#[utoipa::path(post, path = "/invitations/{invitation}/withdraw", tag = "people",
    params(("invitation" = String, Path, description = "Id")),
    responses((status = 200, body = InvitationJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "invitation_not_pending")))]
pub async fn withdraw_invitation(on: Acting) -> Result<Json<InvitationJson>, Failure> {
    invitation::withdraw_invitation(&on.app, &on.principal, &on.id).await?;
    shown(&on).await
}

/// Send a pending invitation again, three times a day and five minutes apart (429 `too_many_attempts`). You answer for it from then on. Scope: `write`.
#[utoipa::path(post, path = "/invitations/{invitation}/resend", tag = "people",
    params(("invitation" = String, Path, description = "Id")),
    responses((status = 200, body = InvitationJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "invitation_not_pending")))]
pub async fn resend_invitation(on: Acting) -> Result<Json<InvitationJson>, Failure> {
    invitation::resend_invitation(&on.app, &on.principal, &on.id).await?;
    shown(&on).await
}
