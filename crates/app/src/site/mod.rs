//! Sites of an organization and the products on them.

mod edit_site;
mod list_sites;

pub use edit_site::{change_product, create_site, delete_site};
pub use list_sites::{SiteView, Sites, list_sites, view_site};
