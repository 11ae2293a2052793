//! The tracker: capabilities that are missing, each as the catalog describes it, with what the operator says of its progress.

use serde::Deserialize;

use crate::clock::Timestamp;
use crate::eligibility::ReasonCode;
use crate::id::TrackerUpdateId;
use crate::words;

words! {
    /// How far a capability is.
    "state of a capability" TrackerState {
        Planned = "planned",
        InProgress = "in_progress",
        Available = "available",
    }
}

impl TrackerState {
    /// As people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::InProgress => "In progress",
            Self::Available => "Available",
        }
    }

    /// How good that is: a word for its colour.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Planned => "new",
            Self::InProgress => "warn",
            Self::Available => "good",
        }
    }
}

/// A capability that is missing, as the catalog describes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrackerEntry {
    pub title: String,
    /// What it means, who is concerned, what works meanwhile: paragraphs with empty lines between them.
    pub text: String,
    /// The reason that the lack of it is.
    pub capability: ReasonCode,
}

impl TrackerEntry {
    /// The text's paragraphs, each on one line.
    #[must_use]
    pub fn paragraphs(&self) -> Vec<String> {
        let one = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.text.replace("\r\n", "\n").split("\n\n").map(one).filter(|text| !text.is_empty()).collect()
    }
}

/// Something that the operator said of the progress of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackerUpdate {
    pub id: TrackerUpdateId,
    pub state: TrackerState,
    pub note: String,
    pub posted_at: Timestamp,
}

/// The page of an entry.
#[must_use]
pub fn path_of(entry: &str) -> String {
    format!("/tracker/{entry}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_paragraphs_however_it_is_wrapped() {
        let text = "\nOne line,\nand another.\n\n\n  The second.\n".to_owned();
        let entry =
            TrackerEntry { title: "T".to_owned(), text, capability: ReasonCode::OrganizationOriginalUserManagement };
        assert_eq!(entry.paragraphs(), ["One line, and another.", "The second."]);
    }
}
