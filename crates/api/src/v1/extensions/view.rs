//! An extension of a workspace, as JSON.

use orglink_app::extension::{ExtensionView, Extensions};
use orglink_domain::clock::Timestamp;
use orglink_domain::extension::{ExtensionScope, ExtensionScopes};
use serde::Serialize;
use utoipa::ToSchema;

/// An extension of the catalog, and how it stands in a workspace.
#[derive(Serialize, ToSchema)]
pub struct ExtensionJson {
    name: String,
    title: String,
    /// `available`, `locked` (the workspace may not use extensions yet), `active`, `suspended` (installed, and its token is
    /// refused for as long as the workspace may not use extensions, or the catalog does not offer it).
    state: &'static str,
    /// The feature that opens extensions: its conditions are at `…/entitlements/{feature}`.
    feature: Option<String>,
    /// Null when the catalog offers it no more.
    offered: Option<OfferedJson>,
    /// Null when it is not installed.
    installed: Option<InstalledJson>,
    /// The catalog offers it otherwise than it is installed.
    has_update: bool,
    /// What would have to be consented to, to install or to update it.
    #[schema(value_type = Vec<String>)]
    needs_consent: Vec<ExtensionScope>,
}

/// As the catalog offers it.
#[derive(Serialize, ToSchema)]
pub struct OfferedJson {
    publisher: String,
    description: String,
    version: i64,
    scopes: Vec<AskedJson>,
}

/// Something that it asks for.
#[derive(Serialize, ToSchema)]
pub struct AskedJson {
    /// `workspace:read`, `people:read`, `repositories:read`, `events:read`.
    #[schema(value_type = String)]
    scope: ExtensionScope,
    /// What that allows.
    allows: &'static str,
    /// What it needs it for, in the words of the catalog.
    purpose: String,
}

/// As it is installed.
#[derive(Serialize, ToSchema)]
pub struct InstalledJson {
    version: i64,
    /// What was consented to.
    #[schema(value_type = Vec<String>)]
    scopes: Vec<ExtensionScope>,
    #[schema(value_type = String, format = DateTime)]
    installed_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    token_created_at: Timestamp,
    /// To the minute; null when it was not used yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    token_used_at: Option<Timestamp>,
}

fn list(scopes: ExtensionScopes) -> Vec<ExtensionScope> {
    scopes.iter().collect()
}

impl ExtensionJson {
    pub fn of(found: &Extensions, e: &ExtensionView) -> Self {
        let offered = e.offer.as_ref().map(|o| OfferedJson {
            publisher: o.publisher.clone(),
            description: o.description.clone(),
            version: o.version,
            scopes: o
                .scopes
                .iter()
                .map(|(scope, purpose)| AskedJson { scope: *scope, allows: scope.describe(), purpose: purpose.clone() })
                .collect(),
        });
        let installed = e.installed.as_ref().map(|i| InstalledJson {
            version: i.version,
            scopes: list(i.scopes),
            installed_at: i.installed_at,
            updated_at: i.updated_at,
            token_created_at: i.token_created_at,
            token_used_at: i.token_used_at,
        });
        Self {
            name: e.name.clone(),
            title: e.title.clone(),
            state: found.state_of(e).as_str(),
            feature: found.gate.as_ref().map(|gate| gate.feature.clone()),
            offered,
            installed,
            has_update: e.has_update(),
            needs_consent: list(e.wants()),
        }
    }
}
