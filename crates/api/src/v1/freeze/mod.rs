mod change_freeze;
mod view_freeze;
pub use change_freeze::*;
pub use view_freeze::*;
