//! The settings of a file: those at its top, and its lists.

use std::collections::HashMap;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    FeedOrigin, FeedSettings, Loaded, Opener, Origin, Proxy, Rule, Search, Secret, Settings,
    mend::mend,
    table::{Source, Table, Value},
    values,
};
use crate::story::{clean, query::Query};

/// All that may be set.
pub(super) const TOP: [&str; 9] = [
    "refresh", "ahead", "notify", "proxy", "ca_file", "feed", "search", "rule", "open",
];
pub(super) const FEED: [&str; 14] = [
    "url",
    "command",
    "name",
    "folder",
    "refresh",
    "user",
    "password_command",
    "password_env",
    "headers",
    "cookies",
    "proxy",
    "keep_days",
    "keep_items",
    "full_text",
];
pub(super) const SEARCH: [&str; 2] = ["name", "query"];
pub(super) const RULE: [&str; 3] = ["when", "do", "until"];
pub(super) const OPEN: [&str; 2] = ["type", "command"];

/// Bytes of the largest file that a person writes.
const LARGEST: usize = 1024 * 1024;

pub(super) fn read(bytes: &[u8], origin: &Origin<'_>) -> Loaded {
    if bytes.len() > LARGEST {
        let source = Source::new("", origin);
        source.wrong(0, "the file is too large: 1 MB is the most");
        return Loaded {
            settings: unknown_proxy(),
            errors: source.into_errors(),
        };
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // What is no UTF-8 is wrong where it stands, and nowhere else.
    let text = String::from_utf8_lossy(bytes);
    let mended = mend(&text);
    let source = Source::new(&mended.text, origin);
    if let Err(error) = std::str::from_utf8(bytes) {
        let told = "this is not UTF-8; save the file in that encoding";
        source.no_toml(&text, error.valid_up_to(), told);
    }
    for (at, problem) in &mended.errors {
        source.no_toml(&text, *at, problem);
    }
    // What is left may still say a thing twice.
    let (table, problems) = DeTable::parse_recoverable(&mended.text);
    for problem in problems {
        let at = problem.span().map_or(0, |it| it.start);
        source.no_toml(&mended.text, at, problem.message());
    }
    let span = table.span();
    let mut settings = settings(&source, table.get_ref(), span);
    if mended.lost_proxy {
        settings.proxy = Proxy::Unknown;
    }
    Loaded {
        settings,
        errors: source.into_errors(),
    }
}

fn unknown_proxy() -> Settings {
    Settings {
        proxy: Proxy::Unknown,
        ..Settings::default()
    }
}

fn settings(source: &Source<'_>, table: &DeTable<'_>, span: std::ops::Range<usize>) -> Settings {
    let top = Table::new(source, table, span, &TOP);
    let searches = searches(source, &top);
    let queries = Queries {
        source,
        kept: searches
            .iter()
            .map(|it| (it.name.clone(), it.text.clone()))
            .collect(),
    };
    let rules = each(source, &top, "rule", &RULE, |it| rule(it, &queries));
    Settings {
        refresh: top.get("refresh", values::interval).unwrap_or_default(),
        ahead: top.get("ahead", values::ahead).unwrap_or_default(),
        notify: top.get("notify", values::notify).unwrap_or_default(),
        proxy: proxy(&top),
        ca_file: top.get("ca_file", |it| values::path(it, source.origin)),
        feeds: feeds(source, &top),
        rules,
        openers: each(source, &top, "open", &OPEN, |it| {
            let media_type = it.must("type", "type = \"audio/*\"", values::media_type);
            let command = it.must("command", "command = [\"mpv\"]", values::command);
            Some(Opener {
                media_type: media_type?,
                command: command?,
            })
        }),
        searches: queries.checked(searches),
    }
}

fn proxy(table: &Table<'_, '_>) -> Proxy {
    match table.try_get("proxy", values::proxy) {
        None if table.is_missed("proxy") => Proxy::Unknown,
        None => Proxy::Inherited,
        Some(read) => read.unwrap_or(Proxy::Unknown),
    }
}

/// Reads each table of a list.
fn each<'t, T>(
    source: &Source<'_>,
    top: &Table<'_, 't>,
    key: &str,
    known: &[&str],
    entry: impl Fn(&Table<'_, 't>) -> Option<T>,
) -> Vec<T> {
    let Some(value) = top.value(key) else {
        return Vec::new();
    };
    let list: Vec<&'t Value<'t>> = match value.get_ref() {
        DeValue::Array(list) => list.iter().collect(),
        // One alone is easily written with single brackets, and means the same.
        _ => vec![value],
    };
    let mut entries = Vec::new();
    for item in list {
        let DeValue::Table(table) = item.get_ref() else {
            source.wrong(
                item.span().start,
                format!("{key}: write [[{key}]] on a line of its own, and its settings below"),
            );
            continue;
        };
        let table = Table::new(source, table, item.span(), known);
        entries.extend(entry(&table));
    }
    entries
}

fn feeds(source: &Source<'_>, top: &Table<'_, '_>) -> Vec<FeedSettings> {
    let read = each(source, top, "feed", &FEED, |it| {
        feed(source, it).map(|feed| (it.at, feed))
    });
    let mut lines = HashMap::new();
    let mut feeds: Vec<FeedSettings> = Vec::new();
    for (at, feed) in read {
        if let Some(first) = lines.insert(feed.origin.clone(), feed.line) {
            let told = format!("this feed was set on line {first} already; put both together");
            source.wrong(at, told);
            continue;
        }
        feeds.push(feed);
    }
    feeds
}

fn feed(source: &Source<'_>, table: &Table<'_, '_>) -> Option<FeedSettings> {
    let origin = match (table.has("url"), table.has("command")) {
        (true, true) => {
            table.wrong_at(
                "command",
                "a feed has a url or a command, not both; leave one out",
            );
            None
        }
        (false, true) => table
            .get("command", values::command)
            .map(FeedOrigin::Command),
        _ => table
            .must(
                "url",
                "url = \"https://…\", or command = [\"…\"]",
                values::address,
            )
            .map(FeedOrigin::Address),
    };
    if table.has("password_command") && table.has("password_env") {
        let told = "the password comes from password_command already; leave one out";
        table.wrong_at("password_env", told);
    }
    let by_command = table
        .get("password_command", values::command)
        .map(Secret::Command);
    let by_variable = table.get("password_env", values::variable);
    let user = table.get("user", values::text);
    let password = by_command.or(by_variable);
    if user.is_none() && password.is_some() && !table.has("user") {
        table.wrong("a password is set here, but no user; write user = \"…\"");
    }
    let feed = FeedSettings {
        name: table.get("name", values::text),
        folder: table.get("folder", values::folder).unwrap_or_default(),
        refresh: table.get("refresh", values::interval),
        user,
        password,
        headers: headers(source, table),
        cookies: cookies(source, table),
        proxy: proxy(table),
        keep_days: table.get("keep_days", values::number),
        keep_items: table.get("keep_items", values::number),
        full_text: table
            .get("full_text", values::yes_or_no)
            .unwrap_or_default(),
        line: source.line(table.at),
        // Last: what else is wrong is told, too.
        origin: origin?,
    };
    Some(feed)
}

/// The keys and values of a table, in the order of the file.
fn in_order<'t>(
    table: &'t DeTable<'t>,
) -> Vec<(&'t Spanned<toml::de::DeString<'t>>, &'t Value<'t>)> {
    let mut all: Vec<_> = table.iter().collect();
    all.sort_by_key(|(key, _)| key.span().start);
    all
}

fn headers(source: &Source<'_>, table: &Table<'_, '_>) -> Vec<(String, Secret)> {
    let told = "write { Name = \"value\" }";
    let read = table.get("headers", |value| {
        let table = value.get_ref().as_table().ok_or(told)?;
        let mut headers = Vec::new();
        for (name, value) in in_order(table) {
            if let Err(problem) = values::header_name(name.get_ref()) {
                source.wrong(name.span().start, format!("headers: {problem}"));
                continue;
            }
            match values::secret(source, value) {
                Ok(secret) => headers.push((name.get_ref().to_string(), secret)),
                Err(problem) => source.wrong(
                    value.span().start,
                    format!("headers: {}: {problem}", name.get_ref()),
                ),
            }
        }
        Ok(headers)
    });
    read.unwrap_or_default()
}

/// Cookies: as the header has them, or a table of names and values.
fn cookies(source: &Source<'_>, table: &Table<'_, '_>) -> Option<Secret> {
    table.get("cookies", |value| {
        let named = value.get_ref().as_table();
        // { command = […] } and { env = "…" } say where they come from.
        let is_origin = |it: &DeTable<'_>| {
            let command = it.get("command").is_some_and(|it| it.get_ref().is_array());
            it.len() == 1 && (command || it.contains_key("env"))
        };
        match named {
            Some(named) if !is_origin(named) => {
                let told = "write \"name=value; other=value\" or { name = \"value\" }";
                let mut pairs = Vec::new();
                for (name, value) in in_order(named) {
                    let name: &str = name.get_ref();
                    let value = value.get_ref().as_str().ok_or(told)?;
                    let breaks = |c: char| c.is_control() || c == ';';
                    if !values::is_token(name) || value.contains(breaks) {
                        return Err(format!("“{name}” cannot be sent as it is; {told}"));
                    }
                    pairs.push(format!("{name}={value}"));
                }
                Ok(Secret::Plain(pairs.join("; ")))
            }
            _ => values::secret(source, value),
        }
    })
}

/// The named queries, their texts not read yet: each may speak of those below it.
fn searches<'t>(source: &Source<'_>, top: &Table<'_, 't>) -> Vec<Unread<'t>> {
    let read = each(source, top, "search", &SEARCH, |it| {
        let name = it.must("name", "name = \"evening\"", |value| {
            let name = values::text(value)?;
            let bare = name.strip_prefix('@').unwrap_or(&name);
            Ok(bare.to_owned())
        });
        let query = it.must("query", "query = \"is:unread minutes:<10\"", values::query);
        Some(Unread {
            name: name.unwrap_or_default(),
            text: query?,
            value: it.value("query")?,
            at: it.at,
        })
    });
    let mut searches: Vec<Unread<'t>> = Vec::new();
    for search in read {
        match searches.iter().find(|it| it.name == search.name) {
            Some(first) if !search.name.is_empty() => {
                let first = source.line(first.at);
                source.wrong(
                    search.at,
                    format!(
                        "@{} was set on line {first} already; give this one another name",
                        search.name
                    ),
                );
            }
            _ => searches.push(search),
        }
    }
    searches
}

/// A named query whose text was not read yet.
struct Unread<'t> {
    /// Empty where its name is wrong.
    name: String,
    text: String,
    value: &'t Value<'t>,
    at: usize,
}

/// Reads queries, which may name each other.
struct Queries<'s> {
    source: &'s Source<'s>,
    /// The texts of those in this file.
    kept: HashMap<String, String>,
}

impl Queries<'_> {
    fn read(&self, key: &str, value: &Value<'_>) -> Option<(String, Query)> {
        let text = match values::query(value) {
            Ok(text) => text,
            Err(problem) => {
                let told = format!("{key}: {problem}");
                self.source.wrong(value.span().start, told);
                return None;
            }
        };
        if is_in_single_quotes(&text) {
            let told = format!(
                "{key}: words that belong together stand between \" in a query, as in '\"two words\"'; single \
                 quotes are letters there"
            );
            self.source.wrong(value.span().start, told);
            return None;
        }
        let saved = |name: &str| {
            let here = self.kept.get(name).cloned();
            here.or_else(|| (self.source.origin.saved)(name))
        };
        match Query::parse(&text, &saved) {
            Ok(query) => Some((text, query)),
            Err(error) => {
                let span = value.span();
                // Where the text stands in the file as it is, the very word can be pointed at.
                let inside = self.source.text.get(span.start + 1..);
                let same = inside.is_some_and(|it| it.starts_with(&text));
                let at = if same {
                    span.start + 1 + error.span.start
                } else {
                    span.start
                };
                self.source.wrong(at, format!("{key}: {error}"));
                None
            }
        }
    }

    fn checked(&self, searches: Vec<Unread<'_>>) -> Vec<Search> {
        let read = searches.into_iter().filter_map(|it| {
            let (text, query) = self.read("query", it.value)?;
            // Without a name it is none; what is wrong with it is told all the same.
            (!it.name.is_empty()).then(|| Search {
                name: it.name,
                text,
                query,
                line: self.source.line(it.at),
            })
        });
        read.collect()
    }
}

/// Whether single quotes stand around words, where a query would look for the very quotes.
fn is_in_single_quotes(query: &str) -> bool {
    let begins = |at: usize| {
        let before = query.get(..at).and_then(|it| it.chars().next_back());
        before.is_none_or(|c| c.is_whitespace() || matches!(c, ':' | '=' | '(' | '-'))
    };
    let ends = |at: usize| {
        let after = query.get(at + 1..).and_then(|it| it.chars().next());
        after.is_none_or(|c| c.is_whitespace() || c == ')')
    };
    let mut quotes = query.match_indices('\'').map(|(at, _)| at);
    let first = quotes.find(|at| begins(*at));
    // Between other quotes they are letters that somebody means.
    first.is_some() && quotes.any(ends) && !query.contains(['"', '/'])
}

fn rule(table: &Table<'_, '_>, queries: &Queries<'_>) -> Option<Rule> {
    let when = table
        .must("when", "when = \"source:guardian title:quiz\"", Ok)
        .and_then(|it| queries.read("when", it));
    if let Some((_, query)) = &when
        && (query.sort.is_some() || query.limit.is_some())
    {
        table.wrong_at(
            "when",
            "when: a rule takes stories as they come; leave sort: and limit: out",
        );
        return None;
    }
    let actions = table.must("do", "do = [\"read\"]", values::actions);
    // A rule whose end is unknown might hold for ever.
    let until = match table.try_get("until", values::day) {
        None => None,
        Some(day) => Some(day.ok()?),
    };
    let (text, when) = when?;
    Some(Rule {
        text: clean::line(&text),
        when,
        actions: actions?,
        until,
        line: queries.source.line(table.at),
    })
}
