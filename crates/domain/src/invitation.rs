//! Invitations: to a user group of a workspace, or to a role. Bound to an address, and nothing until its owner says yes.

use crate::account::Account;
use crate::clock::Timestamp;
use crate::event::Through;
use crate::id::{AccountId, InvitationId, TenantId};
use crate::name::fold;
use crate::role::{HeldRole, OrganizationRole};
use crate::words;

words! {
    /// Where an invitation stands.
    "invitation state" InvitationState {
        Pending = "pending",
        Accepted = "accepted",
        Declined = "declined",
        /// Taken back, or ended together with what it was to.
        Withdrawn = "withdrawn",
        Expired = "expired",
    }
}

words! {
    /// Why an invitation was withdrawn.
    "ending" Ending {
        /// An admin took it back.
        ByAdmin = "by_admin",
        /// The same person accepted a stronger one in the same place.
        Settled = "settled",
        /// The user group, site or app that it was to is gone.
        TargetGone = "target_gone",
        /// The workspace or organization is gone.
        PlaceGone = "place_gone",
    }
}

/// What somebody is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A member of the user group with this slug.
    UserGroup(String),
    /// A member of this group of the organization's directory.
    DirectoryGroup(String),
    /// A member of a group of the directory of a site: the site, the group.
    SiteGroup(String, String),
    /// A holder of this role.
    Role(HeldRole),
}

/// The one spelling of a target: in the table, in forms. `group/SLUG`, `directory/SLUG`, `directory/SITE/SLUG`,
/// `organization/ROLE`, `site/SITE/ROLE`, `app/SITE/PRODUCT/ROLE`.
impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UserGroup(slug) => write!(f, "group/{slug}"),
            Self::DirectoryGroup(slug) => write!(f, "directory/{slug}"),
            Self::SiteGroup(site, slug) => write!(f, "directory/{site}/{slug}"),
            Self::Role(HeldRole::Organization(role)) => write!(f, "organization/{role}"),
            Self::Role(HeldRole::Site(site, role)) => write!(f, "site/{site}/{role}"),
            Self::Role(HeldRole::App(site, product, role)) => write!(f, "app/{site}/{product}/{role}"),
        }
    }
}

impl Target {
    /// Back from its spelling.
    #[must_use]
    pub fn parse(given: &str) -> Option<Self> {
        let parts: Vec<&str> = given.split('/').collect();
        let owned = |text: &&str| (*text).to_owned();
        Some(match parts.as_slice() {
            ["group", slug] => Self::UserGroup(owned(slug)),
            ["directory", slug] => Self::DirectoryGroup(owned(slug)),
            ["directory", site, slug] => Self::SiteGroup(owned(site), owned(slug)),
            ["organization", role] => Self::Role(HeldRole::Organization(role.parse().ok()?)),
            ["site", site, role] => Self::Role(HeldRole::Site(owned(site), role.parse().ok()?)),
            ["app", site, product, role] => Self::Role(HeldRole::App(owned(site), owned(product), role.parse().ok()?)),
            _ => return None,
        })
    }

    /// As a person reads it: `organization admin`, `site admin on docs`, `the user group administrators`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::UserGroup(slug) => format!("member of the user group {slug}"),
            Self::DirectoryGroup(slug) => format!("member of the group {slug} of the directory"),
            Self::SiteGroup(site, slug) => format!("member of the group {slug} of the directory of the site {site}"),
            Self::Role(held) => held.words(),
        }
    }

    /// Whether accepting this one leaves nothing for the other to give. `is_admin` says of a user group's slug whether
    /// the group administers its workspace.
    #[must_use]
    pub fn settles(&self, other: &Self, is_admin: impl Fn(&str) -> bool) -> bool {
        match (self, other) {
            (Self::UserGroup(this), Self::UserGroup(that)) => is_admin(this) && !is_admin(that),
            (Self::Role(HeldRole::Organization(OrganizationRole::Admin)), Self::Role(_)) => self != other,
            _ => false,
        }
    }
}

/// An invitation as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub tenant: TenantId,
    pub target: Target,
    /// As it was typed; compared folded, with verified addresses only.
    pub email: String,
    /// Who answers for it: their right to invite is looked at again when it is accepted.
    pub invited_by: AccountId,
    pub invited_through: Through,
    /// Whoever invites gives up their own admin role to the one who accepts.
    pub hands_over: bool,
    /// As it is kept; what holds now is [`Invitation::state_at`].
    pub state: InvitationState,
    pub ending: Option<Ending>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<AccountId>,
    /// The last time a mail was asked for.
    pub sent_at: Timestamp,
    /// How often it was sent again, and since when that is counted.
    pub resends: i64,
    pub resends_since: Timestamp,
}

/// Why a transition is not possible; nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    #[error("the invitation is {0}")]
    NotPending(InvitationState),
    #[error("the invitation is for another address")]
    NotYours,
    #[error("the address of the account is not verified")]
    NotVerified,
    #[error("sent a moment ago; again in {seconds} seconds")]
    SentTooOften { seconds: i64 },
}

/// A mail at most so often.
const RESEND_PAUSE_SECONDS: i64 = 5 * 60;
/// And at most so many in a day.
const RESENDS_A_DAY: i64 = 3;
const DAY_SECONDS: i64 = 24 * 60 * 60;

impl Invitation {
    /// Where it stands at a moment: one whose time has passed has expired, whether or not that was noted already.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> InvitationState {
        match self.state {
            InvitationState::Pending if self.expires_at <= now => InvitationState::Expired,
            state => state,
        }
    }

    /// Whether it is for this account's address.
    #[must_use]
    pub fn is_for(&self, account: &Account) -> bool {
        fold(&self.email) == fold(&account.email)
    }

    fn pending(self, now: Timestamp) -> Result<Self, NotPossible> {
        match self.state_at(now) {
            InvitationState::Pending => Ok(self),
            state => Err(NotPossible::NotPending(state)),
        }
    }

    fn ended(self, state: InvitationState, by: Option<AccountId>, at: Timestamp) -> Self {
        Self { state, ended_at: Some(at), ended_by: by, ..self }
    }

    /// Its owner says yes.
    ///
    /// # Errors
    /// When it is not pending, not theirs, or their address is not verified.
    pub fn accept(self, by: &Account, now: Timestamp) -> Result<Self, NotPossible> {
        if !self.is_for(by) {
            return Err(NotPossible::NotYours);
        }
        let pending = self.pending(now)?;
        if !by.is_verified {
            return Err(NotPossible::NotVerified);
        }
        Ok(pending.ended(InvitationState::Accepted, Some(by.id), now))
    }

    /// Its owner says no; nobody by name when only the mail shows that it is them.
    ///
    /// # Errors
    /// When it is not pending, or not theirs.
    pub fn decline(self, by: Option<&Account>, now: Timestamp) -> Result<Self, NotPossible> {
        if by.is_some_and(|by| !self.is_for(by)) {
            return Err(NotPossible::NotYours);
        }
        Ok(self.pending(now)?.ended(InvitationState::Declined, by.map(|a| a.id), now))
    }

    /// Taken back.
    ///
    /// # Errors
    /// When it is not pending.
    pub fn withdraw(self, by: Option<AccountId>, ending: Ending, now: Timestamp) -> Result<Self, NotPossible> {
        let ended = self.pending(now)?.ended(InvitationState::Withdrawn, by, now);
        Ok(Self { ending: Some(ending), ..ended })
    }

    /// Its time has passed.
    ///
    /// # Errors
    /// When it has not, or it ended before.
    pub fn expire(self, now: Timestamp) -> Result<Self, NotPossible> {
        match (self.state, self.state_at(now)) {
            (InvitationState::Pending, InvitationState::Expired) => Ok(self.ended(InvitationState::Expired, None, now)),
            (state, _) => Err(NotPossible::NotPending(state)),
        }
    }

    /// Sent once more, for another full time; whoever sends it answers for it from now on.
    ///
    /// # Errors
    /// When it is not pending, or was sent too often.
    pub fn resend(self, by: (AccountId, Through), lifetime_seconds: i64, now: Timestamp) -> Result<Self, NotPossible> {
        let pending = self.pending(now)?;
        let pause = RESEND_PAUSE_SECONDS - now.seconds_since(pending.sent_at);
        if pause > 0 {
            return Err(NotPossible::SentTooOften { seconds: pause });
        }
        let day = now.seconds_since(pending.resends_since);
        let (resends, resends_since) = match (day >= DAY_SECONDS, pending.resends) {
            (true, _) | (false, 0) => (1, now),
            (false, count) if count < RESENDS_A_DAY => (count + 1, pending.resends_since),
            (false, _) => return Err(NotPossible::SentTooOften { seconds: DAY_SECONDS - day }),
        };
        let (invited_by, invited_through) = by;
        let expires_at = now.plus_seconds(lifetime_seconds);
        // It hands over the role of whoever offered that, and of nobody else.
        let hands_over = pending.hands_over && pending.invited_by == invited_by;
        Ok(Self {
            invited_by,
            invited_through,
            hands_over,
            expires_at,
            sent_at: now,
            resends,
            resends_since,
            ..pending
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::WorkspaceId;
    use crate::role::{AppRole, SiteRole};

    fn account(n: u128, email: &str) -> Account {
        Account {
            id: AccountId(Uuid::from_u128(n)),
            email: email.to_owned(),
            name: "A".to_owned(),
            is_verified: true,
            is_robot: false,
            is_operator: false,
            is_suspended: false,
        }
    }

    const START: Timestamp = Timestamp::from_micros(0);

    fn invitation() -> Invitation {
        Invitation {
            id: InvitationId(Uuid::from_u128(1)),
            tenant: TenantId::Workspace(WorkspaceId(Uuid::from_u128(2))),
            target: Target::UserGroup("admins".to_owned()),
            email: "Ada@Company.example".to_owned(),
            invited_by: AccountId(Uuid::from_u128(3)),
            invited_through: Through::Own,
            hands_over: false,
            state: InvitationState::Pending,
            ending: None,
            created_at: START,
            expires_at: START.plus_seconds(1000),
            ended_at: None,
            ended_by: None,
            sent_at: START,
            resends: 0,
            resends_since: START,
        }
    }

    #[test]
    fn only_its_owner_accepts_in_time_once_and_verified() {
        let (ada, bob) = (account(7, "ada@company.EXAMPLE"), account(8, "bob@company.example"));
        assert_eq!(invitation().accept(&bob, START), Err(NotPossible::NotYours));
        assert_eq!(invitation().decline(Some(&bob), START), Err(NotPossible::NotYours));
        let unverified = Account { is_verified: false, ..ada.clone() };
        assert_eq!(invitation().accept(&unverified, START), Err(NotPossible::NotVerified));
        let late = START.plus_seconds(1000);
        assert_eq!(invitation().accept(&ada, late), Err(NotPossible::NotPending(InvitationState::Expired)));
        let accepted = invitation().accept(&ada, START).expect("theirs");
        assert_eq!((accepted.state, accepted.ended_by), (InvitationState::Accepted, Some(ada.id)));
        for state in InvitationState::ALL.iter().filter(|s| **s != InvitationState::Pending) {
            let ended = Invitation { state: *state, ..invitation() };
            assert_eq!(ended.clone().accept(&ada, START), Err(NotPossible::NotPending(*state)));
            assert_eq!(ended.clone().decline(Some(&ada), START), Err(NotPossible::NotPending(*state)));
            assert_eq!(ended.clone().withdraw(None, Ending::ByAdmin, START), Err(NotPossible::NotPending(*state)));
            assert!(ended.clone().expire(late).is_err() && ended.resend((bob.id, Through::Own), 9, late).is_err());
        }
        assert!(invitation().expire(START).is_err());
        assert_eq!(invitation().expire(late).map(|i| i.state), Ok(InvitationState::Expired));
    }

    #[test]
    fn it_is_sent_again_three_times_a_day_five_minutes_apart() {
        let by = (AccountId(Uuid::from_u128(4)), Through::Own);
        let offered = Invitation { hands_over: true, expires_at: START.plus_seconds(900_000), ..invitation() };
        let mut now = START;
        let mut sent = offered;
        assert_eq!(sent.clone().resend(by, 900_000, now), Err(NotPossible::SentTooOften { seconds: 300 }));
        for _ in 0..3 {
            now = now.plus_seconds(300);
            sent = sent.resend(by, 900_000, now).expect("often enough apart");
            assert_eq!((sent.invited_by, sent.hands_over), (by.0, false), "another's role is not given away");
        }
        now = now.plus_seconds(300);
        assert!(matches!(sent.clone().resend(by, 900_000, now), Err(NotPossible::SentTooOften { .. })));
        now = START.plus_seconds(300 + DAY_SECONDS);
        assert_eq!(sent.resend(by, 900_000, now).map(|i| i.resends), Ok(1));
    }

    #[test]
    fn a_target_has_one_spelling_and_the_stronger_settles_the_weaker() {
        let all = [
            Target::UserGroup("admins".to_owned()),
            Target::UserGroup("developers".to_owned()),
            Target::Role(HeldRole::Organization(OrganizationRole::Admin)),
            Target::Role(HeldRole::Site("docs".to_owned(), SiteRole::Admin)),
            Target::Role(HeldRole::App("docs".to_owned(), "jira".to_owned(), AppRole::AppAdmin)),
            Target::DirectoryGroup("everybody".to_owned()),
            Target::SiteGroup("docs".to_owned(), "everybody".to_owned()),
        ];
        let is_admin = |slug: &str| slug == "admins";
        let mut settled = Vec::new();
        for (i, one) in all.iter().enumerate() {
            assert_eq!(Target::parse(&one.to_string()).as_ref(), Some(one));
            settled.extend(all.iter().enumerate().filter(|(_, o)| one.settles(o, is_admin)).map(|(j, _)| (i, j)));
        }
        assert_eq!(settled, [(0, 1), (2, 3), (2, 4)]);
        for bad in ["", "group", "directory", "directory/a/b/c", "organization/king", "site/x", "app/x/y/z/w", "user/x"]
        {
            assert_eq!(Target::parse(bad), None, "{bad}");
        }
    }
}
