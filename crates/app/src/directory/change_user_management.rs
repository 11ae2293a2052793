//! Says where the people of an organization are managed: in a directory of each site, or in one of the organization.

use std::collections::BTreeSet;

use orglink_domain::id::{OrganizationId, TenantId};
use orglink_domain::invitation::Target;
use orglink_domain::name::fold;
use orglink_domain::organization::{Organization, UserManagement};
use orglink_domain::user_management::free_name;
use orglink_policy::Action;
use orglink_store::{Tx, directory, in_write, invitation, organization};
use serde_json::{Value, json};

use crate::change::OrganizationChange;
use crate::tenant::OrganizationProof;
use crate::{App, Error, Expected, Principal};

/// Changes it; the organization's version afterwards. When it becomes centralized, the groups of its sites become its own.
///
/// # Errors
/// `NotFound`; `directory_in_use` on the way back; `VersionChanged`; a refusal for anybody but an operator.
pub async fn change_user_management(
    app: &App,
    principal: &Principal,
    reference: &str,
    to: UserManagement,
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let action = Action::ChangeUserManagement;
        let proof = OrganizationProof::load(app, tx, principal, reference, action).await?;
        let before = proof.organization().clone();
        expected.check("organization", before.version)?;
        if before.user_management == to {
            return Ok(before.version);
        }
        let change = OrganizationChange::of(app, tx, proof, expected).await?;
        organization::change_user_management(tx, before.id, to).await?;
        let what = settle(tx, &before, to).await?;
        change.finish(app, tx, principal, what.into()).await
    })
}

/// What it means for the directories, in the transaction in which it changes and after the organization's row is taken, so that
/// no group is made meanwhile; what happened, for the event.
///
/// # Errors
/// `directory_in_use` when an organization with groups of its own is to have them no more.
pub(crate) async fn settle(tx: &mut Tx, before: &Organization, to: UserManagement) -> Result<Vec<Value>, Error> {
    let mut what = vec![json!({
        "change": "user_management_changed", "before": before.user_management, "after": to,
    })];
    match to {
        UserManagement::Centralized => what.extend(gather(tx, before.id).await?),
        UserManagement::Original => {
            let groups = directory::count(tx, before.id).await?;
            if groups > 0 {
                return Err(in_use(&before.slug, groups));
            }
        }
    }
    Ok(what)
}

/// The groups of the sites become the organization's, with everybody who is in them or invited. None are merged: of two that
/// are called the same, the later is told apart by its site.
async fn gather(tx: &mut Tx, id: OrganizationId) -> Result<Vec<Value>, Error> {
    let own = directory::list_entries(tx, id).await?;
    let mut taken: BTreeSet<String> = own.iter().map(|e| fold(&e.group.slug)).collect();
    let mut what = Vec::new();
    for (site, group) in directory::list_of_all_sites(tx, id).await? {
        let (slug, name) = free_name((&group.slug, &group.name), &site, &mut taken);
        directory::take_from_site(tx, group.id, &slug, &name).await?;
        let from = Target::SiteGroup(site.clone(), group.slug.clone());
        let to = Target::DirectoryGroup(slug.clone());
        invitation::change_target(tx, TenantId::Organization(id), &from, &to).await?;
        what.push(json!({
            "change": "directory_group_gathered", "site": site, "before": group.slug, "directory_group": slug, "name": name,
        }));
    }
    Ok(what)
}

fn in_use(slug: &str, groups: i64) -> Error {
    Error::refused(
        "directory_in_use",
        "The organization has a directory",
        format!(
            "The directory of the organization {slug} has {groups} groups, which no site could keep. Delete them first; those \
             that say who is in the user groups of a workspace stay, because users do not migrate back."
        ),
    )
}
