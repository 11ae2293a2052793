//! Access requests: asking by name, and the admins' answers.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::PageRequest;
use orglink_app::access_request::{self, Ask, PlaceRequests, ask_for_access};
use orglink_domain::access_request::{AccessRequest, AccessRequestState, AskedKind};
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{chosen, own_path};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "ask.html")]
struct AskPage {
    shell: Shell,
    kind: AskedKind,
    named: String,
    return_to: String,
}

#[derive(Template)]
#[template(path = "requests.html")]
struct RequestsPage {
    shell: Shell,
    list: PlaceRequests,
    here: String,
}

#[derive(Deserialize)]
pub struct AskQuery {
    organization: Option<String>,
    workspace: Option<String>,
    return_to: Option<String>,
}

/// The page that any place where something is missing can lead to.
pub async fn show_ask(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<AskQuery>,
) -> Result<Html<String>, Failure> {
    let kind = if query.workspace.is_some() { AskedKind::Workspace } else { AskedKind::Organization };
    let named = query.workspace.or(query.organization).unwrap_or_default();
    let shell = Shell::new(&app, &visitor, "Ask for a role").await?.here("Invitations and requests");
    let return_to = own_path(query.return_to.as_deref(), "");
    render(&AskPage { shell, kind, named, return_to })
}

#[derive(Deserialize)]
pub struct AskForm {
    kind: String,
    #[serde(default)]
    named: String,
    message: Option<String>,
    return_to: Option<String>,
}

pub async fn ask(State(app): State<AppState>, form: CheckedForm<AskForm>) -> Result<Redirect, Failure> {
    let (principal, form) = (form.visitor.principal(), form.form);
    let kind = chosen("kind", &form.kind)?;
    let ask = Ask { kind, named: form.named, message: form.message, return_to: form.return_to };
    ask_for_access(&app, principal, &ask, None).await?;
    Ok(Redirect::to("/invitations?asked=yes"))
}

#[derive(Deserialize)]
pub struct ListQuery {
    cursor: Option<String>,
    saved: Option<String>,
}

pub async fn of_organization(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let page = PageRequest::new(query.cursor.as_deref(), None)?;
    let list = access_request::list_requests_of_organization(&app, visitor.principal(), &slug, None, &page).await?;
    show(&app, &visitor, list, &query).await
}

pub async fn of_workspace(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let page = PageRequest::new(query.cursor.as_deref(), None)?;
    let list = access_request::list_requests_of_workspace(&app, visitor.principal(), &slug, None, &page).await?;
    show(&app, &visitor, list, &query).await
}

async fn show(
    app: &AppState,
    visitor: &Visitor,
    list: PlaceRequests,
    query: &ListQuery,
) -> Result<Html<String>, Failure> {
    let (slug, name, kind) = (list.place.slug.clone(), list.place.name.clone(), list.place.kind);
    let shell = Shell::new(app, visitor, format!("Requests · {name}")).await?;
    let shell = match kind {
        "workspace" => shell.in_workspace(&slug, &name, "Requests"),
        _ => shell.in_organization(&slug, &name, "Requests"),
    };
    let (shell, here) = (shell.after_saving(query.saved.as_deref()), format!("{}/requests", list.place.path()));
    render(&RequestsPage { shell, list, here })
}

#[derive(Deserialize)]
pub struct AnswerForm {
    reason: Option<String>,
    /// The user group that the asker joins.
    group: Option<String>,
    next: Option<String>,
}

impl AnswerForm {
    fn back(&self) -> Redirect {
        Redirect::to(&format!("{}?saved=yes", own_path(self.next.as_deref(), "/invitations")))
    }
}

pub async fn approve(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<AnswerForm>,
) -> Result<Redirect, Failure> {
    access_request::approve_request(&app, form.visitor.principal(), &id, form.form.group.as_deref()).await?;
    Ok(form.form.back())
}

pub async fn decline(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<AnswerForm>,
) -> Result<Redirect, Failure> {
    let reason = form.form.reason.as_deref().unwrap_or_default();
    access_request::decline_request(&app, form.visitor.principal(), &id, reason).await?;
    Ok(form.form.back())
}

pub async fn withdraw(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<AnswerForm>,
) -> Result<Redirect, Failure> {
    access_request::withdraw_request(&app, form.visitor.principal(), &id).await?;
    Ok(form.form.back())
}
