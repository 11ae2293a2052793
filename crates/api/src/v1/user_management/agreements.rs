//! Agrees beforehand to a campaign that migrates users, for a workspace or for all workspaces of an organization.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::user_management::{self, AgreeToCampaign, SideView, UsersCampaign, UsersOf};
use orglink_app::{Error, RefusalReason};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::migrate_users::acknowledged;
use super::view::{SaidJson, said};
use crate::v1::links::parse_digest;

/// The campaign that migrates users, as one of its sides sees it.
#[derive(Serialize, ToSchema)]
pub struct UsersCampaignJson {
    campaign: String,
    title: String,
    /// The workspace looked at; null for an organization.
    workspace: Option<String>,
    organization: String,
    /// `16 June 2026`.
    migrates_on: String,
    /// Until when one can agree, or ask for more time: `15 June 2026, 24:00 UTC`.
    agree_until: String,
    #[schema(value_type = String, format = DateTime)]
    migrates_at: Timestamp,
    /// What is agreed to.
    #[schema(value_type = Object)]
    terms: Value,
    /// SHA-256 of the terms' canonical JSON (RFC 8785).
    digest: String,
    /// To be acknowledged by code.
    warnings: Vec<SaidJson>,
    sides: Vec<AgreementJson>,
    /// Why it would be left alone as things are; empty when it would migrate.
    blockers: Vec<UsersBlockerJson>,
    /// When the workspace's admins were first told.
    #[schema(value_type = Option<String>, format = DateTime)]
    told_at: Option<Timestamp>,
    /// More time that was asked for and given.
    #[schema(value_type = Option<String>, format = DateTime)]
    postponed_until: Option<Timestamp>,
    /// You can agree for this side, and it is wanted; you can take back what it agreed to.
    may_agree: bool,
    may_withdraw: bool,
}

/// What the consent of one side is worth.
#[derive(Serialize, ToSchema)]
pub struct AgreementJson {
    /// `workspace`, `organization` or `approver`.
    side: String,
    /// `missing`, `given`, `outdated`, `not_a_second_person` or `no_longer_entitled`.
    agreement: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

impl AgreementJson {
    fn of(view: &SideView) -> Self {
        Self { side: view.side.to_string(), agreement: view.agreement.to_string(), at: view.at }
    }
}

/// What keeps users from migrating.
#[derive(Serialize, ToSchema)]
pub struct UsersBlockerJson {
    /// `consent_missing`, `organization_original_user_management`, `organization_unclaimed`, `suspended`, `pending_deletion`, `open_transfer`, `legal_hold`, `postponed`, `notice_not_given` or `not_in_cohort`.
    code: &'static str,
    detail: String,
    remedy: Option<&'static str>,
    who: Option<&'static str>,
}

impl UsersBlockerJson {
    fn of(reason: &RefusalReason) -> Self {
        Self { code: reason.code, detail: reason.detail.clone(), remedy: reason.remedy, who: reason.who }
    }
}

impl UsersCampaignJson {
    fn of(found: Option<UsersCampaign>) -> Result<Self, Failure> {
        let absent = || Error::refused("no_campaign", "There is no campaign", "No users are about to migrate.");
        let v = found.ok_or_else(absent)?;
        Ok(Self {
            campaign: v.campaign.name,
            title: v.campaign.title,
            workspace: v.workspace.map(|w| w.slug),
            organization: v.organization.slug,
            migrates_on: v.campaign.automatic_from,
            agree_until: v.campaign.link_by,
            migrates_at: v.campaign.automatic_at,
            terms: v.terms,
            digest: v.digest.to_string(),
            warnings: v.warnings.iter().map(|w| said(w.as_str(), w.title(), w.detail())).collect(),
            sides: v.sides.iter().map(AgreementJson::of).collect(),
            blockers: v.blockers.iter().map(UsersBlockerJson::of).collect(),
            told_at: v.told_at,
            postponed_until: v.postponed.map(|p| p.until),
            may_agree: v.may_agree,
            may_withdraw: v.may_withdraw,
        })
    }
}

/// What is agreed to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsersAgreementBody {
    /// `digest` of the terms that you looked at; nothing is agreed to when they are others by now.
    digest: Option<String>,
    /// Codes of the warnings.
    #[serde(default)]
    acknowledge: Vec<String>,
    /// Acknowledge every warning.
    #[serde(default)]
    acknowledge_all: bool,
}

impl UsersAgreementBody {
    fn read(self) -> Result<AgreeToCampaign, Failure> {
        let digest = self.digest.as_deref().map(parse_digest).transpose()?;
        Ok(AgreeToCampaign { digest, acknowledge: acknowledged(self.acknowledge_all, self.acknowledge) })
    }
}

/// What the campaign that migrates users does with a workspace, and who has agreed. For admins of either side. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/users-migration/agreement", tag = "user management",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = UsersCampaignJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_linked, no_campaign")))]
pub async fn view_workspace_users_agreement(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<UsersCampaignJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = user_management::view_users_campaign(&app, &principal, UsersOf::Workspace(&workspace)).await?;
    Ok(Json(UsersCampaignJson::of(found)?))
}

/// Agree, as an admin of a workspace, that its users migrate by the campaign. Scope: `link`.
#[utoipa::path(put, path = "/workspaces/{workspace}/users-migration/agreement", tag = "user management", request_body = UsersAgreementBody,
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_linked, no_campaign, campaign_decided, users_migrated, plan_changed, warnings_not_acknowledged, consent_not_needed, second_person_required"),
        (status = 422, body = Problem)))]
pub async fn agree_for_workspace(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    JsonBody(body): JsonBody<UsersAgreementBody>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let (of, request) = (UsersOf::Workspace(&workspace), body.read()?);
    user_management::agree_to_users_campaign(&app, &principal, of, &request).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// No longer agree, as long as its users have not migrated. Scope: `link`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/users-migration/agreement", tag = "user management",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "not_linked, no_campaign, users_migrated")))]
pub async fn withdraw_for_workspace(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    user_management::withdraw_from_users_campaign(&app, &principal, UsersOf::Workspace(&workspace)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the campaign that migrates users does with the workspaces of an organization, and whether it has agreed. For whoever may look at the directory. Scope: `read`.
#[utoipa::path(get, path = "/organizations/{organization}/users-migration/agreement", tag = "user management",
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 200, body = UsersCampaignJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "no_campaign")))]
pub async fn view_organization_users_agreement(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
) -> Result<Json<UsersCampaignJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = user_management::view_users_campaign(&app, &principal, UsersOf::Organization(&organization)).await?;
    Ok(Json(UsersCampaignJson::of(found)?))
}

/// Agree, as an admin of an organization, that the users of its workspaces migrate by the campaign: once, for all of them. Scope: `link`.
#[utoipa::path(put, path = "/organizations/{organization}/users-migration/agreement", tag = "user management", request_body = UsersAgreementBody,
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "no_campaign, campaign_decided, plan_changed, warnings_not_acknowledged, second_person_required"),
        (status = 422, body = Problem)))]
pub async fn agree_for_organization(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
    JsonBody(body): JsonBody<UsersAgreementBody>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    let (of, request) = (UsersOf::Organization(&organization), body.read()?);
    user_management::agree_to_users_campaign(&app, &principal, of, &request).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// No longer agree: what has not migrated is left alone. Scope: `link`.
#[utoipa::path(delete, path = "/organizations/{organization}/users-migration/agreement", tag = "user management",
    params(("organization" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "no_campaign")))]
pub async fn withdraw_for_organization(
    State(app): State<AppState>,
    caller: Caller,
    Path(organization): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Link)?;
    user_management::withdraw_from_users_campaign(&app, &principal, UsersOf::Organization(&organization)).await?;
    Ok(StatusCode::NO_CONTENT)
}
