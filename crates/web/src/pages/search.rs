//! Search by slug and name over what the visitor may see.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use orglink_app::place::{Places, search_places};
use orglink_http::{AppState, Failure, QueryString, Visitor};
use serde::Deserialize;

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    shell: Shell,
    found: Places,
    text: String,
}

#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    q: String,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let text = query.q.trim().to_owned();
    let found = search_places(&app, visitor.principal(), &text).await?;
    let mut shell = Shell::new(&app, &visitor, "Search").await?;
    shell.search.clone_from(&text);
    render(&SearchPage { shell, found, text })
}
