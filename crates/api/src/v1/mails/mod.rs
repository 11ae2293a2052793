mod list_mails;
mod settle_mail;
mod view_mail;
pub use list_mails::*;
pub use settle_mail::*;
pub use view_mail::*;
