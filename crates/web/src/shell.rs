//! What surrounds every page of a signed-in visitor: top bar, navigation, notices.

use askama::Template;
use axum::response::Html;
use orglink_app::{Error, installation};
use orglink_http::{AppState, Failure, Visitor};

use crate::assets::{SCRIPT_PATH, STYLE_PATH};

/// The frame of a page.
pub struct Shell {
    pub title: String,
    pub style: &'static str,
    pub script: &'static str,
    pub account: String,
    pub initial: String,
    pub email: String,
    pub is_operator: bool,
    /// What a form must bring back.
    pub form_token: String,
    /// Why linking is stopped, if it is: shown to everybody.
    pub frozen: Option<String>,
    /// What stands above the navigation, and where it leads.
    pub place: Option<Place>,
    /// Somebody comes from saving something on this page.
    pub saved: bool,
    /// The open page is looked at again when something happens to this (`organization=SLUG`, `workspace=SLUG`).
    pub live: Option<String>,
}

/// The organization or workspace that a page belongs to, with its pages.
pub struct Place {
    pub kind: &'static str,
    pub name: String,
    pub entries: Vec<Entry>,
}

/// An entry of the navigation.
pub struct Entry {
    pub label: &'static str,
    pub path: String,
    pub is_here: bool,
}

impl Shell {
    /// The frame for a visitor.
    pub async fn new(app: &AppState, visitor: &Visitor, title: impl Into<String>) -> Result<Self, Failure> {
        let account = visitor.principal().account()?;
        let freeze = installation::find_freeze(app).await?;
        Ok(Self {
            title: title.into(),
            style: &STYLE_PATH,
            script: &SCRIPT_PATH,
            account: account.name.clone(),
            initial: account.name.chars().take(1).collect(),
            email: account.email.clone(),
            is_operator: account.is_operator,
            form_token: visitor.form_token(app),
            frozen: freeze.is_frozen.then(|| freeze.reason.unwrap_or_default()),
            place: None,
            saved: false,
            live: None,
        })
    }

    /// Puts the page into an organization's navigation.
    pub fn in_organization(mut self, slug: &str, name: &str, here: &str) -> Self {
        let entries = [("Overview", ""), ("Apps", "/apps"), ("People", "/people")];
        self.place = Some(place("Organization", name, &format!("/organizations/{slug}"), &entries, here));
        self
    }

    /// Puts the page into a workspace's navigation.
    pub fn in_workspace(mut self, slug: &str, name: &str, here: &str) -> Self {
        let entries = [
            ("Overview", ""),
            ("User groups", "/user-groups"),
            ("Members", "/members"),
            ("Repositories", "/repositories"),
            ("Plan", "/plan"),
            ("Settings", "/settings"),
        ];
        self.place = Some(place("Workspace", name, &format!("/workspaces/{slug}"), &entries, here));
        self
    }

    /// Says that something was saved, when somebody comes from there.
    pub fn after_saving(mut self, saved: Option<&str>) -> Self {
        self.saved = saved.is_some();
        self
    }

    /// Keeps the open page up to date with an organization or a workspace.
    pub fn live(mut self, app: &AppState, kind: &str, slug: &str) -> Self {
        self.live = Some(format!("{kind}={slug}&after={}", app.feed.position()));
        self
    }
}

fn place(kind: &'static str, name: &str, base: &str, entries: &[(&'static str, &str)], here: &str) -> Place {
    let entries = entries
        .iter()
        .map(|(label, rest)| Entry { label, path: format!("{base}{rest}"), is_here: *label == here })
        .collect();
    Place { kind, name: name.to_owned(), entries }
}

/// Renders a page.
pub fn render(page: &impl Template) -> Result<Html<String>, Failure> {
    Ok(Html(page.render().map_err(|e| Error::broken(&e.to_string()))?))
}
