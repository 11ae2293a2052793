//! What links in mails lead to: signing in, and proving an address. Opening them does nothing; a button does.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{Extensions, HeaderMap};
use axum::response::{Html, Response};
use orglink_app::{account, sign_in};
use orglink_http::{AppState, CheckedForm, Failure, Visitor, require_same_origin};
use serde::Deserialize;

use super::own_path;
use super::sign_in::{Next, device_of, enter, read_form};
use crate::assets::{SCRIPT_PATH, STYLE_PATH};
use crate::shell::render;

#[derive(Template)]
#[template(path = "mail_sent.html")]
struct SentPage {
    style: &'static str,
    script: &'static str,
    back: String,
}

#[derive(Template)]
#[template(path = "mailed_link.html")]
struct LinkPage {
    style: &'static str,
    script: &'static str,
    email: String,
    secret: String,
}

#[derive(Template)]
#[template(path = "address_proof.html")]
struct ProofPage {
    style: &'static str,
    script: &'static str,
    email: String,
    secret: String,
    is_done: bool,
}

#[derive(Deserialize)]
pub struct Wanted {
    email: String,
    next: Option<String>,
}

fn sent(back: &str) -> Result<Html<String>, Failure> {
    render(&SentPage { style: &STYLE_PATH, script: &SCRIPT_PATH, back: back.to_owned() })
}

/// Asks for a link; the same is said whoever asks.
pub async fn ask(State(app): State<AppState>, request: Request) -> Result<Html<String>, Failure> {
    require_same_origin(&app, request.headers())?;
    let device = device_of(request.headers(), request.extensions());
    let form = read_form::<Wanted>(&app, request).await?;
    sign_in::ask_for_link(&app, &form.email, &own_path(form.next.as_deref(), "/"), &device).await?;
    sent("/sign-in")
}

/// The same for whoever is signed in and must confirm that it is them.
pub async fn ask_again(
    State(app): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    form: CheckedForm<Next>,
) -> Result<Html<String>, Failure> {
    let next = own_path(form.form.next(), "/");
    let email = form.visitor.principal().account()?.email.clone();
    sign_in::ask_for_link(&app, &email, &next, &device_of(&headers, &extensions)).await?;
    sent(&next)
}

pub async fn show_link(State(app): State<AppState>, Path(secret): Path<String>) -> Result<Html<String>, Failure> {
    let email = sign_in::find_mailed_link(&app, &secret).await?.email;
    render(&LinkPage { style: &STYLE_PATH, script: &SCRIPT_PATH, email, secret })
}

pub async fn follow_link(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    before: Option<Visitor>,
    request: Request,
) -> Result<Response, Failure> {
    require_same_origin(&app, request.headers())?;
    let device = device_of(request.headers(), request.extensions());
    let before = before.map(|v| v.signed_in);
    let (session, next) = sign_in::follow_mailed_link(&app, &secret, &device, before.as_ref()).await?;
    Ok(enter(&app, &session, &own_path(Some(&next), "/")))
}

pub async fn show_proof(State(app): State<AppState>, Path(secret): Path<String>) -> Result<Html<String>, Failure> {
    let email = account::find_address_proof(&app, &secret).await?;
    render(&ProofPage { style: &STYLE_PATH, script: &SCRIPT_PATH, email, secret, is_done: false })
}

pub async fn prove(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Html<String>, Failure> {
    require_same_origin(&app, &headers)?;
    account::prove_address(&app, &secret).await?;
    render(&ProofPage { style: &STYLE_PATH, script: &SCRIPT_PATH, email: String::new(), secret, is_done: true })
}
