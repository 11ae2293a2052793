//! Looks at a link, from either side.

use orglink_domain::link::{Link, LinkOrigin};
use orglink_domain::organization::Organization;
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{Tx, account, campaign, link, organization};

use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// A link with its two sides.
#[derive(Debug, Clone)]
pub struct LinkView {
    pub link: Link,
    pub workspace: Workspace,
    pub organization: Organization,
    /// The name of whoever linked it, or of the campaign that did.
    pub linked_by: String,
}

/// A link by its id.
///
/// # Errors
/// `NotFound` when there is none, or when one may see neither side.
pub async fn view_link(app: &App, principal: &Principal, reference: &str) -> Result<LinkView, Error> {
    let absent = || Error::not_found("link", reference);
    let id = orglink_domain::id::LinkId(reference.parse().map_err(|_| absent())?);
    let mut tx = app.db.begin_read().await?;
    let found = link::find(&mut tx, id).await?.ok_or_else(absent)?;
    let workspace = found.workspace_id.to_string();
    match WorkspaceProof::load(app, &mut tx, principal, &workspace, Action::ViewLink).await {
        Ok(proof) if proof.link().is_some_and(|l| l.id == id) => view(&mut tx, proof).await?.ok_or_else(absent),
        Ok(_) | Err(Error::NotFound { .. }) => Err(absent()),
        Err(e) => Err(e),
    }
}

/// The link of a workspace; nothing when it is not linked.
///
/// # Errors
/// `NotFound` for a workspace that does not exist or may not be seen.
pub async fn view_workspace_link(app: &App, principal: &Principal, workspace: &str) -> Result<Option<LinkView>, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, workspace, Action::ViewLink).await?;
    view(&mut tx, proof).await
}

async fn view(tx: &mut Tx, proof: WorkspaceProof) -> Result<Option<LinkView>, Error> {
    let Some(link) = proof.link().cloned() else { return Ok(None) };
    let linked_by = maker(tx, &link).await?;
    let organization = organization::find(tx, link.organization_id).await?;
    Ok(organization.map(|organization| LinkView {
        workspace: proof.workspace().clone(),
        organization,
        linked_by,
        link,
    }))
}

/// Who made a link, in words.
pub(crate) async fn maker(tx: &mut Tx, link: &Link) -> Result<String, Error> {
    Ok(match link.origin {
        LinkOrigin::Person { account, .. } => account::find(tx, account).await?.map(|a| a.name).unwrap_or_default(),
        LinkOrigin::Run(run) => {
            let of = campaign::find_of_run(tx, run).await?;
            of.map(|c| format!("the campaign {}", c.definition.name)).unwrap_or_default()
        }
    })
}
