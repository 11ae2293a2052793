//! The outbox: mails as template and parameters, who sends them now, and what became of them.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, MailId};
use orglink_domain::name::fold;
use orglink_domain::notice::{MailState, NoticeKind};
use uuid::Uuid;

use crate::row::{Time, word};
use crate::{StoreError, Tx};

/// Whom a mail goes to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Addressee {
    /// An account, at its address when it is sent.
    Account(AccountId),
    /// An address that need not be an account's.
    Address(String),
}

/// A mail as it is kept.
#[derive(Debug, Clone)]
pub struct StoredMail {
    pub id: MailId,
    pub to: Addressee,
    pub kind: NoticeKind,
    /// Template and parameters, as JSON.
    pub content: String,
    pub state: MailState,
    /// How often sending it was begun.
    pub attempts: i64,
    /// When it is sent next, while it waits.
    pub due_at: Timestamp,
    pub leased_until: Option<Timestamp>,
    /// What the mail server said last.
    pub answer: Option<String>,
    pub created_at: Timestamp,
    /// Since when it is sent, refused or given up.
    pub ended_at: Option<Timestamp>,
}

/// A mail about to be written.
#[derive(Debug, Clone)]
pub struct NewMail {
    pub id: MailId,
    pub to: Addressee,
    pub kind: NoticeKind,
    pub content: String,
}

pub async fn create_all(tx: &mut Tx, new: &[NewMail], at: Timestamp) -> Result<(), StoreError> {
    insert_all!(
        tx,
        "mail (id, account_id, address, kind, content, state, attempts, due_at, created_at)",
        new,
        |b, row| {
            let (account, address) = match &row.to {
                Addressee::Account(id) => (Some(id.0), None),
                Addressee::Address(address) => (None, Some(address.as_str())),
            };
            b.push_bind(row.id.0)
                .push_bind(account)
                .push_bind(address)
                .push_bind(row.kind.as_str())
                .push_bind(&row.content)
                .push_bind(MailState::Waiting.as_str())
                .push_bind(0_i64)
                .push_bind(Time(at))
                .push_bind(Time(at));
        }
    );
    Ok(())
}

type Row = (
    Uuid,
    Option<Uuid>,
    Option<String>,
    String,
    String,
    String,
    i64,
    Time,
    Option<Time>,
    Option<String>,
    Time,
    Option<Time>,
);

fn from_row(row: Row) -> Result<StoredMail, StoreError> {
    let (id, account, address, kind, content, state, attempts, due_at, leased_until, answer, created_at, ended_at) =
        row;
    let to = match (account, address) {
        (Some(account), _) => Addressee::Account(AccountId(account)),
        (None, Some(address)) => Addressee::Address(address),
        (None, None) => return Err(StoreError::inconsistent("mail", "address", id)),
    };
    Ok(StoredMail {
        id: MailId(id),
        to,
        kind: word(&kind, "mail", "kind", id)?,
        content,
        state: word(&state, "mail", "state", id)?,
        attempts,
        due_at: due_at.0,
        leased_until: leased_until.map(|t| t.0),
        answer,
        created_at: created_at.0,
        ended_at: ended_at.map(|t| t.0),
    })
}

pub async fn find(tx: &mut Tx, id: MailId) -> Result<Option<StoredMail>, StoreError> {
    fetch_optional!(tx, sql!("mail/find"), Row, id.0)?.map(from_row).transpose()
}

/// The mail that has been due longest and that nobody sends; only one for the safety of an account when asked.
pub async fn find_due(tx: &mut Tx, now: Timestamp, only_security: bool) -> Result<Option<StoredMail>, StoreError> {
    fetch_optional!(tx, sql!("mail/find_due"), Row, Time(now), only_security)?.map(from_row).transpose()
}

/// Mails before one, the newest first; only those in one state when it is given.
pub async fn list(
    tx: &mut Tx,
    before: Option<MailId>,
    limit: i64,
    state: Option<MailState>,
) -> Result<Vec<StoredMail>, StoreError> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    let rows = match state {
        Some(state) => fetch_all!(tx, sql!("mail/list_in_state"), Row, before, limit, state.as_str())?,
        None => fetch_all!(tx, sql!("mail/list"), Row, before, limit)?,
    };
    rows.into_iter().map(from_row).collect()
}

/// How many mails are in each state, and since when the oldest of them is.
pub async fn count(tx: &mut Tx) -> Result<Vec<(MailState, i64, Option<Timestamp>)>, StoreError> {
    let rows = fetch_all!(tx, sql!("mail/count"), (String, i64, Option<Time>))?;
    rows.into_iter()
        .map(|(state, count, oldest)| Ok((word(&state, "mail", "state", "count")?, count, oldest.map(|t| t.0))))
        .collect()
}

/// Keeps a mail to oneself until a moment; false when somebody else does.
pub async fn claim(tx: &mut Tx, id: MailId, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("mail/claim"), id.0, Time(now), Time(until))? == 1)
}

/// Notes that a mail was not accepted at one attempt: tried again at `due_at`, or ended. False when somebody else has
/// it by now.
pub async fn note_failure(
    tx: &mut Tx,
    (id, attempt): (MailId, i64),
    state: MailState,
    answer: &str,
    due_at: Timestamp,
    ended_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let (due, ended) = (Time(due_at), ended_at.map(Time));
    Ok(execute!(tx, sql!("mail/note_failure"), id.0, attempt, state.as_str(), answer, due, ended)? == 1)
}

/// Notes that the mail server has accepted a mail, whoever sends it by now.
pub async fn note_sent(tx: &mut Tx, id: MailId, answer: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("mail/note_sent"), id.0, answer, Time(at))? == 1)
}

/// Sends a mail again that is failed, refused or given up; false when it is not.
pub async fn retry(tx: &mut Tx, id: MailId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("mail/retry"), id.0, Time(at))? == 1)
}

/// Sends a mail no more; false when it was sent or given up.
pub async fn give_up(tx: &mut Tx, id: MailId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("mail/give_up"), id.0, Time(at))? == 1)
}

/// Whether an address said that it wants no mails of a kind.
pub async fn is_unwanted(tx: &mut Tx, email: &str, kind: NoticeKind) -> Result<bool, StoreError> {
    Ok(fetch_one!(tx, sql!("mail/is_unwanted"), (i64,), fold(email), kind.as_str())?.0 > 0)
}

/// Notes that an address wants no mails of a kind, or does.
pub async fn change_unwanted(
    tx: &mut Tx,
    email_folded: &str,
    kind: NoticeKind,
    is_unwanted: bool,
) -> Result<(), StoreError> {
    if is_unwanted {
        execute!(tx, sql!("mail/create_unwanted"), email_folded, kind.as_str())?;
    } else {
        execute!(tx, sql!("mail/delete_unwanted"), email_folded, kind.as_str())?;
    }
    Ok(())
}
