//! newsboat's filter language: `unread = "yes" and (title =~ "rope" or age between 0:7)`.

use crate::story::clean;

/// Groups within each other, and the conditions of a filter.
const DEEPEST: usize = 40;
const MOST: usize = 500;

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Is(Condition),
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub attribute: String,
    pub operator: Operator,
    pub value: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Unequal,
    Matches,
    MatchesNot,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    Between,
    Contains,
    ContainsNot,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    Range(i64, i64),
}

/// The longest signs first.
const OPERATORS: [(&str, Operator); 12] = [
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    ("=~", Operator::Matches),
    ("!~", Operator::MatchesNot),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("!#", Operator::ContainsNot),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("#", Operator::Contains),
    ("between", Operator::Between),
];

/// Reads a filter.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn parse(text: &str) -> Result<Filter, String> {
    let mut parser = Parser {
        rest: text.trim_start(),
        count: 0,
    };
    let filter = parser.filter(0)?;
    if !parser.rest.is_empty() {
        return Err(parser.wanted("“and” or “or”"));
    }
    Ok(filter)
}

struct Parser<'a> {
    rest: &'a str,
    count: usize,
}

impl<'a> Parser<'a> {
    /// What follows binds all alike, and to the right: `a and b or c` is `a and (b or c)`.
    fn filter(&mut self, depth: usize) -> Result<Filter, String> {
        let mut parts = vec![self.part(depth)?];
        let mut joints = Vec::new();
        loop {
            if self.word("and") {
                joints.push(true);
            } else if self.word("or") {
                joints.push(false);
            } else {
                break;
            }
            parts.push(self.part(depth)?);
        }
        let mut filter = parts.pop().ok_or("the filter is empty")?;
        while let (Some(left), Some(and)) = (parts.pop(), joints.pop()) {
            let (left, right) = (Box::new(left), Box::new(filter));
            filter = match and {
                true => Filter::And(left, right),
                false => Filter::Or(left, right),
            };
        }
        Ok(filter)
    }

    fn part(&mut self, depth: usize) -> Result<Filter, String> {
        if !self.sign("(") {
            return self.condition().map(Filter::Is);
        }
        if depth >= DEEPEST {
            return Err("its parentheses lie too deep in each other".to_owned());
        }
        let filter = self.filter(depth + 1)?;
        match self.sign(")") {
            true => Ok(filter),
            false => Err(self.wanted("a closing parenthesis")),
        }
    }

    fn condition(&mut self) -> Result<Condition, String> {
        self.count += 1;
        if self.count > MOST {
            return Err(format!("it is too long: {MOST} conditions are the most"));
        }
        let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let attribute = self.take(name);
        if attribute.is_empty() {
            return Err(self.wanted("an attribute, as in unread or title"));
        }
        let attribute = attribute.to_owned();
        let found = OPERATORS.iter().find(|(sign, _)| self.sign(sign));
        let Some((_, operator)) = found else {
            return Err(self.wanted("a comparison, as in = or =~"));
        };
        Ok(Condition {
            attribute,
            operator: *operator,
            value: self.value()?,
        })
    }

    fn value(&mut self) -> Result<Value, String> {
        if let Some(quoted) = self.rest.strip_prefix('"') {
            let mut text = String::new();
            let mut chars = quoted.chars();
            loop {
                match chars.next() {
                    None => return Err("a quotation mark in it is not closed".to_owned()),
                    Some('"') => break,
                    Some('\\') => match chars.next() {
                        Some(c @ ('"' | '\\')) => text.push(c),
                        // A regular expression needs its own.
                        Some(c) => text.extend(['\\', c]),
                        None => {}
                    },
                    Some(c) => text.push(c),
                }
            }
            self.rest = chars.as_str().trim_start();
            return Ok(Value::Text(text));
        }
        let number = |text: &str| text.parse::<i64>().ok();
        let written = self.take(|c| c.is_ascii_digit() || matches!(c, '-' | ':'));
        let value = match written.split_once(':') {
            Some((low, high)) => match (number(low), number(high)) {
                (Some(low), Some(high)) => Some(Value::Range(low.min(high), low.max(high))),
                _ => None,
            },
            None => number(written).map(Value::Number),
        };
        value.ok_or_else(|| self.wanted("a value in quotes or a number"))
    }

    /// Takes what consists of such characters, and the white space behind it.
    fn take(&mut self, is: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !is(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        taken
    }

    fn sign(&mut self, sign: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(sign) else {
            return false;
        };
        self.rest = rest.trim_start();
        true
    }

    /// A word that nothing else goes on with.
    fn word(&mut self, word: &str) -> bool {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        self.rest.strip_prefix(word).is_some_and(ends) && self.sign(word)
    }

    fn wanted(&self, what: &str) -> String {
        let found: String = self.rest.chars().take(20).collect();
        match clean::line(&found).as_str() {
            "" => format!("its filter ends where {what} is wanted"),
            found => format!("in its filter, {what} is wanted at “{found}”"),
        }
    }
}
