//! Docker Registry token authentication, and the notifications of a registry.
//!
//! The registry sends clients here (`realm`), with what they want (`scope`); they come with an address and a personal
//! access token, and go back with a token for the registry. What is refused is answered with the reasons, in the form that
//! clients print.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use orglink_app::registry::{IssuedToken, TokenAnswer, issue_token, record_events};
use orglink_app::sign_in::authenticate_basic;
use orglink_app::{Error, Principal};
use orglink_http::{AppState, Problem, limit_caller, network_address, status_of};
use serde_json::{Value, json};

use crate::Route;

pub fn routes() -> Vec<Route> {
    vec![
        Route { method: "GET", path: "/registry/token", handler: get(give_token) },
        Route { method: "POST", path: "/registry/notifications", handler: post(take_notifications) },
    ]
}

async fn give_token(
    State(app): State<AppState>,
    parts: Parts,
    query: Result<Query<Vec<(String, String)>>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let principal = match authenticate(&app, &parts).await {
        Ok(principal) => principal,
        Err(e) => return refusal(&[e]),
    };
    let Ok(Query(query)) = query else {
        return refusal(&[Error::field("scope", "the question cannot be read")]);
    };
    let values = |name: &'static str| query.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str());
    // It may come several times, and each may be several.
    let scopes: Vec<&str> = values("scope").flat_map(str::split_whitespace).collect();
    let service = values("service").next();
    match issue_token(&app, &principal, service, &scopes).await {
        Ok(TokenAnswer::Issued(issued)) => token(&issued),
        Ok(TokenAnswer::Denied(reasons)) => denied(&reasons),
        Err(e) => refusal(&[e]),
    }
}

/// Whoever comes with an address and a token. There is nothing here for anybody else: no image is public.
async fn authenticate(app: &AppState, parts: &Parts) -> Result<Principal, Error> {
    let Some((email, secret)) = basic(&parts.headers) else { return Err(Error::SignedOut) };
    let principal = authenticate_basic(app, &email, &secret, &network_address(&parts.extensions)).await?;
    limit_caller(&parts.extensions, &secret, &principal).map_err(|failure| failure.0)?;
    Ok(principal)
}

/// What stands in `Authorization: Basic …` (RFC 7617).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

fn token(issued: &IssuedToken) -> Response {
    let body = json!({
        "token": issued.token,
        // The same under the name that OAuth 2.0 has for it.
        "access_token": issued.token,
        "expires_in": issued.lifetime_seconds,
        "issued_at": issued.issued_at,
    });
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// A no to what somebody wants who is known. 401 and not 403: the widespread clients show the reasons of a 401 only.
fn denied(reasons: &[Error]) -> Response {
    let errors: Vec<Value> = reasons.iter().map(|e| error("DENIED", e)).collect();
    answer(StatusCode::UNAUTHORIZED, &errors)
}

/// A no to the question itself.
fn refusal(reasons: &[Error]) -> Response {
    let status = reasons.first().map_or(StatusCode::INTERNAL_SERVER_ERROR, |e| match e {
        Error::Refused(r) if r.code == "token_expired" => StatusCode::UNAUTHORIZED,
        Error::Refused(r) if r.code == "not_served" => StatusCode::NOT_FOUND,
        other => status_of(other),
    });
    let code = match status {
        StatusCode::UNAUTHORIZED => "UNAUTHORIZED",
        StatusCode::TOO_MANY_REQUESTS => "TOOMANYREQUESTS",
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => "UNSUPPORTED",
        StatusCode::SERVICE_UNAVAILABLE => "UNAVAILABLE",
        _ => "UNKNOWN",
    };
    let errors: Vec<Value> = reasons.iter().map(|e| error(code, e)).collect();
    let mut response = answer(status, &errors);
    let seconds = reasons.iter().find_map(|e| match e {
        Error::TooManyAttempts { seconds } | Error::RateLimited { seconds, .. } => Some(*seconds),
        _ => None,
    });
    if let Some(value) = seconds.and_then(|s| HeaderValue::from_str(&s.to_string()).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// One error as registries write it: `message` for people, `detail` for programs.
fn error(code: &'static str, e: &Error) -> Value {
    let problem = Problem::of(e);
    let message = match e {
        Error::SignedOut => {
            "Sign in with your e-mail address, and as the password a personal access token; no image here is public."
        }
        _ => problem.detail.as_str(),
    };
    json!({ "code": code, "message": message, "detail": { "code": problem.code, "reasons": problem.reasons } })
}

fn answer(status: StatusCode, errors: &[Value]) -> Response {
    let mut response = (status, Json(json!({ "errors": errors }))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Basic realm=\"orglink\", charset=\"UTF-8\"");
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

async fn take_notifications(State(app): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let presented = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.split_once(' '));
    let presented = presented.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, s)| s.trim());
    match record_events(&app, presented, &body).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(e) => orglink_http::Failure(e).into_response(),
    }
}
