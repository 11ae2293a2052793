//! What is kept of the migration of a workspace's users.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, LinkId};
use uuid::Uuid;

use crate::row::{Time, digest};
use crate::{StoreError, Tx};

/// A migration that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    pub link_id: LinkId,
    pub migrated_at: Timestamp,
    pub migrated_by: AccountId,
    pub plan_digest: Digest,
    /// What was looked at to prove that nobody can do more.
    pub places: i64,
    pub people: i64,
    pub classes: i64,
    pub proof_digest: Digest,
    /// Of the access in the workspace, afterwards.
    pub access_digest: Digest,
}

pub async fn create_migration(tx: &mut Tx, new: &Migration) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("directory/create_migration"),
        new.link_id.0,
        Time(new.migrated_at),
        new.migrated_by.0,
        new.plan_digest.as_bytes().as_slice(),
        new.places,
        new.people,
        new.classes,
        new.proof_digest.as_bytes().as_slice(),
        new.access_digest.as_bytes().as_slice(),
    )?;
    Ok(())
}

pub async fn find_migration(tx: &mut Tx, link: LinkId) -> Result<Option<Migration>, StoreError> {
    type Row = (Time, Uuid, Vec<u8>, i64, i64, i64, Vec<u8>, Vec<u8>);
    let Some((at, by, plan, places, people, classes, proof, access)) =
        fetch_optional!(tx, sql!("directory/find_migration"), Row, link.0)?
    else {
        return Ok(None);
    };
    let of = |bytes: &[u8], column| digest(bytes, "users_migration", column, link);
    Ok(Some(Migration {
        link_id: link,
        migrated_at: at.0,
        migrated_by: AccountId(by),
        plan_digest: of(&plan, "plan_digest")?,
        places,
        people,
        classes,
        proof_digest: of(&proof, "proof_digest")?,
        access_digest: of(&access, "access_digest")?,
    }))
}
