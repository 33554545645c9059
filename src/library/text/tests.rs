use std::{
    fs,
    path::Path,
    sync::{Arc, atomic::AtomicBool},
};

use tempfile::TempDir;

use super::super::{Input, Library, store::Lane};
use crate::story::{Anchor, Listing, Row, Source};

/// A library in a folder, with a database.
struct Shelf {
    folder: TempDir,
    library: Library,
}

impl Shelf {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stories = folder.path().join("stories");
        fs::create_dir(&stories).unwrap();
        for (name, text) in files {
            fs::write(stories.join(name), text).unwrap();
        }
        let mut shelf = Shelf {
            library: open(folder.path()),
            folder,
        };
        shelf.refresh();
        shelf
    }

    fn write(&mut self, name: &str, text: &str) {
        fs::write(self.folder.path().join("stories").join(name), text).unwrap();
        self.refresh();
    }

    fn refresh(&mut self) {
        let stop = AtomicBool::new(false);
        self.library.scan(&stop, &|_| ()).unwrap();
        self.library.index_texts(&stop, &|_| ()).unwrap();
        assert_eq!(self.library.unindexed().unwrap(), 0);
    }

    fn rows(&self, listing: &Listing) -> Vec<Row> {
        let window = self.library.window(listing, Anchor::Start, 0, &|| false);
        window.unwrap().rows
    }

    /// The titles that a search finds, the best first.
    fn found(&self, words: &str) -> Vec<String> {
        let rows = self.rows(&everywhere(words));
        rows.iter().map(|row| row.title.to_string()).collect()
    }
}

fn open(folder: &Path) -> Library {
    let clock = || "2026-11-20T10:00[UTC]".parse().unwrap();
    let input = Input::Path(folder.join("stories"));
    Library::open(Some(&folder.join("data")), vec![input], Arc::new(clock)).unwrap()
}

fn everywhere(words: &str) -> Listing {
    Listing {
        search: words.to_owned(),
        everywhere: true,
        ..Listing::default()
    }
}

const KNOTS: (&str, &str) = (
    "knots.md",
    "---\ntitle: Knots\nauthor: Ines Calder\ndate: 2020-01-01\n---\nA *reef* knot holds until the seafarer unties it.",
);
const SEA: (&str, &str) = (
    "sea.md",
    "---\ntitle: The reef\ndate: 2019-01-01\n---\nSalt and [wind](https://example.org/hidden). Un été à Łódź.",
);
const TOKYO: (&str, &str) = (
    "tokyo.md",
    "---\ntitle: 東京\ndate: 2018-01-01\n---\n人身売買の被害者を支援する団体。ประเทศไทย 한국어를",
);

#[test]
fn words_are_found_in_titles_names_and_texts() {
    let shelf = Shelf::new(&[KNOTS, SEA, TOKYO]);
    for (words, titles) in [
        ("reef ", &["The reef", "Knots"][..]),
        ("REEF knot ", &["Knots"]),
        ("calder ", &["Knots"]),
        ("\"reef knot\"", &["Knots"]),
        ("\"knot reef\"", &[]),
        ("reef -salt", &["Knots"]),
        ("seaf", &["Knots"]),
        ("seaf ", &[]),
        ("ete lodz ", &["The reef"]),
        ("Été", &["The reef"]),
        ("hidden ", &[]),
        ("wind ", &["The reef"]),
        ("人身売買", &["東京"]),
        ("身売", &["東京"]),
        ("支援団体", &[]),
        ("京", &["東京"]),
        ("한국", &["東京"]),
        ("ประเทศ", &["東京"]),
        ("-salt", &["Knots", "東京"]),
        ("salt or seafarer ", &["The reef", "Knots"]),
        ("reef author:calder", &["Knots"]),
        ("reef is:starred", &[]),
        ("reef sort:oldest", &["The reef", "Knots"]),
    ] {
        assert_eq!(shelf.found(words), titles, "{words}");
    }
}

#[test]
fn rows_have_their_passages() {
    let shelf = Shelf::new(&[KNOTS, SEA]);
    let rows = shelf.rows(&everywhere("reef "));
    assert_eq!(rows[0].passage, None, "it stands in the title only");
    assert_eq!(rows[0].matched, [4, 5, 6, 7]);
    let passage = rows[1].passage.as_ref().unwrap();
    assert_eq!(
        &*passage.text,
        "A reef knot holds until the seafarer unties it."
    );
    assert_eq!(passage.marks, std::slice::from_ref(&(2..6)));
}

#[test]
fn a_search_keeps_to_its_part_of_the_library() {
    let shelf = Shelf::new(&[KNOTS, SEA]);
    let listing = Listing {
        source: Source::Author("Ines Calder".into()),
        ..everywhere("reef ")
    };
    assert_eq!(shelf.rows(&listing).len(), 1);
    let listing = Listing {
        source: Source::Starred,
        ..everywhere("reef ")
    };
    assert_eq!(shelf.rows(&listing).len(), 0);
}

#[test]
fn an_edited_story_is_found_by_its_new_words_alone() {
    let mut shelf = Shelf::new(&[KNOTS, SEA]);
    shelf.write("knots.md", "---\ntitle: Knots\n---\nA bowline, rather.");
    assert_eq!(shelf.found("bowline "), ["Knots"]);
    assert!(shelf.found("seafarer ").is_empty());
    assert!(shelf.found("calder ").is_empty());
    assert_eq!(shelf.found("reef "), ["The reef"]);
}

#[test]
fn a_story_that_is_gone_is_not_found() {
    let mut shelf = Shelf::new(&[KNOTS, SEA]);
    fs::remove_file(shelf.folder.path().join("stories/knots.md")).unwrap();
    shelf.refresh();
    assert!(shelf.found("seafarer ").is_empty());
    assert_eq!(shelf.found("reef "), ["The reef"]);
    let connection = shelf.library.store.hold(Lane::Text);
    let count: i64 = connection
        .unwrap()
        .query_row(
            "SELECT count(*) FROM story_text WHERE story_text MATCH 'seafarer'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(count, 0);
}

#[test]
fn indexing_goes_on_where_it_was_stopped() {
    let mut shelf = Shelf::new(&[KNOTS]);
    let texts: Vec<(String, String)> = (0..3000)
        .map(|number| {
            (
                format!("{number}.md"),
                format!("# Story {number}\n\nword{number} common"),
            )
        })
        .collect();
    let stories = shelf.folder.path().join("stories");
    for (name, text) in &texts {
        fs::write(stories.join(name), text).unwrap();
    }
    let stop = AtomicBool::new(false);
    shelf.library.scan(&stop, &|_| ()).unwrap();
    let halt = |_| stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let some = shelf.library.index_texts(&stop, &halt).unwrap();
    assert!(some > 0 && some < 3000, "{some}");
    assert_eq!(shelf.library.unindexed().unwrap(), 3000 - some);

    // Another program goes on, or this one started anew.
    shelf.library = open(shelf.folder.path());
    shelf.refresh();
    assert_eq!(
        shelf.library.found(&everywhere("common ")).unwrap().len(),
        3000
    );
    assert_eq!(shelf.found("word2999 "), ["Story 2999"]);
}

#[test]
fn more_hits_than_can_be_ranked_are_all_listed() {
    let files: Vec<(String, String)> = (0..6000)
        .map(|number| {
            let title = if number == 77 { "All common" } else { "Story" };
            let day = jiff::civil::date(2000, 1, 1) + jiff::Span::new().days(number);
            let text = format!("---\ntitle: {title} {number}\ndate: {day}\n---\ncommon");
            (format!("{number}.md"), text)
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
    let shelf = Shelf::new(&files);
    let window = shelf
        .library
        .window(&everywhere("common "), Anchor::Start, 0, &|| false)
        .unwrap();
    assert_eq!(window.total, 6000);
    assert_eq!(&*window.rows[0].title, "All common 77", "titles come first");
    assert_eq!(&*window.rows[1].title, "Story 5999", "then the newest");
    let told = "So many have it that titles and the newest come first.";
    assert_eq!(
        window.remark.as_deref(),
        Some(told),
        "how many is said beside it"
    );
}

#[test]
fn the_database_is_no_larger_than_what_it_holds() {
    let words: String = (0..4000).map(|word| format!("word{word} ")).collect();
    let files: Vec<(String, &str)> = (0..60).map(|at| (format!("{at}.md"), &*words)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, *b)).collect();
    let shelf = Shelf::new(&files);
    let connection = shelf.library.store.hold(Lane::Text).unwrap();
    let number = |pragma| -> i64 {
        let value = connection.pragma_query_value(None, pragma, |row| row.get(0));
        value.unwrap()
    };
    assert!(number("freelist_count") * 20 <= number("page_count"));
}

#[test]
fn a_search_that_nobody_waits_for_is_given_up() {
    let shelf = Shelf::new(&[KNOTS]);
    shelf.found("reef ");
    let given_up = shelf
        .library
        .window(&everywhere("reef "), Anchor::Start, 0, &|| true);
    assert!(given_up.is_err(), "its passages are not read");
}

#[test]
fn a_language_that_is_not_declared_is_told_by_the_words() {
    let german = "Der Hafen liegt still, und die Boote schlafen an ihren Leinen. Niemand weiß, wann der \
                  Wind zurückkehrt, aber alle wissen, dass er kommen wird, wie jedes Jahr um diese Zeit, \
                  wenn die Tage kürzer werden und das Licht über dem Wasser langsam grau wird.";
    let declared = format!("---\ntitle: Hafen\nlang: fr\n---\n{german}");
    let shelf = Shelf::new(&[("a.md", german), ("b.md", &declared), KNOTS]);
    let of = |tag: &str| {
        let listing = Listing {
            search: format!("lang:{tag}"),
            ..Listing::default()
        };
        shelf.rows(&listing).len()
    };
    assert_eq!((of("de"), of("fr"), of("en")), (1, 1, 0));
}

#[test]
fn a_long_story_takes_as_long_in_the_list_as_on_its_page() {
    // Its beginning has far more words than as many bytes of the rest.
    let body =
        "a b c d e f ".repeat(11_000) + &"longer-words-than-these-there-are-not ".repeat(9_000);
    let shelf = Shelf::new(&[("a.md", &format!("# Long\n\n{body}"))]);
    let rows = shelf.rows(&Listing::default());
    let story = shelf.library.read(rows[0].id).unwrap();
    let words = crate::story::words(&story.markdown);
    assert_eq!(rows[0].minutes, crate::story::minutes(words));
}
