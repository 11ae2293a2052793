//! Extensions that are installed in a workspace, each with a token that is known by its hash.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::extension::{ExtensionScope, ExtensionScopes};
use orglink_domain::id::{InstalledExtensionId, WorkspaceId};
use uuid::Uuid;

use crate::row::{Time, joined, split, word};
use crate::{StoreError, Tx};

/// An extension in a workspace.
#[derive(Debug, Clone)]
pub struct InstalledExtension {
    pub id: InstalledExtensionId,
    /// Its name in the catalog.
    pub extension: String,
    /// The catalog's when it was installed or updated.
    pub version: i64,
    /// What was consented to.
    pub scopes: ExtensionScopes,
    pub installed_at: Timestamp,
    pub updated_at: Timestamp,
    pub token_created_at: Timestamp,
    pub token_used_at: Option<Timestamp>,
}

/// Whose a token is.
#[derive(Debug, Clone)]
pub struct TokenOf {
    pub id: InstalledExtensionId,
    pub workspace: WorkspaceId,
    pub extension: String,
    pub scopes: ExtensionScopes,
}

fn scopes_of(text: &str, id: Uuid) -> Result<ExtensionScopes, StoreError> {
    split(text).iter().map(|s| word(s, "installed_extension", "scopes", id)).collect()
}

fn text_of(scopes: ExtensionScopes) -> String {
    joined(scopes.iter().map(ExtensionScope::as_str))
}

pub async fn create(
    tx: &mut Tx,
    workspace: WorkspaceId,
    new: &InstalledExtension,
    secret_hash: &Digest,
) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("extension/create"),
        new.id.0,
        workspace.0,
        &new.extension,
        new.version,
        text_of(new.scopes),
        Time(new.installed_at),
        secret_hash.as_bytes().as_slice(),
    )?;
    Ok(())
}

/// Those of a workspace, by name.
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<InstalledExtension>, StoreError> {
    type Row = (Uuid, String, i64, String, Time, Time, Time, Option<Time>);
    let rows = fetch_all!(tx, sql!("extension/list"), Row, workspace.0)?;
    let one = |(id, extension, version, scopes, installed_at, updated_at, created_at, used_at): Row| {
        Ok(InstalledExtension {
            id: InstalledExtensionId(id),
            extension,
            version,
            scopes: scopes_of(&scopes, id)?,
            installed_at: installed_at.0,
            updated_at: updated_at.0,
            token_created_at: created_at.0,
            token_used_at: used_at.map(|t| t.0),
        })
    };
    rows.into_iter().map(one).collect()
}

type Row = (Uuid, Uuid, String, String);

fn token_of((id, workspace, extension, scopes): Row) -> Result<TokenOf, StoreError> {
    Ok(TokenOf {
        id: InstalledExtensionId(id),
        workspace: WorkspaceId(workspace),
        extension,
        scopes: scopes_of(&scopes, id)?,
    })
}

/// Whose token has this secret.
pub async fn find_by_secret(tx: &mut Tx, secret_hash: &Digest) -> Result<Option<TokenOf>, StoreError> {
    let row = fetch_optional!(tx, sql!("extension/find_by_secret"), Row, secret_hash.as_bytes().as_slice())?;
    row.map(token_of).transpose()
}

/// The same of one that is known by its id.
pub async fn find(tx: &mut Tx, id: InstalledExtensionId) -> Result<Option<TokenOf>, StoreError> {
    fetch_optional!(tx, sql!("extension/find"), Row, id.0)?.map(token_of).transpose()
}

pub async fn update(
    tx: &mut Tx,
    id: InstalledExtensionId,
    (version, scopes): (i64, ExtensionScopes),
    at: Timestamp,
) -> Result<(), StoreError> {
    execute!(tx, sql!("extension/update"), id.0, version, text_of(scopes), Time(at))?;
    Ok(())
}

/// Another token in place of the one it had.
pub async fn change_secret(
    tx: &mut Tx,
    id: InstalledExtensionId,
    secret_hash: &Digest,
    at: Timestamp,
) -> Result<(), StoreError> {
    execute!(tx, sql!("extension/change_secret"), id.0, secret_hash.as_bytes().as_slice(), Time(at))?;
    Ok(())
}

pub async fn change_used(tx: &mut Tx, id: InstalledExtensionId, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("extension/change_used"), id.0, Time(at))?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, id: InstalledExtensionId) -> Result<(), StoreError> {
    execute!(tx, sql!("extension/delete"), id.0)?;
    Ok(())
}

/// In how many workspaces each is installed, by name.
pub async fn count_by_name(tx: &mut Tx) -> Result<Vec<(String, i64)>, StoreError> {
    fetch_all!(tx, sql!("extension/count_by_name"), (String, i64))
}
