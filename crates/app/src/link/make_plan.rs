//! Shows what linking would do, before anything is done.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::id::AccountId;
use orglink_domain::organization::Organization;
use orglink_domain::plan::{Difference, Plan, Warning, differences};
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{Tx, access, account, in_write, organization, plan, workspace};

use super::read_plan::PlannedPair;
use crate::organization::Recommendation;
use crate::{App, Error, Principal};

/// A plan as it is shown.
#[derive(Debug, Clone)]
pub struct PlanView {
    pub plan: Plan,
    /// What the one who looks must acknowledge: the plan's warnings, and those that are theirs alone.
    pub warnings: Vec<Warning>,
    /// What speaks for each organization that the one who looks administers.
    pub recommendation: Recommendation,
    pub workspace: Workspace,
    pub organization: Organization,
    /// The people the plan's document names by id; none of a side whose people the one who looks may not see.
    pub workspace_admins: Vec<Account>,
    pub organization_admins: Vec<Account>,
    pub access_digest: Digest,
    pub valid_until: Timestamp,
    /// What has changed since the plan that was asked for; empty when it still holds.
    pub differences: Vec<Difference>,
}

/// Makes a plan and keeps it, so that it can be applied by its digest.
///
/// # Errors
/// `NotFound` for what may not be seen; a refusal that names the missing role. Blockers are part of the plan.
pub async fn make_plan(
    app: &App,
    principal: &Principal,
    workspace: &str,
    organization: &str,
) -> Result<PlanView, Error> {
    let mut tx = app.db.begin_read().await?;
    let pair = PlannedPair::read_as_one_side(app, &mut tx, principal, workspace, organization).await?;
    let now = app.now();
    let stored = pair.stored(now);
    let view = show_pair(app, &mut tx, pair, now, None).await?;
    drop(tx);
    in_write!(app.db, tx, { keep(tx, &stored, &view.access_digest).await })?;
    Ok(view)
}

/// Keeps a plan that is being shown, so that it can be applied by its digest.
pub(super) async fn keep(tx: &mut Tx, stored: &plan::StoredPlan, access_digest: &Digest) -> Result<(), Error> {
    plan::create(tx, stored).await?;
    access::save_digest(tx, stored.workspace_id, stored.workspace_version, access_digest).await?;
    Ok(())
}

/// Looks at a plan that was made before, with what has changed since.
///
/// # Errors
/// `NotFound` for a plan that does not exist or is about something one may not see; a refusal that names the
/// missing role.
pub async fn view_plan(app: &App, principal: &Principal, digest: &str) -> Result<PlanView, Error> {
    let absent = || Error::not_found("plan", digest);
    let digest: Digest = digest.parse().map_err(|_| absent())?;
    let mut tx = app.db.begin_read().await?;
    let stored = plan::find(&mut tx, &digest).await?.ok_or_else(absent)?;
    let ids = (stored.workspace_id.to_string(), stored.organization_id.to_string());
    let pair = match PlannedPair::read_as_one_side(app, &mut tx, principal, &ids.0, &ids.1).await {
        Err(Error::NotFound { .. }) => return Err(absent()),
        other => other?,
    };
    show_pair(app, &mut tx, pair, stored.created_at, Some(&stored)).await
}

/// A plan as the one who asks may see it: who administers a side is for those who may see its people.
pub(crate) async fn show_pair(
    app: &App,
    tx: &mut Tx,
    pair: PlannedPair,
    made_at: Timestamp,
    stored: Option<&plan::StoredPlan>,
) -> Result<PlanView, Error> {
    let valid_until = stored.map_or_else(|| pair.stored(made_at).valid_until, |s| s.valid_until);
    let workspace = pair.workspace.workspace().clone();
    let organization = pair.organization.organization().clone();
    let mut workspace_admins = Vec::new();
    if pair.workspace.may(app, Action::ViewWorkspacePeople) {
        workspace_admins = workspace::list_admin_ids(tx, workspace.id).await?;
    }
    let mut organization_admins = Vec::new();
    if pair.organization.may(app, Action::ViewOrganizationPeople) {
        organization_admins = organization::list_admin_ids(tx, organization.id).await?;
    }
    Ok(PlanView {
        workspace_admins: names(tx, &workspace_admins).await?,
        organization_admins: names(tx, &organization_admins).await?,
        differences: stored.map(|s| differences(&s.document, &pair.plan.document)).unwrap_or_default(),
        warnings: pair.warnings(),
        recommendation: pair.recommendation,
        plan: pair.plan,
        workspace,
        organization,
        access_digest: pair.access_digest,
        valid_until,
    })
}

async fn names(tx: &mut Tx, ids: &[AccountId]) -> Result<Vec<Account>, Error> {
    let mut accounts = account::list_by_ids(tx, ids).await?;
    accounts.sort_unstable_by(|a, b| a.email.cmp(&b.email));
    Ok(accounts)
}
