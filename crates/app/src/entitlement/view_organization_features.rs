//! An organization's side of features: its switches, and what each of its linked workspaces may use.

use orglink_domain::clock::Timestamp;
use orglink_domain::entitlement::{FeatureFacts, Stage, TurnedBy};
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{entitlement, link};

use super::turn_switch::action_for;
use crate::tenant::OrganizationProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// The features of an organization's workspaces.
#[derive(Debug, Clone)]
pub struct OrganizationFeatures {
    pub organization: Organization,
    pub switches: Vec<SwitchView>,
    pub features: Vec<FeatureColumn>,
    /// The linked workspaces, each with which of the features it may use; none for whoever may not see them.
    pub workspaces: Option<Page<WorkspaceFeatures>>,
}

/// A switch of the catalog, as it stands here.
#[derive(Debug, Clone)]
pub struct SwitchView {
    pub name: String,
    pub title: String,
    pub detail: String,
    pub turned_by: TurnedBy,
    pub is_on: bool,
    /// None when nobody ever turned it.
    pub since: Option<Timestamp>,
    /// The one who asks may turn it.
    pub may_turn: bool,
}

/// A feature of the catalog.
#[derive(Debug, Clone)]
pub struct FeatureColumn {
    pub name: String,
    pub title: String,
}

/// A linked workspace with what it may use, in the order of the features.
#[derive(Debug, Clone)]
pub struct WorkspaceFeatures {
    pub workspace: Workspace,
    pub entitled: Vec<bool>,
}

/// Looks at the switches, and at what the linked workspaces may use.
///
/// # Errors
/// `NotFound` when the organization does not exist or may not be seen.
pub async fn view_organization_features(
    app: &App,
    principal: &Principal,
    reference: &str,
    page: &PageRequest,
) -> Result<OrganizationFeatures, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganization).await?;
    let id = proof.organization().id;
    let turned = entitlement::list_switches(&mut tx, id).await?;
    let switches = app.catalog.switches.iter().map(|(name, switch)| {
        let state = turned.iter().find(|s| s.name == *name);
        SwitchView {
            name: name.clone(),
            title: switch.title.clone(),
            detail: switch.detail.clone(),
            turned_by: switch.turned_by,
            is_on: state.is_some_and(|s| s.is_on),
            since: state.map(|s| s.since),
            may_turn: proof.may(app, action_for(switch.turned_by)),
        }
    });
    let switches = switches.collect();
    let features = &app.catalog.features;
    let columns = features.iter().map(|f| FeatureColumn { name: f.name.clone(), title: f.title.clone() });
    let workspaces = if proof.may(app, Action::ViewLinkedWorkspaces) {
        let found = link::list_of_organization(&mut tx, id, page.after(), page.fetch()).await?;
        Some(page.page(found, |l| fold(&l.workspace.slug)).map(|l| {
            let facts = FeatureFacts::supposing(&l.workspace, Stage::Linked, &turned);
            WorkspaceFeatures {
                entitled: features.iter().map(|f| f.is_unlocked(&facts)).collect(),
                workspace: l.workspace,
            }
        }))
    } else {
        None
    };
    Ok(OrganizationFeatures {
        organization: proof.organization().clone(),
        switches,
        features: columns.collect(),
        workspaces,
    })
}
