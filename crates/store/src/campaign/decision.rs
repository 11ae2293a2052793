//! Decisions, row by row, and what a batch does with them.

use orglink_domain::campaign::automatic::{Decision, DecisionState, Evidence, Fate, LeftAlone, Rule, Target};
use orglink_domain::id::{OrganizationId, RunId, WorkspaceId};
use uuid::Uuid;

use crate::row::{digest, word};
use crate::{StoreError, Tx};

/// The wave of those that are left alone.
pub const NO_WAVE: i64 = -1;

/// What was decided about a workspace, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub wave: i64,
    pub workspace_id: WorkspaceId,
    /// The workspace as it was decided about.
    pub workspace_version: i64,
    pub fate: Fate,
    pub state: DecisionState,
    /// What came of it, when that is not what was decided.
    pub outcome: Option<String>,
}

pub(super) type Row = (
    i64,
    Uuid,
    i64,
    Option<String>,
    Option<Uuid>,
    Option<Vec<u8>>,
    Option<String>,
    Option<String>,
    String,
    Option<String>,
);

pub(super) fn from_row(row: Row) -> Result<Decided, StoreError> {
    let (wave, id, version, rule, organization, group, evidence, left_alone, state, outcome) = row;
    let bad = |column| StoreError::inconsistent("campaign_decision", column, id);
    let fate = match (rule, left_alone) {
        (Some(rule), None) => {
            let target = match (organization, group) {
                (Some(organization), None) => Target::Organization(OrganizationId(organization)),
                (None, Some(key)) => Target::Group(digest(&key, "campaign_decision", "group_key", id)?),
                _ => return Err(bad("group_key")),
            };
            let evidence: Evidence =
                serde_json::from_str(evidence.as_deref().unwrap_or("")).map_err(|_| bad("evidence"))?;
            Fate::Goes(Decision { rule: word(&rule, "campaign_decision", "rule", id)?, target, evidence })
        }
        (None, Some(reason)) => Fate::Stays(word(&reason, "campaign_decision", "left_alone", id)?),
        _ => return Err(bad("rule")),
    };
    Ok(Decided {
        wave,
        workspace_id: WorkspaceId(id),
        workspace_version: version,
        fate,
        state: word(&state, "campaign_decision", "state", id)?,
        outcome,
    })
}

/// The columns that a fate becomes.
struct Columns {
    rule: Option<&'static str>,
    organization: Option<Uuid>,
    group: Option<Vec<u8>>,
    evidence: Option<String>,
    left_alone: Option<&'static str>,
}

impl Columns {
    fn of(fate: &Fate) -> Result<Self, StoreError> {
        match fate {
            Fate::Stays(reason) => Ok(Self {
                rule: None,
                organization: None,
                group: None,
                evidence: None,
                left_alone: Some(reason.as_str()),
            }),
            Fate::Goes(decision) => {
                let (organization, group) = match decision.target {
                    Target::Organization(id) => (Some(id.0), None),
                    Target::Group(key) => (None, Some(key.as_bytes().to_vec())),
                };
                let evidence = serde_json::to_string(&decision.evidence);
                let evidence = evidence.map_err(|e| std::io::Error::other(e.to_string()))?;
                let rule = Some(decision.rule.as_str());
                Ok(Self { rule, organization, group, evidence: Some(evidence), left_alone: None })
            }
        }
    }
}

pub async fn create_decisions(tx: &mut Tx, run: RunId, decided: &[Decided]) -> Result<(), StoreError> {
    let rows: Vec<(&Decided, Columns)> =
        decided.iter().map(|d| Ok((d, Columns::of(&d.fate)?))).collect::<Result<_, StoreError>>()?;
    insert_all!(
        tx,
        "campaign_decision (run_id, wave, workspace_id, workspace_version, rule, organization_id, group_key, evidence, left_alone, state)",
        rows,
        |b, row| {
            b.push_bind(run.0)
                .push_bind(row.0.wave)
                .push_bind(row.0.workspace_id.0)
                .push_bind(row.0.workspace_version)
                .push_bind(row.1.rule)
                .push_bind(row.1.organization)
                .push_bind(row.1.group.as_deref())
                .push_bind(row.1.evidence.as_deref())
                .push_bind(row.1.left_alone)
                .push_bind(row.0.state.as_str());
        }
    );
    Ok(())
}

/// Keeps a decision that was made again, or what came of one.
pub async fn change_decision(tx: &mut Tx, run: RunId, after: &Decided) -> Result<(), StoreError> {
    let columns = Columns::of(&after.fate)?;
    execute!(
        tx,
        sql!("campaign/change_decision"),
        run.0,
        after.workspace_id.0,
        after.workspace_version,
        columns.rule,
        columns.organization,
        columns.group.as_deref(),
        columns.evidence.as_deref(),
        columns.left_alone,
        after.state.as_str(),
        after.outcome.as_deref(),
    )?;
    Ok(())
}

/// Nothing is to be done about a workspace any more, for a reason that came up since it was decided. What was decided stays.
#[derive(Debug, Clone, Copy)]
pub struct Settled {
    pub workspace_id: WorkspaceId,
    pub workspace_version: i64,
    /// A reason to leave it alone, `linked_by_hand` or `deleted`.
    pub outcome: &'static str,
}

pub async fn settle_decision(tx: &mut Tx, run: RunId, settled: &Settled) -> Result<(), StoreError> {
    let Settled { workspace_id, workspace_version, outcome } = *settled;
    execute!(tx, sql!("campaign/settle_decision"), run.0, workspace_id.0, workspace_version, outcome)?;
    Ok(())
}

/// It should have been linked and could not be.
pub async fn fail_decision(tx: &mut Tx, run: RunId, id: WorkspaceId, why: &str) -> Result<(), StoreError> {
    execute!(tx, sql!("campaign/fail_decision"), run.0, id.0, why)?;
    Ok(())
}

/// What was linked has been undone.
pub async fn undo_decision(tx: &mut Tx, run: RunId, id: WorkspaceId, why: Option<&str>) -> Result<(), StoreError> {
    execute!(tx, sql!("campaign/undo_decision"), run.0, id.0, why)?;
    Ok(())
}

/// How many wait to be linked.
pub async fn count_waiting(tx: &mut Tx, run: RunId) -> Result<i64, StoreError> {
    let statement = twin!(tx, "campaign/count_waiting");
    Ok(fetch_one!(tx, statement, (i64,), run.0)?.0)
}

/// How many failed.
pub async fn count_failed(tx: &mut Tx, run: RunId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("campaign/count_failed"), (i64,), run.0)?.0)
}

/// How many failed since an operator last let the run go on.
pub async fn count_new_failures(tx: &mut Tx, run: RunId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("campaign/count_new_failures"), (i64,), run.0)?.0)
}

/// An operator has seen what failed, and lets the run go on.
pub async fn tolerate_failures(tx: &mut Tx, run: RunId) -> Result<(), StoreError> {
    execute!(tx, sql!("campaign/tolerate_failures"), run.0)?;
    Ok(())
}

/// Decisions that are alike, counted.
#[derive(Debug, Clone)]
pub struct Counted {
    pub wave: i64,
    pub state: DecisionState,
    pub rule: Option<Rule>,
    pub left_alone: Option<LeftAlone>,
    pub count: i64,
}

pub async fn count_decisions(tx: &mut Tx, run: RunId) -> Result<Vec<Counted>, StoreError> {
    type CountRow = (i64, String, Option<String>, Option<String>, i64);
    fetch_all!(tx, sql!("campaign/count_states"), CountRow, run.0)?
        .into_iter()
        .map(|(wave, state, rule, left_alone, count)| {
            Ok(Counted {
                wave,
                state: word(&state, "campaign_decision", "state", run)?,
                rule: rule.map(|rule| word(&rule, "campaign_decision", "rule", run)).transpose()?,
                left_alone: left_alone.map(|r| word(&r, "campaign_decision", "left_alone", run)).transpose()?,
                count,
            })
        })
        .collect()
}

/// New organizations of a run: for several workspaces, for one, and made so far.
pub async fn count_organizations(tx: &mut Tx, run: RunId) -> Result<(i64, i64, i64), StoreError> {
    fetch_one!(tx, sql!("campaign/count_groups"), (i64, i64, i64), run.0)
}

/// A decision with the names of what it is about.
#[derive(Debug, Clone)]
pub struct NamedDecision {
    pub decided: Decided,
    pub slug: String,
    pub name: String,
    /// Slug and name of the organization, when there is one already.
    pub organization: Option<(String, String)>,
    /// What a new organization is called, and for how many workspaces it is.
    pub group_name: String,
    pub group_size: i64,
}

type NamedRow = (
    i64,
    Uuid,
    i64,
    Option<String>,
    Option<Uuid>,
    Option<Vec<u8>>,
    Option<String>,
    Option<String>,
    String,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    String,
    i64,
);

#[expect(clippy::many_single_char_names, reason = "columns handed on in their order")]
fn from_named(row: NamedRow) -> Result<NamedDecision, StoreError> {
    let (a, b, c, d, e, f, g, h, i, j, slug, name, organization, organization_name, group_name, group_size) = row;
    Ok(NamedDecision {
        decided: from_row((a, b, c, d, e, f, g, h, i, j))?,
        slug,
        name,
        organization: organization.zip(organization_name),
        group_name,
        group_size,
    })
}

/// The decisions of a run after a workspace, of one state when it is given.
pub async fn list_decisions(
    tx: &mut Tx,
    run: RunId,
    after: WorkspaceId,
    limit: i64,
    state: Option<DecisionState>,
) -> Result<Vec<NamedDecision>, StoreError> {
    let state = state.map_or("", DecisionState::as_str);
    let rows = fetch_all!(tx, sql!("campaign/list_rows"), NamedRow, run.0, after.0, limit, state)?;
    rows.into_iter().map(from_named).collect()
}

pub async fn find_decision(
    tx: &mut Tx,
    run: RunId,
    workspace: WorkspaceId,
) -> Result<Option<NamedDecision>, StoreError> {
    fetch_optional!(tx, sql!("campaign/find_row"), NamedRow, workspace.0, run.0)?.map(from_named).transpose()
}

/// Has what failed wait again; how many.
pub async fn retry_failed(tx: &mut Tx, run: RunId) -> Result<u64, StoreError> {
    execute!(tx, sql!("campaign/retry_failed"), run.0)
}
