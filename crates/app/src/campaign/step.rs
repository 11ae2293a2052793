//! The steps that an operator takes: announce, pause, resume, cancel, try again what failed.

use orglink_domain::campaign::{Campaign, CampaignState, CampaignStep};
use orglink_domain::event::{Actor, EventType};
use orglink_store::{Tx, campaign, in_write};
use serde_json::json;

use super::{Changed, append, keep, load, not_now};
use crate::{App, Error, Expected, Principal, reason};

/// A step that somebody wants taken.
#[derive(Debug, Clone)]
pub struct StepRequest {
    pub step: CampaignStep,
    /// Why; everybody who looks at the campaign reads it.
    pub reason: Option<String>,
}

/// Takes a step that is the operator's to take.
///
/// # Errors
/// `campaign_not_now`; `VersionChanged`; bad input for a step that only time takes.
pub async fn step_campaign(
    app: &App,
    principal: &Principal,
    name: &str,
    request: &StepRequest,
    expected: Expected,
) -> Result<Campaign, Error> {
    let reason = reason::check(request.reason.as_deref())?;
    let allowed = [CampaignStep::Announce, CampaignStep::Pause, CampaignStep::Resume, CampaignStep::Cancel];
    if !allowed.contains(&request.step) {
        let names: Vec<&str> = allowed.iter().map(|step| step.as_str()).collect();
        return Err(Error::field("step", format!("one of: {}; the others are taken by time", names.join(", "))));
    }
    in_write!(app.db, tx, {
        let before = load(app, tx, principal, name).await?;
        expected.check("campaign", before.version)?;
        take(app, tx, principal.actor(), before, request.step, reason.as_deref()).await
    })
}

/// Takes a step: the one place where a campaign's state changes.
pub(super) async fn take(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    before: Campaign,
    step: CampaignStep,
    reason: Option<&str>,
) -> Result<Campaign, Error> {
    let (from, at) = (before.state, app.now());
    let state = from.after(step, before.resumes_to).map_err(not_now)?;
    // Whoever is in the middle of a batch must not end it beside this.
    if let Some(run) = campaign::find_real_run(tx, before.id).await? {
        if !campaign::take_batch(tx, &run, run.touched_at).await? {
            return Err(orglink_store::StoreError::Conflict.into());
        }
        if step == CampaignStep::Resume {
            campaign::tolerate_failures(tx, run.id).await?;
        }
    }
    let after = Campaign {
        state,
        resumes_to: (state == CampaignState::Paused).then_some(from),
        reason: reason.map(str::to_owned),
        announced_at: if step == CampaignStep::Announce { Some(at) } else { before.announced_at },
        ..before
    };
    let changed = Changed {
        kind: EventType::CampaignMoved,
        definition: None,
        reason,
        payload: json!({ "step": step, "from": from, "reason": reason }),
    };
    keep(app, tx, actor, after, changed, at).await
}

/// Has what failed tried again; how many.
///
/// # Errors
/// `campaign_not_now` when nothing is being linked; `nothing_failed`.
pub async fn retry_failed(app: &App, principal: &Principal, name: &str) -> Result<u64, Error> {
    in_write!(app.db, tx, {
        let found = load(app, tx, principal, name).await?;
        let Some(run) = campaign::find_real_run(tx, found.id).await? else {
            return Err(not_now(orglink_domain::campaign::NotNow { state: found.state, step: CampaignStep::Retry }));
        };
        if !campaign::take_batch(tx, &run, run.touched_at).await? {
            return Err(orglink_store::StoreError::Conflict.into());
        }
        let count = campaign::retry_failed(tx, run.id).await?;
        if count == 0 {
            return Err(Error::refused("nothing_failed", "Nothing has failed", "There is nothing to try again."));
        }
        if found.state == CampaignState::Done {
            take(app, tx, principal.actor(), found, CampaignStep::Retry, None).await?;
        } else {
            let payload = json!({ "step": CampaignStep::Retry, "from": found.state, "count": count.to_string() });
            append(app, tx, principal.actor(), &found, EventType::CampaignMoved, payload, app.now()).await?;
        }
        Ok(count)
    })
}
