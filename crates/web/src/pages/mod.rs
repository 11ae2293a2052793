//! One screen a file, each with its template of the same name.

pub mod apps;
pub mod home;
pub mod link;
pub mod members;
pub mod organization;
pub mod sign_in;
pub mod subscription;
pub mod user_groups;
pub mod workspace;

use orglink_app::{Error, PageRequest};
use serde::Deserialize;

/// Which part of a list.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    cursor: Option<String>,
}

impl ListQuery {
    fn request(&self) -> Result<PageRequest, Error> {
        PageRequest::new(self.cursor.as_deref(), None)
    }
}

/// A path of ours to go back to; anything else becomes the fallback.
fn own_path(given: Option<&str>, fallback: &str) -> String {
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
