//! What has ended, and is forgotten some time afterwards: a thousand at a time, so that nobody waits long for the writer, however much
//! ends on one day.

use orglink_domain::clock::Timestamp;

use crate::row::Time;
use crate::{StoreError, Tx};

/// How many at a time; the statements say it too.
pub const MOST: u64 = 1000;

/// What ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// A link to sign in.
    SignInLink,
    /// A browser that was signed in.
    Session,
    /// A personal access token that was revoked, or whose time has passed.
    Token,
    /// How often somebody failed to sign in.
    SignInFailure,
    /// The answer to a request that may be sent again.
    IdempotencyKey,
    /// A proposal that came to nothing.
    Proposal,
    /// A plan that nothing was done by.
    Plan,
    /// What somebody was told in the product.
    Notification,
    /// A mail that was sent or given up.
    Mail,
    /// What a webhook was told.
    WebhookDelivery,
    /// Somebody asked for a link to sign in.
    SignInRequest,
    /// A place that somebody signed in from.
    SignInPlace,
    /// What the container registry told.
    RegistryEvent,
    /// A question to a device.
    PasskeyCeremony,
    /// A link that works once.
    OneTimeToken,
}

/// Deletes up to a thousand of those that had ended before a moment; how many.
pub async fn delete_some(tx: &mut Tx, what: Ended, before: Timestamp) -> Result<u64, StoreError> {
    let statement = match what {
        Ended::SignInLink => sql!("retention/sign_in_link"),
        Ended::Session => sql!("retention/session"),
        Ended::Token => sql!("retention/token"),
        Ended::SignInFailure => sql!("retention/sign_in_failure"),
        Ended::IdempotencyKey => sql!("retention/idempotency"),
        Ended::Proposal => sql!("retention/proposal"),
        Ended::Plan => sql!("retention/link_plan"),
        Ended::Notification => sql!("retention/notification"),
        Ended::Mail => sql!("retention/mail"),
        Ended::WebhookDelivery => sql!("retention/webhook_delivery"),
        Ended::SignInRequest => sql!("retention/sign_in_request"),
        Ended::SignInPlace => sql!("retention/sign_in_place"),
        Ended::RegistryEvent => sql!("retention/registry_event"),
        Ended::PasskeyCeremony => sql!("retention/passkey_ceremony"),
        Ended::OneTimeToken => sql!("retention/one_time_token"),
    };
    execute!(tx, statement, Time(before))
}

/// Whether it is worth taking the writer for it: among plans, those that nothing was done by are looked for in all that are kept.
pub async fn is_due(tx: &mut Tx, what: Ended, before: Timestamp) -> Result<bool, StoreError> {
    match what {
        Ended::Plan => Ok(fetch_one!(tx, sql!("retention/any_unused_plan"), (i64,), Time(before))?.0 > 0),
        _ => Ok(true),
    }
}
