use orglink_app::Principal;
use orglink_app::webhook::WebhooksOf;
use orglink_domain::extension::ExtensionScope;
use orglink_domain::token::Scope;
use orglink_http::{Caller, Failure};

mod change_webhook;
mod create_webhook;
mod delete_webhook;
mod list_deliveries;
mod list_webhooks;
mod replay_webhook;
mod resend_delivery;
mod rotate_secret;
mod test_webhook;
mod view;
mod view_delivery;
mod view_webhook;
pub use change_webhook::*;
pub use create_webhook::*;
pub use delete_webhook::*;
pub use list_deliveries::*;
pub use list_webhooks::*;
pub use replay_webhook::*;
pub use resend_delivery::*;
pub use rotate_secret::*;
pub use test_webhook::*;
pub use view_delivery::*;
pub use view_webhook::*;

/// Who may manage webhooks of something: people whose token has the scope; in a workspace also an extension, of its own.
fn allowed(caller: Caller, of: WebhooksOf<'_>, scope: Scope) -> Result<Principal, Failure> {
    match of {
        WebhooksOf::Workspace(_) => caller.with_scope_or(scope, ExtensionScope::EventsRead),
        WebhooksOf::Organization(_) => caller.with_scope(scope),
    }
}
