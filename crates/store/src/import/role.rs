//! Roles on organizations, sites and apps.

use orglink_domain::id::{AccountId, OrganizationId, SiteId};

use crate::{StoreError, Tx};

/// Where a role is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleTarget {
    Organization(OrganizationId),
    Site(SiteId),
    App(SiteId, String),
}

/// Gives a role; false when it is held already.
pub async fn grant_role(tx: &mut Tx, target: &RoleTarget, account: AccountId, role: &str) -> Result<bool, StoreError> {
    let written = match target {
        RoleTarget::Organization(id) => execute!(tx, sql!("organization/grant_role"), id.0, account.0, role)?,
        RoleTarget::Site(id) => execute!(tx, sql!("import/grant_site_role"), id.0, account.0, role)?,
        RoleTarget::App(id, product) => {
            execute!(tx, sql!("import/grant_app_role"), id.0, product.as_str(), account.0, role)?
        }
    };
    Ok(written == 1)
}
