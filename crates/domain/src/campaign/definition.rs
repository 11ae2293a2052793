//! What an operator decides about a campaign: who is in it, when what happens, how careful the run is. As a file, as JSON
//! and as a form it is this one structure.

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use crate::clock::Zone;
use crate::day::Day;
use crate::name::{check_slug, check_title};
use crate::period::Period;
use crate::words;
use crate::workspace::SubscriptionPlan;

/// Steps of a ladder of reminders, at most.
const MOST_REMINDERS: usize = 20;
/// Waves after the canary, at most.
const MOST_WAVES: u32 = 100;
/// Characters of a text of the operator's own.
const MOST_TEXT: usize = 2000;
/// Days between being told and a migration, at least.
const LEAST_NOTICE_DAYS: u32 = 30;
/// Workspaces that a cohort names one by one, at most.
const MOST_NAMED: usize = 10_000;

words! {
    /// Whether a workspace goes to the organization that its admins have.
    "way to use organizations" ExistingOrganization {
        /// When there is exactly one that qualifies.
        Sole = "sole",
        Never = "never",
    }
}

words! {
    /// What becomes of workspaces in a campaign.
    "purpose" Purpose {
        /// They are linked: by people until a date, by itself after it.
        Link = "link",
        /// The organizations they are linked to pay for them from a date on.
        Billing = "billing",
        /// The directories of the organizations they are linked to say from a date on who is in their groups.
        Users = "users",
    }
}

words! {
    /// Who must have agreed before the users of a workspace migrate in a campaign.
    "consent to a users migration" UsersConsent {
        /// An admin of the organization and one of the workspace.
        Both = "both",
        /// An admin of the organization; those of the workspace were told in time and may ask for more time.
        Organization = "organization",
    }
}

impl Purpose {
    const fn link() -> Self {
        Self::Link
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    fn is_link(&self) -> bool {
        *self == Self::Link
    }

    /// What is done to a workspace, in words.
    #[must_use]
    pub const fn done(self) -> &'static str {
        match self {
            Self::Link => "linked",
            Self::Billing | Self::Users => "migrated",
        }
    }

    /// What its last day is for people.
    #[must_use]
    pub const fn last_day(self) -> &'static str {
        match self {
            Self::Link => "Link by",
            Self::Billing => "More time can be asked for until",
            Self::Users => "Agree, or ask for more time, until",
        }
    }

    /// What happens by itself from its other day on.
    #[must_use]
    pub const fn from_then(self) -> &'static str {
        match self {
            Self::Link => "By itself from",
            Self::Billing => "Billing migrates from",
            Self::Users => "Users migrate from",
        }
    }

    /// What migrates, in words; nothing of a campaign that links.
    #[must_use]
    pub const fn migrates(self) -> Option<&'static str> {
        match self {
            Self::Link => None,
            Self::Billing => Some("billing"),
            Self::Users => Some("users"),
        }
    }
}

/// A campaign as the operator wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its name in URLs and commands.
    pub name: String,
    pub title: String,
    #[serde(default = "Purpose::link", skip_serializing_if = "Purpose::is_link")]
    pub purpose: Purpose,
    /// An IANA name; every date of the campaign is a day there.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// From the start of this day on everybody is told.
    pub announce_on: Day,
    /// The last day on which people choose themselves (of a migration: ask for more time); it ends at 24:00.
    pub link_by: Day,
    /// From the start of this day on the rest is linked by itself, or migrates.
    pub automatic_from: Day,
    /// Days before `link_by` on which whoever is not linked hears again.
    #[serde(default)]
    pub reminders: Vec<u32>,
    #[serde(default)]
    pub cohort: Cohort,
    #[serde(default)]
    pub automatic: Automatic,
    #[serde(default)]
    pub waves: Waves,
    #[serde(default)]
    pub postponement: Postponement,
    #[serde(default)]
    pub texts: Texts,
    /// Of a migration of users.
    #[serde(default, skip_serializing_if = "Users::is_default")]
    pub users: Users,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// Which workspaces the campaign is about, besides being eligible. What is empty leaves nobody out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cohort {
    pub plans: Vec<SubscriptionPlan>,
    /// With one of these labels.
    pub labels: Vec<String>,
    /// Made, where they come from, before this day.
    pub created_before: Option<Day>,
    pub min_members: Option<i64>,
    pub max_members: Option<i64>,
    /// Only these, by slug.
    pub workspaces: Vec<String>,
}

impl Default for Cohort {
    /// The seed's: paid team workspaces. (That it is a team's is a matter of eligibility.)
    fn default() -> Self {
        Self {
            plans: vec![SubscriptionPlan::Standard, SubscriptionPlan::Premium],
            labels: Vec::new(),
            created_before: None,
            min_members: None,
            max_members: None,
            workspaces: Vec::new(),
        }
    }
}

/// How workspaces are linked by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Automatic {
    pub use_existing_organization: ExistingOrganization,
    /// Nobody is linked by it who was not told at least so long ago.
    pub minimum_notice: Period,
    /// For how long a link that was made by itself can be undone.
    pub undo_window: Period,
    /// For how long the other admins can object when one claims an organization made by the campaign.
    pub claim_notice: Period,
}

impl Default for Automatic {
    fn default() -> Self {
        Self {
            use_existing_organization: ExistingOrganization::Sole,
            minimum_notice: Period::from_days(14),
            undo_window: Period::from_days(30),
            claim_notice: Period::from_days(7),
        }
    }
}

/// In which steps the run goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Waves {
    /// The first wave is this share of all, in percent.
    pub canary_percent: u8,
    /// The rest goes in so many waves of the same size.
    pub count: u32,
    /// From the start of one wave to the start of the next.
    pub every: Period,
    /// The run pauses by itself when more than so many workspaces failed.
    pub error_budget: u32,
}

impl Default for Waves {
    fn default() -> Self {
        Self { canary_percent: 1, count: 1, every: Period::NONE, error_budget: 10 }
    }
}

/// How much time people may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Postponement {
    /// So many workspaces may have it at a time; 0 means none.
    pub budget: u32,
    /// After `automatic_from`.
    pub longest: Period,
}

impl Default for Postponement {
    fn default() -> Self {
        Self { budget: 0, longest: Period::from_days(30) }
    }
}

/// What the operator adds to the mails, as plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Texts {
    pub announcement: String,
    pub reminder: String,
    pub linked: String,
}

/// How a migration of users is agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Users {
    pub consent: UsersConsent,
}

impl Default for Users {
    fn default() -> Self {
        Self { consent: UsersConsent::Both }
    }
}

impl Users {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// One thing that is wrong with a definition: the field, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionError {
    pub field: &'static str,
    pub detail: String,
}

impl Definition {
    /// Everything that is wrong with it; its calendar when nothing is.
    ///
    /// # Errors
    /// Every mistake, by field.
    pub fn check(&self) -> Result<Calendar, Vec<DefinitionError>> {
        let mut wrong = Vec::new();
        let mut refuse = |field, detail: String| wrong.push(DefinitionError { field, detail });
        if let Err(e) = check_slug(&self.name) {
            refuse("name", e.to_string());
        }
        if let Err(e) = check_title("title", &self.title) {
            refuse("title", e.to_string());
        }
        if self.announce_on > self.link_by {
            refuse("announce_on", format!("{} is after the link-by date {}", self.announce_on, self.link_by));
        }
        let least = Period::from_days(LEAST_NOTICE_DAYS);
        if let Some(what) = self.purpose.migrates()
            && self.automatic.minimum_notice.as_seconds() < least.as_seconds()
        {
            let detail = format!("everybody is told at least {} before the migration of {what}", least.to_words());
            refuse("automatic.minimum_notice", detail);
        }
        if self.purpose != Purpose::Users && self.users != Users::default() {
            refuse("users", "is only for a campaign with purpose = \"users\"".into());
        }
        if self.automatic_from <= self.link_by {
            let detail = format!(
                "{} must be after {}, the last day on which people choose themselves",
                self.automatic_from, self.link_by
            );
            refuse("automatic_from", detail);
        }
        if self.reminders.len() > MOST_REMINDERS {
            refuse("reminders", format!("at most {MOST_REMINDERS}"));
        }
        if self.reminders.windows(2).any(|pair| matches!(pair, [a, b] if a <= b)) {
            refuse("reminders", "write the days before the link-by date once each, the most first: 60, 30, 14".into());
        }
        if self.reminders.iter().any(|days| *days > 3650) {
            refuse("reminders", "at most 3650 days before the link-by date".into());
        }
        if self.cohort.workspaces.len() > MOST_NAMED {
            refuse("cohort.workspaces", format!("at most {MOST_NAMED}; use a label for more"));
        }
        if self.cohort.min_members.zip(self.cohort.max_members).is_some_and(|(min, max)| min > max) {
            refuse("cohort.min_members", "is more than max_members: nobody would be in it".into());
        }
        if self.waves.canary_percent > 100 {
            refuse("waves.canary_percent", "is a share in percent: 0 to 100".into());
        }
        if self.waves.count == 0 || self.waves.count > MOST_WAVES {
            refuse("waves.count", format!("1 to {MOST_WAVES}"));
        }
        let texts = &self.texts;
        for (field, text) in [
            ("texts.announcement", &texts.announcement),
            ("texts.reminder", &texts.reminder),
            ("texts.linked", &texts.linked),
        ] {
            let is_plain = text.chars().all(|c| !c.is_control() || c == '\n');
            if text.chars().count() > MOST_TEXT || !is_plain {
                refuse(field, format!("plain text of at most {MOST_TEXT} characters"));
            }
        }
        let zone = Zone::named(&self.time_zone);
        if zone.is_none() {
            refuse("time_zone", format!("'{}' is not a time zone like Europe/Berlin (IANA)", self.time_zone));
        }
        match zone {
            Some(zone) if wrong.is_empty() => Calendar::of(self, zone)
                .ok_or_else(|| vec![DefinitionError { field: "link_by", detail: "is out of range".into() }]),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
pub(crate) fn seed() -> Definition {
    Definition {
        name: "link-2026".into(),
        title: "Link your workspaces".into(),
        purpose: Purpose::Link,
        time_zone: "UTC".into(),
        announce_on: "2025-12-01".parse().expect("a day"),
        link_by: "2026-03-15".parse().expect("a day"),
        automatic_from: "2026-03-16".parse().expect("a day"),
        reminders: vec![60, 30, 14, 7, 1],
        cohort: Cohort::default(),
        automatic: Automatic::default(),
        waves: Waves::default(),
        postponement: Postponement::default(),
        texts: Texts::default(),
        users: Users::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_own_is_right_and_reads_back_what_it_writes() {
        let text = serde_json::to_string(&seed()).expect("json");
        assert_eq!(serde_json::from_str::<Definition>(&text).expect("valid"), seed());
        assert!(seed().check().is_ok());
    }

    #[test]
    fn every_mistake_is_named_with_its_field() {
        let bad = Definition {
            name: "not a slug".into(),
            time_zone: "Europe/Nowhere".into(),
            automatic_from: "2026-03-15".parse().expect("a day"),
            reminders: vec![7, 14],
            waves: Waves { count: 0, canary_percent: 101, ..Waves::default() },
            ..seed()
        };
        let fields: Vec<&str> = bad.check().expect_err("wrong").iter().map(|e| e.field).collect();
        assert_eq!(fields, ["name", "automatic_from", "reminders", "waves.canary_percent", "waves.count", "time_zone"]);
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        let text = r#"{"name":"x","title":"X","announce_on":"2026-01-14","link_by":"2026-03-15","automatic_from":"2026-03-16","remind":[1]}"#;
        assert!(serde_json::from_str::<Definition>(text).is_err_and(|e| e.to_string().contains("remind")));
    }
}
