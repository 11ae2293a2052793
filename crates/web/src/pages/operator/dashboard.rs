//! How many workspaces are linked, can be, and cannot; and what needs the operator.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use orglink_app::operator::{self, HealthView, WorkspaceCounts};
use orglink_domain::account::Account;
use orglink_domain::eligibility::ReasonCode;
use orglink_http::{AppState, Failure, Visitor};

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "operator_dashboard.html")]
struct DashboardPage {
    shell: Shell,
    counts: WorkspaceCounts,
    linked: i64,
    health: HealthView,
    operators: Vec<Account>,
}

pub async fn show(State(app): State<AppState>, visitor: Visitor) -> Result<Html<String>, Failure> {
    let principal = visitor.principal();
    let counts = operator::count_workspaces(&app, principal).await?;
    let of = |(code, _): &&(ReasonCode, i64)| *code == ReasonCode::AlreadyLinked;
    let linked = counts.counts.by_reason.iter().find(of).map_or(0, |(_, count)| *count);
    let health = operator::view_health(&app, principal).await?;
    let operators = operator::list_operators(&app, principal).await?;
    let shell = Shell::new(&app, &visitor, "Dashboard").await?.here("Dashboard");
    render(&DashboardPage { shell, counts, linked, health, operators })
}
