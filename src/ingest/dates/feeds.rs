//! Dates as feeds have them: in few forms mostly, and in many odd ones.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::Offset,
};

use super::words;
use crate::story::Published;

/// The date that a feed gives: the forms that its specifications ask for, read without a detour (RFC
/// 3339, RFC 822 and 2822), all that [`super::parse`] reads, and what is only part of a date (`2019`,
/// `2019-02`: W3C Date and Time Formats) or written by few.
pub fn of_feed(text: &str) -> Option<Published> {
    let text = text.trim();
    exact(text)
        .or_else(|| super::parse(text))
        .or_else(|| odd(text))
        // What stands around it is in words that are not known here, as names of days and zones.
        .or_else(|| super::find(text.get(..100).unwrap_or(text)).map(|(_, date)| date))
}

/// RFC 3339 and RFC 822, with a time and a zone.
fn exact(text: &str) -> Option<Published> {
    match text.as_bytes() {
        [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..] => internet(text),
        _ => mail(text),
    }
}

/// `2019-02-28T14:05:00+01:00`
fn internet(text: &str) -> Option<Published> {
    let at: Timestamp = text.parse().ok()?;
    // To the second: nobody reads what is finer.
    Timestamp::from_second(at.as_second())
        .ok()
        .map(Published::At)
}

/// `Thu, 28 Feb 2019 14:05:00 +0100`
fn mail(text: &str) -> Option<Published> {
    let dated = text.split_once(',').map_or(text, |(_, after)| after);
    let mut parts = dated.split_ascii_whitespace();
    let day: i8 = parts.next()?.parse().ok()?;
    let month = month(parts.next()?)?;
    let year = match parts.next()? {
        year if year.len() == 4 => year.parse().ok()?,
        year if year.len() == 2 => full_year(year.parse().ok()?),
        _ => return None,
    };
    let mut clock = parts.next()?.split(':');
    let mut part = || clock.next().unwrap_or("0").parse::<i8>().ok();
    let (hour, minute, second) = (part()?, part()?, part()?);
    let east = match parts.next()? {
        "GMT" | "UT" | "UTC" | "Z" => 0,
        zone => numeric(zone)?,
    };
    if parts.next().is_some() {
        return None;
    }
    moment(
        Date::new(year, month, day).ok()?,
        [hour, minute, second],
        east,
    )
}

fn month(name: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let at = NAMES.iter().position(|it| *it == name)?;
    i8::try_from(at + 1).ok()
}

/// Of years of two digits (RFC 2822, 4.3) those to come are near.
fn full_year(short: i16) -> i16 {
    short + if short < 70 { 2000 } else { 1900 }
}

/// Minutes east of UTC: `+0100`, `-05:00`.
fn numeric(zone: &str) -> Option<i32> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replacen(':', "", 1);
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    Some(sign * (number / 100 * 60 + number % 100))
}

/// A moment; leap seconds and the 24th hour are what clocks show then.
fn moment(day: Date, [hour, minute, second]: [i8; 3], east: i32) -> Option<Published> {
    let time = Time::new(hour, minute, second.min(59), 0).ok()?;
    let offset = Offset::from_seconds(east.checked_mul(60)?).ok()?;
    let at = offset.to_timestamp(DateTime::from_parts(day, time)).ok()?;
    Some(Published::At(at))
}

/// Forms that few write.
fn odd(text: &str) -> Option<Published> {
    if text.len() > 100 {
        return None;
    }
    part_of_date(text)
        .or_else(|| loose_mail(text))
        .or_else(|| seconds(text))
}

/// `2019`, `2019-02`, `2019-059`, `20190228`, `--02-28` and the like (ISO 8601).
fn part_of_date(text: &str) -> Option<Published> {
    let (day, clock) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    let digits = |it: &str| it.bytes().all(|b| b.is_ascii_digit()) && !it.is_empty();
    let parts: Vec<&str> = day.split('-').collect();
    if !parts.iter().all(|it| digits(it)) {
        return None;
    }
    let number = |it: &str| it.parse::<i16>().ok();
    let date = |year: i16, month: i16, day: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    let year = |it: &str| match it.len() {
        2 => number(it).map(full_year),
        4 => number(it),
        _ => None,
    };
    let of_year = |year: i16, nth: i16| {
        let first = Date::new(year, 1, 1).ok()?;
        let day = first
            .checked_add(jiff::Span::new().try_days(nth - 1).ok()?)
            .ok()?;
        (nth > 0 && day.year() == year).then_some(day)
    };
    let cut = |from: usize, to: usize| day.get(from..to).and_then(number);
    let day = match parts[..] {
        [whole] => match whole.len() {
            4 => date(number(whole)?, 1, 1)?,
            6 => date(cut(0, 4)?, cut(4, 6)?, 1)
                .or_else(|| date(full_year(cut(0, 2)?), cut(2, 4)?, cut(4, 6)?))?,
            7 => of_year(cut(0, 4)?, cut(4, 7)?)?,
            8 => date(cut(0, 4)?, cut(4, 6)?, cut(6, 8)?)?,
            _ => return None,
        },
        [y, rest] => match rest.len() {
            3 => of_year(year(y)?, number(rest)?)?,
            _ => date(year(y)?, number(rest)?, 1)?,
        },
        [y, m, d] => date(year(y)?, number(m)?, number(d)?)?,
        _ => return None,
    };
    if clock.is_empty() {
        return Some(Published::Day(day));
    }
    let (clock, east) = zoned(clock);
    let clock = clock_of(&clock)?;
    moment(day, clock, east.unwrap_or(0))
}

/// A clock apart from its zone.
fn zoned(clock: &str) -> (String, Option<i32>) {
    let clock = clock.trim();
    if let Some(clock) = clock.strip_suffix(['Z', 'z']) {
        return (clock.to_owned(), Some(0));
    }
    match clock.rfind(['+', '-']) {
        Some(at) => (
            clock[..at].trim().to_owned(),
            numeric(&clock[at..]).or_else(|| numeric(&format!("{}00", &clock[at..]))),
        ),
        None => (clock.to_owned(), None),
    }
}

/// `14:05`, `14:05:00`, `140500`, `14:05:00.123`
fn clock_of(text: &str) -> Option<[i8; 3]> {
    let text = text.split(['.', ',']).next()?;
    let text = match text.len() {
        4 | 6 if text.bytes().all(|b| b.is_ascii_digit()) => {
            let (pairs, _) = text.as_bytes().as_chunks::<2>();
            let pairs: Vec<&str> = pairs
                .iter()
                .filter_map(|it| std::str::from_utf8(it).ok())
                .collect();
            pairs.join(":")
        }
        _ => text.to_owned(),
    };
    let mut parts = text.split(':').map(|it| it.trim().parse::<i8>().ok());
    let hour = parts.next()??;
    let minute = parts.next().unwrap_or(Some(0))?;
    let second = parts.next().unwrap_or(Some(0))?;
    (parts.next().is_none()).then_some([hour, minute, second])
}

/// A date as in mails, its parts in any order and with anything around: `Thu 5 Apr 12, 10:00 pm EST`,
/// `Fri, 2006/09/15 08:19:53 EDT`, `Sun Jan  4 16:29:06 PDT 2004`.
fn loose_mail(text: &str) -> Option<Published> {
    let mut day = None;
    let mut month = None;
    let mut year = None;
    let mut clock = None;
    let mut east = None;
    let mut half = None;
    let parts = text.split(|c: char| c.is_whitespace() || c == ',');
    for part in parts.filter(|it| !it.is_empty()) {
        let lower = part.trim_end_matches('.').to_lowercase();
        if part.contains(':') && clock.is_none() {
            let (time, zone) = zoned(part);
            clock = Some(clock_of(&time)?);
            east = zone.or(east);
        } else if let Some(zone) = numeric(part) {
            east = Some(zone);
        } else if matches!(lower.as_str(), "am" | "pm") {
            half = Some(lower == "pm");
        } else if let Some(found) = words::month(&lower).filter(|_| month.is_none()) {
            month = Some(found);
        } else if let Ok(number) = lower.parse::<i16>() {
            match number {
                1..=31 if day.is_none() && part.len() <= 2 => day = Some(number),
                0..=99 if year.is_none() && part.len() == 2 => year = Some(full_year(number)),
                1000..=3000 if year.is_none() => year = Some(number),
                _ => return None,
            }
        } else if let Some(Published::Day(found)) = super::parse(part) {
            (year, month, day) = (
                Some(found.year()),
                Some(found.month()),
                Some(found.day().into()),
            );
        } else if let Some(zone) = words::zone(&part.to_uppercase()) {
            east = Some(match zone {
                words::Zone::Fixed(minutes) | words::Zone::American(minutes) => minutes,
            });
        } else if !words::is_weekday(&lower) && !words::is_connector(&lower) {
            return None;
        }
    }
    let date = Date::new(year?, month?, i8::try_from(day?).ok()?).ok()?;
    let Some(mut clock) = clock else {
        return Some(Published::Day(date));
    };
    if let Some(afternoon) = half {
        clock[0] = clock[0] % 12 + if afternoon { 12 } else { 0 };
    }
    moment(date, clock, east.unwrap_or(0))
}

/// Seconds or milliseconds since 1970.
fn seconds(text: &str) -> Option<Published> {
    let number: i64 = text.parse().ok()?;
    let seconds = match text.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        _ => return None,
    };
    Timestamp::from_second(seconds).ok().map(Published::At)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::iso;

    #[test]
    fn dates_of_feeds() {
        for (text, want) in [
            ("Thu, 28 Feb 2019 14:05:00 +0100", "2019-02-28T13:05:00Z"),
            ("Thu, 28 Feb 2019 14:05:00 GMT", "2019-02-28T14:05:00Z"),
            ("28 Feb 19 14:05 -05:00", "2019-02-28T19:05:00Z"),
            ("Thu, 28 Feb 2019 14:05:60 Z", "2019-02-28T14:05:59Z"),
            ("Thu, 28 Feb 2019 14:05:00 EST", "2019-02-28T19:05:00Z"),
            ("Thu Feb 28 14:05:00 2019", "2019-02-28T14:05:00Z"),
            ("Thu Feb 28 14:05:00 PST 2019", "2019-02-28T22:05:00Z"),
            ("Thu, 2019/02/28 14:05:00 EDT", "2019-02-28T18:05:00Z"),
            ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"),
            ("Thu, 28 Feb 2019 02:05:00 PM", "2019-02-28T14:05:00Z"),
            ("2019-02-28T14:05:00.25+01:00", "2019-02-28T13:05:00Z"),
            ("2019-02-28 14:05:00Z", "2019-02-28T14:05:00Z"),
            ("2019-02-28T14:05Z", "2019-02-28T14:05:00Z"),
            ("20190228T140500Z", "2019-02-28T14:05:00Z"),
            ("2019-02-28T14:05:00+0100", "2019-02-28T13:05:00Z"),
            ("2019", "2019-01-01"),
            ("2019-02", "2019-02-01"),
            ("2019-059", "2019-02-28"),
            ("20190228", "2019-02-28"),
            ("28 février 2019", "2019-02-28"),
            ("Чт, 28 фев 2019 14:05:00 +0300", "2019-02-28T11:05:00Z"),
            (
                "Thu, 28 Feb 2019 14:05:00 Europe/Oslo",
                "2019-02-28T14:05:00Z",
            ),
            ("2019-02-28T24:00:00Z", "2019-02-28"),
            ("1551362700", "2019-02-28T14:05:00Z"),
            ("1551362700000", "2019-02-28T14:05:00Z"),
        ] {
            assert_eq!(of_feed(text).map(iso).as_deref(), Some(want), "{text}");
        }
        for text in [
            "",
            "soon",
            "2019-13",
            "2019-02-28T99:99:99Z",
            "99",
            "é\u{300}-2019",
            "Thu,",
        ] {
            let read = of_feed(text).map(iso);
            assert!(read.is_none_or(|it| it == "2019-02-28"), "{text}");
        }
    }
}
