//! One line per workspace: its stages, what each did and did not change, who decided, and the dates to come.

use orglink_domain::campaign::{CampaignState, Purpose};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::EventType;
use orglink_domain::id::EventId;
use orglink_domain::timeline::{Effect, ToCome, effect_of};
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{Tx, campaign, stage};

use crate::campaign::{calendar_of, of_purpose};
use crate::event::{ActivityFilter, ActivityOf, list_activity};
use crate::link::undo_until;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, PageRequest, Principal};

/// So many of the newest things that happened; there are seldom more than a dozen.
const MOST: i64 = 200;

/// Something on the line.
#[derive(Debug, Clone)]
pub struct TimelineEntry {
    pub at: Timestamp,
    /// What happened, or is to happen, in words.
    pub what: String,
    /// Who decided it; none of what is to come.
    pub by: Option<String>,
    pub effect: Effect,
    /// What happened, by its event; none of what is to come.
    pub event: Option<EventId>,
}

/// The line of a workspace, the oldest first.
#[derive(Debug, Clone)]
pub struct Timeline {
    pub workspace: Workspace,
    pub entries: Vec<TimelineEntry>,
}

/// Looks at it.
///
/// # Errors
/// `NotFound`; a refusal for somebody who may not read what happened in the workspace.
pub async fn view_timeline(app: &App, principal: &Principal, reference: &str) -> Result<Timeline, Error> {
    let kinds = EventType::ALL.iter().filter(|kind| effect_of(**kind).is_some()).map(|kind| kind.as_str());
    let filter = ActivityFilter { kinds: kinds.collect::<Vec<_>>().join(","), ..ActivityFilter::default() };
    let page = PageRequest::new(None, Some(MOST))?;
    let happened = list_activity(app, principal, ActivityOf::Workspace(reference), &filter, &page).await?;
    let mut entries: Vec<TimelineEntry> = happened
        .page
        .items
        .into_iter()
        .filter_map(|told| {
            Some(TimelineEntry {
                at: told.event.at,
                what: told.text,
                by: Some(told.actor),
                effect: effect_of(told.event.kind)?,
                event: Some(told.event.id),
            })
        })
        .collect();
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewActivity).await?;
    entries.extend(to_come(app, &mut tx, &proof).await?.into_iter().map(|(at, what)| TimelineEntry {
        at,
        what: what.title().to_owned(),
        by: None,
        effect: what.effect(),
        event: None,
    }));
    entries.sort_by_key(|entry| (entry.event.is_none(), entry.at, entry.event.map(|id| id.0)));
    Ok(Timeline { workspace: proof.workspace().clone(), entries })
}

/// The dates that are set: of a campaign that people were told of, and of the link.
async fn to_come(app: &App, tx: &mut Tx, proof: &WorkspaceProof) -> Result<Vec<(Timestamp, ToCome)>, Error> {
    let (w, now) = (proof.workspace(), app.now());
    let mut found = Vec::new();
    let purpose = if proof.link().is_some() { Purpose::Billing } else { Purpose::Link };
    let is_concerned = match proof.link() {
        Some(link) => {
            let reached = stage::find(tx, link.id).await?;
            found.extend(undo_until(link, reached, now).map(|until| (until, ToCome::Sealed)));
            reached.billing.is_none()
        }
        None => true,
    };
    let Some(of) = of_purpose(tx, purpose).await?.filter(|of| is_concerned && of.state != CampaignState::Announced)
    else {
        return Ok(found);
    };
    if campaign::find_first_notice(tx, of.id, w.id).await?.is_none() {
        return Ok(found);
    }
    let calendar = calendar_of(&of.definition)?;
    let postponed = campaign::find_postponement(tx, of.id, w.id).await?.map(|p| p.until);
    let then = postponed.unwrap_or(calendar.automatic_at).max(calendar.automatic_at);
    if purpose == Purpose::Billing {
        found.push((then, ToCome::BillingMigrates));
    } else {
        found.push((calendar.closes_at, ToCome::LinkBy));
        found.push((then, ToCome::LinkedByItself));
    }
    found.retain(|(at, _)| *at > now);
    Ok(found)
}
