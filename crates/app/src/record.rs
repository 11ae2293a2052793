//! Import records: one JSON object a line, `type` first, references by natural key (e-mail address, slug).
//!
//! The same shapes are read by the import and written by the export. An absent optional field keeps what is
//! stored, or takes the default on creation; a list that is given is the whole truth. Unknown fields and types
//! are errors.

use std::collections::BTreeMap;

use orglink_domain::billing::InvoiceState;
use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_domain::money::{Amount, Currency};
use orglink_domain::organization::UserManagement;
use orglink_domain::workspace::{BillingCycle, Hold, Kind, Permission, Status, SubscriptionPlan};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

pub use orglink_store::staging::RecordType;

/// What a line begins with.
#[derive(Debug, Deserialize)]
pub struct Head {
    #[serde(rename = "type")]
    pub record_type: RecordType,
}

macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $ty:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The tag itself; [`Head`] has read it.
            #[serde(rename = "type")]
            pub tag: RecordType,
            $($(#[$fmeta])* pub $field: $ty),+
        }
    };
}

record! {
    AccountRecord {
        email: String,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verified: Option<bool>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        is_robot: Option<bool>,
    }
}

record! {
    OrganizationRecord {
        slug: String,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link_quota: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_management: Option<UserManagement>,
        admins: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verified_domains: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        identity_provider: Option<String>,
    }
}

record! {
    SiteRecord {
        organization: String,
        slug: String,
        products: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        admins: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        integrations: Option<Vec<Integration>>,
    }
}

/// A product of a site that works with a workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    pub product: String,
    pub workspace: String,
}

record! {
    WorkspaceRecord {
        slug: String,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        app: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<Kind>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<SubscriptionPlan>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        billing_cycle: Option<BillingCycle>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<Status>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        labels: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        holds: Option<Vec<Hold>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        uuid: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        billing_contacts: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        technical_contacts: Option<Vec<String>>,
    }
}

record! {
    UserGroupRecord {
        workspace: String,
        slug: String,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        is_admin: Option<bool>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repository_permission: Option<Permission>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        workspace_permissions: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        is_default: Option<bool>,
        members: Vec<String>,
    }
}

record! {
    /// A role on an organization, a site, or an app (`SITE/PRODUCT`). Admins of organizations and sites stand in
    /// their own records.
    RoleRecord {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organization: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        site: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        app: Option<String>,
        account: String,
        role: String,
    }
}

record! {
    RepositoryRecord {
        workspace: String,
        slug: String,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        project: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grants: Option<Grants>,
    }
}

record! {
    /// How a workspace is billed, besides the plan and the contacts that stand in its own record.
    SubscriptionRecord {
        workspace: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        currency: Option<Currency>,
        /// The name of its tax in the catalog.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tax: Option<String>,
        /// Up to, and without, this day all is paid.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_bill_on: Option<Day>,
        /// Whoever sells it on and pays: the address of an account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reseller: Option<String>,
    }
}

record! {
    /// A bill of the time before billing migrates.
    InvoiceRecord {
        workspace: String,
        /// Unique within the workspace.
        number: String,
        issued_on: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period_from: Option<Day>,
        /// Without this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period_until: Option<Day>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        currency: Option<Currency>,
        net: Amount,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tax: Option<Amount>,
        state: InvoiceState,
    }
}

/// Who may do what with a repository, besides what their groups may do everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Grants {
    #[serde(default, deserialize_with = "each_once", skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, Permission>,
    #[serde(default, deserialize_with = "each_once", skip_serializing_if = "BTreeMap::is_empty")]
    pub users: BTreeMap<String, Permission>,
}

/// A map in which no name may stand twice.
fn each_once<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Permission>, D::Error> {
    struct EachOnce;
    impl<'de> Visitor<'de> for EachOnce {
        type Value = BTreeMap<String, Permission>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object of permissions")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = BTreeMap::new();
            while let Some((name, permission)) = map.next_entry::<String, Permission>()? {
                if found.insert(name.clone(), permission).is_some() {
                    return Err(serde::de::Error::custom(format!("'{name}' stands here twice")));
                }
            }
            Ok(found)
        }
    }
    deserializer.deserialize_map(EachOnce)
}
