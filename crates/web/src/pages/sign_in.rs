//! Sign in: by password, passkey, recovery code, or a link that was handed over; sign out.

use askama::Template;
use axum::Json;
use axum::extract::{Form, Path, Request, State};
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{Extensions, HeaderMap};
use axum::response::{Html, IntoResponse, Redirect, Response};
use orglink_app::sign_in::{self, Device, FirstOperator, LinkPurpose, PasskeyQuestion};
use orglink_app::{Error, MINIMUM_PASSWORD_LENGTH, Secret};
use orglink_http::{
    AppState, CheckedForm, Failure, QueryString, Visitor, cookie_of, ended_cookie, network_address, require_same_origin,
};
use serde::Deserialize;

use super::own_path;
use crate::assets::{PASSKEY_PATH, SCRIPT_PATH, STYLE_PATH};
use crate::shell::render;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    style: &'static str,
    script: &'static str,
    passkey: &'static str,
    next: String,
}

#[derive(Template)]
#[template(path = "sign_in_recovery.html")]
struct RecoveryPage {
    style: &'static str,
    script: &'static str,
}

#[derive(Template)]
#[template(path = "sign_in_link.html")]
struct LinkPage {
    style: &'static str,
    script: &'static str,
    secret: String,
    is_first_operator: bool,
    minimum: usize,
}

#[derive(Deserialize)]
pub struct Next {
    next: Option<String>,
}

impl Next {
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }
}

#[derive(Deserialize)]
pub struct Credentials {
    email: String,
    password: String,
    next: Option<String>,
}

/// Address and name come only with the link for the first operator.
#[derive(Deserialize)]
pub struct NewPassword {
    email: Option<String>,
    name: Option<String>,
    password: String,
}

pub async fn show(visitor: Option<Visitor>, QueryString(query): QueryString<Next>) -> Result<Response, Failure> {
    let next = own_path(query.next.as_deref(), "/");
    if visitor.is_some() {
        return Ok(Redirect::to(&next).into_response());
    }
    Ok(render(&SignInPage { style: &STYLE_PATH, script: &SCRIPT_PATH, passkey: &PASSKEY_PATH, next })?.into_response())
}

pub async fn with_password(State(app): State<AppState>, request: Request) -> Result<Response, Failure> {
    require_same_origin(&app, request.headers())?;
    let device = device_of(request.headers(), request.extensions());
    let form = read_form::<Credentials>(&app, request).await?;
    let secret = sign_in::sign_in_with_password(&app, &form.email, &form.password, &device).await?;
    Ok(enter(&app, &secret, &own_path(form.next.as_deref(), "/")))
}

/// What the device is to be asked, as JSON for the script.
pub async fn ask_for_passkey(State(app): State<AppState>, request: Request) -> Result<Response, Failure> {
    require_same_origin(&app, request.headers())?;
    Ok(question(&sign_in::ask_for_passkey(&app).await?))
}

/// A question to a device, as its script reads it.
pub fn question(asked: &PasskeyQuestion) -> Response {
    Json(serde_json::json!({ "id": asked.id, "options": asked.options })).into_response()
}

#[derive(Deserialize)]
pub struct PasskeyAnswer {
    question: String,
    answer: String,
    next: Option<String>,
}

pub async fn with_passkey(State(app): State<AppState>, request: Request) -> Result<Response, Failure> {
    require_same_origin(&app, request.headers())?;
    let device = device_of(request.headers(), request.extensions());
    let form = read_form::<PasskeyAnswer>(&app, request).await?;
    let secret = sign_in::sign_in_with_passkey(&app, &form.question, &form.answer, &device).await?;
    Ok(enter(&app, &secret, &own_path(form.next.as_deref(), "/")))
}

pub async fn show_recovery() -> Result<Html<String>, Failure> {
    render(&RecoveryPage { style: &STYLE_PATH, script: &SCRIPT_PATH })
}

#[derive(Deserialize)]
pub struct RecoveryForm {
    email: String,
    code: String,
}

/// Whoever comes in by a code has lost something: the next step is their own security.
pub async fn with_recovery_code(State(app): State<AppState>, request: Request) -> Result<Response, Failure> {
    require_same_origin(&app, request.headers())?;
    let device = device_of(request.headers(), request.extensions());
    let form = read_form::<RecoveryForm>(&app, request).await?;
    let secret = sign_in::sign_in_with_recovery_code(&app, &form.email, &form.code, &device).await?;
    Ok(enter(&app, &secret, "/me/security"))
}

/// A demo's link signs in with one click; others ask for a password, the first operator's also for who it is.
pub async fn show_link(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let device = device_of(request.headers(), request.extensions());
    match sign_in::find_link(&app, &secret).await? {
        LinkPurpose::Demo => Ok(enter(&app, &sign_in::follow_demo_link(&app, &secret, &device).await?, "/")),
        purpose => {
            let is_first_operator = purpose == LinkPurpose::FirstOperator;
            let (style, script) = (STYLE_PATH.as_str(), SCRIPT_PATH.as_str());
            Ok(render(&LinkPage { style, script, secret, is_first_operator, minimum: MINIMUM_PASSWORD_LENGTH })?
                .into_response())
        }
    }
}

pub async fn follow_link(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    require_same_origin(&app, request.headers())?;
    let device = device_of(request.headers(), request.extensions());
    let form = read_form::<NewPassword>(&app, request).await?;
    let session = if sign_in::find_link(&app, &secret).await? == LinkPurpose::FirstOperator {
        let (email, name) = (form.email.unwrap_or_default(), form.name.unwrap_or_default());
        let who = FirstOperator { email, name, password: form.password };
        sign_in::make_first_operator(&app, &secret, &who, &device).await?
    } else {
        sign_in::choose_password(&app, &secret, &form.password, &device).await?
    };
    Ok(enter(&app, &session, "/"))
}

pub async fn sign_out(State(app): State<AppState>, form: CheckedForm<Next>) -> Result<Response, Failure> {
    sign_in::end_session(&app, &form.visitor.signed_in).await?;
    Ok(([(SET_COOKIE, ended_cookie(&app))], Redirect::to("/sign-in")).into_response())
}

/// Which browser somebody uses, and from where.
pub fn device_of(headers: &HeaderMap, extensions: &Extensions) -> Device {
    let user_agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Device::new(user_agent, &network_address(extensions))
}

/// Hands the browser its new session.
pub fn enter(app: &AppState, secret: &Secret, next: &str) -> Response {
    ([(SET_COOKIE, cookie_of(app, secret.reveal()))], Redirect::to(next)).into_response()
}

pub async fn read_form<T: serde::de::DeserializeOwned>(app: &AppState, request: Request) -> Result<T, Failure> {
    use axum::extract::FromRequest as _;
    let form = Form::<T>::from_request(request, app).await;
    Ok(form.map_err(|e| Error::field("form", e.body_text()))?.0)
}
