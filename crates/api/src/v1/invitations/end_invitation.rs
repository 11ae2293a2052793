//! Takes invitations back and sends them again.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::invitation;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use super::view::InvitationJson;

/// Take back a pending invitation to a place you administer. Scope: `write`.
#[utoipa::path(post, path = "/invitations/{invitation}/withdraw", tag = "people",
    params(("invitation" = String, Path, description = "Id")),
    responses((status = 200, body = InvitationJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "invitation_not_pending")))]
pub async fn withdraw_invitation(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<InvitationJson>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    invitation::withdraw_invitation(&app, &principal, &id).await?;
    Ok(Json(InvitationJson::of(&invitation::view_invitation(&app, &principal, &id).await?)))
}

/// Send a pending invitation again, three times a day and five minutes apart (429 `too_many_attempts`). You answer for it from then on. Scope: `write`.
#[utoipa::path(post, path = "/invitations/{invitation}/resend", tag = "people",
    params(("invitation" = String, Path, description = "Id")),
    responses((status = 200, body = InvitationJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "invitation_not_pending")))]
pub async fn resend_invitation(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<InvitationJson>, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    invitation::resend_invitation(&app, &principal, &id).await?;
    Ok(Json(InvitationJson::of(&invitation::view_invitation(&app, &principal, &id).await?)))
}
