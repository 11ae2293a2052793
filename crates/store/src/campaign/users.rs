//! What a migration of users looks at, for many workspaces at once, and who agreed to it beforehand.

use std::collections::{BTreeSet, HashMap};

use orglink_domain::campaign::Telling;
use orglink_domain::clock::Timestamp;
use orglink_domain::consent::Given;
use orglink_domain::id::{AccountId, CampaignId, LinkId, OrganizationId, WorkspaceId};
use orglink_domain::user_management::{UsersSides, UsersStanding};
use uuid::Uuid;

use super::batch::list_active_admins;
use crate::row::{Time, digest, joined, split, word};
use crate::{StoreError, Tx};

/// Where these workspaces stand, of those that are linked and whose users have not migrated.
pub async fn find_users_standing(
    tx: &mut Tx,
    campaign: CampaignId,
    ids: &[WorkspaceId],
) -> Result<HashMap<WorkspaceId, UsersStanding>, StoreError> {
    let links = fetch_by_keys!(
        tx,
        (Uuid, Uuid, Uuid, String, bool),
        "SELECT l.workspace_id, l.id, o.id, o.user_management, EXISTS (SELECT 1 FROM campaign_organization m WHERE m.organization_id = o.id AND m.claimed_at IS NULL) FROM link l JOIN organization o ON o.id = l.organization_id WHERE l.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM link_stage s WHERE s.link_id = l.id AND s.users_migrated_at IS NOT NULL) AND l.workspace_id",
        ids,
        |id| id.0,
        ""
    );
    let organizations: BTreeSet<OrganizationId> = links.iter().map(|(_, _, id, ..)| OrganizationId(*id)).collect();
    let organizations: Vec<OrganizationId> = organizations.into_iter().collect();
    let mut of_organizations: HashMap<OrganizationId, BTreeSet<AccountId>> = HashMap::new();
    for (organization, account) in list_active_organization_admins(tx, &organizations).await? {
        of_organizations.entry(organization).or_default().insert(account);
    }
    let mut of_workspaces: HashMap<WorkspaceId, BTreeSet<AccountId>> = HashMap::new();
    for (workspace, account) in list_active_admins(tx, ids).await? {
        of_workspaces.entry(workspace).or_default().insert(account);
    }
    let subjects: Vec<Uuid> = ids.iter().map(|id| id.0).chain(organizations.iter().map(|id| id.0)).collect();
    let given = list_consents(tx, campaign, &subjects).await?;
    let given_by = |subject: Uuid| given.get(&subject).into_iter().flatten().cloned();
    let mut found = HashMap::with_capacity(links.len());
    for (id, link, organization, user_management, is_unclaimed) in links {
        let standing = UsersStanding {
            link: LinkId(link),
            organization: OrganizationId(organization),
            user_management: word(&user_management, "organization", "user_management", organization)?,
            is_unclaimed,
            sides: UsersSides {
                workspace_admins: of_workspaces.remove(&WorkspaceId(id)).unwrap_or_default(),
                organization_admins: of_organizations.get(&OrganizationId(organization)).cloned().unwrap_or_default(),
                given: given_by(id).chain(given_by(organization)).collect(),
            },
        };
        found.insert(WorkspaceId(id), standing);
    }
    Ok(found)
}

/// Who administers organizations and can act.
pub async fn list_active_organization_admins(
    tx: &mut Tx,
    ids: &[OrganizationId],
) -> Result<Vec<(OrganizationId, AccountId)>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT r.organization_id, r.account_id FROM organization_role r JOIN account a ON a.id = r.account_id WHERE r.role = 'admin' AND a.is_verified AND NOT a.is_robot AND NOT a.is_suspended AND r.organization_id",
        ids,
        |id| id.0,
        ""
    );
    Ok(rows.into_iter().map(|(organization, account)| (OrganizationId(organization), AccountId(account))).collect())
}

/// What organizations and workspaces agreed to in a campaign.
pub async fn list_consents(
    tx: &mut Tx,
    campaign: CampaignId,
    subjects: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Given>>, StoreError> {
    type Row = (Uuid, Uuid, String, Uuid, String, Vec<u8>, String, Time);
    let rows = fetch_by_keys!(
        tx,
        Row,
        "SELECT subject_id, campaign_id, side, account_id, through, terms_digest, acknowledged, at FROM campaign_consent WHERE subject_id",
        subjects,
        |id| *id,
        "ORDER BY at, side"
    );
    let mut found: HashMap<Uuid, Vec<Given>> = HashMap::new();
    for (subject, of, side, account, through, terms, acknowledged, at) in rows {
        if of != campaign.0 {
            continue;
        }
        found.entry(subject).or_default().push(Given {
            side: word(&side, "campaign_consent", "side", subject)?,
            account: AccountId(account),
            through: word(&through, "campaign_consent", "through", subject)?,
            plan_digest: digest(&terms, "campaign_consent", "terms_digest", subject)?,
            acknowledged: split(&acknowledged),
            reason: None,
            at: at.0,
        });
    }
    Ok(found)
}

/// Keeps what one side agreed to; the last one given counts.
pub async fn save_consent(tx: &mut Tx, campaign: CampaignId, subject: Uuid, given: &Given) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("campaign/save_consent"),
        campaign.0,
        subject,
        given.side.as_str(),
        given.account.0,
        given.through.as_str(),
        given.plan_digest.as_bytes().as_slice(),
        joined(given.acknowledged.iter().map(String::as_str)),
        Time(given.at),
    )?;
    Ok(())
}

/// Takes back all that an organization, or a workspace, agreed to; false when that was nothing.
pub async fn delete_consents(tx: &mut Tx, campaign: CampaignId, subject: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("campaign/delete_consents"), campaign.0, subject)? > 0)
}

/// Which of these organizations' admins were told this already.
pub async fn list_told_organizations(
    tx: &mut Tx,
    campaign: CampaignId,
    telling: Telling,
    ids: &[OrganizationId],
) -> Result<BTreeSet<OrganizationId>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, Uuid, i64),
        "SELECT organization_id, campaign_id, step FROM campaign_organization_notice WHERE organization_id",
        ids,
        |id| id.0,
        ""
    );
    let is_it = |(_, of, step): &(Uuid, Uuid, i64)| *of == campaign.0 && *step == telling.number();
    Ok(rows.into_iter().filter(is_it).map(|(id, ..)| OrganizationId(id)).collect())
}

/// That the admins of these organizations were told.
pub async fn create_organization_notices(
    tx: &mut Tx,
    campaign: CampaignId,
    telling: Telling,
    ids: &[OrganizationId],
    at: Timestamp,
) -> Result<(), StoreError> {
    let step = telling.number();
    insert_all!(tx, "campaign_organization_notice (campaign_id, organization_id, step, told_at)", ids, |b, row| {
        b.push_bind(campaign.0).push_bind(row.0).push_bind(step).push_bind(Time(at));
    });
    Ok(())
}
