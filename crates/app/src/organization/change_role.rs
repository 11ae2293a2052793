//! Gives and takes roles: on an organization, on one of its sites, on one app of a site.

use orglink_domain::account::Account;
use orglink_domain::id::{AccountId, OrganizationId};
use orglink_domain::name::fold;
use orglink_domain::role::{AppRole, HeldRole, OrganizationRole, SiteRole};
use orglink_policy::Action;
use orglink_store::{Tx, account, in_write, organization, site};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::change::OrganizationChange;
use crate::tenant::OrganizationProof;
use crate::workspace::is_self;
use crate::{App, Error, Expected, Principal};

/// Which role, on what.
#[derive(Debug, Clone, Copy)]
pub enum RolePlace<'a> {
    Organization(OrganizationRole),
    /// On a site, by slug.
    Site(&'a str, SiteRole),
    /// On a product of a site.
    App(&'a str, &'a str, AppRole),
}

impl<'a> RolePlace<'a> {
    /// Where this role is held.
    pub(crate) const fn of(held: &'a HeldRole) -> Self {
        match held {
            HeldRole::Organization(role) => Self::Organization(*role),
            HeldRole::Site(site, role) => Self::Site(site.as_str(), *role),
            HeldRole::App(site, product, role) => Self::App(site.as_str(), product.as_str(), *role),
        }
    }
}

/// Gives a role to somebody whom the organization knows, or takes it from whoever holds it; giving what is held
/// changes nothing. Whoever holds a role may give it up. The organization's version afterwards.
///
/// # Errors
/// `NotFound` for the site, the product or (when taking) the holder; `not_known_here`; `last_admin`;
/// `VersionChanged`; a refusal for anybody but an organization admin.
pub async fn change_role(
    app: &App,
    principal: &Principal,
    reference: &str,
    place: RolePlace<'_>,
    who: &str,
    is_given: bool,
    expected: Expected,
) -> Result<i64, Error> {
    let action = if !is_given && is_self(principal, who) { Action::LeaveOrganization } else { Action::ChangeRoles };
    in_write!(app.db, tx, {
        let proof = OrganizationProof::load(app, tx, principal, reference, action).await?;
        let id = proof.organization().id;
        let version = proof.organization().version;
        let place_found = RoleAt::find(tx, id, place).await?;
        let account = if is_given { known(tx, id, who).await? } else { find(tx, who).await? };
        let Some(account) = account else {
            if is_given {
                return Err(not_known(who));
            }
            return Err(Error::not_found("role", who));
        };
        if place_found.is_held(tx, id, account.id).await? == is_given {
            if is_given {
                return Ok(version);
            }
            return Err(Error::not_found("role", who));
        }
        let change = OrganizationChange::of(app, tx, proof, expected).await?;
        place_found.change(tx, id, account.id, is_given).await?;
        let what = place_found.describe(if is_given { "role_given" } else { "role_taken" }, account.id);
        change.finish(app, tx, principal, what).await
    })
}

/// A role on something that exists.
pub(crate) enum RoleAt<'a> {
    Organization(OrganizationRole),
    Site(orglink_domain::organization::Site, SiteRole),
    App(orglink_domain::organization::Site, &'a str, AppRole),
}

impl<'a> RoleAt<'a> {
    pub(crate) async fn find(tx: &mut Tx, id: OrganizationId, wanted: RolePlace<'a>) -> Result<Self, Error> {
        let slug = match wanted {
            RolePlace::Organization(role) => return Ok(Self::Organization(role)),
            RolePlace::Site(slug, _) | RolePlace::App(slug, ..) => slug,
        };
        let found = site::find(tx, id, slug).await?.ok_or_else(|| Error::not_found("site", slug))?;
        match wanted {
            RolePlace::App(_, product, role) => {
                if !site::list_products_of(tx, found.id).await?.iter().any(|p| p == product) {
                    return Err(Error::not_found("product", product));
                }
                Ok(Self::App(found, product, role))
            }
            RolePlace::Site(_, role) => Ok(Self::Site(found, role)),
            RolePlace::Organization(role) => Ok(Self::Organization(role)),
        }
    }

    pub(crate) async fn is_held(&self, tx: &mut Tx, id: OrganizationId, account: AccountId) -> Result<bool, Error> {
        let Some(person) = account::find(tx, account).await? else { return Ok(false) };
        let email = fold(&person.email);
        let held = organization::list_held(tx, id, (&email, &email)).await?;
        Ok(held.iter().any(|(_, held)| match (self, held) {
            (Self::Organization(role), HeldRole::Organization(there)) => role == there,
            (Self::Site(site, role), HeldRole::Site(at, there)) => site.slug == *at && role == there,
            (Self::App(site, product, role), HeldRole::App(at, on, there)) => {
                site.slug == *at && product == on && role == there
            }
            _ => false,
        }))
    }

    pub(crate) async fn change(
        &self,
        tx: &mut Tx,
        id: OrganizationId,
        account: AccountId,
        is_given: bool,
    ) -> Result<(), Error> {
        match self {
            Self::Organization(role) if is_given => organization::grant_role(tx, id, account, *role).await?,
            Self::Organization(role) => {
                organization::revoke_role(tx, id, account, *role).await?;
            }
            Self::Site(site, role) => {
                site::change_role(tx, site.id, account, *role, is_given).await?;
            }
            Self::App(site, product, role) => {
                site::change_app_role(tx, (site.id, product), account, *role, is_given).await?;
            }
        }
        Ok(())
    }

    /// The change as its event says it.
    pub(crate) fn describe(&self, change: &str, account: AccountId) -> Value {
        json!({
            "change": change, "account": account, "role": self.role(), "site": self.site(), "product": self.product(),
        })
    }

    const fn role(&self) -> &'static str {
        match self {
            Self::Organization(role) => role.as_str(),
            Self::Site(_, role) => role.as_str(),
            Self::App(_, _, role) => role.as_str(),
        }
    }

    fn site(&self) -> Option<&str> {
        match self {
            Self::Organization(_) => None,
            Self::Site(site, _) | Self::App(site, ..) => Some(&site.slug),
        }
    }

    const fn product(&self) -> Option<&str> {
        match self {
            Self::App(_, product, _) => Some(product),
            Self::Organization(_) | Self::Site(..) => None,
        }
    }
}

async fn find(tx: &mut Tx, who: &str) -> Result<Option<Account>, Error> {
    Ok(match Uuid::try_parse(who) {
        Ok(id) => account::find(tx, AccountId(id)).await?,
        Err(_) => account::find_by_email(tx, who.trim()).await?,
    })
}

/// A verified person whom the organization's admins know already: by a role there, as a member of a workspace
/// linked to it, or by an address at a domain that the organization has proven to own. Anybody else is refused
/// alike, whether or not there is such an account.
async fn known(tx: &mut Tx, id: OrganizationId, who: &str) -> Result<Option<Account>, Error> {
    let Some(account) = find(tx, who).await?.filter(|a| a.is_verified && !a.is_suspended) else { return Ok(None) };
    if organization::is_known(tx, id, account.id).await? {
        return Ok(Some(account));
    }
    let domains = organization::list_domains(tx, id).await?;
    let email = fold(&account.email);
    let is_ours = email.rsplit_once('@').is_some_and(|(_, domain)| domains.iter().any(|d| fold(d) == domain));
    Ok(is_ours.then_some(account))
}

fn not_known(who: &str) -> Error {
    Error::refused(
        "not_known_here",
        "A role cannot be given to this address directly",
        format!(
            "'{}' is not the verified address of somebody this organization knows: a holder of a role here, a member \
             of a linked workspace, or somebody at one of its verified domains. Anybody else must agree first.",
            who.chars().take(100).collect::<String>()
        ),
    )
}
