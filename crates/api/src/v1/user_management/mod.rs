mod agreements;
mod migrate_users;
mod plan_users;
mod view;

pub use agreements::*;
pub use migrate_users::*;
pub use plan_users::*;
pub use view::UsersPlanJson;
