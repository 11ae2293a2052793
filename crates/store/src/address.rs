//! Which database: `sqlite:PATH` or `postgres://…`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A file, made when missing.
    Sqlite(PathBuf),
    /// A server, as libpq spells its URL.
    Postgres(String),
}

/// Neither `sqlite:PATH` nor `postgres://…`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a database: write sqlite:PATH or postgres://USER@HOST/NAME")]
pub struct InvalidAddress(String);

impl FromStr for Address {
    type Err = InvalidAddress;
    fn from_str(given: &str) -> Result<Self, Self::Err> {
        if let Some(path) = given.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if !path.is_empty() && !path.starts_with(":memory:") && !path.contains('?') {
                return Ok(Self::Sqlite(PathBuf::from(path)));
            }
        } else if given.starts_with("postgres://") || given.starts_with("postgresql://") {
            return Ok(Self::Postgres(given.to_owned()));
        }
        let shown = given.split_once("://").map_or(given, |(scheme, _)| scheme);
        Err(InvalidAddress(shown.chars().take(80).collect()))
    }
}

impl fmt::Display for Address {
    /// Without the password of a PostgreSQL URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => match (url.split_once("://"), url.rsplit_once('@')) {
                (Some((scheme, rest)), Some((_, host))) => {
                    let user = rest.split([':', '@']).next().unwrap_or_default();
                    write!(f, "{scheme}://{user}@{host}")
                }
                _ => f.write_str(url),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let address: Address = "postgres://me:secret@db.example:5432/orglink".parse().expect("valid");
        assert_eq!(address.to_string(), "postgres://me@db.example:5432/orglink");
        assert_eq!("sqlite:/x/y.db".parse::<Address>().expect("valid").to_string(), "sqlite:/x/y.db");
        for bad in ["", "sqlite:", "sqlite::memory:", "mysql://a:secret@b", "file.db"] {
            let error = bad.parse::<Address>().expect_err(bad).to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
