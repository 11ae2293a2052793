//! What happened, in order.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::links::Through;
use crate::request::with_query;
use crate::{Client, Error, List, Page};

/// How many at once; the most that the server gives.
const AT_ONCE: Option<&str> = Some("1000");
/// How often a follower looks when there was nothing more.
const LOOK: Duration = Duration::from_secs(1);

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// Dense, in the order of commits: whoever keeps it goes on after it.
    pub position: i64,
    pub id: String,
    /// What happened, in the past tense: `workspace.linked`.
    #[serde(rename = "type")]
    pub kind: String,
    pub at: String,
    /// The id of the account in whose name it was done; none for the system.
    pub actor: Option<String>,
    pub through: Through,
    /// Its id.
    pub organization: Option<String>,
    /// Its id.
    pub workspace: Option<String>,
    /// SHA-256 of salt and payload.
    pub commitment: String,
    /// None once erased.
    pub payload: Option<Value>,
}

/// Where a follower stands.
struct Follower {
    client: Client,
    after: i64,
    ready: VecDeque<Event>,
    has_seen_all: bool,
}

impl Follower {
    async fn look(&mut self) -> Result<(), Error> {
        let page: Page<Event> = self.client.get(&after(self.after)).await?;
        self.has_seen_all = page.next.is_none();
        self.ready = page.items.into();
        Ok(())
    }
}

fn after(position: i64) -> String {
    with_query("/events", &[("limit", AT_ONCE), ("after", Some(&position.to_string()))])
}

impl Client {
    /// The events after a position (0: all) up to now: everybody's for an operator's token with the scope `operator`,
    /// one's own otherwise.
    pub fn list_events(&self, position: i64) -> List<Event> {
        self.list(&after(position))
    }

    /// The same, and then those that happen, without an end. An error ends nothing: whoever asks for the next event is
    /// answered from where it broke off. Keep the position of what is done with, and begin there the next time.
    pub fn follow_events(&self, position: i64) -> List<Event> {
        let begin = Follower { client: self.clone(), after: position, ready: VecDeque::new(), has_seen_all: false };
        let events = stream::unfold(begin, |mut follower| async move {
            loop {
                if let Some(event) = follower.ready.pop_front() {
                    follower.after = event.position;
                    return Some((Ok(event), follower));
                }
                if follower.has_seen_all {
                    tokio::time::sleep(LOOK).await;
                }
                if let Err(e) = follower.look().await {
                    follower.has_seen_all = true;
                    return Some((Err(e), follower));
                }
            }
        });
        events.boxed()
    }
}
