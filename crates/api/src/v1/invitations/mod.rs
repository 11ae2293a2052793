mod answer_invitation;
mod create_invitations;
mod end_invitation;
mod list_invitations;
mod view;
mod view_invitation;

pub use answer_invitation::*;
pub use create_invitations::*;
pub use end_invitation::*;
pub use list_invitations::*;
pub use view::InvitationJson;
pub use view_invitation::*;

use axum::Json;
use orglink_app::invitation;
use orglink_http::Failure;

use super::Acting;

/// The invitation as it is after something was done to it.
async fn shown(on: &Acting) -> Result<Json<InvitationJson>, Failure> {
    Ok(Json(InvitationJson::of(&invitation::view_invitation(&on.app, &on.principal, &on.id).await?)))
}
