//! One proposal: both sides, what each has agreed to, the plan as it is now, and the answers.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use orglink_app::consent::{self, ConsentRequest, ProposalView};
use orglink_app::link::Acknowledge;
use orglink_app::user_management::UsersPlanView;
use orglink_app::{Error, Secret, organization, workspace};
use orglink_domain::access_request::AccessRequest;
use orglink_domain::clock::Timestamp;
use orglink_domain::consent::{Proposal, ProposalState, Side};
use orglink_domain::link::Act;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::code::Nothing;
use super::side::SideRow;
use super::{Fault, WHOSE_AGREE, rule_in_words, status};
use crate::pages::chosen;
use crate::pages::link::Planned;
use crate::pages::undo::Taken;
use crate::shell::{PROPOSALS, Shell, render};

#[derive(Template)]
#[template(path = "proposal.html")]
struct ProposalPage {
    shell: Shell,
    view: ProposalView,
    is_open: bool,
    /// The plan as it is now, while it is open.
    planned: Option<Planned>,
    /// The same of a link that is to be ended.
    taken: Option<Taken>,
    /// The same of users that are to migrate.
    users: Option<UsersPlanView>,
    sides: Vec<SideRow>,
    /// The sides that the visitor can agree for now, and who that takes.
    mine: Vec<(Side, &'static str)>,
    /// The visitor's consent is the only one that is missing.
    is_last: bool,
    /// Who must agree here.
    rule: String,
    /// The visitor may go to the workspace, and to the organization.
    may_visit: (bool, bool),
    /// Until then the others are not reminded again.
    reminded_until: Option<Timestamp>,
    /// Somebody comes from reminding.
    reminded: bool,
    fault: Option<Fault>,
    /// Tells a double click from two decisions.
    key: String,
}

#[derive(Deserialize)]
pub struct Query {
    reminded: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Response, Failure> {
    page(&app, &visitor, &id, None, query.reminded.is_some()).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ConsentForm {
    /// For which side, by whoever can speak for several.
    side: String,
    /// Of the plan that was shown.
    digest: String,
    key: String,
    /// The codes of the warnings ticked, separated by spaces.
    acknowledge: String,
    /// Why, of an operator who ends a link.
    reason: String,
}

impl ConsentForm {
    fn request(&self) -> Result<ConsentRequest, Error> {
        let digest = self.digest.parse();
        let digest = digest.map_err(|_| Error::field("digest", "look at the plan first, and agree to what you saw"))?;
        Ok(ConsentRequest {
            plan_digest: Some(digest),
            acknowledge: codes(&self.acknowledge),
            side: side(&self.side)?,
            reason: Some(self.reason.clone()),
        })
    }
}

/// The warnings ticked, as a form joins them.
pub fn codes(joined: &str) -> Acknowledge {
    Acknowledge::Codes(joined.split(' ').filter(|c| !c.is_empty()).map(str::to_owned).collect())
}

/// The side chosen, if one was.
pub fn side(given: &str) -> Result<Option<Side>, Error> {
    if given.is_empty() { Ok(None) } else { chosen("side", given).map(Some) }
}

/// The key of a form; none when it was left out.
pub fn key(given: &str) -> Option<&str> {
    Some(given).filter(|key| !key.is_empty())
}

pub async fn agree(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<ConsentForm>,
) -> Result<Response, Failure> {
    let (visitor, form) = (form.visitor, form.form);
    let asked = match form.request() {
        Ok(request) => consent::consent(&app, visitor.principal(), &id, &request, key(&form.key)).await.map(|_| ()),
        // Whoever is not concerned is told so, whatever they sent.
        Err(bad) => consent::view_proposal(&app, visitor.principal(), &id).await.and(Err(bad)),
    };
    done(&app, &visitor, &id, asked).await
}

#[derive(Deserialize)]
pub struct DeclineForm {
    #[serde(default)]
    reason: String,
}

pub async fn decline(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<DeclineForm>,
) -> Result<Response, Failure> {
    let asked = consent::decline(&app, form.visitor.principal(), &id, &form.form.reason).await;
    done(&app, &form.visitor, &id, asked.map(|_| ())).await
}

pub async fn withdraw(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<Nothing>,
) -> Result<Response, Failure> {
    let asked = consent::withdraw(&app, form.visitor.principal(), &id).await;
    done(&app, &form.visitor, &id, asked.map(|_| ())).await
}

pub async fn remind(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<Nothing>,
) -> Result<Response, Failure> {
    match consent::remind(&app, form.visitor.principal(), &id).await {
        Ok(_) => Ok(Redirect::to(&format!("/proposals/{id}?reminded=yes")).into_response()),
        Err(no) => done(&app, &form.visitor, &id, Err(no)).await,
    }
}

/// Back to the proposal as it is now; when it was refused, with the words of the refusal.
async fn done(app: &AppState, visitor: &Visitor, id: &str, asked: Result<(), Error>) -> Result<Response, Failure> {
    match asked {
        Ok(()) => Ok(Redirect::to(&format!("/proposals/{id}")).into_response()),
        Err(no) => page(app, visitor, id, Some(Fault::of(no)?), false).await,
    }
}

async fn page(
    app: &AppState,
    visitor: &Visitor,
    id: &str,
    fault: Option<Fault>,
    reminded: bool,
) -> Result<Response, Failure> {
    let principal = visitor.principal();
    let mut view = consent::view_proposal(app, principal, id).await?;
    let me = principal.account()?.id;
    let is_open = view.state == ProposalState::Open;
    let planned = view.plan.take().map(|plan| Planned::of(app, plan, WHOSE_AGREE));
    let sides = SideRow::all(std::mem::take(&mut view.sides), app.settings.consent_rule(), me, is_open);
    let taken = view.ends.take().map(|plan| Taken::of(app, plan));
    let users = view.users.take();
    let can_be_done = taken.is_some()
        || users.as_ref().is_some_and(|u| u.plan.blockers.is_empty())
        || planned.as_ref().is_some_and(|p| p.view.plan.eligibility.eligible);
    let mine: Vec<(Side, &'static str)> =
        sides.iter().filter(|s| s.is_mine && can_be_done).map(|s| (s.side, s.side.who())).collect();
    let missing: Vec<Side> = sides.iter().filter(|s| !s.counts).map(|s| s.side).collect();
    let is_last = mine.len() == 1 && missing.len() == 1;
    let (w, o) = (view.workspace.slug.clone(), view.organization.slug.clone());
    let may_visit = (
        is_there(workspace::view_workspace(app, principal, &w).await)?,
        is_there(organization::view_organization(app, principal, &o).await)?,
    );
    let told = view.proposal.reminded_at.unwrap_or(view.proposal.created_at);
    let next = told.plus_seconds(Proposal::REMINDER_SECONDS);
    let reminded_until = (app.now() < next).then_some(next);
    let shell = Shell::new(app, visitor, format!("{} · {}", view.workspace.name, view.organization.name)).await?;
    let mut shell = shell.here(PROPOSALS);
    if fault.is_none() {
        shell = shell.live_pair(&w, &o);
    }
    let status = status(fault.as_ref());
    let page = ProposalPage {
        shell,
        is_open,
        planned,
        taken,
        users,
        sides,
        mine,
        is_last,
        rule: rule_in_words(app, view.proposal.act),
        may_visit,
        reminded_until,
        reminded,
        fault,
        key: Secret::generate("page-")?.reveal().to_owned(),
        view,
    };
    Ok((status, render(&page)?).into_response())
}

/// Whether the visitor may go there.
pub fn is_there<T>(looked: Result<T, Error>) -> Result<bool, Failure> {
    match looked {
        Ok(_) => Ok(true),
        Err(Error::NotFound { .. } | Error::Refused(_)) => Ok(false),
        Err(e) => Err(Failure(e)),
    }
}
