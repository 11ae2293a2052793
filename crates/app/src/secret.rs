//! Secrets: random ones that are handed out once, and the installation's key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use orglink_domain::digest::Digest;
use orglink_store::StoreError;
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
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A keyed digest, for one named purpose.
    #[must_use]
    pub fn digest(&self, purpose: &str, of: &str) -> Digest {
        let inner = Digest::of(&[&self.0, b"inner\0", purpose.as_bytes(), b"\0", of.as_bytes()]);
        Digest::of(&[&self.0, b"outer\0", inner.as_bytes()])
    }

    /// The token that a form of this session must bring back.
    #[must_use]
    pub fn form_token(&self, session_secret: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.digest("form", session_secret).as_bytes())
    }

    /// Whether a form brought back its token; takes the same time whatever it brought.
    #[must_use]
    pub fn is_form_token(&self, session_secret: &str, presented: &str) -> bool {
        self.form_token(session_secret).as_bytes().ct_eq(presented.as_bytes()).into()
    }
}
