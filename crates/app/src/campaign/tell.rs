//! Tells everybody concerned: the announcement, reminders, new dates. A page of workspaces a transaction, with its place kept, so
//! that each admin hears each thing once, however often this is killed and however many replicas do it.

use std::collections::{BTreeMap, BTreeSet};

use orglink_domain::campaign::{Calendar, Campaign, Definition, Purpose, Telling, Told, UsersConsent};
use orglink_domain::event::{Actor, EventType};
use orglink_domain::id::{AccountId, OrganizationId};
use orglink_mail::{
    BillingAnnounced, BillingDatesChanged, BillingReminder, CampaignAnnounced, CampaignReminder, Dates, DatesChanged,
    Mail, Named, OrganizationToPay, UsersToMigrate,
};
use orglink_store::campaign::{self, Candidate, IdRange, ToldSoFar};
use orglink_store::{Tx, event, fault, in_write, mail, notification, organization};
use serde_json::json;

use super::append;
use super::decide::ALL;
use super::facts::Rules;
use crate::notify::{Entries, Notice};
use crate::{App, Error};

/// Workspaces told together.
const PAGE: i64 = 500;

/// When things happen; a definition is checked before it is kept.
pub(crate) fn calendar_of(definition: &Definition) -> Result<Calendar, Error> {
    definition.check().map_err(|_| Error::broken("a campaign is kept whose definition is wrong"))
}

/// The dates as people read them.
pub(super) fn dates_of(definition: &Definition, calendar: &Calendar) -> Dates {
    let zone = calendar.zone.name();
    Dates {
        link_by: calendar.closes_at,
        link_by_said: format!("{}, 24:00 {zone}", definition.link_by.to_words()),
        automatic_said: definition.automatic_from.to_words(),
    }
}

/// What is to be told now: what was begun goes first, then the announcement, then the newest due reminder.
pub(super) async fn due_telling(
    app: &App,
    tx: &mut Tx,
    of: &Campaign,
    calendar: &Calendar,
) -> Result<Option<(Telling, Option<ToldSoFar>)>, Error> {
    let now = app.now();
    let Some(announcement) = calendar.announcement(now) else { return Ok(None) };
    let told = campaign::find_telling(tx, of.id, announcement).await?;
    let Some(announced) = told.clone().filter(|told| told.ended_at.is_some()) else {
        return Ok(Some((announcement, told)));
    };
    for begun in campaign::list_tellings(tx, of.id).await? {
        if let (Told::NewDates(version), None) = (Telling::told_of(begun.step), begun.ended_at) {
            let telling = Telling::new_dates(version, begun.began_at);
            return Ok(Some((telling, campaign::find_telling(tx, of.id, telling).await?)));
        }
    }
    let Some(reminder) = calendar.reminder(announced.began_at, now) else { return Ok(None) };
    let told = campaign::find_telling(tx, of.id, reminder).await?;
    Ok(match told {
        Some(told) if told.ended_at.is_some() => None,
        told => Some((reminder, told)),
    })
}

/// Tells the next page of workspaces.
pub(super) async fn tell_page(
    app: &App,
    of: &Campaign,
    calendar: &Calendar,
    telling: Telling,
    so_far: Option<ToldSoFar>,
) -> Result<(), Error> {
    let at = app.now();
    let Some(so_far) = so_far else {
        in_write!(app.db, tx, { campaign::create_telling(tx, of.id, telling, at).await.map_err(Error::from) })?;
        return Ok(());
    };
    let mut tx = app.db.begin_read().await?;
    let rules = Rules::new(app, of, &of.definition, calendar, (at, at));
    let range = IdRange { after: so_far.after, ..ALL };
    let page = campaign::list_candidates(&mut tx, range, PAGE, rules.wanted).await?;
    let concerned: Vec<&Candidate> = page.iter().filter(|c| rules.is_concerned(c)).collect();
    let words = Words::of(&mut tx, of, calendar, telling).await?;
    let position = event::find_last_position(&mut tx).await?;
    let mut notices = Vec::new();
    for c in &concerned {
        let says = words.about(Named::new(c.slug.clone(), c.name.clone()));
        notices.extend(c.people().into_iter().map(|person| (position, Notice::new(person, says.clone()))));
    }
    let organizations = untold_organizations(&mut tx, of, telling, &concerned).await?;
    for (id, admins) in &organizations {
        let Some(o) = organization::find(&mut tx, *id).await? else { continue };
        let says = words.about_organization(Named::new(o.slug, o.name));
        notices.extend(admins.iter().map(|admin| (position, Notice::new(*admin, says.clone()))));
    }
    let entries = Entries::of(app, &mut tx, notices, at).await?;
    drop(tx);
    let organizations: Vec<OrganizationId> = organizations.into_keys().collect();
    let ids: Vec<_> = concerned.iter().map(|c| c.id).collect();
    let last = page.last().map(|c| c.id);
    let is_end = i64::try_from(page.len()).unwrap_or(PAGE) < PAGE;
    let counts = (i64::try_from(ids.len()).unwrap_or(0), i64::try_from(entries.entries.len()).unwrap_or(0));
    let (entries, ids, so_far, organizations) = (&entries, &ids, &so_far, &organizations);
    in_write!(app.db, tx, {
        let ended_at = is_end.then_some(at);
        let to = last.unwrap_or(so_far.after);
        // Another replica was faster: what it told is the same.
        if !campaign::move_telling(tx, of.id, so_far, to, counts, ended_at).await? {
            return Ok(());
        }
        campaign::create_notices(tx, of.id, telling, ids, at).await?;
        campaign::create_organization_notices(tx, of.id, telling, organizations, at).await?;
        notification::create_all(tx, &entries.entries, at).await?;
        mail::create_all(tx, &entries.mails, at).await?;
        if is_end {
            let payload = json!({
                "told": words.name(),
                "workspaces": (so_far.workspaces + counts.0).to_string(),
                "messages": (so_far.messages + counts.1).to_string(),
            });
            append(app, tx, Actor::SYSTEM, of, EventType::CampaignTold, payload, at).await?;
        }
        fault::point("campaign.telling");
        Ok::<(), Error>(())
    })?;
    fault::point("campaign.told");
    Ok(())
}

/// Of a migration, the organizations of these workspaces whose admins have not heard this yet: it concerns all of them together, and they
/// hear it once.
async fn untold_organizations(
    tx: &mut Tx,
    of: &Campaign,
    telling: Telling,
    concerned: &[&Candidate],
) -> Result<BTreeMap<OrganizationId, BTreeSet<AccountId>>, Error> {
    let standing = concerned.iter().filter_map(|c| c.users.as_ref());
    let mut found: BTreeMap<_, _> = standing.map(|s| (s.organization, s.sides.organization_admins.clone())).collect();
    let paying: BTreeSet<OrganizationId> =
        concerned.iter().filter_map(|c| c.billing.as_ref()).map(|facts| facts.organization).collect();
    let paying: Vec<OrganizationId> = paying.into_iter().collect();
    for (id, admin) in campaign::list_active_organization_admins(tx, &paying).await? {
        found.entry(id).or_default().insert(admin);
    }
    let ids: Vec<OrganizationId> = found.keys().copied().collect();
    let told = campaign::list_told_organizations(tx, of.id, telling, &ids).await?;
    found.retain(|id, _| !told.contains(id));
    Ok(found)
}

/// What one step of telling says.
pub(super) struct Words {
    pub purpose: Purpose,
    /// Of a migration of users: who must have agreed.
    pub consent: UsersConsent,
    pub telling: Telling,
    pub dates: Dates,
    /// Before they changed.
    pub before: Option<Dates>,
    pub note: String,
}

impl Words {
    async fn of(tx: &mut Tx, of: &Campaign, calendar: &Calendar, telling: Telling) -> Result<Self, Error> {
        let texts = &of.definition.texts;
        let (mut before, mut note) = (None, String::new());
        match telling.told {
            Told::Announcement => note.clone_from(&texts.announcement),
            Told::Reminder(_) => note.clone_from(&texts.reminder),
            Told::NewDates(version) => {
                let history = campaign::list_changes(tx, of.id).await?;
                let earlier =
                    history.into_iter().filter(|c| c.version < version).filter_map(|c| c.definition).next_back();
                if let Some(earlier) = earlier {
                    before = Some(dates_of(&earlier, &calendar_of(&earlier)?));
                }
            }
        }
        let (purpose, consent) = (of.definition.purpose, of.definition.users.consent);
        Ok(Self { purpose, consent, telling, dates: dates_of(&of.definition, calendar), before, note })
    }

    pub fn about(&self, workspace: Named) -> Mail {
        let (dates, note) = (self.dates.clone(), self.note.clone());
        match self.purpose {
            Purpose::Link => {}
            Purpose::Billing => return self.about_billing(workspace),
            Purpose::Users => return self.about_users(workspace, false),
        }
        match (self.telling.told, &self.before) {
            (Told::Reminder(_), _) => CampaignReminder { workspace, dates, is_last: self.telling.is_last, note }.into(),
            (Told::NewDates(_), Some(before)) => DatesChanged { workspace, before: before.clone(), dates }.into(),
            _ => CampaignAnnounced { workspace, dates, note }.into(),
        }
    }

    fn about_billing(&self, workspace: Named) -> Mail {
        let (dates, note) = (self.dates.clone(), self.note.clone());
        match (self.telling.told, &self.before) {
            (Told::Reminder(_), _) => BillingReminder { workspace, dates, note }.into(),
            (Told::NewDates(_), Some(before)) => {
                BillingDatesChanged { workspace, before: before.clone(), dates }.into()
            }
            _ => BillingAnnounced { workspace, dates, note }.into(),
        }
    }

    /// To the admins of an organization, about everything that is linked to it.
    fn about_organization(&self, organization: Named) -> Mail {
        if self.purpose == Purpose::Users {
            return self.about_users(organization, true);
        }
        OrganizationToPay {
            organization,
            dates: self.dates.clone(),
            before: self.before.clone(),
            is_reminder: matches!(self.telling.told, Told::Reminder(_)),
            note: self.note.clone(),
        }
        .into()
    }

    fn about_users(&self, about: Named, is_organization_side: bool) -> Mail {
        UsersToMigrate {
            about,
            is_organization_side,
            dates: self.dates.clone(),
            before: self.before.clone(),
            is_reminder: matches!(self.telling.told, Told::Reminder(_)),
            needs_workspace: self.consent == UsersConsent::Both,
            note: self.note.clone(),
        }
        .into()
    }

    fn name(&self) -> String {
        told_words(self.telling.told)
    }
}

/// What was told, in words.
pub(super) fn told_words(told: Told) -> String {
    match told {
        Told::Announcement => "the announcement".to_owned(),
        Told::Reminder(1) => "the reminder of the day before".to_owned(),
        Told::Reminder(days) => format!("the reminder {days} days before"),
        Told::NewDates(_) => "the new dates".to_owned(),
    }
}
