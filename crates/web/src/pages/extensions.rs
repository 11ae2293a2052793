//! The extensions of a workspace; and one of them, with what it asks for and everything that can be done with it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Response};
use orglink_app::extension::{self, ExtensionState, ExtensionView, Extensions};
use orglink_app::webhook::{Webhook, host_of};
use orglink_app::{Error, PageRequest};
use orglink_domain::extension::ExtensionScope;
use orglink_domain::webhook::WebhookState;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, chosen, saved, seen, several};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "extensions.html")]
struct ListPage {
    shell: Shell,
    found: Extensions,
}

#[derive(Template)]
#[template(path = "extension.html")]
struct ExtensionPage {
    shell: Shell,
    found: Extensions,
    one: ExtensionView,
    state: ExtensionState,
    /// Where the list is.
    here: String,
    /// The token that was just made: shown this once.
    made: Option<String>,
    /// Where it has itself told, by host, for whoever may know.
    webhooks: Vec<(String, Webhook)>,
}

async fn frame(app: &AppState, visitor: &Visitor, found: &Extensions, title: &str) -> Result<Shell, Failure> {
    let (slug, name) = (&found.workspace.slug, &found.workspace.name);
    let shell = Shell::new(app, visitor, format!("{title} · {name}")).await?;
    Ok(shell.in_workspace(slug, name, "Extensions").live("workspace", slug))
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let found = extension::view_extensions(&app, visitor.principal(), &slug).await?;
    let shell = frame(&app, &visitor, &found, "Extensions").await?.after_saving(query.saved.as_deref());
    render(&ListPage { shell, found })
}

async fn page(
    app: &AppState,
    visitor: &Visitor,
    (slug, name): (&str, &str),
    made: Option<String>,
    after: Option<&str>,
) -> Result<Html<String>, Failure> {
    let (found, one) = extension::view_extension(app, visitor.principal(), slug, name).await?;
    let shell = frame(app, visitor, &found, &one.title).await?.after_saving(after);
    let webhooks = match &one.installed {
        Some(_) if found.may_manage => {
            let all = PageRequest::new(None, Some(500))?;
            let found = extension::list_extension_webhooks(app, visitor.principal(), (slug, name), &all).await?.1;
            found.items.into_iter().map(|webhook| (host_of(&webhook.url), webhook)).collect()
        }
        _ => Vec::new(),
    };
    let (state, here) = (found.state_of(&one), format!("/workspaces/{}/extensions", found.workspace.slug));
    render(&ExtensionPage { shell, found, one, state, here, made, webhooks })
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((slug, name)): Path<(String, String)>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    page(&app, &visitor, (&slug, &name), None, query.saved.as_deref()).await
}

#[derive(Deserialize)]
pub struct ExtensionForm {
    /// `install`, `update`, `rotate` or `uninstall`.
    what: String,
    /// Scopes, separated by spaces.
    #[serde(default)]
    consent: String,
    version: Option<String>,
}

/// Installs, updates, gives a new token or uninstalls. A token is shown in this answer alone.
pub async fn change(
    State(app): State<AppState>,
    Path((slug, name)): Path<(String, String)>,
    form: CheckedForm<ExtensionForm>,
) -> Result<Response, Failure> {
    let (principal, here) = (form.visitor.principal(), format!("/workspaces/{slug}/extensions"));
    let expected = seen(form.form.version.as_deref())?;
    let consent = several(&form.form.consent);
    let consent = consent.iter().map(|s| chosen("consent", s)).collect::<Result<Vec<ExtensionScope>, _>>()?;
    let consent = (name.as_str(), consent.as_slice());
    let secret = match form.form.what.as_str() {
        "install" => extension::install_extension(&app, principal, &slug, consent, expected).await?.secret,
        "rotate" => extension::rotate_extension_token(&app, principal, &slug, &name, expected).await?.secret,
        "update" => {
            extension::update_extension(&app, principal, &slug, consent, expected).await?;
            return Ok(saved(&format!("{here}/{name}")).into_response());
        }
        "uninstall" => {
            extension::uninstall_extension(&app, principal, &slug, &name, expected).await?;
            return Ok(saved(&here).into_response());
        }
        _ => return Err(Failure(Error::field("what", "is install, update, rotate or uninstall"))),
    };
    let made = Some(secret.reveal().to_owned());
    Ok(page(&app, &form.visitor, (&slug, &name), made, None).await?.into_response())
}
