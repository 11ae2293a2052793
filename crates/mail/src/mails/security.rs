//! How somebody signs in has changed: told to them, so that they notice when it was not them.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content};

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityChange {
    PasswordChanged,
    PasskeyAdded,
    PasskeyRemoved,
    /// A signature counted backwards: there may be a copy.
    PasskeyRefused,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    AddressChanged,
}

/// It changed, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityChanged {
    pub what: SecurityChange,
    pub at: Timestamp,
}

impl Content for SecurityChanged {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Security
    }

    fn subject(&self) -> String {
        match self.what {
            SecurityChange::PasswordChanged => "Your password was changed",
            SecurityChange::PasskeyAdded => "A passkey was added to your account",
            SecurityChange::PasskeyRemoved => "A passkey was removed from your account",
            SecurityChange::PasskeyRefused => "Somebody may have a copy of your passkey",
            SecurityChange::RecoveryCodesMade => "New recovery codes were made for your account",
            SecurityChange::RecoveryCodeUsed => "A recovery code of yours was used",
            SecurityChange::AddressChanged => "Your account has another e-mail address now",
        }
        .to_owned()
    }

    fn paragraphs(&self) -> Vec<String> {
        let what = match self.what {
            SecurityChange::PasswordChanged => "You sign in with the new one from now on; other browsers were signed out.",
            SecurityChange::PasskeyAdded => "Whoever holds that device can sign in to your account.",
            SecurityChange::PasskeyRemoved => "Nobody signs in with it any more.",
            SecurityChange::PasskeyRefused => {
                "A sign-in was refused because the passkey counted backwards, as a copy of it would. Remove that passkey \
                 and add a new one."
            }
            SecurityChange::RecoveryCodesMade => "The codes you had before are worth nothing any more.",
            SecurityChange::RecoveryCodeUsed => "Somebody signed in with it; other browsers were signed out.",
            SecurityChange::AddressChanged => "It was proven, and everything goes there from now on.",
        };
        vec![what.to_owned(), "If that was not you, sign in, end every other session and tell the operator.".to_owned()]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("When", self.at.to_minute())]
    }

    fn action(&self) -> Action {
        Action::new("See how you sign in", "/me/security")
    }

    fn is_urgent(&self) -> bool {
        matches!(self.what, SecurityChange::PasskeyRefused | SecurityChange::RecoveryCodeUsed)
    }

    fn samples() -> Vec<Self> {
        use SecurityChange as S;
        let at = Timestamp::from_micros(1_767_603_600_000_000);
        let all = [
            S::PasswordChanged,
            S::PasskeyAdded,
            S::PasskeyRemoved,
            S::PasskeyRefused,
            S::RecoveryCodesMade,
            S::RecoveryCodeUsed,
            S::AddressChanged,
        ];
        all.into_iter().map(|what| Self { what, at }).collect()
    }
}
