//! Billing accounts: a bill was made, something about one is different, something is asked.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceIssued {
    pub number: String,
    /// The billing account: id and name.
    pub account: Named,
    pub organization: Named,
    /// With the currency: `208.96 USD`.
    pub total: String,
    /// `15 April 2026`.
    pub due_on: String,
}

impl Content for InvoiceIssued {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Billing
    }

    fn subject(&self) -> String {
        format!("Bill {} for {}: {}", self.number, self.account.name, self.total)
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![format!(
            "The bill {} of the billing account {} in the organization {} was made. It comes to {} and is to be paid by {}.",
            self.number, self.account.name, self.organization, self.total, self.due_on
        )]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("Total", self.total.clone()), ("To be paid by", self.due_on.clone())]
    }

    fn action(&self) -> Action {
        Action::new("See the bill", format!("/invoices/{}", self.number))
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            number: "INV-000042".to_owned(),
            account: Named::new("01890000-0000-7000-8000-000000000000", "Docs Site"),
            organization: Named::new("meridian", "Meridian"),
            total: "208.96 USD".to_owned(),
            due_on: "15 April 2026".to_owned(),
        }]
    }
}

/// What is different about a billing account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingAccountNews {
    pub account: Named,
    pub organization: Named,
    /// What happened: who, and what they did.
    pub said: String,
    pub at: Timestamp,
    /// It takes the answer of whoever reads it.
    #[serde(default)]
    pub is_asked: bool,
    /// The page that whoever reads it may see of it: theirs, or the list of all of theirs.
    #[serde(default)]
    pub page: Option<String>,
}

impl Content for BillingAccountNews {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Billing
    }

    fn subject(&self) -> String {
        if self.is_asked {
            return format!("You are asked about the billing account {}", self.account.name);
        }
        format!("The billing account {} has changed", self.account.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        let mut said = vec![
            format!("{}. The billing account is in the organization {}.", self.said, self.organization),
            "Bills that were made stay as they are. Nobody's access to anything changes.".to_owned(),
        ];
        if self.is_asked {
            said.push("It is yours to agree to, or to say no. Nothing happens unless you agree within 30 days.".to_owned());
        }
        said
    }

    fn action(&self) -> Action {
        match &self.page {
            Some(id) => Action::new("See the billing account", format!("/billing-accounts/{id}")),
            None => Action::new("See your bills", "/billing-accounts".to_owned()),
        }
    }

    fn samples() -> Vec<Self> {
        let sample = |said: &str, is_asked| Self {
            account: Named::new("01890000-0000-7000-8000-000000000000", "Docs Site"),
            organization: Named::new("meridian", "Meridian"),
            said: said.to_owned(),
            at: Timestamp::from_micros(1_780_272_000_000_000),
            is_asked,
            page: is_asked.then(|| "01890000-0000-7000-8000-000000000000".to_owned()),
        };
        vec![
            sample("Ada Lovelace agreed to pay the billing account Docs Site", false),
            sample("Ada Lovelace asked about the billing account Docs Site: that somebody else pays", true),
        ]
    }
}
