//! The accounts that an organization manages or has claimed, with what people object; and saying no to that, for oneself.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::domain_claim::{self, DomainsView, ManagedAccount};
use orglink_app::{Page, PageRequest};
use orglink_domain::domain_claim::account::ClaimState;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::domains::HERE;
use super::{chosen, saved, seen};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "managed_accounts.html")]
struct ManagedPage {
    shell: Shell,
    path: String,
    view: DomainsView,
    accounts: Page<ManagedAccount>,
    state: Option<ClaimState>,
    states: &'static [ClaimState],
    text: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct ManagedQuery {
    state: Option<String>,
    q: Option<String>,
    cursor: Option<String>,
    saved: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ManagedQuery>,
) -> Result<Html<String>, Failure> {
    let page = PageRequest::new(query.cursor.as_deref(), None)?;
    let state = query.state.as_deref().filter(|s| !s.is_empty()).map(|s| chosen("state", s)).transpose()?;
    let text = query.q.as_deref().unwrap_or_default().trim().to_owned();
    let (view, accounts) = domain_claim::list_claims(&app, visitor.principal(), &slug, (state, &text), &page).await?;
    let (slug, name) = (&view.organization.slug, &view.organization.name);
    let shell = Shell::new(&app, &visitor, format!("Managed accounts · {name}")).await?;
    let shell = shell.in_organization(slug, name, HERE).after_saving(query.saved.as_deref());
    let path = format!("/organizations/{slug}/managed-accounts");
    render(&ManagedPage { shell, path, view, accounts, state, states: ClaimState::ALL, text })
}

#[derive(Deserialize)]
pub struct ReleaseForm {
    #[serde(default)]
    account: String,
    version: Option<String>,
}

pub async fn release(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<ReleaseForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    let principal = form.visitor.principal();
    domain_claim::release_account(&app, principal, &slug, &form.form.account, expected).await?;
    Ok(saved(&format!("/organizations/{slug}/managed-accounts")))
}

#[derive(Deserialize)]
pub struct ObjectionForm {
    #[serde(default)]
    reason: String,
}

pub async fn object(State(app): State<AppState>, form: CheckedForm<ObjectionForm>) -> Result<Redirect, Failure> {
    domain_claim::object_to_claim(&app, form.visitor.principal(), &form.form.reason).await?;
    Ok(saved("/me/account"))
}
