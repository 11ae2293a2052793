//! The moments of a campaign: its days, in its zone. A day begins when the zone's clocks first show it and ends when
//! they first show the next, whatever daylight saving does to midnight.

use super::definition::Definition;
use crate::clock::{Timestamp, Zone};

/// What people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Announcement,
    /// So many days before the link-by day.
    Reminder(u32),
    /// That dates have changed; with the campaign's version after that.
    NewDates(i64),
}

/// One step of telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Telling {
    pub told: Told,
    pub at: Timestamp,
    /// No other comes after it.
    pub is_last: bool,
    number: i64,
}

impl Telling {
    /// Of dates that changed.
    #[must_use]
    pub const fn new_dates(version: i64, at: Timestamp) -> Self {
        Self { told: Told::NewDates(version), at, is_last: false, number: -1 - version }
    }

    /// As tables keep it: the same for the same step of the same dates.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.number
    }

    /// What the number of a step means.
    #[must_use]
    pub fn told_of(number: i64) -> Told {
        match number {
            -1 => Told::Announcement,
            ..-1 => Told::NewDates(-1 - number),
            _ => Told::Reminder(u32::try_from(number % REMINDER).unwrap_or(0)),
        }
    }
}

/// More days than any reminder comes before.
const REMINDER: i64 = 10_000;

/// Every moment of a campaign.
#[derive(Debug, Clone)]
pub struct Calendar {
    pub zone: Zone,
    pub announce_at: Timestamp,
    /// 24:00 of the link-by day: from here on it is too late.
    pub closes_at: Timestamp,
    pub automatic_at: Timestamp,
    /// The announcement and the reminders that come before the end, in their order.
    pub tellings: Vec<Telling>,
}

impl Calendar {
    pub(crate) fn of(definition: &Definition, zone: Zone) -> Option<Self> {
        let announce_at = definition.announce_on.starts_in(&zone)?;
        let announcement = Telling { told: Told::Announcement, at: announce_at, is_last: false, number: -1 };
        let mut tellings = vec![announcement];
        for days in &definition.reminders {
            let at = definition.link_by.plus(-i64::from(*days))?.starts_in(&zone)?;
            // One that would come before the announcement, or with it, is the announcement.
            if at > announce_at {
                let number = definition.link_by.number() * REMINDER + i64::from(*days);
                tellings.push(Telling { told: Told::Reminder(*days), at, is_last: false, number });
            }
        }
        if let Some(last) = tellings.last_mut() {
            last.is_last = last.told != Told::Announcement;
        }
        Some(Self {
            announce_at,
            closes_at: definition.link_by.plus(1)?.starts_in(&zone)?,
            automatic_at: definition.automatic_from.starts_in(&zone)?,
            zone,
            tellings,
        })
    }

    /// The announcement, once its day has come.
    #[must_use]
    pub fn announcement(&self, now: Timestamp) -> Option<Telling> {
        self.tellings.first().filter(|t| t.at <= now).copied()
    }

    /// The reminder to be sent now, when the announcement was made at a moment: the newest whose time has come since then.
    /// What was missed before it is never sent late, and nothing is once it is too late to choose.
    #[must_use]
    pub fn reminder(&self, announced_at: Timestamp, now: Timestamp) -> Option<Telling> {
        let newest = self.tellings.iter().rfind(|t| t.at <= now && t.told != Told::Announcement)?;
        (now < self.closes_at && newest.at > announced_at).then_some(*newest)
    }

    /// The step after now, for whoever plans.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<Telling> {
        self.tellings.iter().find(|t| t.at > now).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::definition::seed;
    use super::*;
    use crate::day::Day;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_day_ends_at_24_00_in_the_campaigns_zone() {
        let calendar = seed().check().expect("right");
        assert_eq!(calendar.closes_at, at("2026-03-16T00:00:00Z"));
        assert_eq!(calendar.automatic_at, at("2026-03-16T00:00:00Z"));
        let berlin = Definition { time_zone: "Europe/Berlin".into(), ..seed() };
        assert_eq!(berlin.check().expect("right").closes_at, at("2026-03-15T23:00:00Z"));
    }

    #[test]
    fn daylight_saving_moves_the_moment_and_never_the_day() {
        // Clocks go forward on 29 March 2026 in Berlin: the day has 23 hours.
        let change = Definition {
            time_zone: "Europe/Berlin".into(),
            link_by: "2026-03-29".parse().expect("a day"),
            automatic_from: "2026-03-30".parse().expect("a day"),
            reminders: vec![1],
            ..seed()
        };
        let calendar = change.check().expect("right");
        assert_eq!(calendar.closes_at, at("2026-03-29T22:00:00Z"));
        assert_eq!(calendar.tellings.last().expect("one").at, at("2026-03-27T23:00:00Z"));
        // In Havana the day of the change has no midnight: it begins at one o'clock.
        let havana = Zone::named("America/Havana").expect("a zone");
        let day: Day = "2026-03-08".parse().expect("a day");
        assert_eq!(day.starts_in(&havana), Some(at("2026-03-08T05:00:00Z")));
    }

    #[test]
    fn leap_days_are_days() {
        assert!("2027-02-29".parse::<Day>().is_err());
        let day: Day = "2028-02-29".parse().expect("a day");
        assert_eq!((day.number(), Day::numbered(20_280_229)), (20_280_229, Some(day)));
        assert_eq!(Day::numbered(20_270_229), None);
        let leap = Definition {
            announce_on: "2028-02-01".parse().expect("a day"),
            link_by: "2028-02-29".parse().expect("a day"),
            automatic_from: "2028-03-01".parse().expect("a day"),
            reminders: vec![28, 1],
            ..seed()
        };
        let calendar = leap.check().expect("right");
        assert_eq!(calendar.closes_at, at("2028-03-01T00:00:00Z"));
        // 28 days before is the announcement itself.
        let told: Vec<Told> = calendar.tellings.iter().map(|t| t.told).collect();
        assert_eq!(told, [Told::Announcement, Told::Reminder(1)]);
    }

    #[test]
    fn only_the_newest_due_step_is_told() {
        let calendar = seed().check().expect("right");
        assert_eq!(calendar.announcement(at("2025-11-30T23:59:59Z")), None);
        let announced = at("2025-12-01T00:00:00Z");
        assert!(calendar.announcement(announced).is_some());
        let told = |now: &str| calendar.reminder(announced, at(now)).map(|t| t.told);
        assert_eq!(told("2026-01-13T23:59:59Z"), None);
        assert_eq!(told("2026-01-14T00:00:00Z"), Some(Told::Reminder(60)));
        assert_eq!(told("2026-03-10T12:00:00Z"), Some(Told::Reminder(7)));
        assert_eq!(told("2026-03-15T23:59:59Z"), Some(Told::Reminder(1)));
        // Too late to choose; and announced late, what was before that is not said again.
        assert_eq!(told("2026-03-16T00:00:00Z"), None);
        assert_eq!(calendar.reminder(at("2026-03-10T00:00:00Z"), at("2026-03-10T12:00:00Z")), None);
        assert!(calendar.tellings.last().expect("one").is_last);
        for telling in &calendar.tellings {
            assert_eq!(Telling::told_of(telling.number()), telling.told);
        }
        assert_eq!(Telling::told_of(Telling::new_dates(7, announced).number()), Told::NewDates(7));
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_clock_does_nothing_is_told_before_its_time(micros in 1_700_000_000_000_000_i64..1_900_000_000_000_000) {
            let now = Timestamp::from_micros(micros);
            let calendar = seed().check().expect("right");
            if let Some(telling) = calendar.reminder(calendar.announce_at, now) {
                proptest::prop_assert!(telling.at <= now && now < calendar.closes_at);
                proptest::prop_assert!(calendar.next(now).is_none_or(|next| next.at > telling.at));
            }
        }
    }
}
