//! What concerns the whole installation: the operator's stop switch, and who is an operator.

mod change_freeze;
mod grant_operator;

pub use change_freeze::{change_freeze, find_freeze};
pub use grant_operator::grant_operator;
