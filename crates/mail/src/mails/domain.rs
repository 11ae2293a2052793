//! Domains of organizations, and the accounts that they manage: the person hears of a claim in time to object, the organization
//! hears of objections and of records that are gone.

use orglink_domain::clock::Timestamp;
use orglink_domain::domain_claim::account::ClaimEnd;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named, Person};

/// What managing is, in the words that everybody concerned reads.
const MEANS: &str = "Managed means one thing: the organization vouches that the account is one of its own. It gets no access to \
                     your workspaces, their content, your password or your sessions, and nothing changes in what you can do.";

fn sample_organization() -> Named {
    Named::new("meridian", "Meridian")
}

fn sample_time() -> Timestamp {
    Timestamp::from_micros(1_773_705_600_000_000)
}

/// An organization is to manage somebody's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountClaimAnnounced {
    pub organization: Named,
    pub domain: String,
    pub by: Person,
    pub takes_effect_at: Timestamp,
}

impl Content for AccountClaimAnnounced {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Domain
    }

    fn subject(&self) -> String {
        format!("{} is to manage your account: you can object", self.organization.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!(
                "The organization {} has shown that the domain {} is its own, and {} claims your account, whose address is there.",
                self.organization, self.domain, self.by
            ),
            MEANS.to_owned(),
            "If it should not be so, object before that date and say why: then it does not take effect. If it is right, there \
             is nothing to do."
                .to_owned(),
        ]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("Takes effect", self.takes_effect_at.to_minute())]
    }

    fn action(&self) -> Action {
        Action::new("Look at it, or object", "/me/account")
    }

    fn is_urgent(&self) -> bool {
        true
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            organization: sample_organization(),
            domain: "meridian.example".to_owned(),
            by: Person::named("Ada Okafor"),
            takes_effect_at: sample_time(),
        }]
    }
}

/// Somebody objects to being managed: for the admins of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountClaimObjected {
    pub organization: Named,
    pub domain: String,
    pub who: Person,
    pub reason: String,
}

impl Content for AccountClaimObjected {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Domain
    }

    fn subject(&self) -> String {
        format!("{} objects to being managed by {}", self.who, self.organization.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!(
                "{} objects that {} manages their account at {}: {}",
                self.who, self.organization, self.domain, self.reason
            ),
            "The claim does not take effect, and nobody can set the objection aside. Talk to the person; then an admin of the \
             organization, or an operator, can withdraw the claim."
                .to_owned(),
        ]
    }

    fn action(&self) -> Action {
        let path = format!("/organizations/{}/managed-accounts?state=objected", self.organization.slug);
        Action::new("See the objections", path)
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            organization: sample_organization(),
            domain: "meridian.example".to_owned(),
            who: Person::named("Noor Haddad"),
            reason: "I have left the company and keep the address by contract.".to_owned(),
        }]
    }
}

/// What became of a claim: for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountClaimSettled {
    pub organization: Named,
    pub domain: String,
    /// It was in effect before.
    pub was_managed: bool,
    /// Why it ended; nothing when it has taken effect.
    pub why: Option<ClaimEnd>,
}

impl Content for AccountClaimSettled {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Domain
    }

    fn subject(&self) -> String {
        let name = &self.organization.name;
        match (self.why, self.was_managed) {
            (None, _) => format!("{name} manages your account now"),
            (Some(_), true) => format!("{name} does not manage your account any more"),
            (Some(_), false) => format!("{name} is not to manage your account after all"),
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let (organization, domain) = (&self.organization, &self.domain);
        match self.why {
            None => vec![
                format!(
                    "The organization {organization} manages your account at {domain}: it was announced, and you have not objected."
                ),
                MEANS.to_owned(),
            ],
            Some(why) => {
                let what = if self.was_managed { "has released your account" } else { "claims your account no more" };
                let why = why.words();
                vec![format!("The organization {organization} {what} at {domain}: {why}. Nothing else changes.")]
            }
        }
    }

    fn action(&self) -> Action {
        Action::new("See your account", "/me/account")
    }

    fn samples() -> Vec<Self> {
        [(false, None), (true, Some(ClaimEnd::Withdrawn)), (false, Some(ClaimEnd::Lapsed))]
            .map(|(was_managed, why)| Self {
                organization: sample_organization(),
                domain: "meridian.example".to_owned(),
                was_managed,
                why,
            })
            .into()
    }
}

/// What a look at the name servers has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DomainNews {
    Verified,
    RecordMissing,
    RecordFound,
    Lapsed,
}

/// Something happened to a domain: for the admins of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainTold {
    pub organization: Named,
    pub domain: String,
    pub news: DomainNews,
    /// When it lapses if the record does not come back.
    pub lapses_at: Option<Timestamp>,
}

impl Content for DomainTold {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Domain
    }

    fn subject(&self) -> String {
        let (domain, name) = (&self.domain, &self.organization.name);
        match self.news {
            DomainNews::Verified => format!("The domain {domain} of {name} is verified"),
            DomainNews::RecordMissing => format!("The record at {domain} of {name} is gone"),
            DomainNews::RecordFound => format!("The record at {domain} of {name} is back"),
            DomainNews::Lapsed => format!("The domain {domain} of {name} has lapsed"),
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let (domain, organization) = (&self.domain, &self.organization);
        let said = match self.news {
            DomainNews::Verified => format!(
                "The record stands there: the domain {domain} is shown to be of {organization}. Nobody is claimed by that."
            ),
            DomainNews::RecordMissing => format!(
                "The name servers answer, and the record that shows that {domain} is of {organization} is not there any more. \
                 Until it is back, nobody is claimed and no claim takes effect. Publish it again, and leave it there."
            ),
            DomainNews::RecordFound => format!("The record at {domain} is back in time. Claims go on as they were announced."),
            DomainNews::Lapsed => format!(
                "The record at {domain} was gone for too long, so the domain has lapsed: nothing new can be claimed, and what was \
                 only announced is withdrawn. Accounts that are managed stay so. Once the record is back, the domain is \
                 verified again, unless another organization has shown it meanwhile."
            ),
        };
        vec![said]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        self.lapses_at.map(|at| ("Lapses", at.to_minute())).into_iter().collect()
    }

    fn action(&self) -> Action {
        let path = format!("/organizations/{}/domains/{}", self.organization.slug, self.domain);
        Action::new("See the domain", path)
    }

    fn is_urgent(&self) -> bool {
        self.news == DomainNews::RecordMissing
    }

    fn samples() -> Vec<Self> {
        [DomainNews::Verified, DomainNews::RecordMissing, DomainNews::RecordFound, DomainNews::Lapsed]
            .map(|news| Self {
                organization: sample_organization(),
                domain: "meridian.example".to_owned(),
                news,
                lapses_at: (news == DomainNews::RecordMissing).then(sample_time),
            })
            .into()
    }
}
