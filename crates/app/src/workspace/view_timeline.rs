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
    let now = app.now();
    let mut found = Vec::new();
    match proof.link() {
        None => found.extend(dates_of(tx, proof, Purpose::Link).await?),
        Some(link) => {
            let reached = stage::find(tx, link.id).await?;
            found.extend(undo_until(link, reached, now).map(|until| (until, ToCome::Sealed)));
            if reached.billing.is_none() {
                found.extend(dates_of(tx, proof, Purpose::Billing).await?);
            }
            if reached.users_migrated_at.is_none() {
                found.extend(dates_of(tx, proof, Purpose::Users).await?);
            }
        }
    }
    found.retain(|(at, _)| *at > now);
    Ok(found)
}

/// The dates of the campaign of a purpose, once the workspace's admins were told of it.
async fn dates_of(tx: &mut Tx, proof: &WorkspaceProof, purpose: Purpose) -> Result<Vec<(Timestamp, ToCome)>, Error> {
    let w = proof.workspace().id;
    let Some(of) = of_purpose(tx, purpose).await?.filter(|of| of.state != CampaignState::Announced) else {
        return Ok(Vec::new());
    };
    if campaign::find_first_notice(tx, of.id, w).await?.is_none() {
        return Ok(Vec::new());
    }
    let calendar = calendar_of(&of.definition)?;
    let postponed = campaign::find_postponement(tx, of.id, w).await?.map(|p| p.until);
    let then = postponed.unwrap_or(calendar.automatic_at).max(calendar.automatic_at);
    Ok(match purpose {
        Purpose::Link => vec![(calendar.closes_at, ToCome::LinkBy), (then, ToCome::LinkedByItself)],
        Purpose::Billing => vec![(then, ToCome::BillingMigrates)],
        Purpose::Users => vec![(then, ToCome::UsersMigrate)],
    })
}
