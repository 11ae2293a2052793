//! Takes a link back: what that would do, and the form that does it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::link::{self, UndoPlan, UndoRequest};
use orglink_app::{App, Error, consent};
use orglink_http::{AppState, CheckedForm, Failure, Visitor};
use serde::Deserialize;

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "undo.html")]
struct UndoPage {
    shell: Shell,
    taken: Taken,
}

/// What ending a link would do, as pages show it.
pub struct Taken {
    pub plan: UndoPlan,
    pub app_title: String,
    /// Titles of the features that are locked again.
    pub locked: Vec<String>,
}

impl Taken {
    pub fn of(app: &App, plan: UndoPlan) -> Self {
        let has = |when: &str, feature: &str| {
            let listed = plan.document.get("entitlements").and_then(|e| e.get(when)?.as_array());
            listed.is_some_and(|list| list.iter().any(|v| v.as_str() == Some(feature)))
        };
        let features = app.catalog.features.iter().filter(|f| has("before", &f.name) && !has("after", &f.name));
        let locked = features.map(|f| f.title.clone()).collect();
        let app_title = app.catalog.app_title(&plan.workspace.app).to_owned();
        Self { plan, app_title, locked }
    }
}

#[derive(Template)]
#[template(path = "unlink.html")]
struct UnlinkPage {
    shell: Shell,
    taken: Taken,
}

/// What ending it would do, for an operator.
pub async fn show_unlink(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Failure> {
    let plan = consent::plan_unlink(&app, visitor.principal(), &slug).await?;
    let (slug, name) = (plan.workspace.slug.clone(), plan.workspace.name.clone());
    let shell = Shell::new(&app, &visitor, format!("End the link of {name}")).await?;
    let shell = shell.in_workspace(&slug, &name, "Overview");
    render(&UnlinkPage { shell, taken: Taken::of(&app, plan) })
}

/// Proposes to end it, as the first of two operators.
pub async fn propose_unlink(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<UndoForm>,
) -> Result<Redirect, Failure> {
    let principal = form.visitor.principal();
    // Whoever may not is told so, whatever they sent.
    consent::plan_unlink(&app, principal, &slug).await?;
    let digest = form.form.digest.parse();
    let digest = digest.map_err(|_| Error::field("digest", "look at the plan first, and send its digest"))?;
    let id = consent::propose_unlink(&app, principal, &slug, &form.form.reason, Some(digest)).await?;
    Ok(Redirect::to(&format!("/proposals/{id}")))
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Failure> {
    let plan = link::plan_undo(&app, visitor.principal(), &slug).await?;
    let (slug, name) = (plan.workspace.slug.clone(), plan.workspace.name.clone());
    let shell = Shell::new(&app, &visitor, format!("Undo the link of {name}")).await?;
    let shell = shell.in_workspace(&slug, &name, "Overview").live("workspace", &slug);
    render(&UndoPage { shell, taken: Taken::of(&app, plan) })
}

#[derive(Deserialize)]
pub struct UndoForm {
    /// Of the plan that was shown.
    #[serde(default)]
    digest: String,
    #[serde(default)]
    reason: String,
}

pub async fn undo(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<UndoForm>,
) -> Result<Redirect, Failure> {
    let principal = form.visitor.principal();
    // Whoever may not is told so, whatever they sent.
    link::plan_undo(&app, principal, &slug).await?;
    let digest = form.form.digest.parse();
    let digest = digest.map_err(|_| Error::field("digest", "look at the plan first, and send its digest"))?;
    let request = UndoRequest { plan_digest: Some(digest), reason: Some(form.form.reason.clone()) };
    link::undo_link(&app, principal, &slug, &request).await?;
    // Somebody of the organization's side may not see the workspace any more.
    match orglink_app::workspace::view_workspace(&app, principal, &slug).await {
        Ok(_) => Ok(Redirect::to(&format!("/workspaces/{slug}"))),
        Err(Error::NotFound { .. }) => Ok(Redirect::to("/")),
        Err(e) => Err(Failure(e)),
    }
}
