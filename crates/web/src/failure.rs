//! A no as a page: what happened, why, and the next step. A signed-out visitor goes to the sign-in page and back.

use askama::Template;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_http::Problem;

use crate::assets::{SCRIPT_PATH, STYLE_PATH};
use crate::pages::own_path;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    style: &'a str,
    script: &'a str,
    problem: &'a Problem,
    next: String,
    next_label: &'static str,
}

/// The page of a problem.
pub fn page_of(problem: &Problem) -> Option<Response> {
    page_after(problem, None)
}

/// The page of a problem that somebody met on their way from a page of ours.
fn page_after(problem: &Problem, from: Option<String>) -> Option<Response> {
    let (next, next_label) = match (problem.code.as_str(), from) {
        ("wrong_credentials" | "link_not_valid" | "too_many_attempts", _) => ("/sign-in".to_owned(), "Sign in"),
        ("version_changed", Some(from)) => (from, "Look at it as it is now"),
        (_, Some(from)) => (from, "Go back"),
        _ => ("/".to_owned(), "Go to your workspaces and organizations"),
    };
    let page = ErrorPage { style: &STYLE_PATH, script: &SCRIPT_PATH, problem, next, next_label };
    let status = StatusCode::from_u16(problem.status).ok()?;
    Some((status, Html(page.render().ok()?)).into_response())
}

/// Turns problem documents of the pages' handlers into pages.
pub async fn show_as_page(request: Request, next: Next) -> Response {
    let wanted = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let is_get = request.method() == Method::GET;
    let from = (!is_get).then(|| own_referer(&request)).flatten();
    let response = next.run(request).await;
    let is_problem =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    if !is_problem {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, 1 << 20).await else {
        return parts.status.into_response();
    };
    let Ok(problem) = serde_json::from_slice::<Problem>(&bytes) else {
        return parts.status.into_response();
    };
    if problem.code == "signed_out" {
        let to =
            if is_get && wanted != "/" { format!("/sign-in?next={}", escaped(&wanted)) } else { "/sign-in".into() };
        return Redirect::to(&to).into_response();
    }
    let Some(mut page) = page_after(&problem, from) else { return parts.status.into_response() };
    if let Some(wait) = parts.headers.get(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    page
}

/// The page of ours that a form was sent from.
fn own_referer(request: &Request) -> Option<String> {
    let (_, rest) = request.headers().get(header::REFERER)?.to_str().ok()?.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let ours = request.headers().get(header::HOST)?.to_str().ok()?;
    (host == ours).then(|| own_path(Some(&format!("/{path}")), "/"))
}

/// A path as the value of a query field.
pub fn escaped(path: &str) -> String {
    use std::fmt::Write as _;
    path.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
        out
    })
}
