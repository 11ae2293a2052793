//! The organization or workspace that is to be recovered, with what the one who asks is to it.

use orglink_domain::account::Account;
use orglink_domain::id::{AccountId, TenantId};
use orglink_domain::name::fold;
use orglink_policy::{Action, Standing};
use orglink_store::{Tx, account, link, organization, workspace};
use serde::{Deserialize, Serialize};

use crate::{App, Error, Principal};

/// What somebody wants recovered, by slug or id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceReference {
    Organization(String),
    Workspace(String),
}

/// An organization or a workspace as far as recovery is concerned.
pub(super) struct Place {
    pub id: TenantId,
    pub slug: String,
    pub name: String,
}

impl Place {
    /// `organization` or `workspace`.
    pub const fn kind(&self) -> &'static str {
        match self.id {
            TenantId::Organization(_) => "organization",
            TenantId::Workspace(_) => "workspace",
        }
    }

    /// Loads it for somebody who wants to do `action` with it.
    ///
    /// # Errors
    /// `NotFound` when it does not exist or they have nothing to do with it.
    pub async fn load(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        wanted: &PlaceReference,
        action: Action,
    ) -> Result<Self, Error> {
        let (found, absent) = match wanted {
            PlaceReference::Organization(slug) => {
                let found = organization::find_by_reference(tx, slug).await?;
                let place = found.map(|o| Self { id: TenantId::Organization(o.id), slug: o.slug, name: o.name });
                (place, Error::not_found("organization", slug))
            }
            PlaceReference::Workspace(slug) => {
                let found = workspace::find_by_reference(tx, slug).await?;
                let place = found.map(|w| Self { id: TenantId::Workspace(w.id), slug: w.slug, name: w.name });
                (place, Error::not_found("workspace", slug))
            }
        };
        let Some(place) = found else { return Err(absent) };
        let standing = place.standing(tx, principal).await?;
        // Whoever may do neither has nothing to do with it, and does not learn that it is there.
        if !app.may(Action::ViewRecovery, standing) && !app.may(Action::RequestRecovery, standing) {
            return Err(absent);
        }
        app.require(action, standing)?;
        Ok(place)
    }

    /// The place of a recovery that is there; none when it was deleted since.
    pub async fn find(tx: &mut Tx, id: TenantId) -> Result<Option<Self>, Error> {
        Ok(match id {
            TenantId::Organization(o) => {
                organization::find(tx, o).await?.map(|o| Self { id, slug: o.slug, name: o.name })
            }
            TenantId::Workspace(w) => workspace::find(tx, w).await?.map(|w| Self { id, slug: w.slug, name: w.name }),
        })
    }

    /// What the one who asks is to it, read now.
    pub async fn standing(&self, tx: &mut Tx, principal: &Principal) -> Result<Standing, Error> {
        let mut standing = principal.standing();
        let Some(who) = principal.account_if_any() else { return Ok(standing) };
        match self.id {
            TenantId::Organization(id) => {
                standing.organization = organization::find_standing(tx, id, who.id).await?;
            }
            TenantId::Workspace(id) => {
                standing.workspace = workspace::find_role(tx, id, who.id).await?;
                if let Some(link) = link::find_active(tx, id).await? {
                    standing.organization = organization::find_standing(tx, link.organization_id, who.id).await?;
                }
            }
        }
        standing.is_at_domain = self.has_domain(tx, &domain_of(who)).await?;
        Ok(standing)
    }

    /// Whether a domain belongs to it: one that the organization has verified, or the one that all people of the
    /// workspace have their addresses at.
    async fn has_domain(&self, tx: &mut Tx, domain: &str) -> Result<bool, Error> {
        Ok(match self.id {
            TenantId::Organization(id) => {
                organization::list_domains(tx, id).await?.iter().any(|verified| fold(verified) == domain)
            }
            TenantId::Workspace(id) => workspace::is_all_at_domain(tx, id, domain).await?,
        })
    }

    /// Whether somebody administers it who can act.
    pub async fn has_active_admin(&self, tx: &mut Tx) -> Result<bool, Error> {
        let admins: Vec<AccountId> = match self.id {
            TenantId::Organization(id) => organization::list_admin_ids(tx, id).await?,
            TenantId::Workspace(id) => workspace::list_admin_ids(tx, id).await?,
        };
        Ok(account::list_by_ids(tx, &admins).await?.iter().any(Account::is_active_person))
    }
}

/// The part of somebody's address behind the @, folded.
pub(super) fn domain_of(who: &Account) -> String {
    fold(who.email.rsplit_once('@').map_or("", |(_, domain)| domain))
}
