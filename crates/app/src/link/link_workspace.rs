//! Links a workspace to an organization, once and for all.
//!
//! Everything is computed on a read snapshot. The short write transaction then takes both guard rows in the
//! order of their ids, re-reads both roles and the stop switch, and inserts the link with its plan, its event and
//! the answer for a retry. When somebody changed either side in between, all is computed again; the link is
//! refused only if what the person decided on has changed, or no longer may be.

use std::str::FromStr as _;

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::event::EventType;
use orglink_domain::id::{AccountId, LinkId};
use orglink_domain::link::{Act, Link};
use orglink_domain::plan::{Difference, Warning, differences};
use orglink_domain::role::{OrganizationStanding, WorkspaceRole};
use orglink_policy::Standing;
use orglink_store::pair::{self, PairStanding};
use orglink_store::{Attempts, IsRetryable, Tx, event, fault, in_write, plan};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::make_link::{Agreed, alone, guard_pair, link_of, make_link};
use super::read_plan::{PlannedPair, require_both_roles};
use crate::idempotency::{Answered, Attempt};
use crate::{App, Error, Principal, Refusal, RefusalReason, assistant};

/// Which warnings were acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Acknowledge {
    /// Every warning the plan has (`--yes`); recorded as such.
    All,
    /// These, by code.
    Codes(Vec<String>),
}

impl Acknowledge {
    /// Refuses a code that no warning has.
    pub(super) fn check(&self) -> Result<(), Error> {
        let Self::Codes(given) = self else { return Ok(()) };
        for code in given {
            Warning::from_str(code).map_err(|e| Error::field("acknowledge", e.to_string()))?;
        }
        Ok(())
    }
}

/// What somebody wants linked.
#[derive(Debug, Clone, Serialize)]
pub struct LinkRequest {
    pub workspace: String,
    pub organization: String,
    /// The plan that was shown; without one, whatever the plan is now.
    pub plan_digest: Option<Digest>,
    pub acknowledge: Acknowledge,
}

/// The answer to a link that was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LinkAnswer {
    pub id: LinkId,
    pub workspace: String,
    pub organization: String,
    pub linked_at: Timestamp,
    pub linked_by: String,
    pub plan_digest: Digest,
    pub access_digest: Digest,
    /// Informational changes between the plan and the link.
    pub changes_since_plan: Vec<Value>,
}

/// How often a pair is computed again because somebody was faster.
const MAX_ROUNDS: usize = 60;

/// Links; the same idempotency key gives the same answer.
///
/// # Errors
/// `NotFound` for what may not be seen; refusals: a missing role, every reason of eligibility (the first is the
/// code), `plan_changed` with the differences, `plan_expired`, `warnings_not_acknowledged`,
/// `idempotency_key_reused`.
pub async fn link_workspace(
    app: &App,
    principal: &Principal,
    request: &LinkRequest,
    idempotency_key: Option<&str>,
) -> Result<Answered<LinkAnswer>, Error> {
    let account = principal.account()?.clone();
    let attempt = Attempt::new(principal, "link_workspace", idempotency_key, request)?;
    let _turn = app.turns.wait(&request.organization).await;
    let mut waits = Attempts::new();
    for _ in 0..MAX_ROUNDS {
        let mut tx = app.db.begin_read().await?;
        if let Some(earlier) = attempt.find(&mut tx).await? {
            return Ok(earlier);
        }
        let pair = PlannedPair::read(app, &mut tx, principal, &request.workspace, &request.organization).await?;
        refuse_ineligible(&pair)?;
        if !app.settings.links_alone() {
            return Err(others_needed());
        }
        let changes = compare_with_shown(app, &mut tx, request, &pair).await?;
        let acknowledged = acknowledged(&request.acknowledge, &pair)?;
        drop(tx);
        fault::point("link.planned");

        let link = link_of(app, principal, account.id, &pair, acknowledged);
        let answer = LinkAnswer {
            id: link.id,
            workspace: pair.workspace.workspace().slug.clone(),
            organization: pair.organization.organization().slug.clone(),
            linked_at: link.linked_at,
            linked_by: account.email.clone(),
            plan_digest: pair.plan.digest,
            access_digest: link.access_digest,
            changes_since_plan: changes,
        };
        let written: Result<Answered<LinkAnswer>, Error> =
            in_write!(app.db, tx, { write(app, tx, principal, account.id, &pair, &link, &answer, &attempt).await });
        match written {
            Ok(answered) => {
                fault::point("link.committed");
                app.feed.poke();
                return Ok(answered);
            }
            Err(Error::Stale) => {
                // Somebody was faster: look again, a little later each time.
                waits.again(&Faster).await;
            }
            Err(e) => return Err(e),
        }
    }
    Err(Error::refused(
        "too_busy",
        "Too many changes at once",
        "The workspace or the organization is being changed all the time. Nothing was done; try again in a moment.",
    ))
}

/// Somebody changed a guard row between the snapshot and the write.
struct Faster;

impl IsRetryable for Faster {
    fn is_retryable(&self) -> bool {
        true
    }
}

/// The guarded write; `Stale`, with nothing kept, when somebody was faster.
#[expect(clippy::too_many_arguments, reason = "the parts of one transaction, used once")]
async fn write(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    account: AccountId,
    pair: &PlannedPair,
    link: &Link,
    answer: &LinkAnswer,
    attempt: &Attempt,
) -> Result<Answered<LinkAnswer>, Error> {
    // The same key may have been answered since the snapshot, for this request or, to be refused, for another.
    if let Some(earlier) = attempt.find(tx).await? {
        return Ok(earlier);
    }
    let (w, o) = (pair.workspace.workspace(), pair.organization.organization());
    if !guard_pair(tx, pair).await? {
        return Err(Error::Stale);
    }
    fault::point("link.guarded");
    let now = pair::find_standing(tx, w.id, o.id, account).await?;
    require_both_roles(app, standing_of(principal, now))?;
    if now.is_frozen {
        return Err(Error::Stale);
    }
    let consents = alone(link, account, pair.plan.digest);
    let agreed = Agreed { consents, proposal: None, changes_since_plan: &answer.changes_since_plan };
    make_link(app, tx, principal.actor(), pair, link, agreed).await?;
    assistant::settle(app, tx, principal, (Act::Link, &pair.plan.digest)).await?;
    attempt.keep(tx, answer, link.linked_at).await
}

/// Where several people are needed nobody links alone.
pub(crate) fn others_needed() -> Error {
    Error::Refused(Box::new(Refusal {
        code: "second_person_required",
        title: "Two people must agree",
        detail: "This installation wants several people to agree to a link.".to_owned(),
        reasons: vec![second_person()],
        differences: Vec::new(),
        is_about_permission: false,
    }))
}

/// Why, and what to do instead.
pub(super) fn second_person() -> RefusalReason {
    RefusalReason {
        code: "second_person_required",
        detail: "Nobody links alone here: several people agree to the same plan.".to_owned(),
        remedy: Some("Propose it for one side; an admin of the other, and whoever else is needed, consents to it."),
        who: Some("you, with an admin of the other side"),
    }
}

/// What was read of somebody in the committing transaction, as the policies take it.
pub(crate) fn standing_of(principal: &Principal, now: PairStanding) -> Standing {
    Standing {
        workspace: if now.administers_workspace { WorkspaceRole::Admin } else { WorkspaceRole::None },
        organization: if now.administers_organization {
            OrganizationStanding::Admin
        } else {
            OrganizationStanding::None
        },
        is_verified: now.is_verified,
        ..principal.standing()
    }
}

pub(crate) fn refuse_ineligible(pair: &PlannedPair) -> Result<(), Error> {
    let eligibility = &pair.plan.eligibility;
    let Some(first) = eligibility.blocking().next() else { return Ok(()) };
    Err(Error::Refused(Box::new(Refusal {
        code: first.code.as_str(),
        title: first.code.title(),
        detail: first.detail.to_owned(),
        reasons: eligibility.blocking().map(RefusalReason::from_reason).collect(),
        differences: Vec::new(),
        is_about_permission: false,
    })))
}

/// Refuses when what was shown is not what would be done; what changed besides is listed.
pub(crate) async fn compare_with_shown(
    app: &App,
    tx: &mut Tx,
    request: &LinkRequest,
    pair: &PlannedPair,
) -> Result<Vec<Value>, Error> {
    let Some(digest) = &request.plan_digest else { return Ok(Vec::new()) };
    let absent = || Error::not_found("plan", &digest.to_string());
    let shown = plan::find(tx, digest).await?.ok_or_else(absent)?;
    let (w, o) = (pair.workspace.workspace().id, pair.organization.organization().id);
    if shown.workspace_id != w || shown.organization_id != o {
        return Err(absent());
    }
    if shown.valid_until <= app.now() {
        return Err(Error::refused(
            "plan_expired",
            "This plan is too old",
            "The plan was made more than a day ago. Make a new one, look at it, and link then.",
        ));
    }
    if shown.digest != pair.plan.digest {
        return Err(plan_changed(differences(&shown.document, &pair.plan.document)));
    }
    let recorded = event::list_changes_of_workspace(tx, w, shown.workspace_version).await?;
    let changed = recorded.into_iter().filter(|c| c.kind == EventType::WorkspaceChanged);
    Ok(changed.map(|c| json!({ "at": c.at, "changes": c.payload.map(|p| p.get("changes").cloned()) })).collect())
}

pub(crate) fn plan_changed(differences: Vec<Difference>) -> Error {
    let reasons = differences
        .iter()
        .map(|d| RefusalReason {
            code: "plan_changed",
            detail: format!("{}: {} → {}", d.path, shown_value(d.before.as_ref()), shown_value(d.after.as_ref())),
            remedy: Some("Look at the new plan and decide again."),
            who: Some("you"),
        })
        .collect();
    Error::Refused(Box::new(Refusal {
        code: "plan_changed",
        title: "Something has changed since you looked",
        detail: "Nothing was done. What has changed since the plan was made is listed; make a new plan.".to_owned(),
        reasons,
        differences,
        is_about_permission: false,
    }))
}

fn shown_value(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The codes that were acknowledged, in the plan's order.
pub(crate) fn acknowledged(given: &Acknowledge, pair: &PlannedPair) -> Result<Vec<String>, Error> {
    given.check()?;
    let warnings = pair.warnings();
    let Acknowledge::Codes(given) = given else {
        return Ok(warnings.iter().map(ToString::to_string).collect());
    };
    let missing: Vec<RefusalReason> = warnings
        .iter()
        .filter(|w| !given.iter().any(|code| code == w.as_str()))
        .map(|w| RefusalReason {
            code: w.as_str(),
            detail: w.detail().to_owned(),
            remedy: Some("Acknowledge this warning."),
            who: Some("you"),
        })
        .collect();
    if missing.is_empty() {
        return Ok(warnings.iter().map(ToString::to_string).collect());
    }
    Err(Error::Refused(Box::new(Refusal {
        code: "warnings_not_acknowledged",
        title: "Acknowledge every warning",
        detail: "Each warning of the plan must be acknowledged by its name.".to_owned(),
        reasons: missing,
        differences: Vec::new(),
        is_about_permission: false,
    })))
}
