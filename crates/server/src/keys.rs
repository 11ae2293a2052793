//! The key file: the installation's keys, newest first, one a line in hexadecimal. A line may say until when its key
//! is still accepted: `HEX until=2026-12-08T09:00:00Z`.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use orglink_app::Key;
use orglink_app::system::SystemClock;
use orglink_domain::clock::{Clock as _, Timestamp};
use orglink_domain::digest::Digest;

/// How many seconds an older key is accepted after it was replaced: as long as a session lasts by default.
pub const ACCEPTED_SECONDS: i64 = 14 * 24 * 60 * 60;

/// One line.
struct Line {
    bytes: [u8; 32],
    until: Option<Timestamp>,
}

/// The installation's key: made, with mode 0600, when the file is not there.
///
/// # Errors
/// When the file cannot be read or written, or holds no key.
pub fn load_key(path: &Path) -> Result<Key> {
    if !path.exists() {
        let fresh = [Line { bytes: random_key()?, until: None }];
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        write(options, path, &fresh).with_context(|| format!("cannot make {}", path.display()))?;
    }
    let mut keys = read_keys(path)?.into_iter();
    let newest = keys.next().with_context(|| format!("{} holds no key", path.display()))?;
    Ok(Key::with_older(newest, keys))
}

/// The keys that are accepted now, the newest first.
///
/// # Errors
/// When the file cannot be read, or is no key file.
pub fn read_keys(path: &Path) -> Result<Vec<[u8; 32]>> {
    let now = SystemClock.now();
    let lines = read(path)?;
    Ok(lines.into_iter().filter(|l| l.until.is_none_or(|until| until > now)).map(|l| l.bytes).collect())
}

/// Puts a new key first; the others are accepted for a while. How many are accepted now, the new one among them.
///
/// # Errors
/// When the file is not there or cannot be replaced; then it is as it was.
pub fn rotate(path: &Path) -> Result<usize> {
    let now = SystemClock.now();
    let mut lines = vec![Line { bytes: random_key()?, until: None }];
    for line in read(path)? {
        let until = line.until.unwrap_or_else(|| now.plus_seconds(ACCEPTED_SECONDS));
        if until > now {
            lines.push(Line { bytes: line.bytes, until: Some(until) });
        }
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    let written = write(options, Path::new(&name), &lines).and_then(|()| Ok(std::fs::rename(&name, path)?));
    if written.is_err() {
        let _ = std::fs::remove_file(&name);
    }
    written.with_context(|| format!("cannot replace {}", path.display()))?;
    Ok(lines.len())
}

fn write(mut options: std::fs::OpenOptions, path: &Path, lines: &[Line]) -> Result<()> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    for line in lines {
        let digest = Digest::from_bytes(line.bytes).to_string();
        let until = line.until.map(|until| format!(" until={until}")).unwrap_or_default();
        writeln!(file, "{}{until}", digest.trim_start_matches("sha256:"))?;
    }
    file.sync_all()?;
    Ok(())
}

fn read(path: &Path) -> Result<Vec<Line>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines: Result<Vec<Line>> = text.lines().map(str::trim).filter(|l| !l.is_empty()).map(parse).collect();
    let lines = lines.with_context(|| format!("{} is not a key file", path.display()))?;
    if lines.first().is_none_or(|l| l.until.is_some()) {
        bail!("{} is not a key file: the first line must be the newest key", path.display());
    }
    Ok(lines)
}

fn parse(line: &str) -> Result<Line> {
    let (key, rest) = line.split_once(' ').map_or((line, None), |(key, rest)| (key, Some(rest)));
    if key.len() != 64 {
        bail!("a key is 64 hexadecimal digits");
    }
    let digest: Digest = key.parse()?;
    let until = match rest {
        None => None,
        Some(rest) => {
            let at = rest.trim().strip_prefix("until=").context("after a key only until=TIME may stand")?;
            Some(at.parse().map_err(|_| anyhow::anyhow!("'{at}' is no time"))?)
        }
    };
    Ok(Line { bytes: *digest.as_bytes(), until })
}

/// A key for commands that hand out nothing that depends on it.
///
/// # Errors
/// When the system has no randomness to give.
pub fn passing_key() -> Result<Key> {
    Ok(Key::new(random_key()?))
}

fn random_key() -> Result<[u8; 32]> {
    let secret = orglink_app::Secret::generate("")?;
    Ok(*secret.hash().as_bytes())
}
