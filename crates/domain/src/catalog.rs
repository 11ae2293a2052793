//! The app catalog: which apps, products and features this installation has. The operator's file; the only
//! place where vendors' names occur. Its default is `crates/server/catalog.default.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::billing::Terms;
use crate::eligibility::{Blocks, ReasonCode};
use crate::entitlement::{Feature, Switch};
use crate::extension::Extension;
use crate::offer::Offer;
use crate::text::UnknownWord;
use crate::tracker::{self, TrackerEntry};

/// The whole catalog, as its TOML file spells it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// The app a workspace is a container of when its record does not say.
    pub default_app: String,
    /// Apps whose containers are workspaces that can be linked, by name.
    pub apps: BTreeMap<String, App>,
    /// Products that a site can carry, by name.
    pub products: BTreeMap<String, Product>,
    /// The products that together make an organization look like the company's hub; none when empty.
    #[serde(default)]
    pub hub: Vec<String>,
    /// Features and what unlocks each, in the order they are shown.
    #[serde(default)]
    pub features: Vec<Feature>,
    /// Switches of an organization, by name.
    #[serde(default)]
    pub switches: BTreeMap<String, Switch>,
    /// Which features open what this program serves itself.
    #[serde(default)]
    pub gates: Gates,
    /// What can be installed in a workspace, by name.
    #[serde(default)]
    pub extensions: BTreeMap<String, Extension>,
    /// What people are offered, by name.
    #[serde(default)]
    pub offers: BTreeMap<String, Offer>,
    /// Capabilities that are missing and whose progress people can follow, by name.
    #[serde(default)]
    pub tracker: BTreeMap<String, TrackerEntry>,
    pub eligibility: EligibilityRules,
    /// Prices, currencies and taxes, and what holds for migrating billing.
    #[serde(default)]
    pub billing: Terms,
    /// Dates that every plan names.
    #[serde(default)]
    pub dates: BTreeMap<String, String>,
}

/// An app whose workspaces can be linked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    pub title: String,
}

/// What this program serves itself, each by the feature that opens it. What has no gate is not served.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// Tokens for the container registry.
    pub container_registry: Option<String>,
    /// Installing apps in a workspace.
    pub app_installation: Option<String>,
    /// What assistants may read of a workspace.
    pub assistants: Option<String>,
    /// What assistants may do in a workspace.
    pub assistant_actions: Option<String>,
}

impl Gates {
    /// Every gate that is there, by its name.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("container_registry", &self.container_registry),
            ("app_installation", &self.app_installation),
            ("assistants", &self.assistants),
            ("assistant_actions", &self.assistant_actions),
        ];
        all.into_iter().filter_map(|(name, feature)| Some((name, feature.as_deref()?))).collect()
    }
}

/// A product that a site can carry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    pub title: String,
}

/// The parts of eligibility that an operator may decide.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EligibilityRules {
    /// What a free plan blocks: `automatic_link` (the seed's) or `link`.
    pub free_plan_blocks: Blocks,
    /// Workspaces with one of these labels are left out of automatic linking (`not_in_cohort`).
    pub labels_outside_cohort: Vec<String>,
    /// Where the capability is followed whose lack a reason is: from the tracker's entries.
    #[serde(skip)]
    pub followed_at: BTreeMap<ReasonCode, String>,
}

impl EligibilityRules {
    /// The page on which the capability is followed whose lack a reason is.
    #[must_use]
    pub fn follow(&self, code: ReasonCode) -> Option<String> {
        self.followed_at.get(&code).map(|entry| tracker::path_of(entry))
    }
}

impl Catalog {
    /// The title of an app, or its name when the catalog no longer has it.
    #[must_use]
    pub fn app_title<'a>(&'a self, name: &'a str) -> &'a str {
        self.apps.get(name).map_or(name, |app| &app.title)
    }

    /// The title of a product, or its name when the catalog no longer has it.
    #[must_use]
    pub fn product_title<'a>(&'a self, name: &'a str) -> &'a str {
        self.products.get(name).map_or(name, |product| &product.title)
    }

    /// The title of an extension, or its name when the catalog no longer has it.
    #[must_use]
    pub fn extension_title<'a>(&'a self, name: &'a str) -> &'a str {
        self.extensions.get(name).map_or(name, |extension| &extension.title)
    }

    /// The feature of that name.
    #[must_use]
    pub fn feature(&self, name: &str) -> Option<&Feature> {
        self.features.iter().find(|f| f.name == name)
    }

    /// The catalog with what it says once said everywhere: who turns the switch that a feature needs, where the capability
    /// is followed that a reason is about.
    #[must_use]
    pub fn completed(mut self) -> Self {
        for feature in &mut self.features {
            let switch = feature.organization_switch.as_ref().and_then(|name| self.switches.get(name));
            feature.switch_turned_by = switch.map(|s| s.turned_by).unwrap_or_default();
        }
        let entry = |(name, entry): (&String, &TrackerEntry)| (entry.capability, name.clone());
        self.eligibility.followed_at = self.tracker.iter().map(entry).collect();
        self
    }

    /// Accepts the name of an app whose workspaces can be linked.
    ///
    /// # Errors
    /// When the catalog has no such app.
    pub fn check_app(&self, given: &str) -> Result<(), UnknownCatalogName> {
        known("app", &self.apps, given)
    }

    /// Accepts the name of a product.
    ///
    /// # Errors
    /// When the catalog has no such product.
    pub fn check_product(&self, given: &str) -> Result<(), UnknownCatalogName> {
        known("product", &self.products, given)
    }
}

fn known<T>(kind: &'static str, list: &BTreeMap<String, T>, given: &str) -> Result<(), UnknownCatalogName> {
    if list.contains_key(given) {
        return Ok(());
    }
    Err(UnknownCatalogName {
        kind,
        given: given.chars().take(80).collect(),
        known: list.keys().cloned().collect::<Vec<_>>().join(", "),
    })
}

/// A name that the catalog does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the catalog has no {kind} '{given}'; it has: {known}")]
pub struct UnknownCatalogName {
    kind: &'static str,
    given: String,
    known: String,
}

impl From<UnknownCatalogName> for String {
    fn from(e: UnknownCatalogName) -> Self {
        e.to_string()
    }
}

impl From<UnknownWord> for String {
    fn from(e: UnknownWord) -> Self {
        e.to_string()
    }
}
