//! Books as their reader meets them: one story each, with one place in all of it that is kept.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/command.rs"]
mod command;
#[path = "support/novel.rs"]
mod novel;
#[path = "support/server.rs"]
mod server;
mod support;

use std::{fs, io::Write};

use command::said;
use server::Server;
use support::{
    Recto, Screen,
    folder::{self, Folder},
};

/// The smallest picture that is one.
fn picture() -> Vec<u8> {
    let picture = image::DynamicImage::from(image::RgbImage::from_fn(60, 90, |x, y| {
        image::Rgb([x as u8, y as u8, 90])
    }));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

fn shelf() -> Folder {
    let novel = novel::novel("The Sea at Night", 40, 12_000, &picture());
    Folder::new()
        .with("shelf/sea.epub", novel)
        .with_story(
            "shelf/other.md",
            "Another story",
            "2020-01-01",
            "Some words.",
        )
        .with("data/.keep", "")
}

/// What a run among the books said.
fn run(folder: &Folder, arguments: &[&str]) -> (String, String) {
    let mut command = command::recto(folder, arguments);
    command
        .current_dir(folder.path("shelf"))
        .env("RECTO_LIBRARY", folder.path("shelf"));
    said(&command.assert())
}

#[test]
fn a_book_is_printed_listed_and_inspected() {
    let folder = shelf();
    let (shown, said) = run(&folder, &["show", "sea.epub"]);
    assert!(shown.contains("Chapter 40"), "{said}");
    assert!(shown.contains("Note 1 of chapter 1."));
    let (json, _) = run(&folder, &["inspect", "--json", "sea.epub"]);
    let story: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(story["kind"], "book");
    assert_eq!(story["title"], "The Sea at Night");
    assert_eq!(story["authors"][0], "Jane Doe");
    assert_eq!(story["language"], "en");
    let (markdown, _) = run(&folder, &["show", "--format", "markdown", "sea.epub"]);
    assert!(markdown.contains("So it is said.[^c1-n1]"));
    assert!(markdown.contains("[As was told before](#c39-start)"));
    let fetch = fs::read(folder.path("shelf/sea.epub")).unwrap();
    fs::write(folder.path("shelf/broken.epub"), &fetch[..20]).unwrap();
    let (_, said) = run(&folder, &["show", "broken.epub"]);
    assert!(said.contains("broken.epub: this EPUB is broken"), "{said}");
}

#[test]
fn the_place_in_a_book_is_kept_over_a_restart() {
    let folder = shelf();
    let book = folder.path("shelf/sea.epub");
    let book = book.to_string_lossy();
    for (size, name) in [
        ((120, 40), "wide"),
        ((80, 24), "usual"),
        ((40, 12), "small"),
    ] {
        let data = folder.path(name);
        let data = data.to_string_lossy();
        let mut recto = Recto::start(size, ["--data", &*data, &*book]);
        recto.wait_for("Jane Doe");
        // Where there is no room for both, the list shows first.
        recto.press("<enter>");
        recto.wait_for("28 February");
        // By the outline, which has the chapters of the whole book once that was read.
        loop {
            recto.press("T");
            let told = recto.wait_until("has an outline, or will have", |it| {
                it.shows("Chapter 3") || it.shows("The headings of this")
            });
            if told.shows("Chapter 3") {
                break;
            }
            // Another key takes the message away: the next one is not this one.
            recto.press("j");
            recto.wait_gone("The headings of this");
        }
        recto.press("chapter 40<enter>");
        let text = |screen: &Screen| -> Vec<String> {
            let rows = screen.rows.iter().map(|row| row.trim().to_owned());
            rows.filter(|row| row.contains(". ") && row.len() > 15)
                .collect()
        };
        recto.wait_until("is at the last chapter", |it| {
            it.shows("Chapter 40") && !it.shows("Chapter 39") && !text(it).is_empty()
        });
        recto.press("jj");
        let left = text(&recto.wait_until("has gone on", |it| text(it).len() > 1));
        recto.press("<ctrl-c>");
        recto.wait_clean_exit();
        let mut recto = Recto::start(size, ["--data", &*data, &*book]);
        recto.wait_until("is where it was left", |it| {
            let now = text(it);
            left.iter().filter(|row| now.contains(row)).count() * 2 >= left.len()
        });
        recto.press("<ctrl-c>");
        recto.wait_clean_exit();
        // What it reads as is kept beside the database.
        let kept = fs::read_dir(folder.path(name).join("books"))
            .unwrap()
            .count();
        assert_eq!(kept, 1);
    }
}

#[test]
fn books_stand_together_among_the_sources() {
    let folder = shelf();
    let (data, shelf) = (folder.path("data"), folder.path("shelf"));
    let (data, shelf) = (data.to_string_lossy(), shelf.to_string_lossy());
    let mut recto = Recto::start((160, 40), ["--data", &*data, &*shelf]);
    recto.wait_for("Another story");
    recto.wait_until("has a source for books", |it| {
        it.rows
            .iter()
            .any(|row| row.contains("Books") && row.contains('1'))
    });
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
    let list = |query: &str| run(&folder, &["list", query]).0;
    assert!(list("is:book").contains("The Sea at Night"));
    assert!(!list("is:book").contains("Another story"));
    assert!(list("-is:book").contains("Another story"));
}

/// The names of what was kept.
fn kept(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path("shelf/saved"));
    let entries = entries.into_iter().flatten();
    let names = entries.map(|it| it.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

const COPY: &str = "2019-02-28-the-sea-at-night.epub";

/// A shelf without a book, and one elsewhere.
fn elsewhere() -> (Folder, Vec<u8>) {
    let novel = novel::novel("The Sea at Night", 3, 4000, &picture());
    let folder = Folder::new()
        .with("shelf/saved/.keep", "")
        .with("elsewhere/sea.epub", novel.clone())
        .with("data/.keep", "");
    fs::remove_file(folder.path("shelf/saved/.keep")).unwrap();
    (folder, novel)
}

#[test]
fn a_book_is_kept_as_it_is() {
    let (folder, novel) = elsewhere();
    let save = || run(&folder, &["save", "../elsewhere/sea.epub"]);
    let (saved, said) = save();
    assert!(
        saved.starts_with("saved “The Sea at Night”"),
        "{saved}{said}"
    );
    assert!(!said.contains("without"), "{said}");
    assert_eq!(kept(&folder), [COPY]);
    let copy = folder.path("shelf/saved").join(COPY);
    assert_eq!(fs::read(&copy).unwrap(), novel);
    let (saved, _) = save();
    assert!(saved.starts_with("unchanged “The Sea at Night”"), "{saved}");
    assert_eq!(kept(&folder), [COPY]);
    assert!(
        run(&folder, &["list", "is:book"])
            .0
            .contains("The Sea at Night")
    );
    let own = format!("saved/{COPY}");
    assert!(run(&folder, &["save", &own]).0.starts_with("unchanged"));
    fs::rename(&copy, folder.path("shelf/sea.epub")).unwrap();
    assert!(
        run(&folder, &["save", "sea.epub"])
            .0
            .starts_with("unchanged")
    );
    assert!(kept(&folder).is_empty());
    fs::rename(folder.path("shelf/sea.epub"), &copy).unwrap();
    // Another edition of the same name and day lies beside it.
    let other = novel::novel("The Sea at Night", 4, 4000, &picture());
    fs::write(folder.path("elsewhere/sea.epub"), other).unwrap();
    save();
    assert_eq!(kept(&folder), ["2019-02-28-the-sea-at-night-2.epub", COPY]);
    assert_eq!(fs::read(&copy).unwrap(), novel);
}

#[test]
fn a_book_that_is_kept_by_a_key_is_taken_back() {
    let (folder, novel) = elsewhere();
    let pictures = "shelf/saved/2019-02-28-the-sea-at-night/of-a-story.png";
    let folder = folder.with(pictures, "p");
    let (data, book) = (folder.path("data"), folder.path("elsewhere/sea.epub"));
    let library = folder.path("shelf");
    let (data, book) = (data.to_string_lossy(), book.to_string_lossy());
    let library = library.to_string_lossy();
    let mut recto = Recto::start(
        (120, 24),
        ["--data", &*data, "--library", &*library, &*book],
    );
    recto.wait_for("Jane Doe");
    recto.press("S");
    recto.wait_for("Saved (u undoes it)");
    let copy = folder.path("shelf/saved").join(COPY);
    assert_eq!(fs::read(&copy).unwrap(), novel);
    recto.press("S");
    recto.wait_for("Nothing has changed since it was saved");
    recto.press("u");
    recto.wait_for("Taken back");
    assert!(!copy.exists());
    let trash = folder.path("shelf/.trash").join(COPY);
    assert_eq!(fs::read(&trash).unwrap(), novel);
    // They belong to a story of the same name.
    assert!(folder.path(pictures).is_file());
    recto.press("<ctrl-r>");
    recto.wait_for("Done again");
    assert_eq!(fs::read(&copy).unwrap(), novel);
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
}

/// What a server says with a file.
fn answer(kind: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut all = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .into_bytes();
    all.extend_from_slice(body);
    all
}

#[test]
fn a_book_on_the_web_is_kept_as_its_file() {
    let (folder, novel) = elsewhere();
    // More than a page may have: noise is as long packed.
    let mut seed = 1_u64;
    let noise = std::iter::repeat_with(|| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as u8
    });
    let noise: Vec<u8> = noise.take(18 * 1024 * 1024).collect();
    let large = novel::novel("The Large Sea", 2, 2000, &noise);
    assert!(large.len() > 17 * 1024 * 1024);
    let (told, named, packed, of_size) =
        (novel.clone(), novel.clone(), novel.clone(), large.clone());
    let server = Server::new(move |path, _, stream| {
        let said = match path {
            "/told" => answer("application/epub+zip", &told),
            "/named.epub" => answer("application/octet-stream", &named),
            "/ebooks/7" => b"HTTP/1.1 302 F\r\nLocation: /download?id=7\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
            "/download?id=7" => answer("application/zip", &packed),
            "/large" => answer("application/epub+zip", &of_size),
            "/cut.epub" => {
                let mut cut = answer("application/epub+zip", &of_size);
                cut.truncate(1024 * 1024);
                cut
            }
            "/login.epub" => answer("text/html", b"<title>Sign in</title><form><input type=password></form>"),
            _ => answer("application/pdf", b"%PDF-1.7\n\0\0\0"),
        };
        let _ = stream.write_all(&said);
    });
    let save = |path: &str| run(&folder, &["save", server.url.join(path).unwrap().as_str()]);
    let (saved, said) = save("told");
    assert!(
        saved.starts_with("saved “The Sea at Night”"),
        "{saved}{said}"
    );
    assert_eq!(kept(&folder), [COPY]);
    let copy = folder.path("shelf/saved").join(COPY);
    assert_eq!(fs::read(&copy).unwrap(), novel);
    for path in ["named.epub", "ebooks/7"] {
        let (saved, said) = save(path);
        assert!(saved.starts_with("unchanged"), "{path}: {saved}{said}");
    }
    // Cut off, it is nowhere; and a page at such an address is none.
    let (saved, said) = save("cut.epub");
    assert!(
        saved.is_empty() && said.contains("cut.epub:"),
        "{saved}{said}"
    );
    assert_eq!(kept(&folder), [COPY]);
    let (saved, said) = save("large");
    assert!(saved.starts_with("saved “The Large Sea”"), "{saved}{said}");
    let kept_large = kept(&folder)
        .into_iter()
        .find(|it| it.contains("large"))
        .unwrap();
    assert_eq!(
        fs::read(folder.path("shelf/saved").join(kept_large)).unwrap(),
        large
    );
    assert!(save("login.epub").0.starts_with("saved as a link"));
    let (saved, said) = save("annual%20report.pdf");
    assert!(
        saved.starts_with("saved as a link: “annual report.pdf”"),
        "{saved}{said}"
    );
    assert!(
        said.contains("PDF") && said.contains("not a text"),
        "{said}"
    );
}

#[test]
fn a_book_that_is_looked_at_is_kept_as_its_file() {
    let (folder, novel) = elsewhere();
    let sent = novel.clone();
    let server = Server::new(move |_, _, stream| {
        let _ = stream.write_all(&answer("application/epub+zip", &sent));
    });
    let (shelf, data) = (folder.path("shelf"), folder.path("data"));
    let address = server.url.join("sea.epub").unwrap().to_string();
    let words = [
        "--library",
        shelf.to_str().unwrap(),
        "--data",
        data.to_str().unwrap(),
    ];
    let mut recto = Recto::start((100, 30), words.iter().copied().chain([&*address]));
    recto.wait_for("The Sea at Night");
    recto.press("S");
    recto.wait_for("Saved (u undoes it): saved/");
    assert_eq!(
        fs::read(folder.path("shelf/saved").join(COPY)).unwrap(),
        novel
    );
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
}
