//! Gives a group or a member something on a repository, or takes it back.

use orglink_domain::workspace::Permission;
use orglink_policy::Action;
use orglink_store::{in_write, repository};
use serde_json::{Value, json};

use super::find_repository;
use crate::change::WorkspaceChange;
use crate::user_group::find_group;
use crate::workspace::find_member;
use crate::{App, Error, Expected, Principal};

/// To whom.
#[derive(Debug, Clone, Copy)]
pub enum Grantee<'a> {
    /// A user group, by slug.
    Group(&'a str),
    /// A member of the workspace, by address or id.
    Member(&'a str),
}

/// Makes this what they were given there; `None` takes it back (a group then has its default again). The
/// workspace's new version.
///
/// # Errors
/// `NotFound` for the repository, the group or the member; `VersionChanged`; a refusal for anybody but a
/// workspace admin.
pub async fn change_grant(
    app: &App,
    principal: &Principal,
    (reference, slug): (&str, &str),
    grantee: Grantee<'_>,
    permission: Option<Permission>,
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let change =
            WorkspaceChange::begin(app, tx, principal, reference, Action::ChangeWorkspacePeople, expected).await?;
        let repository = find_repository(tx, change.proof(), slug).await?;
        let id = change.workspace().id;
        let to: Value = match grantee {
            Grantee::Group(group) => {
                let group = find_group(tx, change.proof(), group).await?;
                repository::change_group_grant(tx, repository.id, group.id, permission).await?;
                json!({ "user_group": group.slug })
            }
            Grantee::Member(account) => {
                let absent = || Error::not_found("member", account);
                let member = find_member(tx, id, account).await?.ok_or_else(absent)?;
                repository::change_account_grant(tx, (id, repository.id), member.id, permission).await?;
                json!({ "account": member.id })
            }
        };
        let what =
            json!({ "change": "grant_changed", "repository": repository.slug, "to": to, "permission": permission });
        change.finish(app, tx, principal, what).await
    })
}
