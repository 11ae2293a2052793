//! The container registry: the keys that sign its tokens, whose names its images have, and what was pushed.

use std::collections::HashMap;

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, WorkspaceId};
use orglink_domain::registry::SignatureAlgorithm;
use orglink_domain::words;
use uuid::Uuid;

use crate::row::{Time, containing, word};
use crate::{StoreError, Tx};

words! {
    /// What a key is for.
    "state of a registry key" KeyState {
        /// Waits until its certificate was handed out.
        Next = "next",
        Signing = "signing",
        /// Signs nothing any more.
        Retired = "retired",
    }
}

/// A key that signs tokens, with its certificate.
#[derive(Debug, Clone)]
pub struct Key {
    pub id: Uuid,
    pub state: KeyState,
    pub algorithm: SignatureAlgorithm,
    /// X.509, DER.
    pub certificate: Vec<u8>,
    /// PKCS#8, encrypted under the installation's key.
    pub sealed_key: Vec<u8>,
    pub created_at: Timestamp,
    /// When its certificate was written for a registry.
    pub handed_out_at: Option<Timestamp>,
    pub signs_since: Option<Timestamp>,
    pub retired_at: Option<Timestamp>,
}

type KeyRow = (Uuid, String, String, Vec<u8>, Vec<u8>, Time, Option<Time>, Option<Time>, Option<Time>);

fn key_from_row(row: KeyRow) -> Result<Key, StoreError> {
    let (id, state, algorithm, certificate, sealed_key, created_at, handed_out_at, signs_since, retired_at) = row;
    Ok(Key {
        id,
        state: word(&state, "registry_key", "state", id)?,
        algorithm: word(&algorithm, "registry_key", "algorithm", id)?,
        certificate,
        sealed_key,
        created_at: created_at.0,
        handed_out_at: handed_out_at.map(|t| t.0),
        signs_since: signs_since.map(|t| t.0),
        retired_at: retired_at.map(|t| t.0),
    })
}

/// Keeps a key; false when there is another one that waits, or signs.
pub async fn create_key(tx: &mut Tx, key: &Key) -> Result<bool, StoreError> {
    let created = execute!(
        tx,
        sql!("registry/create_key"),
        key.id,
        key.state.as_str(),
        key.algorithm.as_str(),
        key.certificate.as_slice(),
        key.sealed_key.as_slice(),
        Time(key.created_at),
        key.signs_since.map(Time),
    )?;
    Ok(created == 1)
}

/// Every key there ever was, oldest first: one a rotation.
pub async fn list_keys(tx: &mut Tx) -> Result<Vec<Key>, StoreError> {
    fetch_all!(tx, sql!("registry/list_keys"), KeyRow)?.into_iter().map(key_from_row).collect()
}

pub async fn find_signing_key(tx: &mut Tx) -> Result<Option<Key>, StoreError> {
    fetch_optional!(tx, sql!("registry/find_signing_key"), KeyRow)?.map(key_from_row).transpose()
}

/// Notes that every certificate was handed out.
pub async fn hand_out_certificates(tx: &mut Tx, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("registry/hand_out_certificates"), Time(at))?;
    Ok(())
}

/// Lets the key that waits sign from now on; false when it does not wait (any more).
pub async fn sign_with_next(tx: &mut Tx, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    execute!(tx, sql!("registry/retire_key"), Time(at))?;
    Ok(execute!(tx, sql!("registry/sign_with_next"), id, Time(at))? == 1)
}

/// Keeps a key encrypted anew.
pub async fn reseal_key(tx: &mut Tx, id: Uuid, sealed_key: &[u8]) -> Result<(), StoreError> {
    execute!(tx, sql!("registry/reseal_key"), id, sealed_key)?;
    Ok(())
}

/// The workspace that has a name in the registry.
pub async fn find_name(tx: &mut Tx, name: &str) -> Result<Option<WorkspaceId>, StoreError> {
    Ok(fetch_optional!(tx, sql!("registry/find_name"), (Uuid,), name)?.map(|(id,)| WorkspaceId(id)))
}

/// Gives a workspace a name that no workspace has; false when one has it.
pub async fn take_name(tx: &mut Tx, name: &str, id: WorkspaceId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("registry/take_name"), name, id.0, Time(at))? == 1)
}

/// Takes a name from the workspace that has it; false when none has.
pub async fn release_name(tx: &mut Tx, name: &str) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("registry/release_name"), name)? == 1)
}

/// Notes that the registry told of an event; false when it has told it before.
pub async fn note_event(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("registry/note_event"), id, Time(at))? == 1)
}

/// An image, or a list of images, as it was pushed.
#[derive(Debug, Clone)]
pub struct Pushed {
    /// For a package that is new.
    pub id: Uuid,
    pub image: String,
    pub digest: String,
    pub media_type: String,
    /// Bytes, with everything that it refers to; nothing where the registry does not say.
    pub size: Option<i64>,
    pub at: Timestamp,
    /// Nobody where there is no such account.
    pub by: Option<AccountId>,
    pub tag: Option<String>,
}

/// Keeps what was pushed, and moves its tag to it unless that was moved later.
pub async fn save_package(tx: &mut Tx, workspace: WorkspaceId, pushed: &Pushed) -> Result<(), StoreError> {
    let (id,) = fetch_one!(
        tx,
        sql!("registry/save_package"),
        (Uuid,),
        pushed.id,
        workspace.0,
        pushed.image.as_str(),
        pushed.digest.as_str(),
        pushed.media_type.as_str(),
        pushed.size,
        Time(pushed.at),
        pushed.by.map(|a| a.0),
    )?;
    if let Some(tag) = &pushed.tag {
        execute!(tx, sql!("registry/save_tag"), workspace.0, pushed.image.as_str(), tag.as_str(), id, Time(pushed.at))?;
    }
    Ok(())
}

/// Forgets a package, with its tags.
pub async fn delete_package(tx: &mut Tx, id: WorkspaceId, image: &str, digest: &str) -> Result<(), StoreError> {
    execute!(tx, sql!("registry/delete_package"), id.0, image, digest)?;
    Ok(())
}

/// Forgets a tag; what it was of stays.
pub async fn delete_tag(tx: &mut Tx, id: WorkspaceId, image: &str, tag: &str) -> Result<(), StoreError> {
    execute!(tx, sql!("registry/delete_tag"), id.0, image, tag)?;
    Ok(())
}

/// A package of a workspace.
#[derive(Debug, Clone)]
pub struct Package {
    pub id: Uuid,
    pub image: String,
    /// The first of them, by name, where there are very many.
    pub tags: Vec<String>,
    pub digest: String,
    pub media_type: String,
    pub size: Option<i64>,
    pub pushed_at: Timestamp,
    pub pushed_by: Option<Pusher>,
}

/// Who pushed.
#[derive(Debug, Clone)]
pub struct Pusher {
    pub id: AccountId,
    pub email: String,
    pub name: String,
}

/// How many tags a page of packages shows at most.
const MOST_TAGS: i64 = 5000;

/// The packages of a workspace whose image contains a text, newest first, before an id.
pub async fn list_packages(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: Option<Uuid>,
    limit: i64,
    text: &str,
) -> Result<Vec<Package>, StoreError> {
    type Row = (Uuid, String, String, String, Option<i64>, Time, Option<Uuid>, Option<String>, Option<String>);
    let before = before.unwrap_or(Uuid::max());
    let rows = fetch_all!(tx, sql!("registry/list_packages"), Row, workspace.0, before, limit, containing(text))?;
    let (Some(newest), Some(oldest)) = (rows.first().map(|r| r.0), rows.last().map(|r| r.0)) else {
        return Ok(Vec::new());
    };
    let mut tags: HashMap<Uuid, Vec<String>> = HashMap::new();
    let list = sql!("registry/list_tags");
    for (id, tag) in fetch_all!(tx, list, (Uuid, String), workspace.0, oldest, newest, MOST_TAGS)? {
        tags.entry(id).or_default().push(tag);
    }
    let package = |(id, image, digest, media_type, size, pushed_at, by, email, name): Row| Package {
        id,
        image,
        tags: tags.remove(&id).unwrap_or_default(),
        digest,
        media_type,
        size,
        pushed_at: pushed_at.0,
        pushed_by: match (by, email, name) {
            (Some(id), Some(email), Some(name)) => Some(Pusher { id: AccountId(id), email, name }),
            _ => None,
        },
    };
    Ok(rows.into_iter().map(package).collect())
}
