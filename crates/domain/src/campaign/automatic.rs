//! Where a workspace goes that nobody linked in time: four rules in order, the first that yields exactly one
//! organization wins, the last always yields.
//!
//! One pure function, used by the rehearsal, the run, whatever is decided again because it changed, and the page that
//! says what will happen. Nobody gains power by it: a new organization's admins are exactly the workspace's.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::definition::{ExistingOrganization, Waves};
use crate::billing::migration::Blocker;
use crate::digest::Digest;
use crate::eligibility::ReasonCode;
use crate::id::{AccountId, OrganizationId, WorkspaceId};
use crate::user_management::UsersBlocker;
use crate::words;

words! {
    /// What decided where a workspace goes.
    "rule" Rule {
        /// 1: an admin of the workspace and one of the organization had said so.
        Preference = "preference",
        /// 2: its admins have exactly one organization.
        ExistingOrganization = "existing_organization",
        /// 3: a new one, with the other workspaces of the same admins and billing contacts.
        SharedAdmins = "shared_admins",
        /// 4: a new one of its own.
        Own = "own",
        /// Of a migration of billing: the organization that it is linked to pays, in the account of its contacts.
        BillingContacts = "billing_contacts",
        /// Of a migration of users: each group becomes one of its own in the directory of the organization that it is linked to.
        OwnGroups = "own_groups",
    }
}

words! {
    /// Why a workspace that is not linked stays so.
    "reason to leave alone" LeftAlone {
        PersonalWorkspace = "personal_workspace",
        FreePlan = "free_plan",
        Suspended = "suspended",
        PendingDeletion = "pending_deletion",
        OpenTransfer = "open_transfer",
        LegalHold = "legal_hold",
        NotInCohort = "not_in_cohort",
        NoActiveAdmin = "no_active_admin",
        /// The organization it would go to has as many as it may have.
        OrganizationQuota = "organization_quota",
        /// Its admins asked for more time, and have it.
        Postponed = "postponed",
        /// Its admins were not told long enough ago.
        NoticeNotGiven = "notice_not_given",
        /// What keeps its billing from migrating.
        OpenInvoice = "open_invoice",
        NoBillingContact = "no_billing_contact",
        ResellerMustConsent = "reseller_must_consent",
        NoPrice = "no_price",
        CycleMismatch = "cycle_mismatch",
        /// What keeps its users from migrating.
        OrganizationOriginalUserManagement = "organization_original_user_management",
        OrganizationUnclaimed = "organization_unclaimed",
        /// Not everybody who must agree has agreed, or may still speak for their side.
        ConsentMissing = "consent_missing",
    }
}

impl LeftAlone {
    /// Of what blocks automatic linking; none for what does not lie in the workspace.
    #[must_use]
    pub const fn of(code: ReasonCode) -> Option<Self> {
        match code {
            ReasonCode::PersonalWorkspace => Some(Self::PersonalWorkspace),
            ReasonCode::FreePlan => Some(Self::FreePlan),
            ReasonCode::Suspended => Some(Self::Suspended),
            ReasonCode::PendingDeletion => Some(Self::PendingDeletion),
            ReasonCode::OpenTransfer => Some(Self::OpenTransfer),
            ReasonCode::LegalHold => Some(Self::LegalHold),
            ReasonCode::NotInCohort => Some(Self::NotInCohort),
            ReasonCode::NoActiveAdmin => Some(Self::NoActiveAdmin),
            ReasonCode::OrganizationQuota => Some(Self::OrganizationQuota),
            ReasonCode::AlreadyLinked | ReasonCode::LinkingFrozen | ReasonCode::OrganizationOriginalUserManagement => {
                None
            }
        }
    }

    /// Of what keeps billing from migrating.
    #[must_use]
    pub const fn of_billing(blocker: Blocker) -> Self {
        match blocker {
            Blocker::OpenInvoice => Self::OpenInvoice,
            Blocker::NoBillingContact => Self::NoBillingContact,
            Blocker::ResellerMustConsent => Self::ResellerMustConsent,
            Blocker::NoPrice => Self::NoPrice,
            Blocker::CycleMismatch => Self::CycleMismatch,
        }
    }

    /// Of what keeps users from migrating; none for what is no state of a workspace or its organization.
    #[must_use]
    pub const fn of_users(blocker: UsersBlocker) -> Option<Self> {
        match blocker {
            UsersBlocker::OrganizationOriginalUserManagement => Some(Self::OrganizationOriginalUserManagement),
            UsersBlocker::OrganizationUnclaimed => Some(Self::OrganizationUnclaimed),
            UsersBlocker::Suspended => Some(Self::Suspended),
            UsersBlocker::PendingDeletion => Some(Self::PendingDeletion),
            UsersBlocker::OpenTransfer => Some(Self::OpenTransfer),
            UsersBlocker::LegalHold => Some(Self::LegalHold),
            UsersBlocker::AlreadyMigrated | UsersBlocker::LinkingFrozen | UsersBlocker::WouldWiden => None,
        }
    }

    /// In one sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::OrganizationOriginalUserManagement => UsersBlocker::OrganizationOriginalUserManagement.words().0,
            Self::OrganizationUnclaimed => UsersBlocker::OrganizationUnclaimed.words().0,
            Self::ConsentMissing => "Not everybody who must agree to it has agreed.",
            Self::OpenInvoice => Blocker::OpenInvoice.detail(),
            Self::NoBillingContact => Blocker::NoBillingContact.detail(),
            Self::ResellerMustConsent => Blocker::ResellerMustConsent.detail(),
            Self::NoPrice => Blocker::NoPrice.detail(),
            Self::CycleMismatch => Blocker::CycleMismatch.detail(),
            Self::PersonalWorkspace => "It is a personal workspace; only team workspaces are linked.",
            Self::FreePlan => "It is on the free plan; only paid workspaces are linked by themselves.",
            Self::Suspended => "It is suspended.",
            Self::PendingDeletion => "It is about to be deleted.",
            Self::OpenTransfer => "It is being handed to other owners.",
            Self::LegalHold => "It is under a legal hold and must stay as it is.",
            Self::NotInCohort => "The campaign is not about this workspace.",
            Self::NoActiveAdmin => "None of its admins can act, so nobody would administer its organization.",
            Self::OrganizationQuota => "The organization it would go to has as many workspaces as it may have.",
            Self::Postponed => "Its admins asked for more time and have it; when that ends it goes on like the others.",
            Self::NoticeNotGiven => "Its admins were not told long enough ago.",
        }
    }
}

/// Which organization is made at most once: the same active admins and the same billing contacts.
pub type GroupKey = Digest;

/// What is looked at for one workspace. Lists of people are of those who can act (verified, not suspended, no robots).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub admins: BTreeSet<AccountId>,
    pub billing_contacts: BTreeSet<AccountId>,
    /// Declared beforehand with a yes from both sides, both still in office.
    pub preferences: BTreeSet<OrganizationId>,
    /// Claimed, active organizations that existed when the campaign was announced, each with how many of the workspace's
    /// admins administer it.
    pub organizations: Vec<(OrganizationId, usize)>,
}

/// Where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Organization(OrganizationId),
    /// To be made, once for the whole group.
    Group(GroupKey),
}

/// The numbers that a decision rests on: enough to say why, and why not otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Admins who can act.
    pub admins: u32,
    /// Complete preferences; two different ones cancel each other.
    pub preferences: u32,
    /// Organizations that the second rule could mean; it takes only a single one.
    pub organizations: u32,
    /// Organizations that some of its admins have, and too few of them for the second rule.
    #[serde(default)]
    pub unfit: u32,
    /// Of the organization that was taken, how many admins are the workspace's.
    pub shared: u32,
}

/// Where a workspace goes and why. Whether a group has others in it is known when all are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    pub rule: Rule,
    pub target: Target,
    pub evidence: Evidence,
}

/// Decides by the rules in their order.
#[must_use]
pub fn decide(facts: &Facts, existing: ExistingOrganization) -> Decision {
    let admins = facts.admins.len();
    let qualifying: Vec<(OrganizationId, usize)> = match existing {
        ExistingOrganization::Never => Vec::new(),
        ExistingOrganization::Sole => {
            facts.organizations.iter().copied().filter(|(_, shared)| qualifies(*shared, admins)).collect()
        }
    };
    let mut evidence = Evidence {
        admins: count(admins),
        preferences: count(facts.preferences.len()),
        organizations: count(qualifying.len()),
        unfit: count(facts.organizations.len().saturating_sub(qualifying.len())),
        shared: 0,
    };
    if let (Some(preferred), 1) = (facts.preferences.first(), facts.preferences.len()) {
        return Decision { rule: Rule::Preference, target: Target::Organization(*preferred), evidence };
    }
    if let [(sole, shared)] = qualifying.as_slice() {
        evidence.shared = count(*shared);
        return Decision { rule: Rule::ExistingOrganization, target: Target::Organization(*sole), evidence };
    }
    Decision { rule: Rule::Own, target: Target::Group(group_key(facts)), evidence }
}

/// At least half of the workspace's admins, and at least two, or its only one.
const fn qualifies(shared: usize, admins: usize) -> bool {
    shared * 2 >= admins && (shared >= 2 || (shared == 1 && admins == 1))
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The group that workspaces with these admins and billing contacts are in.
#[must_use]
pub fn group_key(facts: &Facts) -> GroupKey {
    let mut bytes = Vec::with_capacity(24 + 16 * (facts.admins.len() + facts.billing_contacts.len()));
    bytes.extend_from_slice(b"orglink-group-v1\n");
    facts.admins.iter().for_each(|id| bytes.extend_from_slice(id.0.as_bytes()));
    bytes.push(b'\n');
    facts.billing_contacts.iter().for_each(|id| bytes.extend_from_slice(id.0.as_bytes()));
    Digest::of(&[&bytes])
}

/// The group of a workspace that may not share the organization of its group any more: itself.
#[must_use]
pub fn lone_key(group: &GroupKey, workspace: WorkspaceId) -> GroupKey {
    Digest::of(&[b"orglink-lone-v1\n", group.as_bytes(), workspace.0.as_bytes()])
}

/// The wave of everybody with this key: 0 is the canary. Chosen by the key, so that whoever administers several
/// workspaces hears of them together, and a group never lies in two waves.
#[must_use]
pub fn wave_of(key: &GroupKey, waves: &Waves) -> u32 {
    let value = key.as_bytes().iter().take(8).fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let (share, rest) = (value % 10_000, value / 10_000);
    if share < u64::from(waves.canary_percent) * 100 {
        return 0;
    }
    1 + u32::try_from(rest % u64::from(waves.count.max(1))).unwrap_or(0)
}

/// What becomes of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is linked, or migrates, as decided.
    Goes(Decision),
    Stays(LeftAlone),
}

words! {
    /// Where a decision stands.
    "state of a decision" DecisionState {
        /// To be linked, or to migrate.
        Decided = "decided",
        /// Not, for its reason.
        LeftAlone = "left_alone",
        Linked = "linked",
        Migrated = "migrated",
        /// Somebody was faster, or it may no longer be linked: nothing was to be done.
        Skipped = "skipped",
        /// It should have been linked and could not be.
        Failed = "failed",
        /// Linked, and undone since.
        Undone = "undone",
    }
}

impl Decision {
    /// Why, in words; `others` is how many other workspaces are in its group.
    #[must_use]
    pub fn sentence(rule: Rule, evidence: Evidence, others: i64) -> String {
        let Evidence { admins, preferences, organizations, unfit, shared } = evidence;
        let why_new = match (preferences, organizations) {
            (2.., _) => format!("{preferences} different organizations were preferred, so that none counts. "),
            (_, 2..) => {
                format!("Its admins have {organizations} organizations, and the rule takes only a single one. ")
            }
            (_, 0) if unfit > 0 => format!(
                "Of the {unfit} organization{} of its admins none has at least half of its {admins} active admins, and at least two, among its own. ",
                if unfit == 1 { "" } else { "s" }
            ),
            _ => "Its admins have no organization. ".to_owned(),
        };
        match rule {
            Rule::Preference => "An admin of each side had declared it beforehand.".to_owned(),
            Rule::ExistingOrganization if admins == 1 => {
                "It is the only organization of its only active admin.".to_owned()
            }
            Rule::ExistingOrganization => {
                format!("It is the only organization whose admins include {shared} of its {admins} active admins.")
            }
            Rule::SharedAdmins => format!(
                "{why_new}A new one is made for it and {others} other workspace{} with the same admins and billing contacts.",
                if others == 1 { "" } else { "s" }
            ),
            Rule::Own => format!("{why_new}A new one of its own is made."),
            Rule::OwnGroups => "It is linked to it, and everybody who must agree has agreed. Each of its groups becomes one of its own in the directory; nothing is merged.".to_owned(),
            Rule::BillingContacts => format!(
                "It is linked to it. The billing account of its {admins} billing contact{} pays, and they administer that account.",
                if admins == 1 { "" } else { "s" }
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(n))
    }

    fn organization(n: u128) -> OrganizationId {
        OrganizationId(Uuid::from_u128(n))
    }

    fn facts(admins: u128, organizations: &[(u128, usize)]) -> Facts {
        Facts {
            admins: (0..admins).map(person).collect(),
            organizations: organizations.iter().map(|(o, n)| (organization(*o), *n)).collect(),
            ..Facts::default()
        }
    }

    fn rule(facts: &Facts) -> Rule {
        decide(facts, ExistingOrganization::Sole).rule
    }

    #[test]
    fn a_preference_goes_before_everything_and_two_cancel_each_other() {
        let mut given = facts(2, &[(1, 2)]);
        given.preferences.insert(organization(7));
        let decision = decide(&given, ExistingOrganization::Sole);
        assert_eq!((decision.rule, decision.target), (Rule::Preference, Target::Organization(organization(7))));
        given.preferences.insert(organization(8));
        assert_eq!(rule(&given), Rule::ExistingOrganization);
    }

    #[test]
    fn the_only_organization_of_half_and_two_of_the_admins_is_taken() {
        assert_eq!(rule(&facts(1, &[(1, 1)])), Rule::ExistingOrganization);
        assert_eq!(rule(&facts(2, &[(1, 1)])), Rule::Own);
        assert_eq!(rule(&facts(4, &[(1, 2)])), Rule::ExistingOrganization);
        assert_eq!(rule(&facts(5, &[(1, 2)])), Rule::Own);
        assert_eq!(rule(&facts(2, &[(1, 2), (2, 2)])), Rule::Own);
        assert_eq!(rule(&facts(2, &[(1, 2), (2, 1)])), Rule::ExistingOrganization);
        assert_eq!(decide(&facts(1, &[(1, 1)]), ExistingOrganization::Never).rule, Rule::Own);
    }

    #[test]
    fn a_decision_says_why_and_why_not_otherwise() {
        let several = decide(&facts(2, &[(1, 2), (2, 2)]), ExistingOrganization::Sole);
        assert_eq!(
            Decision::sentence(several.rule, several.evidence, 0),
            "Its admins have 2 organizations, and the rule takes only a single one. A new one of its own is made."
        );
        let sole = decide(&facts(3, &[(1, 2)]), ExistingOrganization::Sole);
        assert_eq!(
            Decision::sentence(sole.rule, sole.evidence, 0),
            "It is the only organization whose admins include 2 of its 3 active admins."
        );
    }

    #[test]
    fn the_canary_has_about_its_share_and_everybody_has_one_wave() {
        let waves = Waves { canary_percent: 5, count: 4, ..Waves::default() };
        let mut sizes = [0_u32; 5];
        for n in 0..20_000_u32 {
            let wave = wave_of(&Digest::of(&[&n.to_be_bytes()]), &waves);
            sizes[wave as usize] += 1;
        }
        assert!((800..1200).contains(&sizes[0]), "{sizes:?}");
        assert!(sizes[1..].iter().all(|size| (4400..5100).contains(size)), "{sizes:?}");
        let none = Waves { canary_percent: 0, count: 1, ..Waves::default() };
        assert!((0..1000_u32).all(|n| wave_of(&Digest::of(&[&n.to_be_bytes()]), &none) == 1));
    }

    proptest! {
        #[test]
        fn it_always_yields_and_never_takes_one_of_several(
            admins in 1_u128..6,
            organizations in proptest::collection::vec((0_u128..5, 0_usize..6), 0..5),
        ) {
            let mut given = facts(admins, &[]);
            let distinct: std::collections::BTreeMap<u128, usize> = organizations.into_iter().collect();
            given.organizations = distinct.into_iter().map(|(o, n)| (organization(o), n.min(given.admins.len()))).collect();
            let decision = decide(&given, ExistingOrganization::Sole);
            match decision.target {
                Target::Organization(id) => {
                    let shared = given.organizations.iter().find(|(o, _)| *o == id).expect("one of them").1;
                    prop_assert!(shared * 2 >= given.admins.len());
                    prop_assert_eq!(decision.evidence.organizations, 1);
                }
                Target::Group(key) => prop_assert_eq!(key, group_key(&given)),
            }
            // The order in which things are read does not matter.
            let mut turned = given.clone();
            turned.organizations.reverse();
            prop_assert_eq!(decide(&turned, ExistingOrganization::Sole), decision);
        }
    }
}
