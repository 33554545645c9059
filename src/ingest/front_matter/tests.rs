use super::*;
use crate::story::iso;
use proptest::prelude::*;

fn good(text: &str) -> FrontMatter<'_> {
    let read = read(text, true).unwrap_or_else(|| panic!("no front matter in {text:?}"));
    assert_eq!(read.warnings, Vec::<String>::new(), "{text:?}");
    read
}

fn bad(text: &str) -> FrontMatter<'_> {
    let read = read(text, true).unwrap_or_else(|| panic!("no front matter in {text:?}"));
    assert!(!read.warnings.is_empty(), "{text:?}");
    read
}

#[test]
fn every_known_name_in_yaml() {
    let read = good(
        "---\nTitle: 'A: b'\nauthors:\n  - Ann Lee\n  - name: Bo Chen\n    url: x\n\
         date: 2019-02-28\nlastmod: 2019-03-01T10:00:00Z\ncategories: [One, Two]\n\
         tags: a, b c\nlink: https://example.org/a?b=c#d\nguid: 007\n\
         cover:\n  image: /i.png\n  alt: A face\ndescription: >\n  Two\n  lines\nlang: pt_BR\n\
         draft: true\nunknown: {deep: [1, 2]}\n---\nBody\n",
    );
    let fields = read.fields;
    assert_eq!(fields.title.as_deref(), Some("A: b"));
    assert_eq!(fields.authors, ["Ann Lee", "Bo Chen"]);
    assert_eq!(fields.published.map(iso).as_deref(), Some("2019-02-28"));
    assert_eq!(
        fields.updated.map(iso).as_deref(),
        Some("2019-03-01T10:00:00Z")
    );
    assert_eq!(fields.categories, ["One", "Two"]);
    assert_eq!(fields.tags, ["a", "b c"]);
    assert_eq!(fields.url.as_deref(), Some("https://example.org/a?b=c#d"));
    assert_eq!(fields.id.as_deref(), Some("007"));
    assert_eq!(
        fields.lead_image.map(|p| (p.src, p.alt)),
        Some(("/i.png".into(), "A face".into()))
    );
    assert_eq!(fields.summary.as_deref(), Some("Two lines"));
    assert_eq!(fields.language.as_deref(), Some("pt-BR"));
    assert_eq!(read.body, "Body\n");
}

#[test]
fn toml_as_zola_writes_it() {
    let read = good(
        "+++\ntitle = \"Z\"\ndate = 2020-01-02T03:04:05Z\n[taxonomies]\ntags = [\"a\", \"b\"]\n\
         categories = [\"c\"]\n[extra]\nauthor = \"Ann Lee and Bo Chen\"\nlang = \"de\"\n+++\n\nBody",
    );
    assert_eq!(
        read.fields.published.map(iso).as_deref(),
        Some("2020-01-02T03:04:05Z")
    );
    assert_eq!(read.fields.tags, ["a", "b"]);
    assert_eq!(read.fields.categories, ["c"]);
    assert_eq!(read.fields.authors, ["Ann Lee", "Bo Chen"]);
    assert_eq!(read.fields.language.as_deref(), Some("de"));
    assert_eq!(read.body, "\nBody");
}

#[test]
fn json_as_hugo_writes_it() {
    let read = good(
        "{\n  \"title\": \"J }\",\n  \"tags\": [\"a\", {\"name\": \"b\"}],\n  \"date\": \"2020-01-02\"\n}\nBody",
    );
    assert_eq!(read.fields.title.as_deref(), Some("J }"));
    assert_eq!(read.fields.tags, ["a", "b"]);
    assert_eq!(read.body, "Body");
}

#[test]
fn a_clipping_from_obsidian() {
    let read = good(
        "---\ntitle: \"T\"\nsource: \"https://example.org/t\"\nauthor:\n  - \"[[Ann Lee]]\"\n  - \"[[people/Bo Chen|Bo]]\"\n\
         published: 2019-02-28\ncreated: 2024-05-05\ndescription: \"D\"\ntags:\n  - \"#clippings\"\n---\n",
    );
    assert_eq!(read.fields.authors, ["Ann Lee", "Bo"]);
    assert_eq!(
        read.fields.published.map(iso).as_deref(),
        Some("2019-02-28")
    );
    assert_eq!(read.fields.tags, ["clippings"]);
    assert_eq!(read.fields.url.as_deref(), Some("https://example.org/t"));
}

#[test]
fn titles_keep_their_spelling() {
    for (given, want) in [
        ("1.10", "1.10"),
        ("2019", "2019"),
        ("yes", "yes"),
        ("\"null\"", "null"),
        ("0x1F", "0x1F"),
        ("\"a \\x1b[31m\\u202eb\"", "a [31m\u{fffd}b"),
        ("|\n  Two\n  lines", "Two lines"),
        ("&x Anchored", "Anchored"),
        (
            "Q&A; AT&T &ldquo;Hi&rdquo; &amp;amp; &nope;",
            "Q&A; AT&T “Hi” &amp; &nope;",
        ),
        ("'&#27;[31m&amp;#27;&#x202e;'", "[31m&#27;\u{fffd}"),
    ] {
        let text = format!("---\ntitle: {given}\n---\n");
        assert_eq!(good(&text).fields.title.as_deref(), Some(want), "{given}");
    }
    for nothing in ["", "~", "null", "''"] {
        let text = format!("---\ntitle: {nothing}\n---\n");
        assert_eq!(good(&text).fields.title, None, "{nothing}");
    }
}

#[test]
fn values_in_the_shapes_people_give_them() {
    let authors = |value: &str| good(&format!("---\nauthor: {value}\n---\n")).fields.authors;
    for (value, want) in [
        ("Ann Lee", &["Ann Lee"][..]),
        ("Ann Lee and Bo Chen", &["Ann Lee", "Bo Chen"]),
        ("[Ann Lee, Bo Chen]", &["Ann Lee", "Bo Chen"]),
        ("{name: Ann Lee, email: a@b.c}", &["Ann Lee"]),
        (
            "{ann: {name: Ann Lee}, bo: {name: Bo Chen}}",
            &["Ann Lee", "Bo Chen"],
        ),
        ("[[Ann Lee]]", &["Ann Lee"]),
        ("\"[[Ann Lee]]\"", &["Ann Lee"]),
        ("[a, A, a]", &["a"]),
    ] {
        assert_eq!(authors(value), want, "{value}");
    }
    let tags = |value: &str| good(&format!("---\ntags: {value}\n---\n")).fields.tags;
    assert_eq!(tags("a b"), ["a", "b"]);
    assert_eq!(tags("human rights, law"), ["human rights", "law"]);
    assert_eq!(tags("'#a #b/c'"), ["a", "b/c"]);
    assert_eq!(tags("5"), ["5"]);
    let image = |value: &str| {
        good(&format!("---\nimage: {value}\n---\n"))
            .fields
            .lead_image
            .map(|p| p.src)
    };
    for (value, want) in [
        ("/a b.png", Some("/a b.png")),
        ("https://x.org/a.png", Some("https://x.org/a.png")),
        ("{url: u.png}", Some("u.png")),
        ("[a.png, b.png]", Some("a.png")),
        ("\"![[a.png]]\"", Some("a.png")),
        ("\"![Alt](a.png)\"", Some("a.png")),
        ("javascript:alert(1)", None),
        ("data:image/png;base64,AA", None),
        ("false", None),
    ] {
        assert_eq!(image(value).as_deref(), want, "{value}");
    }
    let url = |value: &str| good(&format!("---\nurl: {value}\n---\n")).fields.url;
    assert_eq!(url("/posts/a/").as_deref(), Some("/posts/a/"));
    for value in [
        "Reuters",
        "javascript:alert(1)",
        "\"https://a b\"",
        "file:///etc/passwd",
    ] {
        assert_eq!(url(value), None, "{value}");
    }
    assert_eq!(
        good("---\nurl: /p/\nlink: https://x.org\n---\n")
            .fields
            .url
            .as_deref(),
        Some("https://x.org")
    );
    assert_eq!(
        good("---\npublished: true\ndate: 2020-01-01\n---\n")
            .fields
            .published
            .map(iso)
            .as_deref(),
        Some("2020-01-01")
    );
}

#[test]
fn what_only_looks_like_front_matter_is_text() {
    for text in [
        "---\n\nA break, then text.\n",
        "---\nFoo\n---\nbar\n",
        "---\n- a\n- b\n---\n",
        "---\n",
        "--- \n***\n",
        "---\nIn the beginning: God created\n---\n",
        "---\nhttp://example.org\n---\n",
        "+++\nplus\n+++\n",
        "{% include x %}\n",
        "{\"a\": 1}, and so on\n",
        "{\"only\": \"data here\"",
        "text\n---\ntitle: x\n---\n",
        "    ---\n",
        "",
    ] {
        assert!(read(text, true).is_none(), "{text:?}");
    }
}

#[test]
fn empty_front_matter_is_front_matter() {
    assert_eq!(good("---\n---\nBody").body, "Body");
    assert_eq!(good("---\n# a note\n---\nBody").body, "Body");
}

#[test]
fn wrong_front_matter_says_where_and_keeps_the_rest() {
    let read = bad("---\ntitle: A: b\ndate: 2020-01-01\ntags:\n- a\n---\nBody");
    assert_eq!(read.fields.title.as_deref(), Some("A: b"));
    assert_eq!(
        read.fields.published.map(iso).as_deref(),
        Some("2020-01-01")
    );
    assert_eq!(read.fields.tags, ["a"]);
    assert_eq!(read.body, "Body");
    assert!(
        read.warnings[0].starts_with("Front matter, line 2, column "),
        "{:?}",
        read.warnings
    );
    assert!(read.warnings[0].contains("quotes"), "{:?}", read.warnings);

    let read = bad(
        "---\ntitle: A\ndate: 99999-99-99\ntags: {a: 1}\nauthor: !!python/object:os.system [id]\n---\nBody",
    );
    assert_eq!(read.fields.title.as_deref(), Some("A"));
    assert_eq!(read.fields.published, None);
    assert!(
        read.warnings[0].starts_with("Front matter, line 3: date: \"99999-99-99\" is no date"),
        "{:?}",
        read.warnings
    );
    assert_eq!(read.body, "Body");

    let read = bad("---\ntitle: \"Never closed\nlang: en\n---\nBody");
    assert_eq!(read.fields.title.as_deref(), Some("Never closed"));
    assert_eq!(read.fields.language.as_deref(), Some("en"));
    assert_eq!(read.body, "Body");

    let read = bad("---\ntitle: [1, {a: b}]\n---\n");
    assert_eq!(read.fields.title, None);
    assert!(read.warnings[0].contains("a list"), "{:?}", read.warnings);

    let often = format!("---\ntitle: A\n{}---\n", "k: v\n".repeat(50));
    let read = bad(&often);
    assert_eq!(read.warnings.len(), 1, "{:?}", read.warnings);
    let read = bad("---\ntitle: A\ntitle: B\n---\n");
    assert_eq!(read.fields.title.as_deref(), Some("B"));
    assert!(
        read.warnings[0].starts_with("Front matter, line 3"),
        "{:?}",
        read.warnings
    );

    let read = bad("+++\ntitle = \"A\"\ndate = nonsense\n+++\nBody");
    assert_eq!(read.fields.title.as_deref(), Some("A"));
    assert!(
        read.warnings[0].starts_with("Front matter, line 3, column 8: "),
        "{:?}",
        read.warnings
    );
    assert_eq!(read.body, "Body");

    let read = bad("{\n \"title\": \"A\",\n \"date\": nonsense\n}\nBody");
    assert_eq!(read.fields.title.as_deref(), Some("A"));
    assert!(
        read.warnings[0].starts_with("Front matter, line 3"),
        "{:?}",
        read.warnings
    );
    assert_eq!(read.body, "Body");
}

#[test]
fn unclosed_front_matter_ends_where_prose_begins() {
    for text in [
        "---\ntitle: A\ntags:\n  - a\n\nThe body: it begins.\n",
        "---\ntitle: A\ntags:\n  - a\nThe body.\n",
        "---\ntitle: A\ntags:\n  - a\n\nThe body.\n\n---\n\nMore.\n",
        "+++\ntitle = \"A\"\n\nThe body.\n",
        "---\ntitle: A\n# The body.\n",
    ] {
        let read = bad(text);
        assert_eq!(read.fields.title.as_deref(), Some("A"), "{text:?}");
        assert!(read.body.contains("The body"), "{text:?} {:?}", read.body);
        assert!(!read.body.contains("title"), "{text:?} {:?}", read.body);
        assert!(
            read.warnings[0].contains("never closed"),
            "{:?}",
            read.warnings
        );
    }
    assert!(bad("---\ntitle: A\n\nB\n").warnings[0].contains("line 1: "));
}

#[test]
fn bombs_and_towers_are_refused() {
    let mut bomb = String::from("---\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        let alias = format!("*a{}", n - 1);
        bomb += &format!("a{n}: &a{n} [{}]\n", [alias.as_str(); 9].join(", "));
    }
    bomb += "title: T\n---\nBody";
    let read = bad(&bomb);
    assert_eq!(read.body, "Body");
    assert_eq!(read.fields.title.as_deref(), Some("T"));
    let bomb = bomb.replace("title: T", "title: *a11");
    let read = bad(&bomb);
    assert_eq!(read.fields.title, None);
    for (open, close, mark) in [
        ("title: ", "", "---"),
        ("title = ", "", "+++"),
        ("{\"title\": ", "}", ""),
    ] {
        for n in [1_000, 100_000] {
            let text = format!(
                "{mark}\n{open}{}{}{close}\n{mark}\nBody",
                "[".repeat(n),
                "]".repeat(n)
            );
            let text = text.trim_start();
            let read = bad(text);
            assert!(read.body.contains("Body"), "{mark} {n}");
        }
    }
    let deep = (0..2_000)
        .map(|n| format!("{}a:\n", " ".repeat(n % 200)))
        .collect::<String>();
    bad(&format!("---\ntitle: x\n{deep}---\nBody"));
    let maps = format!("---\ntitle: {}1\n---\nBody", "{a: ".repeat(50_000));
    assert_eq!(bad(&maps).body, "Body");
}

#[test]
fn too_long_front_matter_is_passed_over() {
    let text = format!("---\ntitle: A\nnote: {}\n---\nBody", "x".repeat(LIMIT));
    let read = bad(&text);
    assert_eq!(read.body, "Body");
    assert!(read.warnings[0].contains("256 KB"));
}

proptest! {
    #[test]
    fn no_text_makes_it_fail(text in "(---|\\+\\+\\+|\\{)\n?([a-z]{1,5}[:=] ?[\\[{\"'&*>|-]{0,3}[a-z: \"\\]}]{0,9}\n?){0,8}(---\n)?.{0,20}") {
        if let Some(read) = read(&text, true) {
            prop_assert!(text.ends_with(read.body));
        }
    }

    #[test]
    fn a_quoted_title_comes_back(title in "[ -~äß]{0,40}") {
        let want = crate::story::clean::line(&title);
        prop_assume!(!want.starts_with("[[") && !want.contains(';'));
        let text = format!("---\ntitle: '{}'\n---\n", title.replace('\'', "''"));
        prop_assert_eq!(good(&text).fields.title.unwrap_or_default(), want);
    }
}
