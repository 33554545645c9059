//! The language as a whole: how queries are read, and what is said of those that are wrong.

mod laws;
mod meaning;

use super::*;

/// Saved queries: some that are right, some that lead nowhere.
fn saved(name: &str) -> Option<String> {
    let text = match name {
        "evening" => "is:unread minutes:>10 sort:longest limit:5",
        "long reads" => "words:>3000",
        "either" => "a or b",
        "all" => "",
        "typo" => "minutes:abc",
        "self" => "x @self",
        "ping" => "@pong",
        "pong" => "@ping",
        // Each stands for ten of the one before.
        "b0" => "x x x x x x x x x x",
        "b1" => "@b0 @b0 @b0 @b0 @b0 @b0 @b0 @b0 @b0 @b0",
        "b2" => "@b1 @b1 @b1 @b1 @b1 @b1 @b1 @b1 @b1 @b1",
        "b3" => "@b2 @b2 @b2 @b2 @b2 @b2 @b2 @b2 @b2 @b2",
        "b4" => "@b3 @b3 @b3 @b3 @b3 @b3 @b3 @b3 @b3 @b3",
        _ => return None,
    };
    Some(text.to_owned())
}

fn parse(text: &str) -> Query {
    Query::parse(text, &saved).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn error(text: &str) -> QueryError {
    let read = Query::parse(text, &saved).map(|_| ());
    read.unwrap_err()
}

fn typed(text: &str) -> Typed {
    Query::parse_typed(text, &saved).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn queries_are_printed_as_they_are_meant() {
    for (text, printed) in [
        ("", ""),
        ("  slav   case ", "slav case"),
        ("a or b c OR d", "a or b c or d"),
        ("(a or b) c", "(a or b) c"),
        ("((a) (b c))", "a b c"),
        ("(a or (b or c))", "a or b or c"),
        ("a AND b NOT c", "a b -c"),
        ("a - b -- c", "a - b -- c"),
        ("-a -(b c) --d -(-(-))", "-a -(b c) --d --(-)"),
        (
            "\"survivor  stories\" \" x \"",
            "\"survivor  stories\" \"x\"",
        ),
        ("\"or\" \"-x\"", "\"or\" \"-x\""),
        (r#""say \"no\" \\""#, r#""say \"no\" \\""#),
        (r"/a\/b c/", r"/a\/b c/"),
        (
            "f(x) Opinion: 12:30 https://x.org/a",
            "f(x) Opinion: 12:30 https://x.org/a",
        ),
        (
            "AUTHOR:liang by:\"Jane Doe\"",
            "author:liang author:\"Jane Doe\"",
        ),
        ("minutes<20 words>=300 a<5", "minutes:<=19 words:>=300 a<5"),
        ("author:=\"Jane Doe\" tag:=x", "author:=\"Jane Doe\" tag:=x"),
        ("author:\"=x\" folder:\"a)\"", "author:\"=x\" folder:\"a)\""),
        (
            "in:guardian cat:x site:y.org language:de",
            "source:guardian category:x url:y.org lang:de",
        ),
        ("url:http://x.org/a_(b)", "url:http://x.org/a_(b)"),
        (
            "is:UNREAD is:star -is:later is:broken",
            "is:unread is:starred -is:later is:unreadable",
        ),
        ("has:image has:link", "has:picture has:url"),
        ("before:2019 newer:2018-6", "before:2019 after:2018-06"),
        (
            "on:2019/2/28 date:2018..2019",
            "date:2019-02-28 date:2018..2019",
        ),
        (
            "date:2018.. date:..week until:7D",
            "after:2018 until:week until:7d",
        ),
        (
            "minutes:<20 min:5..20 words:>=5",
            "minutes:<=19 minutes:5..20 words:>=5",
        ),
        ("sort:old a limit:20", "a sort:oldest limit:20"),
        ("a or b sort:newest", "a or b sort:newest"),
        ("sort:title sort:best", "sort:best"),
        ("(sort:title) a", "a sort:title"),
        (
            "@evening x",
            "is:unread minutes:>=11 x sort:longest limit:5",
        ),
        (
            "@evening sort:new",
            "is:unread minutes:>=11 sort:newest limit:5",
        ),
        ("@evening or x", "is:unread minutes:>=11 or x"),
        ("(@evening)", "is:unread minutes:>=11"),
        ("-@evening", "-(is:unread minutes:>=11)"),
        ("@either c -@\"long reads\"", "(a or b) c -words:>=3001"),
        ("x @all", "x"),
        ("x or @all", ""),
    ] {
        let query = parse(text);
        assert_eq!(query.to_string(), printed, "{text}");
        assert_eq!(parse(printed), query, "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    for (text, at, said) in [
        (
            "x minutes:abc y",
            "minutes:abc",
            "minutes:abc: a number is wanted, as in minutes:<20",
        ),
        (
            "limit:0",
            "limit:0",
            "limit:0: a number is wanted, as in limit:20",
        ),
        (
            "limit:<5",
            "limit:<5",
            "limit:<5: a number is wanted, as in limit:20",
        ),
        (
            "author: liang",
            "author:",
            "author: wants a value, as in author:liang",
        ),
        (
            "é by:\"\" x",
            "by:\"\"",
            "by: wants a value, as in author:liang",
        ),
        (
            "auther:liang",
            "auther:liang",
            "no field is called auther, but one is called author; put \"auther:…\" in quotes to search for it",
        ),
        (
            "opinion:x",
            "opinion:x",
            "no field is called opinion; put \"opinion:…\" in quotes to search for it",
        ),
        (
            "is:old",
            "is:old",
            "is:old is none of unread, read, starred, later, noted, removed, unreadable, updated, book",
        ),
        (
            "before:soon",
            "before:soon",
            "before:soon: a date is wanted, as in before:2019; also 7d, 2w, 3m, 1y, today, yesterday, week",
        ),
        (
            "date:2019..2018",
            "date:2019..2018",
            "date:2019..2018: nothing lies in that range",
        ),
        (
            "a \"b c",
            "\"b c",
            "\" is not closed: a \" is wanted behind it",
        ),
        (
            "by:\"b c",
            "by:\"b c",
            "\" is not closed: a \" is wanted behind it",
        ),
        ("/abc", "/abc", "/ is not closed: a / is wanted behind it"),
        ("a (b", "(", "( is not closed: a ) is wanted behind it"),
        (
            "a b)",
            ")",
            "nothing is open that this ) closes; put it in \"quotes\" to search for it",
        ),
        ("a ( )", "( )", "() has nothing in it"),
        ("\"\"", "\"\"", "\"\" has nothing in it"),
        ("//", "//", "// has nothing in it"),
        (
            "/usr/bin",
            "/usr/",
            "a space is wanted behind the closing /; write \\/ for a slash within /…/",
        ),
        (
            "/(a/",
            "/(a/",
            "the regular expression cannot be used: unclosed group",
        ),
        (
            "a or",
            "or",
            "or wants something on both sides; put it in \"quotes\" to search for it",
        ),
        (
            "OR a",
            "OR",
            "OR wants something on both sides; put it in \"quotes\" to search for it",
        ),
        (
            "a or or b",
            "or",
            "or wants something on both sides; put it in \"quotes\" to search for it",
        ),
        (
            "(a AND) b",
            "AND",
            "AND wants something on both sides; put it in \"quotes\" to search for it",
        ),
        (
            "a NOT",
            "NOT",
            "a condition is wanted behind NOT, as in -word or -author:liang",
        ),
        (
            "-@all",
            "-",
            "a condition is wanted behind -, as in -word or -author:liang",
        ),
        (
            "-sort:newest",
            "sort:newest",
            "sort: holds for the whole query and cannot be negated",
        ),
        (
            "@",
            "@",
            "@ wants the name of a saved query, as in @evening",
        ),
        (
            "x @nope",
            "@nope",
            "no query is kept as @nope; recto list QUERY --save nope keeps one",
        ),
        (
            "x @typo",
            "@typo",
            "in @typo: minutes:abc: a number is wanted, as in minutes:<20",
        ),
        ("@self", "@self", "in @self: @self leads back to itself"),
        (
            "x @ping y",
            "@ping",
            "in @ping: in @pong: @ping leads back to itself",
        ),
    ] {
        let error = error(text);
        assert_eq!(&text[error.span.clone()], at, "{text}");
        assert_eq!(error.to_string(), said, "{text}");
    }
}

#[test]
fn what_has_no_end_is_refused() {
    let patterns = "/a/ ".repeat(17);
    let cases = [
        "word ".repeat(200_000),
        "(".repeat(8000),
        "-x ".repeat(4000),
        format!("{}x", "-(".repeat(2000)),
        format!("{}x", "NOT ".repeat(2000)),
        patterns.clone(),
        "@b4".to_owned(),
        "@b1 ".repeat(500),
    ];
    for text in cases {
        let error = error(&text);
        assert!(error.to_string().len() < 120, "{error}");
        assert!(
            Query::parse_typed(&(text + " "), &saved).is_err(),
            "{error}"
        );
    }
    assert!(Query::parse(&patterns[4..], &saved).is_ok());
    assert!(Query::parse("@b2", &saved).is_ok());
    assert!(Query::parse(&format!("{}x{}", "(".repeat(60), ")".repeat(60)), &saved).is_ok());
    let long = "é".repeat(5000);
    assert_eq!(error(&long).span, 8192..10000);
    // Names that lead on and on, each to another one.
    let endless = |name: &str| Some(format!("@{name}x"));
    assert!(Query::parse("@x", &endless).is_err());
}

#[test]
fn nothing_that_moves_a_cursor_is_said() {
    let said = error("is:\"\u{1b}[2J\u{202e}\n\"").to_string();
    assert!(
        !said.chars().any(|c| c.is_control() || c == '\u{202e}'),
        "{said:?}"
    );
    let said = error(&format!("minutes:{}", "x".repeat(5000))).to_string();
    assert!(said.len() < 120, "{said}");
}

#[test]
fn what_is_not_finished_yet_does_not_get_in_the_way() {
    for (text, printed, finished) in [
        ("slav", "slav", true),
        ("slav author:", "slav", false),
        ("slav author:l", "slav author:l", true),
        ("slav author:\"jane d", "slav author:\"jane d\"", true),
        ("slav \"", "slav", true),
        ("slav \"the ca", "slav \"the ca\"", true),
        ("slav minutes:<", "slav", false),
        ("slav before:20", "slav", false),
        ("slav is:un", "slav", false),
        ("slav auther:l", "slav", false),
        ("slav /(a", "slav", false),
        ("slav /(a)", "slav /(a)/", true),
        ("slav -", "slav", false),
        ("slav (a or", "slav a", false),
        ("slav (a or b", "slav (a or b)", false),
        ("slav or", "slav", false),
        ("slav or or", "slav or \"or\"", true),
        ("or", "\"or\"", true),
        ("slav NOT ", "slav", false),
        ("slav AND", "slav", false),
        ("slav AND or", "slav", false),
        ("slav f(x", "slav \"f(x\"", true),
        ("slav AND AND", "slav", false),
        ("slav @", "slav", false),
        ("slav @eve", "slav", false),
    ] {
        let typed = typed(text);
        assert_eq!(typed.query.to_string(), printed, "{text}");
        assert_eq!(
            typed.unfinished.is_none(),
            finished,
            "{text}: {:?}",
            typed.unfinished
        );
    }
    // What is wrong farther ahead is said.
    for text in ["minutes:abc ", "is:un x", "slav) x", "or x"] {
        assert!(Query::parse_typed(text, &saved).is_err(), "{text}");
    }
}

#[test]
fn an_index_of_titles_gets_the_words_that_must_be_there() {
    for (text, words, rest) in [
        (
            "slav case is:unread",
            &["slav", "case"] as &[_],
            "is:unread",
        ),
        ("slav", &["slav"], ""),
        ("a or b", &[], "a or b"),
        ("a (b or c) -d \"e f\"", &["a"], "(b or c) -d \"e f\""),
        ("", &[], ""),
    ] {
        let query = parse(text);
        assert_eq!(query.title_words(), words, "{text}");
        assert_eq!(query.without_title_words().to_string(), rest, "{text}");
    }
    assert!(parse("x or -is:removed").mentions(Flag::Removed));
    assert!(!parse("x is:read").mentions(Flag::Removed));
}
