//! The one list of endpoints.

use orglink_http::AppState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{
    access, access_requests, billing, billing_accounts, campaigns, directory, domains, eligibility, entitlements,
    events, extensions, freeze, imports, invitations, invoices, link_plans, links, mails, me, notifications, operator,
    organizations, packages, proposals, receipts, recoveries, repositories, sessions, sites, tokens, tracker,
    user_groups, user_management, webhooks, workspaces,
};

/// Every operation, an area a function: what describes them is large, and need not all be there at once.
pub const AREAS: &[fn() -> OpenApiRouter<AppState>] = &[
    people_routes,
    organizations_routes,
    workspaces_routes,
    money_routes,
    members_and_access_routes,
    features_routes,
    linking_routes,
    oneself_routes,
    events_routes,
    domains_and_webhooks_routes,
    user_management_routes,
    operators_routes,
    invitations_routes,
    campaigns_routes,
];

fn people_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(me::view_me, me::change_me))
        .routes(routes!(me::change_password))
        .routes(routes!(me::ask_for_address, me::withdraw_address))
        .routes(routes!(me::object_to_claim))
        .routes(routes!(me::preview_erasure, me::erase_account))
        .routes(routes!(me::list_passkeys))
        .routes(routes!(me::rename_passkey, me::delete_passkey))
        .routes(routes!(me::create_recovery_codes))
        .routes(routes!(me::list_my_workspaces))
        .routes(routes!(me::list_my_organizations))
}

fn organizations_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(organizations::list_organizations, organizations::create_organization))
        .routes(routes!(
            organizations::view_organization,
            organizations::change_organization,
            organizations::delete_organization
        ))
        .routes(routes!(organizations::preview_organization_deletion))
        .routes(routes!(organizations::change_user_management))
        .routes(routes!(organizations::list_users))
        .routes(routes!(organizations::grant_organization_role, organizations::revoke_organization_role))
        .routes(routes!(sites::list_sites, sites::create_site))
        .routes(routes!(sites::view_site, sites::delete_site))
        .routes(routes!(sites::add_product, sites::remove_product))
        .routes(routes!(sites::grant_site_role, sites::revoke_site_role))
        .routes(routes!(sites::grant_app_role, sites::revoke_app_role))
        .routes(routes!(organizations::list_apps))
        .routes(routes!(organizations::list_people))
        .routes(routes!(organizations::list_linkable))
}

fn workspaces_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(workspaces::list_workspaces))
        .routes(routes!(workspaces::view_workspace, workspaces::change_workspace, workspaces::delete_workspace))
        .routes(routes!(workspaces::convert_workspace))
        .routes(routes!(workspaces::view_timeline))
}

fn money_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(billing::view_billing))
        .routes(routes!(billing::list_workspace_invoices))
        .routes(routes!(billing::preview_billing))
        .routes(routes!(billing::plan_billing_migration))
        .routes(routes!(billing::agree_to_billing_migration, billing::withdraw_billing_agreement))
        .routes(routes!(billing_accounts::list_billing_accounts))
        .routes(routes!(billing_accounts::list_my_billing_accounts))
        .routes(routes!(billing_accounts::view_billing_account, billing_accounts::change_billing_account))
        .routes(routes!(billing_accounts::list_paid_workspaces))
        .routes(routes!(billing_accounts::add_billing_admin, billing_accounts::remove_billing_admin))
        .routes(routes!(billing_accounts::split_billing_account))
        .routes(routes!(billing_accounts::ask_to_pay, billing_accounts::ask_to_release))
        .routes(routes!(billing_accounts::ask_to_merge))
        .routes(routes!(billing_accounts::agree_to_billing_request))
        .routes(routes!(billing_accounts::end_billing_request))
        .routes(routes!(invoices::list_account_invoices))
        .routes(routes!(invoices::view_invoice))
        .routes(routes!(invoices::list_all_invoices, invoices::issue_invoices))
        .routes(routes!(invoices::reconcile_invoices))
}

fn members_and_access_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(workspaces::preview_workspace_deletion))
        .routes(routes!(workspaces::list_members))
        .routes(routes!(workspaces::remove_member))
        .routes(routes!(user_groups::list_user_groups, user_groups::create_user_group))
        .routes(routes!(user_groups::view_user_group, user_groups::change_user_group, user_groups::delete_user_group))
        .routes(routes!(user_groups::list_group_members))
        .routes(routes!(user_groups::add_group_member, user_groups::remove_group_member))
        .routes(routes!(repositories::list_repositories))
        .routes(routes!(packages::list_packages))
        .routes(routes!(repositories::view_repository_access))
        .routes(routes!(access::explain_access))
        .routes(routes!(repositories::grant_group, repositories::revoke_group))
        .routes(routes!(repositories::grant_member, repositories::revoke_member))
        .routes(routes!(workspaces::view_subscription))
        .routes(routes!(workspaces::view_access_salt))
        .routes(routes!(workspaces::view_workspace_link))
        .routes(routes!(workspaces::watch_workspace, workspaces::unwatch_workspace))
}

fn features_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(eligibility::check_eligibility))
        .routes(routes!(eligibility::list_eligibility))
        .routes(routes!(entitlements::list_entitlements))
        .routes(routes!(entitlements::explain_entitlement))
        .routes(routes!(entitlements::list_switches))
        .routes(routes!(entitlements::turn_switch))
        .routes(routes!(extensions::list_extensions))
        .routes(routes!(
            extensions::view_extension,
            extensions::install_extension,
            extensions::update_extension,
            extensions::uninstall_extension
        ))
        .routes(routes!(extensions::rotate_extension_token))
        .routes(routes!(extensions::list_extension_webhooks))
}

fn linking_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(workspaces::recommend_organization))
        .routes(routes!(link_plans::make_plan))
        .routes(routes!(link_plans::view_plan))
        .routes(routes!(link_plans::plan_links))
        .routes(routes!(links::link_workspace))
        .routes(routes!(links::link_workspaces))
        .routes(routes!(links::view_link))
        .routes(routes!(links::plan_undo, links::undo_link))
        .routes(routes!(proposals::list_my_proposals, proposals::propose_link))
        .routes(routes!(proposals::preview_proposal))
        .routes(routes!(proposals::view_proposal))
        .routes(routes!(proposals::consent_to_proposal))
        .routes(routes!(proposals::decline_proposal))
        .routes(routes!(proposals::withdraw_proposal))
        .routes(routes!(proposals::remind_of_proposal))
        .routes(routes!(proposals::plan_unlink, proposals::propose_unlink))
        .routes(routes!(proposals::list_workspace_proposals))
        .routes(routes!(proposals::list_organization_proposals))
        .routes(routes!(proposals::make_workspace_link_code, proposals::withdraw_workspace_link_codes))
        .routes(routes!(proposals::make_organization_link_code, proposals::withdraw_organization_link_codes))
        .routes(routes!(receipts::export_workspace_receipt))
        .routes(routes!(receipts::export_link_receipt))
}

fn oneself_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(sessions::list_sessions, sessions::end_sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(recoveries::list_recoveries, recoveries::create_recovery))
        .routes(routes!(recoveries::view_recovery))
        .routes(routes!(recoveries::prove_recovery))
        .routes(routes!(recoveries::approve_recovery))
        .routes(routes!(recoveries::object_to_recovery))
        .routes(routes!(recoveries::withdraw_recovery))
        .routes(routes!(notifications::list_notifications))
        .routes(routes!(notifications::change_notification))
        .routes(routes!(notifications::read_all_notifications))
        .routes(routes!(notifications::list_preferences))
        .routes(routes!(notifications::change_preference))
}

fn events_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(events::list_events))
        .routes(routes!(events::list_workspace_activity))
        .routes(routes!(events::list_organization_activity))
        .routes(routes!(events::list_installation_activity))
        .routes(routes!(events::export_workspace_activity))
        .routes(routes!(events::export_organization_activity))
        .routes(routes!(events::export_installation_activity))
}

fn domains_and_webhooks_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(domains::list_domains, domains::add_domain))
        .routes(routes!(domains::view_domain, domains::remove_domain))
        .routes(routes!(domains::check_domain))
        .routes(routes!(domains::list_domain_accounts))
        .routes(routes!(domains::preview_claim))
        .routes(routes!(domains::claim_accounts))
        .routes(routes!(domains::list_managed_accounts))
        .routes(routes!(domains::release_account))
        .routes(routes!(webhooks::list_workspace_webhooks, webhooks::create_workspace_webhook))
        .routes(routes!(
            webhooks::view_workspace_webhook,
            webhooks::change_workspace_webhook,
            webhooks::delete_workspace_webhook
        ))
        .routes(routes!(webhooks::rotate_workspace_webhook))
        .routes(routes!(webhooks::test_workspace_webhook))
        .routes(routes!(webhooks::replay_workspace_webhook))
        .routes(routes!(webhooks::list_workspace_webhook_deliveries))
        .routes(routes!(webhooks::view_workspace_webhook_delivery))
        .routes(routes!(webhooks::resend_workspace_webhook_delivery))
        .routes(routes!(webhooks::list_organization_webhooks, webhooks::create_organization_webhook))
        .routes(routes!(
            webhooks::view_organization_webhook,
            webhooks::change_organization_webhook,
            webhooks::delete_organization_webhook
        ))
        .routes(routes!(webhooks::rotate_organization_webhook))
        .routes(routes!(webhooks::test_organization_webhook))
        .routes(routes!(webhooks::replay_organization_webhook))
        .routes(routes!(webhooks::list_organization_webhook_deliveries))
        .routes(routes!(webhooks::view_organization_webhook_delivery))
        .routes(routes!(webhooks::resend_organization_webhook_delivery))
        .routes(routes!(events::follow_workspace_activity))
        .routes(routes!(events::follow_organization_activity))
        .routes(routes!(events::follow_installation_activity))
}

fn user_management_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(directory::list_directory_groups, directory::create_directory_group))
        .routes(routes!(
            directory::view_directory_group,
            directory::rename_directory_group,
            directory::delete_directory_group
        ))
        .routes(routes!(directory::list_directory_members))
        .routes(routes!(directory::add_directory_member, directory::remove_directory_member))
        .routes(routes!(directory::invite_to_directory_group))
        .routes(routes!(directory::attach_directory_group))
        .routes(routes!(directory::list_site_groups, directory::create_site_group))
        .routes(routes!(directory::view_site_group, directory::rename_site_group, directory::delete_site_group))
        .routes(routes!(directory::list_site_group_members))
        .routes(routes!(directory::add_site_group_member, directory::remove_site_group_member))
        .routes(routes!(directory::invite_to_site_group))
        .routes(routes!(tracker::list_tracker))
        .routes(routes!(tracker::view_tracker_entry))
        .routes(routes!(tracker::follow_tracker_entry, tracker::unfollow_tracker_entry))
        .routes(routes!(tracker::post_tracker_update))
        .routes(routes!(user_management::plan_users))
        .routes(routes!(user_management::view_users_migration, user_management::migrate_users))
        .routes(routes!(user_management::propose_users_migration))
        .routes(routes!(
            user_management::view_workspace_users_agreement,
            user_management::agree_for_workspace,
            user_management::withdraw_for_workspace
        ))
        .routes(routes!(
            user_management::view_organization_users_agreement,
            user_management::agree_for_organization,
            user_management::withdraw_for_organization
        ))
}

fn operators_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(imports::import_records, operator::list_imports))
        .routes(routes!(operator::explore_workspaces))
        .routes(routes!(operator::count_workspaces))
        .routes(routes!(operator::list_history))
        .routes(routes!(operator::list_offers))
        .routes(routes!(operator::list_operators))
        .routes(routes!(operator::list_accounts))
        .routes(routes!(operator::suspend_account, operator::restore_account))
        .routes(routes!(operator::view_health))
        .routes(routes!(mails::list_mails))
        .routes(routes!(mails::retry_refused_mails))
        .routes(routes!(mails::view_mail))
        .routes(routes!(mails::reveal_mail))
        .routes(routes!(mails::retry_mail))
        .routes(routes!(mails::give_up_mail))
        .routes(routes!(imports::export_records))
        .routes(routes!(freeze::view_freeze, freeze::change_freeze))
}

fn invitations_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(invitations::list_my_invitations))
        .routes(routes!(invitations::list_workspace_invitations, invitations::invite_to_user_group))
        .routes(routes!(invitations::list_organization_invitations, invitations::invite_to_role))
        .routes(routes!(invitations::view_invitation))
        .routes(routes!(invitations::accept_invitation))
        .routes(routes!(invitations::decline_invitation))
        .routes(routes!(invitations::withdraw_invitation))
        .routes(routes!(invitations::resend_invitation))
        .routes(routes!(access_requests::list_my_access_requests, access_requests::create_access_request))
        .routes(routes!(access_requests::list_organization_access_requests))
        .routes(routes!(access_requests::list_workspace_access_requests))
        .routes(routes!(access_requests::view_access_request))
        .routes(routes!(access_requests::approve_access_request))
        .routes(routes!(access_requests::decline_access_request))
        .routes(routes!(access_requests::withdraw_access_request))
}

fn campaigns_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(campaigns::list_campaigns, campaigns::create_campaign))
        .routes(routes!(campaigns::view_campaign, campaigns::change_campaign))
        .routes(routes!(campaigns::step_campaign))
        .routes(routes!(campaigns::run_campaign))
        .routes(routes!(campaigns::retry_campaign))
        .routes(routes!(campaigns::undo_campaign))
        .routes(routes!(campaigns::preview_mails))
        .routes(routes!(campaigns::watch_campaign))
        .routes(routes!(campaigns::rehearse_campaign))
        .routes(routes!(campaigns::view_run))
        .routes(routes!(campaigns::list_decisions))
        .routes(routes!(campaigns::view_current_campaign))
        .routes(routes!(campaigns::view_outlook))
        .routes(routes!(campaigns::prefer_organization, campaigns::withdraw_preference))
        .routes(routes!(campaigns::list_organization_preferences))
        .routes(routes!(campaigns::accept_preference, campaigns::decline_preference))
        .routes(routes!(campaigns::postpone_linking, campaigns::withdraw_postponement))
        .routes(routes!(campaigns::view_claim, campaigns::claim_organization))
        .routes(routes!(campaigns::object_to_claim))
}
