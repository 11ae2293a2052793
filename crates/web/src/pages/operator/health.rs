//! How every loop is, and what waits.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use orglink_app::operator::{self, HealthView};
use orglink_domain::notice::MailState;
use orglink_http::{AppState, Failure, Visitor};

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "operator_health.html")]
struct HealthPage {
    shell: Shell,
    health: HealthView,
    version: &'static str,
}

pub async fn show(State(app): State<AppState>, visitor: Visitor) -> Result<Html<String>, Failure> {
    let health = operator::view_health(&app, visitor.principal()).await?;
    let shell = Shell::new(&app, &visitor, "Health").await?.here("Health");
    render(&HealthPage { shell, health, version: env!("CARGO_PKG_VERSION") })
}
