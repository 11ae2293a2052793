//! An invitation as JSON.

use orglink_app::invitation::{InvitationView, InviteTo, Made};
use orglink_domain::clock::Timestamp;
use orglink_domain::invitation::Target;
use orglink_domain::role::HeldRole;
use serde::Serialize;
use utoipa::ToSchema;

/// An invitation, or what became of an address at once.
#[derive(Serialize, ToSchema)]
pub struct InvitationJson {
    /// None for an address that needed no invitation.
    pub id: Option<String>,
    /// `pending`, `accepted`, `declined`, `withdrawn`, `expired`; `added` or `already_there` without an invitation.
    pub state: String,
    pub email: String,
    /// Was a member already and is what they were invited to be, at once.
    pub added: bool,
    pub workspace: Option<String>,
    /// The user group of the workspace, or the group of the organization's or the site's directory, by its slug.
    pub group: Option<String>,
    pub organization: Option<String>,
    /// `admin`, `user_access_admin`, `billing_admin`, `auditor`, `site_admin`, `app_admin`.
    pub role: Option<String>,
    /// On which site the role or the group is.
    pub site: Option<String>,
    /// On which product of the site.
    pub app: Option<String>,
    /// Whoever invites gives up their own admin role when it is accepted.
    pub hands_over: bool,
    /// The name of whoever answers for it.
    pub invited_by: Option<String>,
    /// They may still invite there. Otherwise it can be accepted after another admin has sent it again.
    pub inviter_may: Option<bool>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// Others that are pending for the same address in the same place.
    pub others: Vec<OtherJson>,
}

/// Another invitation of the same address in the same place.
#[derive(Serialize, ToSchema)]
pub struct OtherJson {
    /// `group/SLUG`, `directory/SLUG`, `directory/SITE/SLUG`, `organization/ROLE`, `site/SITE/ROLE` or `app/SITE/PRODUCT/ROLE`.
    target: String,
    /// Ends when the invitation that names it is accepted.
    is_settled: bool,
}

/// The parts of a target: group, role, site, app.
type Parts = (Option<String>, Option<String>, Option<String>, Option<String>);

fn parts_of(target: &Target) -> Parts {
    let role = |held: &HeldRole| Some(held.role().to_owned());
    match target {
        Target::UserGroup(slug) | Target::DirectoryGroup(slug) => (Some(slug.clone()), None, None, None),
        Target::SiteGroup(site, slug) => (Some(slug.clone()), None, Some(site.clone()), None),
        Target::Role(held @ HeldRole::Organization(_)) => (None, role(held), None, None),
        Target::Role(held @ HeldRole::Site(site, _)) => (None, role(held), Some(site.clone()), None),
        Target::Role(held @ HeldRole::App(site, product, _)) => {
            (None, role(held), Some(site.clone()), Some(product.clone()))
        }
    }
}

impl InvitationJson {
    pub fn of(view: &InvitationView) -> Self {
        let about = &view.invitation;
        let (group, role, site, app) = parts_of(&about.target);
        let slug = Some(view.place.slug.clone());
        let is_workspace = about.tenant.workspace().is_some();
        let other =
            |(target, is_settled): &(Target, bool)| OtherJson { target: target.to_string(), is_settled: *is_settled };
        Self {
            id: Some(about.id.to_string()),
            state: view.state.to_string(),
            email: about.email.clone(),
            added: false,
            workspace: slug.clone().filter(|_| is_workspace),
            group,
            organization: slug.filter(|_| !is_workspace),
            role,
            site,
            app,
            hands_over: about.hands_over,
            invited_by: Some(view.invited_by.clone()),
            inviter_may: Some(view.inviter_may),
            created_at: Some(about.created_at),
            expires_at: Some(about.expires_at),
            others: view.others.iter().map(other).collect(),
        }
    }

    /// An address that needed no invitation.
    pub fn without(made: &Made, to: &InviteTo<'_>) -> Self {
        let added = made.outcome == orglink_app::invitation::Invited::Added;
        let (workspace, organization, target) = match to {
            InviteTo::UserGroup(workspace, group) => {
                (Some(*workspace), None, Some(Target::UserGroup((*group).to_owned())))
            }
            InviteTo::DirectoryGroup(of, group) => (None, Some(of.organization), Some(of.target(group))),
            InviteTo::Role(organization, role) => (None, Some(*organization), Target::parse(role)),
        };
        let (group, role, site, app) = target.as_ref().map(parts_of).unwrap_or_default();
        Self {
            id: None,
            state: made.outcome.to_string(),
            email: made.email.clone(),
            added,
            workspace: workspace.map(str::to_owned),
            group,
            organization: organization.map(str::to_owned),
            role,
            site,
            app,
            hands_over: false,
            invited_by: None,
            inviter_may: None,
            created_at: None,
            expires_at: None,
            others: Vec::new(),
        }
    }
}
