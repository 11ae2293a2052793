//! Every workspace of the installation, filtered and counted.

use std::sync::Mutex;

use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::{Blocks, Eligibility, ReasonCode, installation_reasons};
use orglink_domain::name::fold;
use orglink_domain::text::UnknownWord;
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::explorer::{self, After, Counts, Filter};
use orglink_store::{installation, workspace};
use uuid::Uuid;

use crate::page::elsewhere;
use crate::{App, Error, Page, PageRequest, Principal};

/// Which workspaces, as a surface got it; what is empty does not matter.
#[derive(Debug, Clone, Default)]
pub struct WorkspaceFilter {
    /// `eligible`, or a reason that is stored with workspaces.
    pub state: String,
    pub plan: String,
    pub kind: String,
    pub status: String,
    pub app: String,
    pub label: String,
    /// What the slug begins with.
    pub slug: String,
}

impl WorkspaceFilter {
    fn read(&self) -> Result<Filter, Error> {
        let eligible_only = self.state == "eligible";
        let state = if eligible_only { "" } else { self.state.as_str() };
        Ok(Filter {
            reason: one("state", state)?,
            eligible_only,
            plan: one("plan", &self.plan)?,
            kind: one("kind", &self.kind)?,
            status: one("status", &self.status)?,
            app: self.app.clone(),
            label: self.label.clone(),
            slug: self.slug.clone(),
        })
    }
}

fn one<T: std::str::FromStr<Err = UnknownWord>>(field: &'static str, given: &str) -> Result<Option<T>, Error> {
    if given.is_empty() {
        return Ok(None);
    }
    given.parse().map(Some).map_err(|e: UnknownWord| Error::field(field, e.to_string()))
}

/// A workspace with what stands in its way.
#[derive(Debug, Clone)]
pub struct Explored {
    pub workspace: Workspace,
    pub eligibility: Eligibility,
}

/// The workspaces of a filter: by slug when slugs are looked for, otherwise in the order in which they came.
///
/// # Errors
/// Bad input by field; a refusal for anybody but an operator.
pub async fn explore_workspaces(
    app: &App,
    principal: &Principal,
    filter: &WorkspaceFilter,
    page: &PageRequest,
) -> Result<Page<Explored>, Error> {
    app.require(Action::ExploreWorkspaces, principal.standing())?;
    let wanted = filter.read()?;
    let by_slug = !wanted.slug.is_empty();
    let after = match (by_slug, page.after()) {
        (true, after) => After::Slug(after.to_owned()),
        (false, "") => After::Id(Uuid::nil()),
        (false, after) => After::Id(Uuid::try_parse(after).map_err(|_| elsewhere())?),
    };
    let mut tx = app.db.begin_read().await?;
    let found = explorer::list(&mut tx, &wanted, &harmless(app), &after, page.fetch()).await?;
    let found = page.page(found, |w| if by_slug { fold(&w.slug) } else { w.id.to_string() });
    let ids: Vec<_> = found.items.iter().map(|w| w.id).collect();
    let stored = workspace::list_reasons_of(&mut tx, &ids).await?;
    let frozen = installation_reasons(installation::find_freeze(&mut tx).await?.is_frozen);
    Ok(found.map(|workspace| {
        let own = stored.iter().filter(|(id, _)| *id == workspace.id).map(|(_, code)| *code);
        let codes = own.chain(frozen.iter().copied());
        Explored { eligibility: Eligibility::from_codes(codes, &app.catalog.eligibility), workspace }
    }))
}

/// The counts, and when they were taken.
#[derive(Debug, Clone)]
pub struct WorkspaceCounts {
    pub counts: Counts,
    pub at: Timestamp,
}

/// Counting a million workspaces takes a moment: what was counted this many seconds ago is given again.
const KEPT_SECONDS: i64 = 10;

/// The counts that were taken last.
#[derive(Default)]
pub(crate) struct KeptCounts(Mutex<Option<WorkspaceCounts>>);

/// How many workspaces there are, can be linked, and have each reason; a few seconds old at most.
///
/// # Errors
/// A refusal for anybody but an operator.
pub async fn count_workspaces(app: &App, principal: &Principal) -> Result<WorkspaceCounts, Error> {
    app.require(Action::ExploreWorkspaces, principal.standing())?;
    let now = app.now();
    let kept = app.counts.0.lock().ok().and_then(|kept| kept.clone());
    if let Some(kept) = kept.filter(|k| now.as_micros() - k.at.as_micros() < KEPT_SECONDS * 1_000_000) {
        return Ok(kept);
    }
    let mut tx = app.db.begin_read().await?;
    let counts = WorkspaceCounts { counts: explorer::count(&mut tx, &harmless(app)).await?, at: now };
    if let Ok(mut kept) = app.counts.0.lock() {
        *kept = Some(counts.clone());
    }
    Ok(counts)
}

/// The reasons that do not stop a person from linking, under the catalog's rules.
pub(super) fn harmless(app: &App) -> Vec<ReasonCode> {
    let rules = &app.catalog.eligibility;
    ReasonCode::ALL.iter().copied().filter(|code| code.describe(rules).blocks != Blocks::Link).collect()
}
