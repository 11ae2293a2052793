//! The operator's stop switch.

mod change_freeze;

pub use change_freeze::{change_freeze, find_freeze};
