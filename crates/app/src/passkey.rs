//! Passkeys: what a device signs in with instead of a password (WebAuthn). Added, named and removed by their owner.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::{AccountId, PasskeyId};
use orglink_domain::name::check_title;
use orglink_store::passkey::{self, Ceremony};
use orglink_store::{Tx, event, in_write};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{Passkey, PasskeyRegistration, RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder};

pub use orglink_store::passkey::Passkey as StoredPasskey;

use crate::sign_in::PasskeyQuestion;
use crate::{App, Error, Principal};

/// How long a device may take to answer.
pub(crate) const ANSWER_SECONDS: i64 = 5 * 60;
/// Nobody has more devices.
const MOST: usize = 20;

/// Passkeys of this installation: bound to the host of its public URL, where that is a name.
pub struct Passkeys(Option<Webauthn>);

impl Passkeys {
    pub(crate) fn new(public_url: &str) -> Self {
        let make = || {
            let origin = Url::parse(public_url).ok()?;
            // An address is no name that a browser would accept.
            let host = origin.domain()?.to_owned();
            WebauthnBuilder::new(&host, &origin).ok()?.rp_name("orglink").build().ok()
        };
        Self(make())
    }

    /// Whether there can be any.
    #[must_use]
    pub const fn are_possible(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn require(&self) -> Result<&Webauthn, Error> {
        self.0.as_ref().ok_or_else(|| {
            Error::refused(
                "passkeys_not_possible",
                "No passkeys here",
                "Passkeys belong to a name, and this installation's public_url has only an address. On one's own                  machine, http://localhost:PORT will do.",
            )
        })
    }
}

/// The passkeys of the one who asks, oldest first.
///
/// # Errors
/// When the database is not reachable.
pub async fn list_passkeys(app: &App, principal: &Principal) -> Result<Vec<StoredPasskey>, Error> {
    let mut tx = app.db.begin_read().await?;
    Ok(passkey::list(&mut tx, principal.account()?.id).await?)
}

/// Asks the device for a new passkey.
///
/// # Errors
/// `passkeys_not_possible`; `too_many_passkeys`.
pub async fn ask_for_new_passkey(app: &App, principal: &Principal) -> Result<PasskeyQuestion, Error> {
    let account = principal.account()?;
    let webauthn = app.passkeys.require()?;
    let mut tx = app.db.begin_read().await?;
    let there: Vec<Passkey> =
        passkey::list(&mut tx, account.id).await?.iter().map(|p| read(&p.credential)).collect::<Result<_, _>>()?;
    drop(tx);
    if there.len() >= MOST {
        return Err(too_many());
    }
    let others = there.iter().map(|p| p.cred_id().clone()).collect();
    let (asked, state) = webauthn
        .start_passkey_registration(account.id.0, &account.email, &account.name, Some(others))
        .map_err(|e| Error::broken(&e.to_string()))?;
    let mut options = serde_json::to_value(&asked.public_key).map_err(|e| Error::broken(&e.to_string()))?;
    // The device must be able to find it without being told whose it is.
    if let Some(selection) = options.get_mut("authenticatorSelection").and_then(Value::as_object_mut) {
        selection.insert("residentKey".to_owned(), "required".into());
        selection.insert("requireResidentKey".to_owned(), true.into());
    }
    let at = app.now();
    let ceremony = Ceremony {
        id: app.new_id(at),
        account_id: Some(account.id),
        is_registration: true,
        state: kept(&state)?,
        expires_at: at.plus_seconds(ANSWER_SECONDS),
    };
    in_write!(app.db, tx, { passkey::create_ceremony(tx, &ceremony).await.map_err(Error::from) })?;
    Ok(PasskeyQuestion { id: ceremony.id, options })
}

/// Keeps the passkey with which a device has answered, under a name.
///
/// # Errors
/// `passkey_not_made` when the answer does not fit the question, was given already or came too late; bad input that says
/// which field; `too_many_passkeys`.
pub async fn create_passkey(
    app: &App,
    principal: &Principal,
    question: &str,
    answer: &str,
    name: &str,
) -> Result<PasskeyId, Error> {
    let name = check_title("name", name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
    let owner = principal.account()?.id;
    let webauthn = app.passkeys.require()?;
    let id = Uuid::try_parse(question).map_err(|_| not_made())?;
    let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| not_made())?;
    let at = app.now();
    let made = in_write!(app.db, tx, {
        let asked = passkey::find_ceremony(tx, id).await?;
        let asked = asked.filter(|c| c.is_registration && c.account_id == Some(owner));
        let is_open = asked.is_some() && passkey::delete_ceremony(tx, id).await?;
        // The question is used up, whatever the answer is worth.
        let Some(asked) = asked.filter(|c| is_open && c.expires_at > at) else { return Ok(None) };
        let state: PasskeyRegistration = read(&asked.state)?;
        let Ok(key) = webauthn.finish_passkey_registration(&answer, &state) else { return Ok(None) };
        if passkey::list(tx, owner).await?.len() >= MOST {
            return Err(too_many());
        }
        let new = StoredPasskey {
            id: PasskeyId(app.new_id(at)),
            account_id: owner,
            name: name.to_owned(),
            credential: kept(&key)?,
            created_at: at,
            last_used_at: None,
        };
        if !passkey::create(tx, &new, key.cred_id().as_ref()).await? {
            return Ok(None);
        }
        tell(app, tx, principal, owner, EventType::PasskeyCreated, new.id).await?;
        Ok::<_, Error>(Some(new.id))
    })?;
    made.ok_or_else(not_made)
}

/// Calls one of the asker's passkeys otherwise.
///
/// # Errors
/// `NotFound`; bad input that says which field.
pub async fn rename_passkey(app: &App, principal: &Principal, reference: &str, name: &str) -> Result<(), Error> {
    let name = check_title("name", name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
    let (owner, id) = (principal.account()?.id, id_of(reference)?);
    in_write!(app.db, tx, {
        if !passkey::rename(tx, owner, id, name).await? {
            return Err(Error::not_found("passkey", reference));
        }
        tell(app, tx, principal, owner, EventType::PasskeyChanged, id).await
    })
}

/// Removes one of the asker's passkeys; nobody signs in with it any more.
///
/// # Errors
/// `NotFound`.
pub async fn delete_passkey(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    let (owner, id) = (principal.account()?.id, id_of(reference)?);
    in_write!(app.db, tx, {
        if !passkey::delete(tx, owner, id).await? {
            return Err(Error::not_found("passkey", reference));
        }
        tell(app, tx, principal, owner, EventType::PasskeyDeleted, id).await
    })
}

async fn tell(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    owner: AccountId,
    kind: EventType,
    id: PasskeyId,
) -> Result<(), Error> {
    let payload = json!({ "account": owner, "passkey": id });
    let happened = NewEvent { kind, organization_id: None, workspace_id: None, payload };
    event::append(tx, app.origin(principal.actor(), app.now()), happened, None).await?;
    Ok(())
}

fn id_of(reference: &str) -> Result<PasskeyId, Error> {
    Uuid::try_parse(reference).map(PasskeyId).map_err(|_| Error::not_found("passkey", reference))
}

fn not_made() -> Error {
    Error::refused(
        "passkey_not_made",
        "The passkey was not added",
        "The device's answer does not fit what it was asked, or came too late. Try again.",
    )
}

fn too_many() -> Error {
    Error::refused(
        "too_many_passkeys",
        "That is enough",
        format!("An account has at most {MOST} passkeys. Remove one."),
    )
}

/// As it stands in a column.
pub(crate) fn kept(what: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(what).map_err(|e| Error::broken(&e.to_string()))
}

/// Back from [`kept`].
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| Error::broken(&e.to_string()))
}
