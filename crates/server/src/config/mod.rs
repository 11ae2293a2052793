//! The configuration: documented defaults (`config.default.toml`), the operator's file, and the environment
//! variables of one explicit table.

mod domains;
mod duration;
mod mail;
mod registry;
mod retention;
mod webhooks;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use ipnet::IpNet;
use orglink_app::{ImportLimits, ProposalSettings, RecoverySettings};
use orglink_domain::link::{Consent, LinkPolicy};
use orglink_http::{ForwardedHeader, Limits, Network, RequestLimits};
use orglink_store::Address;
use serde::{Deserialize, Serialize};

pub use domains::Domains;
pub use mail::Mail;
pub use registry::Registry;
pub use retention::Retention;
pub use webhooks::Webhooks;

/// Every environment variable that the program reads, and what it stands for.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("ORGLINK_CONFIG", "the configuration file (--config)"),
    ("ORGLINK_DATABASE", "the database (--database)"),
    ("ORGLINK_TOKEN", "the token they use there (--token)"),
];

/// The documented defaults; a test holds them equal to [`Config::default`].
/// A year, in seconds.
const LONGEST_UNDO_WINDOW: i64 = 365 * 24 * 60 * 60;

pub const DEFAULTS: &str = include_str!("../../config.default.toml");
/// The built-in catalog.
pub const DEFAULT_CATALOG: &str = include_str!("../../catalog.default.toml");

/// The operator's file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub public_url: String,
    pub listen: String,
    pub database: String,
    pub catalog: String,
    pub secrets: Secrets,
    pub proxy: Proxy,
    pub limits: RequestLimits,
    pub link: Link,
    pub session: Session,
    pub mail: Mail,
    pub webhooks: Webhooks,
    pub domains: Domains,
    pub invitation: Invitation,
    pub import: Import,
    pub recovery: Recovery,
    pub registry: Registry,
    pub retention: Retention,
    pub log: Log,
    pub metrics: MetricsAccess,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Secrets {
    pub key_file: String,
}

/// Who stands in front of the server and says for whom.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Proxy {
    pub trusted: Vec<IpNet>,
    pub header: ForwardedHeader,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Link {
    pub consent: Consent,
    pub final_approval: bool,
    pub proposal_lifetime: String,
    pub code_lifetime: String,
    pub undo_window: String,
    pub transfer: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Session {
    pub lifetime: String,
    pub step_up_after: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Invitation {
    pub lifetime: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Import {
    pub max_line: u64,
    pub max_bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
}

/// For people, or for programs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Where `/metrics` is, and what whoever asks must send.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsAccess {
    pub listen: String,
    pub token_file: String,
}

impl MetricsAccess {
    /// The token, if one is named.
    pub fn token(&self) -> Result<Option<String>> {
        if self.token_file.is_empty() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&self.token_file)
            .with_context(|| format!("cannot read metrics.token_file {}", self.token_file))?;
        match text.trim() {
            token if token.len() < 16 => bail!("metrics.token_file: the token needs 16 characters or more"),
            token => Ok(Some(token.to_owned())),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: String::new(),
            listen: "127.0.0.1:8080".to_owned(),
            database: String::new(),
            catalog: String::new(),
            secrets: Secrets::default(),
            proxy: Proxy::default(),
            limits: RequestLimits::default(),
            link: Link::default(),
            session: Session::default(),
            mail: Mail::default(),
            webhooks: Webhooks::default(),
            domains: Domains::default(),
            invitation: Invitation::default(),
            import: Import::default(),
            recovery: Recovery::default(),
            registry: Registry::default(),
            retention: Retention::default(),
            log: Log::default(),
            metrics: MetricsAccess::default(),
        }
    }
}

impl Default for Link {
    fn default() -> Self {
        Self {
            consent: Consent::OnePerson,
            final_approval: false,
            proposal_lifetime: "14d".to_owned(),
            code_lifetime: "7d".to_owned(),
            undo_window: "0s".to_owned(),
            transfer: false,
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self { lifetime: "14d".to_owned(), step_up_after: "15m".to_owned() }
    }
}

impl Default for Invitation {
    fn default() -> Self {
        Self { lifetime: "14d".to_owned() }
    }
}

impl Default for Import {
    fn default() -> Self {
        let ImportLimits { max_line, max_bytes } = ImportLimits::default();
        Self { max_line, max_bytes }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recovery {
    pub wait: String,
    pub show_within: String,
    pub nameservers: Vec<std::net::SocketAddr>,
}

impl Default for Recovery {
    fn default() -> Self {
        Self { wait: "7d".to_owned(), show_within: "14d".to_owned(), nameservers: Vec::new() }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

impl Config {
    /// The operator's file, or the defaults.
    ///
    /// # Errors
    /// With line and column, when the file cannot be understood or has an unknown key.
    pub fn load(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let config: Self = toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
        config.link_policy().with_context(|| format!("in {}", path.display()))?;
        config.proposal_settings().with_context(|| format!("in {}", path.display()))?;
        config.session_seconds().with_context(|| format!("in {}", path.display()))?;
        config.recovery_settings().with_context(|| format!("in {}", path.display()))?;
        config.registry.settings().with_context(|| format!("in {}", path.display()))?;
        config.retention.read().with_context(|| format!("in {}", path.display()))?;
        config.mail.settings().with_context(|| format!("in {}", path.display()))?;
        config.webhooks.settings().with_context(|| format!("in {}", path.display()))?;
        config.domains.settings().with_context(|| format!("in {}", path.display()))?;
        config.invitation_seconds().with_context(|| format!("in {}", path.display()))?;
        config.step_up_seconds().with_context(|| format!("in {}", path.display()))?;
        Ok(config)
    }

    /// What holds for requests before they are looked at.
    #[must_use]
    pub fn network(&self) -> Network {
        Network {
            trusted_proxies: self.proxy.trusted.clone(),
            forwarded_header: self.proxy.header,
            limits: Arc::new(Limits::new(self.limits)),
        }
    }

    /// The policy that is copied onto links.
    pub fn link_policy(&self) -> Result<LinkPolicy> {
        let undo_window_seconds = duration::parse(&self.link.undo_window).context("link.undo_window")?;
        if undo_window_seconds > LONGEST_UNDO_WINDOW {
            bail!("link.undo_window: at most 365d; what can be undone for ever is never decided");
        }
        Ok(LinkPolicy { consent: self.link.consent, undo_window_seconds, transfer: self.link.transfer })
    }

    /// How proposals go.
    pub fn proposal_settings(&self) -> Result<ProposalSettings> {
        let seconds = |text: &str, key: &'static str| {
            let seconds = duration::parse(text).context(key)?;
            if !(60..=LONGEST_UNDO_WINDOW).contains(&seconds) {
                bail!("{key}: from a minute to 365d");
            }
            Ok(seconds)
        };
        let needs_approver = self.link.final_approval;
        if needs_approver && self.link.consent == Consent::OnePerson {
            bail!(
                "link.final_approval: only with link.consent = \"two-sided\" or \"two-people\"; with one person there is nothing to approve"
            );
        }
        Ok(ProposalSettings {
            lifetime_seconds: seconds(&self.link.proposal_lifetime, "link.proposal_lifetime")?,
            needs_approver,
            code_seconds: seconds(&self.link.code_lifetime, "link.code_lifetime")?,
        })
    }

    pub fn session_seconds(&self) -> Result<i64> {
        let seconds = duration::parse(&self.session.lifetime).context("session.lifetime")?;
        if seconds < 60 {
            bail!("session.lifetime: at least a minute");
        }
        Ok(seconds)
    }

    /// How recoveries go.
    pub fn recovery_settings(&self) -> Result<RecoverySettings> {
        let seconds = |text: &str, key: &'static str| {
            let seconds = duration::parse(text).context(key)?;
            if seconds < 60 {
                bail!("{key}: at least a minute, so that somebody can object");
            }
            Ok(seconds)
        };
        Ok(RecoverySettings {
            wait_seconds: seconds(&self.recovery.wait, "recovery.wait")?,
            proof_seconds: seconds(&self.recovery.show_within, "recovery.show_within")?,
            nameservers: self.recovery.nameservers.clone(),
        })
    }

    pub fn invitation_seconds(&self) -> Result<i64> {
        let seconds = duration::parse(&self.invitation.lifetime).context("invitation.lifetime")?;
        if seconds < 3600 {
            bail!("invitation.lifetime: at least an hour");
        }
        Ok(seconds)
    }

    /// How long after proving who they are somebody may do what cannot be undone.
    pub fn step_up_seconds(&self) -> Result<i64> {
        let seconds = duration::parse(&self.session.step_up_after).context("session.step_up_after")?;
        if seconds < 1 {
            bail!("session.step_up_after: at least a second");
        }
        Ok(seconds)
    }

    /// Where the data is: the command's option, the environment (both in `given`), or the file.
    pub fn address(&self, given: Option<&str>) -> Result<Address> {
        let text = match given {
            Some(text) => text,
            None if !self.database.is_empty() => &self.database,
            None => bail!(
                "no database is named: give --database sqlite:PATH or postgres://…, or set ORGLINK_DATABASE, or 'database' in the configuration file"
            ),
        };
        Ok(text.parse()?)
    }

    /// The catalog's text.
    pub fn catalog_text(&self) -> Result<String> {
        if self.catalog.is_empty() {
            return Ok(DEFAULT_CATALOG.to_owned());
        }
        std::fs::read_to_string(&self.catalog).with_context(|| format!("cannot read the catalog {}", self.catalog))
    }

    /// Where the key is, if that is known.
    #[must_use]
    pub fn key_file(&self, address: &Address) -> Option<PathBuf> {
        match (self.secrets.key_file.as_str(), address) {
            ("", Address::Sqlite(path)) => {
                let mut name = path.as_os_str().to_owned();
                name.push(".key");
                Some(PathBuf::from(name))
            }
            ("", Address::Postgres(_)) => None,
            (path, _) => Some(PathBuf::from(path)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_defaults_are_the_defaults() {
        assert_eq!(toml::from_str::<Config>(DEFAULTS).expect("valid"), Config::default());
        assert!(orglink_app::catalog::read(DEFAULT_CATALOG).is_ok());
    }

    #[test]
    fn unknown_keys_and_endless_undo_windows_are_errors() {
        assert!(toml::from_str::<Config>("colour = \"red\"").expect_err("unknown").to_string().contains("colour"));
        let config: Config = toml::from_str("[link]\nundo_window = \"366d\"").expect("valid");
        assert!(config.link_policy().is_err());
        let config: Config = toml::from_str("[link]\nundo_window = \"30d\"").expect("valid");
        assert_eq!(config.link_policy().expect("allowed").undo_window_seconds, 30 * 24 * 60 * 60);
    }

    #[test]
    fn without_a_database_the_three_ways_to_name_one_are_told() {
        let error = Config::default().address(None).expect_err("none").to_string();
        assert!(error.contains("--database") && error.contains("ORGLINK_DATABASE") && error.contains("configuration"));
    }
}
