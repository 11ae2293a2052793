//! The Apps page of an organization: products on its sites, and the workspaces linked to it.

use orglink_domain::clock::Timestamp;
use orglink_domain::name::fold;
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{link, site};

use crate::tenant::OrganizationProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// What an organization has.
#[derive(Debug, Clone)]
pub struct Apps {
    /// Only admins and auditors see which workspaces are linked; other roles see the products.
    pub may_see_linked: bool,
    pub products: Vec<ProductApp>,
    pub linked: Page<LinkedApp>,
}

/// A product on a site.
#[derive(Debug, Clone)]
pub struct ProductApp {
    pub site: String,
    pub product: String,
    pub title: String,
}

/// A linked workspace.
#[derive(Debug, Clone)]
pub struct LinkedApp {
    pub workspace: Workspace,
    pub app_title: String,
    pub linked_at: Timestamp,
    pub linked_by: String,
}

/// Lists the apps of an organization; the linked workspaces come in pages, by slug.
///
/// # Errors
/// `NotFound` when the organization does not exist or may not be seen.
pub async fn list_apps(app: &App, principal: &Principal, reference: &str, page: &PageRequest) -> Result<Apps, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganization).await?;
    let id = proof.organization().id;
    let products = site::list_products(&mut tx, id).await?;
    let may_see_linked = proof.may(app, Action::ViewLinkedWorkspaces);
    let linked = if may_see_linked {
        link::list_of_organization(&mut tx, id, page.after(), page.fetch()).await?
    } else {
        Vec::new()
    };
    Ok(Apps {
        may_see_linked,
        products: products
            .into_iter()
            .map(|p| ProductApp {
                title: app.catalog.product_title(&p.product).to_owned(),
                site: p.site,
                product: p.product,
            })
            .collect(),
        linked: page.page(linked, |l| fold(&l.workspace.slug)).map(|l| LinkedApp {
            app_title: app.catalog.app_title(&l.workspace.app).to_owned(),
            workspace: l.workspace,
            linked_at: l.linked_at,
            linked_by: l.linked_by,
        }),
    })
}
