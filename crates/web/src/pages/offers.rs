//! An offer of the operator's, as a page of its own before a page of an organization: once, and never in the way.

use askama::Template;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_app::Error;
use orglink_app::offer::{self, ShownOffer};
use orglink_domain::offer::{OfferAnswer, Visit};
use orglink_http::{AppState, CheckedForm, Failure, Visitor};
use serde::Deserialize;

use super::own_path;
use crate::assets::{SCRIPT_PATH, STYLE_PATH};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "offer.html")]
struct OfferPage<'a> {
    style: &'static str,
    script: &'static str,
    form_token: &'a str,
    shown: ShownOffer,
    /// The page that was opened.
    next: String,
}

#[derive(Template)]
#[template(path = "offer_taken.html")]
struct TakenPage {
    style: &'static str,
    script: &'static str,
    url: String,
    next: String,
}

/// How a page is opened, as far as offers are concerned.
pub struct Opening {
    visit: Visit,
    path: String,
}

impl<S: Sync> FromRequestParts<S> for Opening {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let visit = Visit {
            is_opened: is_opened(&parts.headers),
            is_asked: parts.uri.query().is_some() || !comes_from_outside(&parts.headers),
            has_task: false,
        };
        Ok(Self { visit, path: parts.uri.path().to_owned() })
    }
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// A person goes there in a browser that says so: no script looks again, nothing is fetched beforehand, no program asks.
fn is_opened(headers: &HeaderMap) -> bool {
    text(headers, "sec-fetch-dest") == "document" && text(headers, "sec-purpose").is_empty()
}

/// From nowhere, from home or from signing in; not from the middle of something, such as the wizard, a consent or a form.
fn comes_from_outside(headers: &HeaderMap) -> bool {
    let referer = text(headers, header::REFERER.as_str());
    let path = referer.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.is_empty() || path == "sign-in" || path.starts_with("sign-in/")
}

/// The offer that is shown instead of a page, if any; `has_task` when something on that page waits for the visitor.
pub async fn instead(
    app: &AppState,
    visitor: &Visitor,
    opening: Opening,
    shell: &Shell,
    (slug, has_task): (&str, bool),
) -> Result<Option<Html<String>>, Failure> {
    let waits = shell.frozen.is_some() || shell.deadline.is_some() || !shell.inbox.entries.is_empty();
    let visit = Visit { has_task: has_task || waits, ..opening.visit };
    let Some(shown) = offer::show_offer(app, visitor.principal(), slug, visit).await? else { return Ok(None) };
    let (style, script) = (&**STYLE_PATH, &**SCRIPT_PATH);
    render(&OfferPage { style, script, form_token: &shell.form_token, shown, next: opening.path }).map(Some)
}

#[derive(Deserialize)]
pub struct AnswerForm {
    #[serde(default)]
    answer: String,
    next: Option<String>,
}

pub async fn answer(
    State(app): State<AppState>,
    Path(name): Path<String>,
    form: CheckedForm<AnswerForm>,
) -> Result<Response, Failure> {
    let next = own_path(form.form.next.as_deref(), "/");
    let given = match form.form.answer.as_str() {
        "skip" => OfferAnswer::Skipped,
        "take" => OfferAnswer::Taken,
        _ => return Err(Failure(Error::field("answer", "use the buttons of the page"))),
    };
    let url = offer::answer_offer(&app, form.visitor.principal(), &name, given).await?;
    match url {
        Some(url) if given == OfferAnswer::Taken => {
            let (style, script) = (&**STYLE_PATH, &**SCRIPT_PATH);
            Ok(render(&TakenPage { style, script, url, next })?.into_response())
        }
        _ => Ok(Redirect::to(&next).into_response()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_a_person_who_opens_a_page_from_outside_is_offered_anything() {
        assert!(is_opened(&headers(&[("sec-fetch-dest", "document")])));
        for other in
            [&[][..], &[("sec-fetch-dest", "empty")], &[("sec-fetch-dest", "document"), ("sec-purpose", "prefetch")]]
        {
            assert!(!is_opened(&headers(other)), "{other:?}");
        }
        for outside in
            ["", "https://orglink.test/", "https://orglink.test/sign-in?next=/", "https://orglink.test/sign-in/link/x"]
        {
            assert!(comes_from_outside(&headers(&[("referer", outside)])), "{outside}");
        }
        for inside in [
            "https://orglink.test/link",
            "https://orglink.test/organizations/a/link",
            "https://orglink.test/proposals/1",
            "https://orglink.test/invitations/x",
            "https://orglink.test/workspaces/a/linking-date",
            "https://orglink.test/new-organization",
        ] {
            assert!(!comes_from_outside(&headers(&[("referer", inside)])), "{inside}");
        }
    }
}
