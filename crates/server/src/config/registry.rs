//! `[registry]`: the container registry that asks here who may do what.

use anyhow::{Context as _, Result, bail};
use orglink_app::RegistrySettings;
use orglink_domain::registry::SignatureAlgorithm;
use serde::{Deserialize, Serialize};

use super::duration;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Registry {
    pub url: String,
    pub service: String,
    pub algorithm: SignatureAlgorithm,
    pub token_lifetime: String,
}

impl Default for Registry {
    fn default() -> Self {
        Self {
            url: String::new(),
            service: String::new(),
            algorithm: SignatureAlgorithm::Es256,
            token_lifetime: "5m".to_owned(),
        }
    }
}

impl Registry {
    /// What use cases need of it; nothing where there is no registry.
    pub fn settings(&self) -> Result<Option<RegistrySettings>> {
        let token_seconds = duration::parse(&self.token_lifetime).context("registry.token_lifetime")?;
        // Clients take shorter ones for a minute (Docker's specification); longer ones outlive what they were given for.
        if !(60..=3600).contains(&token_seconds) {
            bail!("registry.token_lifetime: from 1m to 1h");
        }
        if self.url.is_empty() {
            return Ok(None);
        }
        let url = self.url.trim_end_matches('/');
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
        if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
            bail!("registry.url '{}' is not like https://registry.company.example", self.url);
        }
        let service = if self.service.is_empty() { host } else { self.service.as_str() };
        if !service.bytes().all(|b| b.is_ascii_alphanumeric() || b".:_-".contains(&b)) {
            bail!("registry.service: letters, digits and . : _ -");
        }
        Ok(Some(RegistrySettings {
            url: url.to_owned(),
            service: service.to_owned(),
            algorithm: self.algorithm,
            token_seconds,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_follows_from_the_address_and_nonsense_is_refused() {
        assert!(Registry::default().settings().expect("valid").is_none());
        let with = |url: &str| Registry { url: url.to_owned(), ..Registry::default() };
        let settings = with("https://images.company.example:5000/").settings().expect("valid").expect("there is one");
        assert_eq!(
            (settings.service.as_str(), settings.host()),
            ("images.company.example:5000", "images.company.example:5000")
        );
        for bad in ["images.company.example", "https://", "https://a/b", "https://u@a"] {
            assert!(with(bad).settings().is_err(), "{bad}");
        }
        for bad in ["59s", "2h", "soon"] {
            assert!(
                Registry { token_lifetime: bad.to_owned(), ..with("https://a.example") }.settings().is_err(),
                "{bad}"
            );
        }
        let bad = Registry { service: "a b".to_owned(), ..with("https://a.example") };
        assert!(bad.settings().is_err());
    }
}
