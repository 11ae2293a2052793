//! Exit codes: a contract that scripts rely on (docs/cli.md).

use orglink_http::Problem;

pub const DONE: u8 = 0;
pub const OTHER: u8 = 1;
pub const USAGE: u8 = 2;
pub const REFUSED: u8 = 3;
pub const NOT_FOUND: u8 = 4;
pub const BAD_INPUT: u8 = 5;
pub const IN_PART: u8 = 6;
pub const UNREACHABLE: u8 = 7;
/// Things are not as a file declares them, and could be made so.
pub const DIFFERS: u8 = 8;

/// The code of a problem.
#[must_use]
pub fn code_of(problem: &Problem) -> u8 {
    match problem.status {
        400 => BAD_INPUT,
        401 | 403 | 409 | 412 | 422 | 428 | 429 => REFUSED,
        404 => NOT_FOUND,
        503 => UNREACHABLE,
        _ => OTHER,
    }
}
