//! Everything that is decided, by name.

use orglink_domain::words;

words! {
    /// What somebody wants to do.
    "action" Action {
        ViewWorkspace = "view_workspace",
        ViewWorkspacePeople = "view_workspace_people",
        /// See which repositories there are.
        ViewRepositories = "view_repositories",
        /// Read what happened in a workspace.
        ViewActivity = "view_activity",
        ViewSubscription = "view_subscription",
        /// See what a workspace costs, now and after its billing has migrated.
        ViewBilling = "view_billing",
        /// See the bills of the time before that.
        ViewInvoices = "view_invoices",
        /// See what everything that is linked to an organization costs.
        ViewOrganizationBilling = "view_organization_billing",
        /// See a billing account: who is on it, what it pays for, its bills.
        ViewBillingAccount = "view_billing_account",
        /// Say who administers it, whom its bills are for, who pays, and what is paid by another one.
        ManageBillingAccount = "manage_billing_account",
        /// Give it an admin when none of its own can act.
        AppointBillingAdmin = "appoint_billing_admin",
        /// Agree to pay, or ask no longer to.
        AnswerAsPayer = "answer_as_payer",
        /// Have bills made that are due, and take all of them out.
        ManageInvoices = "manage_invoices",
        ViewAccessSalt = "view_access_salt",
        ViewRepositoryAccess = "view_repository_access",
        ChangeWorkspace = "change_workspace",
        ChangeWorkspacePeople = "change_workspace_people",
        DeleteWorkspace = "delete_workspace",
        LeaveWorkspace = "leave_workspace",
        WatchWorkspace = "watch_workspace",
        ViewOrganization = "view_organization",
        ViewLinkedWorkspaces = "view_linked_workspaces",
        ViewOrganizationPeople = "view_organization_people",
        ChangeOrganization = "change_organization",
        ChangeRoles = "change_roles",
        LeaveOrganization = "leave_organization",
        /// Make sites and delete them.
        ManageSites = "manage_sites",
        ManageSite = "manage_site",
        DeleteOrganization = "delete_organization",
        ViewLink = "view_link",
        /// Get the file that proves a link, or its undoing.
        ViewReceipt = "view_receipt",
        CreateOrganization = "create_organization",
        LinkWorkspace = "link_workspace",
        /// Propose a link, agree to one or say no, for one side.
        AgreeToLink = "agree_to_link",
        ViewWorkspaceProposals = "view_workspace_proposals",
        ViewOrganizationProposals = "view_organization_proposals",
        CreateToken = "create_token",
        ViewOwnEvents = "view_own_events",
        ImportRecords = "import_records",
        ExportRecords = "export_records",
        ViewAllEvents = "view_all_events",
        ExploreWorkspaces = "explore_workspaces",
        RequestRecovery = "request_recovery",
        ViewRecovery = "view_recovery",
        ObjectToRecovery = "object_to_recovery",
        ProposeRecovery = "propose_recovery",
        ApproveRecovery = "approve_recovery",
        ApplyRecovery = "apply_recovery",
        GrantOperator = "grant_operator",
        FreezeLinking = "freeze_linking",
        ManageOutbox = "manage_outbox",
        AskForAccess = "ask_for_access",
        ManageAccounts = "manage_accounts",
        /// Write campaigns and let them go on.
        ManageCampaigns = "manage_campaigns",
        /// See what a campaign means for one's workspace.
        ViewCampaign = "view_campaign",
        /// Say where one's workspace is to go if nobody links it.
        PreferOrganization = "prefer_organization",
        /// Say that a workspace may come to one's organization.
        AcceptWorkspace = "accept_workspace",
        /// Ask for more time.
        PostponeLinking = "postpone_linking",
        /// Make an organization that a campaign made one's own.
        ClaimOrganization = "claim_organization",
        /// Make webhooks of a workspace, change and see them.
        ManageWorkspaceWebhooks = "manage_workspace_webhooks",
        /// The same of an extension that has them told of the workspace where it is installed, by itself.
        ManageExtensionWebhooks = "manage_extension_webhooks",
        /// The same of an organization.
        ManageOrganizationWebhooks = "manage_organization_webhooks",
        /// See which domains an organization has shown to be its own, and whom it manages.
        ViewDomains = "view_domains",
        /// Add domains, have them looked at, claim accounts.
        ManageDomains = "manage_domains",
        /// Let go of an account that is managed, or is to be.
        ReleaseAccount = "release_account",
        /// What is due: claims take effect, domains lapse, objections count.
        ApplyClaims = "apply_claims",
        /// End a link whatever its policy says, as one of two operators.
        EndLink = "end_link",
        /// Ask what a workspace may use, and why not.
        CheckEntitlements = "check_entitlements",
        /// See the groups of an organization's directory, and who is in them.
        ViewDirectory = "view_directory",
        /// Make, rename and delete them, invite, add and take out people.
        ManageDirectory = "manage_directory",
        /// Say whether an organization has one directory, or each of its sites its own.
        ChangeUserManagement = "change_user_management",
        /// Follow a capability that is missing.
        FollowTracker = "follow_tracker",
        /// Say how far it is.
        PostTrackerUpdate = "post_tracker_update",
        /// Turn a switch of the organization that is its admins' to turn.
        TurnSwitch = "turn_switch",
        /// Turn one that is the operators'.
        TurnOperatorSwitch = "turn_operator_switch",
        /// See which extensions there are, and which are installed.
        ViewExtensions = "view_extensions",
        /// Install extensions, update them, give them new tokens, take them out.
        ManageExtensions = "manage_extensions",
        /// Take back a link inside its undo window.
        UndoLink = "undo_link",
    }
}
