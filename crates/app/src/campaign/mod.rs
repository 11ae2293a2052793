//! Campaigns: written by operators, told to people, decided and applied by the program itself.
//!
//! [`advance`] is the one thing that makes a campaign go on: it does the next piece of what is due, safe to kill at any
//! instruction and harmless when several replicas do it. [`decide`] fills the table of decisions, for a rehearsal and for the
//! real run alike; [`apply`] takes them from there in batches.

mod advance;
mod apply;
mod change_campaign;
mod claim;
mod decide;
mod facts;
mod outlook;
mod postpone;
mod prefer;
mod preview;
mod rehearse;
mod report;
mod step;
mod tell;
mod undo;
mod view_campaign;

pub use advance::{Progress, Reached, advance_campaign, advance_campaigns, run_campaign, view_progress};
pub use change_campaign::{change_campaign, create_campaign, parse_definition, proposed_definition};
pub use claim::{ClaimView, apply_due_claims, claim_organization, object_to_claim, view_claim};
pub(crate) use facts::{Rules, users_terms};
pub use outlook::{Deadline, Outlook, PublicCampaign, current_campaign, view_outlook};
pub(crate) use outlook::{find_deadline, of_purpose};
pub use postpone::{NewPostponement, postpone, withdraw_postponement};
pub(crate) use postpone::{open_campaign, require_in_time};
pub use prefer::{PreferenceView, Side, list_preferences, prefer_organization, withdraw_preference};
pub use preview::{MailPreview, preview_mails};
pub use rehearse::{forget_runs, rehearse_campaign};
pub use report::{Counts, DecisionPage, DecisionView, RunView, Wave, list_decisions, view_run};
pub use step::{StepRequest, retry_failed, step_campaign};
pub(crate) use tell::calendar_of;
pub use undo::undo_run;
pub use view_campaign::{CampaignView, HistoryEntry, TellingView, list_campaigns, view_campaign};

use orglink_domain::campaign::{Campaign, Definition, NotNow};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_policy::Action;
use orglink_store::campaign::{self, Change};
use orglink_store::{Tx, event};
use serde_json::{Value, json};

use crate::{App, Error, Principal};

/// Says no to whoever may not write campaigns: before anything that they have sent is looked at.
///
/// # Errors
/// A refusal for anybody but an operator.
pub fn require_operator(app: &App, principal: &Principal) -> Result<(), Error> {
    app.require(Action::ManageCampaigns, principal.standing())
}

/// A campaign, for an operator.
async fn load(app: &App, tx: &mut Tx, principal: &Principal, name: &str) -> Result<Campaign, Error> {
    app.require(Action::ManageCampaigns, principal.standing())?;
    campaign::find_by_name(tx, name).await?.ok_or_else(|| Error::not_found("campaign", name))
}

/// What changed about a campaign.
struct Changed<'a> {
    kind: EventType,
    /// What was decided from now on, when that changed.
    definition: Option<&'a Definition>,
    reason: Option<&'a str>,
    payload: Value,
}

/// Keeps a campaign as it stands now, with its history and its event; at its new version.
async fn keep(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    after: Campaign,
    changed: Changed<'_>,
    at: Timestamp,
) -> Result<Campaign, Error> {
    if !campaign::change(tx, &after).await? {
        return Err(orglink_store::StoreError::Conflict.into());
    }
    let after = Campaign { version: after.version + 1, ..after };
    let history = Change {
        version: after.version,
        at,
        actor,
        state: after.state,
        definition: changed.definition.cloned(),
        reason: changed.reason.map(str::to_owned),
    };
    campaign::create_change(tx, after.id, &history).await?;
    append(app, tx, actor, &after, changed.kind, changed.payload, at).await?;
    Ok(after)
}

/// What happened to a campaign: its name and state beside what the event is about.
async fn append(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    of: &Campaign,
    kind: EventType,
    mut payload: Value,
    at: Timestamp,
) -> Result<(), Error> {
    if let Some(fields) = payload.as_object_mut() {
        fields.insert("campaign".to_owned(), json!({ "id": of.id, "name": of.definition.name }));
        fields.insert("state".to_owned(), json!(of.state));
    }
    let happened = NewEvent { kind, organization_id: None, workspace_id: None, payload };
    event::append(tx, app.origin(actor, at), happened, None).await?;
    app.feed.poke();
    Ok(())
}

fn not_now(e: NotNow) -> Error {
    Error::refused("campaign_not_now", "Not as the campaign stands", format!("{e}. Nothing was done."))
}
