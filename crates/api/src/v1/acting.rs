//! The one shape of what is done to a thing that its id alone names: `POST /invitations/{invitation}/accept`.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use orglink_app::Principal;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller};

/// Somebody whose token may write, and the id that the path names.
pub struct Acting {
    pub app: AppState,
    pub principal: Principal,
    pub id: String,
}

impl FromRequestParts<AppState> for Acting {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Response> {
        let caller = Caller::from_request_parts(parts, app).await;
        let principal = caller.and_then(|c| c.with_scope(Scope::Write)).map_err(IntoResponse::into_response)?;
        let Path(id) = Path::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        Ok(Self { app: app.clone(), principal, id })
    }
}
