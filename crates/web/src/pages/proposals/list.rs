//! Lists of proposals: mine, a workspace's, an organization's.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::consent::{self, Waiting};
use orglink_app::{Page, PageRequest, organization};
use orglink_domain::consent::ProposalState;
use orglink_domain::link::Act;
use orglink_domain::role::OrganizationStanding;
use orglink_http::{AppState, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::rule_in_words;
use crate::pages::chosen;
use crate::shell::{PROPOSALS, Shell, render};

#[derive(Template)]
#[template(path = "proposals.html")]
struct ProposalsPage {
    shell: Shell,
    rows: Vec<Waiting>,
    next: Option<String>,
    /// The state that is asked for; empty for all.
    state: String,
    states: &'static [ProposalState],
    /// Whose list it is; none for the visitor's own.
    place: Option<Of>,
    /// How many link codes were withdrawn just now.
    withdrawn: Option<u64>,
    /// Who must agree here.
    rule: String,
}

/// The workspace or organization whose list it is.
struct Of {
    kind: &'static str,
    slug: String,
    name: String,
    /// `/workspaces/SLUG`.
    base: String,
    /// The visitor can speak for it.
    is_mine: bool,
}

#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    state: String,
    cursor: Option<String>,
    withdrawn: Option<u64>,
}

impl Query {
    fn state(&self) -> Result<Option<ProposalState>, Failure> {
        if self.state.is_empty() { Ok(None) } else { Ok(Some(chosen("state", &self.state)?)) }
    }

    fn page(&self) -> Result<PageRequest, Failure> {
        Ok(PageRequest::new(self.cursor.as_deref(), None)?)
    }
}

pub async fn show_mine(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let found = consent::list_my_proposals(&app, visitor.principal(), query.state()?, &query.page()?).await?;
    let shell = Shell::new(&app, &visitor, PROPOSALS).await?.here(PROPOSALS);
    show(&app, shell, found, query, None)
}

pub async fn of_workspace(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let (state, page) = (query.state()?, query.page()?);
    let (of, found) = consent::list_proposals_of_workspace(&app, visitor.principal(), &slug, state, &page).await?;
    let shell = Shell::new(&app, &visitor, format!("{PROPOSALS} · {}", of.name)).await?;
    let shell = shell.in_workspace(&of.slug, &of.name, PROPOSALS).live("workspace", &of.slug);
    let base = format!("/workspaces/{}", of.slug);
    let place = Of { kind: "workspace", slug: of.slug, name: of.name, base, is_mine: true };
    show(&app, shell, found, query, Some(place))
}

pub async fn of_organization(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Html<String>, Failure> {
    let (principal, state, page) = (visitor.principal(), query.state()?, query.page()?);
    let (of, found) = consent::list_proposals_of_organization(&app, principal, &slug, state, &page).await?;
    // Auditors look only.
    let role = organization::view_organization(&app, principal, &of.slug).await?.role;
    let shell = Shell::new(&app, &visitor, format!("{PROPOSALS} · {}", of.name)).await?;
    let shell = shell.in_organization(&of.slug, &of.name, PROPOSALS).live("organization", &of.slug);
    let base = format!("/organizations/{}", of.slug);
    let is_mine = role == OrganizationStanding::Admin;
    let place = Of { kind: "organization", slug: of.slug, name: of.name, base, is_mine };
    show(&app, shell, found, query, Some(place))
}

fn show(
    app: &AppState,
    shell: Shell,
    found: Page<Waiting>,
    query: Query,
    place: Option<Of>,
) -> Result<Html<String>, Failure> {
    let mut rows = found.items;
    if query.state == ProposalState::Open.as_str() {
        // Those whose time has passed are not open any more, noted or not.
        rows.retain(|r| r.state == ProposalState::Open);
    }
    // What waits for the visitor comes first; each part keeps its order.
    rows.sort_by_key(|r| !r.waits_for_me);
    render(&ProposalsPage {
        shell,
        rows,
        next: found.next,
        state: query.state,
        states: ProposalState::ALL,
        place,
        withdrawn: query.withdrawn,
        rule: rule_in_words(app, if app.settings.needs_proposals() { Act::Link } else { Act::Transfer }),
    })
}
