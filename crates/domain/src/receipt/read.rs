//! Reads JSON strictly: every field is there, none besides, each written in the one way there is.

use std::fmt::Display;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::Wrong;

/// An object with exactly the fields that it may have.
pub(super) struct Object<'a> {
    at: &'a str,
    map: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    /// # Errors
    /// Names the field that is missing, or that does not belong here.
    pub fn of(at: &'a str, value: &'a Value, names: &[&str]) -> Result<Self, Wrong> {
        let whole = || if at.is_empty() { "file" } else { at };
        let map = value.as_object().ok_or_else(|| Wrong::new(whole(), "must be a JSON object"))?;
        let object = Self { at, map };
        if let Some(name) = map.keys().find(|name| !names.contains(&name.as_str())) {
            let name: String = name.chars().take(80).collect();
            return Err(Wrong::new(object.path(&name), "this format has no such field"));
        }
        match names.iter().find(|name| !map.contains_key(**name)) {
            Some(missing) => Err(Wrong::new(object.path(missing), "is missing")),
            None => Ok(object),
        }
    }

    /// The name of a field, from the file's beginning.
    pub fn path(&self, name: &str) -> String {
        if self.at.is_empty() { name.to_owned() } else { format!("{}.{name}", self.at) }
    }

    pub fn value(&self, name: &str) -> &'a Value {
        self.map.get(name).unwrap_or(&Value::Null)
    }

    pub fn text(&self, name: &str) -> Result<&'a str, Wrong> {
        self.value(name).as_str().ok_or_else(|| Wrong::new(self.path(name), "must be a text"))
    }

    pub fn list(&self, name: &str) -> Result<&'a [Value], Wrong> {
        let list = self.value(name).as_array();
        list.map(Vec::as_slice).ok_or_else(|| Wrong::new(self.path(name), "must be a list"))
    }

    /// A text that means something; `is` says what.
    pub fn exact<T: FromStr + Display>(&self, name: &str, is: &str) -> Result<T, Wrong> {
        exact(&self.path(name), self.value(name), is)
    }

    /// The same, or null.
    pub fn exact_or_null<T: FromStr + Display>(&self, name: &str, is: &str) -> Result<Option<T>, Wrong> {
        if self.value(name).is_null() { Ok(None) } else { self.exact(name, is).map(Some) }
    }
}

/// A text that is written in the one way there is: what was read, written again, is the same.
pub(super) fn exact<T: FromStr + Display>(at: &str, value: &Value, is: &str) -> Result<T, Wrong> {
    let text = value.as_str();
    let parsed = text.and_then(|text| text.parse::<T>().ok().filter(|parsed| parsed.to_string() == text));
    parsed.ok_or_else(|| Wrong::new(at, format!("must be {is}")))
}

/// 32 bytes as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hex32(pub [u8; 32]);

impl Display for Hex32 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Hex32 {
    type Err = crate::digest::InvalidDigest;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        // A digest's digits, without its prefix.
        if given.starts_with("sha256:") {
            return Err(crate::digest::InvalidDigest);
        }
        given.parse::<crate::digest::Digest>().map(|digest| Self(*digest.as_bytes()))
    }
}
