//! What single settings may say. Each reader says what is wrong and what to write instead.

use std::{path::PathBuf, time::Duration};

use jiff::civil::Date;
use toml::de::DeValue;
use url::Url;

use super::{
    Ahead, Interval, Notify, Origin, Proxy, RuleAction, Secret,
    table::{Source, Table, Value},
};
use crate::story::{clean, nearest};

/// The longest time that makes sense between two refreshes: a year.
const LONGEST: u64 = 366 * 24 * 60 * 60;

/// The shortest: servers are not asked all the time.
const SHORTEST: u64 = 60;

/// A text, cleaned, that is not empty.
pub(super) fn text(value: &Value<'_>) -> Result<String, String> {
    let text = clean::line(raw(value, "a text in quotes")?);
    if text.is_empty() {
        return Err("there is nothing in the quotes; write something, or leave it out".to_owned());
    }
    Ok(text)
}

/// A query: as it stands, for what it says is told where it is read.
pub(super) fn query(value: &Value<'_>) -> Result<String, String> {
    raw(value, "a query in quotes").map(str::to_owned)
}

/// A text as it stands.
fn raw<'a>(value: &'a Value<'_>, wanted: &str) -> Result<&'a str, String> {
    let text = value.get_ref().as_str();
    text.ok_or_else(|| format!("{wanted} is wanted, not {}", kind(value)))
}

/// What a value is, in words.
pub(super) fn kind(value: &Value<'_>) -> &'static str {
    match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A number of days or stories.
pub(super) fn number(value: &Value<'_>) -> Result<u32, String> {
    let integer = value.get_ref().as_integer();
    let number = integer.and_then(|it| u32::from_str_radix(it.as_str(), it.radix()).ok());
    number.filter(|it| *it > 0).ok_or_else(|| {
        "a whole number from 1 on is wanted, without quotes; leave it out to keep everything"
            .to_owned()
    })
}

pub(super) fn interval(value: &Value<'_>) -> Result<Interval, String> {
    const EXAMPLES: &str = "write how often, as in \"30m\", \"2h\" or \"1d\", or \"never\"";
    if value.get_ref().as_bool() == Some(false) {
        return Ok(Interval::Never);
    }
    let text = value.get_ref().as_str().ok_or(EXAMPLES)?.trim();
    if ["never", "off"].contains(&text) {
        return Ok(Interval::Never);
    }
    let seconds = seconds(text).ok_or_else(|| format!("this is no time; {EXAMPLES}"))?;
    if seconds < SHORTEST {
        return Err("this is too often; a minute, \"1m\", is the least".to_owned());
    }
    if seconds > LONGEST {
        return Err("this is more than a year; write \"never\" if you mean that".to_owned());
    }
    Ok(Interval::Every(Duration::from_secs(seconds)))
}

/// The seconds of a time such as `90s`, `30m` or `1h30m`.
fn seconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut sum: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let letters = after
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let unit = match unit {
            "s" | "sec" | "second" | "seconds" => 1,
            "m" | "min" | "minute" | "minutes" => 60,
            "h" | "hour" | "hours" => 60 * 60,
            "d" | "day" | "days" => 24 * 60 * 60,
            "w" | "week" | "weeks" => 7 * 24 * 60 * 60,
            _ => return None,
        };
        sum = sum.checked_add(number.parse::<u64>().ok()?.checked_mul(unit)?)?;
        rest = after.trim_start();
    }
    (!text.is_empty()).then_some(sum)
}

/// A command: the program and its arguments.
pub(super) fn command(value: &Value<'_>) -> Result<Vec<String>, String> {
    const WANTED: &str =
        "a list of the program and its arguments is wanted, as in [\"mpv\", \"--no-video\"]";
    let list = match value.get_ref() {
        DeValue::Array(list) => list,
        DeValue::String(line) => {
            let words = shlex::split(line).unwrap_or_default();
            return Err(if words.is_empty() {
                WANTED.to_owned()
            } else {
                format!("no shell is asked; write {words:?}")
            });
        }
        _ => return Err(format!("{WANTED}, not {}", kind(value))),
    };
    let arguments: Option<Vec<String>> = list
        .iter()
        .map(|it| it.get_ref().as_str().map(str::to_owned))
        .collect();
    let arguments = arguments.ok_or("every argument stands in quotes, numbers too")?;
    match arguments.first() {
        None => Err(WANTED.to_owned()),
        Some(program) if program.trim().is_empty() => {
            Err("the program's name is empty; it stands first".to_owned())
        }
        Some(_) if arguments.iter().any(|it| it.contains('\0')) => {
            Err("an argument holds a NUL character, which no program can take".to_owned())
        }
        Some(_) => Ok(arguments),
    }
}

pub(super) fn yes_or_no(value: &Value<'_>) -> Result<bool, String> {
    match value.get_ref() {
        DeValue::Boolean(on) => Ok(*on),
        _ => Err(format!("write true or false, not {}", kind(value))),
    }
}

pub(super) fn ahead(value: &Value<'_>) -> Result<Ahead, String> {
    match value.get_ref() {
        DeValue::Boolean(true) => Ok(Ahead::Both),
        DeValue::Boolean(false) => Ok(Ahead::Nothing),
        DeValue::String(text) if text == "later" => Ok(Ahead::Later),
        DeValue::String(text) if text == "unread" => Ok(Ahead::Unread),
        _ => Err("write true, false, \"later\" or \"unread\"".to_owned()),
    }
}

pub(super) fn notify(value: &Value<'_>) -> Result<Notify, String> {
    match value.get_ref() {
        DeValue::Boolean(false) => Ok(Notify::Off),
        DeValue::Boolean(true) => Ok(Notify::Terminal),
        _ => command(value)
            .map(Notify::Command)
            .map_err(|problem| format!("true, false or a command is wanted: {problem}")),
    }
}

/// The address of something on the web.
pub(super) fn address(value: &Value<'_>) -> Result<Url, String> {
    let text = raw(value, "an address in quotes")?.trim();
    let url = Url::parse(text).map_err(|_| match text.contains("://") {
        true => "this is no address; write it as a browser shows it".to_owned(),
        false => "this is no whole address; write https:// before it".to_owned(),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!(
            "{}: addresses cannot be fetched; https: and http: can",
            url.scheme()
        ));
    }
    Ok(url)
}

pub(super) fn proxy(value: &Value<'_>) -> Result<Proxy, String> {
    const WANTED: &str = "write \"none\", or an address as in \"socks5://127.0.0.1:9050\" or \"http://proxy.example:3128\"";
    let text = value.get_ref().as_str().ok_or(WANTED)?.trim();
    if text == "none" {
        return Ok(Proxy::Direct);
    }
    let url = Url::parse(text).map_err(|_| format!("this is no proxy; {WANTED}"))?;
    let known = ["http", "https", "socks4", "socks4a", "socks5"];
    if !known.contains(&url.scheme()) || url.host_str().is_none_or(str::is_empty) {
        return Err(format!("this is no proxy that recto knows; {WANTED}"));
    }
    Ok(Proxy::Through(url))
}

/// The path of a file: relative to the folder of the settings, or in the home folder.
pub(super) fn path(value: &Value<'_>, origin: &Origin<'_>) -> Result<PathBuf, String> {
    let text = raw(value, "the path of a file in quotes")?;
    if text.is_empty() || text.contains('\0') {
        return Err("this is no path; name a file".to_owned());
    }
    if let Some(rest) = text.strip_prefix("~/") {
        let home = origin
            .home
            .ok_or("no home folder is known; write the whole path instead of ~")?;
        return Ok(home.join(rest));
    }
    let folder = origin.file.parent();
    Ok(folder.map_or_else(|| text.into(), |it| it.join(text)))
}

/// A folder and those around it: `"News/World"`, or `["News", "Either/Or"]`.
pub(super) fn folder(value: &Value<'_>) -> Result<Vec<String>, String> {
    const WANTED: &str =
        "write a folder's name, as in \"News\" or \"News/World\", or a list of names";
    let names: Vec<String> = match value.get_ref() {
        DeValue::String(path) => path.split('/').map(clean::line).collect(),
        DeValue::Array(list) => {
            let names = list.iter().map(|it| it.get_ref().as_str().map(clean::line));
            names.collect::<Option<_>>().ok_or(WANTED)?
        }
        _ => return Err(WANTED.to_owned()),
    };
    let names: Vec<String> = names.into_iter().filter(|it| !it.is_empty()).collect();
    if names.is_empty() {
        return Err(format!("there is no name in it; {WANTED}"));
    }
    Ok(names)
}

/// The name of a variable of the environment.
pub(super) fn variable(value: &Value<'_>) -> Result<Secret, String> {
    let name = raw(value, "the name of a variable in quotes")?.trim();
    let name = name.strip_prefix('$').unwrap_or(name);
    if name.is_empty() || name.contains(['=', '\0', '$', ' ']) {
        return Err("this is no variable's name; write it as in \"RECTO_PASSWORD\"".to_owned());
    }
    Ok(Secret::Environment(name.to_owned()))
}

/// A header's value: a text, or where it comes from.
pub(super) fn secret(source: &Source<'_>, value: &Value<'_>) -> Result<Secret, String> {
    const WANTED: &str =
        "write a text, { command = [\"pass\", \"show\", \"feed\"] } or { env = \"NAME\" }";
    match value.get_ref() {
        DeValue::String(text) if is_field_value(text) => Ok(Secret::Plain(text.trim().to_owned())),
        DeValue::String(_) => Err("there is a character in it that no header may have".to_owned()),
        DeValue::Table(table) => {
            let table = Table::new(source, table, value.span(), &["command", "env"]);
            let command = table
                .try_get("command", command)
                .map(|it| it.map(Secret::Command));
            let variable = table.try_get("env", variable);
            match (command, variable) {
                (Some(Ok(one)), None) | (None, Some(Ok(one))) => Ok(one),
                _ => Err(WANTED.to_owned()),
            }
        }
        _ => Err(WANTED.to_owned()),
    }
}

/// Whether a text may be a header's value (RFC 9110, 5.5).
fn is_field_value(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().all(|c| c == '\t' || !c.is_control())
}

/// Whether a text may be a header's name (RFC 9110, 5.6.2).
pub(super) fn is_token(name: &str) -> bool {
    let sign = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(sign)
}

/// Headers that are not the user's to set: they say how a message is sent, or recto says them itself.
const OWN_HEADERS: [&str; 9] = [
    "connection",
    "content-length",
    "host",
    "transfer-encoding",
    "te",
    "upgrade",
    "if-none-match",
    "if-modified-since",
    "accept-encoding",
];

/// What is wrong with a header's name.
pub(super) fn header_name(name: &str) -> Result<(), &'static str> {
    if !is_token(name) {
        return Err("this cannot be a header's name: letters, digits and hyphens can");
    }
    if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
        return Err("recto sends this header itself; leave it out");
    }
    Ok(())
}

/// A day, with quotes or without.
pub(super) fn day(value: &Value<'_>) -> Result<Date, String> {
    const WANTED: &str = "a day is wanted, as in 2026-12-31";
    let written = match value.get_ref() {
        DeValue::String(text) => text.trim().to_owned(),
        DeValue::Datetime(date) => date.to_string(),
        _ => return Err(format!("{WANTED}, not {}", kind(value))),
    };
    // Of a point in time its day is enough; a time without a day says nothing.
    let day = written.get(..10).unwrap_or(&written);
    day.parse().map_err(|_| WANTED.to_owned())
}

/// What a rule does.
pub(super) fn actions(value: &Value<'_>) -> Result<Vec<RuleAction>, String> {
    const WORDS: [&str; 6] = ["read", "star", "later", "tag:NAME", "hide", "notify"];
    const WANTED: &str = "a list is wanted, as in [\"read\", \"tag:russia\"]";
    let list = value.get_ref().as_array().ok_or(WANTED)?;
    let mut actions = Vec::new();
    for item in list {
        let word = item.get_ref().as_str().ok_or(WANTED)?.trim();
        actions.push(match word {
            "read" => RuleAction::Read,
            "star" => RuleAction::Star,
            "later" => RuleAction::Later,
            "hide" => RuleAction::Hide,
            "notify" => RuleAction::Notify,
            _ => match word.strip_prefix("tag:").map(clean::line) {
                Some(tag) if !tag.is_empty() => RuleAction::Tag(tag),
                Some(_) => {
                    return Err("tag: wants a name behind it, as in \"tag:russia\"".to_owned());
                }
                None => {
                    let meant = nearest(word, WORDS.into_iter().filter(|it| !it.contains(':')));
                    let word = clean::line(word);
                    return Err(match meant {
                        Some(meant) => format!("“{word}” cannot be done; did you mean “{meant}”?"),
                        None => format!("“{word}” cannot be done; {} can", WORDS.join(", ")),
                    });
                }
            },
        });
    }
    if actions.is_empty() {
        return Err(format!(
            "the list is empty; {} can stand in it",
            WORDS.join(", ")
        ));
    }
    Ok(actions)
}

/// A media type, or a family of them.
pub(super) fn media_type(value: &Value<'_>) -> Result<String, String> {
    const WANTED: &str =
        "a media type is wanted, as in \"audio/*\", \"application/pdf\" or \"*/*\"";
    let text = raw(value, "a media type in quotes")?
        .trim()
        .to_ascii_lowercase();
    match text.split_once('/') {
        _ if text == "*" => Ok("*/*".to_owned()),
        Some((kind, sub)) if is_token(kind) && is_token(sub) => Ok(text),
        _ => Err(WANTED.to_owned()),
    }
}
