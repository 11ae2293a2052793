//! Webhooks: where programs are told of what happened, and the rules of telling them.
//!
//! Signatures are those of Standard Webhooks, bodies are CloudEvents 1.0; what is decided here is which events are meant,
//! how long one is tried, and which addresses may be asked at all.

use std::net::IpAddr;

use crate::event::EventType;
use crate::words;

words! {
    /// Whether anything is sent.
    "state of a webhook" WebhookState {
        Active = "active",
        /// An admin wants nothing sent for now.
        Paused = "paused",
        /// It took nothing for days.
        Failed = "failed",
        /// It answered that it is gone (410).
        Gone = "gone",
    }
}

impl WebhookState {
    /// As people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Paused => "Paused",
            Self::Failed => "Paused: it kept failing",
            Self::Gone => "Paused: it said that it is gone",
        }
    }

    /// How good that is: a word for its colour, or none.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Active => "good",
            Self::Paused => "",
            Self::Failed | Self::Gone => "bad",
        }
    }
}

words! {
    /// What became of one event at one webhook.
    "state of a delivery" DeliveryState {
        /// Not yet sent, or tried again.
        Waiting = "waiting",
        /// It was answered with a status of 2xx.
        Delivered = "delivered",
        /// It was tried for days, while others were taken.
        GivenUp = "given_up",
    }
}

impl DeliveryState {
    /// As people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Delivered => "Delivered",
            Self::GivenUp => "Given up",
        }
    }

    /// How good that is: a word for its colour, or none.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Waiting => "new",
            Self::Delivered => "good",
            Self::GivenUp => "bad",
        }
    }
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// Seconds between one try of an event and the next: 18 tries in a little more than three days, so that a receiver that
/// takes nothing is paused before any event is given up.
pub const WAITS: [i64; 17] = [
    5,
    30,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    8 * HOUR,
    8 * HOUR,
    8 * HOUR,
    8 * HOUR,
    8 * HOUR,
    8 * HOUR,
    8 * HOUR,
    8 * HOUR,
];

/// Seconds after which a webhook that took nothing is paused.
pub const PATIENCE: i64 = 72 * HOUR;

/// Seconds until an event is tried again after so many tries; nothing when it is not. `random` (any byte) makes it up to a
/// quarter longer, so that what failed together does not come back together.
#[must_use]
pub fn wait_after(tries: i64, random: u8) -> Option<i64> {
    let wait = usize::try_from(tries - 1).ok().and_then(|n| WAITS.get(n))?;
    Some(wait * (1024 + i64::from(random)) / 1024)
}

/// The longest that a webhook rests, in seconds.
pub const LONGEST_REST: i64 = 10 * MINUTE;

/// Seconds that a webhook rests after so many failures without a success between them: one that is dead takes little of
/// the time of the others.
#[must_use]
pub fn rest_after(failures: i64) -> i64 {
    let doublings = u32::try_from((failures - 1).clamp(0, 16)).unwrap_or(16);
    (1_i64 << doublings).min(LONGEST_REST)
}

/// Whether a type of event is meant by a word: itself, or a beginning that ends in a dot (`link.`).
#[must_use]
pub fn is_meant(word: &str, kind: EventType) -> bool {
    kind.as_str() == word || (word.ends_with('.') && kind.as_str().starts_with(word))
}

/// Whether an address is one of the internet: not of this machine, of a private network or of any range that the IANA
/// keeps for special purposes (RFC 6890 and its registries).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let is_special = match (a, b, c) {
                // This network, private, loopback, multicast and what is reserved, with broadcast.
                (0 | 10 | 127 | 224.., _, _)
                // Carrier-grade NAT (RFC 6598), link-local with the clouds' metadata, private, benchmarks (RFC 2544).
                | (100, 64..=127, _)
                | (169, 254, _)
                | (172, 16..=31, _)
                | (192, 168, _)
                | (198, 18 | 19, _)
                // Protocol assignments, documentation, the relays of 6to4.
                | (192, 0, 0 | 2)
                | (192, 88, 99)
                | (198, 51, 100)
                | (203, 0, 113) => true,
                _ => false,
            };
            !is_special
        }
        IpAddr::V6(v6) => {
            // Only global unicast (2000::/3): neither loopback, unique-local, link-local, multicast nor NAT64.
            let [a, b, ..] = v6.segments();
            let is_special = match (a, b) {
                // Protocol assignments with Teredo, documentation, 6to4, documentation.
                (0x2001, 0..=0x01ff | 0x0db8) | (0x2002, _) | (0x3fff, 0..=0x0fff) => true,
                _ => false,
            };
            a & 0xe000 == 0x2000 && !is_special
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_is_given_up_before_an_event_is() {
        let total: i64 = WAITS.iter().sum();
        assert!((PATIENCE..PATIENCE * 5 / 4).contains(&total), "{total}");
        assert_eq!(wait_after(18, 0), None);
        assert_eq!(wait_after(0, 0), None);
        for (n, wait) in WAITS.iter().enumerate() {
            for random in [0, 128, 255] {
                let waited = wait_after(i64::try_from(n).expect("small") + 1, random).expect("tried again");
                assert!(waited >= *wait && waited * 4 <= wait * 5, "{waited} of {wait}");
            }
        }
        assert_eq!([1, 2, 5, 11, 60].map(rest_after), [1, 2, 16, 600, 600]);
    }

    #[test]
    fn only_addresses_of_the_internet_are_public() {
        let special = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
        ];
        for address in special {
            assert!(!is_public(address.parse().expect(address)), "{address}");
        }
        let public = [
            "1.1.1.1",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "223.255.255.1",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "2001:200::1",
            "::ffff:8.8.8.8",
        ];
        for address in public {
            assert!(is_public(address.parse().expect(address)), "{address}");
        }
    }
}
