//! What somebody signs in with, and whether they were ever seen there.

use std::net::IpAddr;

use orglink_domain::digest::Digest;
use orglink_domain::id::AccountId;

use crate::session::browser_of;

/// The longest description of a browser that is kept.
const MAX_USER_AGENT: usize = 300;

/// A browser, and where it is.
#[derive(Debug, Clone, Default)]
pub struct Device {
    pub(crate) user_agent: String,
    pub(crate) address: String,
}

impl Device {
    /// By what the browser says of itself and the network address it comes from.
    #[must_use]
    pub fn new(user_agent: &str, address: &str) -> Self {
        let user_agent = user_agent.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT).collect();
        Self { user_agent, address: address.to_owned() }
    }

    /// The browser in words.
    #[must_use]
    pub fn browser(&self) -> String {
        browser_of(&self.user_agent)
    }

    /// What is remembered of it: browser and network together, readable by nobody.
    pub(super) fn place(&self, account: AccountId) -> Digest {
        let (browser, network) = (self.browser(), network_of(&self.address));
        Digest::of(&[b"orglink-place\0", account.0.as_bytes(), browser.as_bytes(), b"\0", network.as_bytes()])
    }
}

/// The network of an address: providers give their customers another address of it every day.
fn network_of(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V4(v4)) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}")
        }
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}")
        }
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::network_of;

    #[test]
    fn neighbours_share_a_network() {
        assert_eq!(network_of("198.51.100.7"), network_of("198.51.100.200"));
        assert_eq!(network_of("2001:db8:1:2::3"), network_of("2001:db8:1:ffff::4"));
        assert_ne!(network_of("198.51.100.7"), network_of("198.51.101.7"));
        assert_eq!(network_of("rubbish"), "");
    }
}
