//! What the campaign that goes on means for one workspace, and taking back a link that was made by itself.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::campaign::{self, Outlook, PreferenceView, PublicCampaign};
use orglink_domain::campaign::CampaignState;
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::DecisionJson;

/// What everybody may know of the campaign that goes on.
#[derive(Serialize, ToSchema)]
pub struct PublicCampaignJson {
    name: String,
    title: String,
    #[schema(value_type = String)]
    state: CampaignState,
    time_zone: String,
    /// In words: `15 March 2026, 24:00 UTC`.
    link_by: String,
    automatic_from: String,
    #[schema(value_type = String, format = DateTime)]
    closes_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    automatic_at: Timestamp,
}

impl PublicCampaignJson {
    fn of(c: PublicCampaign) -> Self {
        Self {
            name: c.name,
            title: c.title,
            state: c.state,
            time_zone: c.zone,
            link_by: c.link_by,
            automatic_from: c.automatic_from,
            closes_at: c.closes_at,
            automatic_at: c.automatic_at,
        }
    }
}

/// Where a workspace is to go if nobody links it.
#[derive(Serialize, ToSchema)]
pub struct PreferenceJson {
    pub workspace: String,
    pub organization: String,
    /// An admin of the workspace has said yes.
    pub workspace_yes: bool,
    /// An admin of the organization has said yes.
    pub organization_yes: bool,
}

impl PreferenceJson {
    pub fn of(p: PreferenceView) -> Self {
        let PreferenceView { workspace, organization, workspace_yes, organization_yes, .. } = p;
        Self { workspace, organization, workspace_yes, organization_yes }
    }
}

/// One workspace in the campaign that goes on.
#[derive(Serialize, ToSchema)]
pub struct OutlookJson {
    campaign: PublicCampaignJson,
    /// Linking only.
    says: &'static str,
    is_linked: bool,
    /// What will happen on the day if nothing changes, or has happened; none when it was linked by hand.
    decision: Option<DecisionJson>,
    /// It is decided, and only a change of the workspace changes it.
    is_final: bool,
    /// Who will administer it; for those who may see the workspace's people.
    admins: Vec<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    told_at: Option<Timestamp>,
    #[schema(value_type = Vec<String>)]
    reminders: Vec<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    postponed_until: Option<Timestamp>,
    /// The latest that can be asked for; none when there is no more time to give.
    #[schema(value_type = Option<String>, format = DateTime)]
    postponement_until: Option<Timestamp>,
    preferences: Vec<PreferenceJson>,
}

impl OutlookJson {
    fn of(o: Outlook) -> Self {
        Self {
            says: "Linking only: people, groups, permissions and billing stay as they are. Billing and user management come later, each with its own notice.",
            is_linked: o.is_linked,
            decision: o.decision.map(DecisionJson::of),
            is_final: o.is_final,
            admins: o.admins,
            told_at: o.told_at,
            reminders: o.reminders,
            postponed_until: o.postponed.map(|p| p.until),
            postponement_until: o.postponement_until,
            preferences: o.preferences.into_iter().map(PreferenceJson::of).collect(),
            campaign: PublicCampaignJson::of(o.campaign),
        }
    }
}

/// The campaign that goes on, with its dates; `null` when none does. Scope: `read`.
#[utoipa::path(get, path = "/campaign", tag = "linking date",
    responses((status = 200, body = Option<PublicCampaignJson>), (status = 403, body = Problem)))]
pub async fn view_current_campaign(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<Json<Option<PublicCampaignJson>>, Failure> {
    caller.with_scope(Scope::Read)?;
    Ok(Json(campaign::current_campaign(&app).await?.map(PublicCampaignJson::of)))
}

/// What the campaign that goes on means for a workspace: its dates, what will happen on the day and why, and what can be done about
/// it; `null` when none goes on. For members. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/campaign", tag = "linking date",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = Option<OutlookJson>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_outlook(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<Option<OutlookJson>>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    Ok(Json(campaign::view_outlook(&app, &principal, &workspace).await?.map(OutlookJson::of)))
}
