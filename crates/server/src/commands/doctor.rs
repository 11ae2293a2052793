//! `orglink doctor`: what is wrong with this installation, and how to mend it.

use clap::Args;
use orglink_app::doctor::{Check, Health, examine};
use orglink_app::outbox::Outbox;
use orglink_store::Address;
use serde_json::json;

use super::refuse_server;
use crate::client::Reach;
use crate::config::Config;
use crate::exit;
use crate::keys::{passing_key, read_keys};
use crate::open::{Schema, assemble, free_bytes, open_database};
use crate::output::{Outcome, print_json};

#[derive(Debug, Args)]
pub struct Doctor {
    /// Recompute everything instead of a sample; on a large database this takes minutes
    #[arg(long)]
    deep: bool,
}

/// Less room than this is worth a word.
const ROOM: u64 = 1 << 30;

impl Doctor {
    pub async fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "doctor")?;
        // Without a configuration that can be read there is nothing else to look at.
        let config = reach.load_config()?;
        let address = reach.address(&config)?;
        let mut checks = vec![
            Check::ok(
                "configuration",
                reach.config.as_ref().map_or("the defaults".to_owned(), |p| p.display().to_string()),
            ),
            public_url(&config),
            key(&config, &address),
            catalog(&config),
        ];
        checks.extend(room(&address));
        checks.extend(database(&config, &address, self.deep).await);
        let worst = checks.iter().map(|c| c.health).max().unwrap_or(Health::Ok);
        if reach.json {
            print_json(&json!({ "health": worst, "checks": checks }));
        } else {
            for check in &checks {
                let word = match check.health {
                    Health::Ok => "ok  ",
                    Health::Warn => "WARN",
                    Health::Fail => "FAIL",
                };
                println!("{word}  {}: {}", check.name, check.detail);
                if let Some(remedy) = &check.remedy {
                    println!("      {remedy}");
                }
            }
        }
        Ok(if worst == Health::Fail { exit::OTHER } else { exit::DONE })
    }
}

fn public_url(config: &Config) -> Check {
    let name = "public_url";
    let is_loopback = config.listen.parse::<std::net::SocketAddr>().is_ok_and(|at| at.ip().is_loopback());
    let url = config.public_url.as_str();
    if url.is_empty() && is_loopback {
        return Check::ok(name, format!("only this machine reaches it, at {}", config.listen));
    }
    if url.is_empty() {
        let remedy = "Set public_url to where people reach it, like https://orglink.company.example";
        return Check::fail(name, format!("others can reach {}, but public_url is empty", config.listen), remedy);
    }
    let is_local = ["http://localhost", "http://127.0.0.1", "http://[::1]"].iter().any(|start| url.starts_with(start));
    if !url.starts_with("https://") && !is_local {
        let remedy = "Put a proxy with TLS in front (docs/operations.md) and write https:// in public_url.";
        return Check::warn(
            name,
            format!("{url} is not encrypted: passwords and cookies can be read on the way"),
            remedy,
        );
    }
    Check::ok(name, url)
}

fn key(config: &Config, address: &Address) -> Check {
    let name = "key";
    let Some(path) = config.key_file(address) else {
        return Check::fail(
            name,
            "no key file is named",
            "With PostgreSQL, set secrets.key_file; orglink serve makes the file.",
        );
    };
    let shown = path.display();
    if !path.exists() {
        let remedy =
            "orglink serve makes one. If there was one, bring it back: without it, open forms have to be sent again.";
        return Check::warn(name, format!("there is no {shown}"), remedy);
    }
    let keys = match read_keys(&path) {
        Ok(keys) => keys.len(),
        Err(e) => {
            return Check::fail(name, format!("{e:#}"), "Bring back the key file that was kept with the backups.");
        }
    };
    #[cfg(unix)]
    if let Ok(found) = std::fs::metadata(&path)
        && std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o077 != 0
    {
        let remedy = format!("chmod 600 {shown}, then orglink key rotate: others may have read it.");
        return Check::fail(name, format!("others on this machine can read {shown}"), remedy);
    }
    Check::ok(name, format!("{shown}, {keys} in it"))
}

fn catalog(config: &Config) -> Check {
    let name = "catalog";
    let read = config.catalog_text().map_err(|e| format!("{e:#}")).and_then(|text| orglink_app::catalog::read(&text));
    match read {
        Ok(_) if config.catalog.is_empty() => Check::ok(name, "the built-in one"),
        Ok(_) => Check::ok(name, config.catalog.clone()),
        Err(e) => Check::fail(name, e, "Correct the file that 'catalog' names, or leave 'catalog' empty."),
    }
}

/// The room left where a SQLite file grows.
fn room(address: &Address) -> Option<Check> {
    let name = "room";
    let Address::Sqlite(path) = address else { return None };
    let (free, size) = (free_bytes(path)?, std::fs::metadata(path).map_or(0, |m| m.len()));
    let shown = format!("{} MB are free beside {}, which has {} MB", free >> 20, path.display(), size >> 20);
    Some(if free < ROOM.max(size) {
        Check::warn(name, shown, "Make room: a backup, and an upgrade, write a second copy of the database.")
    } else {
        Check::ok(name, shown)
    })
}

async fn database(config: &Config, address: &Address, deep: bool) -> Vec<Check> {
    let db = match open_database(address, Schema::Require).await {
        Ok(db) => db,
        Err(e) => {
            let remedy = match e.downcast_ref::<orglink_store::StoreError>() {
                Some(orglink_store::StoreError::OlderSchema { .. }) => "Make a backup, then: orglink database migrate",
                Some(orglink_store::StoreError::NewerSchema { .. }) => "Install the newer orglink again.",
                _ => "Start the database, or correct its address (--database, ORGLINK_DATABASE, 'database').",
            };
            return vec![Check::fail("database", format!("{e:#}"), remedy)];
        }
    };
    let mut checks = vec![Check::ok("database", format!("{address}, schema {}", orglink_store::Db::known_schema()))];
    // The catalog has a check of its own; with the built-in one the others can still be made.
    let mut plain = config.clone();
    if catalog(config).health == Health::Fail {
        plain.catalog = String::new();
    }
    let key_file = config.key_file(address);
    let examined = match passing_key().and_then(|key| {
        assemble(&plain, db, (key, key_file.as_deref()), "http://localhost".to_owned(), Outbox::default())
    }) {
        Ok(app) => examine(&app, deep, !config.mail.smtp.is_empty()).await.map_err(|e| e.to_string()),
        Err(e) => Err(format!("{e:#}")),
    };
    match examined {
        Ok(found) => checks.extend(found),
        Err(e) => {
            checks.push(Check::fail(
                "examination",
                e,
                "The database stopped answering in the middle; look at its log.",
            ));
        }
    }
    checks
}
