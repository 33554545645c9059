//! What queries find.

use jiff::{civil::Date, tz::TimeZone};

use super::{super::*, parse};
use crate::story::Published;

/// A story as the tests need it.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    pub title: String,
    pub authors: Vec<String>,
    pub tags: Vec<String>,
    pub language: Option<String>,
    pub url: Option<String>,
    pub flags: Vec<Flag>,
    pub date: Option<Published>,
    pub minutes: Option<u32>,
    pub comments: Option<u32>,
    pub picture: bool,
}

impl Subject for Told {
    fn any_text(&self, field: TextField, is: &mut dyn FnMut(&str) -> bool) -> bool {
        match field {
            TextField::Title => is(&self.title),
            TextField::Author => self.authors.iter().any(|it| is(it)),
            TextField::Tag => self.tags.iter().any(|it| is(it)),
            TextField::Language => self.language.iter().any(|it| is(it)),
            TextField::Url => self.url.iter().any(|it| is(it)),
            TextField::Source => is("The Guardian") || is("Freedom United"),
            TextField::Category => false,
            TextField::Folder => is("news/2019"),
        }
    }

    fn is(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    fn date(&self) -> Option<Published> {
        self.date
    }

    fn number(&self, field: NumberField) -> Option<u32> {
        match field {
            NumberField::Minutes => self.minutes,
            NumberField::Words => self.minutes.map(|minutes| minutes * 230),
            NumberField::Comments => self.comments,
        }
    }

    fn has_picture(&self) -> bool {
        self.picture
    }
}

pub(super) fn today() -> Date {
    "2019-03-05".parse().unwrap()
}

pub(super) fn survivors() -> Told {
    Told {
        title: "The Survivors of Russia’s Most High-Profile Slavery Case".into(),
        authors: vec!["Jamison Liang".into(), "Zoë Élan".into()],
        tags: vec!["Russia".into()],
        language: Some("en-US".into()),
        url: Some("https://www.freedomunited.org/news/a_(b)".into()),
        flags: vec![Flag::Unread, Flag::Starred],
        date: Some(Published::Day("2019-02-28".parse().unwrap())),
        minutes: Some(3),
        comments: None,
        picture: true,
    }
}

#[test]
fn tags_and_categories_are_found_by_whole_words() {
    for (text, value, found) in [
        ("sea", "sea", true),
        ("search", "sea", false),
        ("overseas", "sea", false),
        ("north sea", "sea", true),
        ("sea-birds", "sea", true),
        ("seaside and sea", "sea", true),
        ("survivor stories", "survivor stories", true),
        ("survivor stories", "survivor stor", false),
        ("harbours", "harb*", true),
        ("old harbours", "old harb*", true),
        ("harbours", "bours*", false),
        ("flag-capital-a", "flag-a", false),
        ("c++", "c++", true),
        ("news/politics", "politics", true),
        // No space parts these words.
        ("海洋", "海", true),
        ("*", "*", true),
    ] {
        for field in [TextField::Tag, TextField::Category] {
            assert_eq!(
                field.has_value(text, value, false),
                found,
                "{text}: {value}"
            );
        }
    }
    // Parts of names are names.
    assert!(TextField::Author.has_value("jamison liang", "lia", false));
}

#[test]
fn queries_find_what_they_ask_for() {
    let story = survivors();
    for (text, found) in [
        ("", true),
        ("slav case", true),
        ("Slav", true),
        ("SLAV", false),
        ("slav zebra", false),
        ("zebra or slav", true),
        ("-zebra", true),
        ("-slav", false),
        ("\"slavery case\"", true),
        ("\"case slavery\"", false),
        ("/^the .* case$/", true),
        ("/^The .* case$/", false),
        ("title:SLAVERY", true),
        ("author:liang", true),
        ("author:elan by:zoe", true),
        ("author:=liang", false),
        ("author:=\"jamison LIANG\"", true),
        (
            "tag:rus* -tag:rus -category:x in:guardian source:freedom",
            true,
        ),
        ("folder:news", true),
        ("folder:=news", false),
        ("lang:en", true),
        ("lang:e", false),
        ("lang:en_us", true),
        ("lang:en-U", false),
        ("lang:=en", false),
        ("site:freedomunited.org url:a_(b)", true),
        ("is:unread is:starred -is:read -is:removed", true),
        ("has:author has:tags has:link has:picture has:date", true),
        ("has:category or has:comments", false),
        ("before:2019", false),
        ("before:2019-02-28", false),
        ("before:2019-03", true),
        ("after:2019-02-28", true),
        ("after:2019-03", false),
        ("date:2019-02 on:2019-02-28 date:2018..2019", true),
        ("after:7d", true),
        ("after:4d", false),
        ("until:yesterday", true),
        ("date:week", false),
        ("minutes:3 minutes:<20 words:>500", true),
        ("minutes:>3", false),
        ("comments:>=0 or comments:<5", false),
        ("-comments:>10", true),
        ("sort:oldest limit:1", true),
    ] {
        let query = parse(text);
        assert_eq!(
            query.matches(&story, today(), &TimeZone::UTC),
            found,
            "{text}"
        );
    }
}

#[test]
fn a_moment_falls_on_the_day_of_its_reader() {
    let story = Told {
        date: Some(Published::At("2019-02-28T23:30:00Z".parse().unwrap())),
        ..Told::default()
    };
    let east = TimeZone::fixed(jiff::tz::offset(1));
    let query = parse("date:2019-03-01");
    assert!(query.matches(&story, today(), &east));
    assert!(!query.matches(&story, today(), &TimeZone::UTC));
}

#[test]
fn expressions_are_looked_for_in_the_field_that_they_stand_behind() {
    let told = Told {
        title: "Re: a knot in /etc".to_owned(),
        authors: vec!["Jo Lindgren".to_owned(), "Ann".to_owned()],
        url: Some("https://example.org/2024/05/knot".to_owned()),
        ..Told::default()
    };
    let zone = TimeZone::UTC;
    for (text, found) in [
        ("title:/^re:/", true),
        ("title:/^a knot/", false),
        ("title:/a  ?knot/ author:ann", true),
        ("author:/^jo .*n$/", true),
        ("by:/^lind/", false),
        ("-author:/^ann$/", false),
        ("(author:/^a(nn|da)$/)", true),
        ("source:/^the .*n$/", true),
        // Slashes that are no signs of an expression.
        ("title:/etc", true),
        ("url:/2024/", true),
        ("url:/2.24/", false),
        ("title:\"/re/\"", false),
    ] {
        let query = parse(text);
        assert_eq!(query.matches(&told, today(), &zone), found, "{text}");
        assert_eq!(parse(&query.to_string()), query, "{query}");
    }
    assert_eq!(parse("title:/^re:/"), parse("/^re:/"));
    let wrong = Query::parse("author:/(a/", &|_| None);
    let wrong = wrong.unwrap_err().to_string();
    assert!(wrong.contains("unclosed group"), "{wrong}");
}
