//! The users of a workspace migrate into the directory of its organization: planned, agreed to by both sides, done in one
//! transaction, and shown afterwards. As a campaign: agreed to beforehand, and moved in batches.

mod agree_to_campaign;
mod apart;
mod facts;
mod migrate_users;
mod move_users;
mod plan_users;
mod report;
mod sample;
mod view_campaign;

pub use agree_to_campaign::{AgreeToCampaign, agree_to_users_campaign, withdraw_from_users_campaign};
pub(crate) use apart::{Apart, plan_apart};
pub(crate) use facts::Planned;
pub(crate) use migrate_users::{Agreed, migrate};
pub use migrate_users::{MigrateUsers, Migrated, migrate_users};
pub(crate) use move_users::{Move, access_would_change, move_users};
pub use plan_users::{MigrationView, UsersPlanView, plan_users, view_migration};
pub(crate) use plan_users::{acknowledged, refuse_blocked, same_plan, show, stored};
pub use report::{FindingView, WideningView};
pub(crate) use sample::explain;
pub use view_campaign::{SideView, UsersCampaign, UsersOf, view_users_campaign};
