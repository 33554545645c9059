//! Dates of publication: a day, or a moment.

use jiff::{
    Timestamp, ZonedDateTime,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

/// When a story was published: many sources give a day and no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Published {
    /// A calendar day, with no time known.
    Day(Date),
    /// A moment.
    At(Timestamp),
    /// A time that came without a zone: its day is the one that was written, wherever it is read;
    /// as a moment it is taken as UTC.
    Written(DateTime),
}

impl Published {
    /// Seconds since 1970-01-01T00:00Z, for sorting: a day counts from its midnight in UTC.
    pub fn seconds(self) -> i64 {
        match self {
            Published::Day(day) => day
                .to_zoned_datetime(TimeZone::UTC)
                .map_or(0, |at| at.timestamp().as_second()),
            Published::At(at) => at.as_second(),
            Published::Written(at) => in_utc(at).map_or(0, |at| at.as_second()),
        }
    }

    /// The calendar day it fell on, seen from `zone`.
    pub fn day(self, zone: &TimeZone) -> Date {
        match self {
            Published::Day(day) => day,
            Published::At(at) => at.to_zoned_datetime(zone.clone()).date(),
            Published::Written(at) => at.date(),
        }
    }
}

/// ISO 8601: `2019-02-28` for a day, `2019-02-28T14:05:00Z` for a moment (RFC 3339).
pub fn iso(published: Published) -> String {
    match published {
        Published::Day(day) => day.to_string(),
        Published::At(at) => at.to_string(),
        Published::Written(at) => in_utc(at).map_or_else(|| at.to_string(), |at| at.to_string()),
    }
}

fn in_utc(at: DateTime) -> Option<Timestamp> {
    let at = at.to_zoned_datetime(TimeZone::UTC).ok()?;
    Some(at.timestamp())
}

/// As it stands under a title: `28 February 2019`.
pub fn long(published: Published, zone: &TimeZone) -> String {
    published.day(zone).strftime("%-d %B %Y").to_string()
}

/// As it stands beside what somebody said: with its time, where that is known.
pub fn precise(published: Published, zone: &TimeZone) -> String {
    const FORM: &str = "%-d %B %Y, %H:%M";
    match published {
        Published::Day(_) => long(published, zone),
        Published::Written(at) => at.strftime(FORM).to_string(),
        Published::At(at) => ZonedDateTime::new(at, zone.clone())
            .strftime(FORM)
            .to_string(),
    }
}

/// A moment with its time: "14:30" today, "3 May, 14:30" in this year.
pub fn moment(at: jiff::Timestamp, now: &ZonedDateTime) -> String {
    let at = ZonedDateTime::new(at, now.time_zone().clone());
    let form = if at.date() == now.date() {
        "%H:%M"
    } else if at.year() == now.year() {
        "%-d %b, %H:%M"
    } else {
        "%-d %b %Y, %H:%M"
    };
    at.strftime(form).to_string()
}

/// As people say it beside a title: `Today 14:05`, `Yesterday`, `Fri`, `28 Feb`, `28 Feb 2019`.
pub fn short(published: Published, now: &ZonedDateTime) -> String {
    let zone = now.time_zone();
    let (day, today) = (published.day(zone), now.date());
    let format = match days_between(day, today) {
        0 => match published {
            Published::Day(_) => "Today",
            Published::At(at) => {
                let at = at.to_zoned_datetime(zone.clone());
                return at.strftime("Today %H:%M").to_string();
            }
            Published::Written(at) => return at.strftime("Today %H:%M").to_string(),
        },
        1 => "Yesterday",
        2..=6 => "%a",
        _ if day.year() == today.year() => "%-d %b",
        _ => "%-d %b %Y",
    };
    day.strftime(format).to_string()
}

/// The heading under which a list shows it: Today, This week, This month, then months of this
/// year and years.
pub fn group(published: Published, now: &ZonedDateTime) -> String {
    let (day, today) = (published.day(now.time_zone()), now.date());
    let since_monday = i64::from(today.weekday().to_monday_zero_offset());
    let ago = days_between(day, today);
    if ago < 0 {
        "Ahead".to_owned()
    } else if ago == 0 {
        "Today".to_owned()
    } else if ago <= since_monday {
        "This week".to_owned()
    } else if (day.year(), day.month()) == (today.year(), today.month()) {
        "This month".to_owned()
    } else if day.year() == today.year() {
        day.strftime("%B").to_string()
    } else {
        day.year().to_string()
    }
}

/// Days from `day` to `today`; negative where `day` is still to come.
fn days_between(day: Date, today: Date) -> i64 {
    let midnight = |day: Date| Published::Day(day).seconds();
    (midnight(today) - midnight(day)) / 86_400
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> ZonedDateTime {
        "2026-11-20T10:00[UTC]".parse().unwrap()
    }

    fn day(text: &str) -> Published {
        Published::Day(text.parse().unwrap())
    }

    #[test]
    fn dates_are_said_as_people_say_them() {
        for (date, said, under) in [
            ("2026-11-21", "21 Nov", "Ahead"),
            ("2026-11-20", "Today", "Today"),
            ("2026-11-19", "Yesterday", "This week"),
            ("2026-11-16", "Mon", "This week"),
            ("2026-11-15", "Sun", "This month"),
            ("2026-11-01", "1 Nov", "This month"),
            ("2026-10-31", "31 Oct", "October"),
            ("2019-02-28", "28 Feb 2019", "2019"),
            ("0987-01-01", "1 Jan 0987", "987"),
        ] {
            assert_eq!(short(day(date), &now()), said, "{date}");
            assert_eq!(group(day(date), &now()), under, "{date}");
        }
        let at = Published::At("2026-11-20T08:05:00Z".parse().unwrap());
        assert_eq!(short(at, &now()), "Today 08:05");
        assert_eq!(long(day("2019-02-28"), &TimeZone::UTC), "28 February 2019");
        assert_eq!(iso(day("2019-02-28")), "2019-02-28");
    }

    #[test]
    fn a_time_without_a_zone_keeps_its_day_and_hour() {
        let at = Published::Written("2026-11-20T23:30:00".parse().unwrap());
        for hours in [-11, 0, 14] {
            let zone = TimeZone::fixed(jiff::tz::offset(hours));
            assert_eq!(at.day(&zone).to_string(), "2026-11-20");
        }
        assert_eq!(short(at, &now()), "Today 23:30");
        assert_eq!(iso(at), "2026-11-20T23:30:00Z");
        assert_eq!(at.seconds(), day("2026-11-20").seconds() + 84_600);
    }

    #[test]
    fn a_moment_falls_on_the_day_of_its_reader() {
        let at = Published::At("2026-11-20T23:30:00Z".parse().unwrap());
        let east = TimeZone::fixed(jiff::tz::offset(1));
        assert_eq!(at.day(&east).to_string(), "2026-11-21");
        assert_eq!(at.day(&TimeZone::UTC).to_string(), "2026-11-20");
    }
}
