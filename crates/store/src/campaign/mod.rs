//! Campaigns as they stand, with their history.

mod batch;
mod decision;
mod facts;
mod migrate;
mod people;
mod run;
mod target;
mod users;

pub use batch::*;
pub use decision::*;
pub use facts::*;
pub use migrate::*;
pub use people::*;
pub use run::*;
pub use target::*;
pub use users::*;

use orglink_domain::campaign::{Campaign, CampaignState, Definition};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, Through};
use orglink_domain::id::{AccountId, CampaignId, RunId};
use orglink_domain::name::fold;
use uuid::Uuid;

use crate::row::{Time, can_be_stored, word};
use crate::{StoreError, Tx};

type CampaignRow = (Uuid, String, String, Option<String>, Option<String>, i64, Time, Option<Time>);

fn from_row(row: CampaignRow) -> Result<Campaign, StoreError> {
    let (id, definition, state, resumes_to, reason, version, created_at, announced_at) = row;
    Ok(Campaign {
        id: CampaignId(id),
        definition: definition_of(&definition, "campaign", id)?,
        state: word(&state, "campaign", "state", id)?,
        resumes_to: resumes_to.map(|state| word(&state, "campaign", "resumes_to", id)).transpose()?,
        reason,
        version,
        created_at: created_at.0,
        announced_at: announced_at.map(|t| t.0),
    })
}

fn definition_of(text: &str, table: &'static str, id: Uuid) -> Result<Definition, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::inconsistent(table, "definition", id))
}

fn definition_text(definition: &Definition) -> Result<String, StoreError> {
    serde_json::to_string(definition).map_err(|e| std::io::Error::other(e.to_string()).into())
}

/// Keeps a new one, as a draft; false when another has its name.
pub async fn create(tx: &mut Tx, new: &Campaign) -> Result<bool, StoreError> {
    let (name, text) = (&new.definition.name, definition_text(&new.definition)?);
    Ok(execute!(tx, sql!("campaign/create"), new.id.0, name, fold(name), text, Time(new.created_at))? == 1)
}

pub async fn find_by_name(tx: &mut Tx, name: &str) -> Result<Option<Campaign>, StoreError> {
    if let Ok(id) = Uuid::try_parse(name) {
        return find(tx, CampaignId(id)).await;
    }
    if !can_be_stored(name) {
        return Ok(None);
    }
    fetch_optional!(tx, sql!("campaign/find_by_name"), CampaignRow, fold(name))?.map(from_row).transpose()
}

pub async fn find(tx: &mut Tx, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
    fetch_optional!(tx, sql!("campaign/find"), CampaignRow, id.0)?.map(from_row).transpose()
}

/// The campaign whose run it is.
pub async fn find_of_run(tx: &mut Tx, id: RunId) -> Result<Option<Campaign>, StoreError> {
    fetch_optional!(tx, sql!("campaign/find_of_run"), CampaignRow, id.0)?.map(from_row).transpose()
}

/// All of them, after a folded name.
pub async fn list(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Campaign>, StoreError> {
    fetch_all!(tx, sql!("campaign/list"), CampaignRow, after, limit)?.into_iter().map(from_row).collect()
}

/// Those that people are told of and that are not over, the oldest first.
pub async fn list_alive(tx: &mut Tx) -> Result<Vec<Campaign>, StoreError> {
    fetch_all!(tx, sql!("campaign/list_alive"), CampaignRow)?.into_iter().map(from_row).collect()
}

/// Keeps how it stands now; false when it is no longer at the version it was read at.
pub async fn change(tx: &mut Tx, after: &Campaign) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("campaign/change"),
        after.id.0,
        after.version,
        &after.definition.name,
        fold(&after.definition.name),
        definition_text(&after.definition)?,
        after.state.as_str(),
        after.resumes_to.map(CampaignState::as_str),
        after.reason.as_deref(),
        after.announced_at.map(Time),
    )?;
    Ok(written == 1)
}

/// A step it took, or a change of what was decided.
#[derive(Debug, Clone)]
pub struct Change {
    /// The campaign's version after it.
    pub version: i64,
    pub at: Timestamp,
    pub actor: Actor,
    pub state: CampaignState,
    /// What was decided from then on, when that changed.
    pub definition: Option<Definition>,
    pub reason: Option<String>,
}

pub async fn create_change(tx: &mut Tx, id: CampaignId, change: &Change) -> Result<(), StoreError> {
    let definition = change.definition.as_ref().map(definition_text).transpose()?;
    execute!(
        tx,
        sql!("campaign/create_change"),
        id.0,
        change.version,
        Time(change.at),
        change.actor.account_id.map(|a| a.0),
        change.actor.through.as_str(),
        change.state.as_str(),
        definition,
        change.reason.as_deref(),
    )?;
    Ok(())
}

/// Its history, the oldest first.
pub async fn list_changes(tx: &mut Tx, id: CampaignId) -> Result<Vec<Change>, StoreError> {
    type Row = (i64, Time, Option<Uuid>, String, String, Option<String>, Option<String>);
    fetch_all!(tx, sql!("campaign/list_changes"), Row, id.0)?
        .into_iter()
        .map(|(version, at, account, through, state, definition, reason)| {
            let through = word::<Through>(&through, "campaign_change", "through", id)?;
            Ok(Change {
                version,
                at: at.0,
                actor: Actor { account_id: account.map(AccountId), through },
                state: word(&state, "campaign_change", "state", id)?,
                definition: definition.map(|text| definition_of(&text, "campaign_change", id.0)).transpose()?,
                reason,
            })
        })
        .collect()
}
