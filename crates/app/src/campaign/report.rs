//! What a run has decided and done, counted and row by row.

use std::collections::BTreeMap;

use orglink_domain::campaign::RunKind;
use orglink_domain::campaign::automatic::{Decision, DecisionState, Fate, LeftAlone, Rule, Target};
use orglink_domain::digest::Digest;
use orglink_domain::id::{RunId, WorkspaceId};
use orglink_store::Tx;
use orglink_store::campaign::{self, NamedDecision, Run};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::load;
use crate::{App, Error, Principal};

/// What is kept of a run, counted. Numbers are small enough for JSON's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Workspaces that it was decided about: that were not linked, or whose billing had not migrated.
    pub workspaces: i64,
    /// To be linked, or to migrate, by rule.
    pub by_rule: BTreeMap<String, i64>,
    /// Left alone, by reason.
    pub left_alone: BTreeMap<String, i64>,
    /// By what came of it.
    pub by_state: BTreeMap<String, i64>,
    /// Organizations to be made.
    pub new_organizations: i64,
    /// Of them, made so far.
    pub organizations_made: i64,
    /// Messages of one step of telling: to each admin of each workspace that is concerned.
    #[serde(default)]
    pub messages_a_telling: i64,
    /// Messages when all is linked: to each admin of what was linked.
    #[serde(default)]
    pub messages_of_linking: i64,
    pub waves: Vec<Wave>,
}

/// One wave: 0 is the canary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wave {
    pub wave: i64,
    pub workspaces: i64,
    pub linked: i64,
    pub waiting: i64,
    pub failed: i64,
}

impl Counts {
    pub(super) async fn read(tx: &mut Tx, run: RunId) -> Result<Self, Error> {
        let mut counts = Self::default();
        let mut waves: BTreeMap<i64, Wave> = BTreeMap::new();
        for alike in campaign::count_decisions(tx, run).await? {
            counts.workspaces += alike.count;
            *counts.by_state.entry(alike.state.to_string()).or_default() += alike.count;
            if let Some(rule) = alike.rule {
                *counts.by_rule.entry(rule.to_string()).or_default() += alike.count;
            }
            if let Some(reason) = alike.left_alone {
                *counts.left_alone.entry(reason.to_string()).or_default() += alike.count;
            }
            if alike.wave != campaign::NO_WAVE {
                let wave = waves.entry(alike.wave).or_insert_with(|| Wave { wave: alike.wave, ..Wave::default() });
                wave.workspaces += alike.count;
                match alike.state {
                    DecisionState::Linked | DecisionState::Migrated => wave.linked += alike.count,
                    DecisionState::Decided => wave.waiting += alike.count,
                    DecisionState::Failed => wave.failed += alike.count,
                    DecisionState::LeftAlone | DecisionState::Skipped | DecisionState::Undone => {}
                }
            }
        }
        let (shared, own, made) = campaign::count_organizations(tx, run).await?;
        counts.new_organizations = shared + own;
        counts.organizations_made = made;
        counts.waves = waves.into_values().collect();
        Ok(counts)
    }

    /// What was counted when all of a run was decided.
    pub(super) fn kept(run: &Run) -> Option<Self> {
        run.counts.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }

    /// How many were to be linked.
    #[must_use]
    pub fn to_link(&self) -> i64 {
        self.by_rule.values().sum()
    }

    /// How many were linked, or have migrated.
    #[must_use]
    pub fn done(&self) -> i64 {
        self.of_state(DecisionState::Linked) + self.of_state(DecisionState::Migrated)
    }

    /// How many stand so.
    #[must_use]
    pub fn of_state(&self, state: DecisionState) -> i64 {
        self.by_state.get(state.as_str()).copied().unwrap_or(0)
    }
}

/// A run as an operator sees it.
#[derive(Debug, Clone)]
pub struct RunView {
    pub run: Run,
    pub counts: Counts,
}

impl RunView {
    pub(super) async fn of(tx: &mut Tx, run: Run) -> Result<Self, Error> {
        let kept = Counts::kept(&run);
        let counts = match kept {
            // What a rehearsal counts never changes.
            Some(kept) if run.kind == RunKind::Rehearsal => kept,
            kept => {
                let kept = kept.unwrap_or_default();
                let (messages_a_telling, messages_of_linking) = (kept.messages_a_telling, kept.messages_of_linking);
                Counts { messages_a_telling, messages_of_linking, ..Counts::read(tx, run.id).await? }
            }
        };
        Ok(Self { run, counts })
    }
}

/// One workspace's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionView {
    pub workspace: String,
    pub workspace_name: String,
    pub state: DecisionState,
    /// Which rule decided; none when it is left alone.
    pub rule: Option<Rule>,
    /// The organization's slug, once there is one.
    pub organization: Option<String>,
    /// What the organization is called, or the new one will be.
    pub organization_name: Option<String>,
    /// Who else gets the same new organization has the same key.
    pub group: Option<Digest>,
    pub wave: Option<i64>,
    /// Why it is left alone, as a word.
    pub left_alone: Option<LeftAlone>,
    /// Why, in words.
    pub reason: String,
    /// What came of it, when that is not what was decided.
    pub outcome: Option<String>,
}

impl DecisionView {
    /// For whoever may not know the organization.
    pub(super) fn without_organization(self) -> Self {
        if self.organization.is_none() {
            return self;
        }
        Self { organization: None, organization_name: Some("an organization of its admins".to_owned()), ..self }
    }

    pub(super) fn of(named: NamedDecision) -> Self {
        let NamedDecision { decided, slug, name, organization, group_name, group_size } = named;
        let mut view = Self {
            workspace: slug,
            workspace_name: name,
            state: decided.state,
            rule: None,
            organization: None,
            organization_name: None,
            group: None,
            wave: (decided.wave != campaign::NO_WAVE).then_some(decided.wave),
            left_alone: None,
            reason: String::new(),
            outcome: decided.outcome,
        };
        match decided.fate {
            Fate::Stays(reason) => {
                view.left_alone = Some(reason);
                reason.sentence().clone_into(&mut view.reason);
            }
            Fate::Goes(Decision { rule, target, evidence }) => {
                view.rule = Some(rule);
                view.reason = Decision::sentence(rule, evidence, group_size - 1);
                let (slug, name) = organization.map_or((None, None), |(slug, name)| (Some(slug), Some(name)));
                view.organization = slug;
                view.organization_name = name;
                if let Target::Group(key) = target {
                    view.group = Some(key);
                    view.organization_name = view.organization_name.or(Some(group_name));
                }
            }
        }
        view
    }
}

/// Some rows, and where the next begin.
#[derive(Debug, Clone)]
pub struct DecisionPage {
    pub rows: Vec<DecisionView>,
    pub next: Option<WorkspaceId>,
}

/// The rows of a run (the real one, or a rehearsal by its id) in the order of workspaces' ids.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an operator.
pub async fn list_decisions(
    app: &App,
    principal: &Principal,
    name: &str,
    run: Option<&str>,
    state: Option<DecisionState>,
    after: Option<WorkspaceId>,
    limit: i64,
) -> Result<DecisionPage, Error> {
    let mut tx = app.db.begin_read().await?;
    let run = find_run(app, &mut tx, principal, name, run).await?;
    let after = after.unwrap_or(WorkspaceId(Uuid::nil()));
    let mut rows = campaign::list_decisions(&mut tx, run.id, after, limit.saturating_add(1), state).await?;
    let limit = usize::try_from(limit).unwrap_or(1);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more).map(|row| row.decided.workspace_id);
    Ok(DecisionPage { rows: rows.into_iter().map(DecisionView::of).collect(), next })
}

/// A run with what it counts.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an operator.
pub async fn view_run(app: &App, principal: &Principal, name: &str, run: Option<&str>) -> Result<RunView, Error> {
    let mut tx = app.db.begin_read().await?;
    let run = find_run(app, &mut tx, principal, name, run).await?;
    RunView::of(&mut tx, run).await
}

async fn find_run(app: &App, tx: &mut Tx, principal: &Principal, name: &str, run: Option<&str>) -> Result<Run, Error> {
    let found = load(app, tx, principal, name).await?;
    let absent = || Error::not_found("run", run.unwrap_or("real"));
    let run = match run {
        None => campaign::find_real_run(tx, found.id).await?,
        Some(id) => campaign::find_run(tx, RunId(id.parse().map_err(|_| absent())?)).await?,
    };
    run.filter(|run| run.campaign_id == found.id && run.decided_at.is_some()).ok_or_else(absent)
}
