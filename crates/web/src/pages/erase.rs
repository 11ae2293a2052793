//! Leaving: what it means, and doing it.

use askama::Template;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse as _, Response};
use orglink_app::RefusalReason;
use orglink_app::account::{self, Erasure};
use orglink_http::{AppState, CheckedForm, Failure, Visitor, ended_cookie};
use serde::Deserialize;

use crate::assets::{SCRIPT_PATH, STYLE_PATH};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "erase.html")]
struct ErasePage {
    shell: Shell,
    erasure: Erasure,
    reasons: Vec<RefusalReason>,
}

#[derive(Template)]
#[template(path = "erased.html")]
struct ErasedPage {
    style: &'static str,
    script: &'static str,
}

pub async fn show(State(app): State<AppState>, visitor: Visitor) -> Result<Html<String>, Failure> {
    let erasure = account::preview_erasure(&app, visitor.principal()).await?;
    let shell = Shell::new(&app, &visitor, "Leave").await?.here("Account");
    render(&ErasePage { shell, reasons: erasure.reasons(), erasure })
}

#[derive(Deserialize)]
pub struct EraseForm {
    confirm: String,
}

pub async fn erase(State(app): State<AppState>, form: CheckedForm<EraseForm>) -> Result<Response, Failure> {
    account::erase_account(&app, form.visitor.principal(), &form.form.confirm).await?;
    let page = render(&ErasedPage { style: &STYLE_PATH, script: &SCRIPT_PATH })?;
    Ok(([(SET_COOKIE, ended_cookie(&app))], page).into_response())
}
