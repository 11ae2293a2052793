//! When tokens and sessions were last used: kept in memory, written at most once a minute, so that reading
//! never writes.

use std::collections::HashMap;
use std::sync::Mutex;

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{InstalledExtensionId, SessionId, TokenId};
use orglink_store::{extension, in_write, session, token};

use crate::{App, Error};

/// What was used since the last flush.
#[derive(Default)]
pub struct LastSeen {
    used: Mutex<HashMap<Used, Timestamp>>,
}

/// A token, a session, or the token of an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Used {
    Token(TokenId),
    Session(SessionId),
    Extension(InstalledExtensionId),
}

impl LastSeen {
    pub fn note(&self, what: Used, at: Timestamp) {
        if let Ok(mut used) = self.used.lock() {
            used.insert(what, at);
        }
    }

    fn take(&self) -> HashMap<Used, Timestamp> {
        self.used.lock().map(|mut used| std::mem::take(&mut *used)).unwrap_or_default()
    }
}

/// Writes what was used since the last time.
///
/// # Errors
/// When the database is not reachable; then this minute's use is forgotten.
pub async fn flush(app: &App) -> Result<(), Error> {
    let used = app.last_seen.take();
    if used.is_empty() {
        return Ok(());
    }
    in_write!(app.db, tx, {
        for (what, at) in &used {
            match what {
                Used::Token(id) => token::change_used(tx, *id, *at).await?,
                Used::Extension(id) => extension::change_used(tx, *id, *at).await?,
                Used::Session(id) => session::change_seen(tx, *id, *at).await?,
            }
        }
        Ok::<(), Error>(())
    })
}
