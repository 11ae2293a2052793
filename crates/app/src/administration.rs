//! How many people administer an organization or a workspace and can act.

use orglink_domain::id::{AccountId, OrganizationId, WorkspaceId};
use orglink_domain::role::Administration;
use orglink_store::{Tx, account, organization, workspace};

use crate::Error;

pub(crate) async fn of_organization(tx: &mut Tx, id: OrganizationId) -> Result<Administration, Error> {
    let admins = organization::list_admin_ids(tx, id).await?;
    of_people(tx, &admins).await
}

pub(crate) async fn of_workspace(tx: &mut Tx, id: WorkspaceId) -> Result<Administration, Error> {
    let admins = workspace::list_admin_ids(tx, id).await?;
    of_people(tx, &admins).await
}

async fn of_people(tx: &mut Tx, admins: &[AccountId]) -> Result<Administration, Error> {
    let people = account::list_by_ids(tx, admins).await?;
    Ok(Administration::of(people.iter().filter(|a| a.is_active_person()).count()))
}
