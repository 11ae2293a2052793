//! What a workspace can use: each feature with its conditions, who can meet each, and the next step of the one who asks.

use orglink_domain::entitlement::{Condition, ConditionCode, FeatureFacts, Stage};
use orglink_domain::organization::Organization;
use orglink_domain::role::{OrganizationStanding, WorkspaceRole};
use orglink_domain::workspace::{Kind, Workspace};
use orglink_policy::Action;
use orglink_store::organization;

use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// The features of the catalog, for one workspace.
#[derive(Debug, Clone)]
pub struct Features {
    pub workspace: Workspace,
    pub features: Vec<FeatureView>,
}

/// A feature with what it waits for.
#[derive(Debug, Clone)]
pub struct FeatureView {
    pub name: String,
    pub title: String,
    pub is_unlocked: bool,
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
pub async fn view_features(app: &App, principal: &Principal, reference: &str) -> Result<Features, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewWorkspace).await?;
    let workspace = proof.workspace().clone();
    let mut asker = Asker { slug: workspace.slug.clone(), role: proof.role(), administers_any: false, linked_to: None };
    if let Some(account) = principal.account_if_any() {
        asker.administers_any = !organization::list_administered(&mut tx, account.id).await?.is_empty();
        if let Some(link) = proof.link().filter(|_| proof.may(app, Action::ViewLink)) {
            let standing = organization::find_standing(&mut tx, link.organization_id, account.id).await?;
            asker.linked_to = organization::find(&mut tx, link.organization_id).await?.map(|o| (o, standing));
        }
    }
    let stage = if proof.link().is_some() { Stage::Linked } else { Stage::Unlinked };
    let (kind, plan, billing_cycle) = (workspace.kind, workspace.plan, workspace.billing_cycle);
    let facts = FeatureFacts { stage, kind, plan, billing_cycle, switches: &[] };
    let can_act = principal.account_if_any().is_some();
    let view = |condition: Condition| {
        let steps = if condition.is_met || !can_act { Vec::new() } else { asker.steps(condition.code) };
        ConditionView { condition, steps }
    };
    let features = app.catalog.features.iter().map(|f| FeatureView {
        name: f.name.clone(),
        title: f.title.clone(),
        is_unlocked: f.is_unlocked(&facts),
        conditions: f.conditions(&facts).into_iter().map(view).collect(),
    });
    Ok(Features { features: features.collect(), workspace })
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
    fn steps(&self, code: ConditionCode) -> Vec<NextStep> {
        let slug = &self.slug;
        let here = format!("/workspaces/{slug}/features");
        match code {
            ConditionCode::OrganizationSwitch => match &self.linked_to {
                Some((o, standing)) if *standing != OrganizationStanding::Admin => {
                    let path = format!("/ask?organization={}&return_to={here}", o.slug);
                    vec![NextStep::new("Ask to become an organization admin", path)]
                }
                _ => Vec::new(),
            },
            // What comes in a later stage is nobody's to do now.
            ConditionCode::Stage(Stage::BillingMigrated | Stage::UsersMigrated) => Vec::new(),
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
