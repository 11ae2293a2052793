//! One-time secrets: minted for a link in a mail, kept only as hashes, used once.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::AccountId;
use orglink_domain::name::fold;
use orglink_store::one_time::{self, OneTimeToken};
use orglink_store::{StoreError, Tx};
use uuid::Uuid;

use crate::Secret;
use crate::secret::hash_of;

/// What a secret is for, and for whom.
#[derive(Debug, Clone, Copy)]
pub struct Purpose<'a> {
    /// `invitation`, `sign_in`, `verify_address`, …
    pub name: &'static str,
    /// What it is about; using one secret uses every secret of that subject.
    pub subject: Uuid,
    /// Whom it is handed to, if that is an account.
    pub account_id: Option<AccountId>,
    /// The address it is sent to.
    pub email: Option<&'a str>,
    pub expires_at: Timestamp,
}

/// Makes a secret.
///
/// # Errors
/// When the system has no randomness to give, or the database is not reachable.
pub async fn mint(tx: &mut Tx, purpose: Purpose<'_>, at: Timestamp) -> Result<Secret, StoreError> {
    let secret = Secret::generate("")?;
    let token = OneTimeToken {
        purpose: purpose.name.to_owned(),
        subject_id: purpose.subject,
        account_id: purpose.account_id,
        email_folded: purpose.email.map(fold),
        created_at: at,
        expires_at: purpose.expires_at,
        used_at: None,
    };
    one_time::create(tx, &secret.hash(), &token).await?;
    Ok(secret)
}

/// What a secret stands for, without using it: nothing when it is unknown, of another purpose, used or too old.
///
/// # Errors
/// When the database is not reachable.
pub async fn find(
    tx: &mut Tx,
    purpose: &str,
    presented: &str,
    now: Timestamp,
) -> Result<Option<OneTimeToken>, StoreError> {
    let found = one_time::find(tx, &hash_of(presented)).await?;
    Ok(found.filter(|t| t.purpose == purpose && t.used_at.is_none() && t.expires_at > now))
}

/// Uses a secret, and with it every open one of its subject. Of several who try at once, one gets it: on
/// PostgreSQL the others' transactions fail and, tried again, find it used.
///
/// # Errors
/// When the database is not reachable.
pub async fn redeem(
    tx: &mut Tx,
    purpose: &str,
    presented: &str,
    now: Timestamp,
) -> Result<Option<OneTimeToken>, StoreError> {
    let Some(token) = find(tx, purpose, presented, now).await? else { return Ok(None) };
    let used = one_time::use_all(tx, purpose, token.subject_id, now).await?;
    Ok((used > 0).then_some(token))
}
