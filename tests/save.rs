//! Keeping pages by `recto save`: from servers on loopback that do not behave, from files, and from programs
//! that are ended in the middle of it.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/server.rs"]
mod server;
#[path = "support/mod.rs"]
mod support;

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use image::{ImageFormat, RgbImage};
use server::{Server, page};
use support::Recto;
use tempfile::TempDir;

/// A reader's home: a shelf that is named, and a database.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("shelf")).unwrap();
        Home { folder }
    }

    fn shelf(&self) -> PathBuf {
        self.folder.path().join("shelf")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_recto"));
        command
            .args(words)
            .env("RECTO_DATA", self.folder.path().join("data"))
            .env("RECTO_LIBRARY", self.shelf())
            .env("RECTO_CONFIG", self.folder.path().join("config.toml"))
            .env("TZ", "UTC")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        let config = self.folder.path().join("config.toml");
        if !config.exists() {
            fs::write(config, "").unwrap();
        }
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs a command that is to succeed; gives what it printed.
    fn done(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let complained = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {complained}");
        String::from_utf8(output.stdout).unwrap() + &complained
    }

    /// The files below the shelf, by their paths.
    fn files(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut folders = vec![self.shelf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => {
                        let path = path.strip_prefix(self.shelf()).unwrap();
                        found.insert(path.to_string_lossy().into_owned());
                    }
                }
            }
        }
        found
    }

    /// The same without what was set aside.
    fn live(&self) -> BTreeSet<String> {
        let files = self.files().into_iter();
        files.filter(|it| !it.starts_with(".trash/")).collect()
    }

    /// The only Markdown file of the shelf.
    fn text(&self) -> String {
        let files = self.live();
        let mut texts = files.iter().filter(|it| it.ends_with(".md"));
        let (Some(text), None) = (texts.next(), texts.next()) else {
            panic!("{files:?}");
        };
        fs::read_to_string(self.shelf().join(text)).unwrap()
    }
}

fn failed(output: &Output, code: i32) -> String {
    let complained = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{complained}");
    complained
}

fn png(red: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = RgbImage::from_pixel(8, 8, image::Rgb([red, 0, 0]));
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn words(count: usize) -> String {
    (0..count).map(|it| format!("word{it} ")).collect()
}

fn article(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>\
         <p>{}</p>{body}</article></body></html>",
        words(60)
    )
}

fn send(stream: &mut impl Write, kind: &str, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\nContent-Type: {kind}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body);
}

fn html(title: &str, body: &str) -> String {
    page("Content-Type: text/html\r\n", &article(title, body))
}

#[test]
fn a_page_is_kept_with_its_pictures_and_updated_in_its_place() {
    let round = Arc::new(AtomicUsize::new(0));
    let given = Arc::clone(&round);
    let server = Server::new(move |path, _, stream| match path {
        "/knots" => {
            let body = match given.load(Ordering::SeqCst) {
                0 => {
                    "<p><img src='/a.png' alt='A knot'> <img src=/none.png> <img src=/text.png></p>"
                }
                _ => "<p>Changed. <img src='/b.png' alt='Another'></p>",
            };
            send(
                stream,
                "text/html; charset=utf-8",
                article("The Knot: a Story", body).as_bytes(),
            );
        }
        "/moved" => {
            let _ = stream.write_all(
                b"HTTP/1.1 302 F\r\nLocation: /knots\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
        "/a.png" => send(stream, "image/png", &png(1)),
        "/b.png" => send(stream, "image/png", &png(2)),
        "/text.png" => send(stream, "image/png", b"no picture"),
        _ => drop(
            stream.write_all(b"HTTP/1.1 404 N\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        ),
    });
    let home = Home::new();
    let address = server.url.join("moved").unwrap();
    let said = home.done(&["save", address.as_str()]);
    assert!(said.starts_with("saved “The Knot: a Story”  "), "{said}");
    assert!(said.contains("none.png") && said.contains("404"), "{said}");
    assert!(said.contains("text.png: this is no picture"), "{said}");
    let text = home.text();
    let link = server.url.join("knots").unwrap();
    assert!(text.contains(&format!("url: \"{link}\"\n")), "{text}");
    assert!(text.contains("\nsaved: 20"), "{text}");
    let files = home.files();
    let picture = files.iter().find(|it| it.ends_with(".png")).unwrap();
    let beside = picture.strip_prefix("saved/").unwrap();
    assert!(text.contains(&format!("![A knot]({beside})")), "{text}");
    assert_eq!(files.len(), 2, "{files:?}");
    assert_eq!(fs::read(home.shelf().join(picture)).unwrap(), png(1));
    // What is done with it stays when it is kept once more.
    home.done(&["mark", "knot", "--star"]);
    assert!(
        home.done(&["save", link.as_str()])
            .starts_with("unchanged “The Knot")
    );
    round.store(1, Ordering::SeqCst);
    let said = home.done(&["save", link.as_str(), "--json"]);
    let told: serde_json::Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    assert_eq!(told["status"], "updated");
    assert_eq!(told["pictures"], 1);
    let files = home.live();
    assert_eq!(files.len(), 2, "{files:?}");
    let picture = files.iter().find(|it| it.ends_with(".png")).unwrap();
    assert_eq!(fs::read(home.shelf().join(picture)).unwrap(), png(2));
    assert!(home.text().contains("Changed."));
    assert_eq!(home.done(&["list", "is:starred", "--count"]).trim(), "1");
    assert_eq!(home.done(&["list", "--count"]).trim(), "1");
}

#[test]
fn pictures_have_limits_and_the_lead_image_comes_first() {
    let server = Server::new(|path, _, stream| match path {
        "/many" => {
            let body: String = (0..70)
                .map(|it| format!("<p><img src=/p{it}.png></p>"))
                .collect();
            let lead = "<meta property='og:image' content='/lead.png'>";
            let html = article("Many", &body).replace("<head>", &format!("<head>{lead}"));
            send(stream, "text/html", html.as_bytes());
        }
        "/p1.png" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n");
            let zeros = vec![0; 1 << 20];
            while stream.write_all(&zeros).is_ok() {}
        }
        _ => {
            let number: u8 = path
                .bytes()
                .filter(u8::is_ascii_digit)
                .fold(0, |sum, it| sum.wrapping_mul(10).wrapping_add(it - b'0'));
            send(stream, "image/png", &png(number));
        }
    });
    let home = Home::new();
    let said = home.done(&["save", server.url.join("many").unwrap().as_str()]);
    assert!(
        said.contains("p1.png: 127.0.0.1 sends more than 10 MB"),
        "{said}"
    );
    assert!(
        said.contains("only the first 60 pictures are kept"),
        "{said}"
    );
    let text = home.text();
    assert!(
        text.contains("image: \"20") && text.contains("lead-"),
        "{text}"
    );
    // The lead image and p0 to p58, without p1.
    assert_eq!(home.files().len(), 1 + 59);
    assert!(text.contains(server.url.join("p59.png").unwrap().as_str()));
}

#[test]
fn what_is_no_story_is_a_link_and_what_is_no_page_is_none() {
    let server = Server::new(|path, _, stream| match path {
        "/form" => send(stream, "text/html", b"<title>Log [in]</title><p>Your name?"),
        "/feed" => send(
            stream,
            "text/xml",
            b"<rss><channel><title>F</title></channel></rss>",
        ),
        "/a.pdf" => send(stream, "application/pdf", b"%PDF-1.7\n\0\0\0"),
        "/latin" => send(
            stream,
            "text/html; charset=iso-8859-1",
            article("Fa\u{e7}ade", "")
                .chars()
                .map(|c| c as u8)
                .collect::<Vec<_>>()
                .as_slice(),
        ),
        "/notes.md" => send(stream, "text/markdown", b"# Notes\n\n[b](b.md)\n"),
        "/slow" => std::thread::sleep(Duration::from_millis(50)),
        _ => drop(
            stream.write_all(b"HTTP/1.1 404 N\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        ),
    });
    let home = Home::new();
    let at = |path: &str| server.url.join(path).unwrap().to_string();
    let said = home.done(&["save", &at("form")]);
    assert!(
        said.starts_with("saved as a link, for there is no story on this page: “Log [in]”"),
        "{said}"
    );
    assert!(home.text().contains(&format!("[Log in](<{}>)", at("form"))));
    let complained = failed(
        &home.run(&[
            "save",
            &at("feed"),
            &at("a.pdf"),
            &at("none"),
            "ftp.md",
            &at("latin"),
            &at("notes.md"),
        ]),
        1,
    );
    assert!(
        complained.contains("feed: this is a feed, not a page"),
        "{complained}"
    );
    assert!(
        complained.contains("a.pdf:") && complained.contains("not a text"),
        "{complained}"
    );
    assert!(
        complained.contains("none: 127.0.0.1 answered 404"),
        "{complained}"
    );
    assert!(
        complained.contains("ftp.md: there is no such file"),
        "{complained}"
    );
    let listed = home.done(&["list"]);
    assert!(
        listed.contains("Façade") && listed.contains("Notes"),
        "{listed}"
    );
    let text = home.done(&["show", "Notes", "--format", "markdown"]);
    assert!(text.contains(&format!("[b]({})", at("b.md"))), "{text}");
    failed(&home.run(&["save"]), 2);
    failed(
        &home.run(&["save", "--base-url", "https://e.org/", &at("form")]),
        2,
    );
}

#[test]
fn a_copy_has_what_was_done_with_the_story_it_was_made_from() {
    let home = Home::new();
    let plain = home.folder.path().join("plain");
    fs::create_dir(&plain).unwrap();
    fs::write(
        plain.join("tides.md"),
        "# Tides\n\nThey turn twice a day.\n",
    )
    .unwrap();
    fs::write(plain.join("ropes.md"), "# Ropes\n\nThey are laid.\n").unwrap();
    let data = home.folder.path().join("data");
    let open = |path: &str| {
        let (data, shelf) = (data.to_str().unwrap(), home.shelf());
        let words = ["--data", data, "--library", shelf.to_str().unwrap(), path];
        let words: Vec<&str> = words.into_iter().filter(|it| !it.is_empty()).collect();
        Recto::start((100, 24), words)
    };
    let mut recto = open(plain.to_str().unwrap());
    recto.wait_for("Tides");
    recto.press("/tides<enter>");
    recto.wait_until("the story to be chosen", |it| it.chosen().contains("Tides"));
    recto.press("s");
    recto.wait_for("★");
    recto.press("<enter>");
    recto.wait_for("v select");
    recto.press("v");
    recto.wait_for("enter highlight");
    recto.press("<enter>");
    recto.wait_for("✎");
    recto.press("S");
    recto.wait_for("Saved (u undoes it)");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
    let titles = |query| {
        let listed = home.done(&["list", query, "--json"]);
        let rows = listed.lines().map(|it| serde_json::from_str(it).unwrap());
        let title = |row: serde_json::Value| row["title"].as_str().unwrap().to_owned();
        rows.map(title).collect::<BTreeSet<String>>()
    };
    let set = |titles: &[&str]| titles.iter().map(|it| (*it).to_owned()).collect();
    let (one, both): (BTreeSet<String>, BTreeSet<String>) =
        (set(&["Tides"]), set(&["Ropes", "Tides"]));
    assert_eq!(titles("is:starred"), one);
    let notes = home.done(&["export", "notes"]);
    assert_eq!(
        notes.matches("They turn twice a day.").count(),
        1,
        "{notes}"
    );
    // A shell's save does the same, and is a step of the library as well.
    home.done(&[
        "mark",
        "--library",
        plain.to_str().unwrap(),
        "--star",
        "--tag",
        "hemp",
        "Ropes",
    ]);
    home.done(&["save", plain.join("ropes.md").to_str().unwrap()]);
    assert_eq!(titles("is:starred"), both);
    assert_eq!(titles("tag:hemp"), set(&["Ropes"]));
    let mut recto = open("");
    recto.wait_for("Ropes");
    recto.press("u");
    recto.wait_for("lies in .trash now");
    assert_eq!(titles("is:starred"), one);
    recto.press("<ctrl-r>");
    recto.wait_for("is as it was");
    assert_eq!(titles("is:starred"), both);
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
}

#[test]
fn a_dead_link_offers_the_copy_that_was_kept() {
    let alive = Arc::new(AtomicUsize::new(1));
    let given = Arc::clone(&alive);
    let server = Server::new(move |_, _, stream| {
        let answer = match given.load(Ordering::SeqCst) {
            1 => html("Here", ""),
            _ => "HTTP/1.1 410 G\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        };
        let _ = stream.write_all(answer.as_bytes());
    });
    let home = Home::new();
    let address = server.url.join("here").unwrap();
    home.done(&["save", address.as_str()]);
    alive.store(0, Ordering::SeqCst);
    let complained = failed(&home.run(&["save", address.as_str()]), 1);
    assert!(complained.contains("answered 410"), "{complained}");
    assert!(
        complained.contains("you have a copy") && complained.contains("-here.md"),
        "{complained}"
    );
    for words in [&["show", address.as_str()][..], &[address.as_str()]] {
        let complained = failed(&home.run(words), 1);
        assert!(complained.contains("answered 410"), "{complained}");
        assert!(complained.contains("you have a copy"), "{complained}");
    }
}

#[test]
fn a_page_that_only_sends_its_reader_on_is_followed() {
    let server = Server::new(|path, _, stream| {
        let leads = |wait: &str, to: &str, text: &str| {
            let refresh = format!("<meta http-equiv=Refresh content=\"{wait};URL='{to}'\">");
            let html = format!("<!doctype html><title>Moved</title>{refresh}<p>{text}</p>");
            page("Content-Type: text/html\r\n", &html)
        };
        let body = match path {
            "/moved" => leads("0", "/story", "Moved."),
            "/later" => leads("30", "/story", "Wait."),
            "/ring" => leads("0", "/rings", "Moved."),
            "/rings" => leads("0", "/ring", "Moved."),
            "/ticker" => html("Ticker", "<p>It ticks.</p>").replace(
                "<title>",
                "<meta http-equiv=refresh content='1;url=/story'><title>",
            ),
            _ => html("Tides", "<p>They come and go.</p>"),
        };
        let _ = stream.write_all(body.as_bytes());
    });
    let home = Home::new();
    let at = |path: &str| server.url.join(path).unwrap().to_string();
    assert!(home.done(&["save", &at("moved")]).contains("saved “Tides”"));
    assert!(
        home.done(&["save", &at("later")])
            .contains("saved as a link")
    );
    assert!(
        home.done(&["save", &at("ticker")])
            .contains("saved “Ticker”")
    );
    let told = failed(&home.run(&["save", &at("ring")]), 1);
    assert!(told.contains("does not end"), "{told}");
}

#[test]
fn a_public_page_leads_nobody_home() {
    // The page itself lies at home; a picture of another name at home is not asked for.
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hits);
    let other = Server::new(move |_, _, _| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let picture = format!("http://localhost:{}/a.png", other.url.port().unwrap());
    let server = Server::new(move |_, _, stream| {
        let body = html("Trap", &format!("<img src='{picture}'>"));
        let _ = stream.write_all(body.as_bytes());
    });
    let home = Home::new();
    let said = home.done(&["save", server.url.join("a").unwrap().as_str()]);
    assert!(said.contains("is private; type its address"), "{said}");
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

#[test]
fn files_and_streams_are_kept_as_well() {
    let home = Home::new();
    let write = |name: &str, bytes: &[u8]| {
        let path = home.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    write("in/a.md", b"---\ntitle: Anchors\nauthor: Ada\ndate: 2020-02-03\ntags: [sea]\n---\nSee ![p](img/p.png) ![q](../q.png).\n");
    write("in/img/p.png", &png(7));
    write("q.png", &png(8));
    write("b.txt", b"Bells\n\nThey ring.\n");
    let said = home.done(&["save", "in/a.md", "b.txt"]);
    assert!(
        said.contains("../q.png: there is no such file beside the story"),
        "{said}"
    );
    let files = home.files();
    let text = files.iter().find(|it| it.contains("anchors.md")).unwrap();
    assert_eq!(text, "saved/2020-02-03-anchors.md");
    let text = fs::read_to_string(home.shelf().join(text)).unwrap();
    assert!(
        text.contains("authors: [\"Ada\"]\npublished: 2020-02-03\n"),
        "{text}"
    );
    assert!(text.contains("![p](2020-02-03-anchors/p-"), "{text}");
    // Once more changes nothing.
    assert!(
        home.done(&["save", "in/a.md"])
            .starts_with("unchanged “Anchors”")
    );
    assert_eq!(home.files(), files);
    let mut child = home
        .command(&["save", "-", "--base-url", "https://e.org/c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let html = article("Capstans", "<a href=d>d</a>");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(html.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = home.done(&["show", "Capstans", "--format", "markdown"]);
    assert!(
        text.contains("url: \"https://e.org/c\"") && text.contains("(https://e.org/d)"),
        "{text}"
    );
}

#[test]
fn a_file_of_the_readers_own_is_never_written_over() {
    let server = Server::new(|_, _, stream| drop(stream.write_all(html("Mine", "").as_bytes())));
    let home = Home::new();
    let address = server.url.join("mine").unwrap();
    let own = home.shelf().join("mine.md");
    let text = format!("---\ntitle: Mine\nurl: {address}\n---\nMy words.\n");
    fs::write(&own, &text).unwrap();
    home.done(&["list"]);
    let complained = failed(&home.run(&["save", address.as_str()]), 1);
    assert!(
        complained.contains("recto did not write that file"),
        "{complained}"
    );
    assert_eq!(fs::read_to_string(&own).unwrap(), text);
    assert_eq!(home.files().len(), 1);
}

#[test]
fn whatever_titles_are_their_files_lie_on_the_shelf_and_none_is_lost() {
    let long = "x".repeat(5000);
    let wide = "ß".repeat(200);
    let titles = [
        "../../x",
        "/etc/x",
        "..",
        "",
        "a\u{1}b",
        "CON",
        "-rf",
        &long,
        &wide,
        "Same",
        "Same",
        "SAME",
        "Caf\u{e9}",
        "Cafe\u{301}",
        ".hidden",
        "a\nb",
    ];
    let home = Home::new();
    for (number, title) in titles.iter().enumerate() {
        let name = format!("in{number}.html");
        let title = title.replace('&', "&amp;");
        let html = article(&title, &format!("<p>The {number}th.</p>"));
        fs::write(home.folder.path().join(&name), html).unwrap();
        home.done(&["save", &name]);
    }
    let files = home.files();
    assert_eq!(files.len(), titles.len(), "{files:?}");
    for file in &files {
        let name = file.strip_prefix("saved/").unwrap();
        assert!(
            name.len() <= 255 && name.starts_with("20") && !name.contains('/'),
            "{name}"
        );
        assert!(
            name.ends_with(".md") && !name.chars().any(char::is_control),
            "{name}"
        );
    }
    assert_eq!(
        home.done(&["list", "--count"]).trim(),
        titles.len().to_string()
    );
}

#[test]
fn without_a_library_one_is_made_and_it_is_said_where() {
    let home = Home::new();
    fs::write(home.folder.path().join("a.md"), "# Anchors\n\nThey hold.\n").unwrap();
    let run = |words: &[&str]| {
        let mut command = home.command(words);
        command.env_remove("RECTO_LIBRARY");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)
    };
    let said = run(&["save", "a.md"]);
    assert!(
        said.contains("your library begins") && said.contains("data/library"),
        "{said}"
    );
    assert_eq!(run(&["list", "--count"]).trim(), "1");
    assert!(!run(&["save", "a.md"]).contains("your library begins"));
    let library = home.folder.path().join("data/library");
    assert!(library.join("saved").is_dir());
    // Where it was taken back, what comes with recto is there again, and the next one begins the library.
    let kept = fs::read_dir(library.join("saved")).unwrap().next().unwrap();
    fs::create_dir(library.join(".trash")).unwrap();
    fs::rename(kept.unwrap().path(), library.join(".trash/a.md")).unwrap();
    assert!(run(&["list"]).contains("Welcome to recto"));
    run(&["save", "a.md"]);
    assert_eq!(run(&["list", "--count"]).trim(), "1");
}

/// Ended at any moment, it leaves a whole story or none, and never half a picture.
#[cfg(unix)]
#[test]
fn whoever_is_killed_while_saving_leaves_no_half_file() {
    let picture: Vec<u8> = {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let image = RgbImage::from_fn(300, 300, |x, y| {
            image::Rgb([(x * y) as u8, x as u8, y as u8])
        });
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    let served = picture.clone();
    let server = Server::new(move |path, _, stream| match path {
        "/a.png" | "/b.png" => send(stream, "image/png", &served),
        _ => {
            let body = format!(
                "<p>{}</p><img src=/a.png><img src=/b.png><p>The end.</p>",
                words(20_000)
            );
            let _ = stream.write_all(html("Whole", &body).as_bytes());
        }
    });
    let home = Home::new();
    let address = server.url.join("a").unwrap();
    // Known before: how long it takes.
    let begun = std::time::Instant::now();
    home.done(&["save", address.as_str()]);
    let whole = begun.elapsed();
    let text = home.text();
    let rounds = std::env::var("RECTO_CRASH_ROUNDS")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(12u32);
    for round in 0..rounds {
        fs::remove_dir_all(home.shelf().join("saved")).unwrap();
        let mut child = home
            .command(&["save", address.as_str()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * round / rounds);
        let _ = child.kill();
        child.wait().unwrap();
        fs::create_dir_all(home.shelf().join("saved")).unwrap();
        for file in home.files() {
            let path = home.shelf().join(&file);
            let name = Path::new(&file).file_name().unwrap().to_string_lossy();
            if name.starts_with(".recto-") && name.ends_with(".tmp") {
                continue;
            }
            match name.ends_with(".md") {
                true => {
                    let now = fs::read_to_string(path).unwrap();
                    assert!(now.ends_with("The end.\n"), "{file} is cut off");
                }
                false => assert_eq!(fs::read(path).unwrap(), picture, "{file}"),
            }
        }
    }
    // What the last ones left goes with the next save, but for the story.
    let left = home.shelf().join("saved/2019-01-01-left");
    fs::create_dir_all(&left).unwrap();
    for name in [".recto-a.tmp", "../.recto-b.tmp", "a-0badcafe.png"] {
        fs::write(left.join(name), "half").unwrap();
    }
    home.done(&["save", address.as_str()]);
    let files = home.files();
    assert!(
        !files
            .iter()
            .any(|it| it.contains(".recto-") && it.ends_with(".tmp")),
        "{files:?}"
    );
    assert!(!left.exists(), "{files:?}");
    let body = |text: &str| text.split_once("\n---\n").unwrap().1.to_owned();
    assert_eq!(body(&home.text()), body(&text));
}

#[test]
fn an_address_is_read_on_the_screen_and_kept_from_there() {
    let server = Server::new(|path, _, stream| {
        let body = match path {
            "/front" => html("Front", "<p><a href=/other>On to the other</a></p>"),
            "/other" => html("Other", "<p>It ends so.</p>"),
            _ => "HTTP/1.1 404 N\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        };
        let _ = stream.write_all(body.as_bytes());
    });
    let home = Home::new();
    let data = home.folder.path().join("data");
    let address = server.url.join("front").unwrap().to_string();
    let words = [
        "--library",
        home.shelf().to_str().unwrap(),
        "--data",
        data.to_str().unwrap(),
        &address,
    ]
    .map(str::to_owned);
    let mut recto = Recto::start((100, 30), words);
    recto.wait_for("On to the other");
    recto.press("F");
    recto.wait_for("to read its page here");
    recto.press("a");
    recto.wait_for("It ends so.");
    assert!(home.files().is_empty());
    recto.press("S");
    recto.wait_for("Saved (u undoes it): saved/");
    recto.wait_for("It ends so.");
    assert!(home.text().contains("title: \"Other\""));
    recto.press("<ctrl-o>");
    recto.wait_for("On to the other");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
    // Where no screen is, its words are printed.
    assert!(home.done(&[&address]).contains("On to the other"));
}

#[test]
fn the_first_page_that_is_kept_shows_at_once() {
    let server = Server::new(|path, _, stream| {
        let body = match path {
            "/tides" => html("Tides of today", "<p><a href=/rocks>On to rocks</a></p>"),
            "/rocks" => html("Rocks of today", "<p>They end so.</p>"),
            _ => html("Gulls of today", ""),
        };
        let _ = stream.write_all(body.as_bytes());
    });
    let home = Home::new();
    let data = home.folder.path().join("data");
    let at = |path: &str| server.url.join(path).unwrap().to_string();
    let mut recto = Recto::start((140, 30), ["--data", data.to_str().unwrap(), &at("tides")]);
    recto.wait_for("Tides of today");
    recto.press("S");
    recto.wait_for("your library begins");
    // It is read on, and stands in the list beside the examples; u and ctrl-r hold for it still.
    recto.wait_for("28 unread of 28");
    recto.wait_for("Tides of today");
    recto.press("u");
    recto.wait_for("lies in .trash now");
    recto.wait_for("27 unread of 27");
    // The page stays, to be looked at as before.
    recto.wait_for("On to rocks");
    recto.press("s");
    recto.wait_for("This page is only looked at");
    recto.press("<ctrl-r>");
    recto.wait_for("is as it was");
    recto.wait_for("28 unread of 28");
    recto.wait_for("Tides of today");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
    // From a page that was left for the first one that is kept, the way back is open.
    let data = home.folder.path().join("third");
    let mut recto = Recto::start((140, 30), ["--data", data.to_str().unwrap(), &at("tides")]);
    recto.wait_for("On to rocks");
    recto.press("F");
    recto.wait_for("to read its page here");
    recto.press("a");
    recto.wait_for("They end so.");
    recto.press("S");
    recto.wait_for("28 unread of 28");
    recto.wait_for("They end so.");
    recto.press("<ctrl-o>");
    recto.wait_for("On to rocks");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
    // What another recto keeps first shows as well.
    let data = home.folder.path().join("other");
    let mut recto = Recto::start((140, 30), ["--data", data.to_str().unwrap()]);
    recto.wait_for("All stories");
    let mut save = home.command(&["save", "--data", data.to_str().unwrap(), &at("gulls")]);
    assert!(
        save.env_remove("RECTO_LIBRARY")
            .output()
            .unwrap()
            .status
            .success()
    );
    recto.wait_for("Gulls of today");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
}

/// Whether `S` or a shell begins the library: the mark stays on the story, and what is read stays on the page.
#[test]
fn the_mark_stays_on_its_story_when_the_library_begins() {
    for (reads, by_shell) in [(false, false), (true, false), (false, true), (true, true)] {
        let home = Home::new();
        fs::write(home.folder.path().join("a.md"), "# Anchors\n\nThey hold.\n").unwrap();
        let data = home.folder.path().join("begun");
        let mut recto = Recto::start((140, 30), ["--data", data.to_str().unwrap()]);
        recto.wait_for("27 unread of 27");
        recto.press("jj");
        recto.wait_for("▌● The reading page");
        recto.wait_for("Part three of the tour");
        if reads {
            recto.press("<enter>");
            recto.wait_for("Part three of the tour");
        }
        if by_shell {
            let mut save = home.command(&["save", "--data", data.to_str().unwrap(), "a.md"]);
            let output = save.env_remove("RECTO_LIBRARY").output().unwrap();
            assert!(output.status.success(), "{output:?}");
            recto.wait_for("28 unread of 28");
        } else {
            // The example and what was kept of it are one story.
            recto.press("S");
            recto.wait_for("your library begins");
            let shown = recto.wait_for(" saved  ");
            // An example lies in no folder.
            let nameless =
                |row: &String| row.split('│').next().is_some_and(|it| it.trim() == "1/1");
            assert!(!shown.rows.iter().any(nameless), "{shown:?}");
            recto.wait_for("27 unread of 27");
        }
        recto.wait_for("▌● The reading page");
        recto.wait_for("Part three of the tour");
        // What is done now is done with that story.
        recto.press("s");
        recto.wait_for("5 min ★");
        recto.press("u");
        recto.wait_for("Undone: starred “The reading page”");
        recto.press("u");
        recto.wait_for("lies in .trash now");
        recto.wait_for("27 unread of 27");
        recto.wait_for("▌● The reading page");
        recto.press("<ctrl-c>");
        recto.wait_clean_exit();
    }
}

/// Whoever holds the database while a library begins holds up no drawing; what is typed meanwhile is for that library.
#[test]
fn the_screen_is_drawn_while_the_library_that_begins_waits_for_the_database() {
    let home = Home::new();
    let data = home.folder.path().join("begun");
    let mut recto = Recto::start((140, 30), ["--data", data.to_str().unwrap()]);
    recto.wait_for("27 unread of 27");
    let other = rusqlite::Connection::open(data.join("recto.db")).unwrap();
    other.busy_timeout(Duration::from_secs(20)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let saved = data.join("library/saved");
    fs::create_dir_all(&saved).unwrap();
    fs::write(saved.join("a.md"), "# Anchors\n\nThey hold.\n").unwrap();
    // It is seen within this time that there is a library.
    let begun = Instant::now();
    let mut columns = 100;
    while begun.elapsed() < Duration::from_secs(2) {
        columns += 1;
        recto.resize((columns, 30));
        recto.wait_for("27 unread of 27");
    }
    recto.press("/anch<enter>");
    other.execute_batch("COMMIT").unwrap();
    recto.wait_for("28 unread of 28");
    recto.wait_for("They hold.");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
}

/// What was done before there was a library is undone in the one that a shell began, also after a restart.
#[test]
fn the_library_that_several_stories_begin_begins_when_all_are_kept() {
    let feed = "<rss version='2.0'><channel><title>Gull News</title>\
        <item><title>First gull</title><guid>g1</guid><description>It flew.</description></item>\
        <item><title>Second gull</title><guid>g2</guid>\
        <description>&lt;p>It flew, too.&lt;/p>&lt;img src='/gull.png'></description></item></channel></rss>";
    let server = Server::new(move |path, _, stream| match path {
        "/feed" => send(stream, "application/rss+xml", feed.as_bytes()),
        _ => {
            // Longer than it takes others to see that a library has begun.
            std::thread::sleep(Duration::from_secs(2));
            send(stream, "image/png", &png(7));
        }
    });
    let home = Home::new();
    let data = home.folder.path().join("begun");
    let address = server.url.join("feed").unwrap();
    let mut subscribe = home.command(&["subscribe", address.as_str(), "--data"]);
    let output = subscribe.arg(&data).env_remove("RECTO_LIBRARY").output();
    assert!(output.unwrap().status.success());
    let mut recto = Recto::start((100, 24), ["--data", data.to_str().unwrap()]);
    recto.wait_for("2 unread of 2");
    recto.press("xx");
    recto.wait_for("2 selected");
    recto.press("S");
    recto.wait_for("Saved 2 stories (u undoes it)");
    recto.press("u");
    recto.wait_for("Taken back: 2 files");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
}

#[test]
fn the_library_that_a_shell_begins_takes_along_what_was_done() {
    let feed = "<rss version='2.0'><channel><title>Gull News</title><item><title>First gull</title>\
        <guid>g1</guid></item></channel></rss>";
    let server = Server::new(move |path, _, stream| match path {
        "/feed" => send(stream, "application/rss+xml", feed.as_bytes()),
        _ => {
            let _ = stream.write_all(html("Gulls of today", "").as_bytes());
        }
    });
    let home = Home::new();
    let data = home.folder.path().join("begun");
    let run = |words: &[&str]| {
        let mut command = home.command(words);
        command.args(["--data", data.to_str().unwrap()]);
        let output = command.env_remove("RECTO_LIBRARY").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    run(&["subscribe", server.url.join("feed").unwrap().as_str()]);
    let mut recto = Recto::start((140, 30), ["--data", data.to_str().unwrap()]);
    recto.wait_for("First gull");
    recto.press("s");
    recto.wait_for("★");
    run(&["save", server.url.join("gulls").unwrap().as_str()]);
    recto.wait_for("Gulls of today");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
    let mut recto = Recto::start((140, 30), ["--data", data.to_str().unwrap()]);
    recto.wait_for("Gulls of today");
    recto.press("u");
    recto.wait_for("lies in .trash now");
    recto.press("u");
    recto.wait_for("Undone: starred");
    recto.press("u");
    recto.wait_for("Undone: subscribed");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
    assert!(!run(&["feeds"]).contains("Gull News"));
}

#[cfg(unix)]
#[test]
fn a_file_that_came_with_a_letter_is_opened_as_the_settings_say() {
    let home = Home::new();
    let told = home.folder.path().join("told");
    let config = home.folder.path().join("config.toml");
    fs::write(&config, format!(
        "[[open]]\ntype = 'text/x-plan'\ncommand = ['sh', '-c', 'cat \"$1\" > \"$0.tmp\"; echo \"$1\" >> \"$0.tmp\"; \
         mv \"$0.tmp\" \"$0\"', '{}', '{{}}']\n", told.display()
    )).unwrap();
    let letter = "From: ann@example.org\nSubject: Plans\nDate: Thu, 28 Feb 2019 14:05:00 +0100\nMessage-ID: <p@e.org>\n\
        MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n\
        --b\nContent-Type: text/x-plan\nContent-Disposition: attachment; filename=\"../../plan of all.txt\"\n\
        Content-Transfer-Encoding: base64\n\nQSBwbGFuLg==\n--b\nContent-Type: application/x-sh\n\
        Content-Disposition: attachment; filename=\"run.sh\"\n\nexit\n--b--\n";
    let path = home.folder.path().join("a.eml");
    fs::write(&path, letter).unwrap();
    let data = home.folder.path().join("data");
    let words = [
        "--data",
        data.to_str().unwrap(),
        "--config",
        config.to_str().unwrap(),
        path.to_str().unwrap(),
    ];
    let mut recto = Recto::start((120, 30), words);
    recto.wait_for("plan of all.txt");
    recto.press("fa");
    recto.wait_for("Opening plan of all.txt");
    let end = std::time::Instant::now() + Duration::from_secs(20);
    while !told.exists() && std::time::Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    let said = fs::read_to_string(&told).unwrap();
    assert!(
        said.starts_with("A plan.") && said.ends_with("/plan_of_all.txt\n"),
        "{said}"
    );
    // What was taken out is nobody else's.
    use std::os::unix::fs::PermissionsExt;
    let unpacked = PathBuf::from(said.trim_start_matches("A plan.").trim());
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let folder = unpacked.parent().unwrap().parent().unwrap();
    assert_eq!((mode(&unpacked), mode(folder)), (0o600, 0o700));
    // What nobody named a program for is not run.
    recto.press("fs");
    recto.wait_for("run.sh lies at ");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
}

#[test]
fn nobody_learns_that_a_letter_was_kept() {
    let server = Server::new(|_, _, stream| send(stream, "image/png", &png(3)));
    let home = Home::new();
    let letter = format!(
        "From: ann@example.org\nSubject: Ropes\nDate: Thu, 28 Feb 2019 14:05:00 +0100\nMessage-ID: <a@example.org>\n\
         MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n\
         <p>A keeper reads!<img src='{0}a.png' alt='A knot' width=300 height=200></p>\
         <p><a href='{0}b'><img src='{0}b.png' width=300 height=200></a></p>\n",
        server.url
    );
    let path = home.folder.path().join("a.eml");
    fs::write(&path, letter).unwrap();
    home.done(&["save", path.to_str().unwrap()]);
    let text = home.text();
    assert!(
        text.contains(&format!("[A knot]({}a.png)", server.url)),
        "{text}"
    );
    assert!(!text.contains("!["), "{text}");
    // Its file is one of the shelf as any other, and has nothing that would be fetched.
    let said = home.done(&["refresh", "--ahead"]);
    assert!(said.contains("Nothing was to be read ahead"), "{said}");
    // What lies on the shelf is kept once more, as it were a story of the reader's own.
    let kept = home.files().into_iter().find(|it| it.ends_with(".md"));
    home.run(&["save", home.shelf().join(kept.unwrap()).to_str().unwrap()]);
    assert_eq!(server.asked().len(), 0, "{:?}", server.asked());
}

#[test]
fn full_texts_and_pictures_are_fetched_ahead() {
    let server = Server::new(|path, asked, stream| {
        let host = asked
            .iter()
            .find_map(|it| it.strip_prefix("host: "))
            .unwrap_or_default();
        let item = |name: &str| {
            format!(
                "<item><title>{name}</title><link>http://{host}/{name}</link>\
                 <description>A teaser.</description></item>"
            )
        };
        match path {
            "/feed" => {
                let feed = format!(
                    "<rss><channel><title>F</title>{}{}</channel></rss>",
                    item("one"),
                    item("gone")
                );
                send(stream, "text/xml", feed.as_bytes());
            }
            "/one" => {
                let body = html("One", "<p>All of it. <img src=/a.png></p>");
                let _ = stream.write_all(body.as_bytes());
            }
            "/a.png" => send(stream, "image/png", &png(3)),
            _ => drop(
                stream
                    .write_all(b"HTTP/1.1 404 N\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            ),
        }
    });
    let feed = server.url.join("feed").unwrap();
    let home = Home::new();
    home.done(&["subscribe", feed.as_str()]);
    assert!(!home.done(&["show", "one"]).contains("All of it."));
    let said = home.done(&["refresh", "--ahead"]);
    assert!(
        said.contains("Read ahead: 1 text (1 failed), 1 picture"),
        "{said}"
    );
    assert!(said.contains("gone: 127.0.0.1 answered 404"), "{said}");
    assert!(home.done(&["show", "one"]).contains("All of it."));
    assert_eq!(
        fs::read_dir(home.folder.path().join("data/pictures"))
            .unwrap()
            .count(),
        1
    );
    // What is there, and what was not to be had, is not asked for again.
    let before = server.asked().len();
    assert!(
        home.done(&["refresh", "--ahead"])
            .contains("Nothing was to be read ahead")
    );
    assert_eq!(server.asked().len(), before + 1);
    // A whole feed by the settings.
    let other = Home::new();
    let config = format!("[[feed]]\nurl = \"{feed}\"\nfull_text = true\n");
    fs::write(other.folder.path().join("config.toml"), config).unwrap();
    other.done(&["refresh"]);
    assert!(other.done(&["show", "one"]).contains("All of it."));
}

#[test]
fn a_teaser_that_was_kept_is_read_ahead_once_its_page_is_there() {
    let is_up = Arc::new(AtomicBool::new(false));
    let up = Arc::clone(&is_up);
    let server = Server::new(move |path, asked, stream| {
        let host = asked.iter().find_map(|it| it.strip_prefix("host: "));
        let feed = format!(
            "<rss><channel><title>F</title><item><title>Tides</title><link>http://{}/tides</link>\
             <description>A teaser.</description></item></channel></rss>",
            host.unwrap_or_default()
        );
        match path {
            "/feed" => send(stream, "text/xml", feed.as_bytes()),
            _ if up.load(Ordering::SeqCst) => {
                let _ = stream.write_all(html("Tides", "<p>All of it.</p>").as_bytes());
            }
            _ => {
                let down = b"HTTP/1.1 503 N\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                let _ = stream.write_all(down);
            }
        }
    });
    let home = Home::new();
    home.done(&["subscribe", server.url.join("feed").unwrap().as_str()]);
    let (data, shelf) = (home.folder.path().join("data"), home.shelf());
    let folders = ["--data".into(), data, "--library".into(), shelf];
    let mut recto = Recto::start((160, 30), folders);
    recto.wait_for("Tides");
    recto.press("S");
    recto.wait_for("with the feed's own text");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
    assert!(home.text().contains("A teaser."));
    is_up.store(true, Ordering::SeqCst);
    let said = home.done(&["refresh", "--ahead"]);
    assert!(said.contains("Read ahead: 1 text, 0 pictures"), "{said}");
    assert!(home.text().contains("All of it."));
    let said = home.done(&["refresh", "--ahead"]);
    assert!(said.contains("Nothing was to be read ahead"), "{said}");
}

#[test]
fn reading_ahead_fails_where_nothing_could_be_had() {
    let server = Server::new(|path, asked, stream| {
        let host = asked.iter().find_map(|it| it.strip_prefix("host: "));
        let link = format!("http://{}/gone", host.unwrap_or_default());
        let feed = format!(
            "<rss><channel><title>F</title><item><title>gone</title><link>{link}</link>\
             <description>A teaser.</description></item></channel></rss>"
        );
        match path {
            "/feed" => send(stream, "text/xml", feed.as_bytes()),
            _ => drop(stream.write_all(b"HTTP/1.1 404 N\r\nContent-Length: 0\r\n\r\n")),
        }
    });
    let home = Home::new();
    home.done(&["subscribe", server.url.join("feed").unwrap().as_str()]);
    let told = failed(&home.run(&["refresh", "--ahead"]), 1);
    assert!(told.contains("gone: 127.0.0.1 answered 404"), "{told}");
    // What was not to be had is left alone then, and that is no failure.
    home.done(&["refresh", "--ahead"]);
}

#[test]
fn what_nobody_answered_for_is_read_ahead_the_next_time_and_what_waits_is_named() {
    let is_up = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let up = Arc::clone(&is_up);
    let server = Server::new(move |path, asked, stream| {
        let host = asked.iter().find_map(|it| it.strip_prefix("host: "));
        let host = host.unwrap_or_default();
        let item = |name: &str, text: &str| {
            format!(
                "<item><title>{name}</title><link>http://{host}/{name}</link>\
                 <description>{text}</description></item>"
            )
        };
        let picture = format!(
            "&lt;img src=http://{host}/a.png&gt; {}",
            "Word ".repeat(200)
        );
        let feed = item("one", "A teaser.") + &item("gone", "A teaser.") + &item("whole", &picture);
        let feed = format!("<rss><channel><title>F</title>{feed}</channel></rss>");
        match path {
            "/feed" => send(stream, "text/xml", feed.as_bytes()),
            "/gone" => drop(
                stream
                    .write_all(b"HTTP/1.1 404 N\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            ),
            // The connection ends at once.
            _ if !up.load(std::sync::atomic::Ordering::SeqCst) => {}
            "/a.png" => send(stream, "image/png", &png(3)),
            _ => drop(stream.write_all(html("One", "<p>All of it.").as_bytes())),
        }
    });
    let home = Home::new();
    home.done(&["subscribe", server.url.join("feed").unwrap().as_str()]);
    let said = home.run(&["refresh", "--ahead"]);
    assert_eq!(said.status.code(), Some(1));
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(
        said.contains("0 texts (2 failed), 0 pictures (1 failed); 2 are tried again the next time"),
        "{said}"
    );
    // What the settings have fetched leaves the server alone for a while.
    let config = home.folder.path().join("config.toml");
    fs::write(&config, "ahead = true\n").unwrap();
    let said = home.done(&["refresh"]);
    assert!(
        said.contains("Nothing was to be read ahead; 2 wait until "),
        "{said}"
    );
    is_up.store(true, std::sync::atomic::Ordering::SeqCst);
    let said = home.done(&["refresh", "--ahead"]);
    assert!(
        said.contains("Read ahead: 1 text, 1 picture; 1 waits until "),
        "{said}"
    );
    assert!(home.done(&["show", "one"]).contains("All of it."));
    let said = home.done(&["refresh", "--ahead"]);
    assert!(
        said.contains("Nothing was to be read ahead; 1 waits until "),
        "{said}"
    );
}

#[test]
fn what_is_no_story_is_told_in_the_same_words_whoever_asks_and_with_its_address_once() {
    let form = "<title>Members</title><form><p>Sign in to read on.<input type=password></form>";
    let server = Server::new(move |path, asked, stream| {
        let host = asked.iter().find_map(|it| it.strip_prefix("host: "));
        let link = format!("http://{}/members", host.unwrap_or_default());
        let feed = format!(
            "<rss><channel><title>F</title><item><title>One</title><link>{link}</link>\
             <description>A teaser.</description></item></channel></rss>"
        );
        match path {
            "/feed" => send(stream, "text/xml", feed.as_bytes()),
            _ => send(stream, "text/html", form.as_bytes()),
        }
    });
    let home = Home::new();
    home.done(&["subscribe", server.url.join("feed").unwrap().as_str()]);
    let told = failed(&home.run(&["refresh", "--ahead"]), 1);
    assert!(
        told.contains("/members: this page asks to sign in and shows no story"),
        "{told}"
    );
    assert_eq!(told.matches("/members").count(), 1, "{told}");
    let path = home.folder.path().join("members.html");
    fs::write(&path, form).unwrap();
    let told = failed(&home.run(&["save", path.to_str().unwrap()]), 1);
    assert!(
        told.contains("members.html: this page asks to sign in and shows no story"),
        "{told}"
    );
}

#[test]
fn a_page_that_asks_to_sign_in_says_so_in_a_pipe() {
    let form = "<title>Members</title><form><p>Sign in to read on.<input type=password></form>";
    let server = Server::new(move |_, _, stream| send(stream, "text/html", form.as_bytes()));
    let output = Home::new().run(&[server.url.join("a").unwrap().as_str()]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("this page asks to sign in and shows no story"),
        "{told}"
    );
}

#[test]
fn links_of_other_programs_are_read_offline_once_their_texts_were_fetched() {
    // A proxy, which stands for the web: what asks has it lead there first.
    let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    let server = Server::new(move |_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let lines: Vec<String> = lines
            .map_while(Result::ok)
            .take_while(|it| !it.is_empty())
            .collect();
        let path = lines[0].split(' ').nth(1).unwrap().to_owned();
        heard.lock().unwrap().push(path.clone());
        let body = match &*path {
            "/knots" => html("Knots", "<p>All about them. <img src=/a.png></p>"),
            "/a.png" => return send(stream, "image/png", &png(3)),
            _ => "HTTP/1.1 404 N\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        };
        let _ = stream.write_all(body.as_bytes());
    });
    let home = Home::new();
    let config = home.folder.path().join("config.toml");
    fs::write(&config, format!("proxy = \"{}\"\n", server.url)).unwrap();
    let export = home.folder.path().join("pocket.csv");
    let links = "title,url,time_added,tags,status\n\
        http://example.org/knots,http://example.org/knots,1551359100,sea,unread\n\
        Gone,http://example.org/gone,1551359100,,unread\n\
        Read,http://example.org/read,1551359100,,archive\n";
    fs::write(&export, links).unwrap();
    let said = home.done(&["import", export.to_str().unwrap()]);
    assert!(said.contains("recto refresh --ahead"), "{said}");
    assert_eq!(home.done(&["list", "is:later"]).lines().count(), 2);
    let said = home.done(&["refresh", "--ahead"]);
    assert!(
        said.contains("Read ahead: 1 text (1 failed), 0 pictures"),
        "{said}"
    );
    assert!(!asked.lock().unwrap().contains(&"/read".to_owned()));
    // From now on there is no connection.
    fs::write(&config, "proxy = \"http://127.0.0.1:9\"\n").unwrap();
    let listed = home.done(&["list", "is:later tag:sea"]);
    assert!(listed.contains("Knots"), "{listed}");
    let text = home.done(&["show", "knots"]);
    assert!(text.contains("All about them."), "{text}");
    assert!(home.files().iter().any(|it| it.ends_with(".png")));
    let files = home.files();
    let knots = files
        .iter()
        .find(|it| it.ends_with(".md") && !it.contains("gone") && !it.contains("read"));
    let knots = home.shelf().join(knots.unwrap());
    let mut recto = Recto::start((100, 30), [knots]);
    recto.wait_for("All about them.");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
    // What failed is not asked for again on the same day.
    let again = home.done(&["refresh", "--ahead"]);
    assert!(again.contains("Nothing was to be read ahead"), "{again}");
}

#[test]
fn links_of_ones_own_network_that_were_imported_are_fetched() {
    let server = Server::new(|_, _, stream| {
        let _ = stream.write_all(html("Wiki", "<p>All of the house.</p>").as_bytes());
    });
    let home = Home::new();
    let export = home.folder.path().join("pocket.csv");
    let address = server.url.join("wiki").unwrap();
    let links =
        format!("title,url,time_added,tags,status\nOur wiki,{address},1551359100,,unread\n");
    fs::write(&export, links).unwrap();
    home.done(&["import", export.to_str().unwrap()]);
    let said = home.done(&["refresh", "--ahead"]);
    assert!(said.contains("Read ahead: 1 text"), "{said}");
    assert!(home.done(&["show", "wiki"]).contains("All of the house."));
}

#[test]
fn links_of_a_file_lead_to_what_lies_beside_it() {
    let home = Home::new();
    let write = |name: &str, text: &str| {
        let path = home.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.canonicalize().unwrap()
    };
    let other = write("notes/all (of) them/other.md", "# The other\n\n## Here\n");
    fs::write(home.folder.path().join("notes/red.png"), png(1)).unwrap();
    let text = "# Notes\n\n[The other](<all (of) them/other.md#here>), [gone](gone.md), [here](#notes), \
                [web](https://example.org/other.md).\n\n![Red](red.png)\n\n[again][o]\n\n\
                [o]: all%20%28of%29%20them/other.md\n";
    write("notes/notes.md", text);
    let said = home.done(&["save", "notes/notes.md"]);
    assert!(said.contains("saved “Notes”"), "{said}");
    let kept = home.text();
    let there = other.to_str().unwrap().replace(' ', "%20");
    let there = there.replace('(', "%28").replace(')', "%29");
    for wanted in [
        format!("[The other](<{there}#here>)"),
        format!("[o]: {there}\n"),
        "[gone](gone.md), [here](#notes), [web](https://example.org/other.md)".to_owned(),
        "-notes/red-".to_owned(),
    ] {
        assert!(kept.contains(&wanted), "{wanted}: {kept}");
    }
    assert!(home.done(&["save", "notes/notes.md"]).contains("unchanged"));
}

#[test]
fn versions_of_what_has_no_link_are_told_apart_by_the_day() {
    let home = Home::new();
    let notes = home.folder.path().join("notes.md");
    let write = |text: &str| fs::write(&notes, format!("# Notes\n\n{text}\n")).unwrap();
    let save = || home.done(&["save", "notes.md"]);
    let first = "They were written at sea, in one night.";
    write(first);
    assert!(save().contains("saved “Notes”"));
    let kept = home.shelf().join(home.files().pop_first().unwrap());
    assert!(save().contains("unchanged “Notes”"));
    write(&format!("{first}\n\nMore of them."));
    let said = save();
    assert!(said.contains("saved “Notes (as of 20"), "{said}");
    let said = save();
    assert!(said.contains("unchanged “Notes (as of 20"), "{said}");
    // Of one day the last one counts.
    write(&format!("{first}\n\nMore of them, and more."));
    let said = save();
    assert!(said.contains("updated “Notes (as of 20"), "{said}");
    assert_eq!(home.live().len(), 2);
    write(first);
    assert!(save().contains("unchanged “Notes”"));
    // Not known by its day alone.
    let other = kept.with_file_name("2020-01-01-notes.md");
    fs::rename(&kept, &other).unwrap();
    assert!(save().contains("unchanged “Notes”"));
    let edited = fs::read_to_string(&other).unwrap() + "\nMy own words.\n";
    fs::write(&other, &edited).unwrap();
    write(&format!("Of another night. {first}"));
    for name in home.live() {
        let path = home.shelf().join(name);
        if path != other {
            fs::remove_file(path).unwrap();
        }
    }
    let said = save();
    assert!(said.contains("was edited since recto wrote it"), "{said}");
    assert!(said.contains("“Notes (as of 20"), "{said}");
    assert_eq!(fs::read_to_string(&other).unwrap(), edited);
    // Another story of that title is none of them.
    write("Ropes are made of hemp.");
    assert!(save().contains("saved “Notes”"));
}

#[test]
fn what_was_edited_by_hand_stays() {
    let version = Arc::new(AtomicUsize::new(1));
    let said = Arc::clone(&version);
    let server = Server::new(move |_, _, stream| {
        let version = format!("<p>Version {}.</p>", said.load(Ordering::SeqCst));
        let _ = stream.write_all(html("Sea", &version).as_bytes());
    });
    let home = Home::new();
    let address = server.url.join("sea").unwrap();
    home.done(&["save", address.as_str()]);
    let name = home.files().pop_first().unwrap();
    let file = home.shelf().join(&name);
    let edited = fs::read_to_string(&file).unwrap() + "\nMy own words.\n";
    fs::write(&file, &edited).unwrap();
    // What differs is the reader's alone.
    let said = home.done(&["save", address.as_str()]);
    assert!(said.starts_with("unchanged “Sea”"), "{said}");
    assert_eq!(home.files().len(), 1);
    version.store(2, Ordering::SeqCst);
    let said = home.done(&["save", address.as_str()]);
    assert!(said.contains("was edited since recto wrote it"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), edited);
    assert_eq!(home.files().len(), 2);
    // Both are in the list: the edits are not behind the page as it is now.
    assert!(said.contains("is listed as “Sea (as of 20"), "{said}");
    let listed = home.done(&["list"]);
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(listed.contains("Sea (as of 20"), "{listed}");
    assert!(home.done(&["search", "\"my own words\""]).contains("Sea"));
    // The one beside it is recto's, and written anew from now on.
    let said = home.done(&["save", address.as_str()]);
    assert!(said.contains("unchanged"), "{said}");
    assert_eq!(home.files().len(), 2);
}

#[test]
fn two_stories_with_one_link_are_two() {
    let text = Arc::new(AtomicUsize::new(0));
    let given = Arc::clone(&text);
    let server = Server::new(move |path, asked, stream| {
        let host = asked
            .iter()
            .find_map(|it| it.strip_prefix("host: "))
            .unwrap_or_default();
        let page = |title: &str, word: &str| {
            let words: String = (0..120).map(|it| format!("{word}{it} ")).collect();
            format!(
                "<!doctype html><html><head><title>{title}</title><link rel=canonical href='http://{host}/news'>\
                 </head><body><article><h1>{title}</h1><p>{words}</p></article></body></html>"
            )
        };
        let html = match (path, given.load(Ordering::SeqCst)) {
            ("/news/tides", 0) => page("Tides", "tide"),
            ("/news/tides", _) => page("The tides, again", "ebb"),
            ("/news/ropes", _) => page("Ropes", "rope"),
            _ => page("News of the sea", "news"),
        };
        send(stream, "text/html", html.as_bytes());
    });
    let home = Home::new();
    let at = |path: &str| server.url.join(path).unwrap().to_string();
    for path in ["news/tides", "news/ropes", "news"] {
        let said = home.done(&["save", &at(path)]);
        assert!(said.starts_with("saved"), "{said}");
    }
    let listed = home.done(&["list"]);
    for title in ["Tides", "Ropes", "News of the sea"] {
        assert!(listed.contains(title), "{title}: {listed}");
    }
    for path in ["news/tides", "news/ropes", "news"] {
        let said = home.done(&["save", &at(path)]);
        assert!(said.starts_with("unchanged"), "{path}: {said}");
    }
    // Another one that is found at the address of the first lies beside it.
    text.store(1, Ordering::SeqCst);
    let said = home.done(&["save", &at("news/tides")]);
    assert!(
        said.starts_with("saved") && said.contains("another story was kept of this address"),
        "{said}"
    );
    let listed = home.done(&["list"]);
    assert_eq!(listed.lines().count(), 4, "{listed}");
    for title in ["The tides, again", "Tides", "Ropes"] {
        assert!(listed.contains(title), "{title}: {listed}");
    }
}

#[test]
fn what_was_removed_comes_back_when_it_is_kept_again() {
    let server = Server::new(|_, _, stream| drop(stream.write_all(html("Apples", "").as_bytes())));
    let home = Home::new();
    let address = server.url.join("apples").unwrap();
    home.done(&["save", address.as_str()]);
    home.done(&["mark", "apples", "--remove"]);
    assert!(home.done(&["list", "is:removed"]).contains("Apples"));
    let said = home.done(&["save", address.as_str()]);
    assert!(
        said.starts_with("unchanged") && said.contains("Apples”: it is in the list again"),
        "{said}"
    );
    assert!(home.done(&["list"]).contains("Apples"));
    // What another program's list has of it is no wish to have it back.
    home.done(&["mark", "apples", "--remove"]);
    let export = home.folder.path().join("part_000000.csv");
    let row = |tags: &str| format!("Apples,{address},1551359100,{tags},unread\n");
    let rows = format!(
        "title,url,time_added,tags,status\n{}{}",
        row("fruit"),
        row("fruit|garden")
    );
    fs::write(&export, rows).unwrap();
    let said = home.done(&["import", export.to_str().unwrap()]);
    assert!(said.contains("2 known, 1 of them removed here"), "{said}");
    let removed = home.done(&["list", "is:removed tag:fruit tag:garden"]);
    assert!(removed.contains("Apples"), "{removed}");
}

#[test]
fn a_login_or_a_teaser_takes_the_place_of_no_text() {
    let round = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&round);
    let server = Server::new(move |path, _, stream| {
        const FORM: &str =
            "<title>Log in</title><form action=/in><input name=user><input type=password></form>";
        let page = match (path, now.load(Ordering::SeqCst)) {
            ("/login", _) | (_, 1) => FORM.to_owned(),
            ("/story" | "/moved", 2) => {
                let head = "HTTP/1.1 302 F\r\nLocation: /login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                return drop(stream.write_all(head.as_bytes()));
            }
            (_, 3) => article("Sea", "<p>Subscribe to read on.</p>"),
            (_, 4) => "<title>Gone</title><p>Nothing.</p>".to_owned(),
            _ => article(
                "Sea",
                &format!("<p>{}</p>", words(300).replace("word", "tide")),
            ),
        };
        send(stream, "text/html", page.as_bytes());
    });
    let home = Home::new();
    let at = |path: &str| server.url.join(path).unwrap().to_string();
    home.done(&["save", &at("story")]);
    let text = home.text();
    for (number, why) in [
        (1, "asks to sign in now; the kept text stays"),
        (2, "asks to sign in now; the kept text stays"),
        (3, "only a part of the text now; the kept text stays"),
        (4, "no story on the page now; the kept text stays"),
    ] {
        round.store(number, Ordering::SeqCst);
        let said = home.done(&["save", &at("story")]);
        assert!(said.contains(why), "{number}: {said}");
        assert_eq!(home.text(), text, "{number}");
    }
    // What was asked for is not lost behind the page to sign in.
    round.store(2, Ordering::SeqCst);
    let said = home.done(&["save", &at("moved")]);
    assert!(said.contains("saved as a link"), "{said}");
    let links = home.live();
    let link = links.iter().find(|it| it.contains("moved")).unwrap();
    let link = fs::read_to_string(home.shelf().join(link)).unwrap();
    assert!(link.contains(&format!("](<{}>)", at("moved"))), "{link}");
    assert!(
        link.contains(&format!("source: \"{}\"", at("login"))),
        "{link}"
    );
    assert!(home.done(&["save", &at("moved")]).starts_with("unchanged"));
    round.store(0, Ordering::SeqCst);
    assert!(home.done(&["save", &at("moved")]).starts_with("updated"));
}

#[test]
fn pages_of_a_section_keep_addresses_of_their_own() {
    let server = Server::new(|path, asked, stream| {
        let host = asked
            .iter()
            .find_map(|it| it.strip_prefix("host: "))
            .unwrap_or_default();
        let canonical = if path.starts_with("/w") {
            "section/w"
        } else {
            ""
        };
        let text = words(120).replace("word", path.trim_start_matches('/'));
        let page = format!(
            "<title>Weekly digest</title><link rel=canonical href='http://{host}/{canonical}'>\
             <article><h1>Weekly digest</h1><p>{text}</p></article>"
        );
        send(stream, "text/html", page.as_bytes());
    });
    let home = Home::new();
    let at = |path: &str| server.url.join(path).unwrap().to_string();
    for path in ["w1", "w2", "root"] {
        let said = home.done(&["save", &at(path)]);
        assert!(said.starts_with("saved"), "{path}: {said}");
    }
    for path in ["w1", "w2", "root"] {
        let said = home.done(&["save", &at(path)]);
        assert!(said.starts_with("unchanged"), "{path}: {said}");
    }
    assert_eq!(home.live().len(), 3);
    let root = home.done(&["list", &format!("url:{}", at("root")), "--json"]);
    assert!(root.contains("Weekly digest"), "{root}");
}

#[test]
fn a_picture_that_is_gone_stays_beside_the_story() {
    let round = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&round);
    let server = Server::new(
        move |path, _, stream| match (path, now.load(Ordering::SeqCst)) {
            ("/a/knot.png", 0) => send(stream, "image/png", &png(1)),
            ("/b/knot.png", _) => send(stream, "image/png", &png(2)),
            ("/story", round) => {
                let more =
                    format!("<img src=/a/knot.png><img src=/b/knot.png><p>Corrected {round}.</p>");
                drop(stream.write_all(html("Knots", &more).as_bytes()));
            }
            _ => drop(
                stream
                    .write_all(b"HTTP/1.1 404 N\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            ),
        },
    );
    let home = Home::new();
    let address = server.url.join("story").unwrap();
    home.done(&["save", address.as_str()]);
    let pictures = |home: &Home| -> Vec<Vec<u8>> {
        let files = home.live();
        let files = files.iter().filter(|it| it.ends_with(".png"));
        files
            .map(|it| fs::read(home.shelf().join(it)).unwrap())
            .collect()
    };
    assert_eq!(pictures(&home).len(), 2);
    round.store(1, Ordering::SeqCst);
    let said = home.done(&["save", address.as_str()]);
    assert!(
        said.starts_with("updated") && !said.contains("without"),
        "{said}"
    );
    assert!(pictures(&home).contains(&png(1)) && pictures(&home).contains(&png(2)));
    assert_eq!(
        home.text().matches("-knots/knot-").count(),
        2,
        "{}",
        home.text()
    );
}

#[test]
fn files_that_came_with_a_letter_lie_beside_its_copy() {
    let home = Home::new();
    let letter = "From: ann@example.org\nSubject: Plans\nDate: Thu, 28 Feb 2019 14:05:00 +0100\nMessage-ID: <p@e.org>\n\
        MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n\
        --b\nContent-Type: text/x-plan\nContent-Disposition: attachment; filename=\"../../plan of all.txt\"\n\
        Content-Transfer-Encoding: base64\n\nQSBwbGFuLg==\n--b--\n";
    let path = home.folder.path().join("a.eml");
    fs::write(&path, letter).unwrap();
    home.done(&["save", path.to_str().unwrap()]);
    let files = home.live();
    let file = files.iter().find(|it| it.ends_with(".txt")).unwrap();
    assert!(
        file.starts_with("saved/2019-02-28-plans/plan-of-all-"),
        "{file}"
    );
    assert_eq!(
        fs::read_to_string(home.shelf().join(file)).unwrap(),
        "A plan."
    );
    fs::remove_file(&path).unwrap();
    assert_eq!(home.done(&["list"]).lines().count(), 1);
    let shown = home.done(&["show", "Plans"]);
    assert!(shown.contains("plan of all.txt (text/x-plan, "), "{shown}");
    let data = home.folder.path().join("data");
    let shelf = home.shelf();
    let words = ["--data", data.to_str().unwrap(), shelf.to_str().unwrap()];
    let mut recto = Recto::start((120, 30), words);
    recto.wait_for("Plans");
    recto.press("<enter>");
    recto.wait_for("plan of all.txt");
    recto.press("fa");
    recto.wait_for(".txt lies at ");
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
    // The same letter on the web, whatever its address is called.
    let server = Server::new(move |_, _, stream| {
        send(stream, "message/rfc822", letter.as_bytes());
    });
    let home = Home::new();
    home.done(&["save", server.url.join("archive/17").unwrap().as_str()]);
    let files = home.live();
    assert!(files.contains("saved/2019-02-28-plans.md"), "{files:?}");
    assert!(
        files.iter().any(|it| it.contains("plan-of-all-")),
        "{files:?}"
    );
    assert!(home.done(&["list"]).contains("Plans"));
}

#[test]
fn a_link_that_was_written_into_is_told_when_its_text_is_not_fetched() {
    let server = Server::new(|path, _, stream| match path {
        "/form" => send(stream, "text/html", b"<title>Form</title><p>Your name?"),
        _ => drop(stream.write_all(html("Sea", "").as_bytes())),
    });
    let home = Home::new();
    home.done(&["save", server.url.join("form").unwrap().as_str()]);
    let file = home.shelf().join(home.live().pop_first().unwrap());
    let edited = fs::read_to_string(&file).unwrap() + "\nAsk Ann about this.\n";
    fs::write(&file, &edited).unwrap();
    home.done(&["list"]);
    let output = home.run(&["refresh", "--ahead"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("you wrote into the file of this link"),
        "{told}"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), edited);
}

#[test]
fn what_a_page_of_ones_own_server_names_there_may_be_fetched_later() {
    let round = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&round);
    let server = Server::new(
        move |path, _, stream| match (path, now.load(Ordering::SeqCst)) {
            ("/late.png", 1) => send(stream, "image/png", &png(1)),
            ("/story", _) => {
                drop(stream.write_all(html("Knots", "<img src=/late.png>").as_bytes()))
            }
            _ => drop(
                stream
                    .write_all(b"HTTP/1.1 404 N\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            ),
        },
    );
    let home = Home::new();
    home.done(&["save", server.url.join("story").unwrap().as_str()]);
    round.store(1, Ordering::SeqCst);
    let said = home.done(&["refresh", "--ahead"]);
    assert!(said.contains("1 picture"), "{said}");
    // A file that only names that host is no page of it.
    let other = home.shelf().join("other.md");
    let url = server.url.join("other").unwrap();
    let picture = server.url.join("late.png?other").unwrap();
    fs::write(
        &other,
        format!("---\nurl: {url}\n---\n# Other\n\n![]({picture})\n"),
    )
    .unwrap();
    home.done(&["list"]);
    let output = home.run(&["refresh", "--ahead"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("is private") || told.contains("own machine"),
        "{told}"
    );
}

#[test]
fn only_the_web_is_fetched_and_that_is_said() {
    let home = Home::new();
    let told = failed(&home.run(&["save", "ftp://example.org/a.txt"]), 1);
    assert!(told.contains("only from http:// and https://"), "{told}");
}

#[test]
fn letters_of_one_list_that_offer_one_page_are_kept_each() {
    let home = Home::new();
    let letter = |name: &str, id: &str, title: &str, text: &str| {
        let path = home.folder.path().join(name);
        fs::write(&path, format!(
            "From: list@example.org\nSubject: {title}\nDate: Thu, 28 Feb 2019 14:05:00 +0100\nMessage-ID: <{id}>\n\
             MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n\
             <p><a href='https://example.org/latest'>View in your browser</a></p><p>{text}</p>\n"
        )).unwrap();
        path.to_string_lossy().into_owned()
    };
    let one = letter("a.eml", "a@example.org", "Ropes", "Of hemp.");
    let two = letter("b.eml", "b@example.org", "Tides", "They come.");
    assert!(home.done(&["save", &one, &two]).contains("saved “Tides”"));
    let listed = home.done(&["list"]);
    assert!(
        listed.contains("Ropes") && listed.contains("Tides"),
        "{listed}"
    );
    assert!(home.done(&["save", &one]).starts_with("unchanged"));
    assert_eq!(home.files().len(), 2);
    // Nor are two files with one link, if they are not alike in anything.
    for (name, title, text) in [
        ("c.md", "Anchors", "They hold."),
        ("d.md", "Bells", "They ring."),
    ] {
        let path = home.folder.path().join(name);
        fs::write(
            &path,
            format!("---\ntitle: {title}\nurl: https://example.org/sea\n---\n{text}\n"),
        )
        .unwrap();
        assert!(
            home.done(&["save", path.to_str().unwrap()])
                .starts_with("saved")
        );
        assert!(
            home.done(&["save", path.to_str().unwrap()])
                .starts_with("unchanged")
        );
    }
    let listed = home.done(&["list"]);
    assert!(
        listed.contains("Anchors") && listed.contains("Bells"),
        "{listed}"
    );
}

#[test]
fn pictures_that_came_in_a_letter_lie_beside_it() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let home = Home::new();
    let letters = STANDARD.encode(png(5));
    let letter = format!(
        "From: ann@example.org\nSubject: Knots\nDate: Thu, 28 Feb 2019 14:05:00 +0100\nMessage-ID: <k@example.org>\n\
         MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n\
         <p>See <img src='cid:knot' alt='A knot' width=80 height=80></p>\n--b\nContent-Type: image/png\n\
         Content-ID: <knot>\nContent-Transfer-Encoding: base64\n\n{letters}\n--b--\n"
    );
    let path = home.folder.path().join("a.eml");
    fs::write(&path, letter).unwrap();
    home.done(&["save", path.to_str().unwrap()]);
    let text = home.text();
    assert!(
        text.contains("![A knot](2019-02-28-knots/picture-"),
        "{text}"
    );
    assert!(!text.contains("data:"), "{text}");
    let files = home.files();
    let picture = files.iter().find(|it| it.ends_with(".png")).unwrap();
    assert_eq!(fs::read(home.shelf().join(picture)).unwrap(), png(5));
    // Kept from there once more, its name does not grow.
    let out = home.folder.path().join("out");
    home.done(&["export", "stories", "-o", out.to_str().unwrap()]);
    let name = Path::new(picture).file_name().unwrap();
    assert!(out.join("2019-02-28-knots").join(name).is_file());
}

#[test]
fn a_story_whose_page_says_something_else_now_is_set_aside() {
    let home = Home::new();
    let page = home.shelf().join("page.html");
    let save = |body: &str| {
        fs::write(&page, article("Sea", body)).unwrap();
        home.done(&[
            "save",
            page.to_str().unwrap(),
            "--base-url",
            "https://e.org/sea",
        ])
    };
    let words: Vec<String> = (0..90).map(|it| format!("tide{it}")).collect();
    save(&format!("<p>{}.</p>", words.join(" ")));
    let said = save(&format!("<p>{}, corrected.</p>", words.join(" ")));
    assert!(said.contains("updated"), "{said}");
    let said = save(
        "<p>To read on, become a member today: it costs no more than a loaf of bread a month.</p>",
    );
    assert!(said.contains("says something else"), "{said}");
    let trash = home.shelf().join(".trash/2");
    let aside = fs::read_dir(&trash)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = fs::read_to_string(aside).unwrap();
    assert!(
        text.contains("tide89") && text.contains("corrected"),
        "{text}"
    );
}

#[test]
fn pages_that_a_browser_saved_are_listed_and_not_what_lies_with_them() {
    let home = Home::new();
    fs::create_dir(home.shelf().join("Tides_files")).unwrap();
    for (name, text) in [
        ("Tides.html", article("Tides", "<p>They come and go.</p>")),
        ("Tides_files/frame.html", article("An ad", "")),
        (
            "start.htm",
            "<!doctype html><title>Start here</title><form><input></form>".to_owned(),
        ),
    ] {
        fs::write(home.shelf().join(name), text).unwrap();
    }
    let listed = home.done(&["list"]);
    assert!(
        listed.contains("Tides") && listed.contains("Start here"),
        "{listed}"
    );
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(home.done(&["show", "tides"]).contains("They come and go."));
    assert!(home.done(&["search", "\"come and go\""]).contains("Tides"));
}

/// A page in which nothing but its title and its text stands.
fn plain(title: &str, word: &str, count: usize) -> String {
    let text: Vec<String> = (0..count).map(|it| format!("{word}{it}")).collect();
    let text: Vec<String> = text
        .chunks(40)
        .map(|it| format!("<p>{}.</p>", it.join(" ")))
        .collect();
    format!(
        "<!doctype html><title>{title}</title><article><h1>{title}</h1>{}</article>",
        text.concat()
    )
}

#[test]
fn another_story_at_an_address_lies_beside_the_one_that_was_kept() {
    let home = Home::new();
    let page = home.folder.path().join("page.html");
    let save = |html: &str| {
        fs::write(&page, html).unwrap();
        let page = page.to_str().unwrap();
        home.done(&["save", page, "--base-url", "https://e.org/sea"])
    };
    save(&plain("Tides", "tide", 300));
    home.done(&["mark", "Tides", "--star"]);
    let lost = plain("Page not found", "sorry", 200);
    let said = save(&lost);
    assert!(
        said.contains("another story was kept of this address before"),
        "{said}"
    );
    let texts = |home: &Home| -> Vec<String> {
        let files = home.live().into_iter();
        files
            .map(|it| fs::read_to_string(home.shelf().join(it)).unwrap())
            .collect()
    };
    assert_eq!(texts(&home).len(), 2);
    assert!(
        texts(&home)
            .iter()
            .any(|it| it.contains("tide299") && !it.contains("sorry0"))
    );
    // It is told from the other one from now on, and each is brought up to date by itself.
    assert!(save(&lost).contains("unchanged"));
    let said = save(&plain("Tides, corrected", "tide", 320));
    assert!(said.contains("updated"), "{said}");
    let now = texts(&home);
    assert_eq!(now.len(), 2);
    assert!(
        now.iter().any(|it| it.contains("tide319")) && now.iter().any(|it| it.contains("sorry199"))
    );
    let starred = home.done(&["list", "is:starred"]);
    assert!(
        starred.contains("Tides, corrected") && !starred.contains("not found"),
        "{starred}"
    );
}

#[test]
fn pages_of_one_template_and_pages_that_are_gone_take_the_place_of_no_story() {
    let home = Home::new();
    let page = home.folder.path().join("page.html");
    let save = |html: &str, address: &str| {
        fs::write(&page, html).unwrap();
        home.done(&["save", page.to_str().unwrap(), "--base-url", address])
    };
    let set = |title: &str, word: &str| {
        let menu: String = (0..120).map(|it| format!("menu{it} ")).collect();
        let title = format!("{title} | The Paper of the Harbour");
        let page = plain(&title, word, 120);
        page.replace("</article>", &format!("<p>{menu}</p></article>"))
    };
    let sea = "https://e.org/sea";
    save(&set("When the tide comes in", "tide"), sea);
    let said = save(&set("When the tide goes out", "tide"), sea);
    assert!(said.contains("updated"), "{said}");
    let said = save(&set("All about ropes and knots", "rope"), sea);
    assert!(
        said.contains("another story was kept of this address before"),
        "{said}"
    );
    assert_eq!(home.live().len(), 2);
    // The text of before under a new headline is no other story.
    let said = save(&set("Every splice, every bend", "rope"), sea);
    assert!(said.contains("updated"), "{said}");
    assert_eq!(home.live().len(), 2);
    let gone = plain("Page not found", "sorry", 200).replace(
        "<article>",
        "<meta name=robots content=noindex><article class=error-404>",
    );
    let said = save(&gone, "https://e.org/gone");
    assert!(
        said.contains("saved as a link, for there is no story on this page: “Page not found”"),
        "{said}"
    );
}

#[test]
fn marked_passages_become_highlights_when_the_text_comes() {
    let server = Server::new(|path, _, stream| {
        let word = path.trim_start_matches('/');
        let page = plain(&format!("All about the {word}"), word, 200);
        send(stream, "text/html", page.as_bytes());
    });
    let home = Home::new();
    let link = |word: &str| {
        serde_json::json!({
            "is_archived": 0, "is_starred": 0, "tags": [], "title": format!("On the {word}"),
            "url": server.url.join(word).unwrap().as_str(), "content": "", "created_at": "2019-02-28T14:05:00+0000",
            "annotations": [
                { "quote": format!("{word}41 {word}42"), "text": "So it *does*" },
                { "quote": "Nowhere to be found", "text": "mine" },
            ],
        })
    };
    let export = serde_json::json!([link("tide"), link("rope")]).to_string();
    fs::write(home.folder.path().join("wallabag.json"), export).unwrap();
    let said = home.done(&["import", "wallabag.json"]);
    assert!(
        said.contains("4 marked passages below as quotations"),
        "{said}"
    );
    // One is fetched ahead, the other is kept by its address.
    let rope = server.url.join("rope").unwrap();
    home.done(&["save", rope.as_str()]);
    home.done(&["refresh", "--ahead"]);
    let notes = home.done(&["export", "notes"]);
    for word in ["tide", "rope"] {
        assert!(
            notes.contains(&format!("> {word}41 {word}42\n\nSo it *does*")),
            "{notes}"
        );
    }
    assert!(!notes.contains("no longer in the text"), "{notes}");
    assert_eq!(home.live().len(), 2);
    for file in home.live() {
        let text = fs::read_to_string(home.shelf().join(file)).unwrap();
        let (_, below) = text.split_once("## Highlights").unwrap();
        assert_eq!(below.trim(), "> Nowhere to be found\n\nmine", "{text}");
    }
}

/// A list of links as Raindrop exports it: address, title, note and what was marked.
fn raindrop(links: &[[&str; 4]]) -> String {
    let mut list =
        "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n".to_owned();
    for [address, title, note, marked] in links {
        let rest = "2019-02-28T14:05:00.000Z";
        list.push_str(&format!(
            "1,{title},{note},,{address},,,{rest},,\"{marked}\",false\n"
        ));
    }
    list
}

#[test]
fn what_came_below_a_link_stays_when_its_page_is_saved_again() {
    let round = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&round);
    let server = Server::new(move |path, _, stream| {
        let word = path.trim_start_matches('/');
        let more = now.load(Ordering::SeqCst);
        // A heading of its own, by this name, is no reader's.
        let own = match more {
            0 => "<h2>Highlights</h2><p>Of the page alone.</p>",
            _ => "",
        };
        let page = plain(&format!("All about the {word}"), word, 60 + more);
        let page = page.replace("</article>", &format!("{own}</article>"));
        send(stream, "text/html", page.as_bytes());
    });
    let home = Home::new();
    let at = |word: &str| server.url.join(word).unwrap().to_string();
    let (tide, rope, bell) = (at("tide"), at("rope"), at("bell"));
    // Longer than the text that it is about.
    let note = "Mine alone ".repeat(80);
    let note = note.trim();
    let links = [
        [&*tide, "All about the tide", note, ""],
        [
            &*rope,
            "All about the rope",
            note,
            "Highlight:Nowhere\nHighlight:rope60 to come",
        ],
        [&*bell, "All about the bell", "", ""],
    ];
    fs::write(home.folder.path().join("raindrop.csv"), raindrop(&links)).unwrap();
    home.done(&["import", "raindrop.csv"]);
    home.done(&["refresh", "--ahead"]);
    let text = |word: &str| {
        let mut files = home.live().into_iter();
        let file = files.find(|it| it.contains(word)).unwrap();
        fs::read_to_string(home.shelf().join(file)).unwrap()
    };
    for (word, address) in [("tide", &tide), ("rope", &rope)] {
        assert!(text(word).contains(&format!("{word}59")), "{}", text(word));
        let said = home.done(&["save", address]);
        assert!(said.contains("unchanged"), "{said}");
    }
    for more in 1..=2 {
        round.store(more, Ordering::SeqCst);
        for (word, address) in [("tide", &tide), ("rope", &rope), ("bell", &bell)] {
            let said = home.done(&["save", address]);
            assert!(said.contains("updated"), "{said}");
            let text = text(word);
            assert!(text.contains(&format!("{word}{}", 59 + more)), "{text}");
            assert!(!text.contains("Of the page alone"), "{text}");
            let notes = text.matches(note).count();
            assert_eq!(notes, usize::from(word != "bell"), "{text}");
        }
    }
    assert!(text("rope").ends_with("## Highlights\n\n> Nowhere\n\n> rope60 to come\n"));
    assert_eq!(home.live().len(), 3);
}

#[test]
fn what_came_below_a_text_stays_when_its_page_is_saved_again() {
    let round = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&round);
    let server = Server::new(move |_, _, stream| {
        let count = 100 + now.load(Ordering::SeqCst);
        send(
            stream,
            "text/html",
            plain("Tides", "tide", count).as_bytes(),
        );
    });
    let home = Home::new();
    let address = server.url.join("tide").unwrap();
    let export = serde_json::json!([{
        "is_archived": 0, "is_starred": 0, "tags": [], "title": "Tides", "url": address.as_str(),
        "content": plain("Tides", "tide", 100), "created_at": "2019-02-28T14:05:00+0000",
        "annotations": [{ "quote": "tide100", "text": "to come" }, { "quote": "Nowhere", "text": "mine" }],
    }]);
    fs::write(home.folder.path().join("wallabag.json"), export.to_string()).unwrap();
    home.done(&["import", "wallabag.json"]);
    round.store(1, Ordering::SeqCst);
    home.done(&["save", address.as_str()]);
    let text = home.text();
    let (_, below) = text.split_once("## Highlights").unwrap();
    assert_eq!(below.trim(), "> Nowhere\n\nmine");
    let notes = home.done(&["export", "notes"]);
    assert!(notes.contains("> tide100\n\nto come"), "{notes}");
}

#[test]
fn a_page_with_its_address_is_the_one_that_was_kept_without_it() {
    let home = Home::new();
    let page = home.folder.path().join("page.html");
    let html = plain("Tides", "tide", 100).replace(
        "</article>",
        "<p>See <a href='/rope'>ropes</a>, and <a href='#ebb'>the ebb</a>.</p></article>",
    );
    fs::write(&page, html).unwrap();
    let page = page.to_str().unwrap();
    home.done(&["save", page]);
    home.done(&["mark", "Tides", "--star", "--tag", "sea"]);
    let said = home.done(&["save", page, "--base-url", "https://e.org/sea"]);
    assert!(said.contains("updated"), "{said}");
    assert!(home.text().contains("https://e.org/sea"), "{}", home.text());
    // The list names its site: in the folder all kept pages lie.
    let starred = home.done(&["list", "is:starred tag:sea"]);
    assert!(starred.contains("Tides\te.org"), "{starred}");
    assert!(
        home.done(&["save", page, "--base-url", "https://e.org/sea"])
            .contains("unchanged")
    );
    assert!(home.done(&["save", page]).contains("unchanged"));
    // Of one that its reader wrote on, nothing is written over.
    fs::write(page, plain("Ropes", "rope", 100)).unwrap();
    home.done(&["save", page]);
    let ropes = home
        .live()
        .into_iter()
        .find(|it| it.contains("ropes"))
        .unwrap();
    let ropes = home.shelf().join(ropes);
    let own = fs::read_to_string(&ropes).unwrap() + "\nMine.\n";
    fs::write(&ropes, &own).unwrap();
    home.done(&["save", page, "--base-url", "https://e.org/rope"]);
    assert_eq!(fs::read_to_string(&ropes).unwrap(), own);
}

#[test]
fn a_page_without_its_address_is_the_one_that_was_kept_with_it() {
    let home = Home::new();
    let page = home.folder.path().join("page.html");
    let html = plain("Tides", "tide", 100).replace(
        "</article>",
        "<p>See <a href='/rope'>ropes</a>.</p></article>",
    );
    fs::write(&page, html).unwrap();
    let page = page.to_str().unwrap();
    home.done(&["save", page, "--base-url", "https://e.org/sea"]);
    assert!(home.done(&["save", page]).contains("unchanged"));
    assert_eq!(home.files().len(), 1);
    fs::write(page, plain("Tides", "ebb", 100)).unwrap();
    assert!(home.done(&["save", page]).contains("saved"));
    assert_eq!(home.files().len(), 2);
}

#[test]
fn a_mailbox_is_no_story() {
    let home = Home::new();
    let letter =
        "From ann Thu Feb 28 14:05:00 2019\nFrom: ann@example.org\nSubject: Plans\n\nSoon.\n\n";
    let path = home.folder.path().join("box.mbox");
    fs::write(&path, letter.repeat(3)).unwrap();
    let complained = failed(&home.run(&["save", "box.mbox"]), 1);
    assert!(
        complained.contains("a mailbox of 3 letters") && complained.contains("recto box.mbox"),
        "{complained}"
    );
    assert!(home.files().is_empty());
    fs::write(&path, letter).unwrap();
    home.done(&["save", "box.mbox"]);
    assert_eq!(home.files().len(), 1);
}

#[test]
fn nothing_is_written_into_a_maildir() {
    let home = Home::new();
    for folder in ["cur", "new", "tmp"] {
        fs::create_dir(home.shelf().join(folder)).unwrap();
    }
    fs::write(home.folder.path().join("b.txt"), "Bells\n\nThey ring.\n").unwrap();
    home.done(&["save", "b.txt"]);
    assert!(home.files().is_empty() && !home.shelf().join("saved").exists());
    let kept = fs::read_dir(home.folder.path().join("data/library/saved")).unwrap();
    assert_eq!(kept.count(), 1);
}
