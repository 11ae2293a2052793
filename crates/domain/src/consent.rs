//! Consent by two sides: one proposes a link, the other agrees to the same plan, in any order.
//!
//! A consent is to one plan digest. When what the plan says has changed, it no longer counts, and whoever gave it sees what
//! changed; nothing is done until every side that is needed has agreed to the plan as it is.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::digest::Digest;
use crate::event::Through;
use crate::id::{AccountId, OrganizationId, ProposalId, WorkspaceId};
use crate::link::{Act, Consent};
use crate::words;

words! {
    /// Who agrees, and as what.
    "side" Side {
        /// An admin of the workspace.
        Workspace = "workspace",
        /// An admin of the organization.
        Organization = "organization",
        /// An admin of the organization that the workspace leaves.
        Source = "source",
        /// Another admin of the organization, where the operator wants a final approval.
        Approver = "approver",
        /// Whoever was named as the one who will pay.
        Payer = "payer",
        /// Somebody who runs the installation, of a link that operators end.
        Operator = "operator",
        /// Another one.
        SecondOperator = "second_operator",
        /// One person who administers both, and decided alone. Nobody is asked as this.
        Both = "both",
    }
}

impl Side {
    /// That of somebody who decides alone with these roles.
    #[must_use]
    pub const fn of(is_of_workspace: bool, is_of_organization: bool) -> Option<Self> {
        match (is_of_workspace, is_of_organization) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Workspace),
            (false, true) => Some(Self::Organization),
            (false, false) => None,
        }
    }

    /// The sides whose consent must come from somebody else than this one's. Two organizations may have the same admin.
    #[must_use]
    pub const fn others(self, consent: Consent) -> &'static [Self] {
        match (self, consent) {
            (Self::Operator, _) => &[Self::SecondOperator],
            (Self::SecondOperator, _) => &[Self::Operator],
            (Self::Approver, _) => &[Self::Workspace, Self::Source, Self::Organization],
            (Self::Workspace, Consent::TwoPeople) => &[Self::Source, Self::Organization],
            (Self::Source | Self::Organization, Consent::TwoPeople) => &[Self::Workspace],
            _ => &[],
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Workspace => "the workspace",
            Self::Organization => "the organization",
            Self::Source => "the organization that it leaves",
            Self::Approver => "the final approval",
            Self::Payer => "the payer",
            Self::Operator => "an operator",
            Self::SecondOperator => "a second operator",
            Self::Both => "both sides",
        }
    }

    /// Who can agree for it.
    #[must_use]
    pub const fn who(self) -> &'static str {
        match self {
            Self::Workspace => "an admin of the workspace",
            Self::Organization => "an admin of the organization",
            Self::Source => "an admin of the organization that it leaves",
            Self::Approver => "another admin of the organization",
            Self::Payer => "the payer who was named",
            Self::Operator => "an operator of the installation",
            Self::SecondOperator => "another operator of the installation",
            Self::Both => "somebody who administers both",
        }
    }
}

words! {
    /// Where a proposal stands.
    "proposal state" ProposalState {
        Open = "open",
        /// Every side agreed: it was done.
        Done = "done",
        Declined = "declined",
        Withdrawn = "withdrawn",
        Expired = "expired",
        /// The workspace was linked otherwise, or one of the two is gone.
        Superseded = "superseded",
    }
}

/// A link, or a move to another organization, that somebody wants and that others must agree to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub id: ProposalId,
    /// `Link`, `Transfer` or `Unlink`.
    pub act: Act,
    pub workspace_id: WorkspaceId,
    /// Where it is to be.
    pub organization_id: OrganizationId,
    /// Where it is, when it is to be moved.
    pub source_id: Option<OrganizationId>,
    pub proposed_by: AccountId,
    /// Whose admin proposed it: that side withdraws it, and reminds.
    pub proposed_from: Side,
    /// The address of whoever is to agree as payer.
    pub payer: Option<String>,
    pub message: Option<String>,
    /// As it is kept; what holds now is [`Proposal::state_at`].
    pub state: ProposalState,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub reminded_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<AccountId>,
    /// Why it was declined.
    pub reason: Option<String>,
}

/// One side's agreement to one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub side: Side,
    pub account: AccountId,
    /// In person, or an operator on behalf of the account.
    pub through: Through,
    pub plan_digest: Digest,
    pub acknowledged: Vec<String>,
    /// Why, of an operator who ends a link.
    pub reason: Option<String>,
    pub at: Timestamp,
}

words! {
    /// What is still to be done about a side.
    "standing" Agreement {
        /// Nobody has agreed for it.
        Missing = "missing",
        /// Agreed to the plan as it is.
        Given = "given",
        /// Agreed to what the plan was; it has changed since.
        Outdated = "outdated",
        /// Agreed, but two different people are needed, and what an operator does in somebody's name is nobody's second consent.
        NotASecondPerson = "not_a_second_person",
        /// Whoever agreed may no longer speak for this side.
        NoLongerEntitled = "no_longer_entitled",
    }
}

impl Agreement {
    /// As people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Missing => "nobody has agreed",
            Self::Given => "given",
            Self::Outdated => "given to what has changed since; it takes another",
            Self::NotASecondPerson => "given, but it takes two different people, each in person",
            Self::NoLongerEntitled => "given by somebody who no longer speaks for this side",
        }
    }
}

/// How the operator wants links agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub consent: Consent,
    /// Another admin of the organization must approve.
    pub needs_approver: bool,
}

/// The proposal is not open any more; nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proposal is {0}")]
pub struct NotOpen(pub ProposalState);

impl Proposal {
    /// How often those who have not answered may be reminded: once a day.
    pub const REMINDER_SECONDS: i64 = 24 * 60 * 60;

    /// Where it stands at a moment, whether or not it was noted already that its time has passed.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> ProposalState {
        match self.state {
            ProposalState::Open if self.expires_at <= now => ProposalState::Expired,
            state => state,
        }
    }

    /// The sides that must agree.
    #[must_use]
    pub fn sides(&self, rule: Rule) -> Vec<Side> {
        if self.act == Act::Unlink {
            return vec![Side::Operator, Side::SecondOperator];
        }
        let optional = [(rule.needs_approver, Side::Approver), (self.payer.is_some(), Side::Payer)];
        let source = self.source_id.map(|_| Side::Source);
        let parties = [Some(Side::Workspace), source, Some(Side::Organization)];
        parties
            .into_iter()
            .flatten()
            .chain(optional.into_iter().filter_map(|(needed, side)| needed.then_some(side)))
            .collect()
    }

    /// What each side's consent is worth for a plan. Whether people may still speak for their side is read elsewhere.
    #[must_use]
    pub fn weigh(&self, rule: Rule, given: &[Given], plan: Digest) -> Vec<(Side, Agreement)> {
        weigh(&self.sides(rule), rule, given, plan)
    }

    /// Ends it.
    ///
    /// # Errors
    /// When it is not open.
    pub fn end(self, state: ProposalState, by: Option<AccountId>, now: Timestamp) -> Result<Self, NotOpen> {
        match self.state_at(now) {
            ProposalState::Open => Ok(Self { state, ended_at: Some(now), ended_by: by, ..self }),
            ended => Err(NotOpen(ended)),
        }
    }

    /// Somebody says no, and why.
    ///
    /// # Errors
    /// When it is not open.
    pub fn decline(self, by: AccountId, reason: String, now: Timestamp) -> Result<Self, NotOpen> {
        Ok(Self { reason: Some(reason), ..self.end(ProposalState::Declined, Some(by), now)? })
    }

    /// Its time has passed.
    ///
    /// # Errors
    /// When it has not, or it ended before.
    pub fn expire(self, now: Timestamp) -> Result<Self, NotOpen> {
        match (self.state, self.state_at(now)) {
            (ProposalState::Open, ProposalState::Expired) => {
                Ok(Self { state: ProposalState::Expired, ended_at: Some(now), ..self })
            }
            (state, _) => Err(NotOpen(state)),
        }
    }
}

/// What the consent of each of these sides is worth for a plan.
#[must_use]
pub fn weigh(sides: &[Side], rule: Rule, given: &[Given], plan: Digest) -> Vec<(Side, Agreement)> {
    let of = |side| given.iter().find(|g| g.side == side);
    let weigh = |side: Side| {
        let Some(mine) = of(side) else { return Agreement::Missing };
        if mine.plan_digest != plan {
            return Agreement::Outdated;
        }
        // Who agreed first is the first person; the other must be somebody else.
        let others = side.others(rule.consent);
        let is_own = mine.through == Through::Own || others.is_empty();
        let is_other = others.iter().filter_map(|side| of(*side)).all(|theirs| {
            let is_first = side != Side::Approver && (mine.at, mine.side) < (theirs.at, theirs.side);
            is_first || theirs.account != mine.account
        });
        if is_own && is_other { Agreement::Given } else { Agreement::NotASecondPerson }
    };
    sides.iter().map(|side| (*side, weigh(*side))).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const TWO_SIDED: Rule = Rule { consent: Consent::TwoSided, needs_approver: false };
    const TWO_PEOPLE: Rule = Rule { consent: Consent::TwoPeople, needs_approver: false };

    fn proposal() -> Proposal {
        Proposal {
            id: ProposalId(Uuid::from_u128(1)),
            act: Act::Link,
            workspace_id: WorkspaceId(Uuid::from_u128(2)),
            organization_id: OrganizationId(Uuid::from_u128(3)),
            source_id: None,
            proposed_by: account(1),
            proposed_from: Side::Workspace,
            payer: None,
            message: None,
            state: ProposalState::Open,
            created_at: Timestamp::from_micros(0),
            expires_at: Timestamp::from_micros(1000),
            reminded_at: None,
            ended_at: None,
            ended_by: None,
            reason: None,
        }
    }

    fn account(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(n))
    }

    fn plan(n: u8) -> Digest {
        Digest::of(&[&[n]])
    }

    fn given(side: Side, by: u128, plan: Digest, at: i64) -> Given {
        let at = Timestamp::from_micros(at);
        Given {
            side,
            account: account(by),
            through: Through::Own,
            plan_digest: plan,
            acknowledged: vec![],
            reason: None,
            at,
        }
    }

    fn states(proposal: &Proposal, rule: Rule, given: &[Given]) -> Vec<Agreement> {
        proposal.weigh(rule, given, plan(1)).into_iter().map(|(_, agreement)| agreement).collect()
    }

    #[test]
    fn both_sides_agree_to_the_plan_as_it_is() {
        let mine = given(Side::Workspace, 1, plan(1), 1);
        assert_eq!(states(&proposal(), TWO_SIDED, &[]), [Agreement::Missing, Agreement::Missing]);
        assert_eq!(states(&proposal(), TWO_SIDED, std::slice::from_ref(&mine)), [Agreement::Given, Agreement::Missing]);
        let older = given(Side::Organization, 2, plan(0), 2);
        assert_eq!(states(&proposal(), TWO_SIDED, &[mine.clone(), older]), [Agreement::Given, Agreement::Outdated]);
        let same_person = given(Side::Organization, 1, plan(1), 2);
        let both = [mine, same_person];
        assert_eq!(states(&proposal(), TWO_SIDED, &both), [Agreement::Given, Agreement::Given]);
        assert_eq!(states(&proposal(), TWO_PEOPLE, &both), [Agreement::Given, Agreement::NotASecondPerson]);
    }

    #[test]
    fn an_operator_in_somebodys_name_is_no_second_person() {
        let mine = given(Side::Workspace, 1, plan(1), 1);
        let operated = Given { through: Through::Operator, ..given(Side::Organization, 2, plan(1), 2) };
        let both = [mine, operated];
        assert_eq!(states(&proposal(), TWO_SIDED, &both), [Agreement::Given, Agreement::Given]);
        assert_eq!(states(&proposal(), TWO_PEOPLE, &both), [Agreement::Given, Agreement::NotASecondPerson]);
    }

    #[test]
    fn the_approver_is_neither_of_the_two_and_the_payer_may_be_anybody() {
        let rule = Rule { needs_approver: true, ..TWO_SIDED };
        let with_payer = Proposal { payer: Some("p@x.example".to_owned()), ..proposal() };
        let agreed = [
            given(Side::Workspace, 1, plan(1), 1),
            given(Side::Organization, 2, plan(1), 2),
            given(Side::Approver, 2, plan(1), 3),
            given(Side::Payer, 1, plan(1), 4),
        ];
        let wanted = [Agreement::Given, Agreement::Given, Agreement::NotASecondPerson, Agreement::Given];
        assert_eq!(states(&with_payer, rule, &agreed), wanted);
        // Whoever approves before the two have agreed is measured against them all the same.
        let early = [given(Side::Approver, 1, plan(1), 0), given(Side::Workspace, 1, plan(1), 1)];
        assert_eq!(
            states(&proposal(), rule, &early),
            [Agreement::Given, Agreement::Missing, Agreement::NotASecondPerson]
        );
    }

    #[test]
    fn a_move_takes_three_who_agree() {
        let source_id = Some(OrganizationId(Uuid::from_u128(4)));
        let moved = Proposal { act: Act::Transfer, source_id, ..proposal() };
        let mine = given(Side::Workspace, 1, plan(1), 1);
        let leaves = given(Side::Source, 2, plan(1), 2);
        let both = [mine.clone(), leaves.clone()];
        assert_eq!(states(&moved, TWO_PEOPLE, &both), [Agreement::Given, Agreement::Given, Agreement::Missing]);
        // Whoever administers both organizations speaks for both; whoever also administers the workspace does not.
        let takes = given(Side::Organization, 2, plan(1), 3);
        let all = [mine, leaves.clone(), takes.clone()];
        assert_eq!(states(&moved, TWO_PEOPLE, &all), [Agreement::Given; 3]);
        let alone = [given(Side::Workspace, 2, plan(1), 4), leaves, takes];
        let wanted = [Agreement::NotASecondPerson, Agreement::Given, Agreement::Given];
        assert_eq!(states(&moved, TWO_PEOPLE, &alone), wanted);
        assert_eq!(states(&moved, TWO_SIDED, &alone), [Agreement::Given; 3]);
    }

    #[test]
    fn two_operators_are_two_whatever_the_rule() {
        let ends = Proposal { act: Act::Unlink, ..proposal() };
        let one = given(Side::Operator, 1, plan(1), 1);
        let same = [one.clone(), given(Side::SecondOperator, 1, plan(1), 2)];
        assert_eq!(states(&ends, TWO_SIDED, &same), [Agreement::Given, Agreement::NotASecondPerson]);
        let two = [one, given(Side::SecondOperator, 2, plan(1), 2)];
        assert_eq!(states(&ends, TWO_SIDED, &two), [Agreement::Given; 2]);
    }

    #[test]
    fn a_proposal_ends_once() {
        let (early, late) = (Timestamp::from_micros(5), Timestamp::from_micros(1000));
        assert_eq!(
            proposal().end(ProposalState::Done, None, late),
            Err(NotOpen(ProposalState::Expired)),
            "nothing is agreed to after its time"
        );
        assert_eq!(proposal().expire(early), Err(NotOpen(ProposalState::Open)));
        let declined = proposal().decline(account(2), "no".to_owned(), early).expect("open");
        for ended in [declined, proposal().expire(late).expect("late")] {
            let state = ended.state;
            assert_eq!(ended.clone().end(ProposalState::Withdrawn, None, early), Err(NotOpen(state)));
            assert_eq!(ended.expire(late), Err(NotOpen(state)));
        }
    }
}
