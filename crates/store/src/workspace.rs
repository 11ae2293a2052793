//! Workspaces: their facts, their stored reasons, their guard row.

use std::collections::HashMap;

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::{ReasonCode, WorkspaceFacts};
use orglink_domain::id::{AccountId, UserGroupId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::plan::Summary;
use orglink_domain::role::WorkspaceRole;
use orglink_domain::workspace::{ContactKind, Workspace};
use uuid::Uuid;

use crate::account::{AccountRow, from_row as account_from_row};
use crate::row::{Time, bytes32, can_be_stored, containing, escaped, word};
use crate::{StoreError, Tx};

pub(crate) type WorkspaceRow = (Uuid, String, String, String, String, String, String, String, bool, bool, i64, Time);

pub(crate) fn from_row(row: WorkspaceRow) -> Result<Workspace, StoreError> {
    let (id, slug, name, app, kind, plan, cycle, status, legal_hold, open_transfer, version, created_at) = row;
    Ok(Workspace {
        id: WorkspaceId(id),
        kind: word(&kind, "workspace", "kind", id)?,
        plan: word(&plan, "workspace", "plan", id)?,
        billing_cycle: word(&cycle, "workspace", "billing_cycle", id)?,
        status: word(&status, "workspace", "status", id)?,
        slug,
        name,
        app,
        legal_hold,
        open_transfer,
        version,
        created_at: created_at.0,
    })
}

/// By slug, or by id.
pub async fn find_by_reference(tx: &mut Tx, reference: &str) -> Result<Option<Workspace>, StoreError> {
    if let Ok(id) = Uuid::try_parse(reference) {
        return find(tx, WorkspaceId(id)).await;
    }
    if !can_be_stored(reference) {
        return Ok(None);
    }
    fetch_optional!(tx, sql!("workspace/find_by_slug"), WorkspaceRow, fold(reference))?.map(from_row).transpose()
}

/// By slug, or by id, with what an account is to it: admin in a group with the *Admin* lozenge, member in any group
/// or by a direct grant.
pub async fn find_with_role(
    tx: &mut Tx,
    reference: &str,
    account: Option<AccountId>,
) -> Result<Option<(Workspace, WorkspaceRole)>, StoreError> {
    type Row = (Uuid, String, String, String, String, String, String, String, bool, bool, i64, Time, i64, i64);
    let account = account.map(|a| a.0);
    let row = match Uuid::try_parse(reference) {
        Ok(id) => fetch_optional!(tx, sql!("workspace/find_with_role"), Row, id, account)?,
        Err(_) if !can_be_stored(reference) => None,
        Err(_) => fetch_optional!(tx, sql!("workspace/find_by_slug_with_role"), Row, fold(reference), account)?,
    };
    row.map(|(a, b, c, d, e, f, g, h, i, j, k, l, as_admin, as_member)| {
        Ok((from_row((a, b, c, d, e, f, g, h, i, j, k, l))?, role_of(as_admin, as_member)))
    })
    .transpose()
}

const fn role_of(as_admin: i64, as_member: i64) -> WorkspaceRole {
    match (as_admin, as_member) {
        (0, 0) => WorkspaceRole::None,
        (0, _) => WorkspaceRole::Member,
        _ => WorkspaceRole::Admin,
    }
}

pub async fn find(tx: &mut Tx, id: WorkspaceId) -> Result<Option<Workspace>, StoreError> {
    fetch_optional!(tx, sql!("workspace/find"), WorkspaceRow, id.0)?.map(from_row).transpose()
}

/// Those of these that are there.
pub async fn list_by_ids(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<Vec<Workspace>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        WorkspaceRow,
        "SELECT id, slug, name, app, kind, plan, billing_cycle, status, legal_hold, open_transfer, version, created_at FROM workspace WHERE deleted_at IS NULL AND id",
        ids,
        |id| id.0,
        ""
    );
    rows.into_iter().map(from_row).collect()
}

/// Takes the guard row: true when the version was still the one that was read. Everything that changes a fact
/// of a workspace does this first.
pub async fn guard(tx: &mut Tx, id: WorkspaceId, version: i64) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("workspace/guard"), id.0, version)? == 1)
}

/// What an account is to a workspace, read now.
pub async fn find_role(tx: &mut Tx, id: WorkspaceId, account: AccountId) -> Result<WorkspaceRole, StoreError> {
    let (as_admin,) = fetch_one!(tx, sql!("workspace/is_admin"), (i64,), id.0, account.0)?;
    let (as_member,) = fetch_one!(tx, sql!("workspace/is_member"), (i64,), id.0, account.0)?;
    Ok(role_of(as_admin, as_member))
}

pub async fn list_admin_ids(tx: &mut Tx, id: WorkspaceId) -> Result<Vec<AccountId>, StoreError> {
    let rows = fetch_all!(tx, sql!("workspace/list_admin_ids"), (Uuid,), id.0)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

pub async fn list_labels(tx: &mut Tx, id: WorkspaceId) -> Result<Vec<String>, StoreError> {
    let rows = fetch_all!(tx, sql!("workspace/list_labels"), (String,), id.0)?;
    Ok(rows.into_iter().map(|(label,)| label).collect())
}

/// What eligibility looks at, read now.
pub async fn find_facts(tx: &mut Tx, workspace: &Workspace, is_linked: bool) -> Result<WorkspaceFacts, StoreError> {
    let labels = list_labels(tx, workspace.id).await?;
    let (active_admins,) = fetch_one!(tx, sql!("workspace/count_active_admins"), (i64,), workspace.id.0)?;
    Ok(WorkspaceFacts {
        is_linked,
        kind: workspace.kind,
        plan: workspace.plan,
        status: workspace.status,
        open_transfer: workspace.open_transfer,
        legal_hold: workspace.legal_hold,
        labels,
        active_admins,
    })
}

/// The stored reasons with the moment since which each holds.
pub async fn list_reasons(tx: &mut Tx, id: WorkspaceId) -> Result<Vec<(ReasonCode, Timestamp)>, StoreError> {
    let rows = fetch_all!(tx, sql!("workspace/list_reasons"), (String, Time), id.0)?;
    rows.into_iter().map(|(code, since)| Ok((word(&code, "workspace_reason", "code", id)?, since.0))).collect()
}

/// The stored reasons of several workspaces.
pub async fn list_reasons_of(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<Vec<(WorkspaceId, ReasonCode)>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        (Uuid, String),
        "SELECT workspace_id, code FROM workspace_reason WHERE workspace_id",
        ids,
        |id| id.0,
        ""
    );
    rows.into_iter().map(|(id, code)| Ok((WorkspaceId(id), word(&code, "workspace_reason", "code", id)?))).collect()
}

/// Makes the stored reasons exactly these, keeping since when the remaining ones hold. True when any changed.
pub async fn change_reasons(
    tx: &mut Tx,
    id: WorkspaceId,
    codes: &[ReasonCode],
    at: Timestamp,
) -> Result<bool, StoreError> {
    let stored = list_reasons(tx, id).await?;
    let mut changed = false;
    for (code, _) in &stored {
        if !codes.contains(code) {
            execute!(tx, sql!("workspace/delete_reason"), id.0, code.as_str())?;
            changed = true;
        }
    }
    for code in codes {
        if !stored.iter().any(|(there, _)| there == code) {
            execute!(tx, sql!("workspace/create_reason"), id.0, code.as_str(), Time(at))?;
            changed = true;
        }
    }
    Ok(changed)
}

/// Adds one stored reason.
pub async fn create_reason(tx: &mut Tx, id: WorkspaceId, code: ReasonCode, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, sql!("workspace/create_reason"), id.0, code.as_str(), Time(at))?;
    Ok(())
}

/// The workspaces an account may see (all when `everything`), after a folded slug.
pub async fn list_of_account(
    tx: &mut Tx,
    account: AccountId,
    after: &str,
    limit: i64,
    everything: bool,
) -> Result<Vec<Workspace>, StoreError> {
    let rows = fetch_all!(tx, sql!("workspace/list_of_account"), WorkspaceRow, account.0, after, limit, everything)?;
    rows.into_iter().map(from_row).collect()
}

/// The workspaces an account may see, after a folded slug, each with what it is to them.
pub async fn list_mine(
    tx: &mut Tx,
    account: AccountId,
    after: &str,
    limit: i64,
) -> Result<Vec<(Workspace, WorkspaceRole)>, StoreError> {
    type Row = (Uuid, String, String, String, String, String, String, String, bool, bool, i64, Time, i64);
    fetch_all!(tx, sql!("workspace/list_mine"), Row, account.0, after, limit)?
        .into_iter()
        .map(|(a, b, c, d, e, f, g, h, i, j, k, l, rank)| {
            let role = match rank {
                0 => WorkspaceRole::Admin,
                1 => WorkspaceRole::Member,
                _ => WorkspaceRole::None,
            };
            Ok((from_row((a, b, c, d, e, f, g, h, i, j, k, l))?, role))
        })
        .collect()
}

/// The workspaces an account administers, after a folded slug.
pub async fn list_administered(
    tx: &mut Tx,
    account: AccountId,
    after: &str,
    limit: i64,
) -> Result<Vec<Workspace>, StoreError> {
    let rows = fetch_all!(tx, sql!("workspace/list_administered"), WorkspaceRow, account.0, after, limit)?;
    rows.into_iter().map(from_row).collect()
}

/// The counts that stand beside a plan.
pub async fn find_summary(tx: &mut Tx, id: WorkspaceId) -> Result<Summary, StoreError> {
    let (members, user_groups, repositories) = fetch_one!(tx, sql!("workspace/find_summary"), (i64, i64, i64), id.0)?;
    Ok(Summary { members, user_groups, repositories })
}

/// Members by any group or grant whose address contains a text, after a folded address.
pub async fn list_members(
    tx: &mut Tx,
    id: WorkspaceId,
    after: &str,
    limit: i64,
    text: &str,
) -> Result<Vec<Account>, StoreError> {
    let rows = fetch_all!(tx, sql!("workspace/list_members"), AccountRow, id.0, after, limit, containing(text))?;
    Ok(rows.into_iter().map(account_from_row).collect())
}

/// Whether all its people have their addresses at one domain.
pub async fn is_all_at_domain(tx: &mut Tx, id: WorkspaceId, domain: &str) -> Result<bool, StoreError> {
    let at_domain = format!("%@{}", escaped(domain));
    let (inside, outside) = fetch_one!(tx, sql!("workspace/count_people_by_domain"), (i64, i64), id.0, at_domain)?;
    Ok(inside > 0 && outside == 0)
}

/// A member by id.
pub async fn find_member(tx: &mut Tx, id: WorkspaceId, account: AccountId) -> Result<Option<Account>, StoreError> {
    Ok(fetch_optional!(tx, sql!("workspace/find_member"), AccountRow, id.0, account.0)?.map(account_from_row))
}

/// The groups of the members whose folded address lies between two (both included).
pub async fn list_memberships(
    tx: &mut Tx,
    id: WorkspaceId,
    (first, last): (&str, &str),
) -> Result<Vec<(AccountId, UserGroupId)>, StoreError> {
    let rows = fetch_all!(tx, sql!("workspace/list_memberships"), (Uuid, Uuid), id.0, first, last)?;
    Ok(rows.into_iter().map(|(account, group)| (AccountId(account), UserGroupId(group))).collect())
}

/// How many repositories the members whose folded address lies between two were given directly.
pub async fn count_grants(
    tx: &mut Tx,
    id: WorkspaceId,
    (first, last): (&str, &str),
) -> Result<HashMap<AccountId, i64>, StoreError> {
    let rows = fetch_all!(tx, sql!("workspace/count_grants"), (Uuid, i64), id.0, first, last)?;
    Ok(rows.into_iter().map(|(account, count)| (AccountId(account), count)).collect())
}

/// Takes an account out of every group of the workspace, and takes back whatever it was given directly.
pub async fn remove_member(tx: &mut Tx, id: WorkspaceId, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, sql!("workspace/remove_from_groups"), id.0, account.0)?;
    execute!(tx, sql!("workspace/remove_grants"), id.0, account.0)?;
    Ok(())
}

/// Keeps the facts that its own admins may change.
pub async fn change(tx: &mut Tx, w: &Workspace, at: Timestamp) -> Result<(), StoreError> {
    let (kind, plan, cycle) = (w.kind.as_str(), w.plan.as_str(), w.billing_cycle.as_str());
    execute!(tx, sql!("workspace/change"), w.id.0, &w.name, kind, plan, cycle, Time(at))?;
    Ok(())
}

/// Makes the contacts of one kind exactly these.
pub async fn change_contacts(
    tx: &mut Tx,
    id: WorkspaceId,
    kind: ContactKind,
    accounts: &[AccountId],
) -> Result<(), StoreError> {
    execute!(tx, sql!("workspace/delete_contacts"), id.0, kind.as_str())?;
    for account in accounts {
        execute!(tx, sql!("workspace/create_contact"), id.0, kind.as_str(), account.0)?;
    }
    Ok(())
}

/// How many products of sites are connected to it.
pub async fn count_integrations(tx: &mut Tx, id: WorkspaceId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("workspace/count_integrations"), (i64,), id.0)?.0)
}

/// Deletes what hangs on a workspace and marks it as gone; its slug is free.
pub async fn delete(tx: &mut Tx, id: WorkspaceId, at: Timestamp) -> Result<(), StoreError> {
    for statement in [
        sql!("workspace/delete_repositories_of"),
        sql!("workspace/delete_user_groups_of"),
        sql!("workspace/delete_labels_of"),
        sql!("workspace/delete_contacts_of"),
        sql!("workspace/delete_reasons_of"),
        sql!("workspace/delete_watches_of"),
        sql!("workspace/delete_integrations_of"),
        sql!("workspace/delete_access_digests_of"),
        sql!("registry/delete_packages_of"),
        sql!("workspace/delete_extensions_of"),
        sql!("webhook/delete_of_workspace"),
    ] {
        execute!(tx, statement, id.0)?;
    }
    execute!(tx, sql!("workspace/delete"), id.0, Time(at), format!("deleted:{id}"))?;
    Ok(())
}

/// Who is told about bills and technical matters, by address.
pub async fn list_contacts(tx: &mut Tx, id: WorkspaceId) -> Result<Vec<(ContactKind, String)>, StoreError> {
    let rows = fetch_all!(tx, sql!("workspace/list_contacts"), (String, String), id.0)?;
    rows.into_iter().map(|(kind, email)| Ok((word(&kind, "workspace_contact", "kind", id)?, email))).collect()
}

/// Starts telling an account about the workspace; false when it is told already.
pub async fn watch(tx: &mut Tx, id: WorkspaceId, account: AccountId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("workspace/watch"), id.0, account.0, Time(at))? == 1)
}

/// Stops telling an account; false when it was not told.
pub async fn unwatch(tx: &mut Tx, id: WorkspaceId, account: AccountId) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("workspace/unwatch"), id.0, account.0)? == 1)
}

/// Who asked to be told about a workspace.
pub async fn list_watchers(tx: &mut Tx, id: WorkspaceId) -> Result<Vec<AccountId>, StoreError> {
    let rows = fetch_all!(tx, sql!("workspace/list_watchers"), (Uuid,), id.0)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// The workspaces an account asked to be told about.
pub async fn list_watched(tx: &mut Tx, account: AccountId) -> Result<Vec<WorkspaceId>, StoreError> {
    let rows = fetch_all!(tx, sql!("workspace/list_watched"), (Uuid,), account.0)?;
    Ok(rows.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}

/// The salt of the workspace's access digest: for its admins only.
pub async fn find_salt(tx: &mut Tx, id: WorkspaceId) -> Result<[u8; 32], StoreError> {
    let (salt,) = fetch_one!(tx, sql!("workspace/find_salt"), (Vec<u8>,), id.0)?;
    bytes32(&salt, "workspace", "access_salt", id)
}

/// Those of the people with these folded addresses who are members of a workspace.
pub async fn list_members_by_address(
    tx: &mut Tx,
    id: WorkspaceId,
    emails: &[String],
) -> Result<Vec<Account>, StoreError> {
    let keys: Vec<(Uuid, &str)> =
        emails.iter().map(String::as_str).filter(|e| can_be_stored(e)).map(|e| (id.0, e)).collect();
    let rows = fetch_by_pairs!(
        tx,
        AccountRow,
        "SELECT a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended FROM ",
        keys,
        "JOIN account a ON a.email_folded = k.column2 \
         WHERE EXISTS (SELECT 1 FROM user_group_member m WHERE m.workspace_id = k.column1 AND m.account_id = a.id) \
            OR EXISTS (SELECT 1 FROM repository_account_grant g WHERE g.workspace_id = k.column1 AND g.account_id = a.id)"
    );
    Ok(rows.into_iter().map(account_from_row).collect())
}
