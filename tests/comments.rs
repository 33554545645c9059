//! What stands after a story of a feed: its comments, read here; its files; stories to go on with.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

mod common;
#[path = "support/server.rs"]
mod server;

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use common::{Reading, story};
use recto::{
    app::{Column, Effect},
    library::Input,
    view::{Background, Depth, Paper, Theme},
};
use server::{Server, page};
use tempfile::TempDir;

const FIRST: &str = "<item><guid isPermaLink='false'>1</guid><dc:creator>Ann</dc:creator><pubDate>Mon, 16 Nov 2026 08:00:00 GMT\
    </pubDate><content:encoded>&lt;p&gt;The quay was &lt;em&gt;never&lt;/em&gt; this wide.&lt;/p&gt;\
    </content:encoded></item>";
const SECOND: &str = "<item><guid isPermaLink='false'>2</guid><dc:creator>Ben</dc:creator><pubDate>Mon, 16 Nov 2026 09:00:00 GMT\
    </pubDate><thr:in-reply-to ref='1'/><description>It was, before\u{1b}[31m the fire of &lt;a \
    href='https://example.org/fire'&gt;1911&lt;/a&gt;.</description></item>";
const THIRD: &str = "<item><guid isPermaLink='false'>3</guid><dc:creator>Cem</dc:creator><pubDate>Tue, 17 Nov 2026 09:00:00 GMT\
    </pubDate><description>A fine walk.</description></item>";
const FOURTH: &str = "<item><guid isPermaLink='false'>4</guid><dc:creator>Dora</dc:creator><pubDate>Wed, 18 Nov 2026 09:00:00 GMT\
    </pubDate><thr:in-reply-to ref='2'/><description>My grandmother saw it.</description></item>";

/// A server with a feed of stories and the comments on the first of them, which a test sets; none: it fails.
struct Publisher {
    server: Server,
    comments: Arc<Mutex<Vec<&'static str>>>,
}

impl Publisher {
    fn new(comments: &[&'static str]) -> Self {
        let comments = Arc::new(Mutex::new(comments.to_vec()));
        let given = Arc::clone(&comments);
        let server = Server::new(move |path, asked, stream| {
            let host = asked.iter().find_map(|it| it.strip_prefix("host: "));
            let host = host.unwrap_or_default();
            let comments = given.lock().unwrap();
            let answer = match path {
                "/feed" => page("", &feed(host)),
                "/comments" if comments.is_empty() => {
                    "HTTP/1.1 503 N\r\nContent-Length: 0\r\n\r\n".into()
                }
                "/comments" => page(
                    "",
                    &format!(
                        "<rss xmlns:thr='http://purl.org/syndication/thread/1.0'><channel><title>C</title>\
                         {}</channel></rss>",
                        comments.concat()
                    ),
                ),
                _ => "HTTP/1.1 404 N\r\nContent-Length: 0\r\n\r\n".into(),
            };
            let _ = stream.write_all(answer.as_bytes());
        });
        Publisher { server, comments }
    }

    fn has(&self, comments: &[&'static str]) {
        *self.comments.lock().unwrap() = comments.to_vec();
    }

    /// How often the comments were asked for.
    fn asked(&self) -> usize {
        let asked = self.server.asked();
        asked
            .iter()
            .filter(|it| it[0].contains("/comments"))
            .count()
    }

    /// A reader in front of the stories of the feed, on a shelf with another one.
    fn reader(&self, size: (u16, u16)) -> Reading {
        let folder = TempDir::new().unwrap();
        let lamps = story(
            "Lamps of the Harbour",
            "2026-08-01",
            "The lampwright and the harbourmaster quarrelled.",
        );
        common::write(folder.path(), &[("lamps.md", &*lamps)]);
        let inputs = vec![Input::Path(folder.path().to_owned()), Input::Feeds];
        let theme = Theme::new(Depth::Sixteen, Background::Unknown, Paper::Terminal);
        let mut reading = Reading::start(folder, inputs, size, theme);
        let address = String::from(self.server.url.join("feed").unwrap());
        reading.press("a").paste(&address).press("<ret>g");
        assert_eq!(reading.title(), "The Harbour Walk");
        reading
    }
}

fn feed(host: &str) -> String {
    format!(
        "<rss xmlns:wfw='http://wellformedweb.org/CommentAPI/'><channel><title>Harbour News</title>\
         <item><guid isPermaLink='false'>a</guid><title>The Harbour Walk</title>\
         <link>https://example.org/walk</link><pubDate>Thu, 19 Nov 2026 08:00:00 GMT</pubDate>\
         <description>The lampwright walked with the harbourmaster.</description>\
         <wfw:commentRss>http://{host}/comments</wfw:commentRss><slash:comments>3</slash:comments>\
         <enclosure url='https://example.org/walk.mp3' type='audio/mpeg' length='24150000'/></item>\
         <item><guid isPermaLink='false'>b</guid><title>Bells</title><link>https://example.org/bells</link>\
         <pubDate>Wed, 18 Nov 2026 08:00:00 GMT</pubDate><description>Ding.</description>\
         <comments>https://example.org/bells#comments</comments></item>\
         <item><guid isPermaLink='false'>c</guid><title>Anchors</title>\
         <pubDate>Tue, 17 Nov 2026 08:00:00 GMT</pubDate><description>Iron.</description></item>\
         </channel></rss>"
    )
}

/// The label of what a link says.
fn label(reading: &Reading, nth: usize) -> String {
    reading.model().labels.as_ref().unwrap().all[nth]
        .keys
        .clone()
}

#[test]
fn a_story_ends_with_its_comments_files_and_stories_to_go_on_with() {
    let publisher = Publisher::new(&[FIRST]);
    let mut reading = publisher.reader((120, 34));
    reading.press("<ret>");
    insta::assert_snapshot!(reading.screen());
    // Nothing was fetched for that.
    assert_eq!(publisher.asked(), 0);
    // Page, comments, file, two of the week, one alike.
    reading.press("f");
    let week = label(&reading, 3);
    reading.press(&week);
    assert_eq!(reading.open_title(), "Bells");
    reading.press("<ctrl-o>");
    assert_eq!(reading.open_title(), "The Harbour Walk");
    reading.press("f");
    let alike = label(&reading, 5);
    reading.press(&alike);
    assert_eq!(reading.open_title(), "Lamps of the Harbour");
}

#[test]
fn a_file_is_opened_by_its_type() {
    let publisher = Publisher::new(&[FIRST]);
    let mut reading = publisher.reader((120, 34));
    reading.press("<ret>f");
    let file = label(&reading, 2);
    let mut effects = Vec::new();
    for key in file.chars() {
        let key = key.to_string().parse().unwrap();
        let pressed = recto::app::Message::KeyPressed(key);
        effects.extend(reading.session.model.update(pressed));
    }
    let url = "https://example.org/walk.mp3".to_owned();
    let media_type = Some("audio/mpeg".to_owned());
    assert!(effects.contains(&Effect::OpenFile { url, media_type }));
}

#[test]
fn comments_are_fetched_read_folded_and_left_again() {
    let publisher = Publisher::new(&[THIRD, SECOND, FIRST]);
    let mut reading = publisher.reader((120, 30));
    reading.press("<ret>");
    let before = reading.screen();
    reading.press("c");
    insta::assert_snapshot!(reading.screen());
    reading.assert_shows("3 comments");
    // Folded, and opened again.
    reading.press("<ret>");
    let first = label(&reading, 0);
    reading.press(&first).assert_hides("before the fire");
    reading.assert_shows("A fine walk.");
    reading.press("<ret>");
    let first = label(&reading, 0);
    reading
        .press(&first)
        .assert_shows("before[31m the fire of 1911.");
    // A search is one in the comments.
    reading
        .press("/grandm<esc>")
        .press("/fine<ret>")
        .assert_shows("1 of 1");
    reading.press("<esc>").assert_shows("3 comments");
    reading
        .press("v")
        .assert_shows("these are comments; c goes back to the story");
    reading.press("c");
    assert_eq!(reading.screen(), before);
    reading.press("c").press("<esc>");
    assert_eq!(reading.screen(), before);
    assert_eq!(reading.model().focus, Column::Reader);
}

#[test]
fn those_that_came_since_the_last_visit_are_marked() {
    let publisher = Publisher::new(&[THIRD, SECOND, FIRST]);
    let mut reading = publisher.reader((120, 30));
    reading.press("<ret>c").assert_hides("● Ann");
    publisher.has(&[FOURTH, THIRD, SECOND]);
    reading.press("cc").assert_shows("4 comments, 1 new");
    reading.assert_shows("● Dora · 18 November 2026");
    // What is no longer in the feed stays.
    reading.assert_shows("The quay was never this wide.");
    reading.press("cc").assert_shows("4 comments");
    reading.assert_hides("● Dora");
}

#[test]
fn those_that_were_read_once_are_there_without_a_server() {
    let publisher = Publisher::new(&[]);
    let mut reading = publisher.reader((120, 30));
    let before = reading.press("<ret>").open_title();
    reading.press("c").assert_shows("127.0.0.1 answered 503");
    assert_eq!(reading.open_title(), before);
    publisher.has(&[FIRST]);
    reading.press("c").assert_shows("1 comment");
    publisher.has(&[]);
    reading
        .press("cc")
        .assert_shows("The quay was never this wide.");
    reading.assert_shows("Only the comments of before: 127.0.0.1 answered 503");
}

#[test]
fn a_page_of_comments_is_offered_to_the_browser() {
    let publisher = Publisher::new(&[FIRST]);
    let mut reading = publisher.reader((120, 30));
    reading.press("j<ret>c");
    reading.assert_shows("The comments are on a page: open it in the browser? y/n");
    reading.press("n").assert_hides("y/n");
    reading.press("<esc>j<ret>c");
    reading.assert_shows("This story says nothing of where its comments are.");
}
