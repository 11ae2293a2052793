//! How one signs in: passkeys, password, recovery codes.

use askama::Template;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum::response::{Html, Redirect, Response};
use orglink_app::account::{self, AccountView};
use orglink_app::passkey::{self, StoredPasskey};
use orglink_app::{MINIMUM_PASSWORD_LENGTH, recovery_code};
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::sign_in::{device_of, question};
use super::{ListQuery, saved};
use crate::assets::PASSKEY_PATH;
use crate::shell::{Shell, render};

const HERE: &str = "/me/security";

#[derive(Template)]
#[template(path = "security.html")]
struct SecurityPage {
    shell: Shell,
    passkey: &'static str,
    view: AccountView,
    passkeys: Vec<StoredPasskey>,
    can_have_passkeys: bool,
    /// What a new passkey is called unless one says otherwise.
    device: String,
    minimum: usize,
    /// The codes that were just made: shown this once.
    codes: Option<Vec<String>>,
}

/// A form that says nothing but its token.
#[derive(Deserialize)]
pub struct Nothing {}

pub async fn show(
    State(app): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let device = device_of(&headers, &extensions).browser();
    page(&app, &visitor, device, None, query.saved.as_deref()).await
}

async fn page(
    app: &AppState,
    visitor: &Visitor,
    device: String,
    codes: Option<Vec<String>>,
    after: Option<&str>,
) -> Result<Html<String>, Failure> {
    let shell = Shell::new(app, visitor, "Security").await?.here("Security").after_saving(after);
    render(&SecurityPage {
        shell,
        passkey: &PASSKEY_PATH,
        view: account::view_account(app, visitor.principal()).await?,
        passkeys: passkey::list_passkeys(app, visitor.principal()).await?,
        can_have_passkeys: app.passkeys.are_possible(),
        device,
        minimum: MINIMUM_PASSWORD_LENGTH,
        codes,
    })
}

/// What the device is to be asked, as JSON for the script.
pub async fn ask_for_passkey(State(app): State<AppState>, form: CheckedForm<Nothing>) -> Result<Response, Failure> {
    Ok(question(&passkey::ask_for_new_passkey(&app, form.visitor.principal()).await?))
}

#[derive(Deserialize)]
pub struct NewPasskey {
    question: String,
    answer: String,
    name: String,
}

pub async fn create_passkey(State(app): State<AppState>, form: CheckedForm<NewPasskey>) -> Result<Redirect, Failure> {
    let NewPasskey { question, answer, name } = form.form;
    passkey::create_passkey(&app, form.visitor.principal(), &question, &answer, &name).await?;
    Ok(saved(HERE))
}

#[derive(Deserialize)]
pub struct PasskeyForm {
    passkey: String,
    #[serde(default)]
    name: String,
}

pub async fn rename_passkey(State(app): State<AppState>, form: CheckedForm<PasskeyForm>) -> Result<Redirect, Failure> {
    passkey::rename_passkey(&app, form.visitor.principal(), &form.form.passkey, &form.form.name).await?;
    Ok(saved(HERE))
}

pub async fn delete_passkey(State(app): State<AppState>, form: CheckedForm<PasskeyForm>) -> Result<Redirect, Failure> {
    passkey::delete_passkey(&app, form.visitor.principal(), &form.form.passkey).await?;
    Ok(saved(HERE))
}

#[derive(Deserialize)]
pub struct PasswordForm {
    password: String,
}

pub async fn change_password(
    State(app): State<AppState>,
    form: CheckedForm<PasswordForm>,
) -> Result<Redirect, Failure> {
    let here = form.visitor.signed_in.session_id;
    account::change_password(&app, form.visitor.principal(), &form.form.password, Some(here)).await?;
    Ok(saved(HERE))
}

pub async fn create_recovery_codes(
    State(app): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    form: CheckedForm<Nothing>,
) -> Result<Html<String>, Failure> {
    let codes = recovery_code::create_recovery_codes(&app, form.visitor.principal()).await?;
    page(&app, &form.visitor, device_of(&headers, &extensions).browser(), Some(codes), None).await
}
