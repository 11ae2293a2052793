//! What speaks for each of the organizations that somebody administers, for one workspace.

use std::collections::{HashMap, HashSet};

use orglink_domain::id::{AccountId, OrganizationId, WorkspaceId};
use orglink_domain::organization::Organization;
use orglink_domain::recommendation::EvidenceFacts;
use uuid::Uuid;

use crate::organization::from_row;
use crate::row::Time;
use crate::{StoreError, Tx};

/// Every claimed organization that an account administers, by slug (at most 500), with what is counted for it; not
/// whether it is a hub.
pub async fn list_evidence(
    tx: &mut Tx,
    account: AccountId,
    workspace: WorkspaceId,
) -> Result<Vec<(Organization, EvidenceFacts)>, StoreError> {
    type Row = (Uuid, String, String, String, Option<i64>, Option<String>, i64, Time, i64, i64, i64, i64);
    fetch_all!(tx, sql!("recommendation/list_evidence"), Row, account.0, workspace.0)?
        .into_iter()
        .map(|(a, b, c, d, e, f, g, h, integrations, others, at_domains, known)| {
            let organization = from_row((a, b, c, d, e, f, g, h))?;
            let identity_provider = organization.identity_provider.clone();
            let facts = EvidenceFacts { integrations, others, at_domains, known, hub: None, identity_provider };
            Ok((organization, facts))
        })
        .collect()
}

/// The products on the sites of the organizations that an account administers.
pub async fn list_products(
    tx: &mut Tx,
    account: AccountId,
) -> Result<HashMap<OrganizationId, HashSet<String>>, StoreError> {
    let mut of: HashMap<_, HashSet<String>> = HashMap::new();
    for (organization, product) in fetch_all!(tx, sql!("recommendation/list_products"), (Uuid, String), account.0)? {
        of.entry(OrganizationId(organization)).or_default().insert(product);
    }
    Ok(of)
}
