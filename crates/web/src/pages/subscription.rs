//! What a workspace pays for.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::workspace::{self, Subscription};
use orglink_domain::workspace::ContactKind;
use orglink_http::{AppState, Failure, Visitor};

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "subscription.html")]
struct SubscriptionPage {
    shell: Shell,
    subscription: Subscription,
    billing: Vec<String>,
    technical: Vec<String>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Failure> {
    let subscription = workspace::view_subscription(&app, visitor.principal(), &slug).await?;
    let workspace = workspace::view_workspace(&app, visitor.principal(), &slug).await?.workspace;
    let shell = Shell::new(&app, &visitor, format!("Plan · {}", workspace.name)).await?.in_workspace(
        &workspace.slug,
        &workspace.name,
        "Plan",
    );
    let of = |wanted| {
        let contacts = subscription.contacts.iter().filter(|(kind, _)| *kind == wanted);
        contacts.map(|(_, email)| email.clone()).collect::<Vec<_>>()
    };
    let (billing, technical) = (of(ContactKind::Billing), of(ContactKind::Technical));
    render(&SubscriptionPage { shell, subscription, billing, technical })
}
