//! Makes a receipt.

use serde_json::{Value, json};

use super::statement::statement;
use super::{FORMAT, ProvenEvent, Wrong};
use crate::digest::canonical_json;

/// What a receipt is made of; everything else it states follows from the events.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The link, or its undoing.
    pub event: ProvenEvent,
    /// The comparison of access after a link, once that was made.
    pub access_event: Option<ProvenEvent>,
    /// The plan's document; none for what a campaign decided.
    pub plan: Option<Value>,
    /// The signed note that both events are proven under.
    pub checkpoint: String,
}

impl Draft {
    /// The receipt's bytes.
    ///
    /// # Errors
    /// When there is no receipt of such an event.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Wrong> {
        let entry = self.event.entry("event")?;
        let compared = self.access_event.as_ref().map(|e| Ok::<_, Wrong>((e.entry("access_event")?, &e.payload)));
        let compared = compared.transpose()?;
        let access = compared.as_ref().map(|(entry, payload)| (entry, *payload));
        let mut receipt = statement((&entry, &self.event.payload), access)?;
        let rest = json!({
            "format": FORMAT,
            "plan": self.plan,
            "event": self.event.to_value(),
            "access_event": self.access_event.as_ref().map(ProvenEvent::to_value),
            "checkpoint": self.checkpoint,
        });
        if let (Value::Object(receipt), Value::Object(rest)) = (&mut receipt, rest) {
            receipt.extend(rest);
        }
        canonical_json(&receipt).map_err(|e| Wrong::new("file", e.to_string()))
    }
}
