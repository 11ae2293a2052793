//! The stop switch.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, Redirect};
use orglink_app::installation;
use orglink_app::operator;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use crate::pages::{ListQuery, saved};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "operator_freeze.html")]
struct FreezePage {
    shell: Shell,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    // The switch's state is shown to everybody; its page is for operators.
    operator::view_health(&app, visitor.principal()).await?;
    let shell = Shell::new(&app, &visitor, "Stop switch").await?.here("Stop switch");
    render(&FreezePage { shell: shell.after_saving(query.saved.as_deref()) })
}

#[derive(Deserialize)]
pub struct FreezeForm {
    /// `stop` or `allow`.
    what: String,
    #[serde(default)]
    reason: String,
}

pub async fn change(State(app): State<AppState>, form: CheckedForm<FreezeForm>) -> Result<Redirect, Failure> {
    let reason = Some(form.form.reason.trim().to_owned()).filter(|r| !r.is_empty());
    let is_frozen = match form.form.what.as_str() {
        "stop" => true,
        "allow" => false,
        _ => return Err(Failure(orglink_app::Error::field("what", "say stop or allow"))),
    };
    installation::change_freeze(&app, form.visitor.principal(), is_frozen, reason.filter(|_| is_frozen)).await?;
    Ok(saved("/operator/freeze"))
}
