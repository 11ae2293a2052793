//! Why a workspace may not be linked: facts in, reasons out.
//!
//! One pure function per scope, used by every way in, so that page, API, CLI, mail and campaign can never
//! disagree. Reasons of scope `workspace` are *stored* whenever a fact changes (a test recomputes them all and
//! compares); reasons of scope `pair` depend on the organization and are computed when asked.

use serde::Serialize;

use crate::catalog::EligibilityRules;
use crate::organization::UserManagement;
use crate::words;
use crate::workspace::{Kind, Status, SubscriptionPlan};

words! {
    /// Why not. The order is the order in which refusals list them; a refusal's own code is its first.
    "reason" ReasonCode {
        AlreadyLinked = "already_linked",
        PersonalWorkspace = "personal_workspace",
        FreePlan = "free_plan",
        Suspended = "suspended",
        PendingDeletion = "pending_deletion",
        OpenTransfer = "open_transfer",
        LegalHold = "legal_hold",
        NotInCohort = "not_in_cohort",
        NoActiveAdmin = "no_active_admin",
        LinkingFrozen = "linking_frozen",
        OrganizationOriginalUserManagement = "organization_original_user_management",
        OrganizationQuota = "organization_quota",
    }
}

words! {
    /// What a reason is about: the workspace alone, or the workspace together with one organization.
    "scope" ReasonScope { Workspace = "workspace", Pair = "pair" }
}

words! {
    /// What a reason stops.
    "blocked step" Blocks {
        /// Linking, by whomever.
        Link = "link",
        /// Only the automatic linking after the deadline; a person may still link.
        AutomaticLink = "automatic_link",
        /// Only the later migration of users into the organization.
        UsersMigration = "users_migration",
    }
}

/// One reason, in full: the same words on a page, in the API and in the CLI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub code: ReasonCode,
    pub scope: ReasonScope,
    pub blocks: Blocks,
    /// What is the matter, in one sentence.
    pub detail: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// Who can do that.
    pub who: &'static str,
    /// The page of this installation on which the progress of a capability that is missing is followed.
    pub follow: Option<String>,
}

/// What is known of a workspace when its reasons are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceFacts {
    pub is_linked: bool,
    pub kind: Kind,
    pub plan: SubscriptionPlan,
    pub status: Status,
    pub open_transfer: bool,
    pub legal_hold: bool,
    pub labels: Vec<String>,
    /// Administrators who are verified people.
    pub active_admins: i64,
}

/// What is known of the organization of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationFacts {
    pub user_management: UserManagement,
    pub link_quota: Option<i64>,
    /// Of its quota: those that are linked, and those that are kept while a proposal waits. Not counted without one.
    pub taken_places: i64,
}

/// The answer for one workspace, alone or together with an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Eligibility {
    /// A person with both roles may link it now.
    pub eligible: bool,
    /// Automatic linking would take it.
    pub automatic: bool,
    pub reasons: Vec<Reason>,
}

impl Eligibility {
    /// The answer that these reason codes make.
    #[must_use]
    pub fn from_codes(codes: impl IntoIterator<Item = ReasonCode>, rules: &EligibilityRules) -> Self {
        let mut codes: Vec<ReasonCode> = codes.into_iter().collect();
        codes.sort_unstable();
        codes.dedup();
        let reasons: Vec<Reason> = codes.into_iter().map(|code| code.describe(rules)).collect();
        let eligible = reasons.iter().all(|r| r.blocks != Blocks::Link);
        let automatic = eligible && reasons.iter().all(|r| r.blocks != Blocks::AutomaticLink);
        Self { eligible, automatic, reasons }
    }

    /// The reasons that stop a person from linking, first the one that names the refusal.
    pub fn blocking(&self) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(|r| r.blocks == Blocks::Link)
    }
}

/// The reasons that lie in the workspace itself: what is stored.
#[must_use]
pub fn workspace_reasons(facts: &WorkspaceFacts, rules: &EligibilityRules) -> Vec<ReasonCode> {
    let outside = facts.labels.iter().any(|label| rules.labels_outside_cohort.contains(label));
    [
        (facts.is_linked, ReasonCode::AlreadyLinked),
        (facts.kind == Kind::Personal, ReasonCode::PersonalWorkspace),
        (facts.plan == SubscriptionPlan::Free, ReasonCode::FreePlan),
        (facts.status == Status::Suspended, ReasonCode::Suspended),
        (facts.status == Status::PendingDeletion, ReasonCode::PendingDeletion),
        (facts.open_transfer, ReasonCode::OpenTransfer),
        (facts.legal_hold, ReasonCode::LegalHold),
        (outside, ReasonCode::NotInCohort),
        (facts.active_admins == 0, ReasonCode::NoActiveAdmin),
    ]
    .into_iter()
    .filter_map(|(applies, code)| applies.then_some(code))
    .collect()
}

/// The reasons that lie in the installation: the operator's stop switch. Never stored, so that the switch
/// takes effect for a million workspaces by writing one row.
#[must_use]
pub fn installation_reasons(linking_frozen: bool) -> Vec<ReasonCode> {
    linking_frozen.then_some(ReasonCode::LinkingFrozen).into_iter().collect()
}

/// The reasons that lie in the organization chosen.
#[must_use]
pub fn pair_reasons(facts: &OrganizationFacts) -> Vec<ReasonCode> {
    let full = facts.link_quota.is_some_and(|quota| facts.taken_places >= quota);
    [
        (facts.user_management == UserManagement::Original, ReasonCode::OrganizationOriginalUserManagement),
        (full, ReasonCode::OrganizationQuota),
    ]
    .into_iter()
    .filter_map(|(applies, code)| applies.then_some(code))
    .collect()
}

impl ReasonCode {
    /// The reason in full, with what it blocks under these rules.
    #[must_use]
    pub fn describe(self, rules: &EligibilityRules) -> Reason {
        use Blocks::{AutomaticLink, Link, UsersMigration};
        use ReasonScope::{Pair, Workspace};
        let (scope, blocks, detail, remedy, who) = match self {
            Self::AlreadyLinked => (
                Workspace,
                Link,
                "The workspace is already linked to an organization.",
                "Nothing needs to be done. A link cannot be undone or moved by an admin.",
                "nobody",
            ),
            Self::PersonalWorkspace => (
                Workspace,
                Link,
                "It is a personal workspace; only team workspaces are linked.",
                "Convert it to a team workspace.",
                "a workspace admin",
            ),
            Self::FreePlan => (
                Workspace,
                rules.free_plan_blocks,
                match rules.free_plan_blocks {
                    Link => "The workspace is on the free plan; only paid workspaces are linked.",
                    _ => {
                        "Workspaces on the free plan are not linked automatically; the plan alone does not stop a person from linking."
                    }
                },
                "Choose a paid plan for the workspace.",
                "a workspace admin",
            ),
            Self::Suspended => (
                Workspace,
                Link,
                "The workspace is suspended.",
                "Settle what it was suspended for; the operator then lifts the suspension.",
                "a workspace admin, with the operator",
            ),
            Self::PendingDeletion => (
                Workspace,
                Link,
                "The workspace is about to be deleted.",
                "Cancel the deletion first, if it should stay.",
                "a workspace admin",
            ),
            Self::OpenTransfer => (
                Workspace,
                Link,
                "The workspace is being handed to other owners.",
                "Finish or cancel that transfer.",
                "a workspace admin",
            ),
            Self::LegalHold => (
                Workspace,
                Link,
                "The workspace is under a legal hold and must stay as it is.",
                "Wait until the operator releases the hold.",
                "the operator",
            ),
            Self::NotInCohort => (
                Workspace,
                AutomaticLink,
                "The workspace is outside the group that is linked automatically; that alone does not stop a person from linking.",
                "Link it yourself, or ask the operator to include it.",
                "a workspace admin, or the operator",
            ),
            Self::NoActiveAdmin => (
                Workspace,
                AutomaticLink,
                "No administrator of the workspace can act: none is a person with a verified address.",
                "Have an administrator verify their address, or ask the operator to start a recovery.",
                "a workspace admin, or the operator",
            ),
            Self::LinkingFrozen => (
                Workspace,
                Link,
                "The operator has stopped all linking for now.",
                "Wait until the operator allows it again; nothing is lost meanwhile.",
                "the operator",
            ),
            Self::OrganizationOriginalUserManagement => (
                Pair,
                UsersMigration,
                "The organization still has separate user management. Linking works; users cannot migrate into it later until that changes.",
                "Link now if you like; users can migrate once the organization has centralized user management.",
                "the operator",
            ),
            Self::OrganizationQuota => (
                Pair,
                Link,
                "The organization has as many workspaces as it may have, linked or agreed to.",
                "Ask the operator to raise the organization's quota, or withdraw a proposal that waits.",
                "an organization admin, with the operator",
            ),
        };
        Reason { code: self, scope, blocks, detail, remedy, who, follow: rules.follow(self) }
    }

    /// A few words for a lozenge or a table.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::AlreadyLinked => "Already linked",
            Self::PersonalWorkspace => "Personal workspace",
            Self::FreePlan => "Free plan",
            Self::Suspended => "Suspended",
            Self::PendingDeletion => "Being deleted",
            Self::OpenTransfer => "Transfer open",
            Self::LegalHold => "Legal hold",
            Self::NotInCohort => "Outside automatic linking",
            Self::NoActiveAdmin => "No active admin",
            Self::LinkingFrozen => "Linking stopped",
            Self::OrganizationOriginalUserManagement => "Separate user management",
            Self::OrganizationQuota => "Quota reached",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules() -> EligibilityRules {
        EligibilityRules {
            free_plan_blocks: Blocks::AutomaticLink,
            labels_outside_cohort: vec!["keep".into()],
            followed_at: [(ReasonCode::OrganizationOriginalUserManagement, "one-directory".to_owned())].into(),
        }
    }

    fn fine() -> WorkspaceFacts {
        WorkspaceFacts {
            is_linked: false,
            kind: Kind::Team,
            plan: SubscriptionPlan::Standard,
            status: Status::Active,
            open_transfer: false,
            legal_hold: false,
            labels: vec![],
            active_admins: 1,
        }
    }

    fn any_facts() -> impl Strategy<Value = WorkspaceFacts> {
        (any::<bool>(), 0..2_usize, 0..3_usize, 0..3_usize, any::<bool>(), any::<bool>(), any::<bool>(), 0..3_i64)
            .prop_map(|(is_linked, kind, plan, status, open_transfer, legal_hold, keep, active_admins)| {
                WorkspaceFacts {
                    is_linked,
                    kind: Kind::ALL[kind],
                    plan: SubscriptionPlan::ALL[plan],
                    status: Status::ALL[status],
                    open_transfer,
                    legal_hold,
                    labels: if keep { vec!["keep".into()] } else { vec![] },
                    active_admins,
                }
            })
    }

    #[test]
    fn a_paid_team_workspace_with_an_admin_has_no_reasons() {
        assert_eq!(workspace_reasons(&fine(), &rules()), vec![]);
    }

    #[test]
    fn a_free_plan_stops_only_automatic_linking_unless_the_catalog_says_otherwise() {
        let facts = WorkspaceFacts { plan: SubscriptionPlan::Free, ..fine() };
        let codes = workspace_reasons(&facts, &rules());
        let answer = Eligibility::from_codes(codes.clone(), &rules());
        assert!(answer.eligible && !answer.automatic);
        let strict = EligibilityRules { free_plan_blocks: Blocks::Link, ..rules() };
        assert!(!Eligibility::from_codes(codes, &strict).eligible);
    }

    #[test]
    fn an_original_organization_blocks_only_users_migration() {
        let facts =
            OrganizationFacts { user_management: UserManagement::Original, link_quota: Some(2), taken_places: 1 };
        let answer = Eligibility::from_codes(pair_reasons(&facts), &rules());
        assert!(answer.eligible && answer.automatic && answer.reasons.len() == 1);
        assert_eq!(answer.reasons[0].follow.as_deref(), Some("/tracker/one-directory"));
        let full = OrganizationFacts { taken_places: 2, ..facts };
        assert!(!Eligibility::from_codes(pair_reasons(&full), &rules()).eligible);
    }

    proptest! {
        #[test]
        fn reasons_come_in_their_fixed_order_and_eligible_means_nothing_blocks_linking(facts in any_facts(), frozen: bool) {
            let mut codes = workspace_reasons(&facts, &rules());
            codes.extend(installation_reasons(frozen));
            let answer = Eligibility::from_codes(codes.into_iter().rev(), &rules());
            prop_assert!(answer.reasons.windows(2).all(|w| w[0].code < w[1].code));
            prop_assert_eq!(answer.eligible, answer.blocking().next().is_none());
            prop_assert!(answer.eligible || !answer.automatic);
            prop_assert_eq!(facts.is_linked, answer.reasons.first().is_some_and(|r| r.code == ReasonCode::AlreadyLinked));
        }
    }
}
