//! Sites, looked at.

use orglink_domain::name::fold;
use orglink_domain::organization::{Organization, Site};
use orglink_policy::Action;
use orglink_store::{directory, site};

use crate::tenant::{OrganizationProof, SiteProof};
use crate::{App, Error, Page, PageRequest, Principal};

/// A site with what is on it.
#[derive(Debug, Clone)]
pub struct SiteView {
    pub organization: Organization,
    pub site: Site,
    /// By name.
    pub products: Vec<String>,
    /// How many workspaces its products are connected to.
    pub integrations: i64,
    pub admins: i64,
    /// How many groups its directory has; none unless each site keeps its own.
    pub directory_groups: i64,
    /// The one who asks may change its products.
    pub may_manage: bool,
    /// The one who asks may delete it.
    pub may_delete: bool,
}

impl SiteView {
    /// What the admins of the site or the organization should do something about.
    #[must_use]
    pub fn warning(&self) -> Option<&'static str> {
        const ALONE: &str = "One person alone is admin of this site. If they cannot act, only the admins of the \
                             organization can manage it: make somebody else a site admin too.";
        (self.admins == 1 && self.may_manage).then_some(ALONE)
    }
}

/// The sites of an organization.
#[derive(Debug, Clone)]
pub struct Sites {
    pub organization: Organization,
    pub page: Page<(Site, Vec<String>)>,
    /// The one who asks may make one.
    pub may_create: bool,
}

/// The sites of an organization with the products on each, by slug.
///
/// # Errors
/// `NotFound` when the organization does not exist or may not be seen.
pub async fn list_sites(app: &App, principal: &Principal, reference: &str, page: &PageRequest) -> Result<Sites, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganization).await?;
    let id = proof.organization().id;
    let found = page.page(site::list(&mut tx, id, page.after(), page.fetch()).await?, |s| fold(&s.slug));
    let products = site::list_products(&mut tx, id).await?;
    let of = |s: &Site| products.iter().filter(|p| p.site_id == s.id).map(|p| p.product.clone()).collect();
    let page = found.map(|s| (s.clone(), of(&s)));
    let may_create = proof.may(app, Action::ManageSites);
    Ok(Sites { organization: proof.organization().clone(), page, may_create })
}

/// One site.
///
/// # Errors
/// `NotFound` for the organization or the site.
pub async fn view_site(app: &App, principal: &Principal, at: (&str, &str)) -> Result<SiteView, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = SiteProof::load(app, &mut tx, principal, at, Action::ViewOrganization).await?;
    let id = proof.site().id;
    Ok(SiteView {
        products: site::list_products_of(&mut tx, id).await?,
        integrations: site::count_integrations(&mut tx, id).await?,
        admins: site::count_admins(&mut tx, id).await?,
        directory_groups: directory::count_of_site(&mut tx, id).await?,
        may_manage: proof.organization().may(app, Action::ManageSite),
        may_delete: proof.organization().may(app, Action::ManageSites),
        organization: proof.organization().organization().clone(),
        site: proof.site().clone(),
    })
}
