//! What the visitor's assistants ask: each leads to the page where everybody does that, or is declined here.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, Redirect};
use orglink_app::Page;
use orglink_app::assistant::{self, RequestView};
use orglink_domain::assistant::AssistantRequestState;
use orglink_domain::link::Act;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, saved};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "assistants.html")]
struct AssistantsPage {
    shell: Shell,
    page: Page<RequestView>,
    /// Where assistants connect.
    url: String,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let page = assistant::list_requests(&app, visitor.principal(), &query.request()?).await?;
    let shell = Shell::new(&app, &visitor, "Assistants").await?.here("Assistants");
    let url = format!("{}/mcp", app.settings.public_url);
    render(&AssistantsPage { shell: shell.after_saving(query.saved.as_deref()), page, url })
}

#[derive(Deserialize)]
pub struct DeclineForm {
    #[serde(default)]
    request: String,
}

pub async fn decline(State(app): State<AppState>, form: CheckedForm<DeclineForm>) -> Result<Redirect, Failure> {
    assistant::decline_request(&app, form.visitor.principal(), &form.form.request).await?;
    Ok(saved("/me/assistants"))
}
