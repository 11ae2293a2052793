//! Adds people to a user group and takes them out.

use orglink_policy::Action;
use orglink_store::{in_write, user_group};
use serde_json::json;

use super::find_group;
use crate::change::WorkspaceChange;
use crate::tenant::WorkspaceProof;
use crate::workspace::{Memberships, find_member, is_self};
use crate::{App, Error, Expected, Principal};

/// Adds people who are members of the workspace already, all of them or nobody; doing so twice changes nothing.
/// Anybody else must agree first, so that whether an address has an account is told to nobody.
///
/// # Errors
/// `NotFound`; `not_a_member`; a refusal for anybody but a workspace admin.
pub async fn add_members(
    app: &App,
    principal: &Principal,
    (reference, slug): (&str, &str),
    accounts: &[String],
) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let proof = WorkspaceProof::load(app, tx, principal, reference, Action::ChangeWorkspacePeople).await?;
        let group = find_group(tx, &proof, slug).await?;
        let id = proof.workspace().id;
        let mut new = Vec::new();
        for account in accounts {
            let member = find_member(tx, id, account).await?.ok_or_else(|| not_a_member(account))?;
            let memberships = Memberships::of(tx, id, std::slice::from_ref(&member)).await?;
            if !new.contains(&member.id) && !memberships.groups_of(&member).any(|g| g.id == group.id) {
                new.push(member.id);
            }
        }
        if accounts.is_empty() {
            return Err(Error::field("accounts", "say who: at least one address"));
        }
        if new.is_empty() {
            return Ok(());
        }
        let change = WorkspaceChange::of(app, tx, proof).await?;
        let mut what = Vec::new();
        for member in new {
            user_group::add_member(tx, id, group.id, member).await?;
            what.push(json!({ "change": "member_added", "user_group": group.slug, "account": member }));
        }
        change.finish(app, tx, principal, what.into()).await?;
        Ok(())
    })
}

fn not_a_member(account: &str) -> Error {
    Error::refused(
        "not_a_member",
        "Only members can be added to a group",
        format!(
            "'{}' is not a member of this workspace. Only people who are members already can be added to a group \
             directly; anybody else must agree first. Nobody was added.",
            account.chars().take(100).collect::<String>()
        ),
    )
}

/// Takes somebody out of a group; whoever is in it may take out themselves.
///
/// # Errors
/// `NotFound`; `last_admin`; `VersionChanged`; a refusal for anybody but a workspace admin or oneself.
pub async fn remove_member(
    app: &App,
    principal: &Principal,
    (reference, slug): (&str, &str),
    account: &str,
    expected: Expected,
) -> Result<i64, Error> {
    let action = if is_self(principal, account) { Action::LeaveWorkspace } else { Action::ChangeWorkspacePeople };
    in_write!(app.db, tx, {
        let change = WorkspaceChange::begin(app, tx, principal, reference, action, expected).await?;
        let group = find_group(tx, change.proof(), slug).await?;
        let absent = || Error::not_found("member", account);
        let member = find_member(tx, change.workspace().id, account).await?.ok_or_else(absent)?;
        if orglink_store::import::remove_members(tx, group.id, &[member.id]).await? == 0 {
            return Err(absent());
        }
        let what = json!({ "change": "member_removed", "user_group": group.slug, "account": member.id });
        change.finish(app, tx, principal, what).await
    })
}
