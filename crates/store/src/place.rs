//! Where somebody may go: organizations and workspaces by slug and name, for the switcher and the search.

use orglink_domain::id::AccountId;

use crate::{StoreError, Tx};

/// An organization or a workspace, as it stands in a list of places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub slug: String,
    pub name: String,
}

/// Which places: all of them, or those whose slug or name has a text in it.
#[derive(Debug)]
pub struct Pattern {
    folded: String,
    given: String,
    /// The first and the end of the slugs that begin with the text.
    range: (String, String),
}

impl Pattern {
    /// Every place.
    #[must_use]
    pub fn any() -> Self {
        Self { folded: "%".to_owned(), given: "%".to_owned(), range: (String::new(), "\u{10ffff}".to_owned()) }
    }

    /// Places with a text in the slug or the name.
    #[must_use]
    pub fn containing(text: &str) -> Self {
        let like = |text: &str| {
            let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            format!("%{plain}%")
        };
        let folded = text.to_lowercase();
        let range = (folded.clone(), format!("{folded}\u{10ffff}"));
        Self { folded: like(&folded), given: like(text), range }
    }
}

/// The organizations an account holds any role in, by slug.
pub async fn list_organizations_of_account(
    tx: &mut Tx,
    account: AccountId,
    pattern: &Pattern,
    limit: i64,
) -> Result<Vec<Place>, StoreError> {
    let sql = sql!("place/list_organizations_of_account");
    Ok(places(fetch_all!(tx, sql, (String, String), account.0, &pattern.folded, &pattern.given, limit)?))
}

/// The workspaces an account may see, by slug.
pub async fn list_workspaces_of_account(
    tx: &mut Tx,
    account: AccountId,
    pattern: &Pattern,
    limit: i64,
) -> Result<Vec<Place>, StoreError> {
    let sql = sql!("place/list_workspaces_of_account");
    Ok(places(fetch_all!(tx, sql, (String, String), account.0, &pattern.folded, &pattern.given, limit)?))
}

/// The organizations there are whose slug begins with the text: an index answers, however many there are.
pub async fn list_organizations(tx: &mut Tx, pattern: &Pattern, limit: i64) -> Result<Vec<Place>, StoreError> {
    let (first, end) = &pattern.range;
    Ok(places(fetch_all!(tx, sql!("place/list_organizations"), (String, String), first, end, limit)?))
}

/// The workspaces there are whose slug begins with the text.
pub async fn list_workspaces(tx: &mut Tx, pattern: &Pattern, limit: i64) -> Result<Vec<Place>, StoreError> {
    let (first, end) = &pattern.range;
    Ok(places(fetch_all!(tx, sql!("place/list_workspaces"), (String, String), first, end, limit)?))
}

fn places(rows: Vec<(String, String)>) -> Vec<Place> {
    rows.into_iter().map(|(slug, name)| Place { slug, name }).collect()
}
