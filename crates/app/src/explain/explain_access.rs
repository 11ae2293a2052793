//! Explains whether an account may do something with a thing.
//!
//! Who may ask: everybody about themselves; whoever may see a workspace's access about its members; whoever may see an
//! organization's people about those whom it knows; operators about anybody. What one may not know answers as what does
//! not exist.

use std::str::FromStr as _;

use orglink_domain::account::Account;
use orglink_domain::id::OrganizationId;
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_domain::role::{OrganizationStanding, WorkspaceRole};
use orglink_domain::workspace::Permission;
use orglink_policy::{Action, Standing};
use orglink_store::{Tx, organization, workspace};

use super::answer::{Answer, Facts, Wanted};
use super::{ORGANIZATION_ACTIONS, REPOSITORY_ACTIONS, USER_GROUP_ACTIONS, WORKSPACE_ACTIONS};
use crate::repository::{find_repository, sources_of};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::user_group::find_group;
use crate::workspace::{Memberships, is_self};
use crate::{App, Error, Principal, account};

/// A thing, by slug or id; what hangs on a workspace with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    Workspace(String),
    Organization(String),
    Repository { workspace: String, repository: String },
    UserGroup { workspace: String, group: String },
}

/// May this account do this with that?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// By address or id.
    pub account: String,
    pub action: String,
    pub thing: Thing,
    /// Also as if the workspace were linked to this organization.
    pub after_link: Option<String>,
}

/// The answers.
#[derive(Debug, Clone)]
pub struct Explanation {
    pub account: Account,
    pub action: String,
    /// What was asked about, by its slugs.
    pub thing: Thing,
    pub now: Answer,
    /// As if it were linked to that organization.
    pub after: Option<(Organization, Answer)>,
}

impl Thing {
    /// `workspace`, `organization`, `repository` or `user_group`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Workspace(_) => "workspace",
            Self::Organization(_) => "organization",
            Self::Repository { .. } => "repository",
            Self::UserGroup { .. } => "user_group",
        }
    }

    /// `WORKSPACE`, `ORGANIZATION`, `WORKSPACE/REPOSITORY` or `WORKSPACE/GROUP`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Workspace(name) | Self::Organization(name) => name.clone(),
            Self::Repository { workspace, repository: of } | Self::UserGroup { workspace, group: of } => {
                format!("{workspace}/{of}")
            }
        }
    }

    /// A thing of this kind by its name.
    ///
    /// # Errors
    /// When there is no such kind, or the name is not one of it.
    pub fn named(kind: &str, name: &str) -> Result<Self, Error> {
        let pair = |what| {
            let (workspace, of) = name
                .split_once('/')
                .filter(|(workspace, of)| !workspace.is_empty() && !of.is_empty())
                .ok_or_else(|| Error::field(what, format!("is named WORKSPACE/{}", what.to_uppercase())))?;
            Ok::<_, Error>((workspace.to_owned(), of.to_owned()))
        };
        match kind {
            "workspace" => Ok(Self::Workspace(name.to_owned())),
            "organization" => Ok(Self::Organization(name.to_owned())),
            "repository" => {
                pair("repository").map(|(workspace, repository)| Self::Repository { workspace, repository })
            }
            "user_group" => pair("group").map(|(workspace, group)| Self::UserGroup { workspace, group }),
            _ => Err(Error::field("kind", "is workspace, organization, repository or user_group")),
        }
    }

    /// The words of what can be asked of it.
    #[must_use]
    pub fn actions(&self) -> Vec<&'static str> {
        let words = |actions: &[Action]| actions.iter().map(|a| a.as_str()).collect();
        match self {
            Self::Workspace(_) => words(WORKSPACE_ACTIONS),
            Self::Organization(_) => words(ORGANIZATION_ACTIONS),
            Self::UserGroup { .. } => words(USER_GROUP_ACTIONS),
            Self::Repository { .. } => REPOSITORY_ACTIONS.iter().map(|p| p.as_str()).collect(),
        }
    }

    fn wanted(&self, action: &str) -> Result<Wanted, Error> {
        let known = self.actions();
        let unknown = || {
            let what = self.kind().replace('_', " ");
            Error::field("action", format!("of a {what} one can ask {}", known.join(", ")))
        };
        if !known.contains(&action) {
            return Err(unknown());
        }
        Ok(match self {
            Self::Repository { .. } => Wanted::Repository(Permission::from_str(action).map_err(|_| unknown())?),
            Self::Organization(_) => Wanted::Policy {
                see: Action::ViewOrganization,
                action: Action::from_str(action).map_err(|_| unknown())?,
            },
            Self::Workspace(_) | Self::UserGroup { .. } => {
                Wanted::Policy { see: Action::ViewWorkspace, action: Action::from_str(action).map_err(|_| unknown())? }
            }
        })
    }
}

/// Answers a question.
///
/// # Errors
/// `NotFound` for a thing, an organization or an account that does not exist or that the one who asks may not know; a
/// refusal for somebody who may see the thing but not who can do what with it; bad input for an action that there is not.
pub async fn explain_access(app: &App, principal: &Principal, question: &Question) -> Result<Explanation, Error> {
    let wanted = question.thing.wanted(&question.action)?;
    let mut tx = app.db.begin_read().await?;
    let (workspace, of) = match &question.thing {
        Thing::Organization(reference) => {
            return of_organization(app, &mut tx, principal, question, reference, wanted).await;
        }
        Thing::Workspace(workspace) => (workspace, None),
        Thing::Repository { workspace, repository: of } | Thing::UserGroup { workspace, group: of } => {
            (workspace, Some(of))
        }
    };
    let see = if of.is_some() { Action::ViewWorkspacePeople } else { Action::ViewWorkspace };
    let proof = WorkspaceProof::load(app, &mut tx, principal, workspace, see).await?;
    let slug = proof.workspace().slug.clone();
    let (thing, repository) = match (&question.thing, of) {
        (Thing::Repository { .. }, Some(of)) => {
            let found = find_repository(&mut tx, &proof, of).await?;
            (Thing::Repository { workspace: slug, repository: found.slug.clone() }, Some(found))
        }
        (Thing::UserGroup { .. }, Some(of)) => {
            let found = find_group(&mut tx, &proof, of).await?;
            (Thing::UserGroup { workspace: slug, group: found.slug }, None)
        }
        _ => (Thing::Workspace(slug), None),
    };
    let account = subject(app, &mut tx, principal, &Asked::Workspace(&proof), &question.account).await?;
    let is_own = is_own(principal, &account);
    let standing = proof.standing_of(&mut tx, &Principal::session(account.clone())).await?;
    let in_workspace = role_in_workspace(&mut tx, &proof, &account, standing.workspace).await?;
    let sources = match &repository {
        Some(_) => sources_of(&mut tx, proof.workspace().id, repository.as_ref(), &account).await?,
        None => Vec::new(),
    };
    let here = Facts { account, standing, in_workspace, in_organization: None, sources };
    let now = match proof.link() {
        Some(link) if is_own || proof.may(app, Action::ViewOrganizationPeople) => {
            here.linked_to(&mut tx, link.organization_id).await?
        }
        _ => here.linked_to_what_is_not_told(),
    };
    let after = match &question.after_link {
        None => None,
        Some(reference) => {
            let there = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganization).await?;
            let then = if is_own || there.may(app, Action::ViewOrganizationPeople) {
                here.linked_to(&mut tx, there.organization().id).await?
            } else {
                here.linked_to_what_is_not_told()
            };
            Some((there.organization().clone(), then.answer(app, wanted)))
        }
    };
    Ok(Explanation {
        now: now.answer(app, wanted),
        after,
        account: here.account,
        action: question.action.clone(),
        thing,
    })
}

async fn of_organization(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    question: &Question,
    reference: &str,
    wanted: Wanted,
) -> Result<Explanation, Error> {
    if question.after_link.is_some() {
        let detail =
            "is asked of a workspace, a repository or a user group: linking changes nothing in an organization";
        return Err(Error::field("after_link", detail));
    }
    let proof = OrganizationProof::load(app, tx, principal, reference, Action::ViewOrganization).await?;
    let account = subject(app, tx, principal, &Asked::Organization(&proof), &question.account).await?;
    let standing = proof.standing_of(tx, &Principal::session(account.clone())).await?;
    let in_organization = roles_in_organization(tx, proof.organization().id, &account).await?;
    let facts = Facts { account, standing, in_workspace: None, in_organization, sources: Vec::new() };
    Ok(Explanation {
        now: facts.answer(app, wanted),
        after: None,
        account: facts.account,
        action: question.action.clone(),
        thing: Thing::Organization(proof.organization().slug.clone()),
    })
}

impl Facts {
    /// As these facts are when the workspace is linked to an organization.
    async fn linked_to(&self, tx: &mut Tx, id: OrganizationId) -> Result<Self, Error> {
        let organization = organization::find_standing(tx, id, self.account.id).await?;
        let in_organization = roles_in_organization(tx, id, &self.account).await?;
        Ok(Self { standing: Standing { organization, ..self.standing }, in_organization, ..self.clone() })
    }

    /// When the one who asks may not know what somebody is to the organization, or there is none. The subject is then a
    /// member of the workspace, to whom it makes no difference (a test holds the policies to that).
    fn linked_to_what_is_not_told(&self) -> Self {
        let standing = Standing { organization: OrganizationStanding::None, ..self.standing };
        Self { standing, in_organization: None, ..self.clone() }
    }
}

/// What was loaded for the one who asks.
enum Asked<'a> {
    Workspace(&'a WorkspaceProof),
    Organization(&'a OrganizationProof),
}

/// The account asked about.
async fn subject(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    asked: &Asked<'_>,
    reference: &str,
) -> Result<Account, Error> {
    if is_self(principal, reference) {
        return principal.account().cloned();
    }
    match asked {
        Asked::Workspace(proof) => proof.require(app, Action::ViewRepositoryAccess)?,
        Asked::Organization(proof) => proof.require(app, Action::ViewOrganizationPeople)?,
    }
    let found = account::find(tx, reference).await?;
    let is_known = principal.sees_everything()
        || match asked {
            Asked::Workspace(proof) => {
                workspace::find_role(tx, proof.workspace().id, found.id).await? != WorkspaceRole::None
            }
            Asked::Organization(proof) => organization::is_known(tx, proof.organization().id, found.id).await?,
        };
    if is_known { Ok(found) } else { Err(Error::not_found("account", reference)) }
}

fn is_own(principal: &Principal, account: &Account) -> bool {
    principal.account_if_any().is_some_and(|own| own.id == account.id)
}

/// `workspace admin through the user group administrators`
async fn role_in_workspace(
    tx: &mut Tx,
    proof: &WorkspaceProof,
    account: &Account,
    role: WorkspaceRole,
) -> Result<Option<String>, Error> {
    let is_admin = match role {
        WorkspaceRole::None => return Ok(None),
        WorkspaceRole::Admin => true,
        WorkspaceRole::Member => false,
    };
    let memberships = Memberships::of(tx, proof.workspace().id, std::slice::from_ref(account)).await?;
    let groups: Vec<&str> =
        memberships.groups_of(account).filter(|g| g.is_admin || !is_admin).map(|g| g.slug.as_str()).collect();
    let role = if is_admin { "workspace admin" } else { "member of the workspace" };
    Ok(Some(match groups.as_slice() {
        [] => format!("{role} by what they were given on a repository"),
        [one] => format!("{role} through the user group {one}"),
        several => format!("{role} through the user groups {}", several.join(", ")),
    }))
}

/// `organization admin, site admin on meridian-hq`
async fn roles_in_organization(tx: &mut Tx, id: OrganizationId, account: &Account) -> Result<Option<String>, Error> {
    let email = fold(&account.email);
    let held = organization::list_held(tx, id, (&email, &email)).await?;
    let words: Vec<String> = held.iter().filter(|(of, _)| *of == account.id).map(|(_, role)| role.words()).collect();
    Ok((!words.is_empty()).then(|| words.join(", ")))
}
