//! Proposing: the two are named, or one of them by a link code; then the plan, to which proposing agrees for one side.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use orglink_app::consent::{self, PairNamed, ProposeRequest, Waiting};
use orglink_app::link::PlanView;
use orglink_app::{Error, Secret};
use orglink_domain::access_request::AccessRequest;
use orglink_domain::consent::Side;
use orglink_domain::link::Act;
use orglink_domain::period::Period;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::one::{codes, is_there, key, side};
use super::{Fault, WHOSE_AGREE, open_of_organization, open_of_workspace, rule_in_words, status};
use crate::failure::escaped;
use crate::pages::link::Planned;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "propose.html")]
struct ProposePage {
    shell: Shell,
    /// What was entered, to be sent again.
    entered: Entered,
    planned: Option<Planned>,
    /// The sides that the visitor can propose for.
    sides: Vec<Side>,
    /// The same pair is proposed already.
    open: Option<Waiting>,
    /// The wizard, for whoever could link without anybody else.
    alone: Option<String>,
    /// Who must agree here.
    rule: String,
    /// For how long it waits for the others.
    lifetime: String,
    fault: Option<Fault>,
    /// Tells a double click from two decisions.
    key: String,
}

/// What somebody entered; also what the address of the page says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Entered {
    /// `transfer`, to move what is linked; otherwise it is to be linked.
    act: String,
    workspace: String,
    organization: String,
    /// Instead of one of the two.
    code: String,
    /// For which side, by whoever administers both.
    side: String,
    message: String,
    payer: String,
}

impl Entered {
    fn act(&self) -> Act {
        if self.act == Act::Transfer.as_str() { Act::Transfer } else { Act::Link }
    }

    fn moves(&self) -> bool {
        self.act() == Act::Transfer
    }

    /// Something is named: perhaps not enough, which the use case says.
    fn names_something(&self) -> bool {
        [&self.workspace, &self.organization, &self.code].iter().any(|t| !t.trim().is_empty())
    }

    /// The two are named, the one or the other by a code.
    fn is_whole(&self) -> bool {
        [&self.workspace, &self.organization, &self.code].iter().filter(|t| !t.trim().is_empty()).count() > 1
    }

    fn pair(&self) -> PairNamed {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        PairNamed {
            workspace: given(&self.workspace),
            organization: given(&self.organization),
            code: given(&self.code),
        }
    }
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(entered): QueryString<Entered>,
) -> Result<Response, Failure> {
    page(&app, &visitor, entered, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ProposeForm {
    act: String,
    workspace: String,
    organization: String,
    code: String,
    side: String,
    message: String,
    payer: String,
    /// Of the plan that was shown.
    digest: String,
    key: String,
    /// The codes of the warnings ticked, separated by spaces.
    acknowledge: String,
}

impl ProposeForm {
    fn entered(self) -> Entered {
        let Self { act, workspace, organization, code, side, message, payer, .. } = self;
        Entered { act, workspace, organization, code, side, message, payer }
    }
}

fn request(entered: &Entered, digest: &str, acknowledge: &str) -> Result<ProposeRequest, Error> {
    let digest = digest.parse();
    let digest = digest.map_err(|_| Error::field("digest", "look at the plan first, and propose what you saw"))?;
    Ok(ProposeRequest {
        act: entered.act(),
        pair: entered.pair(),
        side: side(&entered.side)?,
        plan_digest: Some(digest),
        acknowledge: codes(acknowledge),
        message: Some(entered.message.clone()),
        payer: Some(entered.payer.clone()),
    })
}

pub async fn propose(State(app): State<AppState>, form: CheckedForm<ProposeForm>) -> Result<Response, Failure> {
    let (visitor, form) = (form.visitor, form.form);
    let (digest, sent, acknowledge) = (form.digest.clone(), form.key.clone(), form.acknowledge.clone());
    let entered = form.entered();
    let principal = visitor.principal();
    let asked = match request(&entered, &digest, &acknowledge) {
        Ok(request) => consent::propose(&app, principal, &request, key(&sent)).await,
        // Whoever may not is told so, whatever they sent.
        Err(bad) => consent::preview(&app, principal, &entered.pair(), entered.act()).await.and(Err(bad)),
    };
    match asked {
        Ok(made) => Ok(Redirect::to(&format!("/proposals/{}", made.answer.id)).into_response()),
        Err(no) => page(&app, &visitor, entered, Some(Fault::of(no)?)).await,
    }
}

async fn page(app: &AppState, visitor: &Visitor, entered: Entered, fault: Option<Fault>) -> Result<Response, Failure> {
    let (mut fault, mut planned, mut sides, mut open, mut alone) = (fault, None, Vec::new(), None, None);
    // Half a pair, from a link of ours, is no mistake: the form asks for the rest.
    let is_asked = entered.is_whole() || (fault.is_some() && entered.names_something());
    if (entered.moves() || app.settings.needs_proposals()) && is_asked {
        match consent::preview(app, visitor.principal(), &entered.pair(), entered.act()).await {
            Ok((view, mine)) => {
                open = find_open(app, visitor, &view).await?;
                if mine.len() > 1 && !entered.moves() && app.settings.links_alone() {
                    alone = wizard(app, visitor, &view).await?;
                }
                planned = Some(Planned::of(app, view, WHOSE_AGREE));
                sides = mine;
            }
            Err(no) => {
                let found = Fault::of(no)?;
                fault = fault.or(Some(found));
            }
        }
    }
    let title = match (entered.moves(), planned.is_some()) {
        (true, _) => "Move to another organization",
        (false, true) => "Propose to link",
        (false, false) => "Propose a link",
    };
    let shell = Shell::new(app, visitor, title).await?.here("Link a workspace");
    let status = status(fault.as_ref());
    let rule = rule_in_words(app, entered.act());
    let page = ProposePage {
        shell,
        entered,
        planned,
        sides,
        open,
        alone,
        rule,
        lifetime: Period::from_seconds(app.settings.proposal.lifetime_seconds).to_words(),
        fault,
        key: Secret::generate("page-")?.reveal().to_owned(),
    };
    Ok((status, render(&page)?).into_response())
}

/// An open proposal of the same two, if the visitor may see it.
async fn find_open(app: &AppState, visitor: &Visitor, of: &PlanView) -> Result<Option<Waiting>, Failure> {
    let (w, o) = (of.workspace.id, of.organization.id);
    let mut found = open_of_workspace(app, visitor, &of.workspace.slug).await?;
    found.extend(open_of_organization(app, visitor, &of.organization.slug).await?);
    Ok(found.into_iter().find(|p| p.workspace.id == w && p.organization.id == o))
}

/// Where whoever administers both links by themselves.
async fn wizard(app: &AppState, visitor: &Visitor, of: &PlanView) -> Result<Option<String>, Failure> {
    let (w, o) = (&of.workspace.slug, &of.organization.slug);
    let is_seen = is_there(orglink_app::organization::view_organization(app, visitor.principal(), o).await)?;
    Ok(is_seen.then(|| format!("/organizations/{o}/link?workspace={}", escaped(w))))
}
