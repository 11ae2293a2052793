//! The plans of many workspaces at once that merge nothing, for a campaign: a few statements for all of them. Each is the plan, with the same
//! digest, that its admins see.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use orglink_domain::id::{OrganizationId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_domain::user_management::{PlaceAccess, UsersFacts, UsersPlan, UsersStanding, own_slugs};
use orglink_domain::workspace::Workspace;
use orglink_store::{Tx, directory, installation, organization, workspace};

use crate::{App, Error};

/// A workspace with its plan.
pub(crate) struct Apart {
    pub facts: UsersFacts,
    pub plan: UsersPlan,
}

/// Makes the plans of workspaces that are linked where they stand, in the order in which they are given: the first has the names.
pub(crate) async fn plan_apart(
    app: &App,
    tx: &mut Tx,
    of: &[(WorkspaceId, &UsersStanding)],
) -> Result<Vec<Apart>, Error> {
    let ids: Vec<WorkspaceId> = of.iter().map(|(id, _)| *id).collect();
    let workspaces: HashMap<WorkspaceId, Workspace> =
        workspace::list_by_ids(tx, &ids).await?.into_iter().map(|w| (w.id, w)).collect();
    let named: BTreeSet<OrganizationId> = of.iter().map(|(_, standing)| standing.organization).collect();
    let named: Vec<OrganizationId> = named.into_iter().collect();
    let organizations: HashMap<OrganizationId, Organization> =
        organization::list_by_ids(tx, &named).await?.into_iter().map(|o| (o.id, o)).collect();
    let managers = directory::list_managers_of(tx, &named).await?;
    let is_frozen = installation::find_freeze(tx).await?.is_frozen;
    let places: Vec<(WorkspaceId, &str)> =
        ids.iter().filter_map(|id| Some((*id, workspaces.get(id)?.slug.as_str()))).collect();
    let places = directory::list_access(tx, &places).await?;
    let places: HashMap<WorkspaceId, PlaceAccess> = places.into_iter().map(|p| (p.workspace, p)).collect();
    let mut taken = find_taken(tx, of, &places).await?;
    let mut whole = HashSet::new();
    let mut planned = Vec::with_capacity(of.len());
    for (id, standing) in of {
        let o = standing.organization;
        let (Some(w), Some(of_link), Some(here)) = (workspaces.get(id), organizations.get(&o), places.get(id)) else {
            return Err(Error::broken("a workspace or its organization vanished under a link"));
        };
        let names = taken.entry(o).or_default();
        if is_crowded(here, names) && whole.insert(o) {
            names.extend(directory::list_slugs(tx, o).await?);
        }
        let facts = UsersFacts {
            workspace: w.clone(),
            organization: of_link.clone(),
            link: standing.link,
            is_migrated: false,
            is_unclaimed: standing.is_unclaimed,
            is_frozen,
            policy: app.settings.link_policy,
            here: here.clone(),
            others: Vec::new(),
            // What meets there is for people who decide on one plan; here nothing is merged.
            directory: Vec::new(),
            people: BTreeMap::new(),
            domains: Vec::new(),
            invitations: Vec::new(),
            managers: managers.get(&o).cloned().unwrap_or_default(),
        };
        let plan = UsersPlan::apart(&facts, names).map_err(|e| Error::broken(&e.to_string()))?;
        planned.push(Apart { facts, plan });
    }
    Ok(planned)
}

/// Which of the names that these groups would be given first are taken, by organization.
async fn find_taken(
    tx: &mut Tx,
    of: &[(WorkspaceId, &UsersStanding)],
    places: &HashMap<WorkspaceId, PlaceAccess>,
) -> Result<HashMap<OrganizationId, BTreeSet<String>>, Error> {
    let mut wanted: BTreeSet<(OrganizationId, String)> = BTreeSet::new();
    for (id, standing) in of {
        let Some(here) = places.get(id) else { continue };
        for group in &here.groups {
            let slugs = own_slugs(&group.group.slug, &here.slug);
            wanted.extend(slugs.iter().map(|slug| (standing.organization, fold(slug))));
        }
    }
    let wanted: Vec<_> = wanted.into_iter().collect();
    let mut taken: HashMap<OrganizationId, BTreeSet<String>> = HashMap::new();
    for (organization, slug) in directory::find_taken_slugs(tx, &wanted).await? {
        taken.entry(organization).or_default().insert(slug);
    }
    Ok(taken)
}

/// Whether some group may need a name that is counted on: then all names of the directory have to be known.
fn is_crowded(here: &PlaceAccess, taken: &BTreeSet<String>) -> bool {
    let is_here = |slug: &str| here.groups.iter().any(|g| fold(&g.group.slug) == slug);
    here.groups.iter().any(|g| {
        let [_, longer] = own_slugs(&g.group.slug, &here.slug);
        taken.contains(&fold(&longer)) || is_here(&fold(&longer))
    })
}
