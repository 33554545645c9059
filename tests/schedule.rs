//! Feeds that are asked by the clock, while somebody sits there.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/server.rs"]
mod server;
mod support;

use server::{Server, page};
use support::{Folder, Recto};

/// The program on a screen so wide, with what lies in a folder: the settings, the data, the library.
fn start(folder: &Folder, width: u16) -> Recto {
    let [config, data, library] = ["config.toml", "data", "lib"].map(|it| folder.path(it));
    Recto::start(
        (width, 30),
        [
            "--config".as_ref(),
            config.as_os_str(),
            "--data".as_ref(),
            data.as_os_str(),
            "--library".as_ref(),
            library.as_os_str(),
        ],
    )
}

#[test]
fn new_stories_come_in_by_themselves_and_the_terminal_tells_of_them() {
    let feed = "<rss><channel><title>Harbour</title><item><title>Anchors; a&#27;]0;b</title></item>\
                <item><title>Bells</title></item></channel></rss>";
    let server = Server::saying(page("", feed));
    let settings = format!(
        "refresh = \"30m\"\nnotify = true\n[[feed]]\nurl = \"{}feed\"\n[[rule]]\nwhen = \
         \"title:anchors\"\ndo = [\"notify\"]\n",
        server.url
    );
    let folder = Folder::new().with("config.toml", settings).with_story(
        "lib/a.md",
        "Tides",
        "2026-01-01",
        "Of the shelf.",
    );
    let mut recto = start(&folder, 120);
    recto.wait_for("Bells");
    recto.wait_for_bytes("\x1b]9;2 new stories: Anchors");
    let bytes = String::from_utf8_lossy(&recto.bytes()).into_owned();
    // What a title says is never an order to the terminal.
    assert!(!bytes.contains("\x1b]0;"), "{bytes:?}");
    assert_eq!(server.asked().len(), 1);
    recto.press("q");
    recto.wait_clean_exit();
}

#[test]
fn where_nothing_came_from_feeds_yet_the_list_says_how_to_ask_them() {
    let feed =
        "<rss><channel><title>Harbour</title><item><title>Bells</title></item></channel></rss>";
    let server = Server::saying(page("", feed));
    let settings = format!("[[feed]]\nurl = \"{}feed\"\n", server.url);
    let folder = Folder::new().with("config.toml", settings);
    std::fs::create_dir(folder.path("lib")).unwrap();
    let mut recto = start(&folder, 120);
    recto.wait_for("Nothing came from your feeds yet.");
    recto.press("R");
    recto.wait_for("Bells");
}

#[test]
fn settings_hold_from_the_moment_on_that_they_are_written() {
    let feed =
        "<rss><channel><title>Harbour</title><item><title>Bells</title></item></channel></rss>";
    let server = Server::saying(page("", feed));
    let folder = Folder::new()
        .with("config.toml", "refresh = \"never\"\n")
        .with_story("lib/a.md", "Tides", "2026-01-01", "Of the shelf.");
    let config = folder.path("config.toml");
    let mut recto = start(&folder, 160);
    recto.wait_for("Tides");
    let feed = format!("[[feed]]\nurl = \"{}feed\"\n", server.url);
    std::fs::write(&config, &feed).unwrap();
    recto.wait_for("The settings were written, and hold now.");
    recto.press("h");
    recto.wait_for("Folders and feeds");
    assert_eq!(server.asked().len(), 0);
    // Nobody waits for the next look at the clock.
    std::fs::write(&config, format!("refresh = \"30m\"\n{feed}")).unwrap();
    recto.wait_for("Bells");
    std::fs::write(&config, format!("refresh = \"often\"\n{feed}")).unwrap();
    recto.wait_for("The settings hold now, but for this:");
    std::fs::write(&config, "[[feed\n").unwrap();
    recto.wait_for("Nothing that the settings file says holds now: ");
    // As they were before, and that is said.
    std::fs::write(&config, &feed).unwrap();
    recto.wait_for("nothing is wrong with them any more");
    std::fs::write(&config, format!("{feed}colour = 3\n")).unwrap();
    recto.wait_for("The settings hold now, but for this:");
    std::fs::write(&config, format!("{feed}\n")).unwrap();
    recto.wait_for("Nothing is wrong with the settings any more.");
    std::fs::write(&config, format!("{feed}name = \"The Port\"\n")).unwrap();
    recto.wait_for("The Port");
    recto.press("hG");
    recto.wait_until("the feed is chosen", |it| it.chosen().contains("The Port"));
    recto.press("e");
    recto.wait_for("call it");
    recto.press("x<enter>");
    recto.wait_for("“The Port” is not renamed: the settings say its name, from line 1 of");
    // What finds stories by a folder is not left to find none.
    recto.press("M");
    recto.wait_for("folder");
    recto.press("News<enter>");
    recto.wait_for("Moved “The Port”");
    let search = "[[search]]\nname = \"new\"\nquery = \"folder:=News is:unread\"\n";
    std::fs::write(&config, format!("{feed}{search}")).unwrap();
    // The feed goes by its own title where the settings do not call it otherwise.
    recto.wait_until("it goes by its title", |it| it.chosen().contains("Harbour"));
    recto.press("k");
    recto.wait_until("the folder is chosen", |it| it.chosen().contains("News"));
    recto.press("e");
    recto.wait_for("call it");
    recto.press("x<enter>");
    recto.wait_for("News is not renamed: the search “new” names it, from line 3 of");
    // Nor by what is taken back.
    std::fs::write(&config, &feed).unwrap();
    recto.wait_for("The settings were written, and hold now.");
    recto.press("e");
    recto.wait_for("call it");
    recto.press("s<enter>");
    recto.wait_for("Renamed the folder “News” to “Newss”");
    std::fs::write(
        &config,
        format!("{feed}{}", search.replace("News", "Newss")),
    )
    .unwrap();
    recto.wait_for("The settings were written, and hold now.");
    recto.press("u");
    recto.wait_for(
        "Not undone: renamed the folder “News” to “Newss”: the search “new” names it, from line 3",
    );
    std::fs::remove_file(&config).unwrap();
    recto.wait_for("The settings file is gone");
    recto.press("qq");
    recto.wait_clean_exit();
}
