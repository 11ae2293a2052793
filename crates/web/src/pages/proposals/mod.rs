//! Links that several people agree to: the lists, one of them with its plan, proposing, and link codes.

pub mod code;
pub mod list;
pub mod one;
pub mod propose;
mod side;

use axum::http::StatusCode;
use orglink_app::consent::{self, Waiting};
use orglink_app::{App, Error, Page, PageRequest, RefusalReason};
use orglink_domain::consent::{ProposalState, Side};
use orglink_domain::link::{Act, Consent};
use orglink_domain::plan::Difference;
use orglink_http::{AppState, Failure, Visitor, status_of};

use crate::failure::sentence;

/// Whose names a link bears that several agreed to.
pub const WHOSE_AGREE: &str = "the names of those who agree";

/// How many open proposals a page that is about something else shows.
const SHOWN_BESIDE: i64 = 20;

/// Who must agree in this installation, in words.
pub fn rule_in_words(app: &App, act: Act) -> String {
    let rule = app.settings.consent_rule();
    if act == Act::Unlink {
        return "Two operators, each in person and with a reason, end the link whatever its policy says.".to_owned();
    }
    let two = if act == Act::MigrateUsers {
        if rule.consent == Consent::TwoPeople {
            "An admin of the workspace and an admin of the organization agree to the same plan; they must be two different \
             people, each in person."
        } else {
            "An admin of the workspace and an admin of the organization agree to the same plan."
        }
    } else if act == Act::Transfer {
        if rule.consent == Consent::TwoPeople {
            "Admins of the workspace, of the organization that it leaves and of the one that it goes to agree to the same \
             plan; whoever agrees for the workspace agrees for nobody else."
        } else {
            "Admins of the workspace, of the organization that it leaves and of the one that it goes to agree to the same plan."
        }
    } else if rule.consent == Consent::TwoPeople {
        "An admin of the workspace and an admin of the organization agree to the same plan; they must be two \
         different people, each in person."
    } else if app.settings.links_alone() {
        "An admin of the workspace and an admin of the organization agree to the same plan. Whoever administers both \
         can also link alone."
    } else {
        "An admin of the workspace and an admin of the organization agree to the same plan."
    };
    let approval =
        if rule.needs_approver { " Another admin of the organization gives the final approval." } else { "" };
    format!("{two}{approval}")
}

/// A no, shown on the page that the form came from.
pub struct Fault {
    pub status: StatusCode,
    pub title: String,
    pub details: Vec<String>,
    pub reasons: Vec<RefusalReason>,
    /// What has changed since the plan that was agreed to.
    pub differences: Vec<Difference>,
}

impl Fault {
    /// What a use case said no with; what is nobody's fault here stays a page of its own.
    pub fn of(error: Error) -> Result<Self, Failure> {
        let status = status_of(&error);
        let said = |title: &str, details: Vec<String>| Self {
            status,
            title: title.to_owned(),
            details,
            reasons: Vec::new(),
            differences: Vec::new(),
        };
        match error {
            Error::Refused(no) => {
                let no = *no;
                // The differences say it all, as the reasons do.
                let reasons = if no.differences.is_empty() { no.reasons } else { Vec::new() };
                let is_said = reasons.iter().any(|r| no.detail.contains(&r.detail));
                let details = if is_said { Vec::new() } else { vec![sentence(&no.detail)] };
                Ok(Self { reasons, differences: no.differences, ..said(no.title, details) })
            }
            Error::BadInput(errors) => Ok(said(
                "Something is missing or cannot be understood",
                errors.iter().map(|e| sentence(&e.detail)).collect(),
            )),
            Error::NotFound { .. } => Ok(said("Not found", vec![sentence(&error.to_string())])),
            other => Err(Failure(other)),
        }
    }
}

/// The status of a page that may say no.
pub fn status(fault: Option<&Fault>) -> StatusCode {
    fault.map_or(StatusCode::OK, |f| f.status)
}

/// What is open about a workspace, for those who may see it.
pub async fn open_of_workspace(app: &AppState, visitor: &Visitor, slug: &str) -> Result<Vec<Waiting>, Failure> {
    if !app.settings.shows_proposals() {
        return Ok(Vec::new());
    }
    let (state, page) = (Some(ProposalState::Open), PageRequest::new(None, Some(SHOWN_BESIDE))?);
    let found = consent::list_proposals_of_workspace(app, visitor.principal(), slug, state, &page).await;
    open(found.map(|(_, page)| page))
}

/// What is open about an organization, for those who may see it.
pub async fn open_of_organization(app: &AppState, visitor: &Visitor, slug: &str) -> Result<Vec<Waiting>, Failure> {
    if !app.settings.shows_proposals() {
        return Ok(Vec::new());
    }
    let (state, page) = (Some(ProposalState::Open), PageRequest::new(None, Some(SHOWN_BESIDE))?);
    let found = consent::list_proposals_of_organization(app, visitor.principal(), slug, state, &page).await;
    open(found.map(|(_, page)| page))
}

fn open(found: Result<Page<Waiting>, Error>) -> Result<Vec<Waiting>, Failure> {
    match found {
        // Those whose time has passed are not open any more, noted or not.
        Ok(page) => Ok(page.items.into_iter().filter(|p| p.state == ProposalState::Open).collect()),
        Err(Error::NotFound { .. } | Error::Refused(_)) => Ok(Vec::new()),
        Err(e) => Err(Failure(e)),
    }
}

/// The path of a side's own pages.
fn base_of(side: Side, slug: &str) -> String {
    match side {
        Side::Workspace => format!("/workspaces/{slug}"),
        _ => format!("/organizations/{slug}"),
    }
}
