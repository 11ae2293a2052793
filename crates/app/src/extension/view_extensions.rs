//! What can be installed in a workspace, what is, and whether it works there as things stand.

use orglink_domain::extension::{Extension, ExtensionScope, ExtensionScopes};
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::extension::{self, InstalledExtension};

use crate::entitlement::{Entitlement, explain_entitlement};
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// The extensions of a workspace, as somebody sees them.
#[derive(Debug, Clone)]
pub struct Extensions {
    pub workspace: Workspace,
    /// By name: those of the catalog, and what is installed although the catalog has it no more.
    pub items: Vec<ExtensionView>,
    /// The feature that opens them, with what it waits for; none where the catalog opens them with none.
    pub gate: Option<Entitlement>,
    /// The one who asks may install, update and uninstall.
    pub may_manage: bool,
}

/// How an extension stands in a workspace at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtensionState {
    /// It can be installed.
    Available,
    /// It could, once the workspace may use extensions.
    Locked,
    /// Installed, and its token works.
    Active,
    /// Installed, and its token is refused for as long as this is so.
    Suspended,
}

impl ExtensionState {
    /// Stable; programs may rely on it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Locked => "locked",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

impl Extensions {
    /// Nothing can be installed, and what is installed is suspended.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        !self.gate.as_ref().is_some_and(|gate| gate.is_entitled)
    }

    /// How one of them stands.
    #[must_use]
    pub fn state_of(&self, extension: &ExtensionView) -> ExtensionState {
        let works = !self.is_locked() && extension.offer.is_some();
        match (extension.installed.is_some(), works) {
            (false, true) => ExtensionState::Available,
            (false, false) => ExtensionState::Locked,
            (true, true) => ExtensionState::Active,
            (true, false) => ExtensionState::Suspended,
        }
    }
}

/// One extension.
#[derive(Debug, Clone)]
pub struct ExtensionView {
    pub name: String,
    pub title: String,
    /// As the catalog offers it; none when it does so no more.
    pub offer: Option<Offer>,
    pub installed: Option<InstalledExtension>,
}

/// What the catalog says of an extension.
#[derive(Debug, Clone)]
pub struct Offer {
    pub publisher: String,
    pub description: String,
    pub version: i64,
    /// What it asks for, and what for.
    pub scopes: Vec<(ExtensionScope, String)>,
    pub asks: ExtensionScopes,
}

impl ExtensionView {
    fn of(name: &str, offer: Option<&Extension>, installed: Option<InstalledExtension>) -> Self {
        Self {
            name: name.to_owned(),
            title: offer.map_or_else(|| name.to_owned(), |e| e.title.clone()),
            offer: offer.map(|e| Offer {
                publisher: e.publisher.clone(),
                description: e.description.clone(),
                version: i64::from(e.version),
                scopes: e.scopes.iter().map(|(scope, purpose)| (*scope, purpose.clone())).collect(),
                asks: e.asks(),
            }),
            installed,
        }
    }

    /// What it asks for beside what was consented to: everything, when it is not installed.
    #[must_use]
    pub fn wants(&self) -> ExtensionScopes {
        let has = self.installed.as_ref().map_or(ExtensionScopes::NONE, |i| i.scopes);
        self.offer.as_ref().map_or(ExtensionScopes::NONE, |o| o.asks.without(has))
    }

    /// The same, each with what it is needed for.
    #[must_use]
    pub fn wants_for(&self) -> Vec<(ExtensionScope, &str)> {
        let (wants, asks) = (self.wants(), self.offer.iter().flat_map(|o| &o.scopes));
        asks.filter(|(scope, _)| wants.contains(*scope)).map(|(scope, purpose)| (*scope, purpose.as_str())).collect()
    }

    /// The catalog offers it otherwise than it is installed.
    #[must_use]
    pub fn has_update(&self) -> bool {
        match (&self.installed, &self.offer) {
            (Some(installed), Some(offer)) => (installed.version, installed.scopes) != (offer.version, offer.asks),
            _ => false,
        }
    }
}

/// Looks at the extensions of a workspace.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is no member.
pub async fn view_extensions(app: &App, principal: &Principal, reference: &str) -> Result<Extensions, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewExtensions).await?;
    let mut installed = extension::list(&mut tx, proof.workspace().id).await?;
    drop(tx);
    let mut items = Vec::new();
    for (name, offer) in &app.catalog.extensions {
        let at = installed.iter().position(|i| i.extension == *name);
        items.push(ExtensionView::of(name, Some(offer), at.map(|at| installed.remove(at))));
    }
    items.extend(installed.into_iter().map(|i| ExtensionView::of(&i.extension.clone(), None, Some(i))));
    let id = proof.workspace().id.to_string();
    let gate = match &app.catalog.gates.app_installation {
        Some(feature) => Some(explain_entitlement(app, principal, &id, feature).await?),
        None => None,
    };
    let may_manage = proof.may(app, Action::ManageExtensions);
    Ok(Extensions { workspace: proof.workspace().clone(), items, gate, may_manage })
}

/// The same of one extension.
///
/// # Errors
/// `NotFound` too when the catalog does not offer it and it is not installed.
pub async fn view_extension(
    app: &App,
    principal: &Principal,
    reference: &str,
    name: &str,
) -> Result<(Extensions, ExtensionView), Error> {
    let mut found = view_extensions(app, principal, reference).await?;
    let at = found.items.iter().position(|e| e.name == name);
    let one = at.map(|at| found.items.swap_remove(at)).ok_or_else(|| Error::not_found("extension", name))?;
    Ok((found, one))
}
