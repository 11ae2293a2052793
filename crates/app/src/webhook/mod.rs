//! Webhooks: programs of workspaces and organizations are told of what happened there.
//!
//! [`wake`] is a view over the positions of events: it notes which webhooks have something to do. [`serve`] claims one of
//! them for a while, writes the deliveries of what happened since (with how far that went, in one transaction), sends
//! what is due and notes what was answered. Killed between the answer and the note, it is sent again, with the same id.
//! What is sent is made of the event when it is sent: nothing of what people are called is kept here.

mod address;
mod change_webhook;
mod create_webhook;
mod delete_webhook;
mod deliveries;
mod owner;
mod replay_webhook;
mod rotate_secret;
mod send;
mod serve;
mod signature;
mod test_webhook;
mod view_webhook;
mod wake;

pub use address::host_of;
pub use change_webhook::{WebhookPatch, change_webhook};
pub use create_webhook::{CreatedWebhook, NewWebhook, create_webhook};
pub use delete_webhook::delete_webhook;
pub use deliveries::{DeliveryView, list_deliveries, resend_delivery, view_delivery};
pub use orglink_store::webhook::{Attempt, Delivery, Webhook};
pub use owner::WebhooksOf;
pub use replay_webhook::{ReplayFrom, replay_webhook};
pub use rotate_secret::rotate_secret;
pub use serve::serve;
pub use signature::{WebhookSecret, reseal_secrets};
pub use test_webhook::test_webhook;
pub use view_webhook::{OwnerView, WebhookView, list_webhooks, view_webhook};
pub use wake::wake;

pub(crate) use send::Sender;
