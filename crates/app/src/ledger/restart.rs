//! Opens a log: the first one, and one after a database was restored that does not hold what was signed.

use orglink_domain::digest::Digest;
use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::ledger::{Checkpoint, VerifierKey};
use orglink_store::ledger::Log;
use orglink_store::{event, in_write, ledger};
use serde_json::json;

use super::key::Signer;
use super::{checkpoint_of, host, mark, refuse, size_of};
use crate::{App, Error, Principal};

/// Ends the log there is and opens another over the events as they are now, with a new name and a new key. Its checkpoints
/// name the old one, with the size and root that were signed last. The new origin comes back.
///
/// # Errors
/// Refused when no log was ever begun; when the database is not reachable.
pub async fn restart(app: &App, principal: &Principal, reason: &str) -> Result<String, Error> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", "say why: whoever checks the ledger reads it"));
    }
    open_log(app, Some((principal, reason))).await
}

/// Opens the first log, or, when somebody says why, the next.
pub(super) async fn open_log(app: &App, again: Option<(&Principal, &str)>) -> Result<String, Error> {
    let at = app.now();
    let mut tx = app.db.begin_read().await?;
    let current = ledger::find_current(&mut tx).await?;
    let number = ledger::find_last_number(&mut tx).await? + 1;
    drop(tx);
    let previous = match again {
        Some(_) => Some(last_signed(app, current.as_ref())?),
        None => None,
    };
    let signer = Signer::generate()?;
    let id = app.new_id(at);
    let origin = format!("{}/ledger/{id}", host(app));
    let mut log = Log {
        id,
        number,
        public_key: signer.public_key()?,
        sealed_key: signer.seal(&app.key, &origin)?,
        generation: 0,
        size: 0,
        root: Digest::of(&[]),
        note: String::new(),
        signed_at: at,
        previous: previous.as_ref().map(|p| p.to_string().trim_end().replace('\n', " ")),
        origin,
    };
    let checkpoint = checkpoint_of(&log, 0, log.root);
    let key = VerifierKey { name: log.origin.clone(), key: log.public_key };
    log.note = signer.sign(&key, checkpoint.to_string()).to_string();
    let log = &log;
    in_write!(app.db, tx, {
        if let Some(old) = &current {
            ledger::end(tx, old.id, at).await?;
        }
        if !ledger::create(tx, log, again.map(|(_, reason)| reason)).await? {
            // Somebody opened one at the same moment: nothing is kept of this one.
            return Err(Error::Stale);
        }
        if let Some((principal, reason)) = again {
            let payload = json!({ "origin": log.origin, "previous": log.previous, "reason": reason });
            let event =
                NewEvent { kind: EventType::LedgerRestarted, organization_id: None, workspace_id: None, payload };
            event::append(tx, app.origin(principal.actor(), at), event, None).await?;
        }
        Ok::<(), Error>(())
    })?;
    mark::write(app, &log.note, &checkpoint, true)?;
    Ok(log.origin.clone())
}

/// The newest that was signed, here or as the note beside the key file says; without extensions.
fn last_signed(app: &App, current: Option<&Log>) -> Result<Checkpoint, Error> {
    let kept = current.map(|log| Checkpoint {
        origin: log.origin.clone(),
        size: size_of(log),
        root: log.root,
        extensions: Vec::new(),
    });
    // What cannot be read says nothing: a restart is the way out of that, too.
    let noted = mark::read(app).ok().flatten().map(|noted| Checkpoint { extensions: Vec::new(), ..noted });
    match (kept, noted) {
        (Some(kept), Some(noted)) if noted.origin != kept.origin || noted.size >= kept.size => Ok(noted),
        (Some(kept), _) => Ok(kept),
        (None, Some(noted)) => Ok(noted),
        (None, None) => Err(refuse("No ledger was begun yet; orglink serve begins one.")),
    }
}
