//! Verify: the plan, each warning acknowledged by its name, and the link.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::link::{self, Acknowledge, LinkRequest, PlanView};
use orglink_app::{Error, Secret};
use orglink_domain::link::Act;
use orglink_http::{AppState, CheckedForm, Failure, Visitor};
use serde::Deserialize;

use super::Planned;
use crate::pages::proposals::{WHOSE_AGREE, rule_in_words};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "link_verify.html")]
struct VerifyPage {
    shell: Shell,
    planned: Planned,
    /// Who must agree, where the visitor cannot link alone.
    proposed: Option<String>,
    /// Tells a double click from two decisions.
    key: String,
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
    let key = Secret::generate("page-")?.reveal().to_owned();
    let me = visitor.principal().account()?.id;
    // Whoever is an admin of a side sees its admins.
    let has_both =
        [&view.workspace_admins, &view.organization_admins].iter().all(|admins| admins.iter().any(|a| a.id == me));
    let is_proposed = app.settings.needs_proposals() && !(has_both && app.settings.links_alone());
    let proposed = is_proposed.then(|| rule_in_words(&app, Act::Link));
    let whose = if is_proposed { WHOSE_AGREE } else { "your name" };
    render(&VerifyPage { shell, planned: Planned::of(&app, view, whose), proposed, key })
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
