//! Somebody's inbox: what is unread first, then the rest, each the newest first.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, NotificationId};
use orglink_domain::notice::NoticeKind;
use orglink_mail::Mail;
use orglink_store::Tx;
use orglink_store::notification::{self, Notification};
use uuid::Uuid;

use crate::notify::read_contents;
use crate::page::elsewhere;
use crate::{App, Error, Page, PageRequest, Principal};

/// An entry in words.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: NotificationId,
    pub kind: NoticeKind,
    /// The template's name.
    pub template: String,
    pub subject: String,
    pub paragraphs: Vec<String>,
    pub facts: Vec<(&'static str, String)>,
    /// What to do next, and where.
    pub action: (&'static str, String),
    pub is_urgent: bool,
    pub at: Timestamp,
    pub read_at: Option<Timestamp>,
}

/// A part of an inbox.
#[derive(Debug, Clone)]
pub struct Inbox {
    pub page: Page<Entry>,
    /// How many entries are unread, on whichever page.
    pub unread: i64,
}

/// Lists the entries of the one who asks; only the unread ones when asked.
///
/// # Errors
/// A refusal for nobody in particular; bad input for a cursor of another list.
pub async fn list_notifications(
    app: &App,
    principal: &Principal,
    only_unread: bool,
    page: &PageRequest,
) -> Result<Inbox, Error> {
    let account = principal.account()?.id;
    let mut tx = app.db.begin_read().await?;
    // The cursor says in which half it is: `unread:ID` or `read:ID`.
    let (is_unread, before) = match page.after().split_once(':') {
        None if page.after().is_empty() => (true, None),
        Some((half @ ("unread" | "read"), id)) => (half == "unread", Some(NotificationId(id_of_cursor(id)?))),
        _ => return Err(elsewhere()),
    };
    let mut found = Vec::new();
    if is_unread {
        found = notification::list(&mut tx, account, before, page.fetch(), true).await?;
    }
    let missing = page.fetch() - i64::try_from(found.len()).unwrap_or(0);
    if missing > 0 && !only_unread {
        let before = before.filter(|_| !is_unread);
        found.extend(notification::list(&mut tx, account, before, missing, false).await?);
    }
    let page = page.page(found, |n| format!("{}:{}", if n.read_at.is_none() { "unread" } else { "read" }, n.id));
    let unread = notification::count_unread(&mut tx, account).await?;
    let items = entries(&mut tx, page.items).await?;
    Ok(Inbox { page: Page { items, next: page.next }, unread })
}

fn id_of_cursor(text: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(text).map_err(|_| elsewhere())
}

/// What stands on every page of somebody.
#[derive(Debug, Clone, Default)]
pub struct Urgent {
    pub unread: i64,
    /// The newest, at most three.
    pub entries: Vec<Entry>,
}

/// How much is unread.
///
/// # Errors
/// When the database is not reachable.
pub async fn count_unread(app: &App, account: AccountId) -> Result<i64, Error> {
    let mut tx = app.db.begin_read().await?;
    Ok(notification::count_unread(&mut tx, account).await?)
}

/// How much is unread, and what is urgent.
///
/// # Errors
/// When the database is not reachable.
pub(crate) async fn list_urgent(tx: &mut Tx, account: AccountId) -> Result<Urgent, Error> {
    let unread = notification::count_unread(tx, account).await?;
    if unread == 0 {
        return Ok(Urgent::default());
    }
    let urgent = notification::list_urgent(tx, account).await?;
    Ok(Urgent { unread, entries: entries(tx, urgent).await? })
}

/// In words. What a newer release wrote has none here and is left out.
async fn entries(tx: &mut Tx, kept: Vec<Notification>) -> Result<Vec<Entry>, Error> {
    let contents: Vec<&str> = kept.iter().map(|n| n.content.as_str()).collect();
    let says = read_contents(tx, &contents).await?;
    Ok(kept.into_iter().zip(says).filter_map(|(n, says)| Some(entry(&n, &says?))).collect())
}

fn entry(kept: &Notification, says: &Mail) -> Entry {
    let content = says.content();
    let action = content.action();
    Entry {
        id: kept.id,
        kind: kept.kind,
        template: says.template().to_owned(),
        subject: content.subject(),
        paragraphs: content.paragraphs(),
        facts: content.facts(),
        action: (action.label, action.path),
        is_urgent: kept.is_urgent,
        at: kept.created_at,
        read_at: kept.read_at,
    }
}

/// Where an entry of the one who asks leads.
///
/// # Errors
/// `NotFound` for an entry of nobody or of somebody else.
pub async fn find_notification_path(app: &App, principal: &Principal, id: &str) -> Result<String, Error> {
    let account = principal.account()?.id;
    let absent = || Error::not_found("notification", id);
    let entry = NotificationId(Uuid::try_parse(id).map_err(|_| absent())?);
    let mut tx = app.db.begin_read().await?;
    let kept = notification::find(&mut tx, account, entry).await?.ok_or_else(absent)?;
    let found = entries(&mut tx, vec![kept]).await?.pop().ok_or_else(absent)?;
    Ok(found.action.1)
}
