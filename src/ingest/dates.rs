//! Dates as people, feeds and front matter write them, in a dozen languages.
//!
//! The text is cut into numbers, words and marks; every date is a short pattern of these. There
//! is no clock here, so relative dates ("yesterday") are not dates.

mod feeds;
mod tokens;
mod words;

use std::ops::Range;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::Offset;

use crate::story::Published;
pub use feeds::of_feed;
use tokens::{Kind, Token, cut, is_cjk_unit};

/// The date that the whole text is, or none. Of two readings of `03/04/2021` the month comes
/// first, as in the United States; [`parse_with`] knows better where the language is known.
pub fn parse(text: &str) -> Option<Published> {
    parse_with(text, "en")
}

/// The date that the whole text is, read as in `language` (a BCP 47 tag): `03/04/2021` is the
/// 4th of March for `en` and `en-US`, the 3rd of April for all others.
pub fn parse_with(text: &str, language: &str) -> Option<Published> {
    // Longer than any date; keeps a whole file handed over by mistake from being cut up.
    if text.len() > 200 {
        return None;
    }
    let tokens = cut(text);
    let (span, published) = scan(&tokens, month_first(language))?;
    let idle = |token: &Token| match token.kind {
        Kind::Number(..) => false,
        Kind::Mark(mark) => !matches!(mark, '$' | '%' | '€' | '?' | '!'),
        Kind::Word => {
            let word = token.lower();
            words::is_weekday(&word) || words::is_connector(&word) || words::is_year_word(&word)
        }
    };
    let around = tokens[..span.start].iter().chain(&tokens[span.end..]);
    around.into_iter().all(idle).then_some(published)
}

/// The first date inside a line, and which bytes of the line it takes.
pub fn find(text: &str) -> Option<(Range<usize>, Published)> {
    find_with(text, "en")
}

/// The first date inside a line, read as in `language`, and which bytes of the line it takes.
pub fn find_with(text: &str, language: &str) -> Option<(Range<usize>, Published)> {
    let tokens = cut(text);
    let (mut span, published) = scan(&tokens, month_first(language))?;
    // A weekday before or behind the date belongs to it.
    while let Some(before) = span.start.checked_sub(1) {
        let token = &tokens[before];
        let mark = matches!(token.kind, Kind::Mark(',' | '.')) && before > 0;
        if token.is_weekday() {
            span.start = before;
        } else if mark && tokens[before - 1].is_weekday() {
            span.start = before - 1;
        } else {
            break;
        }
    }
    let start = tokens.get(span.start)?.start;
    let end = tokens.get(span.end.checked_sub(1)?)?.end;
    Some((start..end, published))
}

/// As [`find_with`], but a time of day without a zone is not believed: what stays is the day.
/// Pages print the time of where they are made, and do not say where that is.
pub fn find_stated(text: &str, language: &str) -> Option<(Range<usize>, Published)> {
    let (range, published) = find_with(text, language)?;
    let stated = match published {
        Published::At(_) | Published::Written(_) => {
            let tokens = cut(&text[range.clone()]);
            let reader = Reader {
                tokens: &tokens,
                month_first: month_first(language),
                zones: Zones::Dropped,
            };
            (0..tokens.len())
                .find_map(|at| reader.time_and_date(at).or_else(|| reader.date(at)))
                .map_or(published, |(stated, _)| stated)
        }
        day @ Published::Day(_) => day,
    };
    Some((range, stated))
}

fn month_first(language: &str) -> bool {
    let language = language.to_ascii_lowercase();
    language == "en" || language == "en-us"
}

/// The first date among the tokens, and which tokens it takes.
fn scan(tokens: &[Token<'_>], month_first: bool) -> Option<(Range<usize>, Published)> {
    let reader = Reader {
        tokens,
        month_first,
        zones: Zones::Utc,
    };
    (0..tokens.len()).find_map(|at| {
        let (published, end) = reader.time_and_date(at).or_else(|| reader.date(at))?;
        Some((at..end, published))
    })
}

/// A time of day and what was said about its zone.
#[derive(Debug, Clone, Copy)]
struct Clock {
    hour: i8,
    minute: i8,
    second: i8,
    zone: Zoned,
}

#[derive(Debug, Clone, Copy)]
enum Zoned {
    Unsaid,
    /// Minutes east of UTC.
    East(i32),
    American(i32),
    /// A zone was named, and it is not known how far from UTC it lies.
    Unknown,
}

/// What a time without a zone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zones {
    /// A moment, in UTC.
    Utc,
    /// Not known well enough; only the day counts.
    Dropped,
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    month_first: bool,
    zones: Zones,
}

impl Reader<'_> {
    fn number(&self, at: usize) -> Option<(i32, usize)> {
        match self.tokens.get(at)?.kind {
            Kind::Number(value, digits) => Some((value, digits)),
            _ => None,
        }
    }

    fn mark(&self, at: usize) -> Option<char> {
        match self.tokens.get(at)?.kind {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    fn word(&self, at: usize) -> Option<String> {
        let token = self.tokens.get(at)?;
        (token.kind == Kind::Word).then(|| token.lower())
    }

    fn is_word(&self, at: usize, is: fn(&str) -> bool) -> bool {
        self.word(at).is_some_and(|word| is(&word))
    }

    fn spaced(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.spaced)
    }

    fn month(&self, at: usize) -> Option<i8> {
        words::month(&self.word(at)?)
    }

    fn skip_mark(&self, at: usize, marks: &[char]) -> usize {
        match self.mark(at) {
            Some(mark) if marks.contains(&mark) => at + 1,
            _ => at,
        }
    }

    fn skip_word(&self, at: usize, is: fn(&str) -> bool) -> usize {
        if self.is_word(at, is) { at + 1 } else { at }
    }

    fn year(&self, at: usize) -> Option<i32> {
        let (value, digits) = self.number(at)?;
        let clock = self.mark(at + 1) == Some(':') && !self.spaced(at + 2);
        (digits == 4 && (1000..3000).contains(&value) && !clock).then_some(value)
    }

    fn day_number(&self, at: usize) -> Option<i8> {
        let (value, digits) = self.number(at)?;
        (digits <= 2 && (1..=31).contains(&value)).then_some(value as i8)
    }

    /// A date that begins at this token, with the time behind it if there is one.
    fn date(&self, at: usize) -> Option<(Published, usize)> {
        // Not in the middle of a longer run such as 192.168.2019 or 12345-01-02.
        if at > 0
            && !self.spaced(at)
            && matches!(self.mark(at - 1), Some('.' | '/' | '-' | ':'))
            && self.number(at).is_some()
            && at > 1
            && self.number(at - 2).is_some()
        {
            return None;
        }
        if let Some(found) = self.unix_date(at) {
            return Some(found);
        }
        let (day, end) = self
            .year_first(at)
            .or_else(|| self.numeric(at))
            .or_else(|| self.day_then_month(at))
            .or_else(|| self.month_then_day(at))?;
        let end = self.skip_word(end, words::is_year_word);
        match self.clock_after(end) {
            Some((clock, end)) => Some((self.moment(day, clock), end)),
            None => Some((Published::Day(day), end)),
        }
    }

    /// `14:05, 28 February 2019`
    fn time_and_date(&self, at: usize) -> Option<(Published, usize)> {
        let (clock, mut at) = self.clock(at, false)?;
        for _ in 0..4 {
            let idle = match self.tokens.get(at)?.kind {
                Kind::Mark(mark) => matches!(mark, ',' | '|' | '·' | '-' | '–' | '—' | '•' | '.'),
                Kind::Word => {
                    let word = self.word(at)?;
                    words::month(&word).is_none()
                        && (words::is_connector(&word) || words::is_weekday(&word))
                }
                Kind::Number(..) => false,
            };
            if !idle {
                break;
            }
            at += 1;
        }
        match self.date(at)? {
            (Published::Day(day), end) => Some((self.moment(day, clock), end)),
            // It has a time of its own; the one before was about something else.
            (Published::At(_) | Published::Written(_), _) => None,
        }
    }

    /// `2019-02-28`, `2019/2/28`, `2019年2月28日`, `2019. 2. 28`, `2019. február 28`
    fn year_first(&self, at: usize) -> Option<(Date, usize)> {
        let year = self.year(at)?;
        if self.is_word(at + 1, is_cjk_unit) && self.is_word(at + 3, is_cjk_unit) {
            let day = civil(year, self.number(at + 2)?.0, self.number(at + 4)?.0)?;
            return Some((day, self.skip_word(at + 5, is_cjk_unit)));
        }
        if let Some(separator @ ('-' | '/' | '.')) = self.mark(at + 1)
            && let Some((month, 1..=2)) = self.number(at + 2)
            && self.mark(at + 3) == Some(separator)
            && let Some((day, 1..=2)) = self.number(at + 4)
        {
            return Some((civil(year, month, day)?, at + 5));
        }
        let middle = self.skip_mark(at + 1, &['.', ',', '-', '/']);
        let month = self.month(middle)?;
        let day_at = self.skip_mark(middle + 1, &['.', ',', '-', '/']);
        let day = self.day_number(day_at)?;
        Some((civil(year, i32::from(month), i32::from(day))?, day_at + 1))
    }

    /// `28.02.2019`, `28/02/2019`, `02/28/2019`, `28. 2. 2019`, `28.02.19`
    fn numeric(&self, at: usize) -> Option<(Date, usize)> {
        let (first, first_digits @ 1..=2) = self.number(at)? else {
            return None;
        };
        let separator = self.mark(at + 1)?;
        if !matches!(separator, '.' | '/' | '-') || self.mark(at + 3) != Some(separator) {
            return None;
        }
        let (second, second_digits @ 1..=2) = self.number(at + 2)? else {
            return None;
        };
        let spaced = self.spaced(at + 2) || self.spaced(at + 4);
        if spaced && separator != '.' {
            return None;
        }
        let year = match self.number(at + 4)? {
            (_, 4) => self.year(at + 4)?,
            // A year of two digits is believed only where all parts have two.
            (short, 2)
                if first_digits == 2 && second_digits == 2 && separator != '-' && !spaced =>
            {
                short + if short < 70 { 2000 } else { 1900 }
            }
            _ => return None,
        };
        if self.mark(at + 5) == Some(separator)
            && self.number(at + 6).is_some()
            && !self.spaced(at + 6)
        {
            return None;
        }
        let day_first = match (first > 12, second > 12) {
            (true, _) => true,
            (_, true) => false,
            _ => separator != '/' || !self.month_first,
        };
        let (day, month) = if day_first {
            (first, second)
        } else {
            (second, first)
        };
        Some((civil(year, month, day)?, at + 5))
    }

    /// `28 February 2019`, `28th of February, 2019`, `28. Februar 2019`, `28 de febrero de 2019`
    fn day_then_month(&self, at: usize) -> Option<(Date, usize)> {
        let day = self.day_number(at)?;
        let mut next = at + 1;
        if !self.spaced(next) {
            next = self.skip_word(next, words::is_ordinal);
            next = self.skip_mark(next, &['º', '°', 'ª']);
        }
        next = self.skip_mark(next, &['.', '-', '/', ',']);
        next = self.skip_word(next, words::is_of);
        next = self.skip_mark(next, &['\'', '’']);
        let month = self.month(next)?;
        next = self.skip_mark(next + 1, &['.', '-', '/']);
        next = self.skip_mark(next, &[',']);
        next = self.skip_word(next, words::is_of);
        let year = match self.year(next) {
            Some(year) => year,
            // 28-Feb-19
            None => match self.number(next)? {
                (short, 2) if self.mark(next - 1) == Some('-') => {
                    short + if short < 70 { 2000 } else { 1900 }
                }
                _ => return None,
            },
        };
        Some((civil(year, i32::from(month), i32::from(day))?, next + 1))
    }

    /// `February 28, 2019`, `Feb. 28th 2019`
    fn month_then_day(&self, at: usize) -> Option<(Date, usize)> {
        let month = self.month(at)?;
        let day_at = self.skip_mark(at + 1, &['.', '-']);
        let day = self.day_number(day_at)?;
        let mut next = day_at + 1;
        if !self.spaced(next) {
            next = self.skip_word(next, words::is_ordinal);
        }
        next = self.skip_mark(next, &[',', '.', '-', '،']);
        next = self.skip_word(next, words::is_of);
        let year = self.year(next)?;
        Some((civil(year, i32::from(month), i32::from(day))?, next + 1))
    }

    /// `Feb 28 14:05:00 UTC 2019`, as the `date` command writes it.
    fn unix_date(&self, at: usize) -> Option<(Published, usize)> {
        let month = self.month(at)?;
        let day = self.day_number(at + 1)?;
        let (clock, end) = self.clock(at + 2, false)?;
        let year = self.year(end)?;
        let day = civil(year, i32::from(month), i32::from(day))?;
        Some((self.moment(day, clock), end + 1))
    }

    /// The time behind a date, with what may stand between them.
    fn clock_after(&self, at: usize) -> Option<(Clock, usize)> {
        for next in at..at + 6 {
            if let Some(found) = self.clock(next, true) {
                return Some(found);
            }
            let idle = match self.tokens.get(next)?.kind {
                Kind::Mark(mark) => {
                    matches!(
                        mark,
                        ',' | '|' | '·' | '-' | '–' | '—' | '•' | '.' | '@' | '(' | '/'
                    )
                }
                Kind::Word => self.is_word(next, words::is_connector),
                Kind::Number(..) => false,
            };
            if !idle {
                return None;
            }
        }
        None
    }

    /// A time of day that begins here. `dated`: a date stands before it, so that `14.05` is one.
    fn clock(&self, at: usize, dated: bool) -> Option<(Clock, usize)> {
        let (hour, 1..=2) = self.number(at)? else {
            return None;
        };
        let two = |at: usize| match self.number(at) {
            Some((value @ 0..=59, 2)) if !self.spaced(at) => Some(value),
            _ => None,
        };
        let (mut minute, mut second, mut next, mut sure) = (0, 0, at + 1, false);
        match self.mark(next) {
            Some(':') if two(next + 1).is_some() => {
                minute = two(next + 1)?;
                next += 2;
                sure = true;
                if self.mark(next) == Some(':')
                    && let Some(value) = two(next + 1)
                {
                    second = value;
                    next += 2;
                    if matches!(self.mark(next), Some('.' | ','))
                        && self.number(next + 1).is_some()
                        && !self.spaced(next + 1)
                    {
                        next += 2;
                    }
                }
            }
            Some('.') if two(next + 1).is_some() => {
                minute = two(next + 1)?;
                next += 2;
                sure = dated && self.mark(next) != Some('.');
            }
            _ => {}
        }
        let mut hour = hour;
        match self.word(next).as_deref() {
            Some("h" | "u") if !sure => {
                next += 1;
                sure = true;
                if let Some((value @ 0..=59, 2)) = self.number(next) {
                    minute = value;
                    next = self.skip_word(next + 1, |word| word == "min" || word == "m");
                }
            }
            Some("h" | "uhr" | "uur" | "hrs" | "hs" | "hours" | "klo") => {
                next += 1;
                sure = true;
            }
            Some(half @ ("am" | "pm" | "a" | "p")) => {
                let dotted = half.len() == 1;
                let mut end = next + 1;
                if dotted {
                    let m = self.skip_mark(end, &['.']);
                    if self.word(m).as_deref() == Some("m") {
                        end = self.skip_mark(m + 1, &['.']);
                    } else {
                        end = next;
                    }
                } else if self.mark(end) == Some('.') && !self.spaced(end) {
                    // "2 pm." ends a sentence or an abbreviation; neither needs the full stop.
                    end += 1;
                }
                if end > next && (1..=12).contains(&hour) {
                    hour = hour % 12 + if half.starts_with('p') { 12 } else { 0 };
                    next = end;
                    sure = true;
                }
            }
            _ => {}
        }
        if !sure || hour > 23 || self.mark(next) == Some('%') {
            return None;
        }
        let (zone, next) = self.zone(next);
        let clock = Clock {
            hour: hour as i8,
            minute: minute as i8,
            second: second as i8,
            zone,
        };
        Some((clock, next))
    }

    /// What is said about the zone behind a time.
    fn zone(&self, at: usize) -> (Zoned, usize) {
        let open = self.skip_mark(at, &['(']);
        let close = |end: usize| {
            if open > at {
                self.skip_mark(end, &[')'])
            } else {
                end
            }
        };
        if let Some((minutes, end)) = self.offset(open, false) {
            return (Zoned::East(minutes), close(end));
        }
        let Some(token) = self
            .tokens
            .get(open)
            .filter(|token| token.kind == Kind::Word)
        else {
            return (Zoned::Unsaid, at);
        };
        match words::zone(token.text) {
            Some(words::Zone::Fixed(minutes)) => {
                if minutes == 0
                    && let Some((minutes, end)) = self.offset(open + 1, true)
                {
                    return (Zoned::East(minutes), close(end));
                }
                (Zoned::East(minutes), close(open + 1))
            }
            Some(words::Zone::American(minutes)) => (Zoned::American(minutes), close(open + 1)),
            None => {
                let named = (3..=4).contains(&token.text.len())
                    && token.text.ends_with('T')
                    && token.text.chars().all(|c| c.is_ascii_uppercase());
                if named {
                    (Zoned::Unknown, close(open + 1))
                } else {
                    (Zoned::Unsaid, at)
                }
            }
        }
    }

    /// `+01:00`, `-0500`; behind the name of a zone also `+1`.
    fn offset(&self, at: usize, named: bool) -> Option<(i32, usize)> {
        let sign = match self.mark(at)? {
            '+' => 1,
            '-' | '−' => -1,
            _ => return None,
        };
        if self.spaced(at + 1) {
            return None;
        }
        let (minutes, end) = match self.number(at + 1)? {
            (value, 4) => (value / 100 * 60 + value % 100, at + 2),
            (hours, digits) if digits == 2 || named => {
                if self.mark(at + 2) == Some(':')
                    && let Some((minutes, 2)) = self.number(at + 3)
                {
                    (hours.checked_mul(60)? + minutes, at + 4)
                } else if named || sign == 1 {
                    (hours.checked_mul(60)?, at + 2)
                } else {
                    return None;
                }
            }
            _ => return None,
        };
        (minutes <= 14 * 60).then_some((sign * minutes, end))
    }

    fn moment(&self, day: Date, clock: Clock) -> Published {
        let minutes = match clock.zone {
            Zoned::Unsaid if self.zones == Zones::Utc => {
                let time = jiff::civil::Time::new(clock.hour, clock.minute, clock.second, 0);
                return time.map_or(Published::Day(day), |time| {
                    Published::Written(DateTime::from_parts(day, time))
                });
            }
            Zoned::East(minutes) => minutes,
            Zoned::American(winter) => winter + if american_summer(day) { 60 } else { 0 },
            Zoned::Unsaid | Zoned::Unknown => return Published::Day(day),
        };
        let at = || -> Option<Published> {
            let time = jiff::civil::Time::new(clock.hour, clock.minute, clock.second, 0).ok()?;
            let offset = Offset::from_seconds(minutes * 60).ok()?;
            let at = offset.to_timestamp(DateTime::from_parts(day, time)).ok()?;
            Some(Published::At(at))
        };
        at().unwrap_or(Published::Day(day))
    }
}

fn civil(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    )
    .ok()
}

/// Whether clocks in the United States are put forward on this day: from the second Sunday of
/// March to the first of November.
fn american_summer(day: Date) -> bool {
    let sunday = |month: i8, nth: i8| {
        Date::new(day.year(), month, 1)
            .and_then(|first| first.nth_weekday_of_month(nth, Weekday::Sunday))
            .ok()
    };
    match (sunday(3, 2), sunday(11, 1)) {
        (Some(start), Some(end)) => start <= day && day < end,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
