mod address;
mod change_me;
mod erasure;
mod list_my_organizations;
mod list_my_workspaces;
mod management;
mod passkeys;
mod recovery_codes;
mod view_me;

pub use address::*;
pub use change_me::*;
pub use erasure::*;
pub use list_my_organizations::*;
pub use list_my_workspaces::*;
pub use management::*;
pub use passkeys::*;
pub use recovery_codes::*;
pub use view_me::*;
