//! Webhooks of a workspace or an organization: the list, one of them with the log of its deliveries, and one delivery.

use askama::Template;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_app::webhook::{
    self, Delivery, DeliveryView, NewWebhook, OwnerView, ReplayFrom, Webhook, WebhookPatch, WebhookView, WebhooksOf,
};
use orglink_app::{Error, Page, PageRequest};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::EventType;
use orglink_domain::webhook::{DeliveryState, WebhookState};
use orglink_http::{AppState, CheckedForm, Failure, Visitor};
use serde::Deserialize;

use super::{ListQuery, chosen, saved, seen, several};
use crate::shell::{Shell, render};

mod of_organization;
mod of_workspace;

pub use of_organization::*;
pub use of_workspace::*;

#[derive(Template)]
#[template(path = "webhooks.html")]
struct WebhooksPage {
    shell: Shell,
    /// Of the list.
    path: String,
    owner: OwnerView,
    webhooks: Vec<Webhook>,
    types: &'static [EventType],
}

#[derive(Template)]
#[template(path = "webhook.html")]
struct WebhookPage {
    shell: Shell,
    /// Of the list.
    list: String,
    /// Of this one.
    path: String,
    view: WebhookView,
    deliveries: Page<Delivery>,
    state: Option<DeliveryState>,
    states: &'static [DeliveryState],
    types: &'static [EventType],
    /// The secret that was just made: shown this once.
    secret: Option<String>,
}

#[derive(Template)]
#[template(path = "webhook_delivery.html")]
struct DeliveryPage {
    shell: Shell,
    /// Of the webhook.
    webhook: String,
    view: DeliveryView,
    /// The body with its lines, for people.
    body: String,
}

/// Which part of the log of deliveries.
#[derive(Debug, Default, Deserialize)]
pub struct LogQuery {
    state: Option<String>,
    cursor: Option<String>,
    saved: Option<String>,
}

/// The list of an owner's webhooks.
fn path_of(of: WebhooksOf<'_>) -> String {
    match of {
        WebhooksOf::Workspace(slug) => format!("/workspaces/{slug}/webhooks"),
        WebhooksOf::Organization(slug) => format!("/organizations/{slug}/webhooks"),
    }
}

/// The frame, and where the list is.
async fn frame(
    app: &AppState,
    visitor: &Visitor,
    of: WebhooksOf<'_>,
    owner: &OwnerView,
    after: Option<&str>,
) -> Result<(Shell, String), Failure> {
    let shell = Shell::new(app, visitor, format!("Webhooks · {}", owner.name)).await?;
    let (shell, path) = match of {
        WebhooksOf::Workspace(_) => {
            (shell.in_workspace(&owner.slug, &owner.name, "Settings"), path_of(WebhooksOf::Workspace(&owner.slug)))
        }
        WebhooksOf::Organization(_) => (
            shell.in_organization(&owner.slug, &owner.name, "Settings"),
            path_of(WebhooksOf::Organization(&owner.slug)),
        ),
    };
    Ok((shell.after_saving(after), path))
}

async fn list(app: &AppState, visitor: &Visitor, of: WebhooksOf<'_>, query: &ListQuery) -> Result<Response, Failure> {
    let page = PageRequest::new(None, Some(500))?;
    let (owner, webhooks) = webhook::list_webhooks(app, visitor.principal(), of, &page).await?;
    let (shell, path) = frame(app, visitor, of, &owner, query.saved.as_deref()).await?;
    let page = WebhooksPage { shell, path, owner, webhooks: webhooks.items, types: EventType::ALL };
    Ok(render(&page)?.into_response())
}

async fn one(
    app: &AppState,
    visitor: &Visitor,
    (of, id): (WebhooksOf<'_>, &str),
    query: &LogQuery,
    secret: Option<String>,
) -> Result<Html<String>, Failure> {
    let state = query.state.as_deref().filter(|s| !s.is_empty()).map(|s| chosen("state", s)).transpose()?;
    let page = PageRequest::new(query.cursor.as_deref(), None)?;
    let (view, deliveries) = webhook::list_deliveries(app, visitor.principal(), of, id, state, &page).await?;
    let (shell, list) = frame(app, visitor, of, &view.owner, query.saved.as_deref()).await?;
    let path = format!("{list}/{}", view.webhook.id);
    let (states, types) = (DeliveryState::ALL, EventType::ALL);
    render(&WebhookPage { shell, list, path, view, deliveries, state, states, types, secret })
}

/// A webhook as a form says it.
#[derive(Deserialize)]
pub struct WebhookForm {
    #[serde(default)]
    url: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    types: String,
    version: Option<String>,
    /// `pause` or `resume`; otherwise the fields are saved.
    #[serde(default)]
    what: String,
}

async fn create(app: &AppState, of: WebhooksOf<'_>, form: CheckedForm<WebhookForm>) -> Result<Response, Failure> {
    let WebhookForm { url, description, types, .. } = form.form;
    let wanted = NewWebhook { url, description, types: several(&types) };
    let made = webhook::create_webhook(app, form.visitor.principal(), of, &wanted).await?;
    let id = made.webhook.id.to_string();
    let secret = Some(made.secret.reveal().to_owned());
    Ok(one(app, &form.visitor, (of, &id), &LogQuery::default(), secret).await?.into_response())
}

async fn change(
    app: &AppState,
    (of, id): (WebhooksOf<'_>, &str),
    form: CheckedForm<WebhookForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    let patch = match form.form.what.as_str() {
        "pause" => WebhookPatch { is_paused: Some(true), ..WebhookPatch::default() },
        "resume" => WebhookPatch { is_paused: Some(false), ..WebhookPatch::default() },
        _ => WebhookPatch {
            url: Some(form.form.url),
            description: Some(form.form.description),
            types: Some(several(&form.form.types)),
            is_paused: None,
        },
    };
    webhook::change_webhook(app, form.visitor.principal(), of, id, &patch, expected).await?;
    Ok(saved(&format!("{}/{id}", path_of(of))))
}

#[derive(Deserialize)]
pub struct RotateForm {
    #[serde(default)]
    previous_hours: String,
    version: Option<String>,
}

async fn rotate(
    app: &AppState,
    (of, id): (WebhooksOf<'_>, &str),
    form: CheckedForm<RotateForm>,
) -> Result<Response, Failure> {
    let hours = form.form.previous_hours.trim().parse();
    let hours = hours.map_err(|_| Error::field("previous_hours", "say how many hours, as a number"))?;
    let expected = seen(form.form.version.as_deref())?;
    let made = webhook::rotate_secret(app, form.visitor.principal(), of, id, hours, expected).await?;
    let secret = Some(made.secret.reveal().to_owned());
    Ok(one(app, &form.visitor, (of, id), &LogQuery::default(), secret).await?.into_response())
}

/// A form that says nothing but its token.
#[derive(Deserialize)]
pub struct Nothing {}

async fn test(
    app: &AppState,
    (of, id): (WebhooksOf<'_>, &str),
    form: CheckedForm<Nothing>,
) -> Result<Redirect, Failure> {
    webhook::test_webhook(app, form.visitor.principal(), of, id).await?;
    Ok(saved(&format!("{}/{id}", path_of(of))))
}

#[derive(Deserialize)]
pub struct ReplayForm {
    #[serde(default)]
    after: String,
    #[serde(default)]
    from: String,
}

async fn replay(
    app: &AppState,
    (of, id): (WebhooksOf<'_>, &str),
    form: CheckedForm<ReplayForm>,
) -> Result<Redirect, Failure> {
    // What is wrong with a form is nobody's to know who may not see what it is about.
    webhook::view_webhook(app, form.visitor.principal(), of, id).await?;
    let from = match (form.form.after.trim(), form.form.from.trim()) {
        ("", "") => return Err(Failure(Error::field("after", "say from where on: a position, or a time"))),
        ("", time) => ReplayFrom::Time(
            time.parse::<Timestamp>()
                .map_err(|_| Error::field("from", "this is not a time such as 2026-11-27T00:00:00Z"))?,
        ),
        (position, _) => {
            ReplayFrom::After(position.parse().map_err(|_| Error::field("after", "say a position, as a number"))?)
        }
    };
    webhook::replay_webhook(app, form.visitor.principal(), of, id, from).await?;
    Ok(saved(&format!("{}/{id}", path_of(of))))
}

#[derive(Deserialize)]
pub struct VersionForm {
    version: Option<String>,
}

async fn delete(
    app: &AppState,
    (of, id): (WebhooksOf<'_>, &str),
    form: CheckedForm<VersionForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    webhook::delete_webhook(app, form.visitor.principal(), of, id, expected).await?;
    Ok(saved(&path_of(of)))
}

async fn delivery(
    app: &AppState,
    visitor: &Visitor,
    (of, id, position): (WebhooksOf<'_>, &str, &str),
    query: &LogQuery,
) -> Result<Html<String>, Failure> {
    let view = webhook::view_delivery(app, visitor.principal(), of, id, position).await?;
    let (shell, list) = frame(app, visitor, of, &view.of.owner, query.saved.as_deref()).await?;
    let value: serde_json::Value = serde_json::from_str(&view.body).unwrap_or_default();
    let body = serde_json::to_string_pretty(&value).unwrap_or_default();
    render(&DeliveryPage { shell, webhook: format!("{list}/{}", view.of.webhook.id), view, body })
}

async fn resend(
    app: &AppState,
    (of, id, position): (WebhooksOf<'_>, &str, &str),
    form: CheckedForm<Nothing>,
) -> Result<Redirect, Failure> {
    webhook::resend_delivery(app, form.visitor.principal(), of, id, position).await?;
    Ok(saved(&format!("{}/{id}/deliveries/{position}", path_of(of))))
}
