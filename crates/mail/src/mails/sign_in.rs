//! What an account needs to stay its owner's.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Action, Content, Ends, WantedSecret};

/// Somebody signed in from a browser or network that was not seen before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSignIn {
    pub at: Timestamp,
    /// As the browser says of itself.
    pub browser: String,
    /// The network address.
    pub address: String,
}

impl Content for NewSignIn {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Security
    }

    fn subject(&self) -> String {
        "Somebody signed in to your account from a new place".to_owned()
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            "Your account was used from a browser or a network that was not seen before. If that was you, there is \
             nothing to do."
                .to_owned(),
            "If it was not you, end that session and change how you sign in.".to_owned(),
        ]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let known = |given: &str| if given.is_empty() { "not known".to_owned() } else { given.to_owned() };
        vec![("When", self.at.to_minute()), ("Browser", known(&self.browser)), ("Network address", known(&self.address))]
    }

    fn action(&self) -> Action {
        Action::new("See your sessions", "/me/security")
    }

    fn is_urgent(&self) -> bool {
        true
    }

    fn samples() -> Vec<Self> {
        let at = Timestamp::from_micros(1_767_603_600_000_000);
        let (browser, address) = ("Firefox on Linux".to_owned(), "198.51.100.7".to_owned());
        vec![Self { at, browser, address }, Self { at, browser: String::new(), address: String::new() }]
    }
}

/// A link that signs somebody in, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInLink {
    /// What the secret is about: what was asked for, with where they were going.
    pub request: Uuid,
    pub asked_at: Timestamp,
    pub lasts_seconds: i64,
}

impl Content for SignInLink {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Security
    }

    fn subject(&self) -> String {
        "Sign in to orglink".to_owned()
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!("This link signs you in, once, within {} minutes.", self.lasts_seconds / 60),
            "If you did not ask for it, there is nothing to do: nobody can sign in without it.".to_owned(),
        ]
    }

    fn action(&self) -> Action {
        Action::new("Sign in", "/sign-in")
    }

    fn secret(&self) -> Option<WantedSecret> {
        Some(WantedSecret {
            purpose: "sign_in",
            subject: self.request,
            path: "/sign-in/link/",
            ends: Ends::After(self.lasts_seconds),
        })
    }

    fn stale_at(&self) -> Option<Timestamp> {
        Some(self.asked_at.plus_seconds(60 * 60))
    }

    fn samples() -> Vec<Self> {
        let asked_at = Timestamp::from_micros(1_767_603_600_000_000);
        vec![Self { request: Uuid::nil(), asked_at, lasts_seconds: 900 }]
    }
}

/// Proves that an address is its account's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyAddress {
    /// What the secret is about: this wish, not a later one.
    pub change: Uuid,
    /// The address to be proven.
    pub email: String,
    pub lasts_seconds: i64,
}

impl Content for VerifyAddress {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Security
    }

    fn subject(&self) -> String {
        "Confirm your e-mail address".to_owned()
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!("Confirm that {} is your address; without that, nothing is done with it.", self.email),
            "If you have not asked for this, there is nothing to do.".to_owned(),
        ]
    }

    fn action(&self) -> Action {
        Action::new("Confirm the address", "/me/account")
    }

    fn secret(&self) -> Option<WantedSecret> {
        Some(WantedSecret {
            purpose: "verify_address",
            subject: self.change,
            path: "/verify/",
            ends: Ends::After(self.lasts_seconds),
        })
    }

    fn samples() -> Vec<Self> {
        let email = "noor@meridian.example".to_owned();
        vec![Self { change: Uuid::nil(), email, lasts_seconds: 86_400 }]
    }
}
