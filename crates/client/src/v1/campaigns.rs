//! Campaigns, for operators: how far they have come, and what becomes of each workspace.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::request::with_query;
use crate::words::words;
use crate::{Client, Error, List, segment};

words! {
    CampaignState {
        Draft = "draft",
        Announced = "announced",
        Open = "open",
        Closing = "closing",
        Linking = "linking",
        Paused = "paused",
        Done = "done",
        Cancelled = "cancelled",
    }
}
words! {
    /// What a decision about everybody is for.
    RunKind { Rehearsal = "rehearsal", Attempt = "attempt", Real = "real" }
}
words! {
    /// Where a decision stands.
    DecisionState {
        /// To be linked.
        Decided = "decided",
        LeftAlone = "left_alone",
        Linked = "linked",
        Migrated = "migrated",
        /// Nothing was to be done any more.
        Skipped = "skipped",
        Failed = "failed",
        Undone = "undone",
    }
}
words! {
    /// What decided where a workspace goes.
    Rule {
        Preference = "preference",
        ExistingOrganization = "existing_organization",
        SharedAdmins = "shared_admins",
        Own = "own",
        /// Of a migration of billing.
        BillingContacts = "billing_contacts",
        /// Of a migration of users.
        OwnGroups = "own_groups",
    }
}
words! {
    /// What becomes of workspaces in a campaign.
    Purpose { Link = "link", Billing = "billing", Users = "users" }
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Campaign {
    pub id: String,
    pub name: String,
    pub state: CampaignState,
    /// Why it is where it is.
    pub reason: Option<String>,
    /// What the operator decided; the same fields as in a file.
    pub definition: Value,
    pub version: String,
    pub announced_at: Option<String>,
}

/// A campaign with how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CampaignStatus {
    #[serde(flatten)]
    pub campaign: Campaign,
    /// From this moment on everybody is told.
    pub announce_at: String,
    /// The link-by day ends.
    pub closes_at: String,
    pub automatic_at: String,
    pub tellings: Vec<Telling>,
    /// Every step and change, the oldest first.
    pub history: Vec<HistoryEntry>,
    /// The run that links, once all is decided.
    pub run: Option<Run>,
    /// The newest first.
    pub rehearsals: Vec<Run>,
}

/// What people were told, or are to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Telling {
    pub what: String,
    pub at: String,
    /// Workspaces whose admins were told so far.
    pub workspaces: Option<i64>,
    /// Messages that were written for it.
    pub messages: Option<i64>,
    pub ended_at: Option<String>,
    /// Its time has passed and it was not sent: it never will be.
    pub is_missed: bool,
}

/// A step or a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HistoryEntry {
    pub version: String,
    pub at: String,
    pub by: String,
    pub state: CampaignState,
    /// What was decided from then on, when that changed.
    pub definition: Option<Value>,
    pub reason: Option<String>,
}

/// One decision about everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Run {
    pub id: String,
    pub kind: RunKind,
    pub purpose: Purpose,
    /// The moment that it is about.
    pub on_at: String,
    pub decided_at: Option<String>,
    pub began_at: Option<String>,
    pub ended_at: Option<String>,
    pub counts: Counts,
    /// What people will have been told by then.
    pub tellings: Vec<Due>,
}

/// Something that is due at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Due {
    pub what: String,
    pub at: String,
}

/// What a run has decided and done, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counts {
    /// Workspaces that were not linked when it was decided.
    pub workspaces: i64,
    /// To be linked by itself.
    pub to_link: i64,
    pub linked: i64,
    pub waiting: i64,
    pub skipped: i64,
    pub failed: i64,
    pub undone: i64,
    pub by_rule: BTreeMap<String, i64>,
    /// By reason.
    pub left_alone: BTreeMap<String, i64>,
    pub new_organizations: i64,
    pub organizations_made: i64,
    /// Messages of one step of telling.
    pub messages_a_telling: i64,
    /// Messages when all is linked.
    pub messages_of_linking: i64,
    pub waves: Vec<Wave>,
}

/// One wave; 0 is the canary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Wave {
    pub wave: i64,
    pub workspaces: i64,
    pub linked: i64,
    pub waiting: i64,
    pub failed: i64,
}

/// What becomes of one workspace, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Decision {
    /// Its slug.
    pub slug: String,
    pub name: String,
    pub state: DecisionState,
    /// None when it is left alone.
    pub rule: Option<Rule>,
    /// The organization's slug, once there is one.
    pub organization: Option<String>,
    pub organization_name: Option<String>,
    /// Workspaces of one group get one new organization.
    pub group: Option<String>,
    pub wave: Option<i64>,
    /// Why it is left alone: a reason of eligibility, or `postponed`.
    pub left_alone: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// What came of it, when that is not what was decided.
    pub outcome: Option<String>,
}

impl Client {
    /// A campaign, by name or id: its dates, what was told, its history, and what was decided.
    pub async fn view_campaign(&self, campaign: &str) -> Result<CampaignStatus, Error> {
        self.get(&format!("/campaigns/{}", segment(campaign))).await
    }

    /// What was decided about each workspace in a rehearsal, by its id, or in the run that links, `real`; those in one
    /// state, or all.
    pub fn list_decisions(&self, campaign: &str, run: &str, state: Option<&DecisionState>) -> List<Decision> {
        let path = format!("/campaigns/{}/runs/{}/decisions", segment(campaign), segment(run));
        let state = state.map(DecisionState::as_str);
        self.list(&with_query(&path, &[("limit", Some("1000")), ("state", state)]))
    }
}
