//! The explorer: every workspace, filtered, with the counts by reason.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use orglink_app::operator::{self, Explored, WorkspaceCounts, WorkspaceFilter};
use orglink_app::{Page, PageRequest};
use orglink_domain::workspace::{Kind, Status, SubscriptionPlan};
use orglink_http::{AppState, Failure, QueryString, Visitor};
use serde::Deserialize;

use crate::failure::escaped;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "operator_workspaces.html")]
struct WorkspacesPage {
    shell: Shell,
    counts: WorkspaceCounts,
    found: Page<Explored>,
    filter: WorkspaceFilter,
    /// The filter as a query, for the next page.
    again: String,
    plans: &'static [SubscriptionPlan],
    kinds: &'static [Kind],
    statuses: &'static [Status],
    apps: Vec<(String, String)>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Query {
    state: String,
    plan: String,
    kind: String,
    status: String,
    app: String,
    label: String,
    slug: String,
    cursor: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let Query { state, plan, kind, status, app: of_app, label, slug, cursor } = query;
    let text = |t: String| t.trim().to_owned();
    let filter = WorkspaceFilter { state, plan, kind, status, app: of_app, label: text(label), slug: text(slug) };
    let page = PageRequest::new(cursor.as_deref(), None)?;
    let found = operator::explore_workspaces(&app, visitor.principal(), &filter, &page).await?;
    let counts = operator::count_workspaces(&app, visitor.principal()).await?;
    let fields = [
        ("state", &filter.state),
        ("plan", &filter.plan),
        ("kind", &filter.kind),
        ("status", &filter.status),
        ("app", &filter.app),
        ("label", &filter.label),
        ("slug", &filter.slug),
    ];
    let mut again = String::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        again.extend(["&", name, "=", &escaped(value)]);
    }
    let shell = Shell::new(&app, &visitor, "Workspaces").await?.here("Workspaces");
    render(&WorkspacesPage {
        shell,
        counts,
        found,
        filter,
        again,
        plans: SubscriptionPlan::ALL,
        kinds: Kind::ALL,
        statuses: Status::ALL,
        apps: app.catalog.apps.iter().map(|(name, a)| (name.clone(), a.title.clone())).collect(),
    })
}
