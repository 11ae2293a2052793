//! The key that signs checkpoints (Ed25519): its seed is kept encrypted under the installation's key.

use orglink_domain::ledger::{Note, VerifierKey, sign_text};
use orglink_store::ledger::Log;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use super::{key_of, refuse};
use crate::secret::random;
use crate::{App, Error, Key};

/// A signing key at hand.
pub struct Signer {
    pair: Ed25519KeyPair,
    seed: [u8; 32],
}

/// What the seed of a log is encrypted for.
fn purpose(origin: &str) -> String {
    format!("ledger {origin}")
}

impl Signer {
    /// A new one.
    pub fn generate() -> Result<Self, Error> {
        Self::of(random()?).ok_or_else(|| Error::broken("a new key of the ledger does not work"))
    }

    fn of(seed: [u8; 32]) -> Option<Self> {
        Some(Self { pair: Ed25519KeyPair::from_seed_unchecked(&seed).ok()?, seed })
    }

    pub fn public_key(&self) -> Result<[u8; 32], Error> {
        self.pair.public_key().as_ref().try_into().map_err(|_| Error::broken("a public key has 32 bytes"))
    }

    /// As the database keeps it.
    pub fn seal(&self, key: &Key, origin: &str) -> Result<Vec<u8>, Error> {
        key.seal(&purpose(origin), &self.seed)?.ok_or_else(|| Error::broken("the ledger's key cannot be encrypted"))
    }

    /// That of a log; and, when an older key of the installation opened it, how it is to be kept from now on.
    pub fn open(app: &App, log: &Log) -> Result<(Self, Option<Vec<u8>>), Error> {
        let opened = app.key.open(&purpose(&log.origin), &log.sealed_key);
        let Some((seed, is_newest)) = opened else {
            return Err(refuse(
                "The ledger's signing key is encrypted under another key file. Bring that back; if it is lost: orglink ledger restart.",
            ));
        };
        let signer = seed.try_into().ok().and_then(Self::of).filter(|s| s.public_key().ok() == Some(log.public_key));
        let signer = signer.ok_or_else(|| refuse("The ledger's signing key does not fit its public key."))?;
        let resealed = if is_newest { None } else { Some(signer.seal(&app.key, &log.origin)?) };
        Ok((signer, resealed))
    }

    /// A text under this log's signature.
    pub fn sign(&self, key: &VerifierKey, text: String) -> Note {
        sign_text(text, key, |bytes| self.pair.sign(bytes).as_ref().to_vec())
    }
}

/// Whether a note is signed by a log, under its name.
pub fn is_signed(note: &Note, log: &Log) -> bool {
    let key = key_of(log);
    let ours = note.signatures.iter().find(|s| s.name == key.name && s.key_id == key.id());
    ours.is_some_and(|s| holds(&key.key, note.text.as_bytes(), &s.signature))
}

/// Whether a signature over a text was made with a public key.
pub fn holds(key: &[u8; 32], text: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, key).verify(text, signature).is_ok()
}
