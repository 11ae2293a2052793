//! The migration of users as a campaign: what each side agrees to beforehand, and whether everybody has who must.
//!
//! Nobody looks at a thousand plans. An organization's admin agrees once for all its workspaces, to terms: the campaign, the day,
//! that nothing is merged. As everywhere, a consent is to one digest: when the terms change, it no longer counts.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{UsersBlocker, UsersWarning, organization_blockers};
use crate::campaign::automatic::LeftAlone;
use crate::campaign::{Definition, UsersConsent};
use crate::consent::{Agreement, Given, Rule, Side, weigh};
use crate::digest::{Digest, canonical_json};
use crate::id::{AccountId, CampaignId, LinkId, OrganizationId};
use crate::organization::UserManagement;

/// What is agreed to: the campaign as it is defined now.
#[derive(Debug, Clone, Copy)]
pub struct UsersTerms<'a> {
    pub campaign: CampaignId,
    pub definition: &'a Definition,
    /// As the installation wants consents.
    pub rule: Rule,
}

impl UsersTerms<'_> {
    /// What an admin of this organization, or of a workspace that is linked to it, agrees to, in a form whose digest is taken (RFC 8785).
    #[must_use]
    pub fn document(&self, organization: OrganizationId) -> Value {
        json!({
            "format": "orglink-users-terms-v1",
            "campaign": { "id": self.campaign },
            "organization": { "id": organization },
            "migrates_on": self.definition.automatic_from,
            "time_zone": self.definition.time_zone,
            "consent": self.definition.users.consent,
            "mapping": {},
            "warnings": UsersWarning::WITHOUT_MERGES,
        })
    }

    #[must_use]
    pub fn digest(&self, organization: OrganizationId) -> Digest {
        Digest::of(&[&canonical_json(&self.document(organization)).unwrap_or_default()])
    }

    /// The sides that must agree.
    #[must_use]
    pub fn sides(&self) -> Vec<Side> {
        let needed = [
            (self.definition.users.consent == UsersConsent::Both, Side::Workspace),
            (true, Side::Organization),
            (self.rule.needs_approver, Side::Approver),
        ];
        needed.into_iter().filter_map(|(is_needed, side)| is_needed.then_some(side)).collect()
    }
}

/// A linked workspace whose users have not migrated, as a campaign looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsersStanding {
    pub link: LinkId,
    pub organization: OrganizationId,
    pub user_management: UserManagement,
    /// Nobody has claimed the organization yet.
    pub is_unclaimed: bool,
    pub sides: UsersSides,
}

/// Who may speak for the sides of a migration, and what they agreed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsersSides {
    /// Who administers each side and can act.
    pub workspace_admins: BTreeSet<AccountId>,
    pub organization_admins: BTreeSet<AccountId>,
    /// What both sides agreed to in this campaign.
    pub given: Vec<Given>,
}

impl UsersSides {
    /// What the consent of each side that is needed is worth now, about an organization.
    #[must_use]
    pub fn agreements(&self, terms: &UsersTerms<'_>, organization: OrganizationId) -> Vec<(Side, Agreement)> {
        let mut weighed = weigh(&terms.sides(), terms.rule, &self.given, terms.digest(organization));
        for (side, agreement) in &mut weighed {
            let given = self.given.iter().find(|g| g.side == *side);
            let admins = if *side == Side::Workspace { &self.workspace_admins } else { &self.organization_admins };
            if given.is_some_and(|g| !admins.contains(&g.account)) {
                *agreement = Agreement::NoLongerEntitled;
            }
        }
        weighed
    }
}

impl UsersStanding {
    /// What the consent of each side that is needed is worth now.
    #[must_use]
    pub fn agreements(&self, terms: &UsersTerms<'_>) -> Vec<(Side, Agreement)> {
        self.sides.agreements(terms, self.organization)
    }

    /// What keeps it from migrating, of what lies in the organization.
    #[must_use]
    pub fn blockers(&self) -> Vec<UsersBlocker> {
        organization_blockers(self.user_management, self.is_unclaimed)
    }

    /// Why it is left alone, besides what lies in the workspace and in the campaign.
    #[must_use]
    pub fn left_alone(&self, terms: &UsersTerms<'_>) -> Option<LeftAlone> {
        let blocked = self.blockers().into_iter().find_map(LeftAlone::of_users);
        let is_agreed = || self.agreements(terms).iter().all(|(_, agreement)| *agreement == Agreement::Given);
        blocked.or_else(|| (!is_agreed()).then_some(LeftAlone::ConsentMissing))
    }

    /// The consents that count, of the sides that are needed, in the order of time.
    #[must_use]
    pub fn counted(&self, terms: &UsersTerms<'_>) -> Vec<Given> {
        let agreements = self.agreements(terms);
        let counts = |given: &&Given| agreements.contains(&(given.side, Agreement::Given));
        let mut counted: Vec<Given> = self.sides.given.iter().filter(counts).cloned().collect();
        counted.sort_by_key(|given| (given.at, given.side));
        counted
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::campaign::Purpose;
    use crate::clock::Timestamp;
    use crate::event::Through;
    use crate::link::Consent;

    const CAMPAIGN: CampaignId = CampaignId(Uuid::from_u128(1));
    const ORGANIZATION: OrganizationId = OrganizationId(Uuid::from_u128(2));

    fn account(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(n))
    }

    fn definition(consent: UsersConsent) -> Definition {
        let mut definition = crate::campaign::seed();
        definition.purpose = Purpose::Users;
        definition.users.consent = consent;
        definition
    }

    fn terms(definition: &Definition, consent: Consent, needs_approver: bool) -> UsersTerms<'_> {
        UsersTerms { campaign: CAMPAIGN, definition, rule: Rule { consent, needs_approver } }
    }

    fn standing(terms: &UsersTerms<'_>, given: &[(Side, u128)]) -> UsersStanding {
        let given = given.iter().zip(1..).map(|((side, who), at)| Given {
            side: *side,
            account: account(*who),
            through: Through::Own,
            plan_digest: terms.digest(ORGANIZATION),
            acknowledged: Vec::new(),
            reason: None,
            at: Timestamp::from_micros(at),
        });
        UsersStanding {
            link: LinkId(Uuid::from_u128(3)),
            organization: ORGANIZATION,
            user_management: UserManagement::Centralized,
            is_unclaimed: false,
            sides: UsersSides {
                workspace_admins: [account(1), account(2)].into(),
                organization_admins: [account(2), account(3)].into(),
                given: given.collect(),
            },
        }
    }

    #[test]
    fn everybody_who_must_has_agreed_to_these_terms() {
        let both = definition(UsersConsent::Both);
        let of = terms(&both, Consent::OnePerson, false);
        let missing = Some(LeftAlone::ConsentMissing);
        assert_eq!(standing(&of, &[]).left_alone(&of), missing);
        assert_eq!(standing(&of, &[(Side::Organization, 3)]).left_alone(&of), missing);
        let agreed = standing(&of, &[(Side::Organization, 2), (Side::Workspace, 2)]);
        assert_eq!(agreed.left_alone(&of), None);
        assert_eq!(agreed.counted(&of).len(), 2);
        // Another day is another thing to agree to; so is another organization.
        let later = Definition { automatic_from: "2026-04-16".parse().expect("a day"), ..both.clone() };
        assert_eq!(agreed.left_alone(&terms(&later, Consent::OnePerson, false)), missing);
        assert_ne!(of.digest(ORGANIZATION), of.digest(OrganizationId(Uuid::from_u128(9))));
        // Whoever agreed administers that side no longer.
        let sides = UsersSides { organization_admins: [account(3)].into(), ..agreed.sides.clone() };
        let gone = UsersStanding { sides, ..agreed.clone() };
        assert_eq!(
            gone.agreements(&of),
            [(Side::Workspace, Agreement::Given), (Side::Organization, Agreement::NoLongerEntitled)]
        );
        // What lies in the organization is said first.
        let original = UsersStanding { user_management: UserManagement::Original, ..agreed };
        assert_eq!(original.left_alone(&of), Some(LeftAlone::OrganizationOriginalUserManagement));
    }

    #[test]
    fn silence_is_enough_only_where_the_operator_says_so() {
        let one = definition(UsersConsent::Organization);
        let of = terms(&one, Consent::OnePerson, false);
        assert_eq!(standing(&of, &[(Side::Organization, 3)]).left_alone(&of), None);
        assert_eq!(standing(&of, &[(Side::Workspace, 1)]).left_alone(&of), Some(LeftAlone::ConsentMissing));
    }

    #[test]
    fn two_people_are_two_people_here_as_well() {
        let both = definition(UsersConsent::Both);
        let of = terms(&both, Consent::TwoPeople, true);
        let agreed = |given| standing(&of, given).left_alone(&of).is_none();
        assert!(!agreed(&[(Side::Organization, 2), (Side::Workspace, 2), (Side::Approver, 3)]));
        assert!(!agreed(&[(Side::Organization, 2), (Side::Workspace, 1)]));
        assert!(agreed(&[(Side::Organization, 2), (Side::Workspace, 1), (Side::Approver, 3)]));
    }
}
