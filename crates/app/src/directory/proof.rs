//! Whose directory, and what the one who asks is to it.

use orglink_domain::eligibility::ReasonCode;
use orglink_domain::invitation::Target;
use orglink_domain::organization::{Organization, Site, UserManagement};
use orglink_domain::user_management::DirectoryGroup;
use orglink_policy::Action;
use orglink_store::Tx;
use orglink_store::directory::{self, DirectoryId};
use serde::Serialize;
use serde_json::{Value, json};

use crate::tenant::{OrganizationProof, SiteProof};
use crate::{App, Error, Principal};

/// Whose directory, as a surface names it: an organization's own, or that of one of its sites.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct DirectoryOf<'a> {
    pub organization: &'a str,
    pub site: Option<&'a str>,
}

impl<'a> DirectoryOf<'a> {
    /// The organization's own.
    #[must_use]
    pub const fn organization(organization: &'a str) -> Self {
        Self { organization, site: None }
    }

    /// Its page.
    #[must_use]
    pub fn path(&self) -> String {
        match self.site {
            None => format!("/organizations/{}/directory", self.organization),
            Some(site) => format!("/organizations/{}/sites/{site}/directory", self.organization),
        }
    }

    /// What whoever is invited to one of its groups is to become.
    #[must_use]
    pub fn target(&self, group: &str) -> Target {
        match self.site {
            None => Target::DirectoryGroup(group.to_owned()),
            Some(site) => Target::SiteGroup(site.to_owned(), group.to_owned()),
        }
    }
}

/// Where the progress of a capability that is missing is followed, as the end of a refusal; nothing when nowhere.
pub(crate) fn follow_words(app: &App, code: ReasonCode) -> String {
    let path = app.catalog.eligibility.follow(code);
    path.map(|path| format!(" Follow when that is possible: {}{path}", app.settings.public_url)).unwrap_or_default()
}

/// A directory that was loaded for somebody.
#[derive(Debug, Clone)]
pub(crate) struct DirectoryProof {
    organization: OrganizationProof,
    site: Option<Site>,
}

impl DirectoryProof {
    /// Loads it, through its organization, for somebody who wants to do `action` with it.
    ///
    /// # Errors
    /// `NotFound` when the organization or the site is not there for them; a refusal when they may not do that.
    pub(crate) async fn load(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        of: DirectoryOf<'_>,
        action: Action,
    ) -> Result<Self, Error> {
        let Some(site) = of.site else {
            return Ok(Self::own(OrganizationProof::load(app, tx, principal, of.organization, action).await?));
        };
        let proof = SiteProof::load(app, tx, principal, (of.organization, site), action).await?;
        Ok(Self { organization: proof.organization().clone(), site: Some(proof.site().clone()) })
    }

    /// The own directory of an organization that was loaded already.
    pub(crate) const fn own(organization: OrganizationProof) -> Self {
        Self { organization, site: None }
    }

    pub(crate) const fn proof(&self) -> &OrganizationProof {
        &self.organization
    }

    pub(crate) const fn organization(&self) -> &Organization {
        self.organization.organization()
    }

    pub(crate) const fn site(&self) -> Option<&Site> {
        self.site.as_ref()
    }

    pub(crate) fn id(&self) -> DirectoryId {
        DirectoryId { organization: self.organization().id, site: self.site.as_ref().map(|s| s.id) }
    }

    /// The same as a surface names it.
    pub(crate) fn named(&self) -> DirectoryOf<'_> {
        DirectoryOf { organization: &self.organization().slug, site: self.site.as_ref().map(|s| s.slug.as_str()) }
    }

    pub(crate) async fn find_group(&self, tx: &mut Tx, slug: &str) -> Result<DirectoryGroup, Error> {
        let found = directory::find(tx, self.id(), slug).await?;
        found.ok_or_else(|| Error::not_found("directory group", slug))
    }

    /// What happened in it, for an event: with its site, when it is of one.
    pub(crate) fn note(&self, mut what: Value) -> Value {
        if let (Some(site), Some(fields)) = (&self.site, what.as_object_mut()) {
            fields.insert("site".to_owned(), json!(site.slug));
        }
        what
    }

    /// Refuses a directory that an organization of this kind has not: one of its own while each site keeps its people, one of
    /// a site afterwards.
    pub(crate) fn require_kept(&self, app: &App) -> Result<(), Error> {
        let slug = &self.organization().slug;
        match (self.organization().user_management, &self.site) {
            (UserManagement::Original, None) => {
                let code = ReasonCode::OrganizationOriginalUserManagement;
                let detail = format!(
                    "The organization {slug} has original user management: each of its sites keeps its own groups. Name a \
                     site (`--site SITE`, /organizations/{slug}/sites/SITE/directory). Once the organization is centralized, \
                     the groups of its sites are its own.{}",
                    follow_words(app, code)
                );
                Err(Error::refused(code.as_str(), "Each site keeps its own directory", detail))
            }
            (UserManagement::Centralized, Some(site)) => Err(Error::refused(
                "organization_centralized_user_management",
                "The organization has one directory",
                format!(
                    "The organization {slug} has centralized user management: its groups are not of a site. Make the group in \
                     the organization's directory, without the site {}.",
                    site.slug
                ),
            )),
            (UserManagement::Centralized, None) | (UserManagement::Original, Some(_)) => Ok(()),
        }
    }
}
