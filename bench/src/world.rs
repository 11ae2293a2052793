//! A company with somebody who administers 500 workspaces and the organization that 50 of them are linked to.

use std::fmt::Write as _;

use anyhow::Result;
use orglink_domain::digest::Digest;
use orglink_testkit::TestApp;
use uuid::Uuid;

use crate::Database;
use crate::generator::Company;
use crate::http::Value;
use crate::import::new_world;

/// How many workspaces they administer.
pub const ADMINISTERED: usize = 500;
/// How many of them are linked.
const LINKED: usize = 50;
pub const ADMIN: &str = "admin@people.example";
pub const ORGANIZATION: &str = "big";

pub struct World {
    pub size: usize,
    pub app: TestApp,
    pub account: Uuid,
    pub organization: Uuid,
    /// The first linked workspace.
    pub workspace: Uuid,
    /// The headers of their browser and of their script.
    pub cookie: String,
    pub bearer: String,
    pub cookie_hash: Value,
    pub bearer_hash: Value,
}

impl World {
    pub async fn new(size: usize, database: Database) -> Result<Self> {
        let app = new_world(database).await;
        let mut records = Company::new(size, 1).records();
        let _ = writeln!(records, r#"{{"type":"account","email":"{ADMIN}","name":"Ada Admin"}}"#);
        let _ = writeln!(
            records,
            r#"{{"type":"organization","slug":"{ORGANIZATION}","name":"Big Organization","admins":["{ADMIN}"]}}"#
        );
        for w in 0..ADMINISTERED.min(size) {
            let _ = writeln!(
                records,
                r#"{{"type":"user_group","workspace":"w{w}","slug":"owners","name":"Owners","is_admin":true,"members":["{ADMIN}"]}}"#
            );
        }
        app.import(&records).await.map_err(|e| anyhow::anyhow!("{e}"))?;
        drop(records);
        let who = app.person(ADMIN).await;
        for w in 0..LINKED {
            app.link_as(&who, &format!("w{w}"), ORGANIZATION).await.map_err(|e| anyhow::anyhow!("{e}"))?;
        }
        // What was imported is placed, told and in the ledger before anything is measured: a server that is at rest has nothing left to
        // look at.
        app.tell().await;
        for each in orglink_jobs::Loop::ALL {
            each.step(&app.app).await?;
        }
        let mut tx = app.app.db.begin_read().await?;
        let organization = orglink_store::organization::find_by_reference(&mut tx, ORGANIZATION).await?.unwrap().id.0;
        let workspace = orglink_store::workspace::find_by_reference(&mut tx, "w0").await?.unwrap().id.0;
        drop(tx);
        let (cookie, _) = app.session(ADMIN).await;
        let token = app.token(ADMIN).await;
        let hash =
            |secret: &str| Value::Bytes(Digest::of(&[b"orglink-secret\0", secret.as_bytes()]).as_bytes().to_vec());
        Ok(Self {
            size,
            account: who.account().unwrap().id.0,
            organization,
            workspace,
            cookie_hash: hash(cookie.trim_start_matches("orglink=")),
            bearer_hash: hash(&token),
            cookie: format!("cookie: {cookie}"),
            bearer: format!("authorization: Bearer {token}"),
            app,
        })
    }
}
