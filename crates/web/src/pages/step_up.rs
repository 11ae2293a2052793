//! Whoever is signed in confirms that it is them, and goes on with what they were doing.

use askama::Template;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_app::{Error, sign_in};
use orglink_http::{AppState, CheckedForm, Failure, HeldForm, QueryString, Visitor};
use serde::Deserialize;

use super::own_path;
use super::sign_in::{Next, device_of};
use crate::assets::{PASSKEY_PATH, SCRIPT_PATH, STYLE_PATH};
use crate::shell::render;

#[derive(Template)]
#[template(path = "step_up.html")]
struct StepUpPage<'a> {
    style: &'static str,
    script: &'static str,
    passkey: &'static str,
    form_token: &'a str,
    /// Where to go afterwards.
    next: &'a str,
    /// Where the form that is kept goes, and its fields as JSON; empty when there is none.
    held_path: &'a str,
    held: &'a str,
    /// Why it did not work.
    no: Option<String>,
}

#[derive(Template)]
#[template(path = "step_up_done.html")]
struct DonePage<'a> {
    style: &'static str,
    script: &'static str,
    path: &'a str,
    fields: Vec<(String, String)>,
    form_token: String,
}

#[derive(Deserialize)]
pub struct StepUpForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    question: String,
    #[serde(default)]
    answer: String,
    next: Option<String>,
    #[serde(default)]
    held_path: String,
    #[serde(default)]
    held: String,
}

/// The page that asks, in place of the answer to a form that was held back.
pub fn ask(held: &HeldForm, back: &str) -> Option<Html<String>> {
    let fields = serde_json::to_string(&held.fields).ok()?;
    let page = page(&held.form_token, back, &held.path, &fields, None);
    Some(Html(page.render().ok()?))
}

fn page<'a>(
    form_token: &'a str,
    next: &'a str,
    held_path: &'a str,
    held: &'a str,
    no: Option<String>,
) -> StepUpPage<'a> {
    let (style, script, passkey) = (STYLE_PATH.as_str(), SCRIPT_PATH.as_str(), PASSKEY_PATH.as_str());
    StepUpPage { style, script, passkey, form_token, next, held_path, held, no }
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<Next>,
) -> Result<Html<String>, Failure> {
    render(&page(&visitor.form_token(&app), &own_path(query.next(), "/"), "", "", None))
}

pub async fn confirm(
    State(app): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    form: CheckedForm<StepUpForm>,
) -> Result<Response, Failure> {
    let CheckedForm { visitor, form, .. } = form;
    let next = own_path(form.next.as_deref(), "/");
    let confirmed = if form.answer.is_empty() {
        let device = device_of(&headers, &extensions);
        sign_in::confirm_with_password(&app, &visitor.signed_in, &form.password, &device).await
    } else {
        sign_in::confirm_with_passkey(&app, &visitor.signed_in, &form.question, &form.answer).await
    };
    match confirmed {
        Ok(()) => {}
        // Here the address is known to be right.
        Err(Error::Refused(_)) => {
            let no =
                if form.answer.is_empty() { "That is not your password." } else { "That passkey was not accepted." };
            let token = visitor.form_token(&app);
            let again = page(&token, &next, &form.held_path, &form.held, Some(no.to_owned()));
            return Ok((axum::http::StatusCode::FORBIDDEN, render(&again)?).into_response());
        }
        Err(e) => return Err(Failure(e)),
    }
    let path = own_path(Some(&form.held_path), "");
    if path.is_empty() {
        return Ok(Redirect::to(&next).into_response());
    }
    let fields =
        serde_json::from_str(&form.held).map_err(|_| Error::field("held", "the form is not as this page made it"))?;
    let (style, script) = (STYLE_PATH.as_str(), SCRIPT_PATH.as_str());
    let form_token = visitor.form_token(&app);
    Ok(render(&DonePage { style, script, path: &path, fields, form_token })?.into_response())
}
