mod switches;
mod view_entitlements;
pub use switches::*;
pub use view_entitlements::*;
