//! Every workspace of the installation, for the operator: filtered, in pages, and counted. Each list follows an
//! index; the remaining conditions are looked up row by row.

use orglink_domain::eligibility::ReasonCode;
use orglink_domain::name::fold;
use orglink_domain::workspace::{Kind, Status, SubscriptionPlan, Workspace};
use uuid::Uuid;

use crate::row::{can_be_stored, word};
use crate::workspace::{WorkspaceRow, from_row};
use crate::{StoreError, Tx};

/// Which workspaces.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Those with this stored reason.
    pub reason: Option<ReasonCode>,
    /// Those that nothing stops from being linked.
    pub eligible_only: bool,
    pub plan: Option<SubscriptionPlan>,
    pub kind: Option<Kind>,
    pub status: Option<Status>,
    pub app: String,
    pub label: String,
    /// What the slug begins with.
    pub slug: String,
}

/// How a list goes on: after an id, or (when slugs are looked for) after a folded slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    Id(Uuid),
    Slug(String),
}

/// The workspaces of a filter, by slug when slugs are looked for, by id otherwise. `harmless` are the reasons
/// that do not stop a person from linking.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    harmless: &[ReasonCode],
    after: &After,
    limit: i64,
) -> Result<Vec<Workspace>, StoreError> {
    if ![&filter.app, &filter.label, &filter.slug].into_iter().all(|text| can_be_stored(text)) {
        return Ok(Vec::new());
    }
    let plan = filter.plan.map_or("", SubscriptionPlan::as_str);
    let kind = filter.kind.map_or("", Kind::as_str);
    let status = filter.status.map_or("", Status::as_str);
    let (app, label) = (filter.app.as_str(), filter.label.as_str());
    let harmless = if filter.eligible_only { words(harmless) } else { String::new() };
    let reason = filter.reason.map_or("", ReasonCode::as_str);
    let rows = match after {
        After::Slug(after) => {
            let from = fold(&filter.slug);
            let to = format!("{from}\u{10FFFF}");
            fetch_all!(
                tx,
                sql!("workspace/explore_by_slug"),
                WorkspaceRow,
                after.as_str(),
                limit,
                plan,
                kind,
                status,
                app,
                label,
                harmless,
                from,
                to,
                reason,
            )?
        }
        After::Id(after) if filter.reason.is_some() => fetch_all!(
            tx,
            sql!("workspace/explore_by_reason"),
            WorkspaceRow,
            *after,
            limit,
            plan,
            kind,
            status,
            app,
            label,
            harmless,
            reason,
        )?,
        After::Id(after) if !label.is_empty() => fetch_all!(
            tx,
            sql!("workspace/explore_by_label"),
            WorkspaceRow,
            *after,
            limit,
            plan,
            kind,
            status,
            app,
            label,
            harmless
        )?,
        After::Id(after) => {
            fetch_all!(tx, sql!("workspace/explore"), WorkspaceRow, *after, limit, plan, kind, status, app, harmless)?
        }
    };
    rows.into_iter().map(from_row).collect()
}

/// How many workspaces there are, how many nothing stops from being linked, and how many have each reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    pub all: i64,
    pub eligible: i64,
    pub by_reason: Vec<(ReasonCode, i64)>,
}

pub async fn count(tx: &mut Tx, harmless: &[ReasonCode]) -> Result<Counts, StoreError> {
    let (all,) = fetch_one!(tx, sql!("workspace/count_all"), (i64,))?;
    // Nothing is stored of what was deleted: whoever has no reason that stops can be linked.
    let (blocked,) = fetch_one!(tx, sql!("workspace/count_blocked"), (i64,), words(harmless))?;
    let mut by_reason = fetch_all!(tx, sql!("workspace/count_by_reason"), (String, i64))?
        .into_iter()
        .map(|(code, count)| Ok((word(&code, "workspace_reason", "code", "all")?, count)))
        .collect::<Result<Vec<(ReasonCode, i64)>, StoreError>>()?;
    by_reason.sort_unstable_by_key(|(code, _)| *code);
    Ok(Counts { all, eligible: all - blocked, by_reason })
}

/// How many workspaces of a kind and plan there are, linked ones and such that a person could link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cohort {
    pub kind: Kind,
    pub plan: SubscriptionPlan,
    pub all: i64,
    pub linked: i64,
    pub eligible: i64,
}

/// Every kind and plan that there is, in the order of their words.
pub async fn count_cohorts(tx: &mut Tx, harmless: &[ReasonCode]) -> Result<Vec<Cohort>, StoreError> {
    type Row = (String, String, i64, i64, i64);
    fetch_all!(tx, sql!("workspace/count_cohorts"), Row, words(harmless))?
        .into_iter()
        .map(|(kind, plan, all, linked, blocked)| {
            Ok(Cohort {
                kind: word(&kind, "workspace", "kind", "all")?,
                plan: word(&plan, "workspace", "plan", "all")?,
                all,
                linked,
                eligible: all - blocked,
            })
        })
        .collect()
}

/// Keeps what was counted on a day (year, month and day as one number); the last of a day stays.
pub async fn save_counts(tx: &mut Tx, day: i64, counts: &Counts, cohorts: &[Cohort]) -> Result<(), StoreError> {
    let mut all = vec![("all".to_owned(), counts.all), ("eligible".to_owned(), counts.eligible)];
    all.extend(counts.by_reason.iter().map(|(code, count)| (code.to_string(), *count)));
    for c in cohorts {
        for (what, count) in [("all", c.all), ("linked", c.linked), ("eligible", c.eligible)] {
            all.push((format!("{}/{}/{what}", c.kind, c.plan), count));
        }
    }
    for (what, count) in all {
        execute!(tx, sql!("workspace/save_count"), day, what, count)?;
    }
    Ok(())
}

/// What was counted since a day: `all`, `eligible`, a reason, or `KIND/PLAN/all`, `…/linked` and `…/eligible`; and how many.
pub async fn list_counts(tx: &mut Tx, since: i64) -> Result<Vec<(i64, String, i64)>, StoreError> {
    fetch_all!(tx, sql!("workspace/list_counts"), (i64, String, i64), since)
}

/// The reasons as one text in which each can be looked for: never empty.
fn words(codes: &[ReasonCode]) -> String {
    codes.iter().fold(String::from(" "), |text, code| format!("{text}{code} "))
}
