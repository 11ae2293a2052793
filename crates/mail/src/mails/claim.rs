//! An organization that a campaign made is to become like every other: its other admins hear and can object.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named, Person};

fn page(organization: &Named) -> Action {
    Action::new("See the organization", format!("/organizations/{}", organization.slug))
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimBegun {
    pub organization: Named,
    pub by: Person,
    pub takes_effect_at: Timestamp,
}

impl Content for ClaimBegun {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        format!("{} wants to claim the organization {}", self.by, self.organization.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!(
                "The organization {} was made when workspaces were linked by themselves, and nobody has claimed it yet. \
                 {} wants to. From then on its admins, you among them, administer it like every other organization.",
                self.organization, self.by
            ),
            "Nobody gains access to a workspace by it. You can object until it takes effect.".to_owned(),
        ]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("Takes effect", self.takes_effect_at.to_minute())]
    }

    fn action(&self) -> Action {
        page(&self.organization)
    }

    fn is_urgent(&self) -> bool {
        true
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            organization: Named::new("atlas-platform", "Atlas Platform"),
            by: Person::named("Ada Okafor"),
            takes_effect_at: Timestamp::from_micros(1_773_705_600_000_000),
        }]
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimEnded {
    pub organization: Named,
    pub by: Person,
    /// It is claimed; otherwise somebody has objected.
    pub is_claimed: bool,
    /// Why somebody objected.
    pub reason: String,
}

impl Content for ClaimEnded {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        let name = &self.organization.name;
        if self.is_claimed {
            format!("The organization {name} is claimed")
        } else {
            format!("The organization {name} is not claimed: {} objected", self.by)
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        if self.is_claimed {
            return vec![format!(
                "The organization {} is one like every other now: its admins give roles, make sites and link workspaces.",
                self.organization
            )];
        }
        vec![
            format!("{} objected that the organization {} is claimed: {}", self.by, self.organization, self.reason),
            "It stays as it was. Any of its admins can claim it again.".to_owned(),
        ]
    }

    fn action(&self) -> Action {
        page(&self.organization)
    }

    fn samples() -> Vec<Self> {
        let sample = |is_claimed, reason: &str| Self {
            organization: Named::new("atlas-platform", "Atlas Platform"),
            by: Person::named("Noor Haddad"),
            is_claimed,
            reason: reason.to_owned(),
        };
        vec![sample(true, ""), sample(false, "We want the organization that the others have.")]
    }
}
