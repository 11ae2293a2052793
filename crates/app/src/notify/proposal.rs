//! Proposals of links: whoever must agree is asked, whoever agreed to an older plan is told, and both sides hear the end.

use orglink_domain::consent::{Agreement, Given, Proposal, Side};
use orglink_domain::event::{Event, EventType};
use orglink_domain::id::{AccountId, ProposalId};
use orglink_domain::link::Act;
use orglink_mail::{ConsentOutdated, LinkProposed, Named, ProposalEnded};
use orglink_store::{Tx, account, organization, proposal, workspace};
use serde_json::Value;
use uuid::Uuid;

use super::{Notice, Ways, organization_named, workspace_named};
use crate::{App, Error};

/// A proposal with the names of its two sides.
struct About {
    proposal: Proposal,
    workspace: Named,
    organization: Named,
    /// The organization that it is to leave.
    source: Option<Named>,
    given: Vec<Given>,
}

impl About {
    async fn find(tx: &mut Tx, payload: &Value) -> Result<Option<Self>, Error> {
        let id = payload.get("proposal").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
        let Some(id) = id.map(ProposalId) else { return Ok(None) };
        let Some(proposal) = proposal::find(tx, id).await? else { return Ok(None) };
        let workspace = workspace_named(tx, Some(proposal.workspace_id)).await?;
        let organization = organization_named(tx, Some(proposal.organization_id)).await?;
        let (Some(workspace), Some(organization)) = (workspace, organization) else { return Ok(None) };
        let source = organization_named(tx, proposal.source_id).await?;
        let given = proposal::list_given(tx, id).await?;
        Ok(Some(Self { proposal, workspace, organization, source, given }))
    }

    fn path(&self) -> String {
        format!("/proposals/{}", self.proposal.id)
    }

    /// Those who can agree for a side.
    async fn people(&self, tx: &mut Tx, side: Side) -> Result<Vec<AccountId>, Error> {
        Ok(match side {
            Side::Workspace => workspace::list_admin_ids(tx, self.proposal.workspace_id).await?,
            Side::Organization | Side::Approver => {
                organization::list_admin_ids(tx, self.proposal.organization_id).await?
            }
            Side::Source => match self.proposal.source_id {
                Some(source) => organization::list_admin_ids(tx, source).await?,
                None => Vec::new(),
            },
            Side::Operator | Side::SecondOperator => {
                account::list_operators(tx).await?.into_iter().map(|operator| operator.id).collect()
            }
            Side::Both => Vec::new(),
            Side::Payer => {
                let payer = self.proposal.payer.as_deref().unwrap_or_default();
                account::find_by_email(tx, payer).await?.filter(|a| a.is_verified).map(|a| a.id).into_iter().collect()
            }
        })
    }
}

/// The sides that have not agreed are asked. Whoever was named as payer gets the mail at the address either way, from where it is
/// proposed.
pub(super) async fn asked(app: &App, tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(about) = About::find(tx, payload).await? else { return Ok(Vec::new()) };
    let is_reminder = event.kind == EventType::ProposalReminded;
    let mut notices: Vec<Notice> = Vec::new();
    for side in about.proposal.sides(app.settings.consent_rule()) {
        if about.given.iter().any(|g| g.side == side) {
            continue;
        }
        let says = LinkProposed {
            workspace: about.workspace.clone(),
            organization: about.organization.clone(),
            by: event.actor.into(),
            asked_as: side.who().to_owned(),
            message: about.proposal.message.clone().unwrap_or_default(),
            expires_at: about.proposal.expires_at.to_minute(),
            is_reminder,
            moves_from: about.source.clone(),
            ends: about.proposal.act == Act::Unlink,
            migrates: about.proposal.act == Act::MigrateUsers,
            path: about.path(),
        };
        let ways = if side == Side::Payer && !is_reminder { Ways::InboxOnly } else { Ways::All };
        for id in about.people(tx, side).await? {
            // Once each, whatever they are asked as; and not whoever has just proposed it.
            if notices.iter().all(|n| n.to != id) && about.given.iter().all(|g| g.account != id) {
                notices.push(Notice { ways, ..Notice::new(id, says.clone()) });
            }
        }
    }
    Ok(notices)
}

/// What a payer without an account is told, at the address that was named.
pub(crate) fn to_payer(
    proposal: &Proposal,
    workspace: Named,
    organization: Named,
    moves_from: Option<Named>,
    by: orglink_domain::event::Actor,
) -> LinkProposed {
    LinkProposed {
        workspace,
        organization,
        by: by.into(),
        asked_as: Side::Payer.who().to_owned(),
        message: proposal.message.clone().unwrap_or_default(),
        expires_at: proposal.expires_at.to_minute(),
        is_reminder: false,
        moves_from,
        ends: false,
        migrates: false,
        path: format!("/proposals/{}", proposal.id),
    }
}

/// Somebody agreed to the plan as it is now: whoever agreed to an older one hears that theirs does not count.
pub(super) async fn agreed(app: &App, tx: &mut Tx, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(about) = About::find(tx, payload).await? else { return Ok(Vec::new()) };
    let plan = payload.get("plan_digest").and_then(Value::as_str).and_then(|d| d.parse().ok());
    let Some(plan) = plan else { return Ok(Vec::new()) };
    let weighed = about.proposal.weigh(app.settings.consent_rule(), &about.given, plan);
    let outdated = weighed.into_iter().filter(|(_, agreement)| *agreement == Agreement::Outdated);
    let says = ConsentOutdated {
        workspace: about.workspace.clone(),
        organization: about.organization.clone(),
        path: about.path(),
    };
    let of = |side: Side| about.given.iter().find(|g| g.side == side).map(|g| g.account);
    Ok(outdated.filter_map(|(side, _)| of(side)).map(|id| Notice::new(id, says.clone())).collect())
}

/// Everybody who had agreed or was asked hears that it ended, but for whoever ended it.
pub(super) async fn ended(app: &App, tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(about) = About::find(tx, payload).await? else { return Ok(Vec::new()) };
    let says = ProposalEnded {
        workspace: about.workspace.clone(),
        organization: about.organization.clone(),
        by: event.actor.account_id.map(|_| event.actor.into()),
        state: about.proposal.state.to_string(),
        reason: about.proposal.reason.clone().unwrap_or_default(),
        act: about.proposal.act.to_string(),
        path: about.path(),
    };
    let mut told: Vec<AccountId> = Vec::new();
    for side in about.proposal.sides(app.settings.consent_rule()) {
        for id in about.people(tx, side).await? {
            if !told.contains(&id) && event.actor.account_id != Some(id) {
                told.push(id);
            }
        }
    }
    Ok(told.into_iter().map(|id| Notice::new(id, says.clone())).collect())
}
