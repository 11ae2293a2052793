//! The container registry: orglink says who may push and pull, and hears what was pushed. The images themselves are in a
//! registry of its own (Docker's, or any other that takes its tokens).

mod grant;
mod issue_token;
mod key;
mod list_packages;
mod record_events;
mod rotate;

pub use issue_token::{IssuedToken, TokenAnswer, issue_token};
pub use key::ensure_key;
pub use list_packages::{Packages, list_packages};
pub use orglink_store::registry::{Key, Package, Pusher};
pub use record_events::{notification_secret, record_events};
pub use rotate::{hand_out_certificates, list_keys, prepare_key, release_name, rotate_key};

use crate::settings::RegistrySettings;
use crate::{App, Error};

/// What the operator says about the registry.
///
/// # Errors
/// `not_served` when there is none.
fn settings(app: &App) -> Result<&RegistrySettings, Error> {
    app.settings.registry.as_ref().ok_or_else(|| {
        let detail = "This installation has no container registry: registry.url in its configuration names none.";
        Error::refused("not_served", "Not offered here", detail)
    })
}
