//! Quotes are cut and found again.

use proptest::prelude::*;

use super::*;
use crate::{
    document::Unit,
    story::{Kind, Story},
};

fn note(quote: Quote, near: Point) -> Note {
    Note {
        quote,
        near,
        ..Note::default()
    }
}

/// The words that `quote`, kept of one text, is about in another, and whether they were edited.
fn found(document: &Document, quote: &Quote, near: Point) -> Option<(String, bool)> {
    let stand = document.stand_of(&[note(quote.clone(), near)]).remove(0)?;
    Some((document.words_of(stand.span), stand.edited))
}

/// The sentence that begins with these words, as a quote.
fn sentence(document: &Document, words: &str) -> (Quote, Point) {
    let part = document.part(0).unwrap();
    let found = part.blocks.iter().enumerate().find_map(|(block, it)| {
        let at = it.as_text().find(words)?;
        Some((block, at))
    });
    let found = found.unwrap();
    let span = document.unit_at(found, Unit::Sentence);
    (document.quote(span.unwrap()).unwrap(), span.unwrap().start)
}

const TEXT: &str = "The first paragraph stands here. It has two sentences.\n\n\
    She walked to the harbour in the evening. The ships lay still. Nobody spoke of the storm.\n\n\
    * one\n* two\n\nThe ships lay still. That was all.";

#[test]
fn a_quote_has_its_words_and_those_around_it() {
    let document = Document::of_markdown(TEXT);
    let (quote, near) = sentence(&document, "She walked");
    assert_eq!(quote.exact, "She walked to the harbour in the evening.");
    assert_eq!(
        quote.prefix,
        "ragraph stands here. It has two sentences. ".split_at(3).1
    );
    assert!(
        quote.suffix.starts_with(" The ships lay still. Nobody"),
        "{quote:?}"
    );
    assert_eq!(near, (1, 0));
    let both = Span {
        start: (1, 42),
        end: (2, 3),
    };
    let text = document.quote(both).unwrap().exact;
    assert_eq!(
        text,
        "The ships lay still. Nobody spoke of the storm.\n\none"
    );
    assert_eq!(
        document.quote(Span {
            start: (1, 41),
            end: (1, 42)
        }),
        None
    );
}

#[test]
fn of_the_same_words_those_with_their_context_are_found() {
    let document = Document::of_markdown(TEXT);
    let first = document.unit_at((1, 43), Unit::Sentence).unwrap();
    let last = document.unit_at((4, 0), Unit::Sentence).unwrap();
    for span in [first, last] {
        let quote = document.quote(span).unwrap();
        assert_eq!(quote.exact, "The ships lay still.");
        // Also where nothing is as it was around the place.
        for near in [span.start, (0, 0), (900, 7)] {
            let stand = document.stand_of(&[note(quote.clone(), near)]).remove(0);
            assert_eq!(
                stand,
                Some(Stand {
                    span,
                    edited: false
                }),
                "{near:?}"
            );
        }
    }
}

#[test]
fn a_quote_is_found_after_its_text_was_edited() {
    let document = Document::of_markdown(TEXT);
    let (quote, near) = sentence(&document, "She walked");
    for (from, to, wanted) in [
        // Elsewhere.
        (
            "The first",
            "A new paragraph.\n\nThe first",
            Some(("She walked to the harbour in the evening.", false)),
        ),
        (
            "It has two sentences.",
            "It was cut short here",
            Some(("She walked to the harbour in the evening.", false)),
        ),
        // In it, with what stands around it as it was.
        (
            "walked",
            "ran",
            Some(("She ran to the harbour in the evening.", true)),
        ),
        (
            "She walked to the harbour",
            "They all went down to the old port",
            Some(("They all went down to the old port in the evening.", true)),
        ),
        // In it and around it.
        (
            " in the evening. The ships",
            " every evening! All ships",
            Some(("She walked to the harbour every evening!", true)),
        ),
        // Set in another way.
        (
            "harbour in",
            "*harbour*\nin",
            Some(("She walked to the harbour in the evening.", false)),
        ),
        // Gone.
        (
            "She walked to the harbour in the evening. The ships lay still.",
            "Rain.",
            None,
        ),
    ] {
        let edited = TEXT.replacen(from, to, 1);
        assert_ne!(edited, TEXT);
        let edited = Document::of_markdown(&edited);
        let got = found(&edited, &quote, near);
        let wanted = wanted.map(|(text, edited): (&str, _)| (text.to_owned(), edited));
        assert_eq!(got, wanted, "{from} → {to}");
    }
}

#[test]
fn a_word_that_stands_often_is_not_found_just_anywhere() {
    let document = Document::of_markdown("A sea of ropes. The sea again. A ship.");
    let quote = Quote {
        exact: "sea".to_owned(),
        prefix: "nothing of this is here any more ".to_owned(),
        suffix: " nor is this to be found".to_owned(),
    };
    assert_eq!(found(&document, &quote, (0, 0)), None);
    let once = Quote {
        exact: "ship".to_owned(),
        ..quote
    };
    assert_eq!(
        found(&document, &once, (0, 0)),
        Some(("ship".to_owned(), false))
    );
}

#[test]
fn cells_of_a_table_are_words_of_their_own() {
    let document = Document::of_markdown("| a | b |\n| --- | --- |\n| c | d e |\n\nEnd.");
    let span = Span {
        start: (0, 1),
        end: (0, 4),
    };
    let quote = document.quote(span).unwrap();
    assert_eq!(
        (&*quote.exact, &*quote.prefix, &*quote.suffix),
        ("b\nc\td", "a ", " e End.")
    );
    let stand = document.stand_of(&[note(quote, (0, 1))]).remove(0);
    assert_eq!(
        stand,
        Some(Stand {
            span,
            edited: false
        })
    );
}

#[test]
fn code_is_copied_with_its_spaces_and_tables_with_their_cells() {
    for (markdown, want) in [
        (
            "```python\n    if x:\n\n        return  1\n```",
            "    if x:\n\n        return  1",
        ),
        ("```make\nall:\n\techo  a\tb\n```", "all:\n\techo  a\tb"),
        (
            "| a | b c |\n|---|---|\n|   | d |\n| e | f |",
            "a\tb c\n\td\ne\tf",
        ),
    ] {
        let document = Document::of_markdown(markdown);
        let span = document.unit_at((0, 0), Unit::Paragraph).unwrap();
        let quote = document.quote(span).unwrap();
        assert_eq!(quote.exact, want);
        let stand = document.stand_of(&[note(quote, (0, 0))]).remove(0);
        assert_eq!(stand.map(|it| (it.span, it.edited)), Some((span, false)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_cut_from_a_text_is_found_at_its_place(
        paragraphs in prop::collection::vec("[ab,é本]{1,4}([ \u{a0}\n]{1,3}[ab.é本]{1,5}){0,12}", 1..8),
        (first, count, drift) in (0_usize..200, 1_usize..30, 0_usize..40),
    ) {
        let document = Document::of_markdown(&paragraphs.join("\n\n"));
        let part = document.part(0).unwrap();
        let words: Vec<Span> = part
            .blocks
            .iter()
            .enumerate()
            .flat_map(|(block, it)| {
                let text = it.as_text().into_owned();
                let words: Vec<_> = words_between_spaces(&text)
                    .map(|(at, word)| Span { start: (block, at), end: (block, at + word.len()) })
                    .collect();
                words
            })
            .collect();
        prop_assume!(!words.is_empty());
        let first = first % words.len();
        let last = (first + count - 1).min(words.len() - 1);
        let span = Span { start: words[first].start, end: words[last].end };
        let quote = document.quote(span).unwrap();
        // At the place where it was, whatever else looks like it.
        let stand = document.stand_of(&[note(quote.clone(), span.start)]).remove(0);
        prop_assert_eq!(stand, Some(Stand { span, edited: false }));
        // Elsewhere the same words may have the same context: they are the same words.
        let stand = document.stand_of(&[note(quote.clone(), (drift, 0))]).remove(0);
        if let Some(stand) = stand {
            prop_assert_eq!(flattened(&document.words_of(stand.span)), flattened(&quote.exact));
        }
    }
}

/// The fewest words to put in, leave out or change for `quote` to stand in `text`.
fn fewest_errors(text: &[&str], quote: &[&str]) -> usize {
    let mut column: Vec<usize> = (0..=quote.len()).collect();
    let mut fewest = quote.len();
    for word in text {
        let mut diagonal = 0;
        for row in 1..column.len() {
            let here = (diagonal + usize::from(quote[row - 1] != *word))
                .min(column[row] + 1)
                .min(column[row - 1] + 1);
            diagonal = std::mem::replace(&mut column[row], here);
        }
        fewest = fewest.min(column[quote.len()]);
    }
    fewest
}

proptest! {
    #[test]
    fn of_all_stretches_one_with_most_of_the_words_is_found(
        text in prop::collection::vec("[abcd]", 1..60),
        quote in prop::collection::vec("[abcd]", 4..16),
    ) {
        let (text, quote): (Vec<&str>, Vec<&str>) =
            (text.iter().map(|it| &**it).collect(), quote.iter().map(|it| &**it).collect());
        let document = Document::of_markdown(&text.join(" "));
        let flat = Flat::of(&document, false);
        let found = most_words(&flat, &quote.join(" "), &Quote::default());
        let fewest = fewest_errors(&text, &quote);
        prop_assert_eq!(found.is_some(), fewest <= quote.len() / 3);
        if let Some((from, to)) = found {
            let stretch: Vec<&str> = flat.text[from..to].split_whitespace().collect();
            prop_assert_eq!(fewest_errors(&stretch, &quote), fewest);
        }
    }
}

#[test]
fn in_a_long_text_quotes_are_found_over_the_ends_of_its_parts() {
    let paragraphs: Vec<String> = (0..12_000)
        .map(|number| format!("Paragraph {number} is one of many. It ends here."))
        .collect();
    let document = |text: &str| {
        let story = Story::new(Kind::Markdown, "Long", text);
        Document::new(story, &jiff::tz::TimeZone::UTC)
    };
    let text = paragraphs.join("\n\n");
    let long = document(&text);
    assert!(long.parts() > 3);
    let begin = (super::super::parts::number(2, 0), 0);
    let span = Span {
        start: long.unit_before(begin, Unit::Sentence).unwrap().start,
        end: long.unit_after(begin, Unit::Sentence).unwrap().end,
    };
    assert!(span.start.0 < begin.0 && span.end.0 == begin.0);
    let quote = long.quote(span).unwrap();
    assert!(
        quote.exact.starts_with("It ends here.\n\nParagraph "),
        "{quote:?}"
    );
    assert!(quote.prefix.ends_with(" is one of many. ") && quote.suffix.starts_with(" It ends"));
    for near in [span.start, (0, 0)] {
        let stand = long.stand_of(&[note(quote.clone(), near)]).remove(0);
        assert_eq!(
            stand,
            Some(Stand {
                span,
                edited: false
            })
        );
    }
    // What comes in before it moves it to another part.
    let moved = document(&format!("{}\n\n{text}", "Something new. ".repeat(9_000)));
    let wanted = Some((quote.exact.clone(), false));
    assert_eq!(found(&moved, &quote, span.start), wanted);
}

#[test]
fn what_stands_around_tells_more_than_the_same_words_elsewhere() {
    let before = Document::of_markdown(TEXT);
    let (quote, near) = sentence(&before, "She walked");
    let again =
        "\n\nMuch later in another town. She walked to the harbour in the evening. Rain fell.";
    let edited = TEXT.replace(
        "She walked to the harbour in the evening.",
        "She ran to the port at night.",
    );
    let document = Document::of_markdown(&(edited + again));
    let want = ("She ran to the port at night.".to_owned(), true);
    assert_eq!(found(&document, &quote, near), Some(want));
    // Where it was taken out, the other one is not what was meant.
    let gone = TEXT.replace("She walked to the harbour in the evening. ", "");
    let document = Document::of_markdown(&(gone + again));
    assert_eq!(found(&document, &quote, near), None);
}

#[test]
fn a_place_is_found_in_the_source_of_its_text() {
    let sentence = |n: usize| {
        format!(
            "Sentence {n} says of the *tide* that it came in at [{n}](https://example.org/{n}). "
        )
    };
    let one_line: String = (0..400).map(sentence).collect();
    let paragraphs = one_line.replace("). Sentence 3", ").\n\nSentence 3");
    for text in [one_line, paragraphs] {
        let source = format!(
            "---\ntitle: T\nsummary: {}\n---\n\n{text}",
            "x ".repeat(900)
        );
        let page = Document::of_markdown(&text);
        let source_document = Document::of_source(source);
        let mut checked = 0;
        page.each_block(|block, it| {
            let Body::Text { text, .. } = &it.body else {
                return;
            };
            for (offset, _) in text.text.match_indices("Sentence ").step_by(7) {
                if (block, offset) == (0, 0) {
                    continue;
                }
                let passed = page.fraction(None, block, 0);
                let passed = if page.parts() == 1 {
                    page.fraction(page.part(0).as_deref(), block, offset)
                } else {
                    passed
                };
                let (there, at) = source_document.place_of(&page, (block, offset), passed);
                let mut found = String::new();
                source_document.each_block(|number, it| {
                    if number == there
                        && let Body::Text { text, .. } = &it.body
                    {
                        found = text.text[at..].to_owned();
                    }
                });
                let wanted = text.text[offset..]
                    .split(' ')
                    .take(2)
                    .collect::<Vec<_>>()
                    .join(" ");
                assert!(found.starts_with(&wanted), "{wanted}: {found:.60}");
                checked += 1;
            }
        });
        assert!(checked > 50);
    }
}

/// Formulas in rows: with a line that says the same, and with none.
const FORMULAS: &str = "Nothing stands before these.\n\n$$\\lim_{x\\to0}\\frac{\\sin x}{x}$$\n\n\
    Words that stand between them.\n\n\
    $$f = \\begin{cases} 1 & x \\\\ 0 & y \\end{cases}$$\n\nAnd some that stand behind all.";

#[test]
fn a_formula_is_quoted_and_found_by_what_it_says() {
    let document = Document::of_markdown(FORMULAS);
    let whole = |block| Span {
        start: (block, 0),
        end: (block, 9999),
    };
    let quote = |block| document.quote(whole(block)).unwrap();
    assert_eq!(quote(1).exact, "lim_(x→0) (sin x)/x");
    assert_eq!(
        quote(3).exact,
        r"$$f = \begin{cases} 1 & x \\ 0 & y \end{cases}$$"
    );
    for block in [1, 3] {
        let quote = quote(block);
        let there = found(&document, &quote, (block, 0));
        assert_eq!(there, Some((quote.exact, false)));
    }
    let sought = crate::document::Sought::Phrase("(sin x)/x".to_owned());
    let hits = crate::document::find(&document, &sought, (0, 0), 9, &|_| (), &|| false);
    assert_eq!(hits.unwrap().total, 1, "as the index finds it");
}

#[test]
fn notes_of_old_that_have_the_rows_of_formulas_find_them() {
    let document = Document::of_markdown(FORMULAS);
    let kept = |exact: &str, prefix: &str, suffix: &str, near| {
        let quote = Quote {
            exact: exact.to_owned(),
            prefix: prefix.to_owned(),
            suffix: suffix.to_owned(),
        };
        document.stand_of(&[note(quote, near)]).remove(0)
    };
    let rows = |block: usize| {
        let part = document.part(0).unwrap();
        match &part.blocks[block].body {
            Body::Code(code) => code.formula.as_ref().unwrap().rows.to_string(),
            _ => panic!(),
        }
    };
    let len = |block: usize| document.part(0).unwrap().blocks[block].as_text().len();
    let one = kept(
        &rows(1),
        "stands before these. ",
        " Words that stand",
        (1, 0),
    );
    let span = Span {
        start: (1, 0),
        end: (1, len(1)),
    };
    assert_eq!(
        one,
        Some(Stand {
            span,
            edited: false
        })
    );
    let both = format!(
        "{}\n\nWords that stand between them.\n\n{}",
        rows(1),
        rows(3)
    );
    let span = Span {
        start: (1, 0),
        end: (3, len(3)),
    };
    assert_eq!(
        kept(&both, "", "", (1, 0)),
        Some(Stand {
            span,
            edited: false
        })
    );
    // Words beside one, too, which were kept with its rows around them.
    let prefix = format!("{} ", flattened(&rows(1)));
    let beside = kept("Words", &prefix, " that stand between them.", (2, 0)).unwrap();
    assert_eq!((beside.span.start, beside.edited), ((2, 0), false));
}
