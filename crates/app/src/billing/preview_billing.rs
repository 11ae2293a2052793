//! What workspaces pay today, after their link and after their billing has migrated.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use orglink_domain::billing::NoPrice;
use orglink_domain::billing::preview::{Payable, Preview, preview};
use orglink_domain::day::Day;
use orglink_domain::id::AccountId;
use orglink_domain::money::Amount;
use orglink_domain::organization::Organization;
use orglink_policy::Action;
use orglink_store::{account, link};

use super::{payable, today};
use crate::csv::csv_cell;
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal};

/// How many workspaces are compared at once: everybody in them is counted.
const MOST: usize = 500;

/// Of what, and as of when.
#[derive(Debug, Clone, Default)]
pub struct PreviewRequest {
    /// Slugs or ids.
    pub workspaces: Vec<String>,
    /// Besides them, what is linked to this organization.
    pub organization: Option<String>,
    /// Today when nothing.
    pub on: Option<Day>,
}

/// Before and after, with the addresses of those who pay.
#[derive(Debug, Clone)]
pub struct PreviewView {
    pub preview: Preview,
    pub organization: Option<Organization>,
    /// Of everybody who is named in it.
    pub emails: HashMap<AccountId, String>,
}

impl PreviewView {
    /// The address of somebody who pays.
    #[must_use]
    pub fn email(&self, id: &AccountId) -> &str {
        self.emails.get(id).map_or("a former account", String::as_str)
    }

    /// The contacts of a payer, by address.
    #[must_use]
    pub fn contacts(&self, of: &BTreeSet<AccountId>) -> Vec<String> {
        let mut emails: Vec<String> = of.iter().map(|id| self.email(id).to_owned()).collect();
        emails.sort_unstable();
        emails
    }
}

/// Compares.
///
/// # Errors
/// `NotFound` or a refusal for any of them; bad input when there are none, or too many.
pub async fn preview_billing(app: &App, principal: &Principal, request: &PreviewRequest) -> Result<PreviewView, Error> {
    let on = match request.on {
        Some(day) => day,
        None => today(app)?,
    };
    if request.workspaces.is_empty() && request.organization.is_none() {
        return Err(Error::field("workspaces", "name at least one workspace, or an organization"));
    }
    let too_many = || Error::field("workspaces", format!("at most {MOST} at once; name them in several requests"));
    if request.workspaces.len() > MOST {
        return Err(too_many());
    }
    let mut tx = app.db.begin_read().await?;
    let mut all: HashMap<_, Payable> = HashMap::new();
    for reference in &request.workspaces {
        let proof = WorkspaceProof::load_as_payer(app, &mut tx, principal, reference, Action::ViewBilling).await?;
        all.insert(proof.workspace().id, payable(app, &mut tx, proof.workspace()).await?);
    }
    let mut organization = None;
    if let Some(reference) = &request.organization {
        let proof =
            OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganizationBilling).await?;
        let most = i64::try_from(MOST).unwrap_or(i64::MAX).saturating_add(1);
        for linked in link::list_of_organization(&mut tx, proof.organization().id, "", most).await? {
            if let Entry::Vacant(place) = all.entry(linked.workspace.id) {
                place.insert(payable(app, &mut tx, &linked.workspace).await?);
            }
        }
        organization = Some(proof.organization().clone());
    }
    if all.len() > MOST {
        return Err(too_many());
    }
    let payables: Vec<Payable> = all.into_values().collect();
    let named: BTreeSet<AccountId> =
        payables.iter().flat_map(|p| p.payer.contacts.iter().copied().chain(p.payer.reseller)).collect();
    let named: Vec<AccountId> = named.into_iter().collect();
    let emails = account::list_by_ids(&mut tx, &named).await?.into_iter().map(|a| (a.id, a.email)).collect();
    Ok(PreviewView { preview: preview(&app.catalog.billing, &payables, on), organization, emails })
}

/// A line a workspace, for a spreadsheet.
#[must_use]
pub fn preview_csv(view: &PreviewView) -> String {
    let mut text = String::from(
        "workspace,plan,billing_cycle,currency,people,today,after_link,after_migration,paid_until,first_charge_from,first_charge_until,first_charge,payer\n",
    );
    for w in &view.preview.workspaces {
        let payer = view.preview.payers.iter().find(|p| p.workspaces.contains(&w.slug));
        let payer = payer.map(|p| match &p.payer.reseller {
            Some(id) => view.email(id).to_owned(),
            None => view.contacts(&p.payer.contacts).join(" "),
        });
        let money = |amount: &Result<Amount, NoPrice>| match amount {
            Ok(amount) => amount.to_string(),
            Err(e) => e.code().to_owned(),
        };
        let day = |day: Option<Day>| day.map(|d| d.to_string()).unwrap_or_default();
        let cells = [
            w.slug.clone(),
            w.plan.to_string(),
            w.cycle.to_string(),
            w.currency.to_string(),
            w.people.to_string(),
            money(&w.today),
            money(&w.today),
            money(&w.after),
            day(w.paid_until),
            day(w.first.map(|f| f.days.from)),
            day(w.first.map(|f| f.days.until)),
            w.first.map(|f| f.amount.to_string()).unwrap_or_default(),
            payer.unwrap_or_default(),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}
