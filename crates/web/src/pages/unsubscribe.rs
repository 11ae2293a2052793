//! Ends mails of a kind by the link in one of them, without signing in. Mail programs send the form by themselves
//! (RFC 8058): it needs no cookie and no token but the one in its address.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::inbox;
use orglink_domain::notice::NoticeKind;
use orglink_http::{AppState, Failure};

use crate::assets::{SCRIPT_PATH, STYLE_PATH};
use crate::shell::render;

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct UnsubscribePage {
    style: &'static str,
    script: &'static str,
    kind: NoticeKind,
    secret: String,
    is_done: bool,
}

impl UnsubscribePage {
    fn new(kind: NoticeKind, secret: String, is_done: bool) -> Self {
        Self { style: &STYLE_PATH, script: &SCRIPT_PATH, kind, secret, is_done }
    }
}

pub async fn show(
    State(app): State<AppState>,
    Path((kind, secret)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    let kind = inbox::find_unsubscribe(&app, &kind, &secret).await?;
    render(&UnsubscribePage::new(kind, secret, false))
}

pub async fn end(
    State(app): State<AppState>,
    Path((kind, secret)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    let kind = inbox::unsubscribe(&app, &kind, &secret).await?;
    render(&UnsubscribePage::new(kind, secret, true))
}
