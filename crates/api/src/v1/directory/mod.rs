mod change_directory_group;
mod change_members;
mod list_directory;
mod view;

pub use change_directory_group::*;
pub use change_members::*;
pub use list_directory::*;
