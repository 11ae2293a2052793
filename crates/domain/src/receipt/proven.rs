//! An event with everything that it takes to show that the ledger holds it.

use serde_json::{Value, json};
use uuid::Uuid;

use super::Wrong;
use super::read::{Hex32, Object, exact};
use crate::clock::Timestamp;
use crate::digest::Digest;
use crate::event::commit_payload;
use crate::ledger::{Checkpoint, Entry, hash_leaf, is_included};

/// The fields of an envelope.
const ENVELOPE: &[&str] =
    &["actor", "at", "commitment", "id", "organization", "position", "through", "type", "workspace"];

/// An event as a receipt carries it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvenEvent {
    /// The exact bytes that are hashed: the event's envelope.
    pub leaf: String,
    /// Which leaf, from 0.
    pub index: u64,
    /// The hashes beside the way from the leaf to the root.
    pub path: Vec<Digest>,
    /// What happened.
    pub payload: Value,
    /// With it the payload opens the leaf's commitment.
    pub salt: [u8; 32],
}

impl ProvenEvent {
    pub(super) fn to_value(&self) -> Value {
        json!({
            "index": self.index.to_string(),
            "leaf": self.leaf,
            "path": self.path,
            "payload": self.payload,
            "salt": Hex32(self.salt).to_string(),
        })
    }

    pub(super) fn read(at: &str, value: &Value) -> Result<Self, Wrong> {
        let object = Object::of(at, value, &["index", "leaf", "path", "payload", "salt"])?;
        let path = object.list("path")?.iter().enumerate();
        let path = path.map(|(i, hash)| exact(&format!("{at}.path.{i}"), hash, "sha256: and 64 lower-case digits"));
        Ok(Self {
            leaf: object.text("leaf")?.to_owned(),
            index: object.exact("index", "a number without leading zeros, as a text")?,
            path: path.collect::<Result<_, _>>()?,
            payload: object.value("payload").clone(),
            salt: object.exact::<Hex32>("salt", "64 lower-case hexadecimal digits")?.0,
        })
    }

    /// The envelope in the leaf.
    ///
    /// # Errors
    /// When it is no envelope, or not written as the ledger writes one.
    pub fn entry(&self, at: &str) -> Result<Entry, Wrong> {
        let field = format!("{at}.leaf");
        let wrong = || Wrong::new(field.as_str(), "is not an envelope as the ledger writes them");
        let value: Value = serde_json::from_str(&self.leaf).map_err(|_| wrong())?;
        let object = Object::of(&field, &value, ENVELOPE)?;
        let id = |name| object.exact_or_null::<Uuid>(name, "an id or null");
        let entry = Entry {
            actor_id: id("actor")?,
            at: object.exact::<Timestamp>("at", "a time (RFC 3339, UTC)")?,
            commitment: object.exact("commitment", "sha256: and 64 lower-case digits")?,
            id: object.exact("id", "an id")?,
            organization_id: id("organization")?,
            position: object.exact("position", "a number, as a text")?,
            through: object.text("through")?.to_owned(),
            kind: object.text("type")?.to_owned(),
            workspace_id: id("workspace")?,
        };
        let bytes = entry.to_bytes().map_err(|_| wrong())?;
        if bytes == self.leaf.as_bytes() { Ok(entry) } else { Err(wrong()) }
    }

    /// The envelope, once it is shown to stand under the checkpoint and to commit to this payload.
    pub(super) fn check(&self, at: &str, checkpoint: &Checkpoint) -> Result<Entry, Wrong> {
        let entry = self.entry(at)?;
        let is_its_place =
            i64::try_from(self.index).ok().and_then(|index| index.checked_add(1)) == Some(entry.position);
        if !is_its_place {
            let detail = format!(
                "the leaf says position {}, which is index {}",
                entry.position,
                entry.position.saturating_sub(1)
            );
            return Err(Wrong::new(format!("{at}.index"), detail));
        }
        let leaf = hash_leaf(self.leaf.as_bytes());
        if !is_included(&leaf, self.index, checkpoint.size, &self.path, &checkpoint.root) {
            let detail =
                "the leaf does not lead to the signed root by this path: one of the two is not what the ledger holds";
            return Err(Wrong::new(format!("{at}.path"), detail));
        }
        match commit_payload(&self.payload, &self.salt) {
            Ok((_, commitment)) if commitment == entry.commitment => Ok(entry),
            _ => {
                let detail =
                    "payload and salt do not open the commitment in the leaf: one of the two is not that of the event";
                Err(Wrong::new(format!("{at}.payload"), detail))
            }
        }
    }
}
