//! Tickets: addresses that say, for an hour or two, *that* what a workspace may use has changed. A program that listens to one
//! cannot send a token along (browsers let no page do so), and learns nothing but that it should ask again.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use orglink_domain::clock::Timestamp;
use orglink_domain::id::WorkspaceId;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::check::read;
use super::kept::Known;
use crate::feed::FeedItem;
use crate::{App, Error};

/// The longest that a ticket can be used; the shortest is half of it.
pub const TICKET_SECONDS: i64 = 2 * HOUR;

const HOUR: i64 = 60 * 60;

const PURPOSE: &str = "entitlement-ticket";

/// Makes a ticket for whoever was just told what a workspace may use. It is the same for an hour, so that whoever listens
/// already can go on.
#[must_use]
pub fn make_ticket(app: &App, workspace: WorkspaceId) -> String {
    let hours = app.now().as_micros() / 1_000_000 / HOUR;
    let until = (hours + 2) * HOUR * 1_000_000;
    let said = format!("{workspace}.{until}");
    format!("{said}.{}", URL_SAFE_NO_PAD.encode(app.key.digest(PURPOSE, &said).as_bytes()))
}

/// What a ticket lets somebody listen to.
#[derive(Debug, Clone)]
pub struct Listening {
    workspace: WorkspaceId,
    pub until: Timestamp,
}

impl Listening {
    /// Opens a ticket.
    ///
    /// # Errors
    /// `SignedOut` when it is none of ours, or has ended.
    pub fn open(app: &App, ticket: &str) -> Result<Self, Error> {
        let (said, seal) = ticket.rsplit_once('.').ok_or(Error::SignedOut)?;
        let expected = URL_SAFE_NO_PAD.encode(app.key.digest(PURPOSE, said).as_bytes());
        if !bool::from(expected.as_bytes().ct_eq(seal.as_bytes())) {
            return Err(Error::SignedOut);
        }
        let (workspace, until) = said.split_once('.').ok_or(Error::SignedOut)?;
        let workspace = Uuid::try_parse(workspace).map_err(|_| Error::SignedOut)?;
        let until = Timestamp::from_micros(until.parse().map_err(|_| Error::SignedOut)?);
        if until <= app.now() {
            return Err(Error::SignedOut);
        }
        Ok(Self { workspace: WorkspaceId(workspace), until })
    }

    /// What features look at now.
    ///
    /// # Errors
    /// `NotFound` when the workspace is gone.
    pub async fn look(&self, app: &App) -> Result<Arc<Known>, Error> {
        // Not from memory: whoever listens hears of a change before what is kept is forgotten.
        read(app, &self.workspace.to_string()).await
    }

    /// Whether something that happened may change the answer.
    #[must_use]
    pub fn concerns(&self, known: &Known, item: &FeedItem) -> bool {
        item.workspace_id == Some(self.workspace)
            || (item.organization_id.is_some() && item.organization_id == known.organization)
    }
}
