//! Laws of the language, tried on queries and texts made up at random.

use jiff::{civil::Date, tz::TimeZone};
use proptest::{prelude::*, test_runner::FileFailurePersistence};

use super::{
    super::*,
    meaning::{Told, survivors, today},
    saved,
};
use crate::story::Published;

/// Texts without control characters, as the parser leaves them.
fn text() -> impl Strategy<Value = String> {
    let signs = prop_oneof![
        3 => proptest::sample::select(vec!['a', 'B', 'é', ' ', '"', '\\', '(', ')', '-', ':', '=', '/', '@', 'ß', '人']),
        1 => any::<char>().prop_filter("control", |c| !c.is_control()),
    ];
    proptest::collection::vec(signs, 1..8)
        .prop_map(|chars| chars.into_iter().collect::<String>().trim().to_owned())
        .prop_filter("empty", |text| !text.is_empty())
}

fn named<T: fields::Named + std::fmt::Debug>() -> impl Strategy<Value = T> {
    (0..T::WORDS.len()).prop_map(|row| T::WORDS[row].0)
}

fn when() -> impl Strategy<Value = When> {
    let number = (1990_i16..2030, 1_i8..=12, 1_i8..=28);
    let unit = prop_oneof![
        Just(Unit::Day),
        Just(Unit::Week),
        Just(Unit::Month),
        Just(Unit::Year)
    ];
    prop_oneof![
        number
            .clone()
            .prop_map(|(y, m, d)| When::Day(Date::constant(y, m, d))),
        number
            .clone()
            .prop_map(|(y, m, _)| When::Month(Date::constant(y, m, 1))),
        number.prop_map(|(y, ..)| When::Year(Date::constant(y, 1, 1))),
        (0_u16..9999, unit.clone()).prop_map(|(count, unit)| When::Last(count, unit)),
        unit.prop_map(When::This),
        Just(When::Today),
        Just(When::Yesterday),
    ]
}

fn dates() -> impl Strategy<Value = Dates> {
    prop_oneof![
        when().prop_map(Dates::Before),
        when().prop_map(Dates::After),
        when().prop_map(Dates::Until),
        when().prop_map(Dates::In),
        (when(), when())
            .prop_map(|(from, to)| Dates::Between(from, to))
            .prop_filter("empty", |dates| !dates.is_empty()),
    ]
}

fn numbers() -> impl Strategy<Value = Numbers> {
    (0_u32..30, proptest::option::of(0_u32..30)).prop_map(|(least, more)| Numbers {
        least,
        greatest: more.map(|more| least + more),
    })
}

/// Where an expression may be looked for: slashes are a part of addresses and folders.
fn regex_field() -> impl Strategy<Value = TextField> {
    named().prop_filter("slashes", |field| {
        !matches!(field, TextField::Url | TextField::Folder)
    })
}

fn leaf() -> impl Strategy<Value = Expr> {
    let word = text().prop_filter("no word", |word| {
        let query = Query::parse(word, &|_| None);
        query.is_ok_and(|query| query.expr == Expr::Word(word.clone()))
    });
    prop_oneof![
        word.prop_map(Expr::Word),
        text().prop_map(Expr::Phrase),
        (regex_field(), text())
            .prop_map(|(field, it)| Expr::Regex(field, Pattern::new(&regex::escape(&it)).unwrap())),
        (named(), text(), any::<bool>()).prop_map(|(field, value, whole)| Expr::Text {
            field,
            value,
            whole
        }),
        named().prop_map(Expr::Is),
        named().prop_map(Expr::Has),
        dates().prop_map(Expr::Date),
        (named(), numbers()).prop_map(|(field, numbers)| Expr::Number(field, numbers)),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(3, 14, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Expr::and),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Expr::or),
            inner.prop_map(|it| it.negated().unwrap_or_default()),
        ]
    })
}

fn query() -> impl Strategy<Value = Query> {
    let sort = proptest::option::of(named());
    let limit = proptest::option::of(1_usize..100);
    (expr(), sort, limit).prop_map(|(expr, sort, limit)| Query { expr, sort, limit })
}

/// Texts that look like queries, right and wrong ones.
fn query_like() -> impl Strategy<Value = String> {
    let pieces = vec![
        "a",
        "B",
        "é",
        " ",
        "  ",
        "\"",
        "\\",
        "(",
        ")",
        "-",
        "or",
        " or ",
        " AND ",
        " NOT ",
        "/",
        ":",
        "=",
        "@",
        "author:",
        "is:",
        "unread",
        "minutes:",
        "<",
        "5",
        "..",
        "before:",
        "2019",
        "-02",
        "7d",
        "sort:",
        "oldest",
        "limit:",
        "evening",
        "either",
        "self",
        "lang:de",
        "\n",
        "\u{1b}",
        "人",
        "👩‍👩‍👧",
    ];
    let piece = prop_oneof![
        9 => proptest::sample::select(pieces).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn told() -> impl Strategy<Value = Told> {
    let flags = proptest::collection::vec(named(), 0..4);
    let day = proptest::option::of((1990_i16..2030, 1_i8..=12, 1_i8..=28));
    let texts = || proptest::collection::vec(text(), 0..2);
    (
        text(),
        texts(),
        texts(),
        flags,
        day,
        proptest::option::of(0_u32..40),
    )
        .prop_map(|(title, authors, tags, flags, day, minutes)| Told {
            title,
            authors,
            tags,
            flags,
            date: day.map(|(y, m, d)| Published::Day(Date::constant(y, m, d))),
            minutes,
            ..Told::default()
        })
}

fn is_well_placed(text: &str, error: &QueryError) -> bool {
    text.get(error.span.clone()).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig {
        // What was found once is tried first for ever after.
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "src/story/query/tests/laws.regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_query_is_read_as_it_was_printed(query in query()) {
        let text = query.to_string();
        prop_assert_eq!(Query::parse(&text, &|_| None), Ok(query), "{}", text);
    }

    #[test]
    fn every_beginning_of_a_query_can_be_typed(query in query()) {
        let text = query.to_string();
        for (at, _) in text.char_indices() {
            let typed = Query::parse_typed(&text[..at], &|_| None);
            prop_assert!(typed.is_ok(), "{:?}: {:?}", &text[..at], typed);
        }
        // At its end it is what was meant, but for a dash, behind which more is awaited.
        let typed = Query::parse_typed(&text, &|_| None).unwrap();
        prop_assert!(text.ends_with('-') || typed.query == query, "{}: {:?}", text, typed);
    }

    #[test]
    fn any_text_is_read_or_said_to_be_wrong(text in query_like()) {
        match Query::parse(&text, &saved) {
            Ok(query) => {
                let printed = query.to_string();
                prop_assert_eq!(Query::parse(&printed, &saved), Ok(query), "{}", printed);
                for (at, _) in text.char_indices() {
                    let typed = Query::parse_typed(&text[..at], &saved);
                    prop_assert!(typed.is_ok(), "{:?}: {:?}", &text[..at], typed);
                }
            }
            Err(error) => {
                prop_assert!(is_well_placed(&text, &error), "{:?}", error);
                let said = error.to_string();
                prop_assert!(!said.chars().any(char::is_control), "{:?}", said);
            }
        }
        match Query::parse_typed(&text, &saved) {
            Ok(typed) => prop_assert!(typed.unfinished.is_none_or(|it| is_well_placed(&text, &it))),
            Err(error) => prop_assert!(is_well_placed(&text, &error), "{:?}", error),
        }
        for cursor in 0..=text.len() {
            let completion = complete(&text, cursor, &|_| vec!["a b".to_owned()]);
            prop_assert!(text.get(completion.range).is_some());
        }
    }

    #[test]
    fn wild_text_is_no_danger(text in "\\PC{0,60}") {
        let _ = Query::parse(&text, &saved);
        let _ = Query::parse_typed(&text, &saved);
    }

    #[test]
    fn logic_holds(a in expr(), b in expr(), story in told()) {
        let holds = |it: Expr| it.matches(&story, today(), &TimeZone::UTC);
        let not = |it: Expr| it.negated().unwrap_or_default();
        prop_assume!(a != Expr::All && b != Expr::All);
        let and = holds(Expr::and([a.clone(), b.clone()]));
        let or = holds(Expr::or([a.clone(), b.clone()]));
        prop_assert_eq!(and, holds(a.clone()) && holds(b.clone()));
        prop_assert_eq!(or, holds(a.clone()) || holds(b.clone()));
        prop_assert_eq!(!and, holds(Expr::or([not(a.clone()), not(b.clone())])));
        prop_assert_eq!(!or, holds(Expr::and([not(a.clone()), not(b)])));
        prop_assert_eq!(holds(a.clone()), holds(not(not(a))));
    }

    #[test]
    fn words_and_the_rest_are_the_whole(query in query()) {
        let words = query.title_words().into_iter().map(|it| Expr::Word(it.to_owned()));
        let mut parts: Vec<_> = words.collect();
        let is_word = |it: &Expr| matches!(it, Expr::Word(_));
        let rest = query.without_title_words();
        let words_left = match &rest {
            Expr::And(exprs) => exprs.iter().any(is_word),
            one => is_word(one),
        };
        prop_assert!(!words_left, "{}", rest);
        parts.push(rest);
        let story = survivors();
        let whole = Expr::and(parts);
        let found = whole.matches(&story, today(), &TimeZone::UTC);
        prop_assert_eq!(found, query.matches(&story, today(), &TimeZone::UTC));
    }
}
