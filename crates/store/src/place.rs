//! Where somebody may go: organizations and workspaces by slug and name, for the switcher and the search.

use orglink_domain::id::AccountId;

use crate::{StoreError, Tx};

/// An organization or a workspace, as it stands in a list of places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub slug: String,
    pub name: String,
}

/// The organizations an account holds any role in, by slug.
pub async fn list_organizations_of_account(
    tx: &mut Tx,
    account: AccountId,
    limit: i64,
) -> Result<Vec<Place>, StoreError> {
    Ok(places(fetch_all!(tx, sql!("place/list_organizations_of_account"), (String, String), account.0, limit)?))
}

/// The workspaces an account may see, by slug.
pub async fn list_workspaces_of_account(tx: &mut Tx, account: AccountId, limit: i64) -> Result<Vec<Place>, StoreError> {
    Ok(places(fetch_all!(tx, sql!("place/list_workspaces_of_account"), (String, String), account.0, limit)?))
}

/// The organizations whose folded slug begins so: an index answers, however many there are.
pub async fn list_organizations(tx: &mut Tx, beginning: &str, limit: i64) -> Result<Vec<Place>, StoreError> {
    let end = format!("{beginning}\u{10ffff}");
    Ok(places(fetch_all!(tx, sql!("place/list_organizations"), (String, String), beginning, end, limit)?))
}

/// The workspaces whose folded slug begins so.
pub async fn list_workspaces(tx: &mut Tx, beginning: &str, limit: i64) -> Result<Vec<Place>, StoreError> {
    let end = format!("{beginning}\u{10ffff}");
    Ok(places(fetch_all!(tx, sql!("place/list_workspaces"), (String, String), beginning, end, limit)?))
}

fn places(rows: Vec<(String, String)>) -> Vec<Place> {
    rows.into_iter().map(|(slug, name)| Place { slug, name }).collect()
}
