//! OpenFeature Remote Evaluation Protocol (OFREP) 0.3: whether a workspace may use a feature, for products and the
//! OpenFeature SDKs they are written with.
//!
//! A flag is a feature of the catalog, always a boolean; the targeting key is a workspace, by slug or id. What else a
//! context says is not looked at: what orglink knows decides.

mod changes;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use orglink_app::entitlement::{Known, know_workspace, make_ticket};
use orglink_app::{App, Error, Principal};
use orglink_domain::digest::Digest;
use orglink_domain::entitlement::{Condition, Feature};
use orglink_http::{AppState, Asker, Failure};
use serde::{Deserialize, Serialize};

use crate::Route;

const FLAGS: &str = "/ofrep/v1/evaluate/flags";
const FLAG: &str = "/ofrep/v1/evaluate/flags/{key}";
/// Where changes are told; the protocol leaves the address to us.
const CHANGES: &str = "/ofrep/v1/changes";

/// How long a page nobody looks at may listen.
const INACTIVITY_SECONDS: u32 = 120;

/// What products ask all the time.
pub fn questions() -> Vec<Route> {
    vec![
        Route { method: "POST", path: FLAG, handler: post(evaluate) },
        Route { method: "POST", path: FLAGS, handler: post(evaluate_all) },
    ]
}

/// What everybody may try.
pub fn routes() -> Vec<Route> {
    vec![Route { method: "GET", path: CHANGES, handler: get(changes::listen) }]
}

#[derive(Deserialize)]
struct Request {
    context: Context,
}

#[derive(Deserialize)]
struct Context {
    #[serde(rename = "targetingKey")]
    targeting_key: Option<String>,
}

/// A flag that was evaluated.
#[derive(Serialize)]
struct Evaluation<'a> {
    key: &'a str,
    value: bool,
    reason: &'static str,
    variant: &'static str,
    metadata: Metadata<'a>,
}

/// Why, for logs and for whoever is told no. The protocol allows text, numbers and booleans here, no lists.
#[derive(Serialize)]
struct Metadata<'a> {
    workspace: &'a str,
    title: &'a str,
    /// The first condition that fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing: Option<&'static str>,
    /// All that fail, separated by spaces.
    #[serde(rename = "failingConditions", skip_serializing_if = "Option::is_none")]
    failing_conditions: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<&'static str>,
    /// The page on which somebody can do something about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl<'a> Evaluation<'a> {
    fn of(app: &App, feature: &'a Feature, known: &'a Known) -> Self {
        let failing: Vec<Condition> = feature.conditions(&known.facts).into_iter().filter(|c| !c.is_met).collect();
        let value = failing.is_empty();
        let codes = failing.iter().map(|c| c.code.as_str()).collect::<Vec<_>>().join(" ");
        let (first_code, who) = (failing.first().map(|c| c.code.as_str()), failing.first().map(|c| c.code.who()));
        let page = || format!("{}/workspaces/{}/features", app.settings.public_url, known.slug);
        Self {
            key: &feature.name,
            value,
            reason: "TARGETING_MATCH",
            variant: if value { "on" } else { "off" },
            metadata: Metadata {
                workspace: &known.slug,
                title: &feature.title,
                failing: first_code,
                failing_conditions: (!value).then_some(codes),
                who,
                url: (!value).then(page),
                remedy: failing.into_iter().next().map(|c| c.remedy),
            },
        }
    }
}

/// What could not be evaluated; without a key for all flags.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotEvaluated<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    error_code: &'static str,
    error_details: String,
}

fn refuse(status: StatusCode, key: Option<&str>, error_code: &'static str, details: impl Into<String>) -> Response {
    (status, Json(NotEvaluated { key, error_code, error_details: details.into() })).into_response()
}

/// The workspace that a request is about.
async fn known_of(
    app: &AppState,
    principal: &Principal,
    body: &Bytes,
    key: Option<&str>,
) -> Result<std::sync::Arc<Known>, Response> {
    let bad = |code, details: String| refuse(StatusCode::BAD_REQUEST, key, code, details);
    let request: Request = serde_json::from_slice(body)
        .map_err(|e| bad("PARSE_ERROR", format!("the body is not {{\"context\": {{…}}}}: {e}")))?;
    let Some(workspace) = request.context.targeting_key.filter(|k| !k.is_empty()) else {
        let details = "context.targetingKey is missing: say which workspace, by slug or id";
        return Err(bad("TARGETING_KEY_MISSING", details.to_owned()));
    };
    match know_workspace(app, principal, &workspace).await {
        Ok(known) => Ok(known),
        Err(Error::NotFound { .. }) => {
            let named: String = workspace.chars().take(80).collect();
            let details = format!("there is no workspace '{named}', or this token's owner may not see it");
            Err(bad("INVALID_CONTEXT", details))
        }
        Err(e) => Err(Failure(e).into_response()),
    }
}

async fn evaluate(
    State(app): State<AppState>,
    Asker(principal): Asker,
    key: Result<Path<String>, PathRejection>,
    body: Bytes,
) -> Result<Response, Response> {
    // What is no text names no feature.
    let key = key.map_or_else(|_| "?".to_owned(), |Path(key)| key);
    let Some(feature) = app.catalog.feature(&key) else {
        let named: String = key.chars().take(80).collect();
        let details = format!("the catalog of this installation has no feature '{named}'");
        return Err(refuse(StatusCode::NOT_FOUND, Some(&key), "FLAG_NOT_FOUND", details));
    };
    let known = known_of(&app, &principal, &body, Some(&key)).await?;
    Ok(Json(Evaluation::of(&app, feature, &known)).into_response())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bulk<'a> {
    flags: &'a [Evaluation<'a>],
    event_streams: [EventStream; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventStream {
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
    inactivity_delay_sec: u32,
}

/// All flags of a workspace, and what stands for them all.
fn flags<'a>(app: &'a App, known: &'a Known) -> Result<(Vec<Evaluation<'a>>, String), Error> {
    let flags: Vec<Evaluation<'a>> = app.catalog.features.iter().map(|f| Evaluation::of(app, f, known)).collect();
    let bytes = serde_json::to_vec(&flags).map_err(|_| Error::broken("flags could not be written as JSON"))?;
    Ok((flags, Digest::of(&[&bytes]).to_string().replace("sha256:", "")))
}

async fn evaluate_all(
    State(app): State<AppState>,
    Asker(principal): Asker,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let known = known_of(&app, &principal, &body, None).await?;
    let (flags, tag) = flags(&app, &known).map_err(|e| Failure(e).into_response())?;
    let etag: [(HeaderName, String); 1] = [(header::ETAG, format!("\"{tag}\""))];
    let seen = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    // With quotes, as HTTP has it, or without, as the protocol's examples do.
    if seen.split(',').any(|one| one.trim().trim_start_matches("W/").trim_matches('"') == tag) {
        return Ok((StatusCode::NOT_MODIFIED, etag).into_response());
    }
    let ticket = make_ticket(&app, known.workspace);
    let url = format!("{}{CHANGES}?ticket={ticket}", app.settings.public_url);
    let stream = EventStream { kind: "sse", url, inactivity_delay_sec: INACTIVITY_SECONDS };
    Ok((etag, Json(Bulk { flags: &flags, event_streams: [stream] })).into_response())
}
