//! What stands in a leaf: the envelope of one event, without personal data.

use serde::Serialize;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::digest::Digest;

/// The envelope of an event as the log holds it. Words are as they are kept: a release that does not know one of them can
/// still rebuild the tree.
///
/// The bytes are JSON in the form of RFC 8785: all names, sorted; every value a string or null; nothing that JSON escapes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    // In the order of their names: that is what makes the bytes canonical.
    #[serde(rename = "actor")]
    pub actor_id: Option<Uuid>,
    pub at: Timestamp,
    pub commitment: Digest,
    pub id: Uuid,
    #[serde(rename = "organization")]
    pub organization_id: Option<Uuid>,
    #[serde(serialize_with = "as_text")]
    pub position: i64,
    pub through: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(rename = "workspace")]
    pub workspace_id: Option<Uuid>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn as_text<S: serde::Serializer>(position: &i64, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(position)
}

impl Entry {
    /// The bytes that are hashed and published.
    ///
    /// # Errors
    /// Never, as far as values go that an event can have.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::canonical_json;

    fn entry() -> Entry {
        Entry {
            actor_id: None,
            at: Timestamp::from_micros(1_767_603_600_000_000),
            commitment: Digest::of(&[b"x"]),
            id: Uuid::from_u128(7),
            organization_id: Some(Uuid::from_u128(9)),
            position: 12,
            through: "own".to_owned(),
            kind: "workspace.linked".to_owned(),
            workspace_id: None,
        }
    }

    #[test]
    fn its_bytes_are_canonical() {
        let bytes = entry().to_bytes().expect("bytes");
        let value: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(canonical_json(&value).expect("canonical"), bytes);
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(text.starts_with(r#"{"actor":null,"at":"2026-01-05T09:00:00"#), "{text}");
        assert!(
            text.contains(r#""position":"12","through":"own","type":"workspace.linked","workspace":null}"#),
            "{text}"
        );
    }
}
