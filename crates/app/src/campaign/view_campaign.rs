//! Looks at campaigns: how each stands, what was told, what was decided, who brought it there.

use std::collections::{HashMap, HashSet};

use orglink_domain::campaign::{Calendar, Campaign, CampaignState, Definition, Telling, Told};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, Through};
use orglink_domain::id::AccountId;
use orglink_domain::name::fold;
use orglink_policy::Action;
use orglink_store::{Tx, account, campaign};

use super::load;
use super::report::RunView;
use super::tell::{calendar_of, told_words};
use crate::{App, Error, Page, PageRequest, Principal};

/// Rehearsals shown.
const REHEARSALS: i64 = 10;

/// A campaign as an operator sees it.
#[derive(Debug, Clone)]
pub struct CampaignView {
    pub campaign: Campaign,
    pub calendar: Calendar,
    /// What was told so far, and what is to be told.
    pub tellings: Vec<TellingView>,
    pub history: Vec<HistoryEntry>,
    /// The real run, once all is decided.
    pub run: Option<RunView>,
    /// The newest first.
    pub rehearsals: Vec<RunView>,
}

/// One step of telling.
#[derive(Debug, Clone)]
pub struct TellingView {
    pub what: String,
    /// When it is due.
    pub at: Timestamp,
    /// Workspaces and messages, once it was begun.
    pub told: Option<(i64, i64)>,
    pub ended_at: Option<Timestamp>,
    /// Its time has passed and it was not sent: it never will be.
    pub is_missed: bool,
}

/// One step or change, with who and why.
#[derive(Debug, Clone)]
pub struct HistoryEntry {
    pub version: i64,
    pub at: Timestamp,
    pub by: String,
    pub state: CampaignState,
    pub definition: Option<Definition>,
    pub reason: Option<String>,
}

/// One campaign.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an operator.
pub async fn view_campaign(app: &App, principal: &Principal, name: &str) -> Result<CampaignView, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = load(app, &mut tx, principal, name).await?;
    let calendar = calendar_of(&found.definition)?;
    let run = match campaign::find_real_run(&mut tx, found.id).await? {
        Some(run) => Some(RunView::of(&mut tx, run).await?),
        None => None,
    };
    let mut rehearsals = Vec::new();
    for run in campaign::list_rehearsals(&mut tx, found.id, REHEARSALS).await? {
        rehearsals.push(RunView::of(&mut tx, run).await?);
    }
    let tellings = tellings(&mut tx, &found, &calendar, app.now()).await?;
    let history = history(&mut tx, &found).await?;
    Ok(CampaignView { campaign: found, calendar, tellings, history, run, rehearsals })
}

async fn tellings(tx: &mut Tx, of: &Campaign, calendar: &Calendar, now: Timestamp) -> Result<Vec<TellingView>, Error> {
    let begun = campaign::list_tellings(tx, of.id).await?;
    let mut views: Vec<TellingView> = begun
        .iter()
        .map(|told| TellingView {
            what: told_words(Telling::told_of(told.step)),
            at: told.began_at,
            told: Some((told.workspaces, told.messages)),
            ended_at: told.ended_at,
            is_missed: false,
        })
        .collect();
    let to_come = calendar.tellings.iter().filter(|t| !begun.iter().any(|told| told.step == t.number()));
    views.extend(to_come.map(|t| TellingView {
        what: told_words(t.told),
        at: t.at,
        told: None,
        ended_at: None,
        is_missed: t.told != Told::Announcement && t.at < now && calendar.reminder(of.created_at, now) != Some(*t),
    }));
    views.sort_by_key(|view| view.at);
    Ok(views)
}

async fn history(tx: &mut Tx, of: &Campaign) -> Result<Vec<HistoryEntry>, Error> {
    let changes = campaign::list_changes(tx, of.id).await?;
    let ids: HashSet<AccountId> = changes.iter().filter_map(|c| c.actor.account_id).collect();
    let ids: Vec<AccountId> = ids.into_iter().collect();
    let names: HashMap<AccountId, String> =
        account::list_by_ids(tx, &ids).await?.into_iter().map(|a| (a.id, a.name)).collect();
    let by = |actor: Actor| {
        let name = actor.account_id.and_then(|id| names.get(&id).cloned());
        match actor.through {
            Through::System => "Orglink".to_owned(),
            Through::Own => name.unwrap_or_else(|| "a former account".to_owned()),
            Through::Operator => {
                name.map_or_else(|| "an operator".to_owned(), |n| format!("an operator on behalf of {n}"))
            }
        }
    };
    Ok(changes
        .into_iter()
        .map(|c| HistoryEntry {
            version: c.version,
            at: c.at,
            by: by(c.actor),
            state: c.state,
            definition: c.definition,
            reason: c.reason,
        })
        .collect())
}

/// All campaigns, by name.
///
/// # Errors
/// A refusal for anybody but an operator.
pub async fn list_campaigns(app: &App, principal: &Principal, page: &PageRequest) -> Result<Page<Campaign>, Error> {
    app.require(Action::ManageCampaigns, principal.standing())?;
    let mut tx = app.db.begin_read().await?;
    let found = campaign::list(&mut tx, page.after(), page.fetch()).await?;
    Ok(page.page(found, |c| fold(&c.definition.name)))
}
