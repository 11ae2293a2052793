//! What the campaign that goes on means for a workspace, and the ways to change it; and taking back what was linked by itself.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::campaign::{self, NewPostponement, Outlook, PreferenceView, Side};
use orglink_app::{Error, PageRequest, organization, workspace};
use orglink_domain::campaign::Purpose;
use orglink_domain::workspace::Workspace;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, saved};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "linking_date.html")]
struct LinkingDatePage {
    shell: Shell,
    workspace: Workspace,
    outlook: Option<Outlook>,
    /// The organizations that the visitor knows: slug and name.
    organizations: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "preferences.html")]
struct PreferencesPage {
    shell: Shell,
    slug: String,
    found: Vec<PreferenceView>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let principal = visitor.principal();
    let outlook = campaign::view_outlook(&app, principal, &slug).await?;
    let workspace = workspace::view_workspace(&app, principal, &slug).await?.workspace;
    let known = organization::list_organizations(&app, principal, &PageRequest::new(None, Some(100))?).await?;
    let organizations = known.items.into_iter().map(|o| (o.slug, o.name)).collect();
    let shell = Shell::new(&app, &visitor, "Linking date").await?;
    let shell = shell.in_workspace(&workspace.slug, &workspace.name, "Linking date").live("workspace", &workspace.slug);
    render(&LinkingDatePage { shell: shell.after_saving(query.saved.as_deref()), workspace, outlook, organizations })
}

/// Forms of the page.
#[derive(Deserialize)]
pub struct ChangeForm {
    /// `prefer`, `unprefer`, `postpone` or `unpostpone`.
    #[serde(default)]
    what: String,
    #[serde(default)]
    organization: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

pub async fn change(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<ChangeForm>,
) -> Result<Redirect, Failure> {
    let (principal, form) = (form.visitor.principal(), &form.form);
    let organization = form.organization.trim();
    match form.what.as_str() {
        "prefer" => campaign::prefer_organization(&app, principal, Side::Workspace, &slug, organization).await?,
        "unprefer" => campaign::withdraw_preference(&app, principal, Side::Workspace, &slug, organization).await?,
        "postpone" => {
            let until = form.until.trim().parse();
            let until = until.map_err(|e: orglink_domain::day::InvalidDay| Error::field("until", e.to_string()))?;
            let wanted = NewPostponement { until, reason: form.reason.clone() };
            campaign::postpone(&app, principal, &slug, Purpose::Link, &wanted).await?;
        }
        "unpostpone" => campaign::withdraw_postponement(&app, principal, &slug, Purpose::Link).await?,
        _ => return Err(Failure(Error::field("what", "say prefer, unprefer, postpone or unpostpone"))),
    }
    Ok(saved(&format!("/workspaces/{slug}/linking-date")))
}

pub async fn show_preferences(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let found = campaign::list_preferences(&app, visitor.principal(), &slug).await?;
    let view = organization::view_organization(&app, visitor.principal(), &slug).await?;
    let shell = Shell::new(&app, &visitor, "Workspaces that want to come").await?;
    let shell = shell.in_organization(&view.organization.slug, &view.organization.name, "Requests");
    render(&PreferencesPage { shell: shell.after_saving(query.saved.as_deref()), slug: view.organization.slug, found })
}

/// The organization's answer.
#[derive(Deserialize)]
pub struct AnswerForm {
    /// `accept` or `decline`.
    #[serde(default)]
    what: String,
    #[serde(default)]
    workspace: String,
}

pub async fn answer_preference(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<AnswerForm>,
) -> Result<Redirect, Failure> {
    let (principal, form) = (form.visitor.principal(), &form.form);
    match form.what.as_str() {
        "accept" => {
            campaign::prefer_organization(&app, principal, Side::Organization, &form.workspace, &slug).await?;
        }
        "decline" => {
            campaign::withdraw_preference(&app, principal, Side::Organization, &form.workspace, &slug).await?;
        }
        _ => return Err(Failure(Error::field("what", "say accept or decline"))),
    }
    Ok(saved(&format!("/organizations/{slug}/preferences")))
}

/// What an admin does about a claim.
#[derive(Deserialize)]
pub struct ClaimForm {
    /// `claim` or `object`.
    #[serde(default)]
    what: String,
    #[serde(default)]
    reason: String,
}

pub async fn claim(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<ClaimForm>,
) -> Result<Redirect, Failure> {
    let principal = form.visitor.principal();
    match form.form.what.as_str() {
        "claim" => {
            campaign::claim_organization(&app, principal, &slug).await?;
        }
        "object" => campaign::object_to_claim(&app, principal, &slug, &form.form.reason).await?,
        _ => return Err(Failure(Error::field("what", "say claim or object"))),
    }
    Ok(Redirect::to(&format!("/organizations/{slug}")))
}
