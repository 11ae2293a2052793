//! Which tables there are, read from the schema itself: what a migration adds is copied without anybody remembering it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{StoreError, Tx};

/// How a column is kept, as PostgreSQL names it. SQLite keeps fewer kinds: whole numbers, text and bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Text,
    Bytes,
    Uuid,
    Bool,
    Time,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "int8" => Self::Int,
            "text" => Self::Text,
            "bytea" => Self::Bytes,
            "uuid" => Self::Uuid,
            "bool" => Self::Bool,
            "timestamptz" => Self::Time,
            _ => return None,
        })
    }
}

/// A table as one database keeps it, its columns by name.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub name: String,
    pub columns: Vec<(String, Kind)>,
    /// The primary key, in its order.
    pub key: Vec<String>,
}

impl Table {
    /// Reads all rows in the order of the key, which both databases mean alike.
    pub fn select(&self, is_postgres: bool) -> String {
        let list = |names: Vec<String>| names.join(", ");
        let order = self.key.iter().map(|name| {
            let is_text = self.columns.iter().any(|(column, kind)| column == name && *kind == Kind::Text);
            let collate = if is_text && is_postgres { " COLLATE \"C\"" } else { "" };
            format!("\"{name}\"{collate}")
        });
        let columns = self.columns.iter().map(|(name, _)| format!("\"{name}\""));
        format!("SELECT {} FROM \"{}\" ORDER BY {}", list(columns.collect()), self.name, list(order.collect()))
    }

    /// The beginning of a statement that adds rows, up to their values.
    pub fn insert(&self, is_postgres: bool) -> String {
        let columns: Vec<String> = self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        // Counted columns keep the numbers they had.
        let overriding = if is_postgres { " OVERRIDING SYSTEM VALUE" } else { "" };
        format!("INSERT INTO \"{}\" ({}){overriding} ", self.name, columns.join(", "))
    }
}

/// All tables of a database, each after those that it refers to.
pub(super) async fn list(tx: &mut Tx) -> Result<Vec<Table>, StoreError> {
    let (columns, references) = (twin!(tx, "copy/list_columns"), twin!(tx, "copy/list_references"));
    let columns = fetch_all!(tx, columns, (String, String, String, i64))?;
    let references = fetch_all!(tx, references, (String, String))?;
    let mut tables: BTreeMap<String, (Table, Vec<(i64, String)>)> = BTreeMap::new();
    for (table, column, kind, place) in columns {
        let kind = Kind::of(&kind).ok_or_else(|| cannot(&format!("{table}.{column} is of the kind {kind}")))?;
        let fresh = || (Table { name: table.clone(), columns: Vec::new(), key: Vec::new() }, Vec::new());
        let (found, key) = tables.entry(table.clone()).or_insert_with(fresh);
        found.columns.push((column.clone(), kind));
        if place > 0 {
            key.push((place, column));
        }
    }
    let mut waiting: Vec<Table> = Vec::new();
    for (mut table, mut key) in tables.into_values() {
        key.sort();
        table.key = key.into_iter().map(|(_, name)| name).collect();
        table.columns.sort_by(|a, b| a.0.cmp(&b.0));
        if table.key.is_empty() {
            return Err(cannot(&format!("the table {} has no primary key", table.name)));
        }
        waiting.push(table);
    }
    in_order(waiting, &references)
}

fn in_order(mut waiting: Vec<Table>, references: &[(String, String)]) -> Result<Vec<Table>, StoreError> {
    let mut ordered: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let left: BTreeSet<String> = waiting.iter().map(|t| t.name.clone()).collect();
        let is_blocked =
            |t: &Table| references.iter().any(|(from, to)| *from == t.name && from != to && left.contains(to));
        let (blocked, free): (Vec<Table>, Vec<Table>) = waiting.into_iter().partition(is_blocked);
        if free.is_empty() {
            return Err(cannot("its tables refer to each other in a circle"));
        }
        ordered.extend(free);
        waiting = blocked;
    }
    Ok(ordered)
}

fn cannot(why: &str) -> StoreError {
    StoreError::Copy(format!("this database cannot be copied: {why}"))
}
