//! Dates in queries: days, months, years, and spans of time that end today.
//!
//! What is said of today stays as it was said until the query is evaluated: a saved query for
//! the last seven days means other days tomorrow.

use std::fmt;

use jiff::{
    Span,
    civil::{Date, Weekday},
};

use super::fields::{DateField, Named};

/// A time that a query names: a first and a last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// One day: `2019-02-28`.
    Day(Date),
    /// A month: `2019-02`. Its first day is kept.
    Month(Date),
    /// A year: `2019`. Its first day is kept.
    Year(Date),
    /// From so many days, weeks, months or years ago until today: `7d`, `2w`, `3m`, `1y`.
    Last(u16, Unit),
    /// `today`.
    Today,
    /// `yesterday`.
    Yesterday,
    /// The present week from its Monday on, the present month, the present year: `week`, `month`,
    /// `year`; the present day (`day`) is the same as today.
    This(Unit),
}

/// A stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names say all there is to say.
pub enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// Which dates a condition takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dates {
    /// Days before the time begins: `before:2019` ends with 31 December 2018.
    Before(When),
    /// Days from the time's first on: `after:2018-06` begins with 1 June 2018.
    After(When),
    /// Days up to the time's last: `until:2018` ends with 31 December 2018.
    Until(When),
    /// Days within the time: `date:2019-02`.
    In(When),
    /// From the first day of one to the last of the other: `date:2018-06..2019-02`.
    Between(When, When),
}

impl Unit {
    const LETTERS: [(Unit, char); 4] = [
        (Unit::Day, 'd'),
        (Unit::Week, 'w'),
        (Unit::Month, 'm'),
        (Unit::Year, 'y'),
    ];

    fn letter(self) -> char {
        let row = Unit::LETTERS.iter().find(|(unit, _)| *unit == self);
        row.map_or('d', |(_, letter)| *letter)
    }

    /// `day` so many units earlier; the first day that there is where the calendar ends.
    fn before(self, day: Date, count: u16) -> Date {
        let count = i64::from(count);
        let span = match self {
            Unit::Day => Span::new().try_days(count),
            Unit::Week => Span::new().try_weeks(count),
            Unit::Month => Span::new().try_months(count),
            Unit::Year => Span::new().try_years(count),
        };
        span.map_or(Date::MIN, |span| day.saturating_sub(span))
    }
}

/// Words that name a time.
const WORDS: [(&str, When); 6] = [
    ("today", When::Today),
    ("yesterday", When::Yesterday),
    ("week", When::This(Unit::Week)),
    ("month", When::This(Unit::Month)),
    ("year", When::This(Unit::Year)),
    ("day", When::This(Unit::Day)),
];

impl When {
    /// The time that `text` names, if it names one.
    pub fn parse(text: &str) -> Option<When> {
        if let Some((_, when)) = WORDS.iter().find(|(it, _)| it.eq_ignore_ascii_case(text)) {
            return Some(*when);
        }
        let mut letters = text.chars();
        let last = letters.next_back()?.to_ascii_lowercase();
        if let Some((unit, _)) = Unit::LETTERS.iter().find(|(_, it)| *it == last) {
            let count = digits(letters.as_str(), 1..=4)?;
            return Some(When::Last(count.try_into().ok()?, *unit));
        }
        let mut parts = text.split(['-', '/']);
        let year = digits(parts.next()?, 4..=4)?;
        let (month, day) = (parts.next(), parts.next());
        if parts.next().is_some() {
            return None;
        }
        let number = |part: Option<&str>| match part {
            Some(part) => digits(part, 1..=2).and_then(|it| i8::try_from(it).ok()),
            None => Some(1),
        };
        let date = Date::new(year, number(month)?, number(day)?).ok()?;
        Some(match (month, day) {
            (None, _) => When::Year(date),
            (Some(_), None) => When::Month(date),
            (Some(_), Some(_)) => When::Day(date),
        })
    }

    /// Its first day, where the present day is `today`.
    pub fn first(self, today: Date) -> Date {
        match self {
            When::Day(day) => day,
            When::Month(day) => day.first_of_month(),
            When::Year(day) => day.first_of_year(),
            When::Last(count, unit) => unit.before(today, count),
            When::Today | When::This(Unit::Day) => today,
            When::Yesterday => Unit::Day.before(today, 1),
            When::This(Unit::Week) => {
                let since = today.weekday().since(Weekday::Monday);
                Unit::Day.before(today, since.unsigned_abs().into())
            }
            When::This(Unit::Month) => today.first_of_month(),
            When::This(Unit::Year) => today.first_of_year(),
        }
    }

    /// Its last day, where the present day is `today`.
    pub fn last(self, today: Date) -> Date {
        match self {
            When::Day(day) => day,
            When::Month(day) => day.last_of_month(),
            When::Year(day) => day.last_of_year(),
            When::Last(..) | When::Today | When::This(Unit::Day) => today,
            When::Yesterday => Unit::Day.before(today, 1),
            When::This(Unit::Week) => self.first(today).saturating_add(Span::new().days(6)),
            When::This(Unit::Month) => today.last_of_month(),
            When::This(Unit::Year) => today.last_of_year(),
        }
    }
}

/// The number that `text` writes with as many digits as `count` allows, and nothing else.
fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let all = text.bytes().all(|byte| byte.is_ascii_digit());
    (all && count.contains(&text.len()))
        .then(|| text.parse().ok())
        .flatten()
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            When::Day(day) => write!(f, "{day}"),
            When::Month(day) => write!(f, "{:04}-{:02}", day.year(), day.month()),
            When::Year(day) => write!(f, "{:04}", day.year()),
            When::Last(count, unit) => write!(f, "{count}{}", unit.letter()),
            word => {
                let row = WORDS.iter().find(|(_, when)| when == word);
                f.write_str(row.map_or("today", |(word, _)| word))
            }
        }
    }
}

impl Dates {
    /// The condition of the field with this value; none if the value names no time.
    pub(super) fn parse(field: DateField, value: &str) -> Option<Dates> {
        Some(match field {
            DateField::Before => Dates::Before(When::parse(value)?),
            DateField::After => Dates::After(When::parse(value)?),
            DateField::Until => Dates::Until(When::parse(value)?),
            DateField::On => match value.split_once("..") {
                None => Dates::In(When::parse(value)?),
                Some((from, "")) => Dates::After(When::parse(from)?),
                Some(("", to)) => Dates::Until(When::parse(to)?),
                Some((from, to)) => Dates::Between(When::parse(from)?, When::parse(to)?),
            },
        })
    }

    /// The first and the last day that it takes, where the present day is `today`; no day bounds it
    /// where there is none. Takes nothing if the last comes before the first.
    pub fn bounds(self, today: Date) -> (Option<Date>, Option<Date>) {
        match self {
            // Before the first day of all there is none: a range that holds nothing.
            Dates::Before(when) => match when.first(today).yesterday() {
                Ok(last) => (None, Some(last)),
                Err(_) => (Some(Date::MAX), Some(Date::MIN)),
            },
            Dates::After(when) => (Some(when.first(today)), None),
            Dates::Until(when) => (None, Some(when.last(today))),
            Dates::In(when) => (Some(when.first(today)), Some(when.last(today))),
            Dates::Between(from, to) => (Some(from.first(today)), Some(to.last(today))),
        }
    }

    /// Whether it takes `day`, where the present day is `today`.
    pub fn contains(self, day: Date, today: Date) -> bool {
        let (first, last) = self.bounds(today);
        first.is_none_or(|first| first <= day) && last.is_none_or(|last| day <= last)
    }

    /// Whether it takes no day, whatever day it is today.
    pub(super) fn is_empty(self) -> bool {
        let fixed = |when| matches!(when, When::Day(_) | When::Month(_) | When::Year(_));
        match self {
            Dates::Between(from, to) if fixed(from) && fixed(to) => {
                from.first(Date::MIN) > to.last(Date::MIN)
            }
            _ => false,
        }
    }
}

impl fmt::Display for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dates::Before(when) => write!(f, "{}:{when}", DateField::Before.word()),
            Dates::After(when) => write!(f, "{}:{when}", DateField::After.word()),
            Dates::Until(when) => write!(f, "{}:{when}", DateField::Until.word()),
            Dates::In(when) => write!(f, "{}:{when}", DateField::On.word()),
            Dates::Between(from, to) => write!(f, "{}:{from}..{to}", DateField::On.word()),
        }
    }
}

/// What a date field's value may be, for completion.
pub(super) fn offers() -> impl Iterator<Item = &'static str> {
    let words = WORDS.iter().map(|(word, _)| *word);
    words
        .filter(|word| *word != "day")
        .chain(["7d", "2w", "3m", "1y"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        // A Friday.
        "2026-11-20".parse().unwrap()
    }

    #[test]
    fn times_have_a_first_and_a_last_day() {
        for (text, first, last) in [
            ("2019-02-28", "2019-02-28", "2019-02-28"),
            ("2019/2/8", "2019-02-08", "2019-02-08"),
            ("2019-02", "2019-02-01", "2019-02-28"),
            ("2020-2", "2020-02-01", "2020-02-29"),
            ("2019", "2019-01-01", "2019-12-31"),
            ("0987", "0987-01-01", "0987-12-31"),
            ("7d", "2026-11-13", "2026-11-20"),
            ("2W", "2026-11-06", "2026-11-20"),
            ("3m", "2026-08-20", "2026-11-20"),
            ("1y", "2025-11-20", "2026-11-20"),
            ("0d", "2026-11-20", "2026-11-20"),
            ("9999y", "-7973-11-20", "2026-11-20"),
            ("Today", "2026-11-20", "2026-11-20"),
            ("yesterday", "2026-11-19", "2026-11-19"),
            ("week", "2026-11-16", "2026-11-22"),
            ("month", "2026-11-01", "2026-11-30"),
            ("year", "2026-01-01", "2026-12-31"),
        ] {
            let when = When::parse(text).unwrap();
            let bounds = (when.first(today()), when.last(today()));
            let minus = |day: &str| match day.strip_prefix('-') {
                Some(rest) => format!("-00{rest}").parse().unwrap(),
                None => day.parse::<Date>().unwrap(),
            };
            assert_eq!(bounds, (minus(first), minus(last)), "{text}");
            assert_eq!(When::parse(&when.to_string()), Some(when), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "d",
            "20",
            "201",
            "20199",
            "2019-",
            "2019-13",
            "2019-02-30",
            "2019-02-28-1",
            "+7d",
            "12345d",
            "7",
            "7 d",
            "-2019",
            "morgen",
            "２０１９",
        ] {
            assert_eq!(When::parse(text), None, "{text}");
        }
    }

    #[test]
    fn fields_bound_the_days() {
        for (field, value, first, last) in [
            (DateField::Before, "2019", "", "2018-12-31"),
            (DateField::After, "2018-06", "2018-06-01", ""),
            (DateField::Until, "2018", "", "2018-12-31"),
            (DateField::On, "2019-02", "2019-02-01", "2019-02-28"),
            (DateField::On, "2018-06..2019", "2018-06-01", "2019-12-31"),
            (DateField::On, "2018-06..", "2018-06-01", ""),
            (DateField::On, "..today", "", "2026-11-20"),
            (DateField::Before, "7d", "", "2026-11-12"),
            (DateField::After, "today", "2026-11-20", ""),
        ] {
            let dates = Dates::parse(field, value).unwrap();
            let want = (first.parse().ok(), last.parse().ok());
            assert_eq!(dates.bounds(today()), want, "{value}");
        }
        assert_eq!(Dates::parse(DateField::On, ".."), None);
        assert_eq!(Dates::parse(DateField::Before, "2018..2019"), None);
        let dates = |value| Dates::parse(DateField::On, value).unwrap();
        assert!(dates("2019..2018").is_empty());
        assert!(!dates("2019..7d").is_empty());
    }

    #[test]
    fn a_day_is_before_a_time_or_not_before_it() {
        for text in ["2019", "2019-02-28", "7d", "week", "9999y", "9999-12-31"] {
            let when = When::parse(text).unwrap();
            for day in [Date::MIN, today(), Date::MAX, when.first(today())] {
                assert_ne!(
                    Dates::Before(when).contains(day, today()),
                    Dates::After(when).contains(day, today()),
                    "{text} {day}"
                );
            }
        }
    }
}
