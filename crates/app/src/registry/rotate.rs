//! Another key for the registry's tokens, without a pause: made, its certificate handed out, and only then used.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use orglink_domain::event::{EventType, NewEvent};
use orglink_store::registry::{self, Key, KeyState};
use orglink_store::{event, in_write};
use serde_json::json;

use super::key::{ensure_key, make};
use crate::{App, Error, Principal};

/// For how long after a rotation the old certificate is still handed out: longer than any token lives.
const KEPT_SECONDS: i64 = 24 * 60 * 60;

/// The keys, oldest first.
///
/// # Errors
/// `not_served` without a registry; when the database is not reachable.
pub async fn list_keys(app: &App) -> Result<Vec<Key>, Error> {
    ensure_key(app).await?;
    let mut tx = app.db.begin_read().await?;
    Ok(registry::list_keys(&mut tx).await?)
}

/// The certificates that every registry must accept now (PEM: its `rootcertbundle`). From then on the key that waits may
/// be used.
///
/// # Errors
/// `not_served` without a registry; when the database is not reachable.
pub async fn hand_out_certificates(app: &App) -> Result<String, Error> {
    ensure_key(app).await?;
    let now = app.now();
    let keys = in_write!(app.db, tx, {
        registry::hand_out_certificates(tx, now).await?;
        registry::list_keys(tx).await.map_err(Error::from)
    })?;
    let is_needed = |key: &&Key| key.retired_at.is_none_or(|at| now.seconds_since(at) < KEPT_SECONDS);
    Ok(keys.iter().filter(is_needed).map(pem).collect())
}

fn pem(key: &Key) -> String {
    let text = STANDARD.encode(&key.certificate);
    let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned());
    let lines: Vec<String> = lines.collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

/// Makes the key that is to sign next, with the algorithm that is configured now.
///
/// # Errors
/// Refused when one waits already.
pub async fn prepare_key(app: &App, principal: &Principal) -> Result<Key, Error> {
    ensure_key(app).await?;
    let key = make(app, KeyState::Next).await?;
    let made = &key;
    in_write!(app.db, tx, {
        if !registry::create_key(tx, made).await? {
            return Err(Error::refused(
                "key_prepared",
                "A key waits already",
                "Hand out its certificate (orglink registry certificates), then let it sign (orglink registry rotate-key).",
            ));
        }
        append(app, tx, principal, EventType::RegistryKeyPrepared, made).await
    })?;
    Ok(key)
}

/// Lets the key that waits sign, from now on and in every replica.
///
/// # Errors
/// Refused when none waits, or when its certificate was not handed out: registries would refuse what it signs.
pub async fn rotate_key(app: &App, principal: &Principal) -> Result<Key, Error> {
    ensure_key(app).await?;
    let now = app.now();
    in_write!(app.db, tx, {
        let Some(next) = registry::list_keys(tx).await?.into_iter().find(|k| k.state == KeyState::Next) else {
            return Err(Error::refused(
                "no_key_prepared",
                "No key waits",
                "Make one first: orglink registry prepare-key.",
            ));
        };
        if next.handed_out_at.is_none() {
            return Err(Error::refused(
                "certificate_not_handed_out",
                "No registry knows the new key",
                "Its certificate was not handed out: write it with `orglink registry certificates`, give the file to every registry and restart them, then do this again.",
            ));
        }
        if !registry::sign_with_next(tx, next.id, now).await? {
            return Err(Error::Stale);
        }
        append(app, tx, principal, EventType::RegistryKeyRotated, &next).await?;
        Ok(Key { state: KeyState::Signing, signs_since: Some(now), ..next })
    })
}

async fn append(
    app: &App,
    tx: &mut orglink_store::Tx,
    principal: &Principal,
    kind: EventType,
    key: &Key,
) -> Result<(), Error> {
    let payload = json!({ "key": key.id.to_string(), "algorithm": key.algorithm });
    let happened = NewEvent { kind, organization_id: None, workspace_id: None, payload };
    event::append(tx, app.origin(principal.actor(), app.now()), happened, None).await?;
    Ok(())
}

/// Gives a name in the registry free, so that a workspace that has it now can use it: after the images under it were
/// deleted, which whoever gets the name could read.
///
/// # Errors
/// `NotFound` when no workspace ever pushed under it.
pub async fn release_name(app: &App, principal: &Principal, name: &str) -> Result<(), Error> {
    in_write!(app.db, tx, {
        if !registry::release_name(tx, name).await? {
            return Err(Error::not_found("name in the registry", name));
        }
        let kind = EventType::RegistryNameReleased;
        let happened = NewEvent { kind, organization_id: None, workspace_id: None, payload: json!({ "name": name }) };
        event::append(tx, app.origin(principal.actor(), app.now()), happened, None).await?;
        Ok(())
    })
}
