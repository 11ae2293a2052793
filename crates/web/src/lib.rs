//! The pages. They work without JavaScript; a little of our own makes open ones live and lists filter as one types.
//!
//! What belongs here: screens, one file and one template each, and how a no becomes a page with a next step. What
//! does not: rules.

mod assets;
mod chart;
mod failure;
mod live;
mod pages;
mod reference;
mod shell;
mod timeline;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router};
use orglink_http::{AppState, NeedsStepUp, limit_address};

use crate::reference::Api;

/// A route of the pages: what the generated walk over every route reads.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    /// Whoever sends its form must have proven lately that it is them: it cannot be undone.
    pub needs_step_up: bool,
    handler: MethodRouter<AppState>,
}

fn on_get(path: &'static str, handler: MethodRouter<AppState>) -> Route {
    Route { method: "GET", path, needs_step_up: false, handler }
}

fn on_post(path: &'static str, handler: MethodRouter<AppState>) -> Route {
    Route { method: "POST", path, needs_step_up: false, handler }
}

/// A form that does what cannot be undone.
fn on_sure_post(path: &'static str, handler: MethodRouter<AppState>) -> Route {
    Route { method: "POST", path, needs_step_up: true, handler: handler.layer(Extension(NeedsStepUp)) }
}

/// Every route there is.
#[must_use]
pub fn routes() -> Vec<Route> {
    use pages::{
        account, activity, apps, assistants, billing_accounts, billing_preview, directory, domains, erase, explain,
        extensions, features, home, inbox, invitations, invite, invoices, link, linking_date, mailed, managed_accounts,
        me, members, offers, operator, organization, organization_features, organization_people, organization_settings,
        packages, proposals, receipts, recoveries, reference, repositories, requests, search, security, sign_in, sites,
        step_up, subscription, tracker, undo, unsubscribe, user_groups, users_agreement, users_migration, webhooks,
        workspace, workspace_settings, workspace_timeline,
    };
    vec![
        on_get("/", get(home::show)),
        on_get("/search", get(search::show)),
        on_get("/sign-in", get(sign_in::show)),
        on_post("/sign-in", post(sign_in::with_password)),
        on_post("/sign-in/passkey/question", post(sign_in::ask_for_passkey)),
        on_post("/sign-in/passkey", post(sign_in::with_passkey)),
        on_get("/sign-in/recovery", get(sign_in::show_recovery)),
        on_post("/sign-in/recovery", post(sign_in::with_recovery_code)),
        on_post("/sign-in/mail", post(mailed::ask)),
        on_get("/sign-in/link/{sign_in}", get(mailed::show_link)),
        on_post("/sign-in/link/{sign_in}", post(mailed::follow_link)),
        on_get("/verify/{proof}", get(mailed::show_proof)),
        on_post("/verify/{proof}", post(mailed::prove)),
        on_get("/sign-in/{secret}", get(sign_in::show_link)),
        on_post("/sign-in/{secret}", post(sign_in::follow_link)),
        on_post("/sign-out", post(sign_in::sign_out)),
        on_get("/new-organization", get(organization::show_new)),
        on_post("/organizations", post(organization::create)),
        on_get("/organizations/{organization}", get(organization::show)),
        on_get("/organizations/{organization}/people", get(organization_people::show)),
        on_sure_post("/organizations/{organization}/people", post(organization_people::grant)),
        on_sure_post("/organizations/{organization}/people/take", post(organization_people::revoke)),
        on_get("/organizations/{organization}/directory", get(directory::show)),
        on_post("/organizations/{organization}/directory", post(directory::create)),
        on_get("/organizations/{organization}/directory/{directory_group}", get(directory::show_one)),
        on_post("/organizations/{organization}/directory/{directory_group}", post(directory::rename)),
        on_sure_post("/organizations/{organization}/directory/{directory_group}/delete", post(directory::delete)),
        on_sure_post(
            "/organizations/{organization}/directory/{directory_group}/remove",
            post(directory::remove_member),
        ),
        on_sure_post("/organizations/{organization}/directory/{directory_group}/attach", post(directory::attach)),
        on_get("/organizations/{organization}/directory/{directory_group}/add", get(invite::show_for_directory)),
        on_post("/organizations/{organization}/directory/{directory_group}/add", post(invite::preview_for_directory)),
        on_sure_post(
            "/organizations/{organization}/directory/{directory_group}/invite",
            post(invite::confirm_for_directory),
        ),
        on_sure_post("/organizations/{organization}/user-management", post(directory::change_user_management)),
        on_get("/organizations/{organization}/sites", get(sites::show)),
        on_post("/organizations/{organization}/sites", post(sites::create)),
        on_get("/organizations/{organization}/sites/{site}", get(sites::show_one)),
        on_post("/organizations/{organization}/sites/{site}/products", post(sites::change_product)),
        on_sure_post("/organizations/{organization}/sites/{site}/delete", post(sites::delete)),
        on_get("/organizations/{organization}/sites/{site}/directory", get(directory::show)),
        on_post("/organizations/{organization}/sites/{site}/directory", post(directory::create)),
        on_get("/organizations/{organization}/sites/{site}/directory/{directory_group}", get(directory::show_one)),
        on_post("/organizations/{organization}/sites/{site}/directory/{directory_group}", post(directory::rename)),
        on_sure_post(
            "/organizations/{organization}/sites/{site}/directory/{directory_group}/delete",
            post(directory::delete),
        ),
        on_sure_post(
            "/organizations/{organization}/sites/{site}/directory/{directory_group}/remove",
            post(directory::remove_member),
        ),
        on_get(
            "/organizations/{organization}/sites/{site}/directory/{directory_group}/add",
            get(invite::show_for_directory),
        ),
        on_post(
            "/organizations/{organization}/sites/{site}/directory/{directory_group}/add",
            post(invite::preview_for_directory),
        ),
        on_sure_post(
            "/organizations/{organization}/sites/{site}/directory/{directory_group}/invite",
            post(invite::confirm_for_directory),
        ),
        on_get("/organizations/{organization}/domains", get(domains::show)),
        on_sure_post("/organizations/{organization}/domains", post(domains::add)),
        on_get("/organizations/{organization}/domains/{domain}", get(domains::show_one)),
        on_post("/organizations/{organization}/domains/{domain}/check", post(domains::check)),
        on_sure_post("/organizations/{organization}/domains/{domain}/remove", post(domains::remove)),
        on_post("/organizations/{organization}/domains/{domain}/preview", post(domains::preview)),
        on_get("/organizations/{organization}/domains/{domain}/claim", get(domains::show_claim)),
        on_sure_post("/organizations/{organization}/domains/{domain}/claim", post(domains::claim)),
        on_get("/organizations/{organization}/managed-accounts", get(managed_accounts::show)),
        on_sure_post("/organizations/{organization}/managed-accounts", post(managed_accounts::release)),
        on_get("/organizations/{organization}/settings", get(organization_settings::show)),
        on_post("/organizations/{organization}/settings", post(organization_settings::change)),
        on_get("/organizations/{organization}/delete", get(organization_settings::show_deletion)),
        on_sure_post("/organizations/{organization}/delete", post(organization_settings::delete)),
        on_get("/organizations/{organization}/apps", get(apps::show)),
        on_get("/organizations/{organization}/features", get(organization_features::show)),
        on_get("/organizations/{organization}/billing", get(billing_preview::of_organization)),
        on_get("/organizations/{organization}/billing/preview.csv", get(billing_preview::csv)),
        on_sure_post("/organizations/{organization}/features", post(organization_features::turn)),
        on_get("/link", get(link::start::show)),
        on_get("/organizations/{organization}/link", get(link::intro::show)),
        on_get("/organizations/{organization}/link/workspace", get(link::choose::show)),
        on_post("/organizations/{organization}/link/plan", post(link::verify::make)),
        on_get("/organizations/{organization}/link/plans/{digest}", get(link::verify::show)),
        on_sure_post("/organizations/{organization}/link/plans/{digest}", post(link::verify::confirm)),
        on_get("/organizations/{organization}/link/many", get(link::many::show)),
        on_post("/organizations/{organization}/link/many", post(link::many::plan)),
        on_sure_post("/organizations/{organization}/link/many/confirm", post(link::many::confirm)),
        on_get("/link/propose", get(proposals::propose::show)),
        on_sure_post("/link/propose", post(proposals::propose::propose)),
        on_get("/link/code", get(proposals::code::show)),
        on_post("/workspaces/{workspace}/link-code", post(proposals::code::make_of_workspace)),
        on_post("/organizations/{organization}/link-code", post(proposals::code::make_of_organization)),
        on_post("/workspaces/{workspace}/link-codes/withdraw", post(proposals::code::withdraw_of_workspace)),
        on_post("/organizations/{organization}/link-codes/withdraw", post(proposals::code::withdraw_of_organization)),
        on_get("/proposals", get(proposals::list::show_mine)),
        on_get("/workspaces/{workspace}/proposals", get(proposals::list::of_workspace)),
        on_get("/organizations/{organization}/proposals", get(proposals::list::of_organization)),
        on_get("/proposals/{proposal}", get(proposals::one::show)),
        on_sure_post("/proposals/{proposal}", post(proposals::one::agree)),
        on_post("/proposals/{proposal}/decline", post(proposals::one::decline)),
        on_post("/proposals/{proposal}/withdraw", post(proposals::one::withdraw)),
        on_post("/proposals/{proposal}/remind", post(proposals::one::remind)),
        on_get("/workspaces/{workspace}", get(workspace::show)),
        on_post("/workspaces/{workspace}/watch", post(workspace::watch)),
        on_post("/workspaces/{workspace}/unwatch", post(workspace::unwatch)),
        on_get("/workspaces/{workspace}/users-migration", get(users_migration::show)),
        on_sure_post("/workspaces/{workspace}/users-migration", post(users_migration::decide)),
        on_sure_post("/workspaces/{workspace}/users-migration/agreement", post(users_agreement::of_workspace)),
        on_sure_post("/organizations/{organization}/users-migration/agreement", post(users_agreement::of_organization)),
        on_get("/workspaces/{workspace}/user-groups", get(user_groups::show)),
        on_post("/workspaces/{workspace}/user-groups", post(user_groups::create)),
        on_get("/workspaces/{workspace}/user-groups/{group}", get(user_groups::show_one)),
        on_sure_post("/workspaces/{workspace}/user-groups/{group}", post(user_groups::change)),
        on_sure_post("/workspaces/{workspace}/user-groups/{group}/delete", post(user_groups::delete)),
        on_get("/workspaces/{workspace}/user-groups/{group}/add", get(invite::show_for_group)),
        on_post("/workspaces/{workspace}/user-groups/{group}/add", post(invite::preview_for_group)),
        on_sure_post("/workspaces/{workspace}/user-groups/{group}/invite", post(invite::confirm_for_group)),
        on_sure_post("/workspaces/{workspace}/user-groups/{group}/remove", post(user_groups::remove_member)),
        on_get("/workspaces/{workspace}/extensions", get(extensions::show)),
        on_get("/workspaces/{workspace}/extensions/{extension}", get(extensions::show_one)),
        on_sure_post("/workspaces/{workspace}/extensions/{extension}", post(extensions::change)),
        on_get("/workspaces/{workspace}/members", get(members::show)),
        on_sure_post("/workspaces/{workspace}/members/remove", post(members::remove)),
        on_get("/workspaces/{workspace}/packages", get(packages::show)),
        on_get("/workspaces/{workspace}/repositories", get(repositories::show)),
        on_get("/workspaces/{workspace}/repositories/{repository}", get(repositories::show_one)),
        on_post("/workspaces/{workspace}/repositories/{repository}", post(repositories::change_grant)),
        on_get("/workspaces/{workspace}/plan", get(subscription::show)),
        on_post("/workspaces/{workspace}/plan", post(subscription::change)),
        on_get("/workspaces/{workspace}/plan/change", get(subscription::confirm)),
        on_get("/workspaces/{workspace}/timeline", get(workspace_timeline::show)),
        on_get("/workspaces/{workspace}/plan/preview", get(billing_preview::of_workspace)),
        on_post("/workspaces/{workspace}/plan/preview", post(billing_preview::answer)),
        on_get("/workspaces/{workspace}/features", get(features::show)),
        on_get("/workspaces/{workspace}/who-can-do-what", get(explain::show)),
        on_get("/workspaces/{workspace}/activity", get(activity::of_workspace)),
        on_get("/organizations/{organization}/activity", get(activity::of_organization)),
        on_get("/workspaces/{workspace}/activity/export", get(activity::export_workspace)),
        on_get("/organizations/{organization}/activity/export", get(activity::export_organization)),
        on_get("/operator/activity", get(activity::of_installation)),
        on_get("/operator/activity/export", get(activity::export_installation)),
        on_get("/workspaces/{workspace}/settings", get(workspace_settings::show)),
        on_post("/workspaces/{workspace}/settings", post(workspace_settings::change)),
        on_get("/workspaces/{workspace}/convert", get(workspace_settings::show_conversion)),
        on_sure_post("/workspaces/{workspace}/convert", post(workspace_settings::convert)),
        on_sure_post("/workspaces/{workspace}/leave", post(workspace_settings::leave)),
        on_get("/workspaces/{workspace}/delete", get(workspace_settings::show_deletion)),
        on_sure_post("/workspaces/{workspace}/delete", post(workspace_settings::delete)),
        on_get("/workspaces/{workspace}/webhooks", get(webhooks::of_workspace)),
        on_sure_post("/workspaces/{workspace}/webhooks", post(webhooks::create_of_workspace)),
        on_get("/workspaces/{workspace}/webhooks/{webhook}", get(webhooks::one_of_workspace)),
        on_sure_post("/workspaces/{workspace}/webhooks/{webhook}", post(webhooks::change_of_workspace)),
        on_sure_post("/workspaces/{workspace}/webhooks/{webhook}/rotate", post(webhooks::rotate_of_workspace)),
        on_post("/workspaces/{workspace}/webhooks/{webhook}/test", post(webhooks::test_of_workspace)),
        on_post("/workspaces/{workspace}/webhooks/{webhook}/replay", post(webhooks::replay_of_workspace)),
        on_sure_post("/workspaces/{workspace}/webhooks/{webhook}/delete", post(webhooks::delete_of_workspace)),
        on_get(
            "/workspaces/{workspace}/webhooks/{webhook}/deliveries/{position}",
            get(webhooks::delivery_of_workspace),
        ),
        on_post(
            "/workspaces/{workspace}/webhooks/{webhook}/deliveries/{position}",
            post(webhooks::resend_of_workspace),
        ),
        on_get("/organizations/{organization}/webhooks", get(webhooks::of_organization)),
        on_sure_post("/organizations/{organization}/webhooks", post(webhooks::create_of_organization)),
        on_get("/organizations/{organization}/webhooks/{webhook}", get(webhooks::one_of_organization)),
        on_sure_post("/organizations/{organization}/webhooks/{webhook}", post(webhooks::change_of_organization)),
        on_sure_post("/organizations/{organization}/webhooks/{webhook}/rotate", post(webhooks::rotate_of_organization)),
        on_post("/organizations/{organization}/webhooks/{webhook}/test", post(webhooks::test_of_organization)),
        on_post("/organizations/{organization}/webhooks/{webhook}/replay", post(webhooks::replay_of_organization)),
        on_sure_post("/organizations/{organization}/webhooks/{webhook}/delete", post(webhooks::delete_of_organization)),
        on_get(
            "/organizations/{organization}/webhooks/{webhook}/deliveries/{position}",
            get(webhooks::delivery_of_organization),
        ),
        on_post(
            "/organizations/{organization}/webhooks/{webhook}/deliveries/{position}",
            post(webhooks::resend_of_organization),
        ),
        on_get("/step-up", get(step_up::show)),
        on_post("/step-up", post(step_up::confirm)),
        on_post("/step-up/mail", post(mailed::ask_again)),
        on_get("/me/account", get(account::show)),
        on_post("/me/account", post(account::change)),
        on_sure_post("/me/address", post(account::ask_for_address)),
        on_post("/me/address/withdraw", post(account::withdraw_address)),
        on_post("/me/management/object", post(managed_accounts::object)),
        on_get("/me/account/erase", get(erase::show)),
        on_sure_post("/me/account/erase", post(erase::erase)),
        on_get("/me/security", get(security::show)),
        on_post("/me/passkeys/question", post(security::ask_for_passkey)),
        on_sure_post("/me/passkeys", post(security::create_passkey)),
        on_post("/me/passkeys/rename", post(security::rename_passkey)),
        on_sure_post("/me/passkeys/remove", post(security::delete_passkey)),
        on_sure_post("/me/password", post(security::change_password)),
        on_sure_post("/me/recovery-codes", post(security::create_recovery_codes)),
        on_get("/me/sessions", get(me::show_sessions)),
        on_post("/me/sessions", post(me::end_session)),
        on_get("/me/tokens", get(me::show_tokens)),
        on_sure_post("/me/tokens", post(me::create_token)),
        on_post("/me/tokens/revoke", post(me::revoke_token)),
        on_get("/me/assistants", get(assistants::show)),
        on_post("/me/assistants/decline", post(assistants::decline)),
        on_get("/recover", get(recoveries::show)),
        on_post("/recover", post(recoveries::create)),
        on_get("/recoveries/{recovery}", get(recoveries::show_one)),
        on_post("/recoveries/{recovery}", post(recoveries::change)),
        on_get("/inbox", get(inbox::show)),
        on_post("/inbox", post(inbox::change)),
        on_get("/me/notifications", get(inbox::show_preferences)),
        on_post("/me/notifications", post(inbox::change_preferences)),
        on_get("/unsubscribe/{kind}/{unsubscribe}", get(unsubscribe::show)),
        on_post("/unsubscribe/{kind}/{unsubscribe}", post(unsubscribe::end)),
        on_get("/operator", get(operator::dashboard::show)),
        on_get("/operator/history.csv", get(operator::dashboard::download_history)),
        on_get("/operator/workspaces", get(operator::workspaces::show)),
        on_get("/operator/accounts", get(operator::accounts::show)),
        on_sure_post("/operator/accounts/suspend", post(operator::accounts::suspend)),
        on_sure_post("/operator/accounts/restore", post(operator::accounts::restore)),
        on_get("/operator/imports", get(operator::imports::show)),
        // A file is as long as `import.max_bytes` allows.
        on_post("/operator/imports", post(operator::imports::begin).layer(DefaultBodyLimit::disable())),
        on_get("/operator/mail", get(operator::mail::show)),
        on_post("/operator/mail", post(operator::mail::retry_refused)),
        on_get("/operator/mail/{mail}", get(operator::mail::show_one)),
        on_post("/operator/mail/{mail}", post(operator::mail::change)),
        on_get("/operator/campaigns", get(operator::campaigns::show)),
        on_post("/operator/campaigns", post(operator::campaigns::create)),
        on_get("/operator/new-campaign", get(operator::campaigns::show_new)),
        on_post("/operator/new-campaign", post(operator::campaigns::preview)),
        on_get("/operator/campaigns/{campaign}", get(operator::campaigns::show_one)),
        on_get("/operator/campaigns/{campaign}/mails", get(operator::campaigns::show_mails)),
        on_get("/operator/campaigns/{campaign}/edit", get(operator::campaigns::show_edit)),
        on_post("/operator/campaigns/{campaign}/edit", post(operator::campaigns::change)),
        on_sure_post("/operator/campaigns/{campaign}/steps", post(operator::campaigns::step)),
        on_sure_post("/operator/campaigns/{campaign}/undo", post(operator::campaigns::undo)),
        on_post("/operator/campaigns/{campaign}/rehearsals", post(operator::campaigns::rehearse)),
        on_get("/operator/campaigns/{campaign}/runs/{run}", get(operator::campaigns::show_run)),
        on_get("/operator/campaigns/{campaign}/runs/{run}/rows.csv", get(operator::campaigns::download_run)),
        on_get("/receipts", get(receipts::show)),
        on_post("/receipts", post(receipts::check)),
        on_get("/workspaces/{workspace}/receipt", get(receipts::download_of_workspace)),
        on_get("/links/{link}/receipt", get(receipts::download_of_link)),
        on_get("/workspaces/{workspace}/unlink", get(undo::show_unlink)),
        on_sure_post("/workspaces/{workspace}/unlink", post(undo::propose_unlink)),
        on_get("/workspaces/{workspace}/undo", get(undo::show)),
        on_sure_post("/workspaces/{workspace}/undo", post(undo::undo)),
        on_get("/workspaces/{workspace}/linking-date", get(linking_date::show)),
        on_sure_post("/workspaces/{workspace}/linking-date", post(linking_date::change)),
        on_get("/organizations/{organization}/preferences", get(linking_date::show_preferences)),
        on_sure_post("/organizations/{organization}/preferences", post(linking_date::answer_preference)),
        on_sure_post("/organizations/{organization}/claim", post(linking_date::claim)),
        on_get("/billing-accounts", get(billing_accounts::list)),
        on_get("/billing-accounts/{billing_account}", get(billing_accounts::show)),
        on_post("/billing-accounts/{billing_account}", post(billing_accounts::change)),
        on_get("/invoices/{invoice}", get(invoices::show)),
        on_get("/invoices/{invoice}/lines.csv", get(invoices::csv)),
        on_get("/operator/invoices", get(operator::invoices::show)),
        on_post("/operator/invoices", post(operator::invoices::issue)),
        on_get("/operator/invoices/reconciliation", get(operator::invoices::check)),
        on_get("/operator/offers", get(operator::offers::show)),
        on_get("/operator/tracker", get(operator::tracker::show)),
        on_post("/operator/tracker/{entry}", post(operator::tracker::post)),
        on_get("/tracker", get(tracker::show)),
        on_get("/tracker/{entry}", get(tracker::show_one)),
        on_post("/tracker/{entry}", post(tracker::follow)),
        on_post("/offers/{offer}", post(offers::answer)),
        on_get("/operator/health", get(operator::health::show)),
        on_get("/operator/freeze", get(operator::freeze::show)),
        on_post("/operator/freeze", post(operator::freeze::change)),
        on_get("/organizations/{organization}/people/invite", get(invite::show_for_role)),
        on_post("/organizations/{organization}/people/invite", post(invite::preview_for_role)),
        on_sure_post("/organizations/{organization}/people/invite/confirm", post(invite::confirm_for_role)),
        on_get("/invitations", get(invitations::show_mine)),
        on_get("/invitations/id/{invitation}", get(invitations::show)),
        on_post("/invitations/id/{invitation}/accept", post(invitations::accept)),
        on_post("/invitations/id/{invitation}/decline", post(invitations::decline)),
        on_post("/invitations/id/{invitation}/withdraw", post(invitations::withdraw)),
        on_post("/invitations/id/{invitation}/resend", post(invitations::resend)),
        on_get("/invitations/{mailed}", get(invitations::show_by_secret)),
        on_post("/invitations/{mailed}/join", post(invitations::join)),
        on_post("/invitations/{mailed}/decline", post(invitations::decline_by_secret)),
        on_get("/ask", get(requests::show_ask)),
        on_post("/ask", post(requests::ask)),
        on_get("/organizations/{organization}/requests", get(requests::of_organization)),
        on_get("/workspaces/{workspace}/requests", get(requests::of_workspace)),
        on_sure_post("/requests/{request}/approve", post(requests::approve)),
        on_post("/requests/{request}/decline", post(requests::decline)),
        on_post("/requests/{request}/withdraw", post(requests::withdraw)),
        on_get("/api", get(reference::show)),
        on_get("/api/reference/{section}", get(reference::show_section)),
        on_get("/live", get(live::stream)),
    ]
}

/// The pages; `api` is the OpenAPI document that the reference shows.
pub fn router(api: &'static str) -> Router<AppState> {
    routes()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, route.handler))
        .layer(Extension(Arc::new(Api::new(api))))
        .layer(from_fn(limit_address))
        .layer(from_fn(failure::show_as_page))
        .merge(assets::router())
}

/// What is at no address of ours.
#[must_use]
pub fn not_found() -> Response {
    failure::not_found()
}
