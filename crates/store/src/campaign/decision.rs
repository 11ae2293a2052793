//! Decisions, row by row, and what a batch does with them.

use orglink_domain::campaign::automatic::{Decision, DecisionState, Evidence, Fate, GroupKey, LeftAlone, Rule, Target};
use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, OrganizationId, RunId, WorkspaceId};
use uuid::Uuid;

use crate::row::{bytes32, digest, word};
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

type Row = (
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

fn from_row(row: Row) -> Result<Decided, StoreError> {
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
            Fate::Links(Decision { rule: word(&rule, "campaign_decision", "rule", id)?, target, evidence })
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
            Fate::Links(decision) => {
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

/// Everything of a wave between two workspaces that still waits is linked now.
pub async fn mark_linked(
    tx: &mut Tx,
    run: RunId,
    wave: i64,
    first: WorkspaceId,
    last: WorkspaceId,
) -> Result<u64, StoreError> {
    execute!(tx, sql!("campaign/mark_linked"), run.0, wave, first.0, last.0)
}

/// The bounds of a share of all group keys: after one, up to and with the other.
pub type KeyRange = ([u8; 32], [u8; 32]);

/// Says of every group in a share whether several workspaces are in it.
pub async fn mark_shared(tx: &mut Tx, run: RunId, share: &KeyRange) -> Result<u64, StoreError> {
    execute!(tx, sql!("campaign/mark_shared"), run.0, share.0.as_slice(), share.1.as_slice())
}

/// One of several workspaces of a group.
#[derive(Debug, Clone)]
pub struct GroupMember {
    pub key: GroupKey,
    pub name: String,
    pub slug: String,
    pub members: i64,
}

/// The workspaces of groups with several, of a share.
pub async fn list_shared(tx: &mut Tx, run: RunId, share: &KeyRange) -> Result<Vec<GroupMember>, StoreError> {
    type Shared = (Vec<u8>, String, String, i64);
    fetch_all!(tx, sql!("campaign/list_shared"), Shared, run.0, share.0.as_slice(), share.1.as_slice())?
        .into_iter()
        .map(|(key, name, slug, members)| {
            Ok(GroupMember { key: digest(&key, "campaign_decision", "group_key", run)?, name, slug, members })
        })
        .collect()
}

/// Several workspaces that get one organization, with the name that it gets.
#[derive(Debug, Clone)]
pub struct Group {
    pub key: GroupKey,
    pub name: String,
    pub slug: String,
    pub workspaces: i64,
}

pub async fn create_groups(tx: &mut Tx, run: RunId, groups: &[Group]) -> Result<(), StoreError> {
    insert_all!(tx, "campaign_group (run_id, group_key, name, slug, workspaces)", groups, |b, row| {
        b.push_bind(run.0)
            .push_bind(row.key.as_bytes().as_slice())
            .push_bind(row.name.as_str())
            .push_bind(row.slug.as_str())
            .push_bind(row.workspaces);
    });
    Ok(())
}

/// A decision that waits to be applied, with its workspace as it is now.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub decided: Decided,
    pub version: i64,
    pub slug: String,
    pub name: String,
    pub is_deleted: bool,
    pub access_salt: [u8; 32],
}

/// The next of a wave, in the order of ids.
pub async fn list_waiting(tx: &mut Tx, run: RunId, wave: i64, limit: i64) -> Result<Vec<Waiting>, StoreError> {
    type WaitingRow = (
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
        i64,
        String,
        String,
        bool,
        Vec<u8>,
    );
    fetch_all!(tx, sql!("campaign/list_waiting"), WaitingRow, run.0, wave, limit)?
        .into_iter()
        .map(|(a, b, c, d, e, f, g, h, i, j, version, slug, name, is_deleted, salt)| {
            Ok(Waiting {
                access_salt: bytes32(&salt, "workspace", "access_salt", b)?,
                decided: from_row((a, b, c, d, e, f, g, h, i, j))?,
                version,
                slug,
                name,
                is_deleted,
            })
        })
        .collect()
}

/// The next of a wave, by its id alone.
pub async fn find_next_waiting(tx: &mut Tx, run: RunId, wave: i64) -> Result<Option<WorkspaceId>, StoreError> {
    Ok(fetch_optional!(tx, sql!("campaign/find_next_waiting"), (Uuid,), run.0, wave)?.map(|(id,)| WorkspaceId(id)))
}

/// The versions that workspaces are at.
pub async fn list_workspace_versions(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<Vec<(WorkspaceId, i64)>, StoreError> {
    let rows = fetch_by_keys!(tx, (Uuid, i64), "SELECT id, version FROM workspace WHERE id", ids, |id| id.0, "");
    Ok(rows.into_iter().map(|(id, version)| (WorkspaceId(id), version)).collect())
}

/// Who administers workspaces and can act, once each.
pub async fn list_active_admins(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<Vec<(WorkspaceId, AccountId)>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT DISTINCT g.workspace_id, m.account_id FROM user_group g JOIN user_group_member m ON m.user_group_id = g.id JOIN account a ON a.id = m.account_id WHERE g.is_admin AND a.is_verified AND NOT a.is_robot AND NOT a.is_suspended AND g.workspace_id",
        ids,
        |id| id.0,
        ""
    );
    Ok(rows.into_iter().map(|(workspace, account)| (WorkspaceId(workspace), AccountId(account))).collect())
}

/// The first wave in which something waits.
pub async fn find_next_wave(tx: &mut Tx, run: RunId) -> Result<Option<i64>, StoreError> {
    Ok(fetch_one!(tx, sql!("campaign/find_next_wave"), (Option<i64>,), run.0)?.0)
}

/// How many wait to be linked.
pub async fn count_waiting(tx: &mut Tx, run: RunId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("campaign/count_waiting"), (i64,), run.0)?.0)
}

/// How many failed.
pub async fn count_failed(tx: &mut Tx, run: RunId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("campaign/count_failed"), (i64,), run.0)?.0)
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

/// Makes organizations known as made by a run, each for its group; unclaimed.
pub async fn create_organizations(
    tx: &mut Tx,
    run: RunId,
    made: &[(GroupKey, OrganizationId)],
) -> Result<(), StoreError> {
    insert_all!(tx, "campaign_organization (organization_id, run_id, group_key)", made, |b, row| {
        b.push_bind(row.1.0).push_bind(run.0).push_bind(row.0.as_bytes().as_slice());
    });
    Ok(())
}

/// The organizations that a run has made for some of these groups.
pub async fn find_made(
    tx: &mut Tx,
    run: RunId,
    keys: &[GroupKey],
) -> Result<Vec<(GroupKey, OrganizationId)>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Vec<u8>, Uuid),
        "SELECT run_id, group_key, organization_id FROM campaign_organization WHERE group_key",
        keys,
        |key| key.as_bytes().as_slice(),
        ""
    );
    rows.into_iter()
        .filter(|(of, ..)| *of == run.0)
        .map(|(_, key, id)| Ok((digest(&key, "campaign_organization", "group_key", id)?, OrganizationId(id))))
        .collect()
}

/// What groups with several workspaces are called.
pub async fn find_groups(tx: &mut Tx, run: RunId, keys: &[GroupKey]) -> Result<Vec<Group>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Vec<u8>, String, String, i64),
        "SELECT run_id, group_key, name, slug, workspaces FROM campaign_group WHERE group_key",
        keys,
        |key| key.as_bytes().as_slice(),
        ""
    );
    rows.into_iter()
        .filter(|(of, ..)| *of == run.0)
        .map(|(_, key, name, slug, workspaces)| {
            Ok(Group { key: digest(&key, "campaign_group", "group_key", run)?, name, slug, workspaces })
        })
        .collect()
}

/// Folded slugs of organizations that are taken, of these.
pub async fn find_taken_slugs(tx: &mut Tx, slugs: &[String]) -> Result<Vec<String>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (String,),
        "SELECT slug_folded FROM organization WHERE slug_folded",
        slugs,
        |slug| slug.as_str(),
        ""
    );
    Ok(rows.into_iter().map(|(slug,)| slug).collect())
}

/// An organization that decisions name, as it is now and as the run last left it.
#[derive(Debug, Clone)]
pub struct KnownOrganization {
    pub id: OrganizationId,
    pub slug: String,
    pub version: i64,
    pub link_quota: Option<i64>,
    pub is_deleted: bool,
    /// None when no decision of the run named it when all was decided.
    pub known_version: Option<i64>,
}

/// An organization that a decision names, while all is being decided.
#[derive(Debug, Clone, Copy)]
pub struct OrganizationVersion {
    pub id: OrganizationId,
    pub version: i64,
    pub link_quota: Option<i64>,
}

pub async fn list_versions(tx: &mut Tx, ids: &[OrganizationId]) -> Result<Vec<OrganizationVersion>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, i64, Option<i64>),
        "SELECT id, version, link_quota FROM organization WHERE id",
        ids,
        |id| id.0,
        ""
    );
    let of = |(id, version, link_quota)| OrganizationVersion { id: OrganizationId(id), version, link_quota };
    Ok(rows.into_iter().map(of).collect())
}

/// Has what failed wait again; how many.
pub async fn retry_failed(tx: &mut Tx, run: RunId) -> Result<u64, StoreError> {
    execute!(tx, sql!("campaign/retry_failed"), run.0)
}

pub async fn find_organizations(
    tx: &mut Tx,
    run: RunId,
    ids: &[OrganizationId],
) -> Result<Vec<KnownOrganization>, StoreError> {
    let known = fetch_by_keys!(
        tx,
        (Uuid, Uuid, i64),
        "SELECT run_id, organization_id, version FROM campaign_run_organization WHERE organization_id",
        ids,
        |id| id.0,
        ""
    );
    let known: std::collections::HashMap<Uuid, i64> =
        known.into_iter().filter(|(of, ..)| *of == run.0).map(|(_, id, version)| (id, version)).collect();
    let rows = fetch_by_keys!(
        tx,
        (Uuid, String, i64, Option<i64>, bool),
        "SELECT id, slug, version, link_quota, deleted_at IS NOT NULL FROM organization WHERE id",
        ids,
        |id| id.0,
        "ORDER BY id"
    );
    Ok(rows
        .into_iter()
        .map(|(id, slug, version, link_quota, is_deleted)| KnownOrganization {
            id: OrganizationId(id),
            slug,
            version,
            link_quota,
            is_deleted,
            known_version: known.get(&id).copied(),
        })
        .collect())
}

/// Raises the versions of organizations that something was linked to, here and in what the run knows of them.
pub async fn raise_organizations(tx: &mut Tx, run: RunId, ids: &[OrganizationId]) -> Result<(), StoreError> {
    execute_by_keys!(tx, "UPDATE organization SET version = version + 1 WHERE id", ids, |id| id.0);
    for chunk in ids.chunks(crate::bulk::KEYS_A_STATEMENT) {
        let head = "UPDATE campaign_run_organization SET version = version + 1 WHERE run_id = ";
        match tx {
            Tx::Sqlite(t) => {
                let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new(head);
                builder.push_bind(run.0).push(" AND organization_id IN (");
                let mut list = builder.separated(", ");
                for id in crate::bulk::padded(chunk) {
                    list.push_bind(id.0);
                }
                builder.push(")");
                builder.build().execute(&mut **t).await?;
            }
            Tx::Postgres(t) => {
                let keys: Vec<Uuid> = chunk.iter().map(|id| id.0).collect();
                let text = "UPDATE campaign_run_organization SET version = version + 1 WHERE run_id = $1 AND organization_id = ANY($2)";
                sqlx::query(text).bind(run.0).bind(keys).execute(&mut **t).await?;
            }
        }
    }
    Ok(())
}

/// That workspaces are linked, among their reasons.
pub async fn create_linked_reasons(tx: &mut Tx, ids: &[WorkspaceId], at: Timestamp) -> Result<(), StoreError> {
    let code = orglink_domain::eligibility::ReasonCode::AlreadyLinked.as_str();
    insert_all!(tx, "workspace_reason (workspace_id, code, since)", ids, |b, row| {
        b.push_bind(row.0).push_bind(code).push_bind(crate::row::Time(at));
    });
    Ok(())
}
