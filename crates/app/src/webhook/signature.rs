//! Signatures of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, under a secret that is shown once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use orglink_domain::clock::Timestamp;
use orglink_domain::id::WebhookId;
use orglink_store::in_write;
use orglink_store::webhook::{self, Webhook};
use ring::hmac;
use uuid::Uuid;

use crate::secret::random;
use crate::{App, Error};

/// What a secret begins with, so that whoever finds one knows what it is.
const PREFIX: &str = "whsec_";
/// What secrets are encrypted for.
const PURPOSE: &str = "webhook";

/// Webhooks looked at together.
const PAGE: i64 = 500;

/// A secret as it is shown once.
pub struct WebhookSecret(String);

impl WebhookSecret {
    /// The text itself: for the one answer that hands it out.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// A new secret: as it is shown, and as it is kept.
pub(super) fn new_secret(app: &App) -> Result<(WebhookSecret, Vec<u8>), Error> {
    let bytes = random()?;
    let sealed =
        app.key.seal(PURPOSE, &bytes)?.ok_or_else(|| Error::broken("a webhook's secret cannot be encrypted"))?;
    Ok((WebhookSecret(format!("{PREFIX}{}", STANDARD.encode(bytes))), sealed))
}

/// The secrets that sign now, the newest first; nothing when no key of the installation opens it.
pub(super) fn secrets_of(app: &App, webhook: &Webhook) -> Option<Vec<Vec<u8>>> {
    let (newest, _) = app.key.open(PURPOSE, &webhook.secret)?;
    let previous = webhook.previous.as_ref().filter(|(_, until)| *until > app.now());
    let previous = previous.and_then(|(sealed, _)| app.key.open(PURPOSE, sealed)).map(|(bytes, _)| bytes);
    Some(std::iter::once(newest).chain(previous).collect())
}

/// A secret as it is to be kept after the installation's key was rotated; nothing when it is fine as it is.
fn reseal(app: &App, sealed: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    match app.key.open(PURPOSE, sealed) {
        Some((bytes, false)) => Ok(app.key.seal(PURPOSE, &bytes)?),
        Some((_, true)) | None => Ok(None),
    }
}

/// Encrypts anew, under the newest key, what is still kept under an older one, while that is accepted.
///
/// # Errors
/// When the database is not reachable.
pub async fn reseal_secrets(app: &App) -> Result<(), Error> {
    let mut after = WebhookId(Uuid::nil());
    loop {
        let mut tx = app.db.begin_read().await?;
        let page = webhook::list_all(&mut tx, after, PAGE).await?;
        drop(tx);
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        for kept in &page {
            let (secret, previous) = (reseal(app, &kept.secret)?, kept.previous.as_ref());
            let resealed = previous.map(|(sealed, _)| reseal(app, sealed)).transpose()?.flatten();
            if secret.is_none() && resealed.is_none() {
                continue;
            }
            let newest = secret.as_deref().unwrap_or(&kept.secret);
            let previous = previous.map(|(sealed, until)| (resealed.as_deref().unwrap_or(sealed), *until));
            in_write!(app.db, tx, {
                // Unless it was rotated meanwhile.
                if webhook::find_any(tx, kept.id).await?.is_some_and(|now| now.secret == kept.secret) {
                    webhook::change_secret(tx, kept.id, newest, previous).await?;
                }
                Ok::<(), Error>(())
            })?;
        }
    }
}

/// What `webhook-signature` says: one signature a secret, separated by spaces.
pub(super) fn sign(secrets: &[Vec<u8>], id: &str, at: Timestamp, body: &[u8]) -> String {
    let signed = [format!("{id}.{}.", at.as_micros() / 1_000_000).as_bytes(), body].concat();
    let one = |secret: &Vec<u8>| {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), &signed);
        format!("v1,{}", STANDARD.encode(tag.as_ref()))
    };
    secrets.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn as_the_specification_signs() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let at = Timestamp::from_micros(1_614_265_330 * 1_000_000);
        let signature = sign(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
