//! What the registry tells of: images pushed and deleted. It tells again until it is answered, so that each is taken once.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::AccountId;
use orglink_domain::registry::{ImageName, is_manifest, is_manifest_digest, is_tag};
use orglink_store::registry::{self, Pushed};
use orglink_store::{Tx, in_write};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::settings;
use crate::{App, Error};

/// What the secret is derived for.
const PURPOSE: &str = "registry notifications";
/// How many events one request may hold; registries send one.
const MOST_EVENTS: usize = 500;

/// What a registry must send with its notifications (`Authorization: Bearer SECRET`): derived from the installation's key,
/// so that it is kept nowhere. After that is replaced, the older one is accepted as long as the older key is.
#[must_use]
pub fn notification_secret(app: &App) -> String {
    app.key.derived(PURPOSE, "")
}

#[derive(Deserialize)]
struct Envelope {
    events: Vec<Value>,
}

/// An event as Docker's registry describes it; what else it says is not looked at.
#[derive(Deserialize)]
struct Told {
    id: String,
    timestamp: Timestamp,
    action: String,
    target: Target,
    #[serde(default)]
    actor: Actor,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    #[serde(default)]
    media_type: String,
    #[serde(default)]
    digest: String,
    #[serde(default)]
    repository: String,
    #[serde(default)]
    tag: String,
    length: Option<i64>,
    /// Only where the registry is told to say them (`includereferences`).
    references: Option<Vec<Reference>>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    size: i64,
}

#[derive(Default, Deserialize)]
struct Actor {
    #[serde(default)]
    name: String,
}

/// Takes what a registry tells.
///
/// # Errors
/// `SignedOut` without the secret; bad input when it is no list of events. An event that cannot be understood is passed
/// over: the registry would send it for ever.
pub async fn record_events(app: &App, presented: Option<&str>, body: &[u8]) -> Result<(), Error> {
    if !presented.is_some_and(|secret| app.key.is_derived(PURPOSE, "", secret)) {
        return Err(Error::SignedOut);
    }
    settings(app)?;
    let envelope: Envelope = serde_json::from_slice(body)
        .map_err(|e| Error::field("events", format!("this is not what registries send: {e}")))?;
    if envelope.events.len() > MOST_EVENTS {
        let detail = format!("at most {MOST_EVENTS} in one request, these are {}", envelope.events.len());
        return Err(Error::field("events", detail));
    }
    let told: Vec<Told> = envelope.events.into_iter().filter_map(understood).collect();
    let (told, now) = (&told, app.now());
    in_write!(app.db, tx, {
        for event in told {
            if registry::note_event(tx, &event.id, now).await? {
                take(app, tx, event, now).await?;
            }
        }
        Ok::<(), Error>(())
    })
}

fn understood(event: Value) -> Option<Told> {
    match serde_json::from_value::<Told>(event) {
        Ok(told) if !told.id.is_empty() && told.id.len() <= 200 && !told.id.contains('\0') => Some(told),
        Ok(_) => {
            tracing::warn!("an event of the registry has no id; it is passed over");
            None
        }
        Err(e) => {
            tracing::warn!(error = %e, "an event of the registry cannot be understood; it is passed over");
            None
        }
    }
}

async fn take(app: &App, tx: &mut Tx, told: &Told, now: Timestamp) -> Result<(), Error> {
    let Some(name) = ImageName::parse(&told.target.repository) else { return Ok(()) };
    // Whoever pushed had a token, and with it the workspace got the name.
    let Some(workspace) = registry::find_name(tx, &name.workspace).await? else { return Ok(()) };
    let (digest, tag) = (&told.target.digest, &told.target.tag);
    let is_tagged = is_tag(tag);
    match told.action.as_str() {
        "push" if is_manifest(&told.target.media_type) && is_manifest_digest(digest) => {
            let pushed = Pushed {
                id: app.new_id(now),
                image: name.image,
                digest: digest.clone(),
                media_type: told.target.media_type.clone(),
                size: told.target.size(),
                // Clocks differ; nothing was pushed in the future.
                at: told.timestamp.min(now),
                by: Uuid::try_parse(&told.actor.name).ok().map(AccountId),
                tag: is_tagged.then(|| tag.clone()),
            };
            registry::save_package(tx, workspace, &pushed).await?;
        }
        "delete" if is_manifest_digest(digest) => {
            registry::delete_package(tx, workspace, &name.image, digest).await?;
        }
        "delete" if is_tagged => registry::delete_tag(tx, workspace, &name.image, tag).await?,
        _ => {}
    }
    Ok(())
}

impl Target {
    /// With everything that the manifest refers to, as far as the registry says.
    fn size(&self) -> Option<i64> {
        let own = self.length?;
        let mut sizes = std::iter::once(own).chain(self.references.as_ref()?.iter().map(|r| r.size));
        sizes.try_fold(0_i64, |sum, size| sum.checked_add(size).filter(|_| size >= 0))
    }
}
