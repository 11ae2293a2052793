//! The campaign: a date by which people link themselves, what they hear before it, and what is linked by itself after it.
//!
//! Here are its rules, without a clock of their own: [`Definition`] is what the operator decides, [`Calendar`] when it
//! happens, [`CampaignState`] how it goes on, [`automatic`] where a workspace goes that nobody linked.

pub mod automatic;
mod calendar;
mod definition;
mod state;

pub use calendar::{Calendar, Telling, Told};
#[cfg(test)]
pub(crate) use definition::seed;
pub use definition::{
    Automatic, Cohort, Definition, DefinitionError, ExistingOrganization, Postponement, Purpose, Texts, Users,
    UsersConsent, Waves,
};
pub use state::{CampaignState, CampaignStep, NotNow, RunKind};

use crate::clock::Timestamp;
use crate::id::CampaignId;

/// A campaign as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    pub id: CampaignId,
    pub definition: Definition,
    pub state: CampaignState,
    /// What it goes back to when it is resumed; only while it is paused.
    pub resumes_to: Option<CampaignState>,
    /// Why it is where it is, as whoever brought it there said.
    pub reason: Option<String>,
    /// Goes up with every change: the ETag.
    pub version: i64,
    pub created_at: Timestamp,
    /// When the operator announced it: organizations made later are none that people had.
    pub announced_at: Option<Timestamp>,
}
