//! Secrets: random ones that are handed out once, and the installation's key.

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use orglink_domain::digest::Digest;
use orglink_store::StoreError;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use subtle::ConstantTimeEq as _;

/// 32 random bytes as text; shown once, kept only as a hash.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new one, with a prefix that says what it is for.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn generate(prefix: &str) -> Result<Self, StoreError> {
        let bytes = random()?;
        Ok(Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// The text itself: for the one answer or the one URL that hands it out.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> Digest {
        hash_of(&self.0)
    }
}

/// What is kept of a secret somebody presents. These have 256 random bits, so a plain digest is enough.
#[must_use]
pub fn hash_of(presented: &str) -> Digest {
    Digest::of(&[b"orglink-secret\0", presented.as_bytes()])
}

/// 32 random bytes.
pub(crate) fn random() -> Result<[u8; 32], StoreError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| std::io::Error::other(e.to_string()))?;
    Ok(bytes)
}

/// The installation's key, from the key file: without it, what the database holds of it means nothing.
/// Several while one is replaced: the newest makes what is handed out, the older ones are still accepted.
#[derive(Clone)]
pub struct Key(Arc<RwLock<Keys>>);

#[derive(Clone)]
struct Keys {
    newest: [u8; 32],
    older: Vec<[u8; 32]>,
}

impl Key {
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self::with_older(bytes, [])
    }

    /// The newest, and those that are still accepted.
    #[must_use]
    pub fn with_older(newest: [u8; 32], older: impl IntoIterator<Item = [u8; 32]>) -> Self {
        Self(Arc::new(RwLock::new(Keys { newest, older: older.into_iter().collect() })))
    }

    /// From now on as this one, for whoever has a clone of it.
    pub fn replace(&self, by: &Self) {
        let keys = by.keys();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    fn keys(&self) -> Keys {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A keyed digest, for one named purpose.
    #[must_use]
    pub fn digest(&self, purpose: &str, of: &str) -> Digest {
        keyed(&self.keys().newest, purpose, of)
    }

    /// Encrypts something for one named purpose, so that only this installation reads it; nothing when it cannot be.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let random = random()?;
        let Some(nonce) = random.first_chunk::<NONCE_LEN>() else { return Ok(None) };
        let mut bytes = plain.to_vec();
        let sealed = sealing(&self.keys().newest, purpose).and_then(|key| {
            key.seal_in_place_append_tag(Nonce::assume_unique_for_key(*nonce), Aad::empty(), &mut bytes).ok()
        });
        Ok(sealed.map(|()| [nonce.as_slice(), &bytes].concat()))
    }

    /// Back from [`Key::seal`], and whether the newest key opened it; nothing when none of them does.
    #[must_use]
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Option<(Vec<u8>, bool)> {
        let keys = self.keys();
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        std::iter::once((&keys.newest, true)).chain(keys.older.iter().map(|k| (k, false))).find_map(
            |(key, is_newest)| {
                let mut bytes = sealed.to_vec();
                let nonce = Nonce::assume_unique_for_key(*nonce);
                let plain = sealing(key, purpose)?.open_in_place(nonce, Aad::empty(), &mut bytes).ok()?;
                Some((plain.to_vec(), is_newest))
            },
        )
    }

    /// A secret for one named purpose that only this installation can make, and that is kept nowhere.
    #[must_use]
    pub(crate) fn derived(&self, purpose: &str, of: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.digest(purpose, of).as_bytes())
    }

    /// Whether somebody presents one of [`Key::derived`]; takes the same time whatever they present.
    #[must_use]
    pub(crate) fn is_derived(&self, purpose: &str, of: &str, presented: &str) -> bool {
        let keys = self.keys();
        let accepted = std::iter::once(&keys.newest).chain(&keys.older);
        accepted.fold(false, |found, key| {
            let expected = URL_SAFE_NO_PAD.encode(keyed(key, purpose, of).as_bytes());
            bool::from(expected.as_bytes().ct_eq(presented.as_bytes())) | found
        })
    }

    /// The token that a form of this session must bring back.
    #[must_use]
    pub fn form_token(&self, session_secret: &str) -> String {
        self.derived("form", session_secret)
    }

    /// Whether a form brought back its token; takes the same time whatever it brought.
    #[must_use]
    pub fn is_form_token(&self, session_secret: &str, presented: &str) -> bool {
        self.is_derived("form", session_secret, presented)
    }
}

/// What encrypts for a purpose.
fn sealing(key: &[u8; 32], purpose: &str) -> Option<LessSafeKey> {
    let key = keyed(key, "seal", purpose);
    Some(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key.as_bytes()).ok()?))
}

fn keyed(key: &[u8; 32], purpose: &str, of: &str) -> Digest {
    let inner = Digest::of(&[key, b"inner\0", purpose.as_bytes(), b"\0", of.as_bytes()]);
    Digest::of(&[key, b"outer\0", inner.as_bytes()])
}
