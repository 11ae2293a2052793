//! Repositories and who may do what with each.

use orglink_domain::id::{RepositoryId, UserGroupId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_store::import::{GroupsByKey, RepositoryState};
use orglink_store::{Tx, import as bulk};
use serde_json::json;

use super::{Applying, Outcome, folded};
use crate::Error;
use crate::record::{RecordType, RepositoryRecord};

impl Applying<'_> {
    pub(super) async fn repositories(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let records: Vec<(i64, RepositoryRecord)> = self.next(RecordType::Repository, &mut after).await?;
            if records.is_empty() {
                return Ok(());
            }
            let users = records.iter().flat_map(|(_, r)| r.grants.iter().flat_map(|g| g.users.keys()));
            self.know_accounts(tx, folded(users)).await?;
            self.know_workspaces(tx, folded(records.iter().map(|(_, r)| &r.workspace))).await?;
            let (mut keys, mut may_exist, mut group_keys) = (Vec::new(), Vec::new(), Vec::new());
            for (line, record) in &records {
                let workspace = self.workspace(*line, &record.workspace)?;
                let key = (workspace.id, fold(&record.slug));
                if !workspace.is_new {
                    may_exist.push(key.clone());
                }
                keys.push((key, workspace.is_new));
                let groups = record.grants.iter().flat_map(|g| g.groups.keys());
                group_keys.extend(groups.map(|g| (workspace.id, fold(g))));
            }
            group_keys.sort_unstable();
            group_keys.dedup();
            let groups = bulk::find_groups(tx, &group_keys).await?;
            let mut stored = bulk::find_repositories(tx, &may_exist).await?;

            let (mut created, mut changed, mut touches) = (Vec::new(), Vec::new(), Vec::new());
            for ((line, record), (key, is_new)) in records.iter().zip(keys) {
                let before = stored.remove(&key);
                let after = self.repository_state(*line, record, key.0, before.as_ref(), &groups)?;
                let (outcome, word) = match before {
                    None => (Outcome::Created, "repository_created"),
                    Some(before) if before == after => (Outcome::Unchanged, ""),
                    Some(_) => (Outcome::Changed, "repository_changed"),
                };
                if outcome != Outcome::Unchanged {
                    if !is_new {
                        let change = json!({ "change": word, "repository": after.slug });
                        touches.push(Self::touch(key.0, *line, Some(&change)));
                    }
                    let list = if outcome == Outcome::Created { &mut created } else { &mut changed };
                    list.push(after);
                }
                self.count(RecordType::Repository, outcome);
            }
            bulk::save_repositories(tx, &created, &changed).await?;
            self.staging.add_touches(&touches).await?;
        }
    }

    fn repository_state(
        &self,
        line: i64,
        record: &RepositoryRecord,
        workspace: WorkspaceId,
        before: Option<&RepositoryState>,
        groups: &GroupsByKey,
    ) -> Result<RepositoryState, Error> {
        let (group_grants, account_grants) = match (&record.grants, before) {
            (Some(grants), _) => {
                let mut of_groups = Vec::with_capacity(grants.groups.len());
                for (slug, permission) in &grants.groups {
                    let group: Option<UserGroupId> = groups.get(&(workspace, fold(slug))).map(|g| g.group.id);
                    of_groups.push((group.ok_or_else(|| self.gone(line, "user group", slug))?, *permission));
                }
                let mut of_accounts = Vec::with_capacity(grants.users.len());
                for (email, permission) in &grants.users {
                    of_accounts.push((self.account(line, email)?, *permission));
                }
                of_groups.sort_unstable();
                of_accounts.sort_unstable();
                (of_groups, of_accounts)
            }
            (None, Some(before)) => (before.group_grants.clone(), before.account_grants.clone()),
            (None, None) => (Vec::new(), Vec::new()),
        };
        Ok(RepositoryState {
            id: before.map_or_else(|| RepositoryId(self.app.new_id(self.at)), |b| b.id),
            workspace_id: workspace,
            slug: before.map_or_else(|| record.slug.clone(), |b| b.slug.clone()),
            name: record.name.clone(),
            project: record.project.clone().or_else(|| before.and_then(|b| b.project.clone())),
            group_grants,
            account_grants,
        })
    }
}
