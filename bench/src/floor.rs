//! The floors: the same rows in the same tables with the same indexes and durability, written by prepared
//! statements (SQLite) or COPY (PostgreSQL), with no parsing, no checks, no events' digests.

use anyhow::Result;
use orglink_store::Address;
use uuid::Uuid;

use crate::generator::Company;

/// A connection of the barest kind.
pub enum Floor {
    Sqlite(rusqlite::Connection),
    Postgres(Box<postgres::Client>),
}

impl Floor {
    pub fn open(address: &Address) -> Result<Self> {
        Ok(match address {
            Address::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path)?;
                connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536")?;
                Self::Sqlite(connection)
            }
            Address::Postgres(url) => Self::Postgres(Box::new(postgres::Client::connect(url, postgres::NoTls)?)),
        })
    }

    /// Writes the rows that an import of the company leaves behind.
    pub fn load(&mut self, company: &Company) -> Result<()> {
        match self {
            Self::Sqlite(connection) => load_sqlite(connection, company),
            Self::Postgres(client) => load_postgres(client, company),
        }
    }
}

fn id(kind: u8, n: usize) -> Uuid {
    let mut bytes = [0_u8; 16];
    bytes[0] = 1;
    bytes[6] = 0x70;
    bytes[7] = kind;
    bytes[8..].copy_from_slice(&(n as u64).to_be_bytes());
    Uuid::from_bytes(bytes)
}

/// The rows of one kind, in the order in which they can be written.
struct Rows<'a> {
    company: &'a Company,
}

impl Rows<'_> {
    fn memberships(&self, mut each: impl FnMut(Uuid, Uuid, Uuid) -> Result<()>) -> Result<()> {
        let mut group = 0;
        for (w, groups) in self.company.workspaces.iter().enumerate() {
            for members in groups {
                for p in members {
                    each(id(4, group), id(1, *p), id(3, w))?;
                }
                group += 1;
            }
        }
        Ok(())
    }

    fn groups(&self, mut each: impl FnMut(Uuid, Uuid, usize) -> Result<()>) -> Result<()> {
        let mut group = 0;
        for (w, groups) in self.company.workspaces.iter().enumerate() {
            for g in 0..groups.len() {
                each(id(4, group), id(3, w), g)?;
                group += 1;
            }
        }
        Ok(())
    }
}

const AT: i64 = 1_780_000_000_000_000;

fn load_sqlite(connection: &mut rusqlite::Connection, company: &Company) -> Result<()> {
    use rusqlite::params;
    let tx = connection.transaction()?;
    {
        let mut account = tx.prepare("INSERT INTO account (id, email, email_folded, name, is_verified, is_robot, is_operator, created_at) VALUES (?,?,?,?,1,0,0,?)")?;
        for p in 0..company.people {
            let email = format!("p{p}@people.example");
            account.execute(params![id(1, p).as_bytes(), email, email, format!("Person {p}"), AT])?;
        }
        let mut organization = tx.prepare("INSERT INTO organization (id, slug, slug_folded, name, user_management, version, created_at) VALUES (?,?,?,?,'centralized',1,?)")?;
        let mut role =
            tx.prepare("INSERT INTO organization_role (organization_id, account_id, role) VALUES (?,?,'admin')")?;
        for o in 0..company.organizations {
            let slug = format!("o{o}");
            organization.execute(params![id(2, o).as_bytes(), slug, slug, format!("Organization {o}"), AT])?;
            role.execute(params![id(2, o).as_bytes(), id(1, o % company.people).as_bytes()])?;
        }
        let mut workspace = tx.prepare("INSERT INTO workspace (id, slug, slug_folded, name, app, kind, plan, billing_cycle, status, legal_hold, open_transfer, version, access_salt, created_at) VALUES (?,?,?,?,'bitbucket','team','standard','monthly','active',0,0,1,?,?)")?;
        let mut event = tx.prepare("INSERT INTO event (id, type, at, actor_through, workspace_id, version, commitment) VALUES (?,'workspace.created',?,'operator',?,1,?)")?;
        let mut payload = tx.prepare("INSERT INTO event_payload (event_id, salt, payload) VALUES (?,?,?)")?;
        let mut pending = tx.prepare("INSERT INTO event_pending (event_id) VALUES (?)")?;
        for w in 0..company.workspaces.len() {
            let slug = format!("w{w}");
            let key = id(3, w);
            workspace.execute(params![key.as_bytes(), slug, slug, format!("Workspace {w}"), [0_u8; 32], AT])?;
            let e = id(5, w);
            event.execute(params![e.as_bytes(), AT, key.as_bytes(), [1_u8; 32]])?;
            payload.execute(params![e.as_bytes(), [2_u8; 32], br#"{"by":"import","version":"1"}"#.as_slice()])?;
            pending.execute(params![e.as_bytes()])?;
        }
        let mut group = tx.prepare("INSERT INTO user_group (id, workspace_id, slug, slug_folded, name, is_admin, repository_permission, workspace_permissions, is_default) VALUES (?,?,?,?,?,?,'write','',0)")?;
        let rows = Rows { company };
        rows.groups(|key, w, g| {
            let slug = format!("g{g}");
            group.execute(params![key.as_bytes(), w.as_bytes(), slug, slug, format!("Group {g}"), g == 0])?;
            Ok(())
        })?;
        let mut member =
            tx.prepare("INSERT INTO user_group_member (user_group_id, account_id, workspace_id) VALUES (?,?,?)")?;
        rows.memberships(|g, a, w| {
            member.execute(params![g.as_bytes(), a.as_bytes(), w.as_bytes()])?;
            Ok(())
        })?;
    }
    tx.commit()?;
    Ok(())
}

fn load_postgres(client: &mut postgres::Client, company: &Company) -> Result<()> {
    use std::fmt::Write as _;
    let mut tx = client.transaction()?;
    let at = "2026-01-01T00:00:00Z";
    let hex = |byte: &str| format!("\\\\x{}", byte.repeat(32));
    let mut text = String::new();
    for p in 0..company.people {
        let _ = writeln!(text, "{}\tp{p}@people.example\tp{p}@people.example\tPerson {p}\tt\tf\tf\t{at}", id(1, p));
    }
    copy(
        &mut tx,
        "account (id, email, email_folded, name, is_verified, is_robot, is_operator, created_at)",
        &mut text,
    )?;
    for o in 0..company.organizations {
        let _ = writeln!(text, "{}\to{o}\to{o}\tOrganization {o}\tcentralized\t1\t{at}", id(2, o));
    }
    copy(&mut tx, "organization (id, slug, slug_folded, name, user_management, version, created_at)", &mut text)?;
    for o in 0..company.organizations {
        let _ = writeln!(text, "{}\t{}\tadmin", id(2, o), id(1, o % company.people));
    }
    copy(&mut tx, "organization_role (organization_id, account_id, role)", &mut text)?;
    for w in 0..company.workspaces.len() {
        let _ = writeln!(
            text,
            "{}\tw{w}\tw{w}\tWorkspace {w}\tbitbucket\tteam\tstandard\tmonthly\tactive\tf\tf\t1\t{}\t{at}",
            id(3, w),
            hex("00")
        );
    }
    copy(
        &mut tx,
        "workspace (id, slug, slug_folded, name, app, kind, plan, billing_cycle, status, legal_hold, open_transfer, version, access_salt, created_at)",
        &mut text,
    )?;
    for w in 0..company.workspaces.len() {
        let _ = writeln!(text, "{}\tworkspace.created\t{at}\toperator\t{}\t1\t{}", id(5, w), id(3, w), hex("01"));
    }
    copy(&mut tx, "event (id, type, at, actor_through, workspace_id, version, commitment)", &mut text)?;
    for w in 0..company.workspaces.len() {
        let _ = writeln!(
            text,
            "{}\t{}\t\\\\x7b226279223a22696d706f7274222c2276657273696f6e223a2231227d",
            id(5, w),
            hex("02")
        );
    }
    copy(&mut tx, "event_payload (event_id, salt, payload)", &mut text)?;
    for w in 0..company.workspaces.len() {
        let _ = writeln!(text, "{}", id(5, w));
    }
    copy(&mut tx, "event_pending (event_id)", &mut text)?;
    let rows = Rows { company };
    rows.groups(|key, w, g| {
        let _ = writeln!(text, "{key}\t{w}\tg{g}\tg{g}\tGroup {g}\t{}\twrite\t\tf", if g == 0 { "t" } else { "f" });
        Ok(())
    })?;
    copy(
        &mut tx,
        "user_group (id, workspace_id, slug, slug_folded, name, is_admin, repository_permission, workspace_permissions, is_default)",
        &mut text,
    )?;
    rows.memberships(|g, a, w| {
        let _ = writeln!(text, "{g}\t{a}\t{w}");
        Ok(())
    })?;
    copy(&mut tx, "user_group_member (user_group_id, account_id, workspace_id)", &mut text)?;
    tx.commit()?;
    Ok(())
}

fn copy(tx: &mut postgres::Transaction<'_>, into: &str, text: &mut String) -> Result<()> {
    use std::io::Write as _;
    let mut writer = tx.copy_in(&format!("COPY {into} FROM STDIN"))?;
    writer.write_all(text.as_bytes())?;
    writer.finish()?;
    text.clear();
    Ok(())
}
