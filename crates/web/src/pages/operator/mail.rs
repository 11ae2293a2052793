//! The outbox: what waits, what was sent, what was not; and one mail in words.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_app::outbox::{self, ListedMail, MailCounts, ViewedMail};
use orglink_app::{Page, PageRequest};
use orglink_domain::notice::MailState;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use crate::pages::chosen;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "operator_mail.html")]
struct OutboxPage {
    shell: Shell,
    mails: Page<ListedMail>,
    counts: MailCounts,
    /// Each state with how many mails are in it, and whether it is the one that is shown.
    states: Vec<(MailState, i64, bool)>,
    state: Option<MailState>,
    shows_secrets: bool,
}

#[derive(Template)]
#[template(path = "operator_mail_one.html")]
struct MailPage {
    shell: Shell,
    viewed: ViewedMail,
}

#[derive(Deserialize)]
pub struct Query {
    state: Option<String>,
    cursor: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let state = query.state.as_deref().filter(|s| !s.is_empty()).map(|s| chosen("state", s)).transpose()?;
    let page = PageRequest::new(query.cursor.as_deref(), None)?;
    let mails = outbox::list_mails(&app, visitor.principal(), state, &page).await?;
    let counts = outbox::count_mails(&app).await?;
    let shell = Shell::new(&app, &visitor, "Mail").await?.here("Mail");
    let states = MailState::ALL.iter().map(|s| (*s, counts.count(*s), state == Some(*s))).collect();
    render(&OutboxPage { shell, mails, counts, states, state, shows_secrets: app.outbox.shows_secrets() })
}

#[derive(Deserialize)]
pub struct OutboxForm {}

pub async fn retry_refused(State(app): State<AppState>, form: CheckedForm<OutboxForm>) -> Result<Redirect, Failure> {
    outbox::retry_refused_mails(&app, form.visitor.principal()).await?;
    Ok(Redirect::to("/operator/mail"))
}

async fn page_of(app: &AppState, visitor: &Visitor, viewed: ViewedMail) -> Result<Html<String>, Failure> {
    let shell = Shell::new(app, visitor, viewed.listed.subject.clone()).await?.here("Mail");
    render(&MailPage { shell, viewed })
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Html<String>, Failure> {
    let viewed = outbox::view_mail(&app, visitor.principal(), &id).await?;
    page_of(&app, &visitor, viewed).await
}

#[derive(Deserialize)]
pub struct MailForm {
    /// `reveal`, `retry` or `give-up`.
    what: String,
}

pub async fn change(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<MailForm>,
) -> Result<Response, Failure> {
    let principal = form.visitor.principal();
    match form.form.what.as_str() {
        "retry" => outbox::retry_mail(&app, principal, &id).await?,
        "give-up" => outbox::give_up_mail(&app, principal, &id).await?,
        _ => {
            let viewed = outbox::reveal_mail(&app, principal, &id).await?;
            return Ok(page_of(&app, &form.visitor, viewed).await?.into_response());
        }
    }
    Ok(Redirect::to(&format!("/operator/mail/{id}")).into_response())
}
