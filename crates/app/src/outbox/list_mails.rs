//! What waits, what was sent and what was not, for operators.

use std::collections::{BTreeMap, HashMap};

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, MailId};
use orglink_domain::notice::MailState;
use orglink_policy::Action;
use orglink_store::mail::{self, Addressee, StoredMail};
use orglink_store::{Tx, account};

use crate::notify::read_contents;
use crate::{App, Error, Page, PageRequest, Principal};

/// A mail of a list.
#[derive(Debug, Clone)]
pub struct ListedMail {
    pub mail: StoredMail,
    /// Where it goes now.
    pub to: String,
    pub template: String,
    pub subject: String,
    /// Its action carries a one-time secret.
    pub has_secret: bool,
}

/// Lists mails, the newest first; only those in one state when it is given.
///
/// # Errors
/// A refusal for anybody but an operator; bad input for a cursor of another list.
pub async fn list_mails(
    app: &App,
    principal: &Principal,
    state: Option<MailState>,
    page: &PageRequest,
) -> Result<Page<ListedMail>, Error> {
    app.require(Action::ManageOutbox, principal.standing())?;
    let before = page.after_id(MailId)?;
    let mut tx = app.db.begin_read().await?;
    let found = mail::list(&mut tx, before, page.fetch(), state).await?;
    let page = page.page(found, |m| m.id.to_string());
    Ok(Page { items: listed(&mut tx, page.items).await?, next: page.next })
}

/// With where they go and what they are about.
pub(super) async fn listed(tx: &mut Tx, mails: Vec<StoredMail>) -> Result<Vec<ListedMail>, Error> {
    let account_of = |m: &StoredMail| match m.to {
        Addressee::Account(id) => Some(id),
        Addressee::Address(_) => None,
    };
    let ids: Vec<AccountId> = mails.iter().filter_map(account_of).collect();
    let addresses: HashMap<AccountId, String> =
        account::list_by_ids(tx, &ids).await?.into_iter().map(|a| (a.id, a.email)).collect();
    let contents: Vec<&str> = mails.iter().map(|m| m.content.as_str()).collect();
    let says = read_contents(tx, &contents).await?;
    let rows = mails.into_iter().zip(says).map(|(mail, says)| ListedMail {
        to: match &mail.to {
            Addressee::Account(id) => addresses.get(id).cloned().unwrap_or_default(),
            Addressee::Address(address) => address.clone(),
        },
        template: says.as_ref().map(|m| m.template().to_owned()).unwrap_or_default(),
        subject: says.as_ref().map_or_else(|| "of a newer release".to_owned(), |m| m.content().subject()),
        has_secret: says.as_ref().is_some_and(|m| m.content().secret().is_some()),
        mail,
    });
    Ok(rows.collect())
}

/// How many mails are in which state, and since when the oldest of them waits.
#[derive(Debug, Clone, Default)]
pub struct MailCounts {
    pub of: BTreeMap<MailState, (i64, Option<Timestamp>)>,
    /// There is a mail server.
    pub is_sending: bool,
}

impl MailCounts {
    #[must_use]
    pub fn count(&self, state: MailState) -> i64 {
        self.of.get(&state).map_or(0, |(count, _)| *count)
    }

    /// Since when the oldest mail waits that is not yet sent.
    #[must_use]
    pub fn oldest_waiting(&self) -> Option<Timestamp> {
        [MailState::Waiting, MailState::Failed].iter().filter_map(|s| self.of.get(s)?.1).min()
    }
}

/// Counts them; who may know is the caller's to ask.
///
/// # Errors
/// When the database is not reachable.
pub async fn count_mails(app: &App) -> Result<MailCounts, Error> {
    let mut tx = app.db.begin_read().await?;
    let of = mail::count(&mut tx).await?.into_iter().map(|(state, count, oldest)| (state, (count, oldest))).collect();
    Ok(MailCounts { of, is_sending: app.outbox.sends() })
}
