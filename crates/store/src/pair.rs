//! A workspace and an organization at once: what a link looks at, in few statements.

use orglink_domain::id::{AccountId, OrganizationId, WorkspaceId};
use orglink_domain::plan::Summary;

use crate::{StoreError, Tx};

/// What eligibility and a plan count of the workspace, and whether anybody may link.
#[derive(Debug, Clone)]
pub struct PairFacts {
    pub active_admins: i64,
    pub summary: Summary,
    pub is_frozen: bool,
}

pub async fn find_facts(tx: &mut Tx, workspace: WorkspaceId) -> Result<PairFacts, StoreError> {
    type Row = (i64, i64, i64, i64, bool);
    let (active_admins, members, user_groups, repositories, is_frozen) =
        fetch_one!(tx, sql!("pair/find_facts"), Row, workspace.0)?;
    let summary = Summary { members, user_groups, repositories };
    Ok(PairFacts { active_admins, summary, is_frozen })
}

/// What an account must be to link a pair, and whether anybody may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PairStanding {
    pub is_verified: bool,
    pub administers_workspace: bool,
    pub administers_organization: bool,
    pub is_frozen: bool,
}

/// Read now: nothing of it holds for an account that is gone.
pub async fn find_standing(
    tx: &mut Tx,
    workspace: WorkspaceId,
    organization: OrganizationId,
    account: AccountId,
) -> Result<PairStanding, StoreError> {
    type Row = (bool, i64, i64, bool);
    let row = fetch_optional!(tx, sql!("pair/find_standing"), Row, workspace.0, organization.0, account.0)?;
    Ok(row.map_or_else(PairStanding::default, |(is_verified, of_workspace, of_organization, is_frozen)| PairStanding {
        is_verified,
        administers_workspace: of_workspace > 0,
        administers_organization: of_organization > 0,
        is_frozen,
    }))
}
