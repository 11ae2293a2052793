mod answer_invitation;
mod create_invitations;
mod end_invitation;
mod list_invitations;
mod view;
mod view_invitation;

pub use answer_invitation::*;
pub use create_invitations::*;
pub use end_invitation::*;
pub use list_invitations::*;
pub use view_invitation::*;
