//! What is found in texts, and what is not.

use proptest::prelude::*;

use super::*;
use crate::story::as_typed;

fn never() -> bool {
    false
}

fn phrase(words: &str) -> Sought {
    Sought::Phrase(words.to_owned())
}

fn spots(text: &str, words: &str) -> Vec<(usize, usize)> {
    let finder = Finder::new(&phrase(words));
    let mut plain = Plain::default();
    plain.take(text, finder.folding);
    let places = finder.places(&plain, text);
    places.into_iter().map(|it| (it.start, it.end)).collect()
}

#[test]
fn the_end_of_a_line_of_a_source_is_a_space() {
    let text = "a curious\nsequence, a\n  curious   \n> sequence\n\nit\n\n\nends\na curious one\n";
    let search = |document: &Document, words: &str| {
        let found = find(document, &phrase(words), (0, 0), 99, &|_| (), &never).unwrap();
        let places = found.found.iter().map(|it| {
            (
                split(it.block).1,
                it.range.start,
                split(it.end().0).1,
                it.end().1,
            )
        });
        places.collect::<Vec<_>>()
    };
    let source = Document::of_source(text.to_owned());
    assert_eq!(search(&source, "curious sequence"), [(0, 2, 1, 8)]);
    assert_eq!(
        search(&source, "a curious"),
        [(0, 0, 0, 9), (1, 10, 2, 9), (9, 0, 9, 9)]
    );
    assert_eq!(search(&source, "sequence, a curious"), [(1, 0, 2, 9)]);
    assert_eq!(search(&source, "it ends"), [], "not over paragraphs");
    // Nor is it passed over once the pieces of a long one are known.
    let long = Document::of_source(format!("{}{text}", "line\n".repeat(200_000)));
    assert!(long.parts() > 1);
    long.survey();
    assert_eq!(search(&long, "curious sequence").len(), 1);
}

#[test]
fn letters_are_found_in_whatever_form_they_are_written() {
    for (text, words, found) in [
        ("un cafe\u{301} noir", "café", vec!["cafe\u{301}"]),
        ("un café noir", "cafe\u{301}", vec!["café"]),
        (
            "e\u{301}te\u{301} été",
            "é",
            vec!["e\u{301}", "e\u{301}", "é", "é"],
        ),
        ("the ﬁnance oﬃce", "finance", vec!["ﬁnance"]),
        ("the ﬁnance oﬃce", "office", vec!["oﬃce"]),
        ("Ｆｕｌｌ width", "full w", vec!["Ｆｕｌｌ w"]),
        ("full", "Ｆull", vec![]),
        ("мои мой", "мои\u{306}", vec!["мой"]),
        ("ガ ｶﾞ カ\u{3099}", "ガ", vec!["ガ", "ｶﾞ", "カ\u{3099}"]),
    ] {
        let places = spots(text, words).into_iter();
        let places: Vec<&str> = places.map(|(from, to)| &text[from..to]).collect();
        assert_eq!(places, found, "{words} in {text}");
    }
}

#[test]
fn several_words_are_found_where_words_begin() {
    let text = "The sea. Overseas, a Sea\n\nSeason, season 海の本";
    let document = Document::of_markdown(text);
    let words = Sought::Words(["sea", "season", "本"].map(str::to_owned).into());
    let part = document.part(0).unwrap();
    let hits = |limit| {
        let found = find(&document, &words, (0, 0), limit, &|_| (), &never).unwrap();
        let texts = found
            .found
            .iter()
            .map(|it| part.blocks[split(it.block).1].as_text()[it.range.clone()].to_owned());
        (texts.collect::<Vec<_>>(), found.total)
    };
    assert_eq!(
        hits(10),
        (
            ["sea", "Sea", "Season", "season", "本"]
                .map(str::to_owned)
                .into(),
            5
        )
    );
    assert_eq!(hits(2), (["sea", "Sea"].map(str::to_owned).into(), 5));
}

#[test]
fn small_letters_match_both_capitals_only_themselves() {
    assert_eq!(spots("Recto and recto", "recto"), [(0, 5), (10, 15)]);
    assert_eq!(spots("Recto and recto", "Recto"), [(0, 5)]);
    assert_eq!(spots("ÉTÉ été", "été"), [(0, 5), (6, 11)]);
    assert_eq!(spots("two\nwords", "two words"), [(0, 9)]);
    assert_eq!(spots("deux\nmots épars", "deux mots"), [(0, 9)]);
    assert_eq!(spots("aaa", "aa"), [(0, 2)]);
    assert!(spots("", "a").is_empty());
}

#[test]
fn accents_and_soft_hyphens_make_no_difference_unless_they_are_typed() {
    assert_eq!(spots("Café cafe", "cafe"), [(0, 5), (6, 10)]);
    assert_eq!(spots("cafe\u{301}, cafe", "cafe"), [(0, 6), (8, 12)]);
    assert_eq!(spots("Café cafe", "café"), [(0, 5)]);
    assert_eq!(spots("type\u{ad}set type\u{ad}", "typeset"), [(0, 9)]);
    assert_eq!(spots("Straße", "strasse"), [(0, 7)]);
    // Half of what ß stands for is no place in the text.
    assert_eq!(spots("Straße", "as"), []);
}

#[test]
fn signs_as_they_are_typed_find_those_that_are_printed() {
    assert_eq!(spots("it’s – it’s", "it's"), [(0, 6), (11, 17)]);
    assert_eq!(spots("Don’t don’t", "Don't"), [(0, 7)]);
    assert_eq!(spots("It's", "It’s"), [(0, 4)]);
}

#[test]
fn a_long_text_is_searched_from_where_one_reads() {
    let text: String = (0..60_000)
        .map(|n| format!("Paragraph {n} of it.\n\n"))
        .collect();
    let document = Document::in_pieces(text, 0);
    assert!(document.parts() > 10);
    let wanted = phrase("of it");
    for surveyed in [false, true] {
        if surveyed {
            document.survey();
        }
        let from = number(7, 3);
        let search = |wanted: &Sought, limit| {
            let first = Mutex::new(None);
            let tell = |it| *lock(&first) = Some(it);
            let found = find(&document, wanted, (from, 0), limit, &tell, &never).unwrap();
            (found, first.into_inner().unwrap())
        };
        let (all, first) = search(&wanted, usize::MAX);
        assert_eq!((all.found.len(), all.total), (60_000, 60_000));
        assert!(all.found.is_sorted_by_key(|it| (it.block, it.range.start)));
        assert_eq!(first.map(|it| it.block), Some(from));
        let (near, _) = search(&wanted, 100);
        assert_eq!((near.found.len(), near.total), (100, 60_000));
        assert_eq!(split(near.found[0].block).0, 7);
        let (one, first) = search(&phrase("PARAGRAPH 17 of".to_lowercase().as_str()), 9);
        assert_eq!((one.found.len(), one.total), (1, 1));
        assert_eq!(
            first.map(|it| split(it.block).0),
            Some(0),
            "round and round"
        );
        let (none, first) = search(&phrase("nowhere"), 9);
        assert_eq!((none.total, first), (0, None));
        let stopped = find(&document, &wanted, (from, 0), 9, &|_| (), &|| true);
        assert_eq!(stopped, None);
    }
}

proptest! {
    #[test]
    fn what_is_found_is_what_a_plain_search_finds(text in "[abAB é\n’ßß\u{ad}]{0,60}", words in "[ab 's]{1,3}") {
        // Each character is compared by itself, at every place.
        let fold = |text: &str| {
            let text: String = text.chars().filter(|c| *c != '\u{ad}').map(as_typed).collect();
            Folding::ALL.apply(&text.replace('\n', " "))
        };
        let (plain, wanted) = (fold(&text), fold(&words));
        let found = spots(&text, &words);
        for (start, end) in &found {
            prop_assert_eq!(fold(&text[*start..*end]), wanted.clone());
        }
        if !text.contains('ß') {
            prop_assert_eq!(found.len(), plain.matches(&wanted).count());
        }
    }
}
