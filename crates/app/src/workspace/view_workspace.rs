//! One workspace with its link card: where it is linked, or why it is not.

use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::{Eligibility, ReasonCode};
use orglink_domain::id::LinkId;
use orglink_domain::link::{AccessCheck, LinkPolicy};
use orglink_domain::organization::Organization;
use orglink_domain::plan::Summary;
use orglink_domain::role::{Administration, WorkspaceRole};
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::stage::LinkStage;
use orglink_store::{link, organization, stage, workspace};

use crate::eligibility::read_eligibility;
use crate::link::{maker, undo_until};
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal, administration};

/// A workspace as somebody who may see it sees it.
#[derive(Debug, Clone)]
pub struct WorkspaceView {
    pub workspace: Workspace,
    pub app_title: String,
    pub role: WorkspaceRole,
    pub link: Option<LinkCard>,
    /// Its last link, which was undone: where it is not linked, for whoever may have the receipt of that.
    pub undone_link: Option<LinkId>,
    pub eligibility: Eligibility,
    pub summary: Summary,
    /// For whoever may see its people.
    pub administration: Option<Administration>,
    pub may_see_people: bool,
    pub may_see_subscription: bool,
    /// The one who asks may change it.
    pub may_change: bool,
    /// The one who asks is told when the eligibility changes.
    pub is_watching: bool,
}

impl WorkspaceView {
    /// Nobody administers it who can act.
    #[must_use]
    pub fn needs_recovery(&self) -> bool {
        self.eligibility.reasons.iter().any(|r| r.code == ReasonCode::NoActiveAdmin)
    }

    /// What its admins should do something about. (That nobody administers it is a reason of eligibility.)
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        self.administration.filter(|a| *a == Administration::OnePerson).and_then(|a| a.warning("workspace"))
    }
}

/// Where a workspace is linked.
#[derive(Debug, Clone)]
pub struct LinkCard {
    pub id: LinkId,
    pub organization: Organization,
    /// The one who asks has a role there, so that its pages can be visited.
    pub may_visit: bool,
    pub linked_at: Timestamp,
    pub linked_by: String,
    pub access_check: AccessCheck,
    pub policy: LinkPolicy,
    /// What came after it.
    pub stage: LinkStage,
    /// Until when it can be undone; none when it is permanent or sealed, or a later stage was reached.
    pub undo_until: Option<Timestamp>,
    /// The one who asks may undo it while there is time.
    pub may_undo: bool,
    /// The one who asks may have the receipt.
    pub may_have_receipt: bool,
}

/// Looks at a workspace.
///
/// # Errors
/// `NotFound` when it does not exist or may not be seen.
pub async fn view_workspace(app: &App, principal: &Principal, reference: &str) -> Result<WorkspaceView, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewWorkspace).await?;
    let id = proof.workspace().id;
    let link = match proof.link() {
        Some(link) if proof.may(app, Action::ViewLink) => {
            let organization = organization::find(&mut tx, link.organization_id).await?;
            let linked_by = maker(&mut tx, link).await?;
            let reached = stage::find(&mut tx, link.id).await?;
            let may_visit = match principal.account_if_any() {
                Some(account) => {
                    let standing = organization::find_standing(&mut tx, link.organization_id, account.id).await?;
                    standing != orglink_domain::role::OrganizationStanding::None || account.is_operator
                }
                None => true,
            };
            organization.map(|organization| LinkCard {
                id: link.id,
                organization,
                may_visit,
                linked_at: link.linked_at,
                linked_by,
                access_check: link.access_check,
                policy: link.policy,
                undo_until: undo_until(link, reached, app.now()),
                stage: reached,
                may_undo: proof.may(app, Action::UndoLink),
                may_have_receipt: proof.may(app, Action::ViewReceipt),
            })
        }
        _ => None,
    };
    let undone_link = match proof.link() {
        Some(_) => None,
        None => link::find_newest(&mut tx, id)
            .await?
            .filter(|ended| proof.require_of(app, Action::ViewReceipt, ended).is_ok())
            .map(|ended| ended.id),
    };
    let is_watching = match principal.account_if_any() {
        Some(account) => workspace::list_watched(&mut tx, account.id).await?.contains(&id),
        None => false,
    };
    let may_see_people = proof.may(app, Action::ViewWorkspacePeople);
    let administration = if may_see_people { Some(administration::of_workspace(&mut tx, id).await?) } else { None };
    Ok(WorkspaceView {
        app_title: app.catalog.app_title(&proof.workspace().app).to_owned(),
        role: proof.role(),
        link,
        undone_link,
        eligibility: read_eligibility(app, &mut tx, proof.workspace(), proof.link().is_some(), None).await?,
        summary: workspace::find_summary(&mut tx, id).await?,
        administration,
        may_see_people,
        may_see_subscription: proof.may(app, Action::ViewSubscription),
        may_change: proof.may(app, Action::ChangeWorkspace),
        is_watching,
        workspace: proof.workspace().clone(),
    })
}
