//! Password hashes: Argon2id, a few at a time, so that a crowd at the door cannot take the machine's memory.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use orglink_store::StoreError;
use tokio::sync::Semaphore;

use crate::Error;

/// The shortest password that is accepted (NIST SP 800-63B-4 asks for 15 where it is the only factor; length
/// is all that is asked for).
pub const MINIMUM_PASSWORD_LENGTH: usize = 15;
const MAXIMUM_PASSWORD_LENGTH: usize = 500;

/// Bounded work: each hash takes 19 MiB and some 20 ms.
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// A hash of nothing anybody has, checked when there is no account, so that both take as long.
    decoy: &'static str,
}

const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$b3JnbGluay1kZWNveS1zYWx0$Yw0Vf4fCB8C9tQyHsE8dR8q3BSPYzGq1y2T9X2T1Yy0";

impl Passwords {
    pub fn new() -> Self {
        Self { permits: Arc::new(Semaphore::new(2)), decoy: DECOY }
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: &str) -> Result<String, Error> {
        let length = password.chars().count();
        if !(MINIMUM_PASSWORD_LENGTH..=MAXIMUM_PASSWORD_LENGTH).contains(&length) {
            let detail = format!(
                "a password has {MINIMUM_PASSWORD_LENGTH} to {MAXIMUM_PASSWORD_LENGTH} characters; this one has {length}"
            );
            return Err(Error::field("password", detail));
        }
        let password = password.to_owned();
        let hash =
            self.run(move || Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string())).await?;
        hash.map_err(|e| StoreError::from(std::io::Error::other(e.to_string())).into())
    }

    /// Whether the password is the one of this hash; without a hash, takes as long and says no.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, Error> {
        if password.chars().count() > MAXIMUM_PASSWORD_LENGTH {
            return Ok(false);
        }
        let is_real = hash.is_some();
        let (password, hash) = (password.to_owned(), hash.unwrap_or_else(|| self.decoy.to_owned()));
        let is_right =
            self.run(move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok()).await?;
        Ok(is_real && is_right)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let broken = |e: String| Error::from(StoreError::from(std::io::Error::other(e)));
        let _permit = self.permits.acquire().await.map_err(|e| broken(e.to_string()))?;
        tokio::task::spawn_blocking(work).await.map_err(|e| broken(e.to_string()))
    }
}
