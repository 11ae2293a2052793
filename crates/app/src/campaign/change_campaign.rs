//! Writes a campaign, or changes what was written. Dates keep their history, and whom new ones concern hears of them.

use orglink_domain::campaign::{
    Automatic, Campaign, CampaignState, Cohort, Definition, Postponement, Purpose, Telling, Texts, Users, UsersConsent,
    Waves,
};
use orglink_domain::clock::{Timestamp, Zone};
use orglink_domain::day::Day;
use orglink_domain::event::EventType;
use orglink_domain::id::CampaignId;
use orglink_domain::link::Consent;
use orglink_domain::plan::differences;
use orglink_policy::Action;
use orglink_store::campaign::{self, Change};
use orglink_store::in_write;
use serde_json::json;

use super::tell::calendar_of;
use super::{Changed, append, keep, load};
use crate::error::InputError;
use crate::idempotency::{Answered, Attempt};
use crate::{App, Error, Expected, Principal};

/// Everything that is wrong with a definition, by field.
fn check(app: &App, definition: &Definition) -> Result<(), Error> {
    let notice = app.catalog.billing.notice;
    if definition.purpose == Purpose::Billing && definition.automatic.minimum_notice.as_seconds() < notice.as_seconds()
    {
        let detail = format!("the catalog says at least {} (billing.notice)", notice.to_words());
        return Err(Error::field("automatic.minimum_notice", detail));
    }
    if definition.purpose == Purpose::Users
        && definition.users.consent == UsersConsent::Organization
        && app.settings.consent_rule().consent == Consent::TwoPeople
    {
        let detail = "in this installation nobody decides alone (link.consent): an admin of each side agrees (both)";
        return Err(Error::field("users.consent", detail));
    }
    let Err(wrong) = definition.check() else { return Ok(()) };
    let wrong = wrong.into_iter().map(|e| InputError {
        file: None,
        line: None,
        column: None,
        field: Some(e.field),
        detail: e.detail,
    });
    Err(Error::BadInput(wrong.collect()))
}

/// A definition as JSON.
///
/// # Errors
/// What cannot be understood, with the place.
pub fn parse_definition(given: serde_json::Value) -> Result<Definition, Error> {
    serde_json::from_value(given).map_err(|e| Error::field("definition", e.to_string()))
}

/// Writes a campaign: a draft, of which nobody is told.
///
/// # Errors
/// Bad input by field; `campaign_exists`; a refusal for anybody but an operator.
pub async fn create_campaign(
    app: &App,
    principal: &Principal,
    definition: &Definition,
    idempotency_key: Option<&str>,
) -> Result<Answered<CampaignId>, Error> {
    app.require(Action::ManageCampaigns, principal.standing())?;
    check(app, definition)?;
    let attempt = Attempt::new(principal, "create_campaign", idempotency_key, definition)?;
    let at = app.now();
    let made = Campaign {
        id: CampaignId(app.new_id(at)),
        definition: definition.clone(),
        state: CampaignState::Draft,
        resumes_to: None,
        reason: None,
        version: 1,
        created_at: at,
        announced_at: None,
    };
    let actor = principal.actor();
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        if !campaign::create(tx, &made).await? {
            let detail =
                format!("There is a campaign '{}' already. Change it, or choose another name.", definition.name);
            return Err(Error::refused("campaign_exists", "This name is taken", detail));
        }
        let first =
            Change { version: 1, at, actor, state: made.state, definition: Some(definition.clone()), reason: None };
        campaign::create_change(tx, made.id, &first).await?;
        append(app, tx, actor, &made, EventType::CampaignCreated, json!({ "definition": definition }), at).await?;
        attempt.keep(tx, &made.id, at).await
    })
}

/// Changes what was decided, until it is too late for that.
///
/// # Errors
/// Bad input by field; `campaign_decided` once the link-by day has ended; `campaign_exists`; `VersionChanged`.
pub async fn change_campaign(
    app: &App,
    principal: &Principal,
    name: &str,
    definition: &Definition,
    expected: Expected,
) -> Result<Campaign, Error> {
    check(app, definition)?;
    let at = app.now();
    in_write!(app.db, tx, {
        let before = load(app, tx, principal, name).await?;
        expected.check("campaign", before.version)?;
        if !before.state.may_change() {
            return Err(Error::refused(
                "campaign_decided",
                "It is too late to change it",
                "What becomes of every workspace is decided when the link-by day has ended. Pause or cancel the campaign instead.",
            ));
        }
        if before.definition == *definition {
            return Ok(before);
        }
        if before.definition.purpose != definition.purpose {
            return Err(Error::field("purpose", "stays what it is: write another campaign for another purpose"));
        }
        require_notice_again(&before, definition, at)?;
        if let Some(other) = campaign::find_by_name(tx, &definition.name).await?
            && other.id != before.id
        {
            let detail = format!("There is a campaign '{}' already. Choose another name.", definition.name);
            return Err(Error::refused("campaign_exists", "This name is taken", detail));
        }
        let dates = |d: &Definition| (d.link_by, d.automatic_from, d.time_zone.clone());
        let are_new_dates = before.state == CampaignState::Open && dates(&before.definition) != dates(definition);
        let fields = differences(&json!(before.definition), &json!(definition));
        let changed = Changed {
            kind: EventType::CampaignChanged,
            definition: Some(definition),
            reason: None,
            payload: json!({ "fields": fields }),
        };
        let after = Campaign { definition: definition.clone(), ..before };
        let after = keep(app, tx, principal.actor(), after, changed, at).await?;
        if are_new_dates {
            campaign::create_telling(tx, after.id, Telling::new_dates(after.version, at), at).await?;
        }
        Ok(after)
    })
}

/// Whoever was told of the day of a migration is not surprised by an earlier one.
fn require_notice_again(before: &Campaign, after: &Definition, now: Timestamp) -> Result<(), Error> {
    let (was, is) = (calendar_of(&before.definition)?.automatic_at, calendar_of(after)?.automatic_at);
    let notice = after.automatic.minimum_notice;
    let is_told = before.state == CampaignState::Open && after.purpose.migrates().is_some();
    if !is_told || is >= was || is >= now.plus_seconds(notice.as_seconds()) {
        return Ok(());
    }
    let detail = format!(
        "people were told {}; an earlier day is at least {} from now",
        before.definition.automatic_from.to_words(),
        notice.to_words()
    );
    Err(Error::field("automatic_from", detail))
}

/// What a page proposes for a new campaign: the founding article's way, with dates to come.
#[must_use]
pub fn proposed_definition(app: &App) -> Definition {
    let today = Day::at(app.now(), &Zone::default());
    let day = |days| today.and_then(|day| day.plus(days)).unwrap_or(Day::FIRST);
    Definition {
        name: format!("link-by-{}", day(104)),
        title: "Link your workspace to an organization".to_owned(),
        purpose: Purpose::Link,
        time_zone: Zone::default().name().to_owned(),
        announce_on: day(14),
        link_by: day(104),
        automatic_from: day(105),
        reminders: vec![60, 30, 14, 7, 1],
        cohort: Cohort::default(),
        automatic: Automatic::default(),
        waves: Waves::default(),
        postponement: Postponement::default(),
        texts: Texts::default(),
        users: Users::default(),
    }
}
