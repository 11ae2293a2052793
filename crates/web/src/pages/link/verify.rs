//! Verify: the plan, each warning acknowledged by its name, and the link.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::link::{self, Acknowledge, LinkRequest, PlanView};
use orglink_app::{Error, Secret};
use orglink_http::{AppState, CheckedForm, Failure, Visitor};
use serde::Deserialize;

use super::undo_window;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "link_verify.html")]
struct VerifyPage {
    shell: Shell,
    view: PlanView,
    app_title: String,
    features: Vec<FeatureRow>,
    /// For how long it can be undone, in words; none when it is permanent at once.
    undo_window: Option<String>,
    /// Tells a double click from two decisions.
    key: String,
}

/// A feature before and after.
struct FeatureRow {
    title: String,
    before: bool,
    after: bool,
}

#[derive(Deserialize)]
pub struct ChooseForm {
    #[serde(default)]
    workspace: String,
}

/// Makes the plan of the chosen workspace and shows it.
pub async fn make(
    State(app): State<AppState>,
    Path(organization): Path<String>,
    form: CheckedForm<ChooseForm>,
) -> Result<Redirect, Failure> {
    if form.form.workspace.is_empty() {
        return Err(Failure(Error::field("workspace", "choose a workspace first")));
    }
    let plan = link::make_plan(&app, form.visitor.principal(), &form.form.workspace, &organization).await?;
    Ok(Redirect::to(&format!("/organizations/{}/link/plans/{}", plan.organization.slug, plan.plan.digest)))
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((organization, digest)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    let view = link::view_plan(&app, visitor.principal(), &digest).await?;
    require_same(&view, &organization, &digest)?;
    let shell = Shell::new(&app, &visitor, format!("Link {}", view.workspace.name)).await?.in_organization(
        &view.organization.slug,
        &view.organization.name,
        "Apps",
    );
    let has = |when: &str, name: &str| {
        view.plan
            .document
            .get("entitlements")
            .and_then(|e| e.get(when)?.as_array())
            .is_some_and(|list| list.iter().any(|v| v.as_str() == Some(name)))
    };
    let features = app
        .catalog
        .features
        .iter()
        .map(|f| FeatureRow { title: f.title.clone(), before: has("before", &f.name), after: has("after", &f.name) })
        .collect();
    let app_title = app.catalog.app_title(&view.workspace.app).to_owned();
    let key = Secret::generate("page-")?.reveal().to_owned();
    let undo_window = undo_window(&app);
    render(&VerifyPage { shell, view, app_title, features, undo_window, key })
}

#[derive(Deserialize)]
pub struct ConfirmForm {
    workspace: String,
    key: String,
    /// The codes of the warnings ticked, separated by spaces.
    #[serde(default)]
    acknowledge: String,
}

pub async fn confirm(
    State(app): State<AppState>,
    Path((organization, digest)): Path<(String, String)>,
    form: CheckedForm<ConfirmForm>,
) -> Result<Redirect, Failure> {
    let request = LinkRequest {
        workspace: form.form.workspace,
        organization: organization.clone(),
        plan_digest: Some(digest.parse().map_err(|_| Error::not_found("plan", &digest))?),
        acknowledge: Acknowledge::Codes(
            form.form.acknowledge.split(' ').filter(|c| !c.is_empty()).map(str::to_owned).collect(),
        ),
    };
    match link::link_workspace(&app, form.visitor.principal(), &request, Some(&form.form.key)).await {
        Ok(answered) => {
            let answer = answered.answer;
            Ok(Redirect::to(&format!("/organizations/{}/apps?linked={}", answer.organization, answer.workspace)))
        }
        // The plan's page shows what has changed and offers a new plan.
        Err(Error::Refused(refusal)) if refusal.code == "plan_changed" => {
            Ok(Redirect::to(&format!("/organizations/{organization}/link/plans/{digest}")))
        }
        Err(e) => Err(Failure(e)),
    }
}

/// A plan is shown under its own organization only.
fn require_same(view: &PlanView, organization: &str, digest: &str) -> Result<(), Error> {
    let o = &view.organization;
    if o.slug.eq_ignore_ascii_case(organization) || o.id.to_string() == organization {
        return Ok(());
    }
    Err(Error::not_found("plan", digest))
}
