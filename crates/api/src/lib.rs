//! REST: `/api/v1`, one endpoint a file, described by the OpenAPI document that is generated from them.
//!
//! What belongs here: JSON shapes and their translation to and from use cases. What does not: rules, and what HTTP
//! shares with the pages (`http`).

mod v1;
mod view;

use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::get;
use orglink_http::{AppState, Caller, Problem};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "orglink",
        description = "Attaches standalone workspaces to organizations. Send a token: `Authorization: Bearer TOKEN`. \
                       Lists answer `{items, next}`; send `next` back as `cursor`. Making an organization or a link accepts `Idempotency-Key`; other writes may be repeated, except making a token, \
                       whose answer holds a secret. \
                       Problems are RFC 9457 documents with a stable `code`. Times are RFC 3339, UTC.",
    ),
    modifiers(&Security),
)]
struct Document;

struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, openapi: &mut OpenApi) {
        use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
        let components = openapi.components.get_or_insert_with(Default::default);
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        openapi.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    }
}

fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", v1::routes())
}

/// The routes, with an answer in our own shape for what is not there.
pub fn router() -> Router<AppState> {
    let (router, document) = described().split_for_parts();
    let text = document.to_pretty_json().unwrap_or_default();
    // Whom nobody knows learns nothing about addresses either.
    let not_found = |_: Caller| async {
        Problem::new(StatusCode::NOT_FOUND, "not_found", "Not found", "There is no such address.")
    };
    let not_allowed = || async {
        let detail = "This address exists, but not for this method.";
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Not this method", detail)
    };
    router
        .route(
            "/api/v1/openapi.json",
            get(move || async move { ([("content-type", "application/json")], text).into_response() }),
        )
        .route("/api/{*rest}", axum::routing::any(not_found))
        .method_not_allowed_fallback(not_allowed)
}

/// The document, as it is committed in `openapi.json`.
#[must_use]
pub fn document() -> OpenApi {
    described().split_for_parts().1
}
