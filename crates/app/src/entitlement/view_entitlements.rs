//! What a workspace can use: each feature with its conditions, who can meet each, and the next step of the one who asks.

use orglink_domain::entitlement::{Condition, ConditionCode, Feature, FeatureFacts, Stage, TurnedBy};
use orglink_domain::organization::Organization;
use orglink_domain::role::{OrganizationStanding, WorkspaceRole};
use orglink_domain::workspace::{Kind, Workspace};
use orglink_policy::Action;
use orglink_store::organization;

use super::find_facts;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// The features of the catalog, for one workspace.
#[derive(Debug, Clone)]
pub struct Entitlements {
    pub workspace: Workspace,
    pub items: Vec<Entitlement>,
}

/// A feature with what it waits for.
#[derive(Debug, Clone)]
pub struct Entitlement {
    pub feature: String,
    pub title: String,
    /// Every condition holds.
    pub is_entitled: bool,
    pub conditions: Vec<ConditionView>,
}

/// A condition with what the one who asks can do about it.
#[derive(Debug, Clone)]
pub struct ConditionView {
    pub condition: Condition,
    pub steps: Vec<NextStep>,
}

/// A page of ours, and what one does there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    pub label: &'static str,
    pub path: String,
}

impl NextStep {
    fn new(label: &'static str, path: String) -> Self {
        Self { label, path }
    }
}

/// Looks at the features of a workspace.
///
/// # Errors
/// `NotFound` when it does not exist or may not be seen.
pub async fn view_entitlements(app: &App, principal: &Principal, reference: &str) -> Result<Entitlements, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::CheckEntitlements).await?;
    let workspace = proof.workspace().clone();
    let mut asker = Asker { slug: workspace.slug.clone(), role: proof.role(), administers_any: false, linked_to: None };
    if let Some(account) = principal.account_if_any() {
        asker.administers_any = !organization::list_administered(&mut tx, account.id).await?.is_empty();
        if let Some(link) = proof.link().filter(|_| proof.may(app, Action::ViewLink)) {
            let standing = organization::find_standing(&mut tx, link.organization_id, account.id).await?;
            asker.linked_to = organization::find(&mut tx, link.organization_id).await?.map(|o| (o, standing));
        }
    }
    let facts = find_facts(&mut tx, workspace.id).await?;
    // A program has nobody to send to a page.
    let has_steps = principal.account_if_any().is_some() && proof.may(app, Action::ViewWorkspace);
    let items = app.catalog.features.iter().map(|f| asker.look(f, &facts, has_steps));
    Ok(Entitlements { items: items.collect(), workspace })
}

/// Whoever looks, and what they are to both sides.
struct Asker {
    slug: String,
    role: WorkspaceRole,
    administers_any: bool,
    /// The organization of the link, when they may know it, and what they are there.
    linked_to: Option<(Organization, OrganizationStanding)>,
}

impl Asker {
    fn look(&self, feature: &Feature, facts: &FeatureFacts, has_steps: bool) -> Entitlement {
        let view = |condition: Condition| {
            let steps = if condition.is_met || !has_steps { Vec::new() } else { self.steps(condition.code) };
            ConditionView { condition, steps }
        };
        let conditions: Vec<_> = feature.conditions(facts).into_iter().map(view).collect();
        Entitlement {
            feature: feature.name.clone(),
            title: feature.title.clone(),
            is_entitled: conditions.iter().all(|c| c.condition.is_met),
            conditions,
        }
    }

    fn steps(&self, code: ConditionCode) -> Vec<NextStep> {
        let slug = &self.slug;
        let here = format!("/workspaces/{slug}/features");
        match code {
            ConditionCode::Switch(TurnedBy::OrganizationAdmin) => match &self.linked_to {
                Some((o, OrganizationStanding::Admin)) => {
                    vec![NextStep::new("Turn it on", format!("/organizations/{}/features", o.slug))]
                }
                Some((o, _)) => {
                    let path = format!("/ask?organization={}&return_to={here}", o.slug);
                    vec![NextStep::new("Ask to become an organization admin", path)]
                }
                // First it must be linked; that is a condition of its own.
                None => Vec::new(),
            },
            // An operator's to do; and what comes in a later stage is nobody's to do now.
            ConditionCode::Switch(TurnedBy::Operator)
            | ConditionCode::Stage(Stage::BillingMigrated | Stage::UsersMigrated) => Vec::new(),
            _ if self.role != WorkspaceRole::Admin => {
                let path = format!("/ask?workspace={slug}&return_to={here}");
                vec![NextStep::new("Ask the workspace's admins", path)]
            }
            ConditionCode::Stage(_) if self.administers_any => {
                vec![NextStep::new("Link to an organization", format!("/link?workspace={slug}"))]
            }
            ConditionCode::Stage(_) => {
                let ask = format!("/ask?organization=&return_to=/link%3Fworkspace%3D{slug}");
                vec![
                    NextStep::new("Ask to become an organization admin", ask),
                    NextStep::new("See the other ways", format!("/link?workspace={slug}")),
                ]
            }
            ConditionCode::Kind(Kind::Team) => {
                vec![NextStep::new("Make it a team workspace", format!("/workspaces/{slug}/convert"))]
            }
            // No workspace becomes personal.
            ConditionCode::Kind(Kind::Personal) => Vec::new(),
            ConditionCode::Plan | ConditionCode::BillingCycle(_) => {
                vec![NextStep::new("Change the plan", format!("/workspaces/{slug}/plan"))]
            }
        }
    }
}
