//! The imports that were kept, of every process, newest first.

use orglink_domain::clock::Timestamp;
use orglink_domain::event::EventType;
use orglink_domain::id::EventId;
use orglink_policy::Action;
use orglink_store::event;

use crate::event::{Names, tell};
use crate::{App, Error, Page, PageRequest, Principal};

/// An import that was kept.
#[derive(Debug, Clone)]
pub struct PastImport {
    pub id: EventId,
    pub at: Timestamp,
    pub by: String,
    /// Records that it made, changed and found unchanged.
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
}

/// The imports that were kept; one that was refused or killed left nothing.
///
/// # Errors
/// A refusal for anybody but an operator.
pub async fn list_imports(app: &App, principal: &Principal, page: &PageRequest) -> Result<Page<PastImport>, Error> {
    app.require(Action::ImportRecords, principal.standing())?;
    let before = page.after_id(EventId)?;
    let mut tx = app.db.begin_read().await?;
    let events = event::list_of_type(&mut tx, EventType::ImportCompleted, before, page.fetch()).await?;
    let names = Names::of(&mut tx, &events).await?;
    Ok(page.page(events, |e| e.id.to_string()).map(|e| {
        let count = |what: &str| {
            let counts = e.payload.as_ref().and_then(|p| p.get(what)).and_then(|c| c.as_object());
            let number = |v: &serde_json::Value| v.as_str().and_then(|t| t.parse::<u64>().ok()).unwrap_or(0);
            counts.map_or(0, |c| c.values().map(number).sum())
        };
        PastImport {
            id: e.id,
            at: e.at,
            by: tell(&e, &names).0,
            created: count("created"),
            changed: count("changed"),
            unchanged: count("unchanged"),
        }
    }))
}
