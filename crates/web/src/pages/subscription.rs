//! What a workspace pays for: looked at, chosen anew, confirmed.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::Page;
use orglink_app::billing::{self, BillingView, Invoice, MigrationPlan};
use orglink_app::workspace::{self, Subscription, WorkspacePatch, WorkspaceView};
use orglink_domain::workspace::{BillingCycle, ContactKind, SubscriptionPlan};
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, chosen, saved, seen};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "subscription.html")]
struct SubscriptionPage {
    shell: Shell,
    view: WorkspaceView,
    subscription: Subscription,
    billing: BillingView,
    migration: MigrationPlan,
    invoices: Page<Invoice>,
    plans: &'static [SubscriptionPlan],
    cycles: &'static [BillingCycle],
}

#[derive(Template)]
#[template(path = "subscription_change.html")]
struct ConfirmPage {
    shell: Shell,
    view: WorkspaceView,
    plan: SubscriptionPlan,
    billing_cycle: BillingCycle,
}

impl SubscriptionPage {
    fn contacts(&self, wanted: ContactKind) -> Vec<&str> {
        self.subscription.contacts.iter().filter(|(kind, _)| *kind == wanted).map(|(_, email)| email.as_str()).collect()
    }
}

async fn frame(app: &AppState, visitor: &Visitor, slug: &str) -> Result<(Shell, WorkspaceView), Failure> {
    let view = workspace::view_workspace(app, visitor.principal(), slug).await?;
    let (slug, name) = (&view.workspace.slug, &view.workspace.name);
    let shell = Shell::new(app, visitor, format!("Plan · {name}")).await?.in_workspace(slug, name, "Plan");
    Ok((shell, view))
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let subscription = workspace::view_subscription(&app, visitor.principal(), &slug).await?;
    let billing = billing::view_billing(&app, visitor.principal(), &slug).await?;
    let migration = billing::plan_migration(&app, visitor.principal(), &slug).await?;
    let invoices = billing::list_invoices(&app, visitor.principal(), &slug, &query.request()?).await?;
    let (shell, view) = frame(&app, &visitor, &slug).await?;
    let shell = shell.after_saving(query.saved.as_deref());
    let (plans, cycles) = (SubscriptionPlan::ALL, BillingCycle::ALL);
    render(&SubscriptionPage { shell, view, subscription, billing, migration, invoices, plans, cycles })
}

#[derive(Deserialize)]
pub struct Wish {
    plan: String,
    billing_cycle: String,
    version: Option<String>,
}

/// Before and after, to be confirmed.
pub async fn confirm(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(wish): QueryString<Wish>,
) -> Result<Html<String>, Failure> {
    // Whoever may not see the subscription learns nothing from its confirmation either.
    workspace::view_subscription(&app, visitor.principal(), &slug).await?;
    let (plan, billing_cycle) = (chosen("plan", &wish.plan)?, chosen("billing_cycle", &wish.billing_cycle)?);
    let (shell, view) = frame(&app, &visitor, &slug).await?;
    render(&ConfirmPage { shell, view, plan, billing_cycle })
}

pub async fn change(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<Wish>,
) -> Result<Redirect, Failure> {
    let wish = &form.form;
    let patch = WorkspacePatch {
        plan: Some(chosen("plan", &wish.plan)?),
        billing_cycle: Some(chosen("billing_cycle", &wish.billing_cycle)?),
        ..WorkspacePatch::default()
    };
    let expected = seen(wish.version.as_deref())?;
    workspace::change_workspace(&app, form.visitor.principal(), &slug, &patch, expected).await?;
    Ok(saved(&format!("/workspaces/{slug}/plan")))
}
