mod change_extension;
mod install_extension;
mod list_extensions;
mod list_webhooks;
mod view;

pub use change_extension::*;
pub use install_extension::*;
pub use list_extensions::*;
pub use list_webhooks::*;
