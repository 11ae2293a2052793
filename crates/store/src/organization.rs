//! Organizations, the roles on them, and their guard row.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::OrganizationFacts;
use orglink_domain::id::{AccountId, OrganizationId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::organization::{Organization, UserManagement};
use orglink_domain::role::{HeldRole, OrganizationRole, OrganizationStanding};
use uuid::Uuid;

use crate::account::{AccountRow, from_row as account_from_row};
use crate::row::{Time, can_be_stored, containing, word};
use crate::{StoreError, Tx};

pub(crate) type OrganizationRow = (Uuid, String, String, String, Option<i64>, Option<String>, i64, Time);

pub(crate) fn from_row(row: OrganizationRow) -> Result<Organization, StoreError> {
    let (id, slug, name, user_management, link_quota, identity_provider, version, created_at) = row;
    Ok(Organization {
        id: OrganizationId(id),
        user_management: word(&user_management, "organization", "user_management", id)?,
        slug,
        name,
        link_quota,
        identity_provider,
        version,
        created_at: created_at.0,
    })
}

/// By slug, or by id.
pub async fn find_by_reference(tx: &mut Tx, reference: &str) -> Result<Option<Organization>, StoreError> {
    if let Ok(id) = Uuid::try_parse(reference) {
        return find(tx, OrganizationId(id)).await;
    }
    if !can_be_stored(reference) {
        return Ok(None);
    }
    fetch_optional!(tx, sql!("organization/find_by_slug"), OrganizationRow, fold(reference))?.map(from_row).transpose()
}

/// By slug, or by id, with what an account is to it.
pub async fn find_with_standing(
    tx: &mut Tx,
    reference: &str,
    account: Option<AccountId>,
) -> Result<Option<(Organization, OrganizationStanding, bool)>, StoreError> {
    type Row = (Uuid, String, String, String, Option<i64>, Option<String>, i64, Time, i64, i64, i64, bool);
    let account = account.map(|a| a.0);
    let row = match Uuid::try_parse(reference) {
        Ok(id) => fetch_optional!(tx, sql!("organization/find_with_standing"), Row, id, account)?,
        Err(_) if !can_be_stored(reference) => None,
        Err(_) => fetch_optional!(tx, sql!("organization/find_by_slug_with_standing"), Row, fold(reference), account)?,
    };
    row.map(|(a, b, c, d, e, f, g, h, as_admin, as_auditor, in_all, is_unclaimed)| {
        let standing = match (as_admin, as_auditor, in_all) {
            (1.., ..) => OrganizationStanding::Admin,
            (_, 1.., _) => OrganizationStanding::Auditor,
            (_, _, 1..) => OrganizationStanding::Holder,
            _ => OrganizationStanding::None,
        };
        Ok((from_row((a, b, c, d, e, f, g, h))?, standing, is_unclaimed))
    })
    .transpose()
}

pub async fn find(tx: &mut Tx, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
    fetch_optional!(tx, sql!("organization/find"), OrganizationRow, id.0)?.map(from_row).transpose()
}

/// Those of these that are there.
pub async fn list_by_ids(tx: &mut Tx, ids: &[OrganizationId]) -> Result<Vec<Organization>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        OrganizationRow,
        "SELECT id, slug, name, user_management, link_quota, identity_provider, version, created_at FROM organization WHERE deleted_at IS NULL AND id",
        ids,
        |id| id.0,
        ""
    );
    rows.into_iter().map(from_row).collect()
}

/// Keeps a new organization; false when the slug is taken.
pub async fn create(tx: &mut Tx, organization: &Organization) -> Result<bool, StoreError> {
    let written = execute!(
        tx,
        sql!("organization/create"),
        organization.id.0,
        &organization.slug,
        fold(&organization.slug),
        &organization.name,
        organization.user_management.as_str(),
        organization.link_quota,
        organization.identity_provider.as_deref(),
        Time(organization.created_at),
    )?;
    Ok(written == 1)
}

/// Says where its people are managed from now on.
pub async fn change_user_management(tx: &mut Tx, id: OrganizationId, to: UserManagement) -> Result<(), StoreError> {
    execute!(tx, sql!("organization/change_user_management"), id.0, to.as_str())?;
    Ok(())
}

/// Takes the guard row: true when the version was still the one that was read. Everything that changes a fact
/// of an organization does this first.
pub async fn guard(tx: &mut Tx, id: OrganizationId, version: i64) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("organization/guard"), id.0, version)? == 1)
}

pub async fn grant_role(
    tx: &mut Tx,
    id: OrganizationId,
    account: AccountId,
    role: OrganizationRole,
) -> Result<(), StoreError> {
    execute!(tx, sql!("organization/grant_role"), id.0, account.0, role.as_str())?;
    Ok(())
}

/// What an account is to an organization, read now.
pub async fn find_standing(
    tx: &mut Tx,
    id: OrganizationId,
    account: AccountId,
) -> Result<OrganizationStanding, StoreError> {
    let rows = fetch_all!(tx, sql!("organization/list_roles_of_account"), (String,), id.0, account.0)?;
    let mut standing = OrganizationStanding::None;
    for (role,) in rows {
        standing = standing.min(match word(&role, "organization_role", "role", id)? {
            OrganizationRole::Admin => OrganizationStanding::Admin,
            OrganizationRole::Auditor => OrganizationStanding::Auditor,
            OrganizationRole::UserAccessAdmin | OrganizationRole::BillingAdmin => OrganizationStanding::Holder,
        });
    }
    if standing == OrganizationStanding::None {
        let (others,) = fetch_one!(tx, sql!("organization/count_other_roles_of_account"), (i64,), id.0, account.0)?;
        if others > 0 {
            return Ok(OrganizationStanding::Holder);
        }
    }
    Ok(standing)
}

/// Who holds which role on the organization itself (at most 1,000 lines).
pub async fn list_people(tx: &mut Tx, id: OrganizationId) -> Result<Vec<(Account, OrganizationRole)>, StoreError> {
    type Row = (Uuid, String, String, bool, bool, bool, bool, String);
    fetch_all!(tx, sql!("organization/list_people"), Row, id.0)?
        .into_iter()
        .map(|(account, email, name, verified, robot, operator, suspended, role)| {
            let role = word(&role, "organization_role", "role", id)?;
            Ok((account_from_row((account, email, name, verified, robot, operator, suspended)), role))
        })
        .collect()
}

pub async fn list_admin_ids(tx: &mut Tx, id: OrganizationId) -> Result<Vec<AccountId>, StoreError> {
    let rows = fetch_all!(tx, sql!("organization/list_admin_ids"), (Uuid,), id.0)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// What eligibility looks at, for a workspace or for any.
pub async fn find_facts(
    tx: &mut Tx,
    organization: &Organization,
    workspace: Option<WorkspaceId>,
    now: Timestamp,
) -> Result<OrganizationFacts, StoreError> {
    let taken_places = match organization.link_quota {
        Some(_) => count_taken_places(tx, organization.id, workspace, now).await?,
        None => 0,
    };
    let (user_management, link_quota) = (organization.user_management, organization.link_quota);
    Ok(OrganizationFacts { user_management, link_quota, taken_places })
}

/// How much of its quota is used: by what is linked, and by what it has agreed to take (other than `workspace`) and others
/// have not yet.
pub async fn count_taken_places(
    tx: &mut Tx,
    id: OrganizationId,
    workspace: Option<WorkspaceId>,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let except = workspace.map_or_else(Uuid::nil, |w| w.0);
    Ok(fetch_one!(tx, sql!("organization/count_taken_places"), (i64,), id.0, except, Time(now))?.0)
}

pub async fn count_links(tx: &mut Tx, id: OrganizationId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("organization/count_links"), (i64,), id.0)?.0)
}

/// The organizations an account holds any role in (all of them when `everything`), after a folded slug.
pub async fn list_of_account(
    tx: &mut Tx,
    account: AccountId,
    after: &str,
    limit: i64,
    everything: bool,
) -> Result<Vec<Organization>, StoreError> {
    let rows =
        fetch_all!(tx, sql!("organization/list_of_account"), OrganizationRow, account.0, after, limit, everything)?;
    rows.into_iter().map(from_row).collect()
}

/// The organizations an account is admin of, by slug (at most 500).
pub async fn list_administered(tx: &mut Tx, account: AccountId) -> Result<Vec<Organization>, StoreError> {
    fetch_all!(tx, sql!("organization/list_administered"), OrganizationRow, account.0)?
        .into_iter()
        .map(from_row)
        .collect()
}

/// The domains that are an organization's: given by an import, or shown by a record.
pub async fn list_domains(tx: &mut Tx, id: OrganizationId) -> Result<Vec<String>, StoreError> {
    let rows = fetch_all!(tx, sql!("organization/list_domains"), (String,), id.0)?;
    Ok(rows.into_iter().map(|(domain,)| domain).collect())
}

/// Those that an import said are verified.
pub async fn list_given_domains(tx: &mut Tx, id: OrganizationId) -> Result<Vec<String>, StoreError> {
    let rows = fetch_all!(tx, sql!("organization/list_given_domains"), (String,), id.0)?;
    Ok(rows.into_iter().map(|(domain,)| domain).collect())
}

/// Keeps what its own admins may change.
pub async fn change(tx: &mut Tx, id: OrganizationId, name: &str) -> Result<(), StoreError> {
    execute!(tx, sql!("organization/change"), id.0, name)?;
    Ok(())
}

/// Takes a role on the organization itself; false when it was not held.
pub async fn revoke_role(
    tx: &mut Tx,
    id: OrganizationId,
    account: AccountId,
    role: OrganizationRole,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("organization/revoke_role"), id.0, account.0, role.as_str())? == 1)
}

/// Everybody with a role on the organization, its sites or apps whose address contains a text, after a folded
/// address.
pub async fn list_users(
    tx: &mut Tx,
    id: OrganizationId,
    after: &str,
    limit: i64,
    text: &str,
) -> Result<Vec<Account>, StoreError> {
    let rows = fetch_all!(tx, sql!("organization/list_users"), AccountRow, id.0, after, limit, containing(text))?;
    Ok(rows.into_iter().map(account_from_row).collect())
}

/// What the people whose folded address lies between two hold.
pub async fn list_held(
    tx: &mut Tx,
    id: OrganizationId,
    (first, last): (&str, &str),
) -> Result<Vec<(AccountId, HeldRole)>, StoreError> {
    type Row = (Uuid, String, String, String);
    fetch_all!(tx, sql!("organization/list_held"), Row, id.0, first, last)?
        .into_iter()
        .map(|(account, role, site, product)| {
            let held = match (site.is_empty(), product.is_empty()) {
                (true, _) => HeldRole::Organization(word(&role, "organization_role", "role", id)?),
                (false, true) => HeldRole::Site(site, word(&role, "site_role", "role", id)?),
                (false, false) => HeldRole::App(site, product, word(&role, "app_role", "role", id)?),
            };
            Ok((AccountId(account), held))
        })
        .collect()
}

/// Whether the organization's admins know an account already: by a role there, or as a member of a workspace
/// that is linked to it.
pub async fn is_known(tx: &mut Tx, id: OrganizationId, account: AccountId) -> Result<bool, StoreError> {
    Ok(fetch_one!(tx, sql!("organization/is_known"), (i64,), id.0, account.0)?.0 > 0)
}

/// How much hangs on an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hanging {
    pub sites: i64,
    pub products: i64,
    /// Connections of its products to workspaces.
    pub integrations: i64,
    /// People with a role on it, its sites or apps.
    pub people: i64,
}

pub async fn count_what_hangs_on_it(tx: &mut Tx, id: OrganizationId) -> Result<Hanging, StoreError> {
    type Row = (i64, i64, i64, i64);
    let (sites, products, integrations, people) =
        fetch_one!(tx, sql!("organization/count_what_hangs_on_it"), Row, id.0)?;
    Ok(Hanging { sites, products, integrations, people })
}

/// Deletes what hangs on an organization and marks it as gone; its slug is free.
pub async fn delete(tx: &mut Tx, id: OrganizationId, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("organization/delete_sites"), id.0)?;
    execute!(tx, sql!("organization/delete_roles"), id.0)?;
    execute!(tx, sql!("organization/delete_domains"), id.0)?;
    execute!(tx, sql!("webhook/delete_of_organization"), id.0)?;
    execute!(tx, sql!("domain_claim/delete_of_organization"), id.0)?;
    execute!(tx, sql!("directory/delete_of_organization"), id.0)?;
    execute!(tx, sql!("organization/delete"), id.0, Time(at), format!("deleted:{id}"))?;
    Ok(())
}
