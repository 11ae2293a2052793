//! One screen a file, each with its template of the same name.

pub mod account;
pub mod activity;
pub mod apps;
pub mod assistants;
pub mod billing_accounts;
pub mod billing_preview;
pub mod directory;
pub mod domains;
pub mod erase;
pub mod explain;
pub mod extensions;
pub mod features;
pub mod home;
pub mod inbox;
pub mod invitations;
pub mod invite;
pub mod invoices;
pub mod link;
pub mod linking_date;
pub mod mailed;
pub mod managed_accounts;
pub mod me;
pub mod members;
pub mod offers;
pub mod operator;
pub mod organization;
pub mod organization_features;
pub mod organization_people;
pub mod organization_settings;
pub mod packages;
pub mod proposals;
pub mod receipts;
pub mod recoveries;
pub mod reference;
pub mod repositories;
pub mod requests;
pub mod search;
pub mod security;
pub mod sign_in;
pub mod sites;
pub mod step_up;
pub mod subscription;
pub mod tracker;
pub mod undo;
pub mod unsubscribe;
pub mod user_groups;
pub mod users_agreement;
pub mod users_migration;
pub mod webhooks;
pub mod workspace;
pub mod workspace_settings;
pub mod workspace_timeline;

use axum::response::Redirect;
use orglink_app::{Error, Expected, PageRequest};
use orglink_domain::text::UnknownWord;
use serde::Deserialize;

/// Which part of a list, and of what.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    cursor: Option<String>,
    q: Option<String>,
    /// Somebody comes from saving something here.
    saved: Option<String>,
}

impl ListQuery {
    fn request(&self) -> Result<PageRequest, Error> {
        PageRequest::new(self.cursor.as_deref(), None)
    }

    fn text(&self) -> &str {
        self.q.as_deref().unwrap_or_default().trim()
    }
}

/// How many people were invited, and added at once, by the form that somebody comes from.
#[derive(Debug, Default, Deserialize)]
pub struct Sent {
    invited: Option<i64>,
    added: Option<i64>,
}

impl Sent {
    fn counts(&self) -> Option<(i64, i64)> {
        Some((self.invited?, self.added?))
    }
}

/// The version that a form was made from; without one, nothing is changed.
fn seen(version: Option<&str>) -> Result<Expected, Error> {
    let version = version.ok_or(Error::VersionRequired)?;
    let version = version.parse().map_err(|_| Error::field("version", "the form is not as this page made it"))?;
    Ok(Expected::Version(version))
}

/// A word of a closed list, from a form.
fn chosen<T: std::str::FromStr<Err = UnknownWord>>(field: &'static str, given: &str) -> Result<T, Error> {
    given.parse().map_err(|e: UnknownWord| Error::field(field, e.to_string()))
}

/// Several values in one field, as people type or paste them.
fn several(given: &str) -> Vec<String> {
    let parts = given.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
    parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
}

/// Back to a page, which then says that it is done.
fn saved(path: &str) -> Redirect {
    Redirect::to(&format!("{path}?saved=yes"))
}

/// A path of ours to go back to; anything else becomes the fallback.
pub fn own_path(given: Option<&str>, fallback: &str) -> String {
    match given {
        Some(path)
            if path.starts_with('/')
                && !path.starts_with("//")
                && !path.contains('\\')
                && path.chars().all(|c| !c.is_control()) =>
        {
            path.to_owned()
        }
        _ => fallback.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(own_path(Some("/workspaces/a?b=c"), "/"), "/workspaces/a?b=c");
        for bad in ["https://evil.example", "//evil.example", "/\\evil.example", "", "/a\r\nb"] {
            assert_eq!(own_path(Some(bad), "/home"), "/home", "{bad}");
        }
    }
}
