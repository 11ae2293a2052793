//! Shapes that the endpoints of campaigns share.

use std::collections::BTreeMap;

use orglink_app::campaign::{CampaignView, Counts, DecisionView, HistoryEntry, RunView};
use orglink_domain::campaign::automatic::{DecisionState, LeftAlone, Rule};
use orglink_domain::campaign::{Campaign, CampaignState, Definition, Purpose, RunKind};
use orglink_domain::clock::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A campaign.
#[derive(Serialize, ToSchema)]
pub struct CampaignJson {
    pub id: String,
    pub name: String,
    /// `draft`, `announced`, `open`, `closing`, `linking`, `paused`, `done` or `cancelled`.
    #[schema(value_type = String)]
    pub state: CampaignState,
    /// Why it is where it is, as whoever brought it there said.
    pub reason: Option<String>,
    /// What the operator decided; the same fields as in a file.
    #[schema(value_type = Object)]
    pub definition: Definition,
    pub version: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub announced_at: Option<Timestamp>,
}

impl CampaignJson {
    pub fn of(c: &Campaign) -> Self {
        Self {
            id: c.id.to_string(),
            name: c.definition.name.clone(),
            state: c.state,
            reason: c.reason.clone(),
            definition: c.definition.clone(),
            version: c.version.to_string(),
            announced_at: c.announced_at,
        }
    }
}

/// A campaign with how far it has come.
#[derive(Serialize, ToSchema)]
pub struct CampaignStatusJson {
    #[serde(flatten)]
    pub campaign: CampaignJson,
    /// From this moment on everybody is told.
    #[schema(value_type = String, format = DateTime)]
    pub announce_at: Timestamp,
    /// The link-by day ends.
    #[schema(value_type = String, format = DateTime)]
    pub closes_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub automatic_at: Timestamp,
    pub tellings: Vec<TellingJson>,
    /// Every step and change, the oldest first.
    pub history: Vec<HistoryJson>,
    /// The run that links, once all is decided.
    pub run: Option<RunJson>,
    /// The newest first.
    pub rehearsals: Vec<RunJson>,
}

/// What people were told, or are to be told.
#[derive(Serialize, ToSchema)]
pub struct TellingJson {
    pub what: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Workspaces whose admins were told so far.
    pub workspaces: Option<i64>,
    /// Messages that were written for it.
    pub messages: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// Its time has passed and it was not sent: it never will be.
    pub is_missed: bool,
}

/// A step or a change.
#[derive(Serialize, ToSchema)]
pub struct HistoryJson {
    pub version: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub by: String,
    #[schema(value_type = String)]
    pub state: CampaignState,
    /// What was decided from then on, when that changed.
    #[schema(value_type = Option<Object>)]
    pub definition: Option<Definition>,
    pub reason: Option<String>,
}

impl HistoryJson {
    fn of(entry: HistoryEntry) -> Self {
        let HistoryEntry { version, at, by, state, definition, reason } = entry;
        Self { version: version.to_string(), at, by, state, definition, reason }
    }
}

impl CampaignStatusJson {
    pub fn of(view: CampaignView) -> Self {
        Self {
            campaign: CampaignJson::of(&view.campaign),
            announce_at: view.calendar.announce_at,
            closes_at: view.calendar.closes_at,
            automatic_at: view.calendar.automatic_at,
            tellings: view
                .tellings
                .into_iter()
                .map(|t| TellingJson {
                    what: t.what,
                    at: t.at,
                    workspaces: t.told.map(|told| told.0),
                    messages: t.told.map(|told| told.1),
                    ended_at: t.ended_at,
                    is_missed: t.is_missed,
                })
                .collect(),
            history: view.history.into_iter().map(HistoryJson::of).collect(),
            run: view.run.map(RunJson::of),
            rehearsals: view.rehearsals.into_iter().map(RunJson::of).collect(),
        }
    }
}

/// One decision about everybody: a rehearsal, or the run that links.
#[derive(Serialize, ToSchema)]
pub struct RunJson {
    pub id: String,
    /// `rehearsal` or `real`.
    #[schema(value_type = String)]
    pub kind: RunKind,
    /// `link` or `billing`.
    #[schema(value_type = String)]
    pub purpose: Purpose,
    /// The moment that it is about.
    #[schema(value_type = String, format = DateTime)]
    pub on_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub began_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    pub counts: CountsJson,
    /// What people will have been told by then.
    pub tellings: Vec<DueJson>,
}

/// Something that is due at a moment.
#[derive(Serialize, ToSchema)]
pub struct DueJson {
    pub what: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// What a run has decided and done, counted.
#[derive(Serialize, ToSchema)]
pub struct CountsJson {
    /// Workspaces that it was decided about: that were not linked, or whose billing had not migrated.
    pub workspaces: i64,
    /// To be linked by itself, or to migrate.
    pub to_link: i64,
    /// Linked, or migrated.
    pub linked: i64,
    pub waiting: i64,
    pub skipped: i64,
    pub failed: i64,
    pub undone: i64,
    /// `preference`, `existing_organization`, `shared_admins`, `own`; of a migration `billing_contacts` or `own_groups`.
    pub by_rule: BTreeMap<String, i64>,
    /// By reason.
    pub left_alone: BTreeMap<String, i64>,
    pub new_organizations: i64,
    pub organizations_made: i64,
    /// Messages of one step of telling: to each admin of each workspace that is concerned.
    pub messages_a_telling: i64,
    /// Messages when all is linked: to each admin of what was linked.
    pub messages_of_linking: i64,
    pub waves: Vec<WaveJson>,
}

/// One wave; 0 is the canary.
#[derive(Serialize, ToSchema)]
pub struct WaveJson {
    pub wave: i64,
    pub workspaces: i64,
    pub linked: i64,
    pub waiting: i64,
    pub failed: i64,
}

impl CountsJson {
    fn of(counts: Counts) -> Self {
        Self {
            workspaces: counts.workspaces,
            to_link: counts.to_link(),
            linked: counts.done(),
            waiting: counts.of_state(DecisionState::Decided),
            skipped: counts.of_state(DecisionState::Skipped),
            failed: counts.of_state(DecisionState::Failed),
            undone: counts.of_state(DecisionState::Undone),
            new_organizations: counts.new_organizations,
            organizations_made: counts.organizations_made,
            messages_a_telling: counts.messages_a_telling,
            messages_of_linking: counts.messages_of_linking,
            waves: counts
                .waves
                .iter()
                .map(|w| WaveJson {
                    wave: w.wave,
                    workspaces: w.workspaces,
                    linked: w.linked,
                    waiting: w.waiting,
                    failed: w.failed,
                })
                .collect(),
            by_rule: counts.by_rule,
            left_alone: counts.left_alone,
        }
    }
}

impl RunJson {
    pub fn of(view: RunView) -> Self {
        let tellings = view.tellings().into_iter().map(|(what, at)| DueJson { what, at }).collect();
        Self {
            id: view.run.id.to_string(),
            kind: view.run.kind,
            purpose: view.run.definition.purpose,
            on_at: view.run.on_at,
            decided_at: view.run.decided_at,
            began_at: view.run.began_at,
            ended_at: view.run.ended_at,
            counts: CountsJson::of(view.counts),
            tellings,
        }
    }
}

/// What becomes of one workspace, and why.
#[derive(Serialize, ToSchema)]
pub struct DecisionJson {
    /// Its slug.
    pub slug: String,
    pub name: String,
    /// `decided`, `left_alone`, `linked`, `migrated`, `skipped`, `failed` or `undone`.
    #[schema(value_type = String)]
    pub state: DecisionState,
    /// `preference`, `existing_organization`, `shared_admins`, `own`, `billing_contacts` or `own_groups`; none when it is left alone.
    #[schema(value_type = Option<String>)]
    pub rule: Option<Rule>,
    /// The organization's slug, once there is one.
    pub organization: Option<String>,
    pub organization_name: Option<String>,
    /// Workspaces of one group get one new organization.
    pub group: Option<String>,
    pub wave: Option<i64>,
    /// Why it is left alone, as a word.
    #[schema(value_type = Option<String>)]
    pub left_alone: Option<LeftAlone>,
    /// Why, in words.
    pub reason: String,
    /// What came of it, when that is not what was decided: `linked_by_hand`, `deleted`, `decided_again`, a reason to leave it
    /// alone, or what failed.
    pub outcome: Option<String>,
}

impl DecisionJson {
    pub fn of(view: DecisionView) -> Self {
        Self {
            slug: view.workspace,
            name: view.workspace_name,
            state: view.state,
            rule: view.rule,
            organization: view.organization,
            organization_name: view.organization_name,
            group: view.group.map(|key| key.to_string()),
            wave: view.wave,
            left_alone: view.left_alone,
            reason: view.reason,
            outcome: view.outcome,
        }
    }
}
