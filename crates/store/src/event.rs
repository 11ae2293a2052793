//! Events: appended in the transaction that causes them, then placed in dense positions by the sequencer.
//!
//! Views keep a cursor over *positions*, never over ids or times: on PostgreSQL a transaction that commits
//! late would slip in behind a cursor over either.

use orglink_domain::clock::{IdSource, Timestamp};
use orglink_domain::event::{Actor, Event, EventType, NewEvent, Through, commit_payload};
use orglink_domain::id::{AccountId, EventId, OrganizationId, WorkspaceId};
use uuid::Uuid;

use crate::row::{Time, digest, word};
use crate::{StoreError, Tx, fault};

/// How many events one transaction of the sequencer places.
const SEQUENCE_BATCH: i64 = 5000;

/// Everything that an event needs besides what happened.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    pub actor: Actor,
    pub at: Timestamp,
    pub ids: &'a dyn IdSource,
}

/// Appends one event; `version` is that of the workspace or organization after it.
pub async fn append(
    tx: &mut Tx,
    origin: Origin<'_>,
    event: NewEvent,
    version: Option<i64>,
) -> Result<EventId, StoreError> {
    let prepared = Prepared::new(origin, &event, version)?;
    let statement = twin!(tx, "event/create");
    execute!(
        tx,
        statement,
        prepared.id,
        prepared.kind.as_str(),
        Time(origin.at),
        origin.actor.account_id.map(|a| a.0),
        origin.actor.through.as_str(),
        prepared.organization_id,
        prepared.workspace_id,
        prepared.version,
        prepared.commitment.as_slice(),
        prepared.salt.as_slice(),
        prepared.payload.as_slice(),
    )?;
    Ok(EventId(prepared.id))
}

/// Appends many events of one origin.
pub async fn append_all(tx: &mut Tx, origin: Origin<'_>, events: &[(NewEvent, Option<i64>)]) -> Result<(), StoreError> {
    let rows: Vec<Prepared> =
        events.iter().map(|(event, version)| Prepared::new(origin, event, *version)).collect::<Result<_, _>>()?;
    let actor = origin.actor.account_id.map(|a| a.0);
    insert_all!(
        tx,
        "event (id, type, at, actor_id, actor_through, organization_id, workspace_id, version, commitment)",
        rows,
        |b, row| {
            b.push_bind(row.id)
                .push_bind(row.kind.as_str())
                .push_bind(Time(origin.at))
                .push_bind(actor)
                .push_bind(origin.actor.through.as_str())
                .push_bind(row.organization_id)
                .push_bind(row.workspace_id)
                .push_bind(row.version)
                .push_bind(row.commitment.as_slice());
        }
    );
    insert_all!(tx, "event_payload (event_id, salt, payload)", rows, |b, row| {
        b.push_bind(row.id).push_bind(row.salt.as_slice()).push_bind(row.payload.as_slice());
    });
    insert_all!(tx, "event_pending (event_id)", rows, |b, row| {
        b.push_bind(row.id);
    });
    Ok(())
}

struct Prepared {
    id: Uuid,
    kind: EventType,
    organization_id: Option<Uuid>,
    workspace_id: Option<Uuid>,
    version: Option<i64>,
    salt: [u8; 32],
    payload: Vec<u8>,
    commitment: [u8; 32],
}

impl Prepared {
    fn new(origin: Origin<'_>, event: &NewEvent, version: Option<i64>) -> Result<Self, StoreError> {
        let id = origin.ids.next(origin.at);
        let bad = || StoreError::inconsistent("event_payload", "payload", id);
        let mut salt = [0_u8; 32];
        getrandom::fill(&mut salt).map_err(|e| std::io::Error::other(e.to_string()))?;
        let (payload, commitment) = commit_payload(&event.payload, &salt).map_err(|_| bad())?;
        Ok(Self {
            id,
            kind: event.kind,
            organization_id: event.organization_id.map(|o| o.0),
            workspace_id: event.workspace_id.map(|w| w.0),
            version,
            salt,
            payload,
            commitment: *commitment.as_bytes(),
        })
    }
}

/// Places pending events in the next positions; how many. The sequence row is locked for the transaction, so
/// that positions are dense whoever does it, and however many try at once.
pub async fn place_pending(tx: &mut Tx) -> Result<usize, StoreError> {
    let (last,) = fetch_one!(tx, sql!("event/lock_sequence"), (i64,))?;
    let pending = fetch_all!(tx, sql!("event/list_pending"), (Uuid,), SEQUENCE_BATCH)?;
    if pending.is_empty() {
        return Ok(0);
    }
    let placed: Vec<(i64, Uuid)> = (last + 1..).zip(pending.iter().map(|(id,)| *id)).collect();
    insert_all!(tx, "event_position (position, event_id)", placed, |b, row| {
        b.push_bind(row.0).push_bind(row.1);
    });
    execute_by_keys!(tx, "DELETE FROM event_pending WHERE event_id", pending, |id| id.0);
    let newest = placed.last().map_or(last, |(position, _)| *position);
    execute!(tx, sql!("event/change_sequence"), newest)?;
    fault::point("sequence.placed");
    Ok(placed.len())
}

/// The salt of a payload, for whoever checks its commitment; nothing once erased.
pub async fn find_salt(tx: &mut Tx, id: EventId) -> Result<Option<[u8; 32]>, StoreError> {
    let row = fetch_optional!(tx, sql!("event/find_salt"), (Vec<u8>,), id.0)?;
    row.map(|(salt,)| crate::row::bytes32(&salt, "event_payload", "salt", id)).transpose()
}

/// Erases payloads of events before a moment, a thousand at a time, of one type or of all; how many. The envelopes, with
/// what each committed to, stay.
pub async fn erase_payloads(tx: &mut Tx, kind: Option<EventType>, before: Timestamp) -> Result<u64, StoreError> {
    // Ids are in the order of time (UUIDv7), so that the key finds them.
    let millis = u128::try_from(before.as_micros() / 1000).unwrap_or(0);
    let first = Uuid::from_u128(millis << 80);
    match kind {
        Some(kind) => execute!(tx, sql!("event/erase_payloads_of_type"), kind.as_str(), first),
        None => execute!(tx, sql!("event/erase_payloads"), first),
    }
}

/// Whether any event waits for its position.
pub async fn any_pending(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(fetch_one!(tx, sql!("event/any_pending"), (i64,))?.0 > 0)
}

/// The newest position given; 0 when none was.
pub async fn find_last_position(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("event/find_last_position"), (i64,))?.0)
}

type EventRow = (i64, Uuid, String, Time, Option<Uuid>, String, Option<Uuid>, Option<Uuid>, Vec<u8>, Option<Vec<u8>>);

fn from_row(row: EventRow) -> Result<Event, StoreError> {
    let (position, id, kind, at, actor, through, organization, workspace, commitment, payload) = row;
    let payload = payload
        .map(|bytes| serde_json::from_slice(&bytes))
        .transpose()
        .map_err(|_| StoreError::inconsistent("event_payload", "payload", id))?;
    Ok(Event {
        position,
        id: EventId(id),
        kind: word(&kind, "event", "type", id)?,
        at: at.0,
        actor: Actor {
            account_id: actor.map(AccountId),
            through: word::<Through>(&through, "event", "actor_through", id)?,
        },
        organization_id: organization.map(OrganizationId),
        workspace_id: workspace.map(WorkspaceId),
        commitment: digest(&commitment, "event", "commitment", id)?,
        payload,
    })
}

/// Events after a position, oldest first; only those of one account when it is given.
pub async fn list_after(
    tx: &mut Tx,
    position: i64,
    limit: i64,
    actor: Option<AccountId>,
) -> Result<Vec<Event>, StoreError> {
    let rows = match actor {
        Some(account) => fetch_all!(tx, sql!("event/list_of_actor_after"), EventRow, position, limit, account.0)?,
        None => fetch_all!(tx, sql!("event/list_after"), EventRow, position, limit)?,
    };
    rows.into_iter().map(from_row).collect()
}

/// Events of a log after one position and up to another, oldest first.
pub async fn list_of_between(
    tx: &mut Tx,
    subject: Subject,
    (after, up_to): (i64, i64),
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let rows = match subject {
        Subject::Workspace(id) => {
            fetch_all!(tx, sql!("event/list_of_workspace_between"), EventRow, after, up_to, limit, id.0)?
        }
        Subject::Organization(id) => {
            fetch_all!(tx, sql!("event/list_of_organization_between"), EventRow, after, up_to, limit, id.0)?
        }
        Subject::Installation => fetch_all!(tx, sql!("event/list_between"), EventRow, after, up_to, limit)?,
    };
    rows.into_iter().map(from_row).collect()
}

/// The events at some positions, in no order.
pub async fn list_at(tx: &mut Tx, positions: &[i64]) -> Result<Vec<Event>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        EventRow,
        "SELECT p.position, e.id, e.type, e.at, e.actor_id, e.actor_through, e.organization_id, e.workspace_id, e.commitment, y.payload
         FROM event_position p JOIN event e ON e.id = p.event_id LEFT JOIN event_payload y ON y.event_id = e.id WHERE p.position",
        positions,
        |position| *position,
        ""
    );
    rows.into_iter().map(from_row).collect()
}

/// Whose log.
#[derive(Debug, Clone, Copy)]
pub enum Subject {
    Workspace(WorkspaceId),
    Organization(OrganizationId),
    /// Everybody's.
    Installation,
}

/// Which events of a log; everything when nothing is said.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// Of any of these types; of all when there are none.
    pub kinds: Vec<EventType>,
    pub actor: Option<AccountId>,
    pub workspace: Option<WorkspaceId>,
    pub organization: Option<OrganizationId>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// Before any event, and after all: what both databases can compare with.
const EARLIEST: Timestamp = Timestamp::from_micros(0);
const LATEST: Timestamp = Timestamp::from_micros(253_402_214_400_000_000);

/// What a filter keeps of a log before an event, newest first.
pub async fn list_of(
    tx: &mut Tx,
    subject: Subject,
    filter: &LogFilter,
    before: Option<EventId>,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    // Words between spaces, to look a type up in.
    let words: Vec<&str> = filter.kinds.iter().map(|k| k.as_str()).collect();
    let kinds = if words.is_empty() { String::new() } else { format!(" {} ", words.join("  ")) };
    let (from, until) = (Time(filter.from.unwrap_or(EARLIEST)), Time(filter.until.unwrap_or(LATEST)));
    let (actor, workspace, organization) =
        (filter.actor.map(|a| a.0), filter.workspace.map(|w| w.0), filter.organization.map(|o| o.0));
    macro_rules! list {
        ($name:literal $(, $of:expr)?) => {
            fetch_all!(
                tx, sql!($name), EventRow, before, limit, kinds, from, until,
                actor.is_none(), actor.unwrap_or_default(),
                workspace.is_none(), workspace.unwrap_or_default(),
                organization.is_none(), organization.unwrap_or_default() $(, $of)?
            )?
        };
    }
    let rows = match subject {
        Subject::Workspace(id) => list!("event/list_of_workspace", id.0),
        Subject::Organization(id) => list!("event/list_of_organization", id.0),
        Subject::Installation => list!("event/list_of_installation"),
    };
    rows.into_iter().map(from_row).collect()
}

/// Events of one type before an event, newest first.
pub async fn list_of_type(
    tx: &mut Tx,
    kind: EventType,
    before: Option<EventId>,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    let rows = fetch_all!(tx, sql!("event/list_of_type"), EventRow, kind.as_str(), before, limit)?;
    rows.into_iter().map(from_row).collect()
}

/// How many events wait for their position, and since when the oldest does.
pub async fn count_pending(tx: &mut Tx) -> Result<(i64, Option<Timestamp>), StoreError> {
    let (count, oldest) = fetch_one!(tx, sql!("event/count_pending"), (i64, Option<Time>))?;
    Ok((count, oldest.map(|t| t.0)))
}

/// One change of a workspace after a version, as its event recorded it.
#[derive(Debug, Clone)]
pub struct RecordedChange {
    pub kind: EventType,
    pub at: Timestamp,
    pub payload: Option<serde_json::Value>,
}

/// What changed in a workspace after a version (at most 1,000 changes).
pub async fn list_changes_of_workspace(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after_version: i64,
) -> Result<Vec<RecordedChange>, StoreError> {
    type Row = (String, Time, Option<Vec<u8>>);
    fetch_all!(tx, sql!("event/list_changes_of_workspace"), Row, workspace.0, after_version)?
        .into_iter()
        .map(|(kind, at, payload)| {
            Ok(RecordedChange {
                kind: word(&kind, "event", "type", workspace)?,
                at: at.0,
                payload: payload.and_then(|bytes| serde_json::from_slice(&bytes).ok()),
            })
        })
        .collect()
}

/// An event as the change feed passes it on: no payload.
#[derive(Debug, Clone)]
pub struct FeedItem {
    pub position: i64,
    pub kind: EventType,
    pub organization_id: Option<OrganizationId>,
    pub workspace_id: Option<WorkspaceId>,
}

/// What was placed after a position.
pub async fn list_feed(tx: &mut Tx, position: i64, limit: i64) -> Result<Vec<FeedItem>, StoreError> {
    feed_of(fetch_all!(tx, sql!("event/list_feed"), FeedRow, position, limit)?)
}

/// What still waits for its position; its `position` says only what came before what.
pub async fn list_pending_feed(tx: &mut Tx, limit: i64) -> Result<Vec<FeedItem>, StoreError> {
    feed_of(fetch_all!(tx, sql!("event/list_pending_feed"), FeedRow, limit)?)
}

type FeedRow = (i64, String, Option<Uuid>, Option<Uuid>);

fn feed_of(rows: Vec<FeedRow>) -> Result<Vec<FeedItem>, StoreError> {
    rows.into_iter()
        .map(|(position, kind, organization, workspace)| {
            Ok(FeedItem {
                position,
                kind: word(&kind, "event", "type", position)?,
                organization_id: organization.map(OrganizationId),
                workspace_id: workspace.map(WorkspaceId),
            })
        })
        .collect()
}

/// Erases the payloads, with their salts, of what an account did to itself and of what others did to it; how many.
/// What it did in a workspace or an organization is theirs, and names it by its id only.
pub async fn erase_payloads_of(tx: &mut Tx, account: AccountId) -> Result<u64, StoreError> {
    let mut erased = execute!(tx, sql!("event/erase_payloads_of_actor"), account.0)?;
    let mut after = Uuid::nil();
    loop {
        let page = fetch_all!(tx, sql!("event/list_about_accounts"), (Uuid, Vec<u8>), after)?;
        let Some((last, _)) = page.last() else { return Ok(erased) };
        after = *last;
        let is_about = |bytes: &[u8]| {
            let payload: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
            payload.get("account").and_then(|a| a.as_str()) == Some(account.to_string().as_str())
        };
        for (id, _) in page.iter().filter(|(_, payload)| is_about(payload)) {
            erased += execute!(tx, sql!("event/erase_payload"), *id)?;
        }
    }
}
