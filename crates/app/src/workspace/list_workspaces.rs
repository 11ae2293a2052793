//! The workspaces somebody may see.

use orglink_domain::id::AccountId;
use orglink_domain::name::fold;
use orglink_domain::workspace::Workspace;
use orglink_store::workspace;
use uuid::Uuid;

use crate::{App, Error, Page, PageRequest, Principal};

/// The workspaces that the one who asks is a member of, or that are linked to an organization they administer
/// or audit, by slug; all of them for an operator.
///
/// # Errors
/// When the database is not reachable.
pub async fn list_workspaces(app: &App, principal: &Principal, page: &PageRequest) -> Result<Page<Workspace>, Error> {
    let mut tx = app.db.begin_read().await?;
    let account = principal.account_if_any().map_or(AccountId(Uuid::nil()), |a| a.id);
    let everything = principal.sees_everything();
    let items = workspace::list_of_account(&mut tx, account, page.after(), page.fetch(), everything).await?;
    Ok(page.page(items, |w| fold(&w.slug)))
}
