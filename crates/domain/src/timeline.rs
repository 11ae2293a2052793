//! The stages of a workspace on one line: for each thing that happened or is to come, what it changes and what it does not.
//! The one place for these words.

use crate::event::EventType;
use crate::words;

words! {
    /// Which of the things that are confused easily an entry is about.
    "step of a timeline" Step {
        /// It became known here, or is gone.
        Workspace = "workspace",
        Linking = "linking",
        Billing = "billing",
        Users = "users",
    }
}

/// What something does, and what it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    pub step: Step,
    pub changes: &'static str,
    pub leaves: &'static str,
}

const LINK: Effect = Effect {
    step: Step::Linking,
    changes: "Which organization it belongs to, and which features that opens.",
    leaves: "People, groups, permissions, repositories, prices, and who pays.",
};
const DATES: Effect = Effect {
    step: Step::Linking,
    changes: "When it is linked by itself.",
    leaves: "Everything else: it is a date of linking only, not of billing or of users.",
};
const BILLING: Effect = Effect {
    step: Step::Billing,
    changes: "Who pays: the organization, in the account of its billing contacts.",
    leaves: "People, groups, permissions, prices, and what was paid, which is not charged again.",
};

const USERS: Effect = Effect {
    step: Step::Users,
    changes: "Where the members of its groups are managed: in the directory of its organization.",
    leaves: "Who can do what, which was proven before it; prices, and who pays.",
};

/// What a kind of event means on the line; none for what is no stage of a workspace.
#[must_use]
pub const fn effect_of(kind: EventType) -> Option<Effect> {
    Some(match kind {
        EventType::WorkspaceCreated => Effect {
            step: Step::Workspace,
            changes: "It is known here.",
            leaves: "Everything in it is as it was where it came from.",
        },
        EventType::WorkspaceLinked => LINK,
        EventType::WorkspaceUnlinked => Effect {
            step: Step::Linking,
            changes: "It no longer belongs to that organization, nor has the features that this opened.",
            leaves: LINK.leaves,
        },
        EventType::LinkAccessVerified => Effect {
            step: Step::Linking,
            changes: "Nothing: who can do what was compared before and after.",
            leaves: "Everybody's access.",
        },
        EventType::LinkingPostponed | EventType::PostponementWithdrawn | EventType::OrganizationPreferred => DATES,
        EventType::ResellerAgreed | EventType::ResellerWithdrew => Effect {
            step: Step::Billing,
            changes: "Whether its billing may migrate.",
            leaves: "Who pays today, and everything else.",
        },
        EventType::WorkspaceBillingMigrated => BILLING,
        EventType::UsersMigrationAgreed | EventType::UsersMigrationWithdrawn => Effect {
            step: Step::Users,
            changes: "Whether its users may migrate with the others.",
            leaves: "Who can do what, where people are managed today, and everything else.",
        },
        EventType::WorkspaceUsersMigrated => USERS,
        _ => return None,
    })
}

/// What is to come, by itself, on a day that is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToCome {
    /// The last day on which people choose an organization themselves.
    LinkBy,
    LinkedByItself,
    /// From then on the link cannot be undone.
    Sealed,
    BillingMigrates,
    UsersMigrate,
}

impl ToCome {
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::LinkBy => "The last day to choose an organization ends",
            Self::LinkedByItself => "It is linked by itself, if nobody has",
            Self::Sealed => "The link can no longer be undone",
            Self::BillingMigrates => "Its billing migrates to the organization",
            Self::UsersMigrate => "Its users migrate into the organization's directory, if both sides have agreed",
        }
    }

    #[must_use]
    pub const fn effect(self) -> Effect {
        match self {
            Self::LinkBy => DATES,
            Self::LinkedByItself => LINK,
            Self::Sealed => {
                Effect { step: Step::Linking, changes: "Nobody can undo the link from then on.", leaves: LINK.leaves }
            }
            Self::BillingMigrates => BILLING,
            Self::UsersMigrate => USERS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_says_what_it_leaves_as_it_is() {
        let told: Vec<Effect> = EventType::ALL.iter().filter_map(|kind| effect_of(*kind)).collect();
        assert!(told.len() >= 9);
        let to_come =
            [ToCome::LinkBy, ToCome::LinkedByItself, ToCome::Sealed, ToCome::BillingMigrates, ToCome::UsersMigrate];
        for effect in told.into_iter().chain(to_come.map(ToCome::effect)) {
            assert!(effect.changes.ends_with('.') && effect.leaves.ends_with('.'), "{effect:?}");
        }
    }
}
