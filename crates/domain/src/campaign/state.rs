//! How a campaign goes on: which step leads where, and which is not to be taken now.

use crate::words;

words! {
    /// Where a campaign stands.
    "campaign state" CampaignState {
        /// Being written; nobody is told.
        Draft = "draft",
        /// Decided by the operator; waits for its first day.
        Announced = "announced",
        /// Everybody is told; people choose themselves.
        Open = "open",
        /// The date has passed; who goes where is being decided.
        Closing = "closing",
        /// The rest is being linked.
        Linking = "linking",
        /// Stopped, by an operator or because too much failed.
        Paused = "paused",
        Done = "done",
        Cancelled = "cancelled",
    }
}

words! {
    /// What makes a campaign go on.
    "campaign step" CampaignStep {
        /// The operator means it.
        Announce = "announce",
        /// Its first day has come.
        Open = "open",
        /// The link-by day has ended.
        Close = "close",
        /// All is decided, and the day of automatic linking has come.
        Link = "link",
        /// Nothing is left to be linked.
        Finish = "finish",
        Pause = "pause",
        Resume = "resume",
        Cancel = "cancel",
        /// What failed is tried again.
        Retry = "retry",
    }
}

words! {
    /// What a decision about everybody is for.
    "kind of run" RunKind {
        /// To be looked at; nothing comes of it.
        Rehearsal = "rehearsal",
        /// On its way to be the real one; only that which is decided to its end becomes it.
        Attempt = "attempt",
        /// The one that links.
        Real = "real",
    }
}

/// A step that is not to be taken where the campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a campaign that is {state} does not {step}")]
pub struct NotNow {
    pub state: CampaignState,
    pub step: CampaignStep,
}

impl CampaignState {
    /// Where a step leads; `resumes_to` is where a paused campaign was.
    ///
    /// # Errors
    /// When the step is not to be taken here.
    pub fn after(self, step: CampaignStep, resumes_to: Option<Self>) -> Result<Self, NotNow> {
        use CampaignState::{Announced, Cancelled, Closing, Done, Draft, Linking, Open, Paused};
        let next = match (self, step) {
            (Draft, CampaignStep::Announce) => Some(Announced),
            (Announced, CampaignStep::Open) => Some(Open),
            (Open, CampaignStep::Close) => Some(Closing),
            (Closing, CampaignStep::Link) | (Done, CampaignStep::Retry) => Some(Linking),
            (Linking, CampaignStep::Finish) => Some(Done),
            (Announced | Open | Closing | Linking, CampaignStep::Pause) => Some(Paused),
            (Paused, CampaignStep::Resume) => resumes_to,
            (Draft | Announced | Open | Closing | Linking | Paused, CampaignStep::Cancel) => Some(Cancelled),
            _ => None,
        };
        next.ok_or(NotNow { state: self, step })
    }

    /// Nothing more comes of it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }

    /// People are told of it, and choose.
    #[must_use]
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Draft | Self::Cancelled)
    }

    /// Its dates and its cohort may still be changed: nothing is decided yet.
    #[must_use]
    pub const fn may_change(self) -> bool {
        matches!(self, Self::Draft | Self::Announced | Self::Open)
    }

    /// As people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Announced => "Announced",
            Self::Open => "Open",
            Self::Closing => "Deciding",
            Self::Linking => "Linking",
            Self::Paused => "Paused",
            Self::Done => "Done",
            Self::Cancelled => "Cancelled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_draft_to_done_is_the_only_one() {
        let way =
            [CampaignStep::Announce, CampaignStep::Open, CampaignStep::Close, CampaignStep::Link, CampaignStep::Finish];
        let end = way.into_iter().try_fold(CampaignState::Draft, |state, step| state.after(step, None));
        assert_eq!(end, Ok(CampaignState::Done));
    }

    #[test]
    fn what_is_over_stays_over_and_pausing_forgets_nothing() {
        for state in CampaignState::ALL.iter().copied() {
            for step in CampaignStep::ALL.iter().copied() {
                if state.is_over() && step != CampaignStep::Retry {
                    assert!(state.after(step, Some(CampaignState::Open)).is_err(), "{state} {step}");
                }
            }
            if let Ok(paused) = state.after(CampaignStep::Pause, None) {
                assert_eq!(paused.after(CampaignStep::Resume, Some(state)), Ok(state));
            }
        }
    }
}
