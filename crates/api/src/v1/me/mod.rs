mod view_me;
pub use view_me::*;
