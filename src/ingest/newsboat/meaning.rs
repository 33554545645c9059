//! What a filter means in recto's language of queries.

use regex::RegexBuilder;

use super::{
    Feed,
    filter::{Condition, Filter, Operator, Value},
    flag_tag,
};
use crate::story::{
    clean, link,
    query::{Dates, Expr, Flag, Pattern, Query, TextField, Unit, When},
};

/// The most days that a query counts back.
const MOST_DAYS: i64 = 9999;

/// Bytes that the program of a regular expression may take.
const LARGEST: usize = 1 << 20;

/// What a condition comes to.
enum Meaning {
    /// It holds for every story.
    Always,
    /// It holds for none.
    Never,
    Is(Expr),
}

/// The query that finds what a filter finds.
///
/// # Errors
/// What in it has no counterpart, and what can be done.
pub(super) fn query(filter: &Filter, feeds: &[Feed]) -> Result<String, String> {
    let expr = match meaning(filter, feeds)? {
        Meaning::Is(expr) => expr,
        Meaning::Always => Expr::All,
        Meaning::Never => return Err("no story can ever be in it".to_owned()),
    };
    let query = Query {
        expr,
        ..Query::default()
    };
    let text = match query.to_string() {
        // Nothing finds everything, and a name is kept for something.
        text if text.is_empty() => "is:unread or is:read".to_owned(),
        text => text,
    };
    match Query::parse(&text, &|_| None) {
        Ok(_) => Ok(text),
        Err(error) => Err(format!("its query cannot be kept: {error}")),
    }
}

fn meaning(filter: &Filter, feeds: &[Feed]) -> Result<Meaning, String> {
    Ok(match filter {
        Filter::Is(condition) => condition_of(condition, feeds)?,
        Filter::And(left, right) => match (meaning(left, feeds)?, meaning(right, feeds)?) {
            (Meaning::Never, _) | (_, Meaning::Never) => Meaning::Never,
            (Meaning::Always, other) | (other, Meaning::Always) => other,
            (Meaning::Is(left), Meaning::Is(right)) => Meaning::Is(Expr::and([left, right])),
        },
        Filter::Or(left, right) => match (meaning(left, feeds)?, meaning(right, feeds)?) {
            (Meaning::Always, _) | (_, Meaning::Always) => Meaning::Always,
            (Meaning::Never, other) | (other, Meaning::Never) => other,
            (Meaning::Is(left), Meaning::Is(right)) => Meaning::Is(Expr::or([left, right])),
        },
    })
}

fn condition_of(condition: &Condition, feeds: &[Feed]) -> Result<Meaning, String> {
    match condition.attribute.as_str() {
        "unread" => unread(condition),
        "age" => age(condition),
        "title" => title(condition),
        "author" => text(condition, TextField::Author),
        "link" => text(condition, TextField::Url),
        "flags" => flags(condition),
        "feedtitle" => match text(condition, TextField::Source) {
            Err(_) => of_feeds(condition, feeds),
            said => said,
        },
        "rssurl" | "tags" => of_feeds(condition, feeds),
        "content" | "description" => Err(format!(
            "{} is asked for: recto search finds words in texts, a query that is kept does not",
            condition.attribute
        )),
        other => Err(format!(
            "{} is asked for, which recto does not know of a story",
            clean::line(other)
        )),
    }
}

fn negated(meaning: Meaning) -> Meaning {
    match meaning {
        Meaning::Always => Meaning::Never,
        Meaning::Never => Meaning::Always,
        Meaning::Is(Expr::Not(expr)) => Meaning::Is(*expr),
        Meaning::Is(expr) => expr.negated().map_or(Meaning::Never, Meaning::Is),
    }
}

/// The operator without its negation, and whether it had one.
fn positive(operator: Operator) -> (Operator, bool) {
    match operator {
        Operator::Unequal => (Operator::Equal, true),
        Operator::MatchesNot => (Operator::Matches, true),
        Operator::ContainsNot => (Operator::Contains, true),
        other => (other, false),
    }
}

/// Whether an attribute of this value satisfies a condition on texts.
fn holds(condition: &Condition, attribute: &str) -> Result<bool, String> {
    let wanted = as_text(condition)?;
    let (operator, negated) = positive(condition.operator);
    let holds = match operator {
        Operator::Equal => attribute == wanted,
        Operator::Contains => attribute.split(' ').any(|it| it == wanted),
        Operator::Matches => {
            let regex = RegexBuilder::new(&wanted)
                .case_insensitive(true)
                .size_limit(LARGEST)
                .build();
            let regex = regex.map_err(|_| no_expression(&wanted))?;
            regex.is_match(attribute)
        }
        _ => return Err(no_order(condition)),
    };
    Ok(holds != negated)
}

fn as_text(condition: &Condition) -> Result<String, String> {
    match &condition.value {
        Value::Text(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Range(..) => Err(format!(
            "{} is no number, and lies in no range",
            condition.attribute
        )),
    }
}

fn no_order(condition: &Condition) -> String {
    format!(
        "{} is no number, and nothing is less or greater",
        condition.attribute
    )
}

fn no_expression(text: &str) -> String {
    format!(
        "“{}” is no regular expression that recto knows",
        clean::line(text)
    )
}

fn unread(condition: &Condition) -> Result<Meaning, String> {
    Ok(match (holds(condition, "yes")?, holds(condition, "no")?) {
        (true, true) => Meaning::Always,
        (true, false) => Meaning::Is(Expr::Is(Flag::Unread)),
        (false, true) => Meaning::Is(Expr::Is(Flag::Read)),
        (false, false) => Meaning::Never,
    })
}

/// Days since a story was published.
fn age(condition: &Condition) -> Result<Meaning, String> {
    let number = match &condition.value {
        Value::Number(number) => *number,
        Value::Text(text) => text
            .trim()
            .parse()
            .map_err(|_| "age is compared with something that is no number".to_owned())?,
        Value::Range(low, high) if condition.operator == Operator::Between => {
            let low = (*low).clamp(0, MOST_DAYS + 2);
            return Ok(both(older(low - 1), newer(*high)));
        }
        Value::Range(..) => return Err("a range goes with between alone".to_owned()),
    };
    let number = number.clamp(-1, MOST_DAYS + 1);
    Ok(match condition.operator {
        Operator::Less => newer(number - 1),
        Operator::LessOrEqual => newer(number),
        Operator::Greater => older(number),
        Operator::GreaterOrEqual => older(number - 1),
        Operator::Equal => both(older(number - 1), newer(number)),
        Operator::Unequal => negated(both(older(number - 1), newer(number))),
        _ => return Err("age is a number of days, and that comparison is one of texts".to_owned()),
    })
}

/// At most so many days old.
fn newer(days: i64) -> Meaning {
    match days {
        ..0 => Meaning::Never,
        // A query counts back no further, and hardly anything is older.
        days if days > MOST_DAYS => Meaning::Always,
        days => Meaning::Is(Expr::Date(Dates::After(ago(days)))),
    }
}

/// More than so many days old.
fn older(days: i64) -> Meaning {
    match days {
        ..0 => Meaning::Always,
        days if days > MOST_DAYS => Meaning::Never,
        days => Meaning::Is(Expr::Date(Dates::Before(ago(days)))),
    }
}

fn ago(days: i64) -> When {
    match u16::try_from(days) {
        Ok(0) | Err(_) => When::Today,
        Ok(days) => When::Last(days, Unit::Day),
    }
}

fn both(left: Meaning, right: Meaning) -> Meaning {
    match (left, right) {
        (Meaning::Never, _) | (_, Meaning::Never) => Meaning::Never,
        (Meaning::Always, other) | (other, Meaning::Always) => other,
        (Meaning::Is(left), Meaning::Is(right)) => Meaning::Is(Expr::and([left, right])),
    }
}

/// Titles: recto knows regular expressions there.
fn title(condition: &Condition) -> Result<Meaning, String> {
    let (operator, not) = positive(condition.operator);
    let wanted = as_text(condition)?;
    let expression = match operator {
        Operator::Matches if literal(&wanted).is_none() => case_ignored(&wanted),
        // One of the words that spaces part.
        Operator::Contains => format!("(^| ){}( |$)", regex::escape(&wanted)),
        _ => return text(condition, TextField::Title),
    };
    let pattern = Pattern::new(&expression).map_err(|_| no_expression(&wanted))?;
    let is = Meaning::Is(Expr::Regex(TextField::Title, pattern));
    Ok(if not { negated(is) } else { is })
}

/// newsboat's expressions take capitals for small letters; recto's do where they have none.
fn case_ignored(expression: &str) -> String {
    match expression.chars().any(char::is_uppercase) {
        true => format!("(?i){expression}"),
        false => expression.to_owned(),
    }
}

/// A field that has a text in it, or one of several, or is it.
fn text(condition: &Condition, field: TextField) -> Result<Meaning, String> {
    let (operator, not) = positive(condition.operator);
    let wanted = as_text(condition)?;
    let one = |value: String, whole| Expr::Text {
        field,
        value,
        whole,
    };
    let is = match operator {
        Operator::Equal if wanted.trim().is_empty() => {
            return Err(format!("{} is compared with nothing", condition.attribute));
        }
        Operator::Equal => Meaning::Is(one(clean::line(&wanted), true)),
        Operator::Matches => {
            let parts: Option<Vec<(String, bool)>> = alternatives(&wanted).map(literal).collect();
            let parts = parts.ok_or_else(|| {
                format!(
                    "{} is matched with a regular expression (“{}”), which recto knows for titles alone",
                    condition.attribute,
                    clean::line(&wanted)
                )
            })?;
            // An empty one is in every text.
            match parts.iter().any(|(text, _)| text.trim().is_empty()) {
                true => Meaning::Always,
                false => Meaning::Is(Expr::or(
                    parts.into_iter().map(|(text, whole)| one(text, whole)),
                )),
            }
        }
        Operator::Contains => {
            return Err(format!(
                "{} # asks for a word between spaces, which recto cannot; =~ it can",
                condition.attribute
            ));
        }
        _ => return Err(no_order(condition)),
    };
    Ok(if not { negated(is) } else { is })
}

/// `a|b`, or `(a|b)`, as its sides. What has parentheses within is left whole, and is no plain text.
fn alternatives(expression: &str) -> std::str::Split<'_, char> {
    let inner = expression
        .strip_prefix('(')
        .and_then(|it| it.strip_suffix(')'));
    let inner = inner.filter(|it| !it.contains(['(', ')']));
    inner.unwrap_or(expression).split('|')
}

/// The text that an expression is, if it is one, and whether it stands for the whole (`^text$`).
fn literal(expression: &str) -> Option<(String, bool)> {
    let start = expression.strip_prefix('^');
    let inner = start.unwrap_or(expression);
    let end = inner.strip_suffix('$').filter(|it| !it.ends_with('\\'));
    let whole = match (start, end) {
        (Some(_), Some(_)) => true,
        (None, None) => false,
        // At one end alone: there is no such condition.
        _ => return None,
    };
    // Dots and stars at the ends match anything, as nothing does.
    let inner = end.unwrap_or(inner);
    let inner = match whole {
        true => inner,
        false => {
            let inner = inner.strip_prefix(".*").unwrap_or(inner);
            inner.strip_suffix(".*").unwrap_or(inner)
        }
    };
    let mut text = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c) if !c.is_alphanumeric() && !matches!(c, '<' | '>') => text.push(c),
                _ => return None,
            },
            '.' | '*' | '+' | '?' | '[' | ']' | '{' | '}' | '(' | ')' | '|' | '^' | '$' => {
                return None;
            }
            c => text.push(c),
        }
    }
    Some((text, whole))
}

/// Flags came in as tags.
fn flags(condition: &Condition) -> Result<Meaning, String> {
    let (operator, not) = positive(condition.operator);
    let wanted = as_text(condition)?;
    let tag = |value: String, whole| Expr::Text {
        field: TextField::Tag,
        value,
        whole,
    };
    let letters: Option<Vec<String>> = wanted.chars().map(flag_tag).collect();
    let is = match (operator, letters) {
        (Operator::Equal, _) if wanted.is_empty() => {
            negated(Meaning::Is(tag("flag-".to_owned(), false)))
        }
        (Operator::Matches, _) if matches!(wanted.as_str(), "." | ".+") => {
            Meaning::Is(tag("flag-".to_owned(), false))
        }
        (Operator::Matches, Some(_)) if !wanted.is_empty() => {
            // Whatever the letter's case.
            let either = |c: char| {
                let cases = [c.to_ascii_lowercase(), c.to_ascii_uppercase()];
                let tags = cases.into_iter().filter_map(flag_tag);
                Expr::or(tags.map(|it| tag(it, true)).collect::<Vec<_>>())
            };
            Meaning::Is(Expr::and(wanted.chars().map(either).collect::<Vec<_>>()))
        }
        (Operator::Equal | Operator::Contains, Some(tags)) if !tags.is_empty() => {
            Meaning::Is(Expr::and(tags.into_iter().map(|it| tag(it, true))))
        }
        _ => {
            return Err(format!(
                "flags are compared with “{}”; letters alone can be",
                clean::line(&wanted)
            ));
        }
    };
    Ok(if not { negated(is) } else { is })
}

/// A condition on the feed of a story: it is asked of the feeds in the file, and those for which it holds
/// are told by their addresses, or by their folder where that comes to the same.
fn of_feeds(condition: &Condition, feeds: &[Feed]) -> Result<Meaning, String> {
    let untitled = feeds.iter().find(|it| it.subscription.title.is_empty());
    if let Some(feed) = untitled
        && condition.attribute == "feedtitle"
    {
        return Err(title_unknown(condition, feed));
    }
    let mut those = Vec::new();
    for feed in feeds {
        let attribute = match condition.attribute.as_str() {
            "tags" => feed.tags.join(" "),
            "rssurl" => feed.subscription.url.clone(),
            _ => feed.subscription.title.clone(),
        };
        if holds(condition, &attribute)? {
            those.push(feed);
        }
    }
    if those.is_empty() {
        return Ok(Meaning::Never);
    }
    if those.len() == feeds.len() {
        return Ok(Meaning::Always);
    }
    let of = |field, value: &str| Expr::Text {
        field,
        value: value.to_owned(),
        whole: true,
    };
    // The folder with all of these and no others.
    let folder = those.first().and_then(|it| it.subscription.folder.first());
    if let Some(folder) = folder
        && those
            .iter()
            .all(|it| it.subscription.folder.first() == Some(folder))
        && those.len()
            == feeds
                .iter()
                .filter(|it| it.subscription.folder.first() == Some(folder))
                .count()
    {
        return Ok(Meaning::Is(of(TextField::Folder, folder)));
    }
    Ok(Meaning::Is(any_of(&those)))
}

/// The query for the stories of these feeds.
pub(super) fn of_these(feeds: Vec<&Feed>) -> String {
    let query = Query {
        expr: any_of(&feeds),
        ..Query::default()
    };
    query.to_string()
}

/// Each feed is told by its address: its title is another one as soon as the publisher or the reader says so, and
/// may be that of another feed. A password in it would show wherever queries do.
fn any_of(feeds: &[&Feed]) -> Expr {
    Expr::or(feeds.iter().map(|feed| Expr::Text {
        field: TextField::Source,
        value: link::shown(&feed.subscription.url).into_owned(),
        whole: true,
    }))
}

fn title_unknown(condition: &Condition, feed: &Feed) -> String {
    format!(
        "{} leads to the feed on line {}, whose title is not known; give it one (\"~Title\") or import \
         cache.db too",
        condition.attribute, feed.line
    )
}
