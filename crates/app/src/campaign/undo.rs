//! Takes back what a run has linked, inside the window that its campaign gave: for an operator. One link by itself is undone like
//! every other: [`crate::link::undo_link`].

use orglink_domain::campaign::Purpose;
use orglink_domain::id::WorkspaceId;
use orglink_store::{campaign, in_write, link, workspace};
use uuid::Uuid;

use super::load;
use crate::link::{By, Undoable, Undone};
use crate::{App, Error, Principal, reason};

/// Links looked at together.
const PAGE: i64 = 200;

/// Takes back everything that a campaign's run has linked and that can still be undone, for an operator who says why.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an operator; what was undone before a failure stays undone.
pub async fn undo_run(
    app: &App,
    principal: &Principal,
    name: &str,
    wave: Option<i64>,
    why: &str,
) -> Result<Undone, Error> {
    let Some(why) = reason::check(Some(why))? else {
        return Err(Error::field("reason", "say why: everybody concerned reads it"));
    };
    let mut tx = app.db.begin_read().await?;
    let found = load(app, &mut tx, principal, name).await?;
    if found.definition.purpose != Purpose::Link {
        let detail = "What this campaign does is no link: a migration is not taken back. Nothing was done.";
        return Err(Error::refused("migration_is_permanent", "A migration is not undone", detail));
    }
    let run = campaign::find_real_run(&mut tx, found.id).await?.ok_or_else(|| Error::not_found("run", "real"))?;
    drop(tx);
    let (mut after, mut total) = (WorkspaceId(Uuid::nil()), Undone::default());
    loop {
        let mut tx = app.db.begin_read().await?;
        let page = campaign::list_linked(&mut tx, run.id, after, PAGE).await?;
        drop(tx);
        let Some(last) = page.last() else { return Ok(total) };
        after = *last;
        for id in page {
            let (why, actor) = (&why, principal.actor());
            let done = in_write!(app.db, tx, {
                let decided = campaign::find_decision(tx, run.id, id).await?;
                if wave.is_some() && decided.is_none_or(|d| Some(d.decided.wave) != wave) {
                    return Ok(Undone::default());
                }
                let (Some(w), Some(active)) = (workspace::find(tx, id).await?, link::find_active(tx, id).await?) else {
                    return Ok(Undone::default());
                };
                // Linked by hand meanwhile: that is theirs.
                if active.origin.run() != Some(run.id) {
                    return Ok(Undone::default());
                }
                match Undoable::find(app, tx, &w, &active).await {
                    Ok(undoable) => {
                        let by = By { actor, because: "undone", reason: Some(why), consents: Vec::new() };
                        undoable.undo(app, tx, by).await
                    }
                    Err(Error::Refused(_)) => Ok(Undone { kept: 1, ..Undone::default() }),
                    Err(e) => Err(e),
                }
            })?;
            total.links += done.links;
            total.organizations += done.organizations;
            total.kept += done.kept;
        }
    }
}
