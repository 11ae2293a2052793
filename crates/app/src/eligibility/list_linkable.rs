//! The list of the wizard: every workspace somebody administers, with whether it can be linked, and why not.

use std::collections::{HashMap, HashSet};

use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::{Eligibility, ReasonCode, installation_reasons, pair_reasons};
use orglink_domain::id::{OrganizationId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{Tx, installation, link, organization, workspace};

use crate::tenant::OrganizationProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// One row.
#[derive(Debug, Clone)]
pub struct LinkableWorkspace {
    pub workspace: Workspace,
    pub eligibility: Eligibility,
    /// Where it is linked already.
    pub linked: Option<LinkedNote>,
    /// The one who asks is told when this changes.
    pub is_watching: bool,
}

/// Where a workspace is linked, as far as the one who asks may know.
#[derive(Debug, Clone)]
pub struct LinkedNote {
    /// To the very organization that the list is for.
    pub is_here: bool,
    pub at: Timestamp,
    /// The organization's name, when the one who asks has a role there.
    pub organization: Option<String>,
}

/// Why there is nothing to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyCause {
    AdminOfNone,
    AllLinked,
    NoneEligible,
}

/// The rows, and why none of them can be chosen if so.
#[derive(Debug, Clone)]
pub struct Linkable {
    pub page: Page<LinkableWorkspace>,
    /// Only known when the list fits one page.
    pub empty: Option<EmptyCause>,
}

/// Lists the workspaces that the one who asks administers, by slug, with their stored reasons and, when an
/// organization is named, those of the pair.
///
/// # Errors
/// `NotFound` for an organization that does not exist or may not be seen.
pub async fn list_linkable(
    app: &App,
    principal: &Principal,
    organization: Option<&str>,
    page: &PageRequest,
) -> Result<Linkable, Error> {
    let mut tx = app.db.begin_read().await?;
    let account = principal.account()?.id;
    let rules = &app.catalog.eligibility;
    let mut common = installation_reasons(installation::find_freeze(&mut tx).await?.is_frozen);
    let mut here = None;
    if let Some(reference) = organization {
        let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganization).await?;
        common.extend(pair_reasons(&organization::find_facts(&mut tx, proof.organization(), None, app.now()).await?));
        here = Some(proof.organization().id);
    }

    let found = workspace::list_administered(&mut tx, account, page.after(), page.fetch()).await?;
    let is_whole = page.after().is_empty();
    let page = page.page(found, |w| fold(&w.slug));
    let ids: Vec<WorkspaceId> = page.items.iter().map(|w| w.id).collect();
    let mut reasons: HashMap<WorkspaceId, Vec<ReasonCode>> = HashMap::new();
    for (id, code) in workspace::list_reasons_of(&mut tx, &ids).await? {
        reasons.entry(id).or_default().push(code);
    }
    let links = linked_notes(&mut tx, principal, &ids, here).await?;
    let watched: HashSet<WorkspaceId> = workspace::list_watched(&mut tx, account).await?.into_iter().collect();

    let page = page.map(|workspace| {
        let own = reasons.get(&workspace.id).cloned().unwrap_or_default();
        LinkableWorkspace {
            eligibility: Eligibility::from_codes(own.into_iter().chain(common.iter().copied()), rules),
            linked: links.get(&workspace.id).cloned(),
            is_watching: watched.contains(&workspace.id),
            workspace,
        }
    });
    let empty = if is_whole && page.next.is_none() { empty_cause(&page.items) } else { None };
    Ok(Linkable { page, empty })
}

fn empty_cause(rows: &[LinkableWorkspace]) -> Option<EmptyCause> {
    if rows.is_empty() {
        Some(EmptyCause::AdminOfNone)
    } else if rows.iter().all(|r| r.linked.is_some()) {
        Some(EmptyCause::AllLinked)
    } else if rows.iter().all(|r| !r.eligibility.eligible) {
        Some(EmptyCause::NoneEligible)
    } else {
        None
    }
}

/// Where workspaces are linked, as far as the one who asks may know.
pub(crate) async fn linked_notes(
    tx: &mut Tx,
    principal: &Principal,
    ids: &[WorkspaceId],
    here: Option<OrganizationId>,
) -> Result<HashMap<WorkspaceId, LinkedNote>, Error> {
    let account = principal.account()?.id;
    let mut names: HashMap<OrganizationId, Option<String>> = HashMap::new();
    let mut notes = HashMap::new();
    for (workspace, organization, at) in link::list_active_of(tx, ids).await? {
        if let std::collections::hash_map::Entry::Vacant(entry) = names.entry(organization) {
            let standing = organization::find_standing(tx, organization, account).await?;
            let may_know = standing != orglink_domain::role::OrganizationStanding::None;
            let name = if may_know { organization::find(tx, organization).await?.map(|o| o.name) } else { None };
            entry.insert(name);
        }
        let organization_name = names.get(&organization).cloned().flatten();
        let note = LinkedNote { is_here: here == Some(organization), at, organization: organization_name };
        notes.insert(workspace, note);
    }
    Ok(notes)
}
