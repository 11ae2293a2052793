//! `[domains]`: how often it is looked whether they are still shown, with how much notice accounts are claimed, and which domains
//! are no organization's.

use anyhow::{Context as _, Result, bail};
use orglink_app::DomainSettings;
use serde::{Deserialize, Serialize};

use super::duration;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Domains {
    pub recheck: String,
    pub grace: String,
    pub notice: String,
    pub shared: Vec<String>,
}

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// Mail providers that anybody uses, then names under which anybody can have one.
const SHARED: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "bluewin.ch",
    "comcast.net",
    "cox.net",
    "fastmail.com",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rediffmail.com",
    "sbcglobal.net",
    "t-online.de",
    "tuta.com",
    "tutanota.com",
    "verizon.net",
    "wanadoo.fr",
    "web.de",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
    "ac.uk",
    "appspot.com",
    "asn.au",
    "blogspot.com",
    "cloudfront.net",
    "co.at",
    "co.il",
    "co.in",
    "co.jp",
    "co.kr",
    "co.nz",
    "co.uk",
    "co.za",
    "com.ar",
    "com.au",
    "com.br",
    "com.cn",
    "com.hk",
    "com.mx",
    "com.sg",
    "com.tr",
    "com.tw",
    "edu.au",
    "github.io",
    "gitlab.io",
    "gov.au",
    "gov.uk",
    "herokuapp.com",
    "me.uk",
    "ne.jp",
    "net.au",
    "net.uk",
    "netlify.app",
    "or.jp",
    "org.au",
    "org.uk",
    "pages.dev",
    "vercel.app",
    "web.app",
    "workers.dev",
];

impl Default for Domains {
    fn default() -> Self {
        Self {
            recheck: "1d".to_owned(),
            grace: "7d".to_owned(),
            notice: "14d".to_owned(),
            shared: SHARED.iter().map(|domain| (*domain).to_owned()).collect(),
        }
    }
}

impl Domains {
    /// What use cases need of it.
    ///
    /// # Errors
    /// When a time is none, or out of bounds; when one of the domains cannot be one.
    pub fn settings(&self) -> Result<DomainSettings> {
        let seconds = |text: &str, key: &'static str, (least, most): (i64, i64), bounds: &str| {
            let seconds = duration::parse(text).context(key)?;
            if !(least..=most).contains(&seconds) {
                bail!("{key}: {bounds}");
            }
            Ok(seconds)
        };
        let shortest = DomainSettings::SHORTEST_NOTICE_SECONDS;
        for domain in &self.shared {
            if domain.trim().is_empty() || domain.contains(['@', '/', '*']) || !domain.is_ascii() {
                bail!("domains.shared: '{domain}' is not a domain, such as mail.example, in ASCII");
            }
        }
        Ok(DomainSettings {
            recheck_seconds: seconds(&self.recheck, "domains.recheck", (HOUR, 30 * DAY), "from 1h to 30d")?,
            grace_seconds: seconds(&self.grace, "domains.grace", (DAY, 90 * DAY), "from 1d to 90d")?,
            notice_seconds: seconds(
                &self.notice,
                "domains.notice",
                (shortest, 365 * DAY),
                "from 7d to 365d; with less, nobody could object in time",
            )?,
            shared: self.shared.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_hold_and_nobody_is_claimed_with_less_than_a_week_of_notice() {
        let settings = Domains::default().settings().expect("the defaults");
        assert_eq!((settings.notice_seconds, settings.grace_seconds), (14 * DAY, 7 * DAY));
        for bad in
            ["notice = \"6d\"", "notice = \"0s\"", "grace = \"1h\"", "recheck = \"1m\"", "shared = [\"*.example\"]"]
        {
            let domains: Domains = toml::from_str(bad).expect("valid");
            assert!(domains.settings().is_err(), "{bad}");
        }
    }
}
