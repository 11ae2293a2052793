//! How many workspaces are linked, can be, and cannot; and what needs the operator.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use orglink_app::campaign::{PublicCampaign, current_campaign};
use orglink_app::operator::{self, DayCounts, HealthView, WorkspaceCounts};
use orglink_domain::account::Account;
use orglink_domain::eligibility::ReasonCode;
use orglink_http::{AppState, Failure, Visitor};

use crate::chart::Chart;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "operator_dashboard.html")]
struct DashboardPage {
    shell: Shell,
    counts: WorkspaceCounts,
    linked: i64,
    health: HealthView,
    operators: Vec<Account>,
    /// The newest first.
    days: Vec<DayCounts>,
    burn_down: Option<Chart>,
    /// What stands in the way, with the reasons that have a line.
    blocked: Option<(Chart, Vec<ReasonCode>)>,
    cohorts: Option<Chart>,
    campaign: Option<PublicCampaign>,
}

pub async fn show(State(app): State<AppState>, visitor: Visitor) -> Result<Html<String>, Failure> {
    let principal = visitor.principal();
    let counts = operator::count_workspaces(&app, principal).await?;
    let of = |(code, _): &&(ReasonCode, i64)| *code == ReasonCode::AlreadyLinked;
    let linked = counts.counts.by_reason.iter().find(of).map_or(0, |(_, count)| *count);
    let health = operator::view_health(&app, principal).await?;
    let operators = operator::list_operators(&app, principal).await?;
    let shell = Shell::new(&app, &visitor, "Dashboard").await?.here("Dashboard");
    let campaign = current_campaign(&app).await?;
    let mut days = operator::list_history(&app, principal).await?;
    let burn_down = Chart::burn_down(&days, campaign.as_ref().map(|c| c.closes_at));
    let blocked = Chart::blocked(&days);
    let cohorts = days.last().and_then(Chart::cohorts);
    days.reverse();
    render(&DashboardPage { shell, counts, linked, health, operators, days, burn_down, blocked, cohorts, campaign })
}

/// What was counted day by day, as CSV (RFC 4180).
pub async fn download_history(State(app): State<AppState>, visitor: Visitor) -> Result<Response, Failure> {
    let days = operator::list_history(&app, visitor.principal()).await?;
    let reasons: Vec<ReasonCode> =
        ReasonCode::ALL.iter().copied().filter(|code| *code != ReasonCode::AlreadyLinked).collect();
    let mut cohorts: Vec<&(String, String)> = days.iter().flat_map(|d| d.cohorts.keys()).collect();
    cohorts.sort_unstable();
    cohorts.dedup();
    let mut text = "day,all,linked,eligible".to_owned();
    for code in &reasons {
        let _ = write!(text, ",{code}");
    }
    for (kind, plan) in &cohorts {
        let _ = write!(text, ",{kind}_{plan},{kind}_{plan}_linked,{kind}_{plan}_eligible");
    }
    text.push_str("\r\n");
    for d in &days {
        let _ = write!(text, "{},{},{},{}", d.day, d.all, d.linked, d.eligible);
        for code in &reasons {
            let _ = write!(text, ",{}", d.by_reason.get(code).copied().unwrap_or(0));
        }
        for cohort in &cohorts {
            let c = d.cohorts.get(*cohort).copied().unwrap_or_default();
            let _ = write!(text, ",{},{},{}", c.all, c.linked, c.eligible);
        }
        text.push_str("\r\n");
    }
    let name = "attachment; filename=\"workspaces-by-day.csv\"";
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, name)], text).into_response())
}
