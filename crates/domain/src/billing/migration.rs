//! Whether a workspace's billing may migrate, and what keeps it from that.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::preview::{AccountKey, Payer, account_key};
use super::terms::{CountPeople, NoPrice, Terms};
use crate::day::Day;
use crate::digest::{Digest, canonical_json};
use crate::id::{AccountId, LinkId, OrganizationId, WorkspaceId};
use crate::money::Currency;
use crate::words;
use crate::workspace::{BillingCycle, SubscriptionPlan};

words! {
    /// What keeps billing from migrating. A link, holds and dates are looked at before.
    "blocker" Blocker {
        /// A bill of the time before is not paid.
        OpenInvoice = "open_invoice",
        /// Nobody would administer the account.
        NoBillingContact = "no_billing_contact",
        /// Whoever sells it on has not agreed.
        ResellerMustConsent = "reseller_must_consent",
        /// The price list has nothing for it.
        NoPrice = "no_price",
        /// People are counted once over all workspaces of a payer, which takes one cycle: by the month.
        CycleMismatch = "cycle_mismatch",
    }
}

impl Blocker {
    #[must_use]
    pub const fn detail(self) -> &'static str {
        match self {
            Self::OpenInvoice => "A bill of it is not paid yet.",
            Self::NoBillingContact => "It has no billing contact, so that nobody would administer the billing account.",
            Self::ResellerMustConsent => {
                "Its reseller has not agreed that the organization's account pays from then on."
            }
            Self::NoPrice => "The price list has no price for its plan, currency and number of people.",
            Self::CycleMismatch => {
                "It is billed annually, and people in several workspaces are counted once, which is done by the month."
            }
        }
    }

    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::OpenInvoice => "Pay it; the operator then imports it as paid.",
            Self::NoBillingContact => "Name a billing contact in the settings of the workspace.",
            Self::ResellerMustConsent => "Ask the reseller to agree on the workspace's billing page.",
            Self::NoPrice => "Add the price to the catalog, or change the workspace's plan.",
            Self::CycleMismatch => "Change its billing to monthly when its paid year ends.",
        }
    }

    #[must_use]
    pub const fn who(self) -> &'static str {
        match self {
            Self::OpenInvoice => "the workspace's billing contacts",
            Self::NoBillingContact | Self::CycleMismatch => "a workspace admin",
            Self::ResellerMustConsent => "the reseller",
            Self::NoPrice => "the operator",
        }
    }
}

/// What is looked at: a linked workspace whose billing has not migrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingFacts {
    pub workspace: WorkspaceId,
    pub link: LinkId,
    pub organization: OrganizationId,
    pub plan: SubscriptionPlan,
    pub cycle: BillingCycle,
    pub currency: Currency,
    pub tax: String,
    pub paid_until: Option<Day>,
    pub payer: Payer,
    /// The plan that the reseller agreed to.
    pub agreed_to: Option<Digest>,
    pub technical_contacts: BTreeSet<AccountId>,
    pub open_invoices: i64,
    pub people: u32,
}

impl BillingFacts {
    /// The billing account that it comes to.
    #[must_use]
    pub fn account_key(&self) -> AccountKey {
        account_key(&self.payer, self.currency, &self.tax)
    }

    /// The plan: the facts that somebody agrees to, in a form whose digest is taken (RFC 8785). How many people there are, what that
    /// costs and up to when it is paid change from day to day and stand beside it.
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "format": "orglink-billing-migration-plan-v1",
            "workspace": self.workspace,
            "organization": self.organization,
            "link": self.link,
            "plan": self.plan, "billing_cycle": self.cycle, "currency": self.currency, "tax": self.tax,
            "billing_admins": self.payer.contacts,
            "payer": self.payer.reseller,
        })
    }

    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&[&canonical_json(&self.document()).unwrap_or_default()])
    }

    /// Whether there is no reseller, or they agreed to the plan as it is.
    #[must_use]
    pub fn reseller_agrees(&self) -> bool {
        self.payer.reseller.is_none() || self.agreed_to == Some(self.digest())
    }

    /// Everything that keeps it from migrating, in a fixed order.
    #[must_use]
    pub fn blockers(&self, terms: &Terms, on: Day) -> Vec<Blocker> {
        let price: Result<_, NoPrice> = terms.price(self.plan, self.currency, self.cycle, on, self.people);
        let found = [
            (self.open_invoices > 0, Blocker::OpenInvoice),
            (self.payer.contacts.is_empty(), Blocker::NoBillingContact),
            (!self.reseller_agrees(), Blocker::ResellerMustConsent),
            (price.is_err(), Blocker::NoPrice),
            (terms.count_people == CountPeople::Once && self.cycle == BillingCycle::Annual, Blocker::CycleMismatch),
        ];
        found.into_iter().filter_map(|(is_so, blocker)| is_so.then_some(blocker)).collect()
    }

    /// From which day on the organization pays: where all is paid, and never before the day itself.
    #[must_use]
    pub fn charged_from(&self, on: Day) -> Day {
        self.paid_until.map_or(on, |day| day.max(on))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::terms::tests::terms;
    use super::*;

    #[test]
    fn every_blocker_is_found_and_each_says_what_to_do() {
        let on: Day = "2026-06-01".parse().expect("a day");
        let account = AccountId(Uuid::from_u128(1));
        let fine = BillingFacts {
            workspace: WorkspaceId(Uuid::from_u128(4)),
            plan: SubscriptionPlan::Standard,
            link: LinkId(Uuid::from_u128(2)),
            organization: OrganizationId(Uuid::from_u128(3)),
            cycle: BillingCycle::Monthly,
            currency: terms().currency,
            tax: "none".to_owned(),
            paid_until: None,
            payer: Payer { contacts: [account].into(), reseller: None },
            agreed_to: None,
            technical_contacts: BTreeSet::new(),
            open_invoices: 0,
            people: 6,
        };
        assert_eq!(fine.blockers(&terms(), on), []);
        let mut bad = BillingFacts {
            open_invoices: 1,
            payer: Payer { contacts: BTreeSet::new(), reseller: Some(account) },
            cycle: BillingCycle::Annual,
            plan: SubscriptionPlan::Free,
            ..fine.clone()
        };
        let once = Terms { count_people: CountPeople::Once, ..terms() };
        assert_eq!(bad.blockers(&once, on), Blocker::ALL);
        bad.agreed_to = Some(bad.digest());
        assert!(!bad.blockers(&once, on).contains(&Blocker::ResellerMustConsent));
        // More people and another paid day are no other plan; another organization, plan or contact is.
        let busier = BillingFacts { people: 900, paid_until: on.plus(9), ..bad.clone() };
        assert!(busier.reseller_agrees());
        for other in [
            BillingFacts { organization: OrganizationId(Uuid::from_u128(9)), ..bad.clone() },
            BillingFacts { plan: SubscriptionPlan::Premium, ..bad.clone() },
            BillingFacts { payer: Payer { contacts: [account].into(), ..bad.payer.clone() }, ..bad.clone() },
        ] {
            assert!(!other.reseller_agrees());
        }
        assert_eq!(fine.charged_from(on), on);
        let paid = BillingFacts { paid_until: on.plus(20), ..fine };
        assert_eq!(Some(paid.charged_from(on)), on.plus(20));
    }
}
