//! What the migration of billing means for one workspace.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::RefusalReason;
use orglink_app::billing::{self, BillingState};
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The migration of one workspace's billing, as things are now.
#[derive(Serialize, ToSchema)]
pub struct MigrationPlanJson {
    /// `legacy`, `scheduled` (everybody concerned was told) or `migrated`.
    #[schema(value_type = String)]
    state: BillingState,
    workspace: String,
    /// Slug of the organization that will pay, or pays; none when you may not know.
    organization: Option<String>,
    /// Why it does not migrate as things are; empty when it would.
    blockers: Vec<BlockerJson>,
    campaign: Option<MigrationCampaignJson>,
    /// When people were first told.
    #[schema(value_type = Option<String>, format = DateTime)]
    told_at: Option<Timestamp>,
    /// More time that was asked for and given.
    #[schema(value_type = Option<String>, format = DateTime)]
    postponed_until: Option<Timestamp>,
    /// From this day on the organization is charged; what is paid before is not charged again.
    charged_from: Option<String>,
    /// Id of the billing account, once it has migrated.
    billing_account: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    migrated_at: Option<Timestamp>,
    /// The facts that somebody decides on; none while it is not linked.
    #[schema(value_type = Option<Object>)]
    document: Option<serde_json::Value>,
    /// SHA-256 of the document's canonical JSON (RFC 8785).
    digest: Option<String>,
}

/// What keeps billing from migrating.
#[derive(Serialize, ToSchema)]
pub struct BlockerJson {
    /// `not_linked`, `suspended`, `pending_deletion`, `open_transfer`, `legal_hold`, `postponed`, `notice_not_given`, `open_invoice`, `no_billing_contact`, `reseller_must_consent`, `no_price` or `cycle_mismatch`.
    code: &'static str,
    detail: String,
    remedy: Option<&'static str>,
    who: Option<&'static str>,
}

impl BlockerJson {
    fn of(reason: &RefusalReason) -> Self {
        Self { code: reason.code, detail: reason.detail.clone(), remedy: reason.remedy, who: reason.who }
    }
}

/// The campaign that migrates it.
#[derive(Serialize, ToSchema)]
pub struct MigrationCampaignJson {
    name: String,
    title: String,
    /// `16 June 2026`.
    migrates_on: String,
    /// Until when more time can be asked for: `15 June 2026, 24:00 UTC`.
    ask_until: String,
    #[schema(value_type = String, format = DateTime)]
    migrates_at: Timestamp,
}

/// What the migration of billing means for a workspace: whether it would, when, who pays then. For its admins, its contacts, its reseller, and admins of the organization it is linked to. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/billing/migration", tag = "billing",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = MigrationPlanJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn plan_billing_migration(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<MigrationPlanJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let plan = billing::plan_migration(&app, &principal, &workspace).await?;
    let (document, digest) = plan.document.map(|(document, digest)| (document, digest.to_string())).unzip();
    Ok(Json(MigrationPlanJson {
        state: plan.state,
        workspace: plan.workspace.slug,
        organization: plan.organization.map(|o| o.slug),
        blockers: plan.blockers.iter().map(BlockerJson::of).collect(),
        campaign: plan.campaign.map(|c| MigrationCampaignJson {
            name: c.name,
            title: c.title,
            migrates_on: c.automatic_from,
            ask_until: c.link_by,
            migrates_at: c.automatic_at,
        }),
        told_at: plan.told_at,
        postponed_until: plan.postponed.map(|p| p.until),
        charged_from: plan.charged_from.map(|day| day.to_string()),
        billing_account: plan.migrated.map(|m| m.account.to_string()),
        migrated_at: plan.migrated.map(|m| m.migrated_at),
        document,
        digest,
    }))
}

/// To which plan.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AgreementBody {
    /// `digest` of the plan that you looked at; nothing is agreed to when it is another by now.
    plan_digest: Option<String>,
}

/// Agree, as the reseller of a workspace, that its billing migrates. Scope: `write`.
#[utoipa::path(put, path = "/workspaces/{workspace}/billing/agreement", tag = "billing", request_body = AgreementBody,
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "billing_migrated, plan_changed")))]
pub async fn agree_to_billing_migration(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    JsonBody(body): JsonBody<AgreementBody>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    let shown = body.plan_digest.as_deref().map(str::parse::<Digest>).transpose();
    let shown = shown.map_err(|e| orglink_app::Error::field("plan_digest", e.to_string()))?;
    billing::agree_to_migration(&app, &principal, &workspace, true, shown).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// No longer agree, as long as its billing has not migrated. Scope: `write`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/billing/agreement", tag = "billing",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "billing_migrated")))]
pub async fn withdraw_billing_agreement(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Write)?;
    billing::agree_to_migration(&app, &principal, &workspace, false, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
