//! Opens the database and puts the application together.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use orglink_app::ledger::mark_beside;
use orglink_app::outbox::Outbox;
use orglink_app::system::{SystemClock, SystemIds};
use orglink_app::{App, ImportLimits, Key, Settings};
use orglink_store::copy::copy_database;
use orglink_store::{Address, Db, StoreError};

use crate::config::Config;

/// How a command treats the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// Makes an empty or missing database ready; brings SQLite up to date after writing a backup beside it.
    Prepare,
    /// Brings any database up to date.
    Migrate,
    /// Works only on a database that is there and up to date.
    Require,
}

/// Opens the database.
///
/// # Errors
/// When it cannot be reached, or its schema is not this program's.
pub async fn open_database(address: &Address, schema: Schema) -> Result<Db> {
    if let (Address::Sqlite(path), Schema::Require) = (address, schema)
        && !path.exists()
    {
        let missing = std::io::Error::new(
            std::io::ErrorKind::NotFound,
            format!("there is no database at {}; `orglink import` or `orglink serve` makes one", path.display()),
        );
        return Err(StoreError::Away(missing).into());
    }
    let db = Db::open(address).await?;
    let version = db.schema_version().await?;
    match (schema, address) {
        (Schema::Prepare, _) if version == 0 => db.migrate().await?,
        (Schema::Prepare, Address::Sqlite(path)) if version < Db::known_schema() => {
            let backup = path.with_extension(format!("schema-{version}.backup"));
            copy_database(&db, &Address::Sqlite(backup.clone()), &|_, _| {})
                .await
                .with_context(|| format!("writing the backup {}", backup.display()))?;
            db.migrate().await?;
        }
        (Schema::Migrate, _) => db.migrate().await?,
        _ => {}
    }
    db.check_schema().await?;
    Ok(db)
}

/// Puts the application together; mails go where `outbox` leads, what the ledger signs is noted beside the key file.
///
/// # Errors
/// When the configuration, the catalog or the key does not hold.
pub fn assemble(
    config: &Config,
    db: Db,
    (key, key_file): (Key, Option<&Path>),
    public_url: String,
    outbox: Outbox,
) -> Result<Arc<App>> {
    let catalog = orglink_app::catalog::read(&config.catalog_text()?).map_err(|e| anyhow::anyhow!("catalog: {e}"))?;
    let settings = Settings {
        public_url,
        link_policy: config.link_policy()?,
        proposal: config.proposal_settings()?,
        session_seconds: config.session_seconds()?,
        retention: config.retention.read()?,
        invitation_seconds: config.invitation_seconds()?,
        step_up_seconds: config.step_up_seconds()?,
        import: ImportLimits { max_line: config.import.max_line, max_bytes: config.import.max_bytes },
        recovery: config.recovery_settings()?,
        mail: config.mail.settings()?,
        registry: config.registry.settings()?,
        webhooks: config.webhooks.settings()?,
        domains: config.domains.settings()?,
        ledger_mark: key_file.map(mark_beside),
    };
    let app = App::new(db, catalog, settings, key, Arc::new(SystemClock), Arc::new(SystemIds::default()))?;
    Ok(Arc::new(app.with_outbox(outbox)))
}

/// The room left where a SQLite file grows.
#[must_use]
pub fn free_bytes(path: &Path) -> Option<u64> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail * found.f_frsize)
}
