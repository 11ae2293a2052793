//! A no as a page: what happened, why, and the next step. A signed-out visitor goes to the sign-in page and back.

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_http::{HeldForm, Problem};

use crate::assets::{SCRIPT_PATH, STYLE_PATH};
use crate::pages::{own_path, step_up};

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    style: &'a str,
    script: &'a str,
    problem: &'a Problem,
    kind: &'static str,
    /// What is wrong as a whole, unless its parts say it.
    detail: Option<String>,
    step: Step,
}

/// What to do next, in a sentence and with its button.
struct Step {
    advice: &'static str,
    label: &'static str,
    path: String,
}

/// The page of a problem; `back` is where the visitor came from, when that was a page of ours.
fn page_of(problem: &Problem, back: &str) -> Option<Response> {
    let (kind, advice, label, path) = match (problem.status, problem.code.as_str()) {
        (_, "wrong_credentials" | "passkey_not_accepted") => {
            ("Signing in", "Try again, or another way.", "Sign in", "/sign-in")
        }
        (_, "link_not_valid") => ("Signing in", "Sign in another way, or ask for a new link.", "Sign in", "/sign-in"),
        (_, "form_not_valid") => {
            ("The form has expired", "Open the page afresh and send the form again.", "Open the page afresh", back)
        }
        (400, _) => ("Not understood", "Correct it and send it again.", "Back", back),
        (403, _) => ("Not allowed", "Ask somebody who may, or go on elsewhere.", "Back", back),
        (404, _) => (
            "Not found",
            "The address may be mistyped, what was there may have been deleted, or it is not for you to see.",
            "Go to your workspaces and organizations",
            "/",
        ),
        (405, _) => ("Not possible here", "Go back and use the buttons of the page.", "Back", back),
        (409, _) => ("Not as things stand", "See how things stand now, then decide.", "Back", back),
        (412, _) => (
            "Changed by somebody else",
            "Look at what it is now; your change was not made. Make it again if it still fits.",
            "See it as it is now",
            back,
        ),
        (413, _) => ("Too large", "Send less at once.", "Back", back),
        (429, _) => ("Slow down", "Wait a little, then try again.", "Try again", back),
        (_, "storage_full") => (
            "No room left",
            "Nothing was changed. Looking at things goes on; tell the operator, then try again.",
            "Back",
            back,
        ),
        (_, "database_read_only") => (
            "No changes right now",
            "Nothing was changed. Looking at things goes on; try again in a moment.",
            "Back",
            back,
        ),
        (503, _) => ("Away for a moment", "Reading comes back first. Try again in a moment.", "Try again", back),
        (500.., _) => ("Our fault", "Try again; if it stays, tell the operator when it happened.", "Try again", back),
        _ => ("Not done", "Go back and try something else.", "Back", back),
    };
    let label = if path == "/" { "Go to your workspaces and organizations" } else { label };
    let step = Step { advice, label, path: path.to_owned() };
    let is_said = !problem.errors.is_empty() || problem.reasons.iter().any(|r| problem.detail.contains(&r.detail));
    let detail = (!is_said).then(|| sentence(&problem.detail));
    let page = ErrorPage { style: &STYLE_PATH, script: &SCRIPT_PATH, problem, kind, detail, step };
    let status = StatusCode::from_u16(problem.status).ok()?;
    Some((status, Html(page.render().ok()?)).into_response())
}

/// A line as a sentence: what the command line prints after a colon stands by itself here.
pub fn sentence(line: &str) -> String {
    let mut letters = line.chars();
    let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    let end = if line.ends_with(['.', '!', '?', ':', '*']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// What is at no address of ours.
pub fn not_found() -> Response {
    let problem = Problem::new(StatusCode::NOT_FOUND, "not_found", "Not found", "There is no such page.");
    page_of(&problem, "/").unwrap_or_else(|| problem.into_response())
}

/// Turns problem documents of the pages' handlers, and what the framework says no with, into pages.
pub async fn show_as_page(request: Request, next: Next) -> Response {
    let wanted = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let is_get = request.method() == Method::GET;
    let back = if is_get { wanted.clone() } else { came_from(request.headers()) };
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_problem = kind == "application/problem+json";
    if !is_problem && (response.status().as_u16() < 400 || kind.starts_with("text/html")) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, 1 << 20).await else {
        return parts.status.into_response();
    };
    let problem = if is_problem { serde_json::from_slice(&bytes).ok() } else { Some(plain(parts.status)) };
    let Some(problem): Option<Problem> = problem else {
        return parts.status.into_response();
    };
    if problem.code == "signed_out" {
        let to =
            if is_get && wanted != "/" { format!("/sign-in?next={}", escaped(&wanted)) } else { "/sign-in".into() };
        return Redirect::to(&to).into_response();
    }
    if let Some(held) = parts.extensions.get::<HeldForm>()
        && let Some(page) = step_up::ask(held, &back)
    {
        return (parts.status, page).into_response();
    }
    // Going back to a page that was just refused leads nowhere else.
    let leads_back_here = is_get && problem.status < 429 && problem.status != 412;
    let Some(mut page) = page_of(&problem, if leads_back_here { "/" } else { &back }) else {
        return parts.status.into_response();
    };
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = parts.headers.get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// What the framework refused before a handler of ours saw it.
fn plain(status: StatusCode) -> Problem {
    let (code, title, detail) = match status {
        StatusCode::METHOD_NOT_ALLOWED => {
            ("method_not_allowed", "This is not done that way", "This address does not take what was sent to it.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("too_large", "That is too much at once", "What was sent is larger than this page takes.")
        }
        StatusCode::NOT_FOUND => ("not_found", "Not found", "There is no such page."),
        _ => ("bad_input", "This cannot be understood", "What was sent is not what this page takes."),
    };
    Problem::new(status, code, title, detail)
}

/// The page of ours that a form was sent from; the first page when the browser does not say, or it was another site's.
fn came_from(headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let page = text(header::REFERER).and_then(|v| v.split_once("://")?.1.split_once('/'));
    match page {
        Some((host, path)) if text(header::HOST) == Some(host) => own_path(Some(&format!("/{path}")), "/"),
        _ => "/".to_owned(),
    }
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
