mod agree;
mod end_proposal;
mod link_codes;
mod list_proposals;
mod propose;
mod unlink;
mod view;

pub use agree::*;
pub use end_proposal::*;
pub use link_codes::*;
pub use list_proposals::*;
pub use propose::*;
pub use unlink::*;
pub use view::ProposalJson;
