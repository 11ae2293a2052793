//! A workspace can be linked now, or no longer: its admins and whoever asked to be told hear once.

use std::collections::HashMap;

use orglink_domain::eligibility::ReasonCode;
use orglink_domain::event::Event;
use orglink_domain::id::{AccountId, WorkspaceId};
use orglink_domain::role::WorkspaceRole;
use orglink_mail::{EligibilityChanged, Mail, Named, SeveralChanged};
use orglink_store::{Tx, workspace};
use serde_json::Value;

use super::{Notice, workspace_named};
use crate::{App, Error};

/// More of these for one person at once become one message.
const ONE_BY_ONE: usize = 3;
/// How many workspaces such a message names.
const NAMED: usize = 20;

pub(super) async fn changed(app: &App, tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(id) = event.workspace_id else { return Ok(Vec::new()) };
    let Some(named) = workspace_named(tx, Some(id)).await? else { return Ok(Vec::new()) };
    let codes = payload.get("reasons").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let codes: Vec<ReasonCode> = codes.filter_map(|code| code.parse().ok()).collect();
    let says = says(app, &named, payload.get("eligible") == Some(&Value::Bool(true)), &codes);
    let admins = workspace::list_admin_ids(tx, id).await?;
    let to_admin = |admin: &AccountId| Notice::new(*admin, EligibilityChanged { is_admin: true, ..says.clone() });
    let mut notices: Vec<Notice> = admins.iter().map(to_admin).collect();
    notices.extend(to_watchers(tx, id, &says, &admins).await?);
    Ok(notices)
}

/// Whoever asked to be told about a workspace that was linked; its admins are told of the link itself.
pub(super) async fn linked(
    app: &App,
    tx: &mut Tx,
    id: WorkspaceId,
    named: &Named,
    told: &[AccountId],
) -> Result<Vec<Notice>, Error> {
    let says = says(app, named, false, &[ReasonCode::AlreadyLinked]);
    to_watchers(tx, id, &says, told).await
}

fn says(app: &App, named: &Named, is_eligible: bool, codes: &[ReasonCode]) -> EligibilityChanged {
    let detail = |code: &ReasonCode| code.describe(&app.catalog.eligibility).detail.to_owned();
    let reasons = codes.iter().map(detail).collect();
    EligibilityChanged { workspace: named.clone(), is_eligible, reasons, is_admin: false }
}

/// Whoever asked to be told, may still know, and was not told already.
async fn to_watchers(
    tx: &mut Tx,
    id: WorkspaceId,
    says: &EligibilityChanged,
    told: &[AccountId],
) -> Result<Vec<Notice>, Error> {
    let mut notices = Vec::new();
    for watcher in workspace::list_watchers(tx, id).await? {
        if !told.contains(&watcher) && workspace::find_role(tx, id, watcher).await? != WorkspaceRole::None {
            notices.push(Notice::new(watcher, says.clone()));
        }
    }
    Ok(notices)
}

/// Many of them for one person, as after an import, become one message.
pub(super) fn gather(notices: Vec<(i64, Notice)>) -> Vec<(i64, Notice)> {
    let mut counts: HashMap<AccountId, usize> = HashMap::new();
    for (_, notice) in &notices {
        if matches!(notice.says, Mail::EligibilityChanged(_)) {
            *counts.entry(notice.to).or_default() += 1;
        }
    }
    let mut gathered: HashMap<AccountId, (i64, Vec<EligibilityChanged>)> = HashMap::new();
    let mut kept = Vec::new();
    for (position, notice) in notices {
        let is_one_of_many = counts.get(&notice.to).is_some_and(|count| *count > ONE_BY_ONE);
        match notice.says {
            Mail::EligibilityChanged(one) if is_one_of_many => {
                let (last, all) = gathered.entry(notice.to).or_default();
                *last = position;
                all.push(one);
            }
            says => kept.push((position, Notice { says, ..notice })),
        }
    }
    kept.extend(gathered.into_iter().map(|(to, (position, all))| (position, Notice::new(to, several(&all)))));
    kept
}

fn several(all: &[EligibilityChanged]) -> SeveralChanged {
    let of = |is_eligible: bool| all.iter().filter(move |one| one.is_eligible == is_eligible);
    let named = |is_eligible| of(is_eligible).take(NAMED).map(|one| one.workspace.clone()).collect::<Vec<Named>>();
    SeveralChanged {
        eligible: named(true),
        not_eligible: named(false),
        eligible_count: of(true).count() as u64,
        not_eligible_count: of(false).count() as u64,
    }
}
