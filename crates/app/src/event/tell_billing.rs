//! Says events about money in words.

use orglink_domain::event::EventType;
use serde_json::Value;

use super::tell::{Names, person, plain};

pub(super) fn sentence(kind: EventType, payload: &Value, names: &Names) -> String {
    let text = |field: &str| plain(payload.get(field));
    let name = |field: &str| plain(payload.get(field).and_then(|f| f.get("name")));
    let account = name("billing_account");
    match kind {
        EventType::WorkspaceBillingMigrated => {
            let organization = plain(payload.get("organization").and_then(|o| o.get("slug")));
            format!("migrated the billing: the organization {organization} pays from now on")
        }
        EventType::BillingAccountCreated => format!("made the billing account {}", text("name")),
        EventType::ResellerAgreed => "agreed, as the reseller, that the billing migrates".to_owned(),
        EventType::ResellerWithdrew => "no longer agrees, as the reseller, that the billing migrates".to_owned(),
        EventType::InvoiceIssued => format!("made the bill {} for {account}", text("invoice")),
        EventType::BillingAccountMerged => {
            format!("merged the billing account {account} into {}, which pays for everything of it", name("into"))
        }
        EventType::BillingRequestCreated => {
            format!("asked about the billing account {account}: {}", wish(&text("kind")))
        }
        EventType::BillingRequestEnded => {
            format!("ended what was asked about the billing account {account}: {}", wish(&text("kind")))
        }
        _ => match text("change").as_str() {
            "admin_added" => format!("made {} an admin of the billing account {account}", person(payload, names)),
            "admin_removed" => {
                format!("ended that {} is an admin of the billing account {account}", person(payload, names))
            }
            "payer_changed" if payload.get("payer").is_some_and(Value::is_null) => {
                format!("agreed that nobody else pays the billing account {account} any more")
            }
            "payer_changed" => format!("agreed to pay the billing account {account}"),
            "split" => format!("split the billing account {account}: {} pays for some of it", name("new_account")),
            "took_over" => format!("has {account} pay for everything of the billing account {}", name("from")),
            _ => format!("changed what stands on the bills of {account}"),
        },
    }
}

/// What somebody asks.
fn wish(kind: &str) -> &'static str {
    match kind {
        "payer" => "that somebody else pays",
        "release" => "that whoever pays no longer does",
        _ => "that another account pays for everything of it",
    }
}
