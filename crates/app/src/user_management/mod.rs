//! The users of a workspace migrate into the directory of its organization: planned, agreed to by both sides, done in one
//! transaction, and shown afterwards.

mod facts;
mod migrate_users;
mod plan_users;
mod report;
mod sample;

pub(crate) use facts::Planned;
pub(crate) use migrate_users::{Agreed, migrate};
pub use migrate_users::{MigrateUsers, Migrated, migrate_users};
pub use plan_users::{MigrationView, UsersPlanView, plan_users, view_migration};
pub(crate) use plan_users::{acknowledged, refuse_blocked, same_plan, show, stored};
pub use report::{FindingView, WideningView};
