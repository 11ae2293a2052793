//! Shows what the migration of a workspace's users would do, before anything is done; and what was done, afterwards.

use std::str::FromStr as _;

use orglink_domain::clock::Timestamp;
use orglink_domain::digest::Digest;
use orglink_domain::eligibility::ReasonCode;
use orglink_domain::organization::Organization;
use orglink_domain::plan::{Difference, PLAN_VALIDITY_SECONDS, Summary, differences};
use orglink_domain::user_management::{DirectoryGroup, Mapping, UsersBlocker, UsersFacts, UsersPlan, UsersWarning};
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::directory::{self, MigratedBy, Migration};
use orglink_store::plan::StoredPlan;
use orglink_store::{Tx, account, campaign, in_write, plan};

use super::report::{self, FindingView, WideningView};
use super::{Planned, facts};
use crate::directory::follow_words;
use crate::link::{Acknowledge, plan_changed};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal, Refusal, RefusalReason};

/// A plan as it is shown.
#[derive(Debug, Clone)]
pub struct UsersPlanView {
    pub workspace: Workspace,
    pub organization: Organization,
    pub plan: UsersPlan,
    /// What each group becomes, and how many are in it.
    pub groups: Vec<(orglink_domain::workspace::UserGroup, usize, String)>,
    /// The groups that are in the directory.
    pub directory: Vec<DirectoryGroup>,
    pub findings: Vec<FindingView>,
    pub widenings: Vec<WideningView>,
    /// The page on which the capability is followed that the organization lacks, when that stands in the way.
    pub follow: Option<String>,
    pub valid_until: Timestamp,
    /// The one who looks administers the workspace; the organization.
    pub is_of_workspace: bool,
    pub is_of_organization: bool,
}

/// What was done.
#[derive(Debug, Clone)]
pub struct MigrationView {
    pub workspace: Workspace,
    /// With the directory's groups, and which groups of the workspace they say something of, by slug.
    pub organization: Organization,
    pub groups: Vec<(String, DirectoryGroup)>,
    pub migration: Migration,
    /// The name of whoever did it, or the campaign.
    pub by: String,
    /// Who may look at the directory and change it.
    pub sees_directory: bool,
}

/// Makes a plan and keeps it, so that it can be agreed to by its digest.
///
/// # Errors
/// `NotFound`; `not_linked`; bad input for a mapping that cannot be; a refusal for whoever administers neither side. Blockers
/// are part of the plan.
pub async fn plan_users(
    app: &App,
    principal: &Principal,
    workspace: &str,
    mapping: &Mapping,
) -> Result<UsersPlanView, Error> {
    let mut tx = app.db.begin_read().await?;
    let planned = Planned::read(app, &mut tx, principal, workspace, mapping).await?;
    drop(tx);
    let kept = stored(app, &planned.facts, &planned.plan);
    in_write!(app.db, tx, { plan::create(tx, &kept).await.map_err(Error::from) })?;
    Ok(show(app, planned))
}

/// The reason that the lack of a capability is, when that is what stands in the way.
fn lack(blocker: UsersBlocker) -> Option<ReasonCode> {
    (blocker == UsersBlocker::OrganizationOriginalUserManagement)
        .then_some(ReasonCode::OrganizationOriginalUserManagement)
}

/// A plan as the one who asks may see it.
pub(crate) fn show(app: &App, planned: Planned) -> UsersPlanView {
    let (findings, widenings) = report::seen(app, &planned);
    let sides = facts::sides(app, &planned);
    let valid_until = app.now().plus_seconds(PLAN_VALIDITY_SECONDS);
    let becomes = |slug: &str| {
        let way = planned.plan.ways.iter().find(|w| w.slug == slug).map(|w| &w.way);
        match way {
            Some(orglink_domain::user_management::Way::New { slug, name }) => format!("{name} ({slug}), new"),
            Some(orglink_domain::user_management::Way::Into(id)) => {
                let into = planned.facts.directory.iter().find(|d| d.group.id == *id);
                into.map_or_else(String::new, |d| format!("{} ({}), merged", d.group.name, d.group.slug))
            }
            None => String::new(),
        }
    };
    let groups = planned.facts.here.groups.iter();
    let sees_directory = planned.organization.may(app, Action::ViewDirectory);
    UsersPlanView {
        groups: groups.map(|g| (g.group.clone(), g.members.len(), becomes(&g.group.slug))).collect(),
        directory: planned.facts.directory.iter().filter(|_| sees_directory).map(|d| d.group.clone()).collect(),
        follow: planned.plan.blockers.iter().find_map(|b| app.catalog.eligibility.follow(lack(*b)?)),
        findings,
        widenings,
        valid_until,
        is_of_workspace: sides.0,
        is_of_organization: sides.1,
        workspace: planned.facts.workspace,
        organization: planned.facts.organization,
        plan: planned.plan,
    }
}

/// The plan as it is kept.
pub(crate) fn stored(app: &App, facts: &UsersFacts, plan: &UsersPlan) -> StoredPlan {
    let now = app.now();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    StoredPlan {
        digest: plan.digest,
        workspace_id: facts.workspace.id,
        organization_id: facts.organization.id,
        document: plan.document.clone(),
        summary: Summary {
            members: count(facts.here.people().len()),
            user_groups: count(facts.here.groups.len()),
            repositories: count(facts.here.repositories.len()),
        },
        workspace_version: facts.workspace.version,
        created_at: now,
        valid_until: now.plus_seconds(PLAN_VALIDITY_SECONDS),
    }
}

/// Refuses when something stands in the way: all of it, with whom it concerns.
pub(crate) fn refuse_blocked(app: &App, planned: &Planned) -> Result<(), Error> {
    let Some(first) = planned.plan.blockers.first() else { return Ok(()) };
    let mut reasons = Vec::new();
    for blocker in &planned.plan.blockers {
        let (detail, remedy) = blocker.words();
        reasons.push(RefusalReason {
            code: blocker.as_str(),
            detail: detail.to_owned(),
            remedy: Some(remedy),
            who: None,
        });
        if *blocker == UsersBlocker::WouldWiden {
            for w in report::seen(app, planned).1 {
                let mut who: Vec<String> = w.people.iter().map(|p| p.email.clone()).collect();
                if w.hidden > 0 {
                    who.push(format!("{} whom you may not see", w.hidden));
                }
                let detail =
                    format!("{}: {}, {} → {}, for {}", w.workspace, w.thing, w.before, w.after, who.join(", "));
                reasons.push(RefusalReason { code: blocker.as_str(), detail, remedy: Some(remedy), who: None });
            }
        }
    }
    Err(Error::Refused(Box::new(Refusal {
        code: first.as_str(),
        title: "Its users cannot migrate now",
        detail: format!("{}{}", first.words().0, lack(*first).map(|code| follow_words(app, code)).unwrap_or_default()),
        reasons,
        differences: Vec::new(),
        is_about_permission: false,
    })))
}

/// Refuses when what was shown is not what would be done.
pub(crate) async fn same_plan(tx: &mut Tx, shown: Option<Digest>, planned: &Planned) -> Result<(), Error> {
    let Some(digest) = shown.filter(|digest| *digest != planned.plan.digest) else { return Ok(()) };
    let absent = || Error::not_found("plan", &digest.to_string());
    let before = plan::find(tx, &digest).await?.ok_or_else(absent)?;
    if (before.workspace_id, before.organization_id) != (planned.facts.workspace.id, planned.facts.organization.id) {
        return Err(absent());
    }
    let found: Vec<Difference> = differences(&before.document, &planned.plan.document);
    Err(plan_changed(found))
}

/// What somebody acknowledges of these warnings.
pub(crate) fn acknowledged(given: &Acknowledge, warnings: &[UsersWarning]) -> Result<Vec<String>, Error> {
    let all = warnings.iter();
    if let Acknowledge::Codes(given) = given {
        for code in given {
            UsersWarning::from_str(code).map_err(|e| Error::field("acknowledge", e.to_string()))?;
        }
        let missing = all.clone().filter(|w| !given.iter().any(|code| code == w.as_str()));
        let reasons: Vec<RefusalReason> = missing
            .map(|w| RefusalReason {
                code: w.as_str(),
                detail: w.detail().to_owned(),
                remedy: Some("Acknowledge this warning."),
                who: Some("you"),
            })
            .collect();
        if !reasons.is_empty() {
            return Err(Error::Refused(Box::new(Refusal {
                code: "warnings_not_acknowledged",
                title: "Acknowledge every warning",
                detail: "Each warning of the plan must be acknowledged by its name.".to_owned(),
                reasons,
                differences: Vec::new(),
                is_about_permission: false,
            })));
        }
    }
    Ok(all.map(ToString::to_string).collect())
}

/// What was done when the users of a workspace migrated; nothing while they have not.
///
/// # Errors
/// `NotFound`; a refusal for whoever may not see the people of the workspace, nor administers its organization.
pub async fn view_migration(app: &App, principal: &Principal, workspace: &str) -> Result<Option<MigrationView>, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, workspace, Action::ViewLink).await?;
    let Some(link) = proof.link() else { return Ok(None) };
    let Some(migration) = directory::find_migration(&mut tx, link.id).await? else { return Ok(None) };
    let organization = OrganizationProof::governing(&mut tx, principal, link).await?;
    let attached = directory::list_of_workspace(&mut tx, proof.workspace().id).await?;
    let slugs = orglink_store::user_group::list(&mut tx, proof.workspace().id).await?;
    let slug = |id| slugs.iter().find(|g| g.id == id).map(|g| g.slug.clone());
    let groups = attached.into_iter().filter_map(|(id, group, _)| slug(id).map(|slug| (slug, group)));
    let mut groups: Vec<_> = groups.collect();
    groups.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let by = match migration.by {
        MigratedBy::Account(id) => account::find(&mut tx, id).await?.map(|a| a.name),
        MigratedBy::Run(id) => {
            let of = campaign::find_of_run(&mut tx, id).await?;
            of.map(|of| format!("the campaign {}", of.definition.name))
        }
    };
    let by = by.unwrap_or_default();
    Ok(Some(MigrationView {
        workspace: proof.workspace().clone(),
        sees_directory: organization.may(app, Action::ViewDirectory),
        organization: organization.organization().clone(),
        groups,
        migration,
        by,
    }))
}
