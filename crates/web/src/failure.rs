//! A no as a page: what happened, why, and the next step. A signed-out visitor goes to the sign-in page and back.

use askama::Template;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_http::Problem;

use crate::assets::{SCRIPT_PATH, STYLE_PATH};

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    style: &'a str,
    script: &'a str,
    problem: &'a Problem,
    next: &'static str,
    next_label: &'static str,
}

/// The page of a problem.
pub fn page_of(problem: &Problem) -> Option<Response> {
    let (next, next_label) = match problem.code.as_str() {
        "wrong_credentials" | "link_not_valid" | "too_many_attempts" => ("/sign-in", "Sign in"),
        _ => ("/", "Go to your workspaces and organizations"),
    };
    let page = ErrorPage { style: &STYLE_PATH, script: &SCRIPT_PATH, problem, next, next_label };
    let status = StatusCode::from_u16(problem.status).ok()?;
    Some((status, Html(page.render().ok()?)).into_response())
}

/// Turns problem documents of the pages' handlers into pages.
pub async fn show_as_page(request: Request, next: Next) -> Response {
    let wanted = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let is_get = request.method() == Method::GET;
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
    let Some(mut page) = page_of(&problem) else { return parts.status.into_response() };
    if let Some(wait) = parts.headers.get(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    page
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
