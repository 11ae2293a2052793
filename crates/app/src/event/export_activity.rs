//! A log as a file: exactly what its list shows, a page at a time.

use orglink_domain::event::Event;
use orglink_domain::words;
use orglink_store::event;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::list_activity::{Told, prove};
use super::ocsf::ocsf;
use super::{ActivityFilter, ActivityOf, Names, tell};
use crate::csv::csv_cell;
use crate::{App, Error, Principal};

const PAGE: i64 = 500;

words! {
    /// What a log is written as.
    "format" LogFormat {
        Ndjson = "ndjson",
        Csv = "csv",
        Ocsf = "ocsf",
    }
}

impl LogFormat {
    /// By its name.
    ///
    /// # Errors
    /// Bad input for any other name.
    pub fn named(given: &str) -> Result<Self, Error> {
        given.parse().map_err(|_| Error::field("format", "this is none of ndjson, csv, ocsf"))
    }

    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Ndjson | Self::Ocsf => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// The name of the file.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Ndjson => "events.ndjson",
            Self::Csv => "events.csv",
            Self::Ocsf => "events.ocsf.ndjson",
        }
    }
}

const HEADINGS: &str =
    "position,id,type,at,actor,actor_name,through,organization,workspace,text,commitment,payload\r\n";

/// Sends what a filter keeps of a log, newest first, in chunks of whole lines; from one snapshot. Stops when nobody
/// listens any more.
///
/// # Errors
/// As the list.
pub async fn export_activity(
    app: &App,
    principal: &Principal,
    of: ActivityOf<'_>,
    filter: &ActivityFilter,
    format: LogFormat,
    to: mpsc::Sender<Vec<u8>>,
) -> Result<(), Error> {
    let mut tx = app.db.begin_read().await?;
    let subject = prove(app, &mut tx, principal, of).await?.subject;
    let filter = filter.read(&mut tx, of).await?;
    let mut before = None;
    let mut text = if format == LogFormat::Csv { HEADINGS.to_owned() } else { String::new() };
    loop {
        let events = event::list_of(&mut tx, subject, &filter, before, PAGE).await?;
        let names = Names::of(&mut tx, &events).await?;
        before = events.last().map(|e| e.id);
        for event in events {
            let (actor, words) = tell(&event, &names);
            text.push_str(&line(&Told { event, actor, text: words, receipt: None }, format));
        }
        let is_gone = !text.is_empty() && to.send(std::mem::take(&mut text).into_bytes()).await.is_err();
        if before.is_none() || is_gone {
            return Ok(());
        }
    }
}

fn line(told: &Told, format: LogFormat) -> String {
    match format {
        LogFormat::Ndjson => format!("{}\n", object(told)),
        LogFormat::Ocsf => format!("{}\n", ocsf(&told.event, &told.actor, &told.text)),
        LogFormat::Csv => {
            let e = &told.event;
            let id = |id: Option<String>| id.unwrap_or_default();
            let cells = [
                e.position.to_string(),
                e.id.to_string(),
                e.kind.to_string(),
                e.at.to_string(),
                id(e.actor.account_id.map(|a| a.to_string())),
                told.actor.clone(),
                e.actor.through.to_string(),
                id(e.organization_id.map(|o| o.to_string())),
                id(e.workspace_id.map(|w| w.to_string())),
                told.text.clone(),
                e.commitment.to_string(),
                id(e.payload.as_ref().map(Value::to_string)),
            ];
            format!("{}\r\n", cells.map(|cell| csv_cell(&cell)).join(","))
        }
    }
}

/// As the API lists it.
pub(super) fn object(told: &Told) -> Value {
    let e: &Event = &told.event;
    json!({
        "position": e.position,
        "id": e.id.to_string(),
        "type": e.kind.as_str(),
        "at": e.at,
        "actor": e.actor.account_id.map(|a| a.to_string()),
        "through": e.actor.through.as_str(),
        "organization": e.organization_id.map(|o| o.to_string()),
        "workspace": e.workspace_id.map(|w| w.to_string()),
        "commitment": e.commitment.to_string(),
        "payload": e.payload,
        "actor_name": told.actor,
        "text": told.text,
    })
}
