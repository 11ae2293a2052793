mod create_token;
mod list_tokens;
mod revoke_token;
mod view;
pub use create_token::*;
pub use list_tokens::*;
pub use revoke_token::*;
