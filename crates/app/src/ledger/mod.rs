//! The transparency log: every event, in the order of positions, in a Merkle tree whose root is signed.
//!
//! What is kept is `ledger_log` (its newest checkpoint and, encrypted under the installation's key, what signs it) and
//! `ledger_tile`. Whoever goes on with it, any replica and any command, computes from a snapshot and keeps the outcome only
//! if nobody went on meanwhile (`generation`). A second history is never signed for: what was signed last is also noted
//! beside the key file ([`mark`]), where no restore of the database reaches.

mod integrate;
mod key;
mod mark;
mod prove;
mod restart;
mod serve;
mod verify;

use orglink_domain::ledger::{Checkpoint, VerifierKey};
use orglink_store::ledger::Log;

pub use integrate::{integrate, integrate_all};
pub(crate) use key::holds;
pub use mark::mark_beside;
pub(crate) use prove::prove_in;
pub use prove::{Proof, prove_inclusion};
pub use restart::restart;
pub use serve::{LogName, find_checkpoint, find_public_key, read_tile};
pub use verify::{Verification, verify};

use crate::{App, Error};

/// Refuses to sign, saying why.
fn refuse(detail: impl Into<String>) -> Error {
    Error::refused("ledger_differs", "The ledger does not go on", detail)
}

/// What is said where the ledger's first checkpoint is still to come.
fn not_begun() -> Error {
    Error::not_found("ledger", "current")
}

pub(crate) fn key_of(log: &Log) -> VerifierKey {
    VerifierKey { name: log.origin.clone(), key: log.public_key }
}

/// How many leaves a log has, as trees count.
fn size_of(log: &Log) -> u64 {
    u64::try_from(log.size).unwrap_or(0)
}

/// The checkpoint of a log over so many leaves.
fn checkpoint_of(log: &Log, size: u64, root: orglink_domain::digest::Digest) -> Checkpoint {
    let extensions = log.previous.iter().map(|previous| format!("previous {previous}")).collect();
    Checkpoint { origin: log.origin.clone(), size, root, extensions }
}

/// Where people reach this installation, without a scheme.
fn host(app: &App) -> &str {
    let url = app.settings.public_url.as_str();
    url.split_once("://").map_or(url, |(_, host)| host).trim_end_matches('/')
}
