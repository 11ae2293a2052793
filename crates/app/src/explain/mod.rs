//! Who can do what, in words: whether an account may do something with a thing, now and as if the workspace were linked
//! to an organization, by which policy and through which role or group.

mod answer;
mod explain_access;

pub use answer::Answer;
pub use explain_access::{Explanation, Question, Thing, explain_access};
pub use orglink_policy::PolicyText;

use orglink_domain::workspace::Permission;
use orglink_policy::Action;

/// What can be asked of a workspace: everything that is decided once it is loaded through its tenant.
pub const WORKSPACE_ACTIONS: &[Action] = &[
    Action::ViewWorkspace,
    Action::ViewWorkspacePeople,
    Action::ViewRepositories,
    Action::ViewActivity,
    Action::ViewSubscription,
    Action::ViewAccessSalt,
    Action::ViewRepositoryAccess,
    Action::ChangeWorkspace,
    Action::ChangeWorkspacePeople,
    Action::DeleteWorkspace,
    Action::LeaveWorkspace,
    Action::WatchWorkspace,
    Action::ViewLink,
    Action::ViewCampaign,
    Action::PreferOrganization,
    Action::PostponeLinking,
    Action::ViewWorkspaceProposals,
    Action::ViewExtensions,
    Action::ManageExtensions,
    Action::ManageWorkspaceWebhooks,
    Action::CheckEntitlements,
];

/// What can be asked of a user group; its workspace's people decide.
pub const USER_GROUP_ACTIONS: &[Action] = &[Action::ViewWorkspacePeople, Action::ChangeWorkspacePeople];

/// What can be asked of an organization.
pub const ORGANIZATION_ACTIONS: &[Action] = &[
    Action::ViewOrganization,
    Action::ViewLinkedWorkspaces,
    Action::ViewOrganizationPeople,
    Action::ChangeOrganization,
    Action::ChangeRoles,
    Action::LeaveOrganization,
    Action::ManageSites,
    Action::DeleteOrganization,
    Action::AcceptWorkspace,
    Action::ClaimOrganization,
    Action::ViewOrganizationProposals,
    Action::ManageOrganizationWebhooks,
    Action::TurnSwitch,
    Action::TurnOperatorSwitch,
    Action::ViewDirectory,
    Action::ManageDirectory,
    Action::ChangeUserManagement,
    Action::ViewDomains,
    Action::ManageDomains,
    Action::ReleaseAccount,
    Action::ViewOrganizationBilling,
];

/// What can be asked of a repository.
pub const REPOSITORY_ACTIONS: &[Permission] = &[Permission::Read, Permission::Write, Permission::Admin];

#[cfg(test)]
mod tests {
    use orglink_domain::role::{OrganizationStanding, WorkspaceRole};
    use orglink_policy::{Action, Policies, Standing};

    use super::{ORGANIZATION_ACTIONS, WORKSPACE_ACTIONS};

    #[test]
    fn every_action_can_be_asked_of_something_or_is_about_nothing_in_particular() {
        use Action::{
            AgreeToLink, AnswerAsPayer, ApplyClaims, ApplyRecovery, AppointBillingAdmin, ApproveRecovery, AskForAccess,
            CreateOrganization, CreateToken, EndLink, ExploreWorkspaces, ExportRecords, FollowTracker, FreezeLinking,
            GrantOperator, ImportRecords, LinkWorkspace, ManageAccounts, ManageBillingAccount, ManageCampaigns,
            ManageExtensionWebhooks, ManageInvoices, ManageOutbox, ManageSite, ObjectToRecovery, PostTrackerUpdate,
            ProposeRecovery, RequestRecovery, UndoLink, ViewAllEvents, ViewBilling, ViewBillingAccount, ViewInvoices,
            ViewOwnEvents, ViewReceipt, ViewRecovery,
        };
        // Of two things at once, of a site or a recovery, of the installation; or of money, which is also the affair of contacts.
        let others = [
            ViewBilling,
            ViewInvoices,
            ViewBillingAccount,
            ManageBillingAccount,
            AppointBillingAdmin,
            AnswerAsPayer,
            ManageInvoices,
            LinkWorkspace,
            AgreeToLink,
            EndLink,
            UndoLink,
            ViewReceipt,
            ManageSite,
            ManageExtensionWebhooks,
            AskForAccess,
            RequestRecovery,
            ViewRecovery,
            ObjectToRecovery,
            ProposeRecovery,
            ApproveRecovery,
            ApplyRecovery,
            ApplyClaims,
            CreateOrganization,
            CreateToken,
            ViewOwnEvents,
            ImportRecords,
            ExportRecords,
            ViewAllEvents,
            ExploreWorkspaces,
            GrantOperator,
            FreezeLinking,
            ManageOutbox,
            ManageAccounts,
            ManageCampaigns,
            FollowTracker,
            PostTrackerUpdate,
        ];
        for action in Action::ALL {
            let places = [WORKSPACE_ACTIONS, ORGANIZATION_ACTIONS, &others].into_iter().filter(|p| p.contains(action));
            assert_eq!(places.count(), 1, "say where {action} can be asked of");
        }
    }

    /// A workspace's admins are not told what its members are to an organization: it must make no difference to the answer.
    #[test]
    fn what_a_member_is_to_an_organization_changes_nothing_in_their_workspace() {
        let policies = Policies::new().expect("policies parse");
        for action in WORKSPACE_ACTIONS {
            for workspace in [WorkspaceRole::Admin, WorkspaceRole::Member] {
                for flags in 0..4_u8 {
                    let none = Standing {
                        workspace,
                        organization: OrganizationStanding::None,
                        is_unclaimed: false,
                        is_site_admin: false,
                        is_at_domain: false,
                        is_payer: false,
                        is_billing_admin: false,
                        is_user_access_admin: false,
                        is_verified: flags & 1 != 0,
                        is_operator: flags & 2 != 0,
                        is_product: false,
                        extension: None,
                    };
                    for organization in OrganizationStanding::ALL {
                        let some = Standing { organization: *organization, ..none };
                        assert_eq!(
                            policies.decide(*action, some).is_allowed(),
                            policies.decide(*action, none).is_allowed(),
                            "{action} {some:?}"
                        );
                    }
                }
            }
        }
    }
}
