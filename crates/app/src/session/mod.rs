//! The browsers that somebody is signed in with: listed, described, ended.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::SessionId;
use orglink_store::{event, in_write, session};
use serde_json::json;
use uuid::Uuid;

pub use orglink_store::session::Session;

use crate::{App, Error, Principal};

/// The sessions of the one who asks, the last used first.
///
/// # Errors
/// When the database is not reachable.
pub async fn list_sessions(app: &App, principal: &Principal) -> Result<Vec<Session>, Error> {
    let mut tx = app.db.begin_read().await?;
    Ok(session::list(&mut tx, principal.account()?.id, app.now()).await?)
}

/// Ends one of the sessions of the one who asks; its cookie is worth nothing from now on.
///
/// # Errors
/// `NotFound` when they have no such session (any more).
pub async fn end_session(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    let absent = || Error::not_found("session", reference);
    let id = SessionId(Uuid::try_parse(reference).map_err(|_| absent())?);
    let account = principal.account()?.id;
    let at = app.now();
    in_write!(app.db, tx, {
        if !session::delete(tx, id, account).await? {
            return Err(absent());
        }
        event::append(tx, app.origin(principal.actor(), at), ended(json!({ "session": id })), None).await?;
        Ok(())
    })
}

/// Ends every session of the one who asks, but for the one that is kept; how many.
///
/// # Errors
/// `NotFound` when the one to keep is none of theirs (any more); then none is ended.
pub async fn end_other_sessions(app: &App, principal: &Principal, kept: Option<&str>) -> Result<u64, Error> {
    let account = principal.account()?.id;
    let at = app.now();
    in_write!(app.db, tx, {
        let mine = session::list(tx, account, at).await?;
        let is_kept = |s: &&Session| kept.is_some_and(|k| k.eq_ignore_ascii_case(&s.id.to_string()));
        let kept_id = match (kept, mine.iter().find(is_kept)) {
            (_, Some(found)) => found.id,
            (Some(reference), None) => return Err(Error::not_found("session", reference)),
            (None, None) => SessionId(Uuid::nil()),
        };
        let count = session::delete_others(tx, account, kept_id).await?;
        if count > 0 {
            let happened = ended(json!({ "all_but": kept.map(|_| kept_id), "count": count.to_string() }));
            event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        }
        Ok::<u64, Error>(count)
    })
}

fn ended(payload: serde_json::Value) -> NewEvent {
    NewEvent { kind: EventType::SessionEnded, organization_id: None, workspace_id: None, payload }
}

/// A browser in words: `Firefox on Linux`.
#[must_use]
pub fn browser_of(user_agent: &str) -> String {
    let first = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => "an unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser_of;

    #[test]
    fn browsers_have_names() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(browser_of(firefox), "Firefox on Linux");
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0";
        assert_eq!(browser_of(edge), "Edge on Windows");
        assert_eq!(browser_of("\u{0}"), "an unknown browser");
    }
}
