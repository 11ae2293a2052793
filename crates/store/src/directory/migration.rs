//! What is kept of the migration of a workspace's users.

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::{AccountId, LinkId, RunId};
use uuid::Uuid;

use crate::row::{Time, digest};
use crate::{StoreError, Tx};

/// What had it done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigratedBy {
    /// Whoever agreed last, or decided alone.
    Account(AccountId),
    /// The run of a campaign.
    Run(RunId),
}

/// A migration that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    pub link_id: LinkId,
    pub migrated_at: Timestamp,
    pub by: MigratedBy,
    pub plan_digest: Digest,
    /// What was looked at to prove that nobody can do more.
    pub places: i64,
    pub people: i64,
    pub classes: i64,
    pub proof_digest: Digest,
    /// Of the access in the workspace, afterwards.
    pub access_digest: Digest,
}

pub async fn create_migrations(tx: &mut Tx, new: &[Migration]) -> Result<(), StoreError> {
    insert_all!(
        tx,
        "users_migration (link_id, migrated_at, migrated_by, plan_digest, places, people, classes, proof_digest, access_digest, run_id)",
        new,
        |b, m| {
            let (account, run) = match m.by {
                MigratedBy::Account(id) => (Some(id.0), None),
                MigratedBy::Run(id) => (None, Some(id.0)),
            };
            b.push_bind(m.link_id.0)
                .push_bind(Time(m.migrated_at))
                .push_bind(account)
                .push_bind(m.plan_digest.as_bytes().as_slice())
                .push_bind(m.places)
                .push_bind(m.people)
                .push_bind(m.classes)
                .push_bind(m.proof_digest.as_bytes().as_slice())
                .push_bind(m.access_digest.as_bytes().as_slice())
                .push_bind(run);
        }
    );
    Ok(())
}

pub async fn find_migration(tx: &mut Tx, link: LinkId) -> Result<Option<Migration>, StoreError> {
    type Row = (Time, Option<Uuid>, Vec<u8>, i64, i64, i64, Vec<u8>, Vec<u8>, Option<Uuid>);
    let Some((at, account, plan, places, people, classes, proof, access, run)) =
        fetch_optional!(tx, sql!("directory/find_migration"), Row, link.0)?
    else {
        return Ok(None);
    };
    let of = |bytes: &[u8], column| digest(bytes, "users_migration", column, link);
    let by = match (account, run) {
        (Some(id), None) => MigratedBy::Account(AccountId(id)),
        (None, Some(id)) => MigratedBy::Run(RunId(id)),
        _ => return Err(StoreError::inconsistent("users_migration", "run_id", link)),
    };
    Ok(Some(Migration {
        link_id: link,
        migrated_at: at.0,
        by,
        plan_digest: of(&plan, "plan_digest")?,
        places,
        people,
        classes,
        proof_digest: of(&proof, "proof_digest")?,
        access_digest: of(&access, "access_digest")?,
    }))
}
