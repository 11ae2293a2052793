//! What is wrong with an installation's database, and how to mend it. Nothing here writes.

use orglink_domain::id::{AccountId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::notice::MailState;
use orglink_domain::role::Administration;
use orglink_domain::workspace::Kind;
use orglink_store::{access, event, extension, health, organization, workspace};
use serde::Serialize;
use uuid::Uuid;

use crate::outbox::count_mails;
use crate::{App, Error, administration, ledger, upkeep};

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    Ok,
    /// It works, but somebody should look.
    Warn,
    Fail,
}

/// One check, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Stable; scripts may rely on it.
    pub name: &'static str,
    pub health: Health,
    pub detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Check {
    #[must_use]
    pub fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, health: Health::Ok, detail: detail.into(), remedy: None }
    }

    #[must_use]
    pub fn warn(name: &'static str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, health: Health::Warn, detail: detail.into(), remedy: Some(remedy.into()) }
    }

    #[must_use]
    pub fn fail(name: &'static str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, health: Health::Fail, detail: detail.into(), remedy: Some(remedy.into()) }
    }
}

/// How much is looked at when nobody asks for all of it.
const SAMPLE: usize = 1000;
/// Seconds an event may wait for its position while a server runs.
const PATIENCE: i64 = 60;
/// Seconds that two clocks may differ.
const CLOCKS: i64 = 5;

const RESTORE: &str =
    "Stop the server and restore the last good backup into a new database: orglink database restore FILE";

/// Examines the database: a sample of what can be recomputed, or all of it. `sends` says that a mail server is configured.
///
/// # Errors
/// When the database goes away meanwhile.
pub async fn examine(app: &App, deep: bool, sends: bool) -> Result<Vec<Check>, Error> {
    Ok(vec![
        pages(app, deep).await?,
        references(app).await?,
        deleted(app).await?,
        positions(app).await?,
        commitments(app, deep).await?,
        tree(app).await?,
        pending(app).await?,
        mail(app, sends).await?,
        reasons(app, deep).await?,
        access_digests(app, deep).await?,
        admins(app, deep).await?,
        extensions(app).await?,
        clock(app).await?,
    ])
}

async fn pages(app: &App, deep: bool) -> Result<Check, Error> {
    let name = "pages";
    let mut tx = app.db.begin_read().await?;
    let found = health::check_pages(&mut tx, deep).await?;
    Ok(match found.first() {
        None => Check::ok(name, "the database's own checks find nothing"),
        Some(first) => Check::fail(name, format!("the database file is damaged: {first}"), RESTORE),
    })
}

async fn references(app: &App) -> Result<Check, Error> {
    let name = "references";
    let mut tx = app.db.begin_read().await?;
    let orphans = health::list_orphans(&mut tx).await?;
    if orphans.is_empty() {
        return Ok(Check::ok(name, "every row that another names is there"));
    }
    let list: Vec<String> = orphans.iter().map(|(place, count)| format!("{place} ({count})")).collect();
    Ok(Check::fail(name, format!("rows refer to what is not there: {}", list.join(", ")), RESTORE))
}

async fn deleted(app: &App) -> Result<Check, Error> {
    let name = "links";
    let mut tx = app.db.begin_read().await?;
    let found = health::list_links_to_deleted(&mut tx).await?;
    if found.is_empty() {
        return Ok(Check::ok(name, "no link leads to something deleted"));
    }
    let detail = format!("linked, though one side is deleted: {}", found.join(", "));
    Ok(Check::fail(
        name,
        detail,
        "This cannot come from orglink itself. Tell us how the database was changed; restore a backup from before.",
    ))
}

async fn positions(app: &App) -> Result<Check, Error> {
    let name = "positions";
    let mut tx = app.db.begin_read().await?;
    let (count, highest) = health::count_positions(&mut tx).await?;
    let last = event::find_last_position(&mut tx).await?;
    let lost = health::count_lost_events(&mut tx).await?;
    if count == highest && highest == last && lost == 0 {
        return Ok(Check::ok(name, format!("{count} events, without a gap")));
    }
    let detail = format!("{count} positions, the highest {highest}, the counter {last}, {lost} events without a place");
    Ok(Check::fail(name, detail, RESTORE))
}

async fn commitments(app: &App, deep: bool) -> Result<Check, Error> {
    let name = "commitments";
    let mut tx = app.db.begin_read().await?;
    let last = event::find_last_position(&mut tx).await?;
    let mut after = if deep { 0 } else { (last - i64::try_from(SAMPLE).unwrap_or(0)).max(0) };
    let (mut checked, mut wrong) = (0_usize, Vec::new());
    loop {
        let page = health::check_commitments(&mut tx, after).await?;
        let Some((newest, _)) = page.last() else { break };
        after = *newest;
        checked += page.len();
        wrong.extend(page.iter().filter(|(_, holds)| !holds).map(|(position, _)| position.to_string()));
    }
    if wrong.is_empty() {
        return Ok(Check::ok(name, format!("{checked} of {last} events say what they committed to")));
    }
    Ok(Check::fail(name, format!("events were altered after they happened: {}", some(&wrong)), RESTORE))
}

const SIGNED_OTHERWISE: &str =
    "Restore the last good backup; if the ledger is ahead of it: orglink ledger restart --reason WHY";

/// The whole tree of the ledger against the events.
async fn tree(app: &App) -> Result<Check, Error> {
    let name = "ledger";
    match ledger::verify(app).await {
        Ok(None) => Ok(Check::ok(name, "not begun; orglink serve begins it")),
        Ok(Some(found)) if found.problems.is_empty() => {
            Ok(Check::ok(name, format!("{} events are those that {} signed", found.size, found.origin)))
        }
        Ok(Some(found)) => {
            Ok(Check::fail(name, format!("{}: {}", found.origin, some(&found.problems)), SIGNED_OTHERWISE))
        }
        Err(e @ Error::Refused(_)) => Ok(Check::fail(name, e.to_string(), SIGNED_OTHERWISE)),
        Err(e) => Err(e),
    }
}

async fn pending(app: &App) -> Result<Check, Error> {
    let name = "pending";
    let mut tx = app.db.begin_read().await?;
    let (waiting, oldest) = event::count_pending(&mut tx).await?;
    Ok(match oldest {
        Some(at) if at.plus_seconds(PATIENCE) < app.now() => Check::warn(
            name,
            format!("{waiting} events wait for their position, the oldest since {at}"),
            "Start orglink serve, which places them; when it runs, look in its log for the loop 'sequence'.",
        ),
        _ => Check::ok(name, format!("{waiting} events wait for their position")),
    })
}

/// Seconds a mail may wait while a server runs.
const MAIL_PATIENCE: i64 = 15 * 60;

async fn mail(app: &App, sends: bool) -> Result<Check, Error> {
    let name = "mail";
    let counts = count_mails(app).await?;
    let (waiting, failed, refused) =
        (counts.count(MailState::Waiting), counts.count(MailState::Failed), counts.count(MailState::Refused));
    if refused > 0 {
        let remedy = "See why with orglink mail list --state refused; then orglink mail retry, or give them up.";
        return Ok(Check::warn(name, format!("the mail server refused {refused} mails for good"), remedy));
    }
    if waiting + failed > 0 && !sends {
        let remedy = "Name your mail server: [mail] smtp in the configuration. Until then they are at /operator/mail.";
        return Ok(Check::warn(name, format!("{waiting} mails wait, and there is no mail server"), remedy));
    }
    Ok(match counts.oldest_waiting() {
        Some(at) if at.plus_seconds(MAIL_PATIENCE) < app.now() => Check::warn(
            name,
            format!("{} mails are not sent yet ({failed} after a failure), the oldest since {at}", waiting + failed),
            "See why with orglink mail list --state failed, and whether orglink serve runs; the log names the loop 'deliver'.",
        ),
        _ => Check::ok(name, format!("{} mails wait to be sent", waiting + failed)),
    })
}

async fn reasons(app: &App, deep: bool) -> Result<Check, Error> {
    let name = "reasons";
    let wrong = upkeep::find_wrong_reasons_of(app, if deep { usize::MAX } else { SAMPLE }).await?;
    if wrong.is_empty() {
        return Ok(Check::ok(name, "stored reasons are what the rules say"));
    }
    Ok(Check::fail(
        name,
        format!("stored reasons are not what the rules say: {}", some(&wrong)),
        "After a change of the catalog, import these workspaces again: orglink export, then orglink import.",
    ))
}

async fn access_digests(app: &App, deep: bool) -> Result<Check, Error> {
    let name = "access_digests";
    let (mut after, mut checked, mut wrong) = (WorkspaceId(Uuid::nil()), 0, Vec::new());
    loop {
        let mut tx = app.db.begin_read().await?;
        let page = health::list_access_digests(&mut tx, after).await?;
        let Some((newest, ..)) = page.last() else { break };
        after = *newest;
        checked += page.len();
        for (id, slug, kept) in page {
            if access::compute_digest(&mut tx, id).await? != kept {
                wrong.push(slug);
            }
        }
        if !deep && checked >= SAMPLE {
            break;
        }
    }
    if wrong.is_empty() {
        return Ok(Check::ok(name, format!("{checked} kept digests are those of the access as it stands")));
    }
    let detail = format!("access was changed behind orglink's back: {}", some(&wrong));
    Ok(Check::fail(
        name,
        detail,
        "Compare these workspaces with a backup; any change through orglink makes the digest afresh.",
    ))
}

async fn extensions(app: &App) -> Result<Check, Error> {
    let name = "extensions";
    let mut tx = app.db.begin_read().await?;
    let installed = extension::count_by_name(&mut tx).await?;
    let gone = installed.iter().filter(|(name, _)| !app.catalog.extensions.contains_key(name));
    let gone: Vec<String> = gone.map(|(name, count)| format!("{name} (in {count} workspaces)")).collect();
    if gone.is_empty() {
        return Ok(Check::ok(name, "the catalog offers everything that is installed"));
    }
    let detail = format!("installed and suspended, because the catalog offers it no more: {}", gone.join(", "));
    Ok(Check::warn(name, detail, "Put it back into the catalog, or have the workspaces' admins uninstall it."))
}

async fn admins(app: &App, deep: bool) -> Result<Check, Error> {
    let name = "admins";
    let most = if deep { usize::MAX } else { SAMPLE };
    let (mut alone, mut nobody) = (Vec::new(), Vec::new());
    let mut note = |administration: Administration, slug: String| match administration {
        Administration::Nobody => nobody.push(slug),
        Administration::OnePerson => alone.push(slug),
        Administration::Several => {}
    };
    let anybody = AccountId(Uuid::nil());
    let mut tx = app.db.begin_read().await?;
    let (mut after, mut looked_at) = (String::new(), 0);
    while looked_at < most {
        let page = organization::list_of_account(&mut tx, anybody, &after, 500, true).await?;
        let Some(last) = page.last() else { break };
        after = fold(&last.slug);
        looked_at += page.len();
        for o in page {
            note(administration::of_organization(&mut tx, o.id).await?, o.slug);
        }
    }
    (after, looked_at) = (String::new(), 0);
    while looked_at < most {
        let page = workspace::list_of_account(&mut tx, anybody, &after, 500, true).await?;
        let Some(last) = page.last() else { break };
        after = fold(&last.slug);
        looked_at += page.len();
        for w in page.into_iter().filter(|w| w.kind == Kind::Team) {
            note(administration::of_workspace(&mut tx, w.id).await?, w.slug);
        }
    }
    if alone.is_empty() && nobody.is_empty() {
        return Ok(Check::ok(name, "every organization and team workspace has several admins who can act"));
    }
    let list = |what: &str, slugs: &[String]| {
        (!slugs.is_empty()).then(|| format!("administered by {what}: {} ({})", slugs.len(), some(slugs)))
    };
    let found: Vec<String> =
        [list("nobody who can act", &nobody), list("one person alone", &alone)].into_iter().flatten().collect();
    Ok(Check::warn(
        name,
        found.join("; "),
        "Ask those who are left to make somebody else an admin too; where nobody can act: orglink recovery.",
    ))
}

async fn clock(app: &App) -> Result<Check, Error> {
    let name = "clock";
    let mut tx = app.db.begin_read().await?;
    let Some(theirs) = health::find_clock(&mut tx).await? else {
        return Ok(Check::ok(name, "the database uses this machine's clock"));
    };
    let apart = (theirs.as_micros() - app.now().as_micros()).abs() / 1_000_000;
    if apart <= CLOCKS {
        return Ok(Check::ok(name, "this machine and the database agree on the time"));
    }
    Ok(Check::warn(name, format!("the clocks are {apart} seconds apart"), "Keep both machines in time (NTP)."))
}

fn some(list: &[String]) -> String {
    let shown = list.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    if list.len() > 10 { format!("{shown} and {} more", list.len() - 10) } else { shown }
}
