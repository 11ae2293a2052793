//! Where somebody may go: what surrounds every page, and the search.

use orglink_store::installation::{self, Freeze};
use orglink_store::place;
use orglink_store::{StoreError, Tx};

pub use orglink_store::place::Place;

use crate::campaign::{Deadline, find_deadline};
use crate::inbox::{Urgent, list_urgent};
use crate::{App, Error, Principal};

/// How many places of each kind a switcher offers.
const SWITCHER: i64 = 8;
/// How many of each kind a search finds.
const FOUND: i64 = 50;
/// How many of somebody's own places a search looks through.
const LOOKED_THROUGH: i64 = 5_000;
/// How long a text to search for is at most.
const LONGEST: usize = 100;

/// Organizations and workspaces that somebody may go to.
#[derive(Debug, Clone, Default)]
pub struct Places {
    pub organizations: Vec<Place>,
    pub workspaces: Vec<Place>,
    /// There are more than are listed.
    pub has_more: bool,
}

/// What every page of a signed-in visitor shows around its content.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub freeze: Freeze,
    pub places: Places,
    /// What they still have to link before a date.
    pub deadline: Option<Deadline>,
    pub inbox: Urgent,
}

/// The switcher's places, what is unread, and whether linking is stopped; all of one moment.
///
/// # Errors
/// When the database is not reachable.
pub async fn find_surroundings(app: &App, principal: &Principal) -> Result<Surroundings, Error> {
    let mut tx = app.db.begin_read().await?;
    let freeze = installation::find_freeze(&mut tx).await?;
    let places = list(&mut tx, principal, "", SWITCHER).await?;
    let (deadline, inbox) = match principal.account_if_any() {
        Some(account) => (find_deadline(&mut tx, account.id).await?, list_urgent(&mut tx, account.id).await?),
        None => (None, Urgent::default()),
    };
    Ok(Surroundings { freeze, places, deadline, inbox })
}

/// Places whose slug or name has a text in it, of those that the one who asks may see; for an operator, who may see
/// all, those whose slug begins with it.
///
/// # Errors
/// When the text is too long, or the database is not reachable.
pub async fn search_places(app: &App, principal: &Principal, text: &str) -> Result<Places, Error> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return Err(Error::field("q", format!("search for at most {LONGEST} characters")));
    }
    if text.is_empty() || text.contains('\0') {
        return Ok(Places::default());
    }
    let mut tx = app.db.begin_read().await?;
    Ok(list(&mut tx, principal, &text.to_lowercase(), FOUND).await?)
}

async fn list(tx: &mut Tx, principal: &Principal, text: &str, limit: i64) -> Result<Places, StoreError> {
    let (mut organizations, mut workspaces) = match principal.account_if_any() {
        None if !principal.sees_everything() => return Ok(Places::default()),
        Some(account) if !principal.sees_everything() => {
            let most = if text.is_empty() { limit + 1 } else { LOOKED_THROUGH };
            (
                place::list_organizations_of_account(tx, account.id, most).await?,
                place::list_workspaces_of_account(tx, account.id, most).await?,
            )
        }
        _ => {
            (place::list_organizations(tx, text, limit + 1).await?, place::list_workspaces(tx, text, limit + 1).await?)
        }
    };
    let is_meant = |p: &Place| p.slug.to_lowercase().contains(text) || p.name.to_lowercase().contains(text);
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut has_more = false;
    for places in [&mut organizations, &mut workspaces] {
        places.retain(is_meant);
        has_more |= places.len() > most;
        places.truncate(most);
    }
    Ok(Places { organizations, workspaces, has_more })
}
