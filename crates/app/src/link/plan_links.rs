//! Shows what linking many workspaces to one organization would do: a row each, read in one snapshot, and a plan for each
//! that could be linked alone.

use std::collections::HashSet;

use orglink_domain::bulk::{MOST_ROWS, RowState, digest_of, distinct};
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::eligibility::{Eligibility, ReasonCode};
use orglink_domain::id::WorkspaceId;
use orglink_domain::organization::Organization;
use orglink_domain::plan::{PLAN_VALIDITY_SECONDS, Warning};
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{Tx, in_write, organization};

use super::link_workspace::second_person;
use super::make_plan::keep;
use super::read_plan::PlannedPair;
use crate::eligibility::{LinkedNote, linked_notes};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal, RefusalReason};

/// How many plans are kept in one transaction: others write in between.
const KEPT_AT_ONCE: usize = 100;

/// A workspace of the list.
#[derive(Debug, Clone)]
pub struct PlannedRow {
    /// Nothing when the one who asks may not see it.
    pub id: Option<WorkspaceId>,
    /// Its slug; what was sent, when the one who asks may not see such a workspace.
    pub workspace: String,
    /// What people read; likewise.
    pub name: Option<String>,
    pub state: RowState,
    /// Of its own plan; nothing when the one who asks may not link it.
    pub digest: Option<Digest>,
    /// What must be acknowledged to link it.
    pub warnings: Vec<Warning>,
    /// Why it would not be linked.
    pub reasons: Vec<RefusalReason>,
    /// Where it is linked.
    pub linked: Option<LinkedNote>,
}

/// What would be done, all together.
#[derive(Debug, Clone)]
pub struct LinksPlan {
    pub organization: Organization,
    /// In the order of the list, each workspace once.
    pub rows: Vec<PlannedRow>,
    /// How many names of the list named one again that stood there already.
    pub repeated: usize,
    /// Over the plans of the rows that are ready, in their order.
    pub digest: Digest,
    pub valid_until: Timestamp,
}

impl LinksPlan {
    /// The rows that would be linked, each with the digest of its plan.
    pub fn ready(&self) -> impl Iterator<Item = (&PlannedRow, Digest)> {
        self.rows.iter().filter(|row| row.state == RowState::Ready).filter_map(|row| Some((row, row.digest?)))
    }

    /// How many rows stand so.
    #[must_use]
    pub fn count(&self, state: RowState) -> usize {
        self.rows.iter().filter(|row| row.state == state).count()
    }

    /// Every warning of a row that would be linked, once, with how many rows it concerns.
    #[must_use]
    pub fn warnings(&self) -> Vec<(Warning, usize)> {
        let concerns = |warning: Warning| self.ready().filter(|(row, _)| row.warnings.contains(&warning)).count();
        Warning::ALL.iter().map(|w| (*w, concerns(*w))).filter(|(_, count)| *count > 0).collect()
    }
}

impl PlannedRow {
    fn of(workspace: &Workspace, state: RowState) -> Self {
        Self {
            id: Some(workspace.id),
            workspace: workspace.slug.clone(),
            name: Some(workspace.name.clone()),
            state,
            digest: None,
            warnings: Vec::new(),
            reasons: Vec::new(),
            linked: None,
        }
    }

    fn absent(name: &str) -> Self {
        let reason = RefusalReason {
            code: "not_found",
            detail: "There is no such workspace, or you may not see it.".to_owned(),
            remedy: Some("Check how its slug is written, or ask an admin of the workspace."),
            who: Some("you"),
        };
        Self {
            id: None,
            workspace: name.chars().take(100).collect(),
            name: None,
            state: RowState::NotFound,
            digest: None,
            warnings: Vec::new(),
            reasons: vec![reason],
            linked: None,
        }
    }
}

/// Makes a plan for each workspace of a list and keeps them, so that each can be linked by its digest. Nothing is linked.
///
/// # Errors
/// `NotFound` for an organization that may not be seen; bad input for an empty list and one that is too long. What stands
/// in the way of one workspace is in its row.
pub async fn plan_links(
    app: &App,
    principal: &Principal,
    organization: &str,
    workspaces: &[String],
) -> Result<LinksPlan, Error> {
    principal.account()?;
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, organization, Action::ViewOrganization).await?;
    let names = distinct(workspaces, String::as_str);
    check_length(names.len())?;
    let given = workspaces.iter().filter(|name| !name.trim().is_empty()).count();
    let mut list = List::begin(app, &mut tx, principal, proof.organization().clone()).await?;
    for name in names {
        list.read(&mut tx, name.trim()).await?;
    }
    let List { organization, mut rows, pairs, .. } = list;
    let is_linked = |row: &PlannedRow| matches!(row.state, RowState::AlreadyLinked | RowState::LinkedElsewhere);
    let ids: Vec<WorkspaceId> = rows.iter().filter(|row| is_linked(row)).filter_map(|row| row.id).collect();
    let notes = linked_notes(&mut tx, principal, &ids, Some(organization.id)).await?;
    for row in &mut rows {
        row.linked = row.id.and_then(|id| notes.get(&id).cloned());
    }
    drop(tx);
    let now = app.now();
    for some in pairs.chunks(KEPT_AT_ONCE) {
        in_write!(app.db, tx, {
            for pair in some {
                keep(tx, &pair.stored(now), &pair.access_digest).await?;
            }
            Ok::<(), Error>(())
        })?;
    }
    let mut plan = LinksPlan {
        organization,
        repeated: given.saturating_sub(rows.len()),
        rows,
        digest: digest_of([]),
        valid_until: now.plus_seconds(PLAN_VALIDITY_SECONDS),
    };
    plan.digest = digest_of(plan.ready().map(|(_, digest)| digest));
    Ok(plan)
}

/// Refuses a list that is empty or too long for one request.
pub(super) fn check_length(rows: usize) -> Result<(), Error> {
    match rows {
        0 => Err(Error::field("workspaces", "name at least one workspace")),
        1..=MOST_ROWS => Ok(()),
        _ => {
            let detail = format!("{rows} workspaces are too many at once: send at most {MOST_ROWS}, then the rest");
            Err(Error::field("workspaces", detail))
        }
    }
}

/// The list while it is read.
struct List<'a> {
    app: &'a App,
    principal: &'a Principal,
    organization: Organization,
    /// How many more the organization takes; nothing when it takes any number.
    room: Option<i64>,
    /// The places taken before the list, those that proposals keep included, and when they were counted.
    taken: (i64, Timestamp),
    rows: Vec<PlannedRow>,
    known: HashSet<WorkspaceId>,
    /// The plans to keep.
    pairs: Vec<PlannedPair>,
}

impl<'a> List<'a> {
    async fn begin(
        app: &'a App,
        tx: &mut Tx,
        principal: &'a Principal,
        organization: Organization,
    ) -> Result<Self, Error> {
        let now = app.now();
        let facts = organization::find_facts(tx, &organization, None, now).await?;
        let quota = Eligibility::from_codes([ReasonCode::OrganizationQuota], &app.catalog.eligibility);
        // Where the catalog lets a full organization take more, there is always room.
        let room = facts.link_quota.filter(|_| !quota.eligible).map(|quota| quota - facts.taken_places);
        Ok(Self {
            app,
            principal,
            organization,
            room,
            taken: (facts.taken_places, now),
            rows: Vec::new(),
            known: HashSet::new(),
            pairs: Vec::new(),
        })
    }

    /// Adds the row of a name; nothing when its workspace has one by another name.
    async fn read(&mut self, tx: &mut Tx, name: &str) -> Result<(), Error> {
        let loaded = WorkspaceProof::load(self.app, tx, self.principal, name, Action::ViewWorkspace).await;
        let proof = match loaded {
            Ok(proof) => proof,
            Err(Error::NotFound { .. }) => {
                self.rows.push(PlannedRow::absent(name));
                return Ok(());
            }
            Err(why) => return Err(why),
        };
        let id = proof.workspace().id;
        if !self.known.insert(id) {
            return Ok(());
        }
        let row = if proof.is_linked_to(self.app, self.organization.id) {
            PlannedRow::of(proof.workspace(), RowState::AlreadyLinked)
        } else {
            let references = (id.to_string(), self.organization.id.to_string());
            match PlannedPair::read(self.app, tx, self.principal, &references.0, &references.1).await {
                Ok(pair) => {
                    let kept = self.kept_for(tx, id).await?;
                    self.row_of(pair, kept)
                }
                Err(Error::Refused(refusal)) => {
                    let row = PlannedRow::of(proof.workspace(), RowState::NotAllowed);
                    PlannedRow { reasons: refusal.reasons, ..row }
                }
                Err(why) => return Err(why),
            }
        };
        self.rows.push(row);
        Ok(())
    }

    /// How many of the places that are taken a proposal keeps for this very workspace: one, or none.
    async fn kept_for(&self, tx: &mut Tx, id: WorkspaceId) -> Result<i64, Error> {
        if self.room.is_none() {
            return Ok(0);
        }
        let (taken, at) = self.taken;
        Ok(taken - organization::count_taken_places(tx, self.organization.id, Some(id), at).await?)
    }

    fn row_of(&mut self, pair: PlannedPair, kept: i64) -> PlannedRow {
        let mut row = PlannedRow::of(pair.workspace.workspace(), RowState::Ready);
        row.digest = Some(pair.plan.digest);
        row.reasons = reasons(&pair.plan.eligibility);
        if pair.workspace.link().is_some() {
            row.state = RowState::LinkedElsewhere;
        } else if !row.reasons.is_empty() {
            row.state = RowState::NotEligible;
        } else if !self.app.settings.links_alone() {
            row.state = RowState::NotAllowed;
            row.reasons = vec![second_person()];
        } else if self.room.is_some_and(|room| room + kept <= 0) {
            // Those before it in the list take the last places.
            let full = Eligibility::from_codes([ReasonCode::OrganizationQuota], &self.app.catalog.eligibility);
            row.state = RowState::NotEligible;
            row.reasons = reasons(&full);
        } else {
            row.warnings = pair.warnings();
            self.room = self.room.map(|room| room + kept - 1);
        }
        self.pairs.push(pair);
        row
    }
}

fn reasons(eligibility: &Eligibility) -> Vec<RefusalReason> {
    eligibility.blocking().map(RefusalReason::from_reason).collect()
}
