//! Where a webhook may be: an address of the internet, reached by HTTPS. Looked at when it is made, and again, by whoever
//! connects, whenever something is sent: a name may mean another machine by then.

use std::net::{IpAddr, SocketAddr};

use orglink_domain::webhook::is_public;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::dns::Dns;
use crate::settings::WebhookSettings;
use crate::{App, Error};

const MAX_URL: usize = 2000;
/// Ports below belong to services of machines; of them only those of the web.
const FIRST_FREE_PORT: u16 = 1024;

/// Whether something may be sent to an address.
pub(super) fn is_allowed(settings: &WebhookSettings, address: IpAddr) -> bool {
    let address = address.to_canonical();
    is_public(address) || settings.allow_private.iter().any(|network| network.contains(&address))
}

/// A URL as it is asked for, and its host as a literal address when it is one.
pub(super) fn read(settings: &WebhookSettings, given: &str) -> Result<Url, String> {
    if given.len() > MAX_URL {
        return Err(format!("at most {MAX_URL} bytes"));
    }
    let url = Url::parse(given.trim()).map_err(|e| format!("this is no URL: {e}"))?;
    match url.scheme() {
        "https" => {}
        "http" if settings.allow_http => {}
        "http" => return Err("only https: what is sent says what happened".to_owned()),
        other => return Err(format!("only https, not {other}")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("no user and no password: what is sent is signed".to_owned());
    }
    if url.fragment().is_some() {
        return Err("a fragment (#) is never sent".to_owned());
    }
    let port = url.port_or_known_default().unwrap_or_default();
    if !matches!(port, 80 | 443) && port < FIRST_FREE_PORT {
        return Err(format!("port {port} is of another service: 443, or {FIRST_FREE_PORT} and above"));
    }
    match literal(&url) {
        Some(address) if !is_allowed(settings, address) => Err(no(address)),
        None if url.host_str().is_none_or(str::is_empty) => Err("this names no host".to_owned()),
        _ => Ok(url),
    }
}

/// A host that is an address.
fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn no(address: IpAddr) -> String {
    format!("{address} is not an address of the internet: private, loopback and other special networks are not asked")
}

/// The same for somebody who makes a webhook there: what the name means now is looked at too.
///
/// # Errors
/// Bad input, `url`; `dns_unavailable` when no name server answers.
pub(super) async fn check(app: &App, given: &str) -> Result<Url, Error> {
    let settings = &app.settings.webhooks;
    let url = read(settings, given).map_err(|why| Error::field("url", why))?;
    if literal(&url).is_none() {
        let host = url.host_str().unwrap_or_default();
        let addresses = app.dns.find_addresses(host).await?;
        if addresses.is_empty() {
            return Err(Error::field("url", format!("the name {host} has no address")));
        }
        if let Some(bad) = addresses.into_iter().find(|address| !is_allowed(settings, *address)) {
            return Err(Error::field("url", format!("{host}: {}", no(bad))));
        }
    }
    Ok(url)
}

/// The host of a webhook's URL, with its port when that is not the usual one.
#[must_use]
pub fn host_of(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return String::new() };
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Asks name servers for whoever connects, and hands on only addresses that may be asked: what was looked at is what is
/// connected to, whatever the name means a moment later.
pub(super) struct GuardedNames {
    pub dns: Dns,
    pub settings: WebhookSettings,
}

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let (dns, settings) = (self.dns.clone(), self.settings.clone());
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = dns.find_addresses(&host).await.map_err(|_| format!("no name server says where {host} is"))?;
            if found.is_empty() {
                return Err(format!("the name {host} has no address").into());
            }
            if let Some(bad) = found.iter().find(|address| !is_allowed(&settings, **address)) {
                return Err(format!("{host}: {}", no(*bad)).into());
            }
            // The port is that of the URL.
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_of_the_internet_can_be_named() {
        let settings = WebhookSettings::default();
        let fine = [
            "https://hooks.example.com/a?b=c",
            "https://hooks.example.com:8443/",
            "https://1.1.1.1/x",
            "https://[2606:4700::1111]/",
        ];
        for url in fine {
            assert!(read(&settings, url).is_ok(), "{url}: {:?}", read(&settings, url));
        }
        let bad = [
            "",
            "hooks.example.com",
            "http://hooks.example.com/",
            "ftp://hooks.example.com/",
            "file:///etc/passwd",
            "https://",
            "https://user@hooks.example.com/",
            "https://u:p@hooks.example.com/",
            "https://hooks.example.com/#x",
            "https://hooks.example.com:22/",
            "https://hooks.example.com:25/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest",
            "https://10.0.0.1/",
            "https://[fd00::1]/",
            "https://[64:ff9b::127.0.0.1]/",
            "https://0/",
            "https://１２７.0.0.1/",
        ];
        for url in bad {
            assert!(read(&settings, url).is_err(), "{url}");
        }
        assert!(read(&settings, &format!("https://hooks.example.com/{}", "x".repeat(MAX_URL))).is_err());
        let open = WebhookSettings {
            allow_http: true,
            allow_private: vec!["127.0.0.0/8".parse().expect("a network")],
            ..settings
        };
        for url in ["http://127.0.0.1:8080/", "http://127.1:8080/", "http://[::ffff:127.0.0.1]:8080/"] {
            assert!(read(&open, url).is_ok(), "{url}: {:?}", read(&open, url));
        }
        assert!(read(&open, "http://10.0.0.1/").is_err() && read(&open, "http://[::1]:8080/").is_err());
        assert_eq!(host_of("https://Hooks.Example.com:8443/secret?x"), "hooks.example.com:8443");
        assert_eq!(host_of("https://hooks.example.com:443/secret?x"), "hooks.example.com");
    }
}
