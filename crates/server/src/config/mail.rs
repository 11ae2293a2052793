//! `[mail]`: how mails get out.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use orglink_app::MailSettings;
use orglink_app::outbox::Outbox;
use orglink_mail::{Smtp, SmtpSettings};
use serde::{Deserialize, Serialize};

use super::duration;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    pub smtp: String,
    pub user: String,
    pub password_file: String,
    pub from: String,
    pub ca_file: String,
    pub per_minute: u32,
    pub lease: String,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            smtp: String::new(),
            user: String::new(),
            password_file: String::new(),
            from: String::new(),
            ca_file: String::new(),
            per_minute: MailSettings::default().per_minute,
            lease: "1m".to_owned(),
        }
    }
}

impl Mail {
    /// What use cases need of it.
    ///
    /// # Errors
    /// When the lease is none, or too short to send anything in.
    pub fn settings(&self) -> Result<MailSettings> {
        let lease_seconds = duration::parse(&self.lease).context("mail.lease")?;
        if !(4..=3600).contains(&lease_seconds) {
            bail!("mail.lease: from 4 seconds to an hour");
        }
        if !self.smtp.is_empty() && self.from.is_empty() {
            bail!("mail.from: say whom mails come from, like \"orglink <orglink@company.example>\"");
        }
        let default = MailSettings::default();
        let from = if self.from.is_empty() { default.from } else { self.from.clone() };
        Ok(MailSettings { from, per_minute: self.per_minute, lease_seconds })
    }

    /// The way out: to the mail server, when one is named. The files are read now; the password is kept nowhere else.
    ///
    /// # Errors
    /// When a file cannot be read, or the server's URL is none.
    pub fn outbox(&self, public_url: &str) -> Result<Outbox> {
        if self.smtp.is_empty() {
            return Ok(Outbox::default());
        }
        let read = |path: &str| std::fs::read(path).with_context(|| format!("cannot read {path}"));
        let password = match self.password_file.as_str() {
            "" => String::new(),
            path => String::from_utf8(read(path)?).context("mail.password_file")?.trim_end().to_owned(),
        };
        let host = public_url.split("://").nth(1).unwrap_or_default();
        let hello = host.split([':', '/']).next().unwrap_or_default().to_owned();
        let seconds = u64::try_from(self.settings()?.lease_seconds).unwrap_or(4);
        let settings = SmtpSettings {
            url: self.smtp.clone(),
            user: self.user.clone(),
            password,
            extra_ca: if self.ca_file.is_empty() { None } else { Some(read(&self.ca_file)?) },
            hello,
            // A mail that takes longer has ended here before another replica may take it.
            timeout: Duration::from_secs(seconds * 3 / 4),
        };
        Ok(Outbox::to(Arc::new(Smtp::new(&settings).context("mail.smtp")?)))
    }
}
