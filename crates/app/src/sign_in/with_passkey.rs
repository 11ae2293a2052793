//! Signs somebody in with a passkey. The device finds it by itself, so that nobody names an address and nothing can be
//! asked about one.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::EventType;
use orglink_store::passkey::{self, Ceremony};
use orglink_store::{StoreError, Tx, account, in_write};
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PublicKeyCredential, WebauthnError};

use super::{Device, append_own, open_session};
use crate::passkey::{ANSWER_SECONDS, kept, read};
use crate::secret::Secret;
use crate::{App, Error};

/// What a device is asked, and the id under which its answer is awaited.
#[derive(Debug, Clone)]
pub struct PasskeyQuestion {
    pub id: Uuid,
    /// `PublicKeyCredentialRequestOptionsJSON` or `PublicKeyCredentialCreationOptionsJSON`.
    pub options: Value,
}

pub(super) fn refused() -> Error {
    Error::refused(
        "passkey_not_accepted",
        "This passkey was not accepted",
        "It is not one of yours here, or it took too long. Try again, or sign in another way.",
    )
}

/// Asks whatever device there is for a passkey of this installation; for signing in and for confirming alike.
///
/// # Errors
/// `passkeys_not_possible` where this installation has no name of its own.
pub async fn ask_for_passkey(app: &App) -> Result<PasskeyQuestion, Error> {
    let (asked, state) = app.passkeys.require()?.start_discoverable_authentication().map_err(|e| broken(&e))?;
    let at = app.now();
    let ceremony = Ceremony {
        id: app.new_id(at),
        account_id: None,
        is_registration: false,
        state: kept(&state)?,
        expires_at: at.plus_seconds(ANSWER_SECONDS),
    };
    let options = serde_json::to_value(&asked.public_key).map_err(|e| Error::broken(&e.to_string()))?;
    in_write!(app.db, tx, { passkey::create_ceremony(tx, &ceremony).await.map_err(Error::from) })?;
    Ok(PasskeyQuestion { id: ceremony.id, options })
}

/// Signs in; the secret of the new session.
///
/// # Errors
/// `passkey_not_accepted`, whatever is wrong with it.
pub async fn sign_in_with_passkey(app: &App, question: &str, answer: &str, device: &Device) -> Result<Secret, Error> {
    let at = app.now();
    in_write!(app.db, tx, {
        match prove(app, tx, question, answer, at).await? {
            Ok(account) => Ok::<_, Error>(Ok(open_session(app, tx, &account, "passkey", device, at).await?)),
            Err(e) => Ok(Err(e)),
        }
    })?
}

/// Whose passkey has answered. The inner no is kept with what was done: a question is used up by any answer, and a
/// passkey that counts backwards is noted.
pub(super) async fn prove(
    app: &App,
    tx: &mut Tx,
    question: &str,
    answer: &str,
    at: Timestamp,
) -> Result<Result<Account, Error>, Error> {
    let Ok(id) = Uuid::try_parse(question) else { return Ok(Err(refused())) };
    let asked = passkey::find_ceremony(tx, id).await?.filter(|c| !c.is_registration);
    let is_open = passkey::delete_ceremony(tx, id).await?;
    let Some(asked) = asked.filter(|c| is_open && c.expires_at > at) else { return Ok(Err(refused())) };
    let state: DiscoverableAuthentication = read(&asked.state)?;
    let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return Ok(Err(refused())) };
    let webauthn = app.passkeys.require()?;
    let Ok((user, credential_id)) = webauthn.identify_discoverable_authentication(&answer) else {
        return Ok(Err(refused()));
    };
    let found = passkey::find_by_credential(tx, credential_id).await?.filter(|p| p.account_id.0 == user);
    let Some(found) = found else { return Ok(Err(refused())) };
    let mut key: Passkey = read(&found.credential)?;
    match webauthn.finish_discoverable_authentication_v2(&answer, state, &key) {
        Ok(proof) => {
            key.update_credential(&proof);
            if !passkey::change_used(tx, &found, &kept(&key)?, at).await? {
                return Err(StoreError::Conflict.into());
            }
        }
        Err(WebauthnError::CredentialPossibleCompromise) => {
            let payload = json!({ "account": found.account_id, "passkey": found.id });
            append_own(app, tx, found.account_id, EventType::PasskeyRefused, payload, at).await?;
            return Ok(Err(refused()));
        }
        Err(_) => return Ok(Err(refused())),
    }
    let account = account::find(tx, found.account_id).await?.filter(|a| !a.is_suspended);
    Ok(account.ok_or_else(refused))
}

fn broken(e: &WebauthnError) -> Error {
    Error::broken(&e.to_string())
}
