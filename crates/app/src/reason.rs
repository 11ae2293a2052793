//! Reasons that people give for what they do, which everybody concerned reads.

use crate::Error;

/// Longest reason, in characters.
const LONGEST: usize = 1000;

/// A reason as it is kept; none when nothing was said.
pub(crate) fn check(given: Option<&str>) -> Result<Option<String>, Error> {
    let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) else { return Ok(None) };
    let is_plain = given.chars().all(|c| !c.is_control() || c == '\n');
    if given.chars().count() > LONGEST || !is_plain {
        return Err(Error::field("reason", "plain text of at most 1000 characters"));
    }
    Ok(Some(given.to_owned()))
}
