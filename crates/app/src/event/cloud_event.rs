//! Events as programs get them: CloudEvents 1.0 in their structured JSON form, for webhooks and the stream. What stands in
//! one is what the list of the same log shows, in the same words.

use orglink_domain::event::Event;
use orglink_store::Tx;
use serde_json::{Value, json};

use super::export_activity::object;
use super::{Names, Told, tell};
use crate::{App, Error};

/// Events told to programs, in their order.
///
/// # Errors
/// When the database is not reachable.
pub(crate) async fn cloud_events(app: &App, tx: &mut Tx, events: Vec<Event>) -> Result<Vec<(Event, Value)>, Error> {
    let names = Names::of(tx, &events).await?;
    let told = events.into_iter().map(|event| {
        let (actor, text) = tell(&event, &names);
        let told = Told { event, actor, text, receipt: None };
        let envelope = envelope(app, &told);
        (told.event, envelope)
    });
    Ok(told.collect())
}

/// `id` with `source` names an event for ever: sent again, it is the same.
fn envelope(app: &App, told: &Told) -> Value {
    let event = &told.event;
    let subject = match (event.workspace_id, event.organization_id) {
        (Some(workspace), _) => Some(format!("workspaces/{workspace}")),
        (None, Some(organization)) => Some(format!("organizations/{organization}")),
        (None, None) => None,
    };
    let mut envelope = json!({
        "specversion": "1.0",
        "id": event.id,
        "source": app.settings.public_url,
        "type": event.kind,
        "time": event.at,
        "datacontenttype": "application/json",
        "data": object(told),
    });
    if let (Some(subject), Some(fields)) = (subject, envelope.as_object_mut()) {
        fields.insert("subject".to_owned(), Value::String(subject));
    }
    envelope
}
