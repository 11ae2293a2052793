//! `[webhooks]`: how they are asked, and where they may be besides the internet.

use anyhow::{Context as _, Result, bail};
use ipnet::IpNet;
use orglink_app::WebhookSettings;
use serde::{Deserialize, Serialize};

use super::duration;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    pub timeout: String,
    pub allow_http: bool,
    pub allow_private: Vec<IpNet>,
    pub ca_file: String,
}

/// A replica keeps a webhook to itself for a minute.
const LONGEST_TIMEOUT: i64 = 30;

impl Default for Webhooks {
    fn default() -> Self {
        Self { timeout: "15s".to_owned(), allow_http: false, allow_private: Vec::new(), ca_file: String::new() }
    }
}

impl Webhooks {
    /// What use cases need of it; the certificate is read now.
    ///
    /// # Errors
    /// When the timeout is none, or the file cannot be read or holds no certificate.
    pub fn settings(&self) -> Result<WebhookSettings> {
        let timeout_seconds = duration::parse(&self.timeout).context("webhooks.timeout")?;
        if !(1..=LONGEST_TIMEOUT).contains(&timeout_seconds) {
            bail!("webhooks.timeout: from a second to {LONGEST_TIMEOUT} seconds");
        }
        let mut authorities = Vec::new();
        if !self.ca_file.is_empty() {
            let pem = std::fs::read(&self.ca_file)
                .with_context(|| format!("cannot read webhooks.ca_file {}", self.ca_file))?;
            if reqwest::Certificate::from_pem(&pem).is_err() {
                bail!("webhooks.ca_file: {} holds no certificate (PEM)", self.ca_file);
            }
            authorities.push(pem);
        }
        Ok(WebhookSettings {
            timeout_seconds: timeout_seconds.unsigned_abs(),
            allow_http: self.allow_http,
            allow_private: self.allow_private.clone(),
            authorities,
        })
    }
}
