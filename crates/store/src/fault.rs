//! Named places where a test may kill the program, to see that nothing is half done afterwards.
//!
//! Only debug builds have them: there, `ORGLINK_FAULT=NAME` aborts the process at that place, as a power cut
//! would. Release builds compile them to nothing.

/// Every place, in the order in which a run passes them. A test walks this list.
pub const POINTS: &[&str] = &[
    "import.read",
    "import.staged",
    "import.begun",
    "import.accounts",
    "import.organizations",
    "import.workspaces",
    "import.user_groups",
    "import.repositories",
    "import.subscriptions",
    "import.reasons",
    "import.events",
    "import.committed",
    "link.planned",
    "link.guarded",
    "link.inserted",
    "link.event",
    "link.idempotency",
    "link.committed",
    "consent.given",
    "transfer.left",
    "consent.committed",
    "users.attached",
    "users.moved",
    "users.event",
    "users.committed",
    "campaign.telling",
    "campaign.told",
    "campaign.attempt",
    "campaign.page",
    "campaign.grouped",
    "campaign.decided",
    "campaign.read",
    "campaign.organizations",
    "campaign.linked",
    "campaign.events",
    "campaign.batch",
    "migration.accounts",
    "migration.applied",
    "invoice.charged",
    "invoice.issued",
    "recovery.granted",
    "sequence.placed",
    "ledger.signed",
    "ledger.advanced",
    "ledger.tiles",
    "ledger.committed",
    "notify.noticed",
    "notify.committed",
    "mail.claimed",
    "mail.rendered",
    "mail.committed",
    "mail.accepted",
    "mail.noted",
    "webhook.woken",
    "webhook.filled",
    "webhook.claimed",
    "webhook.sent",
    "webhook.noted",
    "copy.written",
    "copy.verified",
];

/// Dies here if a test asked for it.
#[inline]
pub fn point(name: &'static str) {
    #[cfg(debug_assertions)]
    {
        use std::sync::OnceLock;
        static CHOSEN: OnceLock<Option<String>> = OnceLock::new();
        debug_assert!(POINTS.contains(&name), "{name} is missing in the list of fault points");
        if CHOSEN.get_or_init(|| std::env::var("ORGLINK_FAULT").ok()).as_deref() == Some(name) {
            std::process::abort();
        }
    }
    #[cfg(not(debug_assertions))]
    let _ = name;
}

/// Makes the salt of a workspace another, readable or not, as a broken disk would: for tests of what happens then.
///
/// # Errors
/// When the database is not reachable.
#[cfg(debug_assertions)]
pub async fn replace_salt(tx: &mut crate::Tx, slug_folded: &str, salt: &[u8]) -> Result<(), crate::StoreError> {
    execute!(tx, sql!("workspace/replace_salt"), slug_folded, salt)?;
    Ok(())
}

/// Entries of inboxes or mails of campaigns that say the same to the same account, counted: for tests that look whether
/// anybody was told twice.
///
/// # Errors
/// When the database is not reachable.
#[cfg(debug_assertions)]
pub async fn count_alike(tx: &mut crate::Tx, table: &str) -> Result<Vec<(String, i64)>, crate::StoreError> {
    type Row = (uuid::Uuid, String, i64);
    let rows = match table {
        "mail" => fetch_all!(tx, sql!("mail/count_alike"), Row)?,
        _ => fetch_all!(tx, sql!("notification/count_alike"), Row)?,
    };
    Ok(rows.into_iter().map(|(account, content, count)| (format!("{account} {content}"), count)).collect())
}

/// Ends the claim on a webhook, and lets it be due: as if the time of whoever was killed were over.
///
/// # Errors
/// When the database is not reachable.
#[cfg(debug_assertions)]
pub async fn end_webhook_lease(tx: &mut crate::Tx, id: uuid::Uuid) -> Result<(), crate::StoreError> {
    execute!(tx, sql!("webhook/end_lease"), id)?;
    Ok(())
}

/// Waits until no connection is in use: whatever was dropped in the middle of its work has been rolled back, or committed.
#[cfg(debug_assertions)]
pub async fn wait_until_idle(db: &crate::Db) {
    let is_idle = || match db {
        crate::Db::Sqlite { write, read } => is_unused(write) && is_unused(read),
        crate::Db::Postgres(pool) => is_unused(pool),
    };
    while !is_idle() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

#[cfg(debug_assertions)]
fn is_unused<D: sqlx::Database>(pool: &sqlx::Pool<D>) -> bool {
    usize::try_from(pool.size()).is_ok_and(|size| size == pool.num_idle())
}
