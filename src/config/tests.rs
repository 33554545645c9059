use super::*;

fn loaded(text: &str) -> Loaded {
    let origin = Origin {
        file: Path::new("/home/jane/.config/recto/config.toml"),
        home: Some(Path::new("/home/jane")),
        saved: &|name| (name == "kept").then(|| "is:starred".to_owned()),
    };
    read(text.as_bytes(), &origin)
}

/// What is wrong, without the file's name.
fn told(text: &str) -> Vec<String> {
    let errors = loaded(text).errors;
    let told = errors
        .iter()
        .map(|it| format!("{}:{}: {}", it.line, it.column, it.problem));
    told.collect()
}

/// The settings of a file in which nothing is wrong.
fn settings(text: &str) -> Settings {
    let loaded = loaded(text);
    assert_eq!(loaded.errors, [], "{text}");
    loaded.settings
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|it| (*it).to_owned()).collect()
}

/// The default file with its settings set: what is not prose begins with a name or a bracket.
fn uncommented() -> String {
    let lines = DEFAULT.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if !setting.starts_with(' ') => setting,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_default_file_sets_nothing() {
    assert_eq!(settings(DEFAULT), Settings::default());
    assert_eq!(settings(""), Settings::default());
}

#[test]
fn the_default_file_shows_every_setting_as_it_is_written() {
    let text = uncommented();
    let all = settings(&text);
    assert_eq!(all.feeds.len(), 3);
    assert_eq!(all.searches.len(), 1);
    assert_eq!(all.rules.len(), 1);
    assert_eq!(all.openers.len(), 1);
    let table = toml::de::DeTable::parse(&text).unwrap();
    let has = |list: &str, key: &str| {
        let tables = table.get_ref().get(list).unwrap().get_ref();
        let mut tables = tables.as_array().unwrap().iter();
        tables.any(|it| it.get_ref().as_table().unwrap().contains_key(key))
    };
    for key in entries::TOP {
        assert!(table.get_ref().contains_key(key), "{key}");
    }
    for (list, keys) in [
        ("feed", &entries::FEED[..]),
        ("search", &entries::SEARCH),
        ("rule", &entries::RULE),
        ("open", &entries::OPEN),
    ] {
        for key in keys {
            assert!(has(list, key), "{list}: {key}");
        }
    }
    // Those with a default show it.
    assert_eq!(all.refresh, Settings::default().refresh);
    assert_eq!(all.notify, Settings::default().notify);
}

#[test]
fn settings_at_the_top_are_read() {
    let every = |seconds| Interval::Every(Duration::from_secs(seconds));
    for (text, interval) in [
        ("\"30m\"", every(1800)),
        ("\"2h\"", every(7200)),
        ("\"1d\"", every(86_400)),
        ("\"1h 30 min\"", every(5400)),
        ("\"2 weeks\"", every(1_209_600)),
        ("\"never\"", Interval::Never),
        ("false", Interval::Never),
    ] {
        let text = format!("refresh = {text}");
        assert_eq!(settings(&text).refresh, interval, "{text}");
    }
    for (text, notify) in [
        ("true", Notify::Terminal),
        ("false", Notify::Off),
        (
            "[\"notify-send\", \"-u\", \"low\"]",
            Notify::Command(words(&["notify-send", "-u", "low"])),
        ),
    ] {
        assert_eq!(settings(&format!("notify = {text}")).notify, notify);
    }
    let tor = Url::parse("socks5://127.0.0.1:9050").unwrap();
    for (text, proxy) in [
        ("socks5://127.0.0.1:9050", Proxy::Through(tor)),
        ("none", Proxy::Direct),
    ] {
        assert_eq!(settings(&format!("proxy = {text:?}")).proxy, proxy);
    }
    for (text, path) in [
        ("/etc/ca.pem", "/etc/ca.pem"),
        ("ca.pem", "/home/jane/.config/recto/ca.pem"),
        ("~/ca.pem", "/home/jane/ca.pem"),
    ] {
        let read = settings(&format!("ca_file = {text:?}")).ca_file;
        assert_eq!(read.as_deref(), Some(Path::new(path)));
    }
}

#[test]
fn a_feed_may_set_much() {
    let read = settings(
        "\n[[feed]]
         url = 'https://example.org/feed'
         name = 'Example'
         folder = 'News/ World /'
         refresh = 'never'
         user = 'jane'
         password_command = ['pass', 'show', 'x']
         headers = { X-B = 'two', X-A = { env = 'KEY' }, X-C = { command = ['key'] } }
         cookies = { b = '1', a = '2' }
         proxy = 'none'
         keep_days = 30
         keep_items = 1_000
         full_text = true",
    );
    let plain = |text: &str| Secret::Plain(text.to_owned());
    let feed = FeedSettings {
        origin: FeedOrigin::Address(Url::parse("https://example.org/feed").unwrap()),
        name: Some("Example".to_owned()),
        folder: words(&["News", "World"]),
        refresh: Some(Interval::Never),
        user: Some("jane".to_owned()),
        password: Some(Secret::Command(words(&["pass", "show", "x"]))),
        headers: vec![
            ("X-B".to_owned(), plain("two")),
            ("X-A".to_owned(), Secret::Environment("KEY".to_owned())),
            ("X-C".to_owned(), Secret::Command(words(&["key"]))),
        ],
        cookies: Some(plain("b=1; a=2")),
        proxy: Proxy::Direct,
        keep_days: Some(30),
        keep_items: Some(1000),
        full_text: true,
        line: 2,
    };
    assert_eq!(read.feeds, [feed]);
}

#[test]
fn a_feed_may_be_a_command_and_lie_in_folders_with_slashes() {
    let read = settings("[[feed]]\ncommand = ['a', '']\nfolder = ['Either/Or', 'b']");
    let [feed] = &read.feeds[..] else {
        unreachable!("{read:?}")
    };
    assert_eq!(feed.origin, FeedOrigin::Command(words(&["a", ""])));
    assert_eq!(feed.folder, ["Either/Or", "b"]);
    assert_eq!(feed.proxy, Proxy::Inherited);
}

#[test]
fn cookies_may_come_from_elsewhere() {
    let cookies = |text: &str| {
        let text = format!("[[feed]]\nurl = 'https://a.b/'\ncookies = {text}");
        settings(&text).feeds.remove(0).cookies.unwrap()
    };
    assert_eq!(cookies("'a=b; c=d'"), Secret::Plain("a=b; c=d".to_owned()));
    assert_eq!(
        cookies("{ command = ['jar'] }"),
        Secret::Command(words(&["jar"]))
    );
    assert_eq!(
        cookies("{ env = 'JAR' }"),
        Secret::Environment("JAR".to_owned())
    );
    assert_eq!(
        cookies("{ command = 'go' }"),
        Secret::Plain("command=go".to_owned()),
        "a cookie may have any name"
    );
}

#[test]
fn secrets_are_not_printed() {
    let settings = settings("[[feed]]\nurl = 'https://a.b/'\nheaders = { X = 'hush' }");
    assert!(!format!("{settings:?}").contains("hush"));
}

#[test]
fn queries_may_name_each_other_and_those_kept_elsewhere() {
    let read = settings(
        "[[rule]]\nwhen = '@short or @kept'\ndo = ['read']\n\
         [[search]]\nname = 'evening'\nquery = '@short is:unread'\n\
         [[search]]\nname = '@short'\nquery = 'minutes:<5'",
    );
    let shown: Vec<_> = read
        .searches
        .iter()
        .map(|it| (it.name.as_str(), it.query.to_string(), it.line))
        .collect();
    assert_eq!(
        shown,
        [
            ("evening", "minutes:<=4 is:unread".to_owned(), 4),
            ("short", "minutes:<=4".to_owned(), 7),
        ]
    );
    assert_eq!(read.searches[0].text, "@short is:unread");
    assert_eq!(read.rules[0].when.to_string(), "minutes:<=4 or is:starred");
    let circle = told(
        "[[search]]\nname = 'a'\nquery = '@b'\n[[search]]\nname = 'b'\nquery = 'x @a'\n\
         [[search]]\nname = 'c'\nquery = 'fine'",
    );
    assert_eq!(circle.len(), 2, "{circle:?}");
    assert!(circle[0].contains("leads back to itself"), "{circle:?}");
}

#[test]
fn long_queries_stay_whole() {
    let long = format!("a{}", " or a".repeat(400));
    let read = settings(&format!("[[search]]\nname = 'a'\nquery = '{long}'"));
    assert_eq!(read.searches[0].text, long);
}

#[test]
fn rules_say_what_is_done_and_for_how_long() {
    let read = settings(
        "[[rule]]\nwhen = 'quiz'\ndo = ['read', 'star', 'later', 'tag: my  tag', 'hide', 'notify']\n\
         until = 2030-12-31\n[[rule]]\nwhen = 'x'\ndo = ['hide']\nuntil = '2030-01-01'",
    );
    assert_eq!(
        read.rules[0].actions,
        [
            RuleAction::Read,
            RuleAction::Star,
            RuleAction::Later,
            RuleAction::Tag("my tag".to_owned()),
            RuleAction::Hide,
            RuleAction::Notify,
        ]
    );
    let day = |text: &str| text.parse::<Date>().unwrap();
    assert!(read.rules[0].holds_on(day("2030-12-31")));
    assert!(!read.rules[0].holds_on(day("2031-01-01")));
    assert_eq!(read.rules[1].until, Some(day("2030-01-01")));
}

#[test]
fn files_are_opened_by_their_types() {
    let read = settings(
        "[[open]]\ntype = 'Audio/*'\ncommand = ['mpv', '--script={}', '--no-video']\n\
         [[open]]\ntype = '*'\ncommand = ['open']",
    );
    let [audio, any] = &read.openers[..] else {
        unreachable!("{read:?}")
    };
    for (media_type, opens) in [
        ("audio/mpeg", true),
        ("AUDIO/ogg; codecs=opus", true),
        ("video/mp4", false),
        ("audio", false),
        ("", false),
    ] {
        assert_eq!(audio.opens(media_type), opens, "{media_type}");
        assert!(any.opens(media_type), "{media_type}");
    }
    assert_eq!(
        audio.arguments("https://a.b/{}"),
        words(&["mpv", "--script=https://a.b/{}", "--no-video"])
    );
    assert_eq!(any.arguments("x"), words(&["open", "x"]));
    let odd = Opener {
        media_type: "*/*".to_owned(),
        command: words(&["{}"]),
    };
    assert_eq!(odd.arguments("/bin/sh"), words(&["{}", "/bin/sh"]));
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_to_do() {
    for (text, message) in [
        (
            "refersh = '1h'",
            "1:1: there is no setting “refersh”; did you mean “refresh”?",
        ),
        (
            "\n  proxi = ''",
            "2:3: there is no setting “proxi”; did you mean “proxy”?",
        ),
        (
            "refresh = 30",
            "1:11: refresh: write how often, as in \"30m\", \"2h\" or \"1d\", or \"never\"",
        ),
        ("refresh = '30'", "this is no time; write how often"),
        ("refresh = '5s'", "this is too often"),
        ("refresh = '99999999999999999999d'", "this is no time"),
        ("refresh = '400d'", "more than a year"),
        (
            "notify = 'notify-send -u low'",
            "write [\"notify-send\", \"-u\", \"low\"]",
        ),
        (
            "notify = []",
            "a list of the program and its arguments is wanted",
        ),
        ("notify = ['a', 1]", "every argument stands in quotes"),
        (
            "proxy = 'localhost'",
            "this is no proxy; write \"none\", or an address",
        ),
        ("proxy = 'ftp://a'", "no proxy that recto knows"),
        ("ca_file = ''", "this is no path; name a file"),
        (
            "[[feed]]\nname = 'a'",
            "1:1: url is missing here; write url = \"https://…\"",
        ),
        (
            "[[feed]]\nurl = 'example.org'",
            "2:7: url: this is no whole address; write https:// before it",
        ),
        (
            "[[feed]]\nurl = 'file:///etc/passwd'",
            "file: addresses cannot be fetched",
        ),
        (
            "[[feed]]\nurl = 'https://a.b'\ncommand = ['a']",
            "3:11: a feed has a url or a command, not both",
        ),
        (
            "[[feed]]\nurl = 'https://a.b'\npassword = 'x'",
            "3:1: no password stands in the settings; write password_command",
        ),
        (
            "[[feed]]\nurl = 'https://a.b'\npassword_env = 'X'",
            "but no user",
        ),
        (
            "[[feed]]\nurl = 'https://a.b'\nheaders = { 'a b' = 'x' }",
            "3:13: headers: this cannot be a header's name",
        ),
        (
            "[[feed]]\nurl = 'https://a.b'\nheaders = { Host = 'x' }",
            "recto sends this header itself",
        ),
        (
            "[[feed]]\nurl = 'https://a.b'\nheaders = { A = \"x\\r\\nB: c\" }",
            "a character in it that no header may have",
        ),
        (
            "[[feed]]\nurl = 'https://a.b'\nheaders = { A = { comand = ['x'], env = 'X' } }",
            "did you mean “command”?",
        ),
        (
            "[[feed]]\nurl = 'https://a.b'\ncookies = { a = 'x;y' }",
            "“a” cannot be sent as it is",
        ),
        (
            "[[feed]]\nurl = 'https://a.b'\nkeep_days = 0",
            "a whole number from 1 on is wanted",
        ),
        (
            "[[feed]]\nurl = 'https://a.b'\nfolder = '/'",
            "there is no name in it",
        ),
        (
            "[[feed]]\nurl='https://a.b'\n[[feed]]\nurl='https://A.b/'",
            "3:1: this feed was set on line 1 already",
        ),
        (
            "feed = ['https://a.b']",
            "1:9: feed: write [[feed]] on a line of its own",
        ),
        ("[[search]]\nname = 'a'", "1:1: query is missing here"),
        (
            "[[search]]\nname = 'a'\nquery = 'is:unread auther:x'",
            "3:20: query: no field is called auther, but one is called author",
        ),
        (
            "[[search]]\nname = 'a'\nquery = '@nobody'",
            "no query is kept as @nobody",
        ),
        (
            "[[search]]\nname='a'\nquery='x'\n[[search]]\nname='a'\nquery='y'",
            "4:1: @a was set on line 1 already",
        ),
        (
            "[[rule]]\nwhen = 'x'\ndo = ['raed']",
            "3:6: do: “raed” cannot be done; did you mean “read”?",
        ),
        (
            "[[rule]]\nwhen = 'x'\ndo = ['explode']",
            "“explode” cannot be done; read, star, later, tag:NAME, hide, notify can",
        ),
        ("[[rule]]\nwhen = 'x'\ndo = []", "the list is empty"),
        ("[[rule]]\nwhen = 'x'\ndo = 'read'", "a list is wanted"),
        (
            "[[rule]]\nwhen = 'x'\ndo = ['tag:']",
            "tag: wants a name behind it",
        ),
        (
            "[[rule]]\nwhen = 'x limit:3'\ndo = ['read']",
            "leave sort: and limit: out",
        ),
        (
            "[[rule]]\nwhen = 'x'\ndo = ['read']\nuntil = 'soon'",
            "4:9: until: a day is wanted, as in 2026-12-31",
        ),
        (
            "[[rule]]\nwhen = 'x'\ndo = ['read']\nuntil = 07:32:00",
            "a day is wanted",
        ),
        (
            "[[open]]\ntype = 'audio'\ncommand = ['a']",
            "a media type is wanted, as in \"audio/*\"",
        ),
        ("refresh = ", "1:"),
    ] {
        let told = told(text);
        assert_eq!(told.len(), 1, "{text}: {told:?}");
        assert!(told[0].contains(message), "{text}: {told:?}");
    }
}

#[test]
fn one_wrong_entry_loses_no_other() {
    let loaded = loaded(
        "refresh = 'often'\nnotify = true\n[[feed]]\nname = 'nowhere'\n[[feed]]\nurl = 'https://a.b/'\n\
         keep_days = -1\nkeep_items = 5\n[[rule]]\nwhen = '('\ndo = ['read']\n[[rule]]\nwhen = 'x'\n\
         do = ['read']\n",
    );
    assert_eq!(loaded.errors.len(), 4, "{:?}", loaded.errors);
    let lines: Vec<_> = loaded.errors.iter().map(|it| it.line).collect();
    assert_eq!(lines, [1, 3, 7, 10], "in the order of the file");
    let settings = loaded.settings;
    assert_eq!(settings.notify, Notify::Terminal);
    assert_eq!(settings.feeds.len(), 1);
    assert_eq!(settings.feeds[0].keep_items, Some(5));
    assert_eq!(settings.rules.len(), 1);
}

#[test]
fn what_is_no_toml_loses_itself_alone() {
    let feed = "[[feed]]\nurl = 'https://a.b/'\nname = 'A'\n";
    for wrong in [
        "this is nothing",
        "this",
        "this =",
        "this = 'a",
        "this = [1,",
        "[[feed]\nurl = 'https://a.b/c'",
        "[[rule]]\nwhen = \"a\ndo = ['read']",
        "[[rule]]\nwhen = 'a'\ndo = ['read'\nuntil = 2030-01-01",
        "[[rule]]\nwhen = 'a'\ndo = ['read']\nuntil: 2030-01-01",
        "[[feed]]\nurl 'https://a.b/d'",
    ] {
        let text = format!("notify = true\n{wrong}\n{feed}[[rule]]\nwhen = 'x'\ndo = ['read']");
        let loaded = loaded(&text);
        let last = 1 + wrong.lines().count();
        assert!(!loaded.errors.is_empty());
        for error in &loaded.errors {
            assert!((2..=last + 1).contains(&error.line), "{wrong}: {error}");
        }
        let settings = loaded.settings;
        assert_eq!(settings.notify, Notify::Terminal, "{wrong}");
        assert_eq!(settings.feeds.len(), 1, "{wrong}");
        assert_eq!(settings.rules.len(), 1, "{wrong}");
        assert_eq!(settings.rules[0].text, "x", "{wrong}");
    }
}

#[test]
fn a_feed_keeps_what_can_be_read_of_it() {
    let text = "[[feed]]\nurl = 'https://a.b/'\nname A\nproxy: 'socks5://a'\nkeep_days = 3";
    let loaded = loaded(text);
    let lines: Vec<_> = loaded.errors.iter().map(|it| it.line).collect();
    assert_eq!(lines, [3, 4]);
    let feed = &loaded.settings.feeds[0];
    assert_eq!(feed.keep_days, Some(3));
    assert_eq!(feed.proxy, Proxy::Unknown);
}

#[test]
fn a_rule_whose_end_is_wrong_does_not_hold_for_ever() {
    let loaded = loaded("[[rule]]\nwhen = 'x'\ndo = ['hide']\nuntil = 'May'");
    assert_eq!(loaded.settings.rules, []);
}

#[test]
fn who_wants_a_proxy_is_not_led_around_it() {
    for text in [
        "proxy = 'socks9://localhost'",
        "proxy = socks5://a",
        "proxy = 3",
        "proxxy = 'none'",
        "notify = true\nproxy 'socks5://a'\n",
        "[[feed]\nurl = 'https://a.b/'\nproxy = 'socks5://a'\n",
    ] {
        assert_eq!(loaded(text).settings.proxy, Proxy::Unknown, "{text}");
    }
    let feed = loaded("[[feed]]\nurl = 'https://a.b/'\nproxy = 'tor'");
    assert_eq!(feed.settings.feeds[0].proxy, Proxy::Unknown);
}

#[test]
fn the_error_names_the_file() {
    let error = loaded("x = 1").errors.remove(0);
    let told = "/home/jane/.config/recto/config.toml:1:1: there is no setting “x” here; those that may \
                stand here are refresh, ahead, notify, proxy, ca_file, feed, search, rule, open";
    assert_eq!(error.to_string(), told);
}

#[test]
fn what_is_no_utf_8_is_wrong_where_it_stands() {
    let origin = Origin {
        file: Path::new("config.toml"),
        home: None,
        saved: &|_| None,
    };
    let loaded = read(
        b"\xEF\xBB\xBFnotify = true\n# caf\xe9\nrefresh = '1h'",
        &origin,
    );
    assert_eq!(loaded.errors.len(), 1, "{:?}", loaded.errors);
    assert_eq!((loaded.errors[0].line, loaded.errors[0].column), (2, 6));
    assert_eq!(loaded.settings.notify, Notify::Terminal);
    assert_ne!(loaded.settings.refresh, Interval::Never);
}

#[test]
fn whatever_stands_there_is_read_to_its_end() {
    let deep = "[".repeat(10_000);
    for text in [
        deep.as_str(),
        "feed = 1\nsearch = true\nrule = 'x'\nopen = 2020-01-01",
        "[feed]\nurl = 3\n[search.a]\n[rule]\nwhen = []\n[open]\ntype = {}",
        "[[feed]]\nurl = 'https://a.b'\nheaders = [1]\ncookies = [2]\nfolder = [3]\nname = '\\u001b'",
        "\u{0}\u{1b}[31m = 1",
    ] {
        let loaded = loaded(text);
        assert!(!loaded.errors.is_empty(), "{text}");
        for error in loaded.errors {
            assert!(!error.to_string().contains(char::is_control), "{error}");
        }
    }
    let origin = Origin {
        file: Path::new("x"),
        home: None,
        saved: &|_| None,
    };
    assert_eq!(read(&[b'a'; 5_000_000], &origin).errors.len(), 1);
}
