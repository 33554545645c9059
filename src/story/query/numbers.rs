//! Numbers in queries: `<20`, `>=5`, `5..20`.

use std::fmt;

use super::error::Problem;

/// Numbers from the least to the greatest, both among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Numbers {
    /// The least.
    pub least: u32,
    /// The greatest; none if there is no end.
    pub greatest: Option<u32>,
}

impl Numbers {
    /// The numbers that `value` names. `term` and `example` are for what is said when it names
    /// none: the field with its value, and one that is right.
    pub(super) fn parse(value: &str, term: &str, example: &'static str) -> Result<Self, Problem> {
        let number = |digits: &str| match digits.parse::<u32>() {
            Ok(number) if !digits.starts_with('+') => Ok(number),
            _ => Err(Problem::NumberWanted {
                term: term.to_owned(),
                example,
            }),
        };
        let nothing = || Problem::EmptyRange {
            term: term.to_owned(),
        };
        let (least, greatest) = if let Some(limit) = value.strip_prefix("<=") {
            (0, Some(number(limit)?))
        } else if let Some(limit) = value.strip_prefix(">=") {
            (number(limit)?, None)
        } else if let Some(limit) = value.strip_prefix('<') {
            (0, Some(number(limit)?.checked_sub(1).ok_or_else(nothing)?))
        } else if let Some(limit) = value.strip_prefix('>') {
            (number(limit)?.checked_add(1).ok_or_else(nothing)?, None)
        } else {
            let value = value.strip_prefix('=').unwrap_or(value);
            match value.split_once("..") {
                Some((from, "")) => (number(from)?, None),
                Some(("", to)) => (0, Some(number(to)?)),
                Some((from, to)) => (number(from)?, Some(number(to)?)),
                None => (number(value)?, Some(number(value)?)),
            }
        };
        if greatest.is_some_and(|greatest| greatest < least) {
            return Err(nothing());
        }
        Ok(Numbers { least, greatest })
    }

    /// Whether `number` is one of them.
    pub fn contains(self, number: u32) -> bool {
        self.least <= number && self.greatest.is_none_or(|greatest| number <= greatest)
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.greatest) {
            (least, None) => write!(f, ">={least}"),
            (least, Some(greatest)) if least == greatest => write!(f, "{least}"),
            (0, Some(greatest)) => write!(f, "<={greatest}"),
            (least, Some(greatest)) => write!(f, "{least}..{greatest}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Result<Numbers, Problem> {
        Numbers::parse(value, &format!("minutes:{value}"), "minutes:<20")
    }

    #[test]
    fn ranges() {
        for (value, least, greatest) in [
            ("5", 5, Some(5)),
            ("=5", 5, Some(5)),
            ("<20", 0, Some(19)),
            ("<=20", 0, Some(20)),
            (">5", 6, None),
            (">=5", 5, None),
            ("5..20", 5, Some(20)),
            ("5..", 5, None),
            ("..20", 0, Some(20)),
            ("<1", 0, Some(0)),
            (">=0", 0, None),
        ] {
            let numbers = parse(value).unwrap();
            assert_eq!(numbers, Numbers { least, greatest }, "{value}");
            assert_eq!(parse(&numbers.to_string()), Ok(numbers), "{value}");
        }
    }

    #[test]
    fn what_is_no_number_or_no_range_is_said() {
        for (value, said) in [
            ("abc", "minutes:abc: a number is wanted, as in minutes:<20"),
            ("<", "minutes:<: a number is wanted, as in minutes:<20"),
            ("..", "minutes:..: a number is wanted, as in minutes:<20"),
            ("+5", "minutes:+5: a number is wanted, as in minutes:<20"),
            (
                "99999999999",
                "minutes:99999999999: a number is wanted, as in minutes:<20",
            ),
            ("<0", "minutes:<0: nothing lies in that range"),
            ("20..5", "minutes:20..5: nothing lies in that range"),
            (
                ">4294967295",
                "minutes:>4294967295: nothing lies in that range",
            ),
        ] {
            assert_eq!(parse(value).unwrap_err().to_string(), said);
        }
    }
}
