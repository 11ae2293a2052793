//! Makes a webhook; its secret is shown in this one answer and never again.

use orglink_domain::id::WebhookId;
use orglink_domain::webhook::WebhookState;
use orglink_store::webhook::{self, Webhook};
use orglink_store::{event, in_write};
use serde_json::json;

use super::owner::{Owner, OwnerChange};
use super::signature::{WebhookSecret, new_secret};
use super::{WebhooksOf, address};
use crate::event::kinds_of;
use crate::{App, Error, Expected, Principal};

/// A webhook that somebody wants.
#[derive(Debug, Clone, Default)]
pub struct NewWebhook {
    pub url: String,
    /// What it is for.
    pub description: String,
    /// Types of events, or beginnings that end in a dot; all when there are none.
    pub types: Vec<String>,
}

/// A webhook that was made.
pub struct CreatedWebhook {
    pub webhook: Webhook,
    pub secret: WebhookSecret,
    /// The owner's new version.
    pub version: i64,
}

/// How many one owner has at most.
const MAX_WEBHOOKS: i64 = 20;
const MAX_DESCRIPTION: usize = 200;

/// What it is for, as it is kept.
pub(super) fn check_description(given: &str) -> Result<String, Error> {
    let given = given.trim();
    if given.chars().count() > MAX_DESCRIPTION || given.chars().any(char::is_control) {
        return Err(Error::field("description", format!("one line of at most {MAX_DESCRIPTION} characters")));
    }
    Ok(given.to_owned())
}

/// Which events, as it is kept.
pub(super) fn check_types(given: &[String]) -> Result<Vec<String>, Error> {
    let mut types: Vec<String> = given.iter().map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
    types.sort_unstable();
    types.dedup();
    types.iter().try_for_each(|word| kinds_of(word, "types").map(drop))?;
    Ok(types)
}

/// Makes a webhook, which is told of what happens from now on.
///
/// # Errors
/// Bad input by field; `webhook_limit`; `dns_unavailable`; a refusal for anybody but an admin of the owner.
pub async fn create_webhook(
    app: &App,
    principal: &Principal,
    of: WebhooksOf<'_>,
    wanted: &NewWebhook,
) -> Result<CreatedWebhook, Error> {
    // Whoever may not have webhooks here does not make us ask name servers.
    let mut tx = app.db.begin_read().await?;
    let owner = Owner::load(app, &mut tx, principal, of).await?;
    drop(tx);
    let (secret, sealed) = new_secret(app)?;
    let mut new = Webhook {
        id: WebhookId(app.new_id(app.now())),
        owner: owner.id,
        extension: owner.whose.1,
        url: String::new(),
        description: check_description(&wanted.description)?,
        types: check_types(&wanted.types)?,
        secret: sealed,
        previous: None,
        state: WebhookState::Active,
        created_at: app.now(),
        position: 0,
        is_behind: false,
        failures: 0,
        failing_since: None,
        lease: 0,
    };
    new.url = address::check(app, &wanted.url).await?.to_string();
    let (webhook, version) = in_write!(app.db, tx, {
        let change = OwnerChange::begin(app, tx, principal, of, Expected::Any).await?;
        if i64::try_from(webhook::list(tx, change.whose(), None, MAX_WEBHOOKS).await?.len()).unwrap_or(MAX_WEBHOOKS)
            >= MAX_WEBHOOKS
        {
            let detail = format!("There are {MAX_WEBHOOKS} webhooks here already. Delete one that is not needed.");
            return Err(Error::refused("webhook_limit", "Too many webhooks", detail));
        }
        let ((owner, extension), position) = (change.whose(), event::find_last_position(tx).await?);
        let made = Webhook { owner, extension, position, created_at: change.at(), ..new.clone() };
        webhook::create(tx, &made).await?;
        let version = change.finish(app, tx, principal, &made, ("webhook_created", json!({}))).await?;
        Ok::<(Webhook, i64), Error>((made, version))
    })?;
    Ok(CreatedWebhook { webhook, secret, version })
}
