//! What was signed last, noted beside the key file: a database that was restored from an older backup shows itself by it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use orglink_domain::ledger::{Checkpoint, Edge, NodePlace, Note, Tile, root_of};
use orglink_store::ledger::Log;
use orglink_store::{StoreError, Tx, ledger};

use super::{refuse, size_of};
use crate::{App, Error};

const REMEDY: &str = "Bring back the newer database; if it is lost: orglink ledger restart --reason WHY.";

/// Where the note of a key file is.
#[must_use]
pub fn mark_beside(key_file: &Path) -> PathBuf {
    let mut name = key_file.as_os_str().to_owned();
    name.push(".ledger");
    PathBuf::from(name)
}

/// What was signed last, as far as this machine knows.
pub fn read(app: &App) -> Result<Option<Checkpoint>, Error> {
    let Some(path) = &app.settings.ledger_mark else { return Ok(None) };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(StoreError::from(e).into()),
    };
    let parsed = text.parse::<Note>().and_then(|note| note.text.parse::<Checkpoint>());
    parsed.map(Some).map_err(|_| refuse(format!("{} is no checkpoint. {REMEDY}", path.display())))
}

/// Notes a checkpoint, unless a newer one of the same log is noted; with `always`, whatever is noted.
pub fn write(app: &App, note: &str, of: &Checkpoint, always: bool) -> Result<(), Error> {
    let Some(path) = &app.settings.ledger_mark else { return Ok(()) };
    if !always && read(app)?.is_some_and(|noted| noted.origin == of.origin && noted.size >= of.size) {
        return Ok(());
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let fresh = PathBuf::from(name);
    let written = std::fs::File::create(&fresh).and_then(|mut file| {
        file.write_all(note.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)
    });
    written.map_err(|e| StoreError::from(e).into())
}

/// Refuses where something was signed for that this database does not hold.
pub async fn check(app: &App, tx: &mut Tx, current: Option<&Log>) -> Result<(), Error> {
    let Some(noted) = read(app)? else { return Ok(()) };
    let behind = |has: &str| {
        let (origin, size) = (&noted.origin, noted.size);
        Err(refuse(format!("{origin} was signed up to position {size}; this database {has}. {REMEDY}")))
    };
    let Some(log) = current else { return behind("holds no ledger") };
    if log.origin == noted.origin {
        return match size_of(log) {
            size if size < noted.size => behind(&format!("ends at {size}: it was restored from an older backup")),
            _ if root_at(tx, log, noted.size).await? != Some(noted.root) => behind("holds other events up to there"),
            _ => Ok(()),
        };
    }
    // What ended is never signed for again.
    let begins = format!("{} ", noted.origin);
    let names_it = log.previous.as_deref().is_some_and(|previous| previous.starts_with(&begins));
    if names_it || ledger::find_by_origin(tx, &noted.origin).await?.is_some_and(|old| old.number < log.number) {
        return Ok(());
    }
    behind("does not hold that ledger")
}

/// The root that a log had at a size, from its tiles.
pub async fn root_at(tx: &mut Tx, log: &Log, size: u64) -> Result<Option<orglink_domain::digest::Digest>, Error> {
    let tiles = tiles_for(tx, log, |nodes| {
        root_of(size, nodes);
    })
    .await?;
    Ok(root_of(size, &mut |place| in_tiles(&tiles, place)))
}

/// The tiles that a computation asks for: it is run once to see which.
pub async fn tiles_for(
    tx: &mut Tx,
    log: &Log,
    compute: impl FnOnce(&mut dyn FnMut(NodePlace) -> Option<orglink_domain::digest::Digest>),
) -> Result<Vec<Tile>, Error> {
    let mut wanted = std::collections::BTreeSet::new();
    compute(&mut |place| {
        wanted.insert((place.level, place.index / 256));
        Some(log.root)
    });
    let mut tiles = Vec::with_capacity(wanted.len());
    for (level, index) in wanted {
        tiles.extend(ledger::find_tile(tx, log.id, level, index).await?);
    }
    Ok(tiles)
}

/// A hash out of tiles at hand.
pub fn in_tiles(tiles: &[Tile], place: NodePlace) -> Option<orglink_domain::digest::Digest> {
    let tile = tiles.iter().find(|t| t.level == place.level && t.index == place.index / 256)?;
    tile.hashes.get(usize::try_from(place.index % 256).ok()?).copied()
}

/// The right edge of a log; nothing when its tiles are not all there.
pub async fn edge_of(tx: &mut Tx, log: &Log) -> Result<Option<Edge>, Error> {
    let mut tiles = Vec::new();
    for (level, index, _) in Edge::places(size_of(log)) {
        tiles.extend(ledger::find_tile(tx, log.id, level, index).await?);
    }
    Ok(Edge::of(size_of(log), &tiles))
}
