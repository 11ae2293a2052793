//! The schema's versions: the same numbers and names on both databases.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use crate::db::{Db, Tx};
use crate::error::StoreError;

const SQLITE: &[(i64, &str, &str)] = &[
    (1, "spine", include_str!("../migrations/sqlite/0001_spine.sql")),
    (2, "house", include_str!("../migrations/sqlite/0002_house.sql")),
    (3, "notify", include_str!("../migrations/sqlite/0003_notify.sql")),
    (4, "invitation", include_str!("../migrations/sqlite/0004_invitation.sql")),
    (5, "account", include_str!("../migrations/sqlite/0005_account.sql")),
    (6, "recovery", include_str!("../migrations/sqlite/0006_recovery.sql")),
    (7, "counts", include_str!("../migrations/sqlite/0007_counts.sql")),
    (8, "campaign", include_str!("../migrations/sqlite/0008_campaign.sql")),
    (9, "ledger", include_str!("../migrations/sqlite/0009_ledger.sql")),
    (10, "consent", include_str!("../migrations/sqlite/0010_consent.sql")),
    (11, "entitlement", include_str!("../migrations/sqlite/0011_entitlement.sql")),
    (12, "webhook", include_str!("../migrations/sqlite/0012_webhook.sql")),
    (13, "registry", include_str!("../migrations/sqlite/0013_registry.sql")),
    (14, "extension", include_str!("../migrations/sqlite/0014_extension.sql")),
    (15, "assistant", include_str!("../migrations/sqlite/0015_assistant.sql")),
    (16, "billing", include_str!("../migrations/sqlite/0016_billing.sql")),
    (17, "domain_claim", include_str!("../migrations/sqlite/0017_domain_claim.sql")),
    (18, "offer", include_str!("../migrations/sqlite/0018_offer.sql")),
    (19, "extension_webhook", include_str!("../migrations/sqlite/0019_extension_webhook.sql")),
    (20, "directory", include_str!("../migrations/sqlite/0020_directory.sql")),
    (21, "migration", include_str!("../migrations/sqlite/0021_migration.sql")),
    (22, "invoice", include_str!("../migrations/sqlite/0022_invoice.sql")),
    (23, "site_directory", include_str!("../migrations/sqlite/0023_site_directory.sql")),
    (24, "users_campaign", include_str!("../migrations/sqlite/0024_users_campaign.sql")),
    (25, "few_of_many", include_str!("../migrations/sqlite/0025_few_of_many.sql")),
];
const POSTGRES: &[(i64, &str, &str)] = &[
    (1, "spine", include_str!("../migrations/postgres/0001_spine.sql")),
    (2, "house", include_str!("../migrations/postgres/0002_house.sql")),
    (3, "notify", include_str!("../migrations/postgres/0003_notify.sql")),
    (4, "invitation", include_str!("../migrations/postgres/0004_invitation.sql")),
    (5, "account", include_str!("../migrations/postgres/0005_account.sql")),
    (6, "recovery", include_str!("../migrations/postgres/0006_recovery.sql")),
    (7, "counts", include_str!("../migrations/postgres/0007_counts.sql")),
    (8, "campaign", include_str!("../migrations/postgres/0008_campaign.sql")),
    (9, "ledger", include_str!("../migrations/postgres/0009_ledger.sql")),
    (10, "consent", include_str!("../migrations/postgres/0010_consent.sql")),
    (11, "entitlement", include_str!("../migrations/postgres/0011_entitlement.sql")),
    (12, "webhook", include_str!("../migrations/postgres/0012_webhook.sql")),
    (13, "registry", include_str!("../migrations/postgres/0013_registry.sql")),
    (14, "extension", include_str!("../migrations/postgres/0014_extension.sql")),
    (15, "assistant", include_str!("../migrations/postgres/0015_assistant.sql")),
    (16, "billing", include_str!("../migrations/postgres/0016_billing.sql")),
    (17, "domain_claim", include_str!("../migrations/postgres/0017_domain_claim.sql")),
    (18, "offer", include_str!("../migrations/postgres/0018_offer.sql")),
    (19, "extension_webhook", include_str!("../migrations/postgres/0019_extension_webhook.sql")),
    (20, "directory", include_str!("../migrations/postgres/0020_directory.sql")),
    (21, "migration", include_str!("../migrations/postgres/0021_migration.sql")),
    (22, "invoice", include_str!("../migrations/postgres/0022_invoice.sql")),
    (23, "site_directory", include_str!("../migrations/postgres/0023_site_directory.sql")),
    (24, "users_campaign", include_str!("../migrations/postgres/0024_users_campaign.sql")),
    (25, "few_of_many", include_str!("../migrations/postgres/0025_few_of_many.sql")),
];

fn migrator(list: &[(i64, &'static str, &'static str)]) -> Migrator {
    let migrations = list
        .iter()
        .map(|(version, name, text)| {
            let sql = AssertSqlSafe(*text).into_sql_str();
            Migration::new(*version, (*name).into(), MigrationType::Simple, sql, false)
        })
        .collect();
    Migrator::with_migrations(migrations)
}

/// Brings the schema to a version inside a transaction, so that it comes or goes with what is written there.
pub(crate) async fn migrate_within(tx: &mut Tx, version: i64) -> Result<(), StoreError> {
    let up_to = |list: &[(i64, &'static str, &'static str)]| {
        let wanted: Vec<_> = list.iter().filter(|(number, ..)| *number <= version).copied().collect();
        migrator(&wanted)
    };
    let done = match tx {
        Tx::Sqlite(t) => up_to(SQLITE).run(&mut **t).await,
        Tx::Postgres(t) => up_to(POSTGRES).run(&mut **t).await,
    };
    done.map_err(|e| StoreError::Migration(e.to_string()))
}

impl Db {
    /// Makes an empty database as an earlier release of this program did: for tests of upgrades.
    ///
    /// # Errors
    /// When the database is not reachable or not empty.
    pub async fn migrate_to(&self, version: i64) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        migrate_within(&mut tx, version).await?;
        tx.commit().await
    }

    /// The newest schema this program knows.
    #[must_use]
    pub fn known_schema() -> i64 {
        SQLITE.iter().map(|(version, ..)| *version).max().unwrap_or(0)
    }

    /// The schema the database has; 0 when it is empty.
    ///
    /// # Errors
    /// When the database is not reachable.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        const EXISTS_SQLITE: &str = "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
        const EXISTS_POSTGRES: &str =
            "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('_sqlx_migrations')";
        const NEWEST: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success";
        match self {
            Self::Sqlite { read, .. } => {
                let (there,): (i64,) = sqlx::query_as(EXISTS_SQLITE).fetch_one(read).await?;
                if there == 0 {
                    return Ok(0);
                }
                Ok(sqlx::query_as::<_, (i64,)>(NEWEST).fetch_one(read).await?.0)
            }
            Self::Postgres(pool) => {
                let (there,): (i64,) = sqlx::query_as(EXISTS_POSTGRES).fetch_one(pool).await?;
                if there == 0 {
                    return Ok(0);
                }
                Ok(sqlx::query_as::<_, (i64,)>(NEWEST).fetch_one(pool).await?.0)
            }
        }
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// When the database is newer than this program, not reachable, or a step fails (then nothing of that step
    /// is kept).
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let found = self.schema_version().await?;
        if found > Self::known_schema() {
            return Err(StoreError::NewerSchema { found, known: Self::known_schema() });
        }
        let done = match self {
            Self::Sqlite { write, .. } => migrator(SQLITE).run(write).await,
            Self::Postgres(pool) => migrator(POSTGRES).run(pool).await,
        };
        done.map_err(|e| StoreError::Migration(e.to_string()))
    }

    /// Refuses to work on a schema other than this program's.
    ///
    /// # Errors
    /// When the database is older or newer than this program, or not reachable.
    pub async fn check_schema(&self) -> Result<(), StoreError> {
        let (found, known) = (self.schema_version().await?, Self::known_schema());
        match found.cmp(&known) {
            std::cmp::Ordering::Less => Err(StoreError::OlderSchema { found, known }),
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Greater => Err(StoreError::NewerSchema { found, known }),
        }
    }
}
