//! Dates of publication: a day, or a moment.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// When a story was published: many sources give a day and no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Published {
    /// A calendar day, with no time known.
    Day(Date),
    /// A moment. Times that came without a zone are taken as UTC.
    At(Timestamp),
}

impl Published {
    /// Seconds since 1970-01-01T00:00Z, for sorting: a day counts from its midnight in UTC.
    pub fn seconds(self) -> i64 {
        match self {
            Published::Day(day) => day
                .to_zoned_datetime(TimeZone::UTC)
                .map_or(0, |at| at.timestamp().as_second()),
            Published::At(at) => at.as_second(),
        }
    }

    /// The calendar day it fell on, seen from `zone`.
    pub fn day(self, zone: &TimeZone) -> Date {
        match self {
            Published::Day(day) => day,
            Published::At(at) => at.to_zoned_datetime(zone.clone()).date(),
        }
    }
}

/// ISO 8601: `2019-02-28` for a day, `2019-02-28T14:05:00Z` for a moment (RFC 3339).
pub fn iso(published: Published) -> String {
    match published {
        Published::Day(day) => day.to_string(),
        Published::At(at) => at.to_string(),
    }
}
