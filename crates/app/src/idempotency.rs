//! The same key gives the same answer: kept in the transaction of the effect, replayed to whoever retries.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_store::idempotency::{self, Key};
use orglink_store::{Tx, fault};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Principal};

/// An answer, and whether it was given before to the same key.
#[derive(Debug, Clone)]
pub struct Answered<T> {
    pub answer: T,
    pub is_replay: bool,
}

/// One try of a request that may carry a key.
pub(crate) struct Attempt(Option<Key>);

/// The longest key.
const MAX_KEY: usize = 200;

impl Attempt {
    /// `request` is everything that makes the request what it is.
    pub(crate) fn new(
        principal: &Principal,
        route: &'static str,
        key: Option<&str>,
        request: &impl Serialize,
    ) -> Result<Self, Error> {
        let Some(key) = key else { return Ok(Self(None)) };
        if key.is_empty() || key.len() > MAX_KEY || !key.bytes().all(|b| b.is_ascii_graphic()) {
            let detail = format!("an idempotency key has 1 to {MAX_KEY} printable ASCII characters without spaces");
            return Err(Error::field("Idempotency-Key", detail));
        }
        let bytes = serde_json::to_vec(request).map_err(|e| Error::field("body", e.to_string()))?;
        Ok(Self(Some(Key {
            account_id: principal.account()?.id,
            route,
            key: key.to_owned(),
            request_hash: Digest::of(&[&bytes]),
        })))
    }

    /// The answer given before.
    ///
    /// # Errors
    /// `idempotency_key_reused` when the key came with another request.
    pub(crate) async fn find<T: DeserializeOwned>(&self, tx: &mut Tx) -> Result<Option<Answered<T>>, Error> {
        let Some(key) = &self.0 else { return Ok(None) };
        match idempotency::find(tx, key).await? {
            None => Ok(None),
            Some((hash, kept)) if hash == key.request_hash => {
                let answer = serde_json::from_slice(&kept)
                    .map_err(|e| orglink_store::StoreError::from(std::io::Error::other(e.to_string())))?;
                Ok(Some(Answered { answer, is_replay: true }))
            }
            Some(_) => Err(Error::refused(
                "idempotency_key_reused",
                "This key was used for something else",
                "The same idempotency key came with another request before. Use a new key for a new request.",
            )),
        }
    }

    /// Keeps the answer with the effect.
    pub(crate) async fn keep<T: Serialize + Clone>(
        &self,
        tx: &mut Tx,
        answer: &T,
        at: Timestamp,
    ) -> Result<Answered<T>, Error> {
        if let Some(key) = &self.0 {
            let bytes = serde_json::to_vec(answer)
                .map_err(|e| orglink_store::StoreError::from(std::io::Error::other(e.to_string())))?;
            if !idempotency::create(tx, key, &bytes, at).await? {
                // The same key at the same time: roll back, then find its answer.
                return Err(orglink_store::StoreError::Conflict.into());
            }
            fault::point("link.idempotency");
        }
        Ok(Answered { answer: answer.clone(), is_replay: false })
    }
}
