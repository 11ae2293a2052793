//! What the visitor was told, and what comes to them by mail.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, Redirect};
use orglink_app::Error;
use orglink_app::inbox::{self, Inbox, Preference, Urgent};
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, saved, several};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    shell: Shell,
    inbox: Inbox,
    /// The newest entry of the page: what came later stays unread.
    newest: String,
}

#[derive(Template)]
#[template(path = "notifications.html")]
struct PreferencesPage {
    shell: Shell,
    preferences: Vec<Preference>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let inbox = inbox::list_notifications(&app, visitor.principal(), false, &query.request()?).await?;
    let newest = inbox.page.items.iter().map(|e| e.id).max().map(|id| id.to_string()).unwrap_or_default();
    let mut shell = Shell::new(&app, &visitor, "Inbox").await?.here("Inbox");
    // It is all here.
    shell.inbox = Urgent { unread: inbox.unread, entries: Vec::new() };
    render(&InboxPage { shell, inbox, newest })
}

#[derive(Deserialize)]
pub struct InboxForm {
    /// `open` and `read` one, mark it `unread`, or `all` as read.
    what: String,
    #[serde(default)]
    notification: String,
    /// With `all`: the newest that was seen.
    #[serde(default)]
    up_to: String,
}

pub async fn change(State(app): State<AppState>, form: CheckedForm<InboxForm>) -> Result<Redirect, Failure> {
    let (principal, InboxForm { what, notification, up_to }) = (form.visitor.principal(), &form.form);
    match what.as_str() {
        "all" => {
            inbox::read_all_notifications(&app, principal, Some(up_to)).await?;
        }
        "read" | "unread" => {
            inbox::change_notification(&app, principal, notification, what == "read").await?;
        }
        "open" => {
            let path = inbox::find_notification_path(&app, principal, notification).await?;
            inbox::change_notification(&app, principal, notification, true).await?;
            return Ok(Redirect::to(&path));
        }
        _ => return Err(Failure(Error::field("what", "say open, read, unread or all"))),
    }
    Ok(Redirect::to("/inbox"))
}

pub async fn show_preferences(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let preferences = inbox::list_preferences(&app, visitor.principal()).await?;
    let shell = Shell::new(&app, &visitor, "Notifications").await?.here("Notifications");
    render(&PreferencesPage { shell: shell.after_saving(query.saved.as_deref()), preferences })
}

#[derive(Deserialize)]
pub struct PreferencesForm {
    /// The kinds that come by mail, separated by spaces.
    #[serde(default)]
    by_mail: String,
}

pub async fn change_preferences(
    State(app): State<AppState>,
    form: CheckedForm<PreferencesForm>,
) -> Result<Redirect, Failure> {
    let (principal, wanted) = (form.visitor.principal(), several(&form.form.by_mail));
    for now in inbox::list_preferences(&app, principal).await? {
        let by_mail = wanted.iter().any(|kind| kind == now.kind.as_str());
        if now.kind.obligation().is_none() && by_mail != now.by_mail {
            inbox::change_preference(&app, principal, now.kind, by_mail).await?;
        }
    }
    Ok(saved("/me/notifications"))
}
