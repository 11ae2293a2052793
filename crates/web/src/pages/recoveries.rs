//! Recovery of what nobody can administer any more: ask, show that one may, object.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::recovery::{self, NewRecovery, PlaceReference, RecoveryView};
use orglink_app::{Error, Page};
use orglink_domain::recovery::{RecoveryState, RecoveryWay};
use orglink_http::{AppState, CheckedForm, Failure, FormRefusal, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, saved};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "recoveries.html")]
struct RecoveriesPage {
    shell: Shell,
    page: Page<RecoveryView>,
    /// What somebody comes from.
    kind: String,
    slug: String,
}

#[derive(Template)]
#[template(path = "recovery.html")]
struct RecoveryPage {
    shell: Shell,
    view: RecoveryView,
}

#[derive(Debug, Default, Deserialize)]
pub struct PlaceQuery {
    #[serde(default)]
    organization: String,
    #[serde(default)]
    workspace: String,
    cursor: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<PlaceQuery>,
) -> Result<Html<String>, Failure> {
    let request = orglink_app::PageRequest::new(query.cursor.as_deref(), None)?;
    let page = recovery::list_recoveries(&app, visitor.principal(), &request).await?;
    let (kind, slug) = match (query.organization, query.workspace) {
        (slug, other) if other.is_empty() && !slug.is_empty() => ("organization", slug),
        (_, slug) => ("workspace", slug),
    };
    let shell = Shell::new(&app, &visitor, "Recovery").await?.here("Recoveries");
    render(&RecoveriesPage { shell, page, kind: kind.to_owned(), slug })
}

#[derive(Deserialize)]
pub struct NewForm {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    account: String,
    #[serde(default)]
    reason: String,
}

pub async fn create(State(app): State<AppState>, form: CheckedForm<NewForm>) -> Result<Redirect, Failure> {
    let (principal, form) = (form.visitor.principal(), &form.form);
    let slug = form.slug.trim().to_owned();
    let place = match form.kind.as_str() {
        "organization" => PlaceReference::Organization(slug),
        "workspace" => PlaceReference::Workspace(slug),
        _ => return Err(Failure(Error::field("kind", "say organization or workspace"))),
    };
    let wanted = NewRecovery { place, reason: form.reason.clone() };
    let made = match form.account.trim() {
        "" => recovery::request_recovery(&app, principal, &wanted, None).await?,
        email => recovery::propose_recovery(&app, principal, &wanted, email, None).await?,
    };
    Ok(Redirect::to(&format!("/recoveries/{}", made.answer)))
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let view = recovery::view_recovery(&app, visitor.principal(), &id).await?;
    let shell = Shell::new(&app, &visitor, format!("Recovery of {}", view.place_name)).await?.here("Recoveries");
    render(&RecoveryPage { shell: shell.after_saving(query.saved.as_deref()), view })
}

#[derive(Deserialize)]
pub struct ChangeForm {
    /// `prove`, `approve`, `object` or `withdraw`.
    #[serde(default)]
    what: String,
    #[serde(default)]
    reason: String,
}

pub async fn change(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<ChangeForm>,
) -> Result<Redirect, FormRefusal> {
    // What gives somebody power is done by whoever has proven lately that it is them; objecting is always possible.
    let form = if form.form.what == "approve" { form.require_recent(&app)? } else { form };
    let principal = form.visitor.principal();
    match form.form.what.as_str() {
        "prove" => recovery::prove_recovery(&app, principal, &id).await?,
        "approve" => recovery::approve_recovery(&app, principal, &id).await?,
        "object" => recovery::object_to_recovery(&app, principal, &id, &form.form.reason).await?,
        "withdraw" => recovery::withdraw_recovery(&app, principal, &id).await?,
        _ => return Err(Error::field("what", "say prove, approve, object or withdraw").into()),
    }
    Ok(saved(&format!("/recoveries/{id}")))
}
