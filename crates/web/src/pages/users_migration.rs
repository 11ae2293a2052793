//! The migration of a workspace's users: the report, the plan for a mapping, the decision; and what was done.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use orglink_app::consent::{self, ProposeUsers};
use orglink_app::user_management::{self, MigrateUsers, MigrationView, UsersCampaign, UsersOf, UsersPlanView};
use orglink_app::{Error, PageRequest, Secret};
use orglink_domain::access_request::AccessRequest;
use orglink_domain::consent::ProposalState;
use orglink_domain::link::Act;
use orglink_domain::user_management::{Fate, Mapping};
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::proposals::one::{codes, key};
use super::proposals::{Fault, status};
use crate::shell::{Shell, render};

/// What is chosen for a group, in the form.
struct Row {
    slug: String,
    name: String,
    /// `own`, `rename`, or the slug of the group that it is merged with.
    fate: String,
    rename: String,
}

#[derive(Template)]
#[template(path = "users_migration.html")]
struct MigrationPage {
    shell: Shell,
    slug: String,
    /// What was done, once it was.
    done: Option<MigrationView>,
    plan: Option<UsersPlanView>,
    rows: Vec<Row>,
    /// As JSON, for the form that decides.
    mapping: String,
    is_changed: bool,
    /// The visitor decides for both sides.
    is_alone: bool,
    /// The proposal that is open.
    open: Option<String>,
    /// The campaign that would migrate it, and where its forms go.
    campaign: Option<UsersCampaign>,
    campaign_action: String,
    fault: Option<Fault>,
    key: String,
}

/// `fate.GROUP`: `own`, `rename`, `merge.SLUG`; `name.GROUP`.
fn mapping_of(query: &BTreeMap<String, String>) -> Mapping {
    let mut mapping = Mapping::new();
    for (field, value) in query {
        let Some(group) = field.strip_prefix("fate.") else { continue };
        let fate = match value.as_str() {
            "rename" => query.get(&format!("name.{group}")).map(|name| Fate::Rename(name.clone())),
            other => other.strip_prefix("merge.").map(|into| Fate::Merge(into.to_owned())),
        };
        mapping.extend(fate.map(|fate| (group.to_owned(), fate)));
    }
    mapping
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    page(&app, &visitor, &slug, &mapping_of(&query), None).await
}

async fn page(
    app: &AppState,
    visitor: &Visitor,
    slug: &str,
    mapping: &Mapping,
    fault: Option<Fault>,
) -> Result<Response, Failure> {
    let principal = visitor.principal();
    let done = user_management::view_migration(app, principal, slug).await?;
    let plan = match &done {
        Some(_) => None,
        None => Some(user_management::plan_users(app, principal, slug, mapping).await?),
    };
    let workspace = done.as_ref().map(|d| &d.workspace).or(plan.as_ref().map(|p| &p.workspace));
    let (slug, name) = workspace.map(|w| (w.slug.clone(), w.name.clone())).unwrap_or_default();
    let (open, campaign) = match &plan {
        Some(plan) => {
            let campaign = user_management::view_users_campaign(app, principal, UsersOf::Workspace(&slug)).await?;
            (open_of(app, visitor, plan).await?, campaign)
        }
        None => (None, None),
    };
    let shell = Shell::new(app, visitor, format!("Migration of users · {name}")).await?;
    let shell = shell.in_workspace(&slug, &name, "User groups");
    let rows = plan.as_ref().map(|plan| rows(plan, mapping)).unwrap_or_default();
    let is_alone =
        plan.as_ref().is_some_and(|p| p.is_of_workspace && p.is_of_organization) && app.settings.links_alone();
    let status = status(fault.as_ref());
    let campaign_action = format!("/workspaces/{slug}/users-migration/agreement");
    let page = MigrationPage {
        shell,
        slug,
        done,
        plan,
        rows,
        mapping: serde_json::to_string(mapping).unwrap_or_default(),
        is_changed: !mapping.is_empty(),
        is_alone,
        open,
        campaign,
        campaign_action,
        fault,
        key: Secret::generate("page-")?.reveal().to_owned(),
    };
    Ok((status, render(&page)?).into_response())
}

fn rows(plan: &UsersPlanView, mapping: &Mapping) -> Vec<Row> {
    let row = |g: &orglink_domain::workspace::UserGroup| {
        let (fate, rename) = match mapping.get(&g.slug) {
            Some(Fate::Rename(name)) => ("rename".to_owned(), name.clone()),
            Some(Fate::Merge(into)) => (into.clone(), String::new()),
            Some(Fate::Own) | None => ("own".to_owned(), String::new()),
        };
        Row { slug: g.slug.clone(), name: g.name.clone(), fate, rename }
    };
    plan.groups.iter().map(|(g, ..)| row(g)).collect()
}

/// The proposal of it that is open, for whoever may see it.
async fn open_of(app: &AppState, visitor: &Visitor, plan: &UsersPlanView) -> Result<Option<String>, Failure> {
    let (state, page) = (Some(ProposalState::Open), PageRequest::new(None, Some(20))?);
    let found = if plan.is_of_workspace {
        let slug = &plan.workspace.slug;
        consent::list_proposals_of_workspace(app, visitor.principal(), slug, state, &page).await?.1
    } else {
        let slug = &plan.organization.slug;
        consent::list_proposals_of_organization(app, visitor.principal(), slug, state, &page).await?.1
    };
    let is_it = |p: &consent::Waiting| {
        p.state == ProposalState::Open && p.proposal.act == Act::MigrateUsers && p.workspace.id == plan.workspace.id
    };
    Ok(found.items.iter().find(|p| is_it(p)).map(|p| p.proposal.id.to_string()))
}

#[derive(Deserialize)]
pub struct DecideForm {
    #[serde(default)]
    what: String,
    #[serde(default)]
    mapping: String,
    /// Of the plan that was shown.
    #[serde(default)]
    digest: String,
    #[serde(default)]
    key: String,
    /// The codes of the warnings ticked, separated by spaces.
    #[serde(default)]
    acknowledge: String,
    #[serde(default)]
    message: String,
}

/// Migrates, or proposes it to the other side.
pub async fn decide(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<DecideForm>,
) -> Result<Response, Failure> {
    let (visitor, form) = (form.visitor, form.form);
    let principal = visitor.principal();
    let mapping: Mapping = serde_json::from_str(&form.mapping).unwrap_or_default();
    let Ok(digest) = form.digest.parse() else {
        // Whoever may not see it is told that, whatever they sent.
        user_management::plan_users(&app, principal, &slug, &mapping).await?;
        return Err(Failure(Error::field("digest", "look at the plan first, and decide on what you saw")));
    };
    let (plan_digest, acknowledge) = (Some(digest), codes(&form.acknowledge));
    let asked = if form.what == "propose" {
        let message = Some(form.message).filter(|m| !m.trim().is_empty());
        let request = ProposeUsers { mapping: mapping.clone(), plan_digest, acknowledge, side: None, message };
        let made = consent::propose_users(&app, principal, &slug, &request, key(&form.key)).await;
        made.map(|made| format!("/proposals/{}", made.answer.proposal))
    } else {
        let request = MigrateUsers { mapping: mapping.clone(), plan_digest, acknowledge };
        let made = user_management::migrate_users(&app, principal, &slug, &request, key(&form.key)).await;
        made.map(|_| format!("/workspaces/{slug}/users-migration"))
    };
    match asked {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(no) => page(&app, &visitor, &slug, &mapping, Some(Fault::of(no)?)).await,
    }
}
