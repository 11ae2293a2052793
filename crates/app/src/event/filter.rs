//! Which events of a log are asked for: one rule for pages, API and command line.

use orglink_domain::clock::Timestamp;
use orglink_domain::event::EventType;
use orglink_domain::id::{AccountId, OrganizationId, WorkspaceId};
use orglink_domain::webhook::is_meant;
use orglink_store::event::LogFilter;
use orglink_store::{Tx, account, organization, workspace};
use uuid::Uuid;

use super::ActivityOf;
use crate::Error;

/// As a surface got it; what is empty says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityFilter {
    /// Types of events, or beginnings that end in a dot (`link.`), separated by commas.
    pub kinds: String,
    /// The address or the id of an account.
    pub actor: String,
    /// Slug or id; only of the whole installation.
    pub organization: String,
    pub workspace: String,
    /// RFC 3339: not before, and before.
    pub from: String,
    pub until: String,
}

impl ActivityFilter {
    /// As the query string that asks for it.
    #[must_use]
    pub fn as_query(&self) -> String {
        let fields = [
            ("type", &self.kinds),
            ("actor", &self.actor),
            ("organization", &self.organization),
            ("workspace", &self.workspace),
            ("from", &self.from),
            ("until", &self.until),
        ];
        let given = fields.iter().filter(|(_, text)| !text.is_empty());
        given.map(|(name, text)| format!("{name}={}", encode(text))).collect::<Vec<_>>().join("&")
    }

    /// What it means.
    ///
    /// # Errors
    /// Bad input that names the field.
    pub(super) async fn read(&self, tx: &mut Tx, of: ActivityOf<'_>) -> Result<LogFilter, Error> {
        let (from, until) = (time("from", &self.from)?, time("until", &self.until)?);
        if let (Some(from), Some(until)) = (from, until)
            && from > until
        {
            return Err(Error::field("from", "this is after `until`"));
        }
        let is_installation = matches!(of, ActivityOf::Installation);
        let mut filter = LogFilter { kinds: kinds(&self.kinds)?, from, until, ..LogFilter::default() };
        filter.actor = actor(tx, self.actor.trim()).await?;
        for (field, given) in [("organization", &self.organization), ("workspace", &self.workspace)] {
            if !given.is_empty() && !is_installation {
                return Err(Error::field(field, "only the log of the whole installation can be filtered by this"));
            }
        }
        // A thing that is not there has no events.
        if !self.organization.is_empty() {
            let found = organization::find_by_reference(tx, &self.organization).await?;
            filter.organization = Some(found.map_or_else(|| OrganizationId(unknown(&self.organization)), |o| o.id));
        }
        if !self.workspace.is_empty() {
            let found = workspace::find_with_role(tx, &self.workspace, None).await?;
            filter.workspace = Some(found.map_or_else(|| WorkspaceId(unknown(&self.workspace)), |(w, _)| w.id));
        }
        Ok(filter)
    }
}

/// As a value in a query string.
fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
        out
    })
}

/// The id that was given, of what was deleted perhaps; or one that nothing has.
fn unknown(reference: &str) -> Uuid {
    Uuid::try_parse(reference).unwrap_or_default()
}

/// Types, or beginnings that end in a dot, separated by commas.
pub(super) fn kinds(given: &str) -> Result<Vec<EventType>, Error> {
    let mut kinds = Vec::new();
    for word in given.split(',').map(str::trim).filter(|w| !w.is_empty()) {
        kinds.extend(kinds_of(word, "type")?);
    }
    Ok(kinds)
}

/// What one word means, given in a field.
pub(crate) fn kinds_of(word: &str, field: &'static str) -> Result<Vec<EventType>, Error> {
    let meant: Vec<EventType> = EventType::ALL.iter().copied().filter(|kind| is_meant(word, *kind)).collect();
    if meant.is_empty() {
        return Err(Error::field(field, format!("'{word}' is not a type of event")));
    }
    Ok(meant)
}

fn time(field: &'static str, given: &str) -> Result<Option<Timestamp>, Error> {
    if given.is_empty() {
        return Ok(None);
    }
    let no = |_| Error::field(field, "this is not a time such as 2026-11-27T00:00:00Z");
    given.parse::<Timestamp>().map(Some).map_err(no)
}

/// An address that nobody has is of nobody's events: the answer tells nothing about accounts.
async fn actor(tx: &mut Tx, given: &str) -> Result<Option<AccountId>, Error> {
    if given.is_empty() {
        return Ok(None);
    }
    if let Ok(id) = Uuid::try_parse(given) {
        return Ok(Some(AccountId(id)));
    }
    if !given.contains('@') {
        return Err(Error::field("actor", "this is neither the address nor the id of an account"));
    }
    Ok(Some(account::find_by_email(tx, given).await?.map_or(AccountId(Uuid::nil()), |a| a.id)))
}
