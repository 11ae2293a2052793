//! The people's side: what they prefer, how much time they have, what they were told, whose the new organizations are.

use orglink_domain::campaign::Telling;
use orglink_domain::campaign::{Campaign, Purpose};
use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, CampaignId, OrganizationId, RunId, WorkspaceId};
use uuid::Uuid;

use crate::row::Time;
use crate::{StoreError, Tx};

/// Where a workspace is to go if nobody links it, as somebody has said.
#[derive(Debug, Clone)]
pub struct Preference {
    pub workspace_id: WorkspaceId,
    pub workspace_slug: String,
    pub workspace_name: String,
    pub organization_id: OrganizationId,
    pub organization_slug: String,
    pub organization_name: String,
    pub workspace_yes_by: Option<AccountId>,
    pub organization_yes_by: Option<AccountId>,
    pub created_at: Timestamp,
}

type PreferenceRow = (Uuid, Uuid, String, String, Option<Uuid>, Option<Uuid>, String, String, Time);

fn from_row(row: PreferenceRow) -> Preference {
    let (workspace, organization, slug, name, ours, theirs, workspace_slug, workspace_name, created_at) = row;
    Preference {
        workspace_id: WorkspaceId(workspace),
        workspace_slug,
        workspace_name,
        organization_id: OrganizationId(organization),
        organization_slug: slug,
        organization_name: name,
        workspace_yes_by: ours.map(AccountId),
        organization_yes_by: theirs.map(AccountId),
        created_at: created_at.0,
    }
}

/// Adds a yes of one side or of both to a preference, which is made if there is none.
pub async fn save_preference(
    tx: &mut Tx,
    workspace: WorkspaceId,
    organization: OrganizationId,
    workspace_yes_by: Option<AccountId>,
    organization_yes_by: Option<AccountId>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (ours, theirs) = (workspace_yes_by.map(|a| a.0), organization_yes_by.map(|a| a.0));
    execute!(tx, sql!("campaign/save_preference"), workspace.0, organization.0, ours, theirs, Time(at))?;
    Ok(())
}

/// Takes a preference back; false when there is none.
pub async fn delete_preference(
    tx: &mut Tx,
    workspace: WorkspaceId,
    organization: OrganizationId,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("campaign/delete_preference"), workspace.0, organization.0)? == 1)
}

pub async fn list_preferences_of_workspace(tx: &mut Tx, id: WorkspaceId) -> Result<Vec<Preference>, StoreError> {
    let rows = fetch_all!(tx, sql!("campaign/list_preferences_of_workspace"), PreferenceRow, id.0)?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// At most 500 of them.
pub async fn list_preferences_of_organization(tx: &mut Tx, id: OrganizationId) -> Result<Vec<Preference>, StoreError> {
    let rows = fetch_all!(tx, sql!("campaign/list_preferences_of_organization"), PreferenceRow, id.0)?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// More time that a workspace has.
#[derive(Debug, Clone)]
pub struct Postponed {
    pub until: Timestamp,
    pub reason: String,
    pub asked_by: AccountId,
    pub created_at: Timestamp,
}

pub async fn create_postponement(
    tx: &mut Tx,
    campaign: CampaignId,
    workspace: WorkspaceId,
    new: &Postponed,
) -> Result<(), StoreError> {
    let (until, at) = (Time(new.until), Time(new.created_at));
    execute!(
        tx,
        sql!("campaign/create_postponement"),
        campaign.0,
        workspace.0,
        until,
        &new.reason,
        new.asked_by.0,
        at
    )?;
    Ok(())
}

/// Gives the time back; false when there was none.
pub async fn delete_postponement(
    tx: &mut Tx,
    campaign: CampaignId,
    workspace: WorkspaceId,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("campaign/delete_postponement"), campaign.0, workspace.0)? == 1)
}

pub async fn find_postponement(
    tx: &mut Tx,
    campaign: CampaignId,
    workspace: WorkspaceId,
) -> Result<Option<Postponed>, StoreError> {
    type Row = (Time, String, Uuid, Time);
    let row = fetch_optional!(tx, sql!("campaign/find_postponement"), Row, campaign.0, workspace.0)?;
    Ok(row.map(|(until, reason, by, at)| Postponed {
        until: until.0,
        reason,
        asked_by: AccountId(by),
        created_at: at.0,
    }))
}

/// How many other workspaces have more time and still need it.
pub async fn count_postponements(tx: &mut Tx, of: &Campaign, besides: WorkspaceId) -> Result<i64, StoreError> {
    let statement = match of.definition.purpose {
        Purpose::Link => sql!("campaign/count_postponements"),
        Purpose::Billing => sql!("campaign/count_billing_postponements"),
        Purpose::Users => sql!("campaign/count_users_postponements"),
    };
    Ok(fetch_one!(tx, statement, (i64,), of.id.0, besides.0)?.0)
}

/// Has those wait to be linked whose time is over; how many.
pub async fn wake_postponed(tx: &mut Tx, run: RunId, campaign: CampaignId, now: Timestamp) -> Result<u64, StoreError> {
    execute!(tx, sql!("campaign/wake_postponed"), run.0, campaign.0, Time(now))
}

/// When the time of the next one is over that a run left alone for it.
pub async fn find_next_postponement(
    tx: &mut Tx,
    run: RunId,
    campaign: CampaignId,
) -> Result<Option<Timestamp>, StoreError> {
    let row = fetch_one!(tx, sql!("campaign/find_next_postponement"), (Option<Time>,), run.0, campaign.0)?;
    Ok(row.0.map(|t| t.0))
}

/// How far one step of telling has come.
#[derive(Debug, Clone)]
pub struct ToldSoFar {
    /// Days before the link-by day; -1 for the announcement.
    pub step: i64,
    /// Told are all up to this one.
    pub after: WorkspaceId,
    pub workspaces: i64,
    pub messages: i64,
    pub began_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

pub async fn find_telling(
    tx: &mut Tx,
    campaign: CampaignId,
    telling: Telling,
) -> Result<Option<ToldSoFar>, StoreError> {
    type Row = (Uuid, i64, i64, Time, Option<Time>);
    let step = telling.number();
    let row = fetch_optional!(tx, sql!("campaign/find_telling"), Row, campaign.0, step)?;
    Ok(row.map(|(after, workspaces, messages, began_at, ended_at)| ToldSoFar {
        step,
        after: WorkspaceId(after),
        workspaces,
        messages,
        began_at: began_at.0,
        ended_at: ended_at.map(|t| t.0),
    }))
}

/// Every step that was begun, in that order.
pub async fn list_tellings(tx: &mut Tx, campaign: CampaignId) -> Result<Vec<ToldSoFar>, StoreError> {
    type Row = (i64, i64, i64, Time, Option<Time>);
    let rows = fetch_all!(tx, sql!("campaign/list_tellings"), Row, campaign.0)?;
    Ok(rows
        .into_iter()
        .map(|(step, workspaces, messages, began_at, ended_at)| ToldSoFar {
            step,
            after: WorkspaceId(Uuid::nil()),
            workspaces,
            messages,
            began_at: began_at.0,
            ended_at: ended_at.map(|t| t.0),
        })
        .collect())
}

/// Begins a step, if nobody did.
pub async fn create_telling(
    tx: &mut Tx,
    campaign: CampaignId,
    telling: Telling,
    at: Timestamp,
) -> Result<(), StoreError> {
    execute!(tx, sql!("campaign/create_telling"), campaign.0, telling.number(), Uuid::nil(), Time(at))?;
    Ok(())
}

/// Moves a step on; false when somebody else did since it was read.
pub async fn move_telling(
    tx: &mut Tx,
    campaign: CampaignId,
    from: &ToldSoFar,
    to: WorkspaceId,
    (workspaces, messages): (i64, i64),
    ended_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let ended = ended_at.map(Time);
    let statement = sql!("campaign/move_telling");
    Ok(execute!(tx, statement, campaign.0, from.step, from.after.0, to.0, workspaces, messages, ended)? == 1)
}

/// That the admins of these workspaces were told.
pub async fn create_notices(
    tx: &mut Tx,
    campaign: CampaignId,
    telling: Telling,
    workspaces: &[WorkspaceId],
    at: Timestamp,
) -> Result<(), StoreError> {
    let step = telling.number();
    insert_all!(tx, "campaign_notice (campaign_id, workspace_id, step, told_at)", workspaces, |b, row| {
        b.push_bind(campaign.0).push_bind(row.0).push_bind(step).push_bind(Time(at));
    });
    Ok(())
}

/// When a workspace's admins were first told.
pub async fn find_first_notice(
    tx: &mut Tx,
    campaign: CampaignId,
    workspace: WorkspaceId,
) -> Result<Option<Timestamp>, StoreError> {
    let row = fetch_one!(tx, sql!("campaign/find_first_notice"), (Option<Time>,), campaign.0, workspace.0)?;
    Ok(row.0.map(|t| t.0))
}

/// An organization that a run made, and whether it is anybody's yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MadeOrganization {
    pub run_id: RunId,
    pub campaign_id: CampaignId,
    pub claimed_by: Option<AccountId>,
    /// When the claim takes effect, unless one objects.
    pub claimed_from: Option<Timestamp>,
    /// Since when it is an organization like every other.
    pub claimed_at: Option<Timestamp>,
}

pub async fn find_made_organization(tx: &mut Tx, id: OrganizationId) -> Result<Option<MadeOrganization>, StoreError> {
    type Row = (Uuid, Option<Uuid>, Option<Time>, Option<Time>, Uuid);
    let row = fetch_optional!(tx, sql!("campaign/find_made_organization"), Row, id.0)?;
    Ok(row.map(|(run, by, from, at, campaign)| MadeOrganization {
        run_id: RunId(run),
        campaign_id: CampaignId(campaign),
        claimed_by: by.map(AccountId),
        claimed_from: from.map(|t| t.0),
        claimed_at: at.map(|t| t.0),
    }))
}

/// Keeps whose it is to be, or is.
pub async fn change_claim(tx: &mut Tx, id: OrganizationId, after: &MadeOrganization) -> Result<bool, StoreError> {
    let by = after.claimed_by.map(|a| a.0);
    let (from, at) = (after.claimed_from.map(Time), after.claimed_at.map(Time));
    Ok(execute!(tx, sql!("campaign/change_claim"), id.0, by, from, at)? == 1)
}

/// The organizations whose claim takes effect now.
pub async fn list_due_claims(tx: &mut Tx, now: Timestamp) -> Result<Vec<OrganizationId>, StoreError> {
    let rows = fetch_all!(tx, sql!("campaign/list_due_claims"), (Uuid,), Time(now))?;
    Ok(rows.into_iter().map(|(id,)| OrganizationId(id)).collect())
}

/// The workspaces that a run has linked and that are linked still, after one.
pub async fn list_linked(
    tx: &mut Tx,
    run: RunId,
    after: WorkspaceId,
    limit: i64,
) -> Result<Vec<WorkspaceId>, StoreError> {
    let rows = fetch_all!(tx, sql!("campaign/list_linked"), (Uuid,), run.0, after.0, limit)?;
    Ok(rows.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}

/// Workspaces of an admin that a campaign has told of and that are not linked: how many, and the slug of one. Nothing when
/// there is none.
pub async fn count_told_unlinked(
    tx: &mut Tx,
    campaign: CampaignId,
    admin: AccountId,
) -> Result<Option<(i64, String)>, StoreError> {
    let (count, slug) =
        fetch_one!(tx, sql!("campaign/count_told_unlinked"), (i64, Option<String>), campaign.0, admin.0)?;
    Ok(slug.map(|slug| (count, slug)))
}
