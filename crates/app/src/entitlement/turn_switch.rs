//! Turns a switch of an organization: what its linked workspaces may use from now on, or no longer.

use orglink_domain::entitlement::TurnedBy;
use orglink_policy::Action;
use orglink_store::{entitlement, in_write};
use serde_json::json;

use crate::change::OrganizationChange;
use crate::tenant::OrganizationProof;
use crate::{App, Error, Expected, Principal};

/// Turns a switch; the organization's new version.
///
/// # Errors
/// `NotFound` for the organization or the switch; `VersionChanged`; a refusal for whoever may not turn it.
pub async fn turn_switch(
    app: &App,
    principal: &Principal,
    organization: &str,
    (name, is_on): (&str, bool),
    expected: Expected,
) -> Result<i64, Error> {
    let Some(switch) = app.catalog.switches.get(name) else { return Err(Error::not_found("switch", name)) };
    let action = action_for(switch.turned_by);
    in_write!(app.db, tx, {
        let proof = OrganizationProof::load(app, tx, principal, organization, action).await?;
        let (id, version) = (proof.organization().id, proof.organization().version);
        let was_on = entitlement::list_switches(tx, id).await?.iter().any(|s| s.name == name && s.is_on);
        if was_on == is_on {
            // Nothing to do: since when it is so must stay true, and the version.
            return expected.check("organization", version).map(|()| version);
        }
        let change = OrganizationChange::of(app, tx, proof, expected).await?;
        entitlement::turn_switch(tx, id, name, is_on, change.at()).await?;
        let what = json!({ "change": "switch_turned", "switch": name, "is_on": is_on });
        change.finish(app, tx, principal, what).await
    })
}

pub(super) const fn action_for(turned_by: TurnedBy) -> Action {
    match turned_by {
        TurnedBy::OrganizationAdmin => Action::TurnSwitch,
        TurnedBy::Operator => Action::TurnOperatorSwitch,
    }
}
