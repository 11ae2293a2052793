//! Takes somebody out of a workspace: out of every group, with every grant of their own.

use orglink_policy::Action;
use orglink_store::{in_write, workspace};
use serde_json::json;

use super::{find_member, is_self};
use crate::change::WorkspaceChange;
use crate::{App, Error, Expected, Principal};

/// Removes a member; whoever is one may leave.
///
/// # Errors
/// `NotFound`; `last_admin`; `VersionChanged`; a refusal for anybody but a workspace admin or oneself.
pub async fn remove_member(
    app: &App,
    principal: &Principal,
    reference: &str,
    account: &str,
    expected: Expected,
) -> Result<i64, Error> {
    let action = if is_self(principal, account) { Action::LeaveWorkspace } else { Action::ChangeWorkspacePeople };
    in_write!(app.db, tx, {
        let change = WorkspaceChange::begin(app, tx, principal, reference, action, expected).await?;
        let id = change.workspace().id;
        let member = find_member(tx, id, account).await?.ok_or_else(|| Error::not_found("member", account))?;
        workspace::remove_member(tx, id, member.id).await?;
        let what = json!({ "change": "member_left", "account": member.id });
        change.finish(app, tx, principal, what).await
    })
}
