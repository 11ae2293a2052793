//! What surrounds every page of a signed-in visitor: top bar, switcher, search, navigation, notices.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::response::Html;
use orglink_app::Error;
use orglink_app::campaign::Deadline;
use orglink_app::inbox::Urgent;
use orglink_app::place::{Places, find_surroundings};
use orglink_domain::clock::{Timestamp, Zone};
use orglink_http::{AppState, Failure, Visitor};

use crate::assets::{SCRIPT_PATH, STYLE_PATH, WORKER_PATH};

/// The entry that is there only where links are proposed.
pub const PROPOSALS: &str = "Proposals";

/// The entry that is there only where there is a container registry.
pub const PACKAGES: &str = "Packages";

/// The pages of an organization, under its own path.
const ORGANIZATION: &[(&str, &str)] = &[
    ("Overview", ""),
    ("Apps", "/apps"),
    ("Features", "/features"),
    ("Billing", "/billing"),
    ("Admins and roles", "/people"),
    ("Directory", "/directory"),
    ("Requests", "/requests"),
    (PROPOSALS, "/proposals"),
    ("Sites", "/sites"),
    ("Domains", "/domains"),
    ("Activity", "/activity"),
    ("Settings", "/settings"),
];
/// The pages of a workspace, under its own path.
const WORKSPACE: &[(&str, &str)] = &[
    ("Overview", ""),
    ("User groups", "/user-groups"),
    ("Members", "/members"),
    ("Requests", "/requests"),
    (PROPOSALS, "/proposals"),
    ("Repositories", "/repositories"),
    (PACKAGES, "/packages"),
    ("Who can do what", "/who-can-do-what"),
    ("Plan", "/plan"),
    ("Features", "/features"),
    ("Extensions", "/extensions"),
    ("Linking date", "/linking-date"),
    ("Timeline", "/timeline"),
    ("Activity", "/activity"),
    ("Settings", "/settings"),
];
/// Everybody's own pages.
const MINE: &[(&str, &str)] = &[
    ("Home", "/"),
    ("Link a workspace", "/link"),
    (PROPOSALS, "/proposals"),
    ("New organization", "/new-organization"),
    ("Invitations and requests", "/invitations"),
    ("Bills", "/billing-accounts"),
    ("Account", "/me/account"),
    ("Security", "/me/security"),
    ("Sessions", "/me/sessions"),
    ("Tokens", "/me/tokens"),
    ("Assistants", "/me/assistants"),
    ("Inbox", "/inbox"),
    ("Notifications", "/me/notifications"),
];
/// The operator's pages.
const OPERATOR: &[(&str, &str)] = &[
    ("Dashboard", "/operator"),
    ("Workspaces", "/operator/workspaces"),
    ("Accounts", "/operator/accounts"),
    ("Campaigns", "/operator/campaigns"),
    ("All bills", "/operator/invoices"),
    ("Offers", "/operator/offers"),
    ("Tracker", "/operator/tracker"),
    ("Imports", "/operator/imports"),
    ("Recoveries", "/recover"),
    ("Mail", "/operator/mail"),
    ("Activity", "/operator/activity"),
    ("Health", "/operator/health"),
    ("Stop switch", "/operator/freeze"),
];

/// The frame of a page.
pub struct Shell {
    pub title: String,
    pub style: &'static str,
    pub script: &'static str,
    /// The script that holds the browser's one stream.
    pub worker: &'static str,
    pub account: String,
    pub initial: String,
    pub email: String,
    pub is_operator: bool,
    /// What a form must bring back.
    pub form_token: String,
    /// Links are proposed here: two sides, or two people, agree.
    pub needs_proposals: bool,
    /// There is a container registry.
    has_registry: bool,
    /// Moves are proposed, if not links.
    pub shows_proposals: bool,
    /// Why linking is stopped, if it is: shown to everybody.
    pub frozen: Option<String>,
    /// What the visitor still has to link before a date.
    pub deadline: Option<Deadline>,
    /// What the switcher offers.
    pub places: Places,
    /// What stands above the navigation, and where it leads.
    pub place: Option<Place>,
    pub mine: Vec<Entry>,
    /// Empty for everybody but operators.
    pub operator: Vec<Entry>,
    /// How much of the inbox is unread, and what of it is urgent.
    pub inbox: Urgent,
    /// Somebody comes from saving something on this page.
    pub saved: bool,
    /// What was searched for.
    pub search: String,
    /// The open page is looked at again when something happens to this (`organization:SLUG`, `workspace:SLUG`); what
    /// surrounds it, whenever the visitor's inbox changes.
    pub live: Option<String>,
    /// The position that the page was made at.
    pub after: i64,
    now: Timestamp,
    /// The visitor's.
    zone: Zone,
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

/// A moment on a page: the day and minute with the zone, and how long ago.
pub struct When {
    at: Timestamp,
    now: Timestamp,
    zone: Zone,
}

/// A moment, however many references a template hands it through.
pub trait AsTimestamp {
    fn timestamp(&self) -> Timestamp;
}

impl AsTimestamp for Timestamp {
    fn timestamp(&self) -> Timestamp {
        *self
    }
}

impl<T: AsTimestamp + ?Sized> AsTimestamp for &T {
    fn timestamp(&self) -> Timestamp {
        (**self).timestamp()
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, minute, ago) = (self.at, self.at.to_minute_in(&self.zone), self.at.to_relative(self.now));
        write!(f, "<time datetime=\"{at}\">{minute}</time> <span class=\"ago\">{ago}</span>")
    }
}

// Digits, letters and our own markup.
impl HtmlSafe for When {}

impl Shell {
    /// The frame for a visitor.
    pub async fn new(app: &AppState, visitor: &Visitor, title: impl Into<String>) -> Result<Self, Failure> {
        let account = visitor.principal().account()?;
        let around = find_surroundings(app, visitor.principal()).await?;
        let needs_proposals = app.settings.needs_proposals();
        let shows_proposals = app.settings.shows_proposals();
        Ok(Self {
            title: title.into(),
            style: &STYLE_PATH,
            script: &SCRIPT_PATH,
            worker: &WORKER_PATH,
            account: account.name.clone(),
            initial: account.name.chars().take(1).collect(),
            email: account.email.clone(),
            is_operator: account.is_operator,
            form_token: visitor.form_token(app),
            needs_proposals,
            has_registry: app.settings.registry.is_some(),
            shows_proposals,
            frozen: around.freeze.is_frozen.then(|| around.freeze.reason.unwrap_or_default()),
            deadline: around.deadline,
            places: around.places,
            place: None,
            mine: entries("", MINE, None, shows_proposals),
            operator: if account.is_operator { entries("", OPERATOR, None, true) } else { Vec::new() },
            inbox: around.inbox,
            saved: false,
            search: String::new(),
            live: None,
            after: app.feed.position(),
            now: app.now(),
            zone: visitor.signed_in.time_zone.as_deref().and_then(Zone::named).unwrap_or_default(),
        })
    }

    /// Puts the page into an organization's navigation.
    pub fn in_organization(mut self, slug: &str, name: &str, here: &str) -> Self {
        let entries = entries(&format!("/organizations/{slug}"), ORGANIZATION, Some(here), self.shows_proposals);
        self.place = Some(Place { kind: "Organization", name: name.to_owned(), entries });
        self
    }

    /// Puts the page into a workspace's navigation.
    pub fn in_workspace(mut self, slug: &str, name: &str, here: &str) -> Self {
        let mut entries = entries(&format!("/workspaces/{slug}"), WORKSPACE, Some(here), self.shows_proposals);
        entries.retain(|e| self.has_registry || e.label != PACKAGES);
        self.place = Some(Place { kind: "Workspace", name: name.to_owned(), entries });
        self
    }

    /// Marks the page among the visitor's own, or among the operator's.
    pub fn here(mut self, label: &str) -> Self {
        for entry in self.mine.iter_mut().chain(&mut self.operator) {
            entry.is_here = entry.label == label;
        }
        self
    }

    /// Says that something was saved, when somebody comes from there.
    pub fn after_saving(mut self, saved: Option<&str>) -> Self {
        self.saved = saved.is_some();
        self
    }

    /// Keeps the open page up to date with an organization or a workspace.
    pub fn live(mut self, kind: &str, slug: &str) -> Self {
        self.live = Some(format!("{kind}:{slug}"));
        self
    }

    /// Keeps the open page up to date with both sides of a pair, as far as the visitor may see them.
    pub fn live_pair(mut self, workspace: &str, organization: &str) -> Self {
        self.live = Some(format!("workspace:{workspace},organization:{organization}"));
        self
    }

    /// A moment, absolute with its zone and relative: `{{ shell.when(link.linked_at) }}`.
    pub fn when<T: AsTimestamp>(&self, at: T) -> When {
        When { at: at.timestamp(), now: self.now, zone: self.zone.clone() }
    }
}

fn entries(base: &str, pages: &[(&'static str, &str)], here: Option<&str>, shows_proposals: bool) -> Vec<Entry> {
    let entry = |(label, rest): &(&'static str, &str)| Entry {
        label,
        path: format!("{base}{rest}"),
        is_here: Some(*label) == here,
    };
    pages.iter().filter(|(label, _)| shows_proposals || *label != PROPOSALS).map(entry).collect()
}

/// Renders a page.
pub fn render(page: &impl Template) -> Result<Html<String>, Failure> {
    Ok(Html(page.render().map_err(|e| Error::broken(&e.to_string()))?))
}
