use std::{fs, path::Path};

use proptest::prelude::*;

use super::*;
use crate::ingest::subscription::Followed;

const SMALL: &str = r#"<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.1" xmlns:fz="urn:forumzilla:">
  <head><title>Jane&apos;s feeds</title><dateCreated>Thu, 28 Feb 2019 10:00:00 GMT</dateCreated><ownerId/></head>
  <body>
    <outline text="News" title="News">
      <outline text="World" fz:options='{"a":1}'>
        <outline type="rss" text="The &quot;Guardian&quot;" xmlUrl="https://guardian.example/rss?a=1&amp;b=2" htmlUrl="https://guardian.example/" fz:quickMode="true" description="line one&#10;line two"/>
      </outline>
      <outline type="rss" text="Local" xmlURL="http://local.example/feed"/>
    </outline>
    <outline text="A note without any address"/>
  </body>
</opml>"#;

fn of(text: &str) -> Opml {
    read(text.as_bytes()).unwrap()
}

fn body(text: &str) -> Opml {
    of(&format!("<opml version='2.0'><body>{text}</body></opml>"))
}

fn feeds(opml: &Opml) -> Vec<(String, String)> {
    let all = opml.subscriptions().feeds;
    all.iter()
        .map(|it| (it.folder.join("/"), it.url.clone()))
        .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = pairs
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
    owned.collect()
}

fn comes_back(opml: &Opml) {
    let written = write(opml);
    let again = read(written.as_bytes()).unwrap();
    assert_eq!(&again, opml, "{written}");
    assert_eq!(write(&again), written);
}

#[test]
fn everything_that_a_document_says_is_there() {
    let opml = of(SMALL);
    assert_eq!(opml.version, "1.1");
    assert_eq!(opml.attributes, pairs(&[("xmlns:fz", "urn:forumzilla:")]));
    assert_eq!(
        opml.head,
        pairs(&[
            ("title", "Jane's feeds"),
            ("dateCreated", "Thu, 28 Feb 2019 10:00:00 GMT"),
            ("ownerId", ""),
        ])
    );
    let [news, note] = &opml.outlines[..] else {
        unreachable!("{opml:?}")
    };
    assert_eq!(note.text, "A note without any address");
    assert_eq!(
        (news.text.as_str(), news.title.as_deref()),
        ("News", Some("News"))
    );
    let [world, local] = &news.children[..] else {
        unreachable!("{news:?}")
    };
    assert_eq!(world.title, None);
    assert_eq!(world.attribute("FZ:Options"), Some("{\"a\":1}"));
    assert_eq!(local.xml_url.as_deref(), Some("http://local.example/feed"));
    let guardian = &world.children[0];
    assert_eq!(guardian.text, "The \"Guardian\"");
    assert_eq!(guardian.kind.as_deref(), Some("rss"));
    assert_eq!(
        guardian.xml_url.as_deref(),
        Some("https://guardian.example/rss?a=1&b=2")
    );
    assert_eq!(
        guardian.html_url.as_deref(),
        Some("https://guardian.example/")
    );
    let others = [
        ("fz:quickMode", "true"),
        ("description", "line one\nline two"),
    ];
    assert_eq!(guardian.attributes, pairs(&others));
}

#[test]
fn what_was_written_is_read_as_the_same() {
    comes_back(&of(SMALL));
    comes_back(&Opml::default());
}

/// `RECTO_OPML` names a folder with documents to try.
#[test]
fn documents_of_other_programs_come_back() {
    let Some(folder) = std::env::var_os("RECTO_OPML") else {
        return;
    };
    let mut count = 0;
    for entry in fs::read_dir(Path::new(&folder)).unwrap() {
        let path = entry.unwrap().path();
        let opml = read(&fs::read(&path).unwrap()).unwrap();
        let found = opml.subscriptions();
        assert!(!found.feeds.is_empty(), "{}", path.display());
        comes_back(&opml);
        let back = Opml::of("Feeds", &found.feeds);
        comes_back(&back);
        assert_eq!(back.subscriptions().feeds, found.feeds);
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn broken_markup_is_read_as_far_as_it_can_be() {
    let feed = "<outline type='rss' text='A' xmlUrl='https://a.example/'/>";
    for text in [
        format!("<opml><head><title>x</title><body>{feed}"),
        format!("<opml>{feed}</opml>"),
        feed.to_owned(),
        format!("junk before <opml><body>{feed}"),
        format!("<OPML><BODY>{}</BODY>", feed.replace("outline", "OUTLINE")),
        format!("<opml><body><outline text='R&D & so on'/>{feed}<outline text='never ends"),
        format!("<opml><body></outline></outline>{feed}</body>"),
        "<opml><body><outline type=rss text=A xmlUrl=https://a.example/ ></body>".to_owned(),
        format!("<o:opml><o:body>{}", feed.replace("<outline", "<o:outline")),
    ] {
        let found = feeds(&of(&text));
        assert_eq!(
            found,
            [(String::new(), "https://a.example/".to_owned())],
            "{text}"
        );
    }
    assert_eq!(
        body("<outline text='R&D &amp; &eacute;'/>").outlines[0].text,
        "R&D & é"
    );
}

#[test]
fn encodings_are_told_apart() {
    let text = "<opml><body><outline text='Café'/></body></opml>";
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let wide: Vec<u8> = std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let lying = format!("<?xml version='1.0' encoding='ISO-8859-1'?>{text}");
    for bytes in [text.as_bytes(), &latin, &wide, lying.as_bytes()] {
        assert_eq!(read(bytes).unwrap().outlines[0].text, "Café");
    }
}

#[test]
fn what_is_no_opml_is_told_with_its_line() {
    for (text, line, problem) in [
        ("", 1, OpmlProblem::Other),
        ("just words\n", 1, OpmlProblem::Other),
        (
            "<?xml version='1.0'?>\n\n<rss><channel>",
            3,
            OpmlProblem::Feed,
        ),
        ("<feed xmlns='x'>", 1, OpmlProblem::Feed),
        ("<!DOCTYPE html>\n<html>", 2, OpmlProblem::Page),
        ("{\"version\": 1}", 1, OpmlProblem::Other),
    ] {
        let error = read(text.as_bytes()).unwrap_err();
        assert_eq!((error.line, error.problem), (line, problem), "{text}");
    }
    let many = format!("<opml>\n{}", "<outline/>".repeat(200_001));
    let error = read(many.as_bytes()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 2: the list is too long: 200000 outlines are the most"
    );
}

#[test]
fn texts_are_clean() {
    let opml = body("<outline text='a&#27;[31mb' xmlUrl='https://a.b/&#7;' x='&#x202E;c'/>");
    let outline = &opml.outlines[0];
    assert_eq!(outline.text, "a[31mb");
    assert!(!outline.attributes[0].1.contains('\u{202e}'));
    comes_back(&opml);
}

#[test]
fn feeds_lie_in_the_folders_around_them() {
    assert_eq!(
        feeds(&of(SMALL)),
        pairs(&[
            ("News/World", "https://guardian.example/rss?a=1&b=2"),
            ("News", "http://local.example/feed"),
        ])
    );
    let guardian = of(SMALL).subscriptions().feeds.remove(0);
    assert_eq!(guardian.title, "The \"Guardian\"");
    assert_eq!(guardian.page.as_deref(), Some("https://guardian.example/"));
    assert_eq!(
        guardian.attributes,
        pairs(&[
            ("fz:quickMode", "true"),
            ("description", "line one\nline two"),
            ("xmlns:fz", "urn:forumzilla:"),
        ])
    );
    assert_eq!(
        Opml::of("Feeds", [&guardian]).attributes,
        pairs(&[("xmlns:fz", "urn:forumzilla:")])
    );
}

#[test]
fn a_category_is_a_folder_where_there_is_no_other() {
    let found = feeds(&body(
        "<outline xmlUrl='https://a.b/1' category='tech,/News/World,/Other'/>\
         <outline xmlUrl='https://a.b/2' category='tech,news'/>\
         <outline text='In'><outline xmlUrl='https://a.b/3' category='/Out'/></outline>",
    ));
    assert_eq!(
        found,
        pairs(&[
            ("News/World", "https://a.b/1"),
            ("", "https://a.b/2"),
            ("In", "https://a.b/3"),
        ])
    );
}

#[test]
fn a_feed_is_taken_once_and_commands_never() {
    let found = body(
        "<outline text='A' xmlUrl='https://a.b/1'/><outline text='B' xmlUrl='http://a.b/1'/>\
         <outline text='C' xmlUrl='exec:rm -rf ~'/><outline xmlUrl='|curl x'/>\
         <outline text='D' xmlUrl='filter:~/x:https://a.b/2'/><outline text='E' xmlUrl='file:///etc/passwd'/>\
         <outline text='F' type='link' url='https://a.b/page'/><outline text='G' type='rss' url='https://a.b/4'/>\
         <outline text='H' xmlUrl=''/><outline text='I' xmlUrl='a.b/5'><outline text='J' xmlUrl='feed://a.b/6'/></outline>",
    )
    .subscriptions();
    let urls: Vec<_> = found.feeds.iter().map(|it| it.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "https://a.b/1",
            "https://a.b/4",
            "https://a.b/5",
            "https://a.b/6"
        ]
    );
    assert_eq!(found.feeds[3].folder, ["I"]);
    assert_eq!(found.repeated, 1);
    let refused: Vec<_> = found.refused.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(refused, ["C", "|curl x", "D", "E"]);
}

#[test]
fn titles_in_html_are_words() {
    let found = body(
        "<outline text='&lt;b&gt;Bold&lt;/b&gt; &amp;amp; news' xmlUrl='https://a.b/'/>\
         <outline text='Vec&lt;T&gt;' xmlUrl='https://a.b/1'/><outline xmlUrl='https://a.b/2'/>",
    );
    let titles: Vec<_> = found
        .subscriptions()
        .feeds
        .into_iter()
        .map(|it| it.title)
        .collect();
    assert_eq!(titles, ["Bold & news", "Vec<T>", ""]);
    comes_back(&found);
}

#[test]
fn depth_has_an_end_and_no_feed_is_lost() {
    let deep = 3000;
    let mut text = String::new();
    for n in 0..deep {
        text += &format!("<outline text='f{n}'><outline text='x' xmlUrl='https://a.b/{n}'/>");
    }
    text += &"</outline>".repeat(deep);
    text += "<outline text='last' xmlUrl='https://a.b/last'/>";
    let opml = body(&text);
    let found = opml.subscriptions().feeds;
    assert_eq!(found.len(), deep + 1);
    assert!(found.iter().all(|it| it.folder.len() <= read::DEEPEST));
    assert_eq!(found[deep].folder, [""; 0]);
    comes_back(&opml);
    // Never closed, each lies in the one before.
    let open = "<outline text='x' xmlUrl='https://a.b/'>".repeat(100_000);
    assert_eq!(body(&open).subscriptions().repeated, 99_999);
}

#[test]
fn a_list_becomes_a_document_and_a_list_again() {
    let feed = |url: &str, title: &str, folder: &[&str]| Followed {
        url: url.to_owned(),
        title: title.to_owned(),
        page: None,
        folder: folder.iter().map(|it| (*it).to_owned()).collect(),
        attributes: pairs(&[("type", "atom"), ("fz:x", "<&\"'>\n")]),
    };
    let list = [
        feed("https://a.b/1", "One & only", &[]),
        feed("https://a.b/2", "<b>not bold</b> &amp;", &["A/B", "C"]),
        feed("https://a.b/3", "", &["A/B", "C"]),
        feed("https://a.b/4", "Vec<T>", &["A/B"]),
        feed("https://a.b/5", "Five", &["C"]),
    ];
    let opml = Opml::of("Feeds", &list);
    assert_eq!(opml.outlines.len(), 3);
    assert_eq!(opml.outlines[1].children.len(), 2, "a folder is there once");
    let again = read(write(&opml).as_bytes()).unwrap();
    assert_eq!(again, opml);
    assert_eq!(again.subscriptions().feeds, list);
}

fn outlines() -> impl Strategy<Value = Outline> {
    let text = "\\PC{0,8}|[&<>\"'\n a;#x0-9]{0,12}";
    let leaf = (
        text,
        prop::option::of(text),
        prop::option::of(text),
        prop::collection::vec(("[a-z]{1,3}(:[A-Z]{1,2})?", text), 0..3),
    )
        .prop_map(|(text, title, xml_url, attributes)| Outline {
            text,
            title,
            xml_url,
            attributes,
            ..Outline::default()
        });
    leaf.prop_recursive(4, 30, 4, |inner| {
        (inner.clone(), prop::collection::vec(inner, 0..4)).prop_map(|(outline, children)| {
            Outline {
                children,
                ..outline
            }
        })
    })
}

proptest! {
    /// Written and read once, a tree is clean; from then on nothing changes any more.
    #[test]
    fn any_tree_comes_back(outlines in prop::collection::vec(outlines(), 0..4)) {
        let opml = Opml { outlines, ..Opml::default() };
        let clean = read(write(&opml).as_bytes()).unwrap();
        comes_back(&clean);
        let list = clean.subscriptions().feeds;
        let back = Opml::of("Feeds", &list);
        comes_back(&back);
        prop_assert_eq!(back.subscriptions().feeds.len(), list.len());
    }

    #[test]
    fn anything_is_read_to_its_end(text in "(<outline|</outline>|<opml>|text=|xmlUrl='|\"|'|>|/>|<!--|&| |a){0,60}") {
        if let Ok(opml) = read(text.as_bytes()) {
            comes_back(&opml);
        }
    }
}
