//! Makes and deletes sites; puts products on them and takes them away.

use orglink_domain::id::{SiteId, TenantId};
use orglink_domain::name::check_slug;
use orglink_domain::organization::Site;
use orglink_policy::Action;
use orglink_store::{in_write, site};
use serde_json::json;

use crate::change::OrganizationChange;
use crate::idempotency::{Answered, Attempt};
use crate::invitation::{Ended, end_all};
use crate::tenant::SiteProof;
use crate::{App, Error, Expected, Principal};

/// Makes a site without products; its slug is unique in the installation.
///
/// # Errors
/// Bad input; `slug_taken`; a refusal for anybody but an organization admin.
pub async fn create_site(
    app: &App,
    principal: &Principal,
    reference: &str,
    slug: &str,
    idempotency_key: Option<&str>,
) -> Result<Answered<String>, Error> {
    let slug = check_slug(slug.trim()).map_err(|e| Error::field("slug", e.to_string()))?;
    let attempt = Attempt::new(principal, "create_site", idempotency_key, &(reference, slug))?;
    let id = SiteId(app.new_id(app.now()));
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let action = Action::ManageSites;
        let change = OrganizationChange::begin(app, tx, principal, reference, action, Expected::Any).await?;
        let at = change.at();
        let made = Site { id, slug: slug.to_owned(), created_at: at };
        if !site::create(tx, change.organization().id, &made).await? {
            let detail = format!("A site with the slug '{slug}' exists already; choose another.");
            return Err(Error::refused("slug_taken", "This address is taken", detail));
        }
        change.finish(app, tx, principal, json!({ "change": "site_created", "site": slug })).await?;
        attempt.keep(tx, &made.slug, at).await
    })
}

/// Puts a product of the catalog on a site, or takes it away with the roles on it and its connections. The
/// organization's version afterwards.
///
/// # Errors
/// `NotFound`; bad input for a product that the catalog does not have; `VersionChanged`; a refusal for anybody
/// but an admin of the site or of the organization.
pub async fn change_product(
    app: &App,
    principal: &Principal,
    at: (&str, &str),
    product: &str,
    is_there: bool,
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let proof = SiteProof::load(app, tx, principal, at, Action::ManageSite).await?;
        let had = site::list_products_of(tx, proof.site().id).await?.iter().any(|p| p == product);
        match (had, is_there) {
            (true, true) => return Ok(proof.organization().organization().version),
            (false, false) => return Err(Error::not_found("product", product)),
            (false, true) => {
                app.catalog.check_product(product).map_err(|e| Error::field("product", e.to_string()))?;
            }
            (true, false) => {}
        }
        let found = proof.site().clone();
        let change = OrganizationChange::of(app, tx, proof.organization().clone(), expected).await?;
        if is_there {
            site::add_product(tx, found.id, product).await?;
        } else {
            let tenant = TenantId::Organization(change.organization().id);
            end_all(app, tx, principal, tenant, Ended::App(&found.slug, product)).await?;
            site::remove_product(tx, found.id, product).await?;
        }
        let what = if is_there { "product_added" } else { "product_removed" };
        let what = json!({ "change": what, "site": found.slug, "product": product });
        change.finish(app, tx, principal, what).await
    })
}

/// Deletes a site with its products, the roles on it, its directory and its connections to workspaces.
///
/// # Errors
/// `NotFound`; `VersionChanged`; a refusal for anybody but an organization admin.
pub async fn delete_site(app: &App, principal: &Principal, at: (&str, &str), expected: Expected) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let proof = SiteProof::load(app, tx, principal, at, Action::ManageSites).await?;
        let found = proof.site().clone();
        let change = OrganizationChange::of(app, tx, proof.organization().clone(), expected).await?;
        let tenant = TenantId::Organization(change.organization().id);
        end_all(app, tx, principal, tenant, Ended::Site(&found.slug)).await?;
        site::delete(tx, found.id).await?;
        change.finish(app, tx, principal, json!({ "change": "site_deleted", "site": found.slug })).await
    })
}
