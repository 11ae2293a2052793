//! `orglink site …`

use clap::Subcommand;
use serde_json::json;

use super::ask::{IfVersion, Sure, confirms_deletion};
use super::organization::{list, show};
use super::print_done;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::Outcome;

#[derive(Debug, Subcommand)]
pub enum Site {
    /// The sites of an organization, with the products on each
    List { organization: String },
    /// One site
    Show { organization: String, site: String },
    /// Make a site, without products
    Create { organization: String, slug: String },
    /// Put a product of the catalog on a site
    AddProduct { organization: String, site: String, product: String },
    /// Take a product from a site, with the roles on it and its connections
    RemoveProduct {
        organization: String,
        site: String,
        product: String,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Delete a site with its products, roles and connections
    Delete {
        organization: String,
        site: String,
        #[command(flatten)]
        sure: Sure,
        #[command(flatten)]
        version: IfVersion,
    },
}

impl Site {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let sites = |organization: &str| format!("/organizations/{}/sites", segment(organization));
        let one = |organization: &str, site: &str| format!("{}/{}", sites(organization), segment(site));
        match self {
            Self::List { organization } => {
                let items = client.list(&format!("{}?limit=500", sites(&organization))).await?;
                list(reach, &items, &[("slug", "slug"), ("products", "products")]);
            }
            Self::Show { organization, site } => show(reach, &client.get(&one(&organization, &site)).await?),
            Self::Create { organization, slug } => {
                show(reach, &client.post(&sites(&organization), &json!({ "slug": slug }), None).await?);
            }
            Self::AddProduct { organization, site, product } => {
                let path = format!("{}/products/{}", one(&organization, &site), segment(&product));
                client.put(&path, None).await?;
                print_done(reach);
            }
            Self::RemoveProduct { organization, site, product, version } => {
                let at = one(&organization, &site);
                let path = format!("{at}/products/{}", segment(&product));
                client.change("DELETE", &path, None, &version.of(&at)).await?;
                print_done(reach);
            }
            Self::Delete { organization, site, sure, version } => {
                let path = one(&organization, &site);
                if !confirms_deletion(&sure, &site, &client.get(&path).await?)? {
                    return Ok(exit::REFUSED);
                }
                client.change("DELETE", &path, None, &version.of(&path)).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}
