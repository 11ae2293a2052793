//! User groups and their members.

use std::collections::HashSet;

use orglink_domain::id::{AccountId, UserGroupId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::workspace::{Permission, UserGroup};
use orglink_store::import::GroupState;
use orglink_store::staging::Touch;
use orglink_store::{Tx, import as bulk};
use serde_json::json;

use super::{Applying, Outcome, folded};
use crate::Error;
use crate::record::{RecordType, UserGroupRecord};

impl Applying<'_> {
    pub(super) async fn user_groups(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let records: Vec<(i64, UserGroupRecord)> = self.next(RecordType::UserGroup, &mut after).await?;
            if records.is_empty() {
                return Ok(());
            }
            self.know_accounts(tx, folded(records.iter().flat_map(|(_, r)| &r.members))).await?;
            self.know_workspaces(tx, folded(records.iter().map(|(_, r)| &r.workspace))).await?;
            let (mut keys, mut may_exist) = (Vec::with_capacity(records.len()), Vec::new());
            for (line, record) in &records {
                let workspace = self.workspace(*line, &record.workspace)?;
                let key = (workspace.id, fold(&record.slug));
                if !workspace.is_new {
                    may_exist.push(key.clone());
                }
                keys.push((key, workspace.is_new));
            }
            let mut stored = bulk::find_groups(tx, &may_exist).await?;
            bulk::add_members_to(tx, &mut stored).await?;
            let attached = bulk::find_attached(tx, &stored).await?;
            let places: Vec<WorkspaceId> = may_exist.iter().map(|(id, _)| *id).collect();
            let migrated = bulk::find_users_migrated(tx, &places).await?;

            let (mut created, mut members, mut touches) = (Vec::new(), Vec::new(), Vec::new());
            for ((line, record), (key, is_new)) in records.iter().zip(keys) {
                let wanted = self.account_ids(*line, &record.members)?;
                let outcome = match stored.remove(&key) {
                    None if migrated.contains(&key.0) => {
                        let detail = format!(
                            "the users of '{}' have migrated: make the group in the directory of its organization, and bring it in from there",
                            record.workspace
                        );
                        return Err(self.bad(*line, detail));
                    }
                    None => {
                        let group = group_of(record, None, UserGroupId(self.app.new_id(self.at)));
                        members.extend(wanted.iter().map(|a| (group.id, *a, key.0)));
                        // What a new workspace begins with is no change of it.
                        if !is_new {
                            let change = json!({ "change": "user_group_created", "user_group": group.slug });
                            touches.push(Self::touch(key.0, *line, Some(&change)));
                        }
                        created.push(GroupState { workspace_id: key.0, group, members: vec![] });
                        Outcome::Created
                    }
                    Some(before) => {
                        // Who is in it is said by the directory of its organization.
                        let wanted = if attached.contains(&before.group.id) { before.members.clone() } else { wanted };
                        let found = Change::between(*line, record, key.0, &before, &wanted);
                        if found.is_none() {
                            Outcome::Unchanged
                        } else {
                            if found.group != before.group {
                                bulk::change_group(tx, key.0, &found.group).await?;
                            }
                            bulk::remove_members(tx, before.group.id, &found.gone).await?;
                            members.extend(found.new.iter().map(|a| (before.group.id, *a, key.0)));
                            touches.extend(found.touches);
                            Outcome::Changed
                        }
                    }
                };
                self.count(RecordType::UserGroup, outcome);
            }
            bulk::create_groups(tx, &created).await?;
            bulk::add_members(tx, &members).await?;
            self.staging.add_touches(&touches).await?;
        }
    }
}

/// The difference between a stored group and its record.
struct Change {
    group: UserGroup,
    gone: Vec<AccountId>,
    new: Vec<AccountId>,
    touches: Vec<Touch>,
}

impl Change {
    fn between(
        line: i64,
        record: &UserGroupRecord,
        workspace: WorkspaceId,
        before: &GroupState,
        wanted: &[AccountId],
    ) -> Self {
        let group = group_of(record, Some(&before.group), before.group.id);
        let had: HashSet<&AccountId> = before.members.iter().collect();
        let wants: HashSet<&AccountId> = wanted.iter().collect();
        let gone: Vec<AccountId> = before.members.iter().filter(|a| !wants.contains(a)).copied().collect();
        let new: Vec<AccountId> = wanted.iter().filter(|a| !had.contains(a)).copied().collect();
        let slug = &before.group.slug;
        let mut changes = Vec::new();
        if group != before.group {
            changes.push(json!({ "change": "user_group_changed", "user_group": slug }));
        }
        changes.extend(gone.iter().map(|a| json!({ "change": "member_removed", "user_group": slug, "account": a })));
        changes.extend(new.iter().map(|a| json!({ "change": "member_added", "user_group": slug, "account": a })));
        let takes_admin = before.group.is_admin && (!group.is_admin || !gone.is_empty());
        let touches = changes
            .into_iter()
            .map(|c| Touch { workspace: workspace.0, line, takes_admin, change: Some(c.to_string()) })
            .collect();
        Self { group, gone, new, touches }
    }

    fn is_none(&self) -> bool {
        self.touches.is_empty()
    }
}

fn group_of(record: &UserGroupRecord, before: Option<&UserGroup>, id: UserGroupId) -> UserGroup {
    let mut workspace_permissions = record
        .workspace_permissions
        .clone()
        .or_else(|| before.map(|b| b.workspace_permissions.clone()))
        .unwrap_or_default();
    workspace_permissions.sort_unstable();
    workspace_permissions.dedup();
    UserGroup {
        id,
        slug: before.map_or_else(|| record.slug.clone(), |b| b.slug.clone()),
        name: record.name.clone(),
        is_admin: record.is_admin.or(before.map(|b| b.is_admin)).unwrap_or(false),
        repository_permission: record
            .repository_permission
            .or(before.map(|b| b.repository_permission))
            .unwrap_or(Permission::None),
        workspace_permissions,
        is_default: record.is_default.or(before.map(|b| b.is_default)).unwrap_or(false),
    }
}
