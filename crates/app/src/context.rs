//! Everything a use case works with.

use std::sync::Arc;

use orglink_domain::catalog::Catalog;
use orglink_domain::clock::{Clock, IdSource, Timestamp};
use orglink_domain::event::Actor;
use orglink_policy::{Action, Decision, Policies, PolicyError, PolicyText, Standing};
use orglink_store::Db;
use orglink_store::event::Origin;
use uuid::Uuid;

use crate::Error;
use crate::dns::Dns;
use crate::entitlement::Kept;
use crate::feed::Feed;
use crate::import::ImportRuns;
use crate::last_seen::LastSeen;
use crate::operator::{KeptCounts, Loops};
use crate::outbox::Outbox;
use crate::passkey::Passkeys;
use crate::password::Passwords;
use crate::secret::Key;
use crate::settings::Settings;
use crate::turns::Turns;
use crate::webhook::Sender;

/// The application: the database, the rules, the clock. Shared by all ways in.
pub struct App {
    pub db: Db,
    pub catalog: Catalog,
    pub settings: Settings,
    pub key: Key,
    pub feed: Feed,
    pub last_seen: LastSeen,
    /// What products ask all the time.
    pub(crate) kept: Kept,
    pub outbox: Outbox,
    /// How the loops of this process are.
    pub loops: Loops,
    /// The imports of this process.
    pub imports: ImportRuns,
    pub(crate) counts: KeptCounts,
    pub(crate) passwords: Passwords,
    pub passkeys: Passkeys,
    pub(crate) turns: Turns,
    pub(crate) dns: Dns,
    /// What tells webhooks.
    pub webhooks: Sender,
    policies: Policies,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
}

impl App {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When the built-in policies do not hold together.
    pub fn new(
        db: Db,
        catalog: Catalog,
        settings: Settings,
        key: Key,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
    ) -> Result<Self, PolicyError> {
        let dns = Dns::new(settings.recovery.nameservers.clone());
        Ok(Self {
            db,
            catalog,
            passkeys: Passkeys::new(&settings.public_url),
            key,
            feed: Feed::new(),
            last_seen: LastSeen::default(),
            kept: Kept::default(),
            outbox: Outbox::default(),
            loops: Loops::default(),
            imports: ImportRuns::default(),
            counts: KeptCounts::default(),
            passwords: Passwords::new(),
            turns: Turns::new(),
            webhooks: Sender::new(dns.clone(), settings.webhooks.clone()),
            dns,
            settings,
            policies: Policies::new()?,
            clock,
            ids,
        })
    }

    /// With a way out for mails.
    #[must_use]
    pub fn with_outbox(mut self, outbox: Outbox) -> Self {
        self.outbox = outbox;
        self
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn new_id(&self, at: Timestamp) -> Uuid {
        self.ids.next(at)
    }

    pub(crate) fn origin(&self, actor: Actor, at: Timestamp) -> Origin<'_> {
        Origin { actor, at, ids: &*self.ids }
    }

    pub(crate) fn may(&self, action: Action, standing: Standing) -> bool {
        self.policies.decide(action, standing).is_allowed()
    }

    /// The policies behind a decision, by name.
    pub(crate) fn behind(&self, action: Action, standing: Standing) -> Vec<PolicyText> {
        self.policies.behind(action, standing)
    }

    /// Refuses what the policies do not allow, saying what is needed.
    pub(crate) fn require(&self, action: Action, standing: Standing) -> Result<(), Error> {
        match self.policies.decide(action, standing) {
            Decision::Allow(_) => Ok(()),
            Decision::Deny(needed) => Err(Error::forbidden("not_allowed", "You may not do this", &needed)),
        }
    }
}
