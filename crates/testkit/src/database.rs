//! A database for one test: a temporary SQLite file, or a new database of a running PostgreSQL.

use std::path::PathBuf;
use std::process::Command;

use orglink_store::Address;
use tempfile::TempDir;

/// Where `cargo xtask test` says its PostgreSQL is: a URL without a database's name.
const SERVER: &str = "ORGLINK_TEST_POSTGRES";
/// Where its programs are (`createdb`, `dropdb`).
const PROGRAMS: &str = "ORGLINK_TEST_POSTGRES_PROGRAMS";

/// A database that goes away with the test.
pub enum TestDatabase {
    Sqlite(TempDir),
    Postgres { server: String, name: String },
}

impl TestDatabase {
    pub fn sqlite() -> Self {
        Self::Sqlite(TempDir::with_prefix("orglink-test-").unwrap())
    }

    pub fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var(SERVER) else {
            println!("skipped on PostgreSQL: {SERVER} is not set; `cargo xtask test` sets it");
            return None;
        };
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).unwrap();
        let name = format!("t{:x}", u64::from_le_bytes(random));
        run(&server, "createdb", &name);
        Some(Self::Postgres { server, name })
    }

    #[must_use]
    pub fn address(&self) -> Address {
        match self {
            Self::Sqlite(folder) => Address::Sqlite(folder.path().join("orglink.db")),
            Self::Postgres { server, name } => Address::Postgres(format!("{server}/{name}")),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Self::Postgres { server, name } = self {
            run(server, "dropdb", name);
        }
    }
}

fn run(server: &str, program: &str, name: &str) {
    let programs = std::env::var_os(PROGRAMS).map(PathBuf::from).unwrap_or_default();
    let mut command = Command::new(programs.join(program));
    if program == "dropdb" {
        command.arg("--force");
    }
    let done = command.arg(format!("--maintenance-db={server}/postgres")).arg(name).status();
    assert!(done.is_ok_and(|status| status.success()), "{program} {name} failed");
}
