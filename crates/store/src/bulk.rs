//! Sizes of bulk statements: far below the limits on binds (32,766 on SQLite, 65,535 on PostgreSQL) for the
//! widest table, and few enough shapes that prepared statements are reused.

pub const ROWS_A_STATEMENT: usize = 500;
pub const KEYS_A_STATEMENT: usize = 1000;
