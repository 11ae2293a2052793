//! Shows one invitation.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::invitation;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};

use super::view::InvitationJson;

/// An invitation that is addressed to you, or to a place you administer. Scope: `read`.
#[utoipa::path(get, path = "/invitations/{invitation}", tag = "people",
    params(("invitation" = String, Path, description = "Id")),
    responses((status = 200, body = InvitationJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_invitation(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<InvitationJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    Ok(Json(InvitationJson::of(&invitation::view_invitation(&app, &principal, &id).await?)))
}
