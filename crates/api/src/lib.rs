//! REST: `/api/v1`, one endpoint a file, described by the OpenAPI document that is generated from them.
//!
//! What belongs here: JSON shapes and their translation to and from use cases. What does not: rules, and what HTTP
//! shares with the pages (`http`).

mod contract;
mod v1;
mod view;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use orglink_http::{AppState, Caller, Problem, limit_address};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "orglink",
        description = "Attaches standalone workspaces to organizations. Send a token: `Authorization: Bearer TOKEN`. \
                       Lists answer `{items, next}`; send `next` back as `cursor`. What makes something takes an `Idempotency-Key`, except making a token, whose answer holds a secret; \
                       whatever else is written may be written again. \
                       Problems are RFC 9457 documents with a stable `code`. Times are RFC 3339, UTC.",
    ),
    modifiers(&Security),
)]
struct Document;

/// What each tag is about; the order of the reference.
const TAGS: &[(&str, &str)] = &[
    ("account", "Who you are, your tokens and sessions."),
    ("workspaces", "Workspaces, their settings, members and subscription."),
    ("user groups", "Groups of a workspace and who is in them."),
    ("repositories", "Who can do what with a repository, and through which group."),
    ("access", "Whether somebody may do something, and why."),
    ("organizations", "Organizations, their apps and people."),
    ("sites", "Sites of an organization and the products on them."),
    ("roles", "Roles on organizations, sites and apps."),
    ("people", "Invitations, and requests for the role that one lacks."),
    ("eligibility", "Whether a workspace can be linked, and every reason why not."),
    ("entitlements", "What a workspace may use, what each feature waits for, and the switches of an organization."),
    ("packages", "What was pushed to a workspace in the container registry."),
    ("extensions", "Programs of others that read a workspace for its admins, with tokens of their own."),
    ("links", "Plans, and links made of them."),
    ("proposals", "Links that several people agree to, each to the same plan; link codes for the other side."),
    ("recoveries", "What nobody can administer any more gets an admin again."),
    ("campaigns", "A date by which people link, what they hear before it, and what is linked by itself after it."),
    ("billing", "What workspaces cost, and the organization paying for them from a day on."),
    ("billing_accounts", "Who pays in an organization after billing has migrated, and for what."),
    ("invoices", "The bills of billing accounts: one a month each, numbered without gaps."),
    (
        "directory",
        "Groups of people of an organization or of its sites, and the workspaces that they are brought into.",
    ),
    ("user management", "The migration of a workspace's users into the directory of its organization."),
    ("tracker", "Capabilities that are missing, and how far each is."),
    ("linking date", "What the campaign that goes on means for a workspace, and for an organization that it made."),
    ("events", "What happened, in order."),
    (
        "domains",
        "Domains that organizations show to be their own, and the accounts that they manage. Linking has no part in it.",
    ),
    ("webhooks", "Programs are told of what happens: signed (Standard Webhooks), as CloudEvents, tried for days."),
    ("operator", "Running the installation. Only for operators."),
];

struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, openapi: &mut OpenApi) {
        use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
        let components = openapi.components.get_or_insert_with(Default::default);
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let tags = TAGS
            .iter()
            .map(|(name, about)| utoipa::openapi::tag::TagBuilder::new().name(*name).description(Some(*about)).build());
        openapi.tags = Some(tags.collect());
        openapi.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    }
}

/// What [`document`] makes; to make it again at every start would take 30 MB and a third of the time.
pub const DOCUMENT: &str = include_str!("../openapi.json");

/// The routes, with an answer in our own shape for what is not there.
pub fn router() -> Router<AppState> {
    let operations = v1::AREAS.iter().fold(Router::new(), |all, area| all.merge(area().split_for_parts().0));
    // Whom nobody knows learns nothing about addresses either.
    let not_found = |_: Caller| async { nothing() };
    let not_allowed = || async {
        let detail = "This address exists, but not for this method.";
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Not this method", detail)
    };
    Router::new()
        .nest("/api/v1", operations)
        .route("/api/v1/openapi.json", get(async || ([("content-type", "application/json")], DOCUMENT)))
        .route("/api/{*rest}", axum::routing::any(not_found))
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn(name_nothing))
        .layer(from_fn(limit_address))
}

/// A name in a path that is no text names nothing: the router itself says so without a document.
async fn name_nothing(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_problem = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    if response.status() == StatusCode::BAD_REQUEST && !is_problem {
        return nothing().into_response();
    }
    response
}

fn nothing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "Not found", "There is no such address.")
}

/// The document of all operations, as it is committed in `openapi.json`.
#[must_use]
pub fn document() -> OpenApi {
    let operations = v1::AREAS.iter().fold(OpenApiRouter::<AppState>::new(), |all, area| all.merge(area()));
    let described = OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", operations);
    let (_, mut document) = described.split_for_parts();
    contract::complete(&mut document);
    document
}
