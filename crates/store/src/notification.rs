//! What people were told in the product, what they want by mail, and how far telling has come.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, NotificationId};
use orglink_domain::notice::NoticeKind;
use uuid::Uuid;

use crate::row::{Time, word};
use crate::{StoreError, Tx};

/// How far a view over the events has come.
pub async fn find_cursor(tx: &mut Tx, view: &str) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("view_cursor/find"), (i64,), view)?.0)
}

/// Moves a view's cursor on; false when it is no longer where it was read.
pub async fn move_cursor(tx: &mut Tx, view: &str, from: i64, to: i64) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("view_cursor/move"), view, from, to)? == 1)
}

/// An entry of somebody's inbox.
#[derive(Debug, Clone)]
pub struct Notification {
    pub id: NotificationId,
    pub kind: NoticeKind,
    /// Template and parameters, as JSON.
    pub content: String,
    pub is_urgent: bool,
    pub created_at: Timestamp,
    pub read_at: Option<Timestamp>,
}

/// An entry about to be written.
#[derive(Debug, Clone)]
pub struct NewNotification {
    pub id: NotificationId,
    pub account_id: AccountId,
    pub kind: NoticeKind,
    pub content: String,
    pub is_urgent: bool,
    pub position: i64,
}

pub async fn create_all(tx: &mut Tx, new: &[NewNotification], at: Timestamp) -> Result<(), StoreError> {
    insert_all!(tx, "notification (id, account_id, kind, content, is_urgent, position, created_at)", new, |b, row| {
        b.push_bind(row.id.0)
            .push_bind(row.account_id.0)
            .push_bind(row.kind.as_str())
            .push_bind(&row.content)
            .push_bind(row.is_urgent)
            .push_bind(row.position)
            .push_bind(Time(at));
    });
    Ok(())
}

type Row = (Uuid, String, String, bool, Time, Option<Time>);

fn from_row((id, kind, content, is_urgent, created_at, read_at): Row) -> Result<Notification, StoreError> {
    Ok(Notification {
        id: NotificationId(id),
        kind: word(&kind, "notification", "kind", id)?,
        content,
        is_urgent,
        created_at: created_at.0,
        read_at: read_at.map(|t| t.0),
    })
}

/// The entries before one, the newest first: those that are unread, or those that are not.
pub async fn list(
    tx: &mut Tx,
    account: AccountId,
    before: Option<NotificationId>,
    limit: i64,
    is_unread: bool,
) -> Result<Vec<Notification>, StoreError> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    let rows = fetch_all!(tx, sql!("notification/list"), Row, account.0, before, limit, is_unread)?;
    rows.into_iter().map(from_row).collect()
}

/// What somebody must see wherever they are: urgent and unread (at most 3, the newest first).
pub async fn list_urgent(tx: &mut Tx, account: AccountId) -> Result<Vec<Notification>, StoreError> {
    fetch_all!(tx, sql!("notification/list_urgent"), Row, account.0)?.into_iter().map(from_row).collect()
}

pub async fn find(tx: &mut Tx, account: AccountId, id: NotificationId) -> Result<Option<Notification>, StoreError> {
    fetch_optional!(tx, sql!("notification/find"), Row, id.0, account.0)?.map(from_row).transpose()
}

pub async fn count_unread(tx: &mut Tx, account: AccountId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("notification/count_unread"), (i64,), account.0)?.0)
}

/// Says since when an entry is read, or that it is not; false when the account has no such entry.
pub async fn change_read(
    tx: &mut Tx,
    account: AccountId,
    id: NotificationId,
    read_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("notification/change_read"), id.0, account.0, read_at.map(Time))? == 1)
}

/// Everything up to one entry is read; how many were not.
pub async fn read_all(
    tx: &mut Tx,
    account: AccountId,
    up_to: Option<NotificationId>,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let up_to = up_to.map_or(Uuid::max(), |id| id.0);
    execute!(tx, sql!("notification/read_all"), account.0, up_to, Time(at))
}

/// Who was told of something between two positions (the first excluded).
pub async fn list_told(tx: &mut Tx, after: i64, up_to: i64) -> Result<Vec<AccountId>, StoreError> {
    let rows = fetch_all!(tx, sql!("notification/list_told"), (Uuid,), after, up_to)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// What somebody has decided about mails, by kind; about any other kind they have not.
pub async fn list_preferences(tx: &mut Tx, account: AccountId) -> Result<Vec<(NoticeKind, bool)>, StoreError> {
    let rows = fetch_all!(tx, sql!("notification/list_preferences"), (String, bool), account.0)?;
    rows.into_iter()
        .map(|(kind, by_mail)| Ok((word(&kind, "notification_preference", "kind", account)?, by_mail)))
        .collect()
}

/// Which of these people do not want which kinds by mail.
pub async fn list_unwanted(tx: &mut Tx, accounts: &[AccountId]) -> Result<Vec<(AccountId, NoticeKind)>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, String),
        "SELECT account_id, kind FROM notification_preference WHERE account_id",
        accounts,
        |id| id.0,
        "AND NOT by_mail"
    );
    rows.into_iter()
        .map(|(id, kind)| Ok((AccountId(id), word(&kind, "notification_preference", "kind", id)?)))
        .collect()
}

pub async fn save_preference(
    tx: &mut Tx,
    account: AccountId,
    kind: NoticeKind,
    by_mail: bool,
) -> Result<(), StoreError> {
    execute!(tx, sql!("notification/save_preference"), account.0, kind.as_str(), by_mail)?;
    Ok(())
}
