mod answer_request;
mod ask_for_access;
mod list_requests;

pub use answer_request::*;
pub use ask_for_access::*;
pub use list_requests::*;

use axum::Json;
use orglink_app::access_request::{self, RequestView, role_asked};
use orglink_domain::access_request::AskedKind;
use orglink_domain::clock::Timestamp;
use orglink_http::Failure;
use serde::Serialize;
use utoipa::ToSchema;

use super::Acting;

/// A request to become an admin.
#[derive(Serialize, ToSchema)]
pub struct AccessRequestJson {
    id: String,
    /// `open`, `approved`, `declined`, `withdrawn` or `expired`.
    state: String,
    /// The slug that was asked for, as it was typed.
    organization: Option<String>,
    workspace: Option<String>,
    /// `organization admin` or `workspace admin`.
    role: &'static str,
    /// Who asks; none for a former account.
    email: Option<String>,
    name: Option<String>,
    message: Option<String>,
    /// The page that the asker came from.
    return_to: Option<String>,
    /// Why it was declined.
    reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl AccessRequestJson {
    fn of(view: RequestView) -> Self {
        let request = view.request;
        let named = |kind| Some(request.named.clone()).filter(|_| request.kind == kind);
        Self {
            id: request.id.to_string(),
            state: view.state.to_string(),
            organization: named(AskedKind::Organization),
            workspace: named(AskedKind::Workspace),
            role: role_asked(request.kind),
            email: view.asker.as_ref().map(|a| a.email.clone()),
            name: view.asker.map(|a| a.name),
            message: request.message,
            return_to: request.return_to,
            reason: request.reason,
            created_at: request.created_at,
            expires_at: request.expires_at,
            ended_at: request.ended_at,
        }
    }
}

/// The request as it is after something was done to it.
async fn shown(on: &Acting) -> Result<Json<AccessRequestJson>, Failure> {
    Ok(Json(AccessRequestJson::of(access_request::view_request(&on.app, &on.principal, &on.id).await?)))
}
