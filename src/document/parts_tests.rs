use proptest::prelude::*;

use super::*;
use crate::document::{Layout, Nest, Rtl, Setting};

/// Markdown of so many sections with every kind of block, and with links and notes that are
/// defined far from where they stand.
fn mixed(sections: usize) -> String {
    let mut text = String::new();
    for n in 0..sections {
        text.push_str(&format!(
            "## Section {n}\n\nWords with *emphasis*, [a link][l{}] and a note[^n{n}].\n\
             They go on.\n\n- one\n- two\n\n  still two\n\n1. first\n2. second\n\n\
             > quoted\n> twice\n\n```rust\nfn f() {{}}\n\n## no heading\n```\n\n\
             | a | b |\n|---|--:|\n| {n} | 2 |\n\nTerm\n: meaning\n\n    code {n}\n\n\
             <div>html {n}</div>\n\n\
             <details><summary>Why {n}?</summary>\n\nBecause[^n{n}].\n\n<details>\n\nInner {n}\n\n</details>\n\n\
             > quoted\n\n</details>\n\n<blockquote>\n\nMarkdown *in* HTML\n\n</blockquote>\n\n<!--\n\n# hidden\n\n-->\n\n* * *\n\n\
             Setext {n}\n----\n\n[l{n}]: https://example.org/{n}\n\n[^n{n}]: Note {n}.\n\n    More of it.\n\n",
            sections - 1 - n,
        ));
    }
    text
}

/// All that a reader sees of a document, block by block, with where its links lead.
fn seen(document: &Document) -> Vec<String> {
    let mut all = Vec::new();
    for index in 0..document.parts() {
        let part = document.part(index).unwrap();
        for block in &part.blocks {
            let (words, links) = match &block.body {
                Body::Text { role, text } => {
                    let links = text.runs.iter().filter_map(|run| run.link);
                    let links = links.map(|link| part.links[split(link).1].clone());
                    (format!("{role:?} {}", text.text), links.collect())
                }
                other => (format!("{other:?}"), Vec::new()),
            };
            all.push(format!("{words} {links:?} {:?} {}", block.nest, block.gap));
        }
    }
    all
}

#[test]
fn a_text_in_pieces_is_the_same_as_in_one() {
    let text = mixed(1100);
    let whole = Document::of_markdown(&text);
    let pieces = Document::in_pieces(text.clone(), 0);
    assert!(pieces.parts() > 4);
    let (whole, pieces) = (seen(&whole), seen(&pieces));
    for (whole, piece) in whole.iter().zip(&pieces) {
        assert_eq!(whole, piece);
    }
    assert_eq!(whole.len(), pieces.len());
}

#[test]
fn the_beginning_of_a_text_is_that_of_the_whole() {
    let text = mixed(1100);
    let whole = Document::in_pieces(text.clone(), 0);
    let end = text.floor_char_boundary(400_000);
    let part = Document::in_pieces(text[..end].to_owned(), (text.len() - end) as u64);
    assert!(part.is_partial() && part.parts() > 2);
    for index in 0..part.parts() {
        let words = |document: &Document| {
            let part = document.part(index).unwrap();
            let blocks = part.blocks.iter();
            blocks
                .map(|it| it.heading().map(|it| it.1.to_owned()))
                .collect::<Vec<_>>()
        };
        assert_eq!(words(&part), words(&whole), "{index}");
    }
    assert!(!part.reaches(number(part.parts(), 0)));
}

#[test]
fn places_are_found_by_name_and_by_how_much_was_read() {
    let text = mixed(1100);
    let document = Document::in_pieces(text, 0);
    assert_eq!(document.headings(), None);
    let note = document.anchor("fn-7").unwrap();
    document.survey();
    assert_eq!(document.headings().unwrap().len(), 2200);
    assert_eq!(document.anchor("fn-7"), Some(note));
    let section = document.named("section-900").unwrap();
    let (part, at) = split(section);
    let held = document.part(part).unwrap();
    assert_eq!(held.blocks[at].heading(), Some((2, "Section 900")));
    let fraction = document.fraction(Some(&held), section, 0);
    assert!((0.78..0.88).contains(&fraction), "{fraction}");
    let there = document.at_fraction(fraction);
    assert!(split(there).0 == part && there.abs_diff(section) < 8);
    assert_eq!(document.at_fraction(0.0), 0);
}

const SETTING: Setting = Setting {
    measure: 60,
    free: 0,
    hyphenate: false,
    justify: false,
    rtl: Rtl::InOrder,
};

/// Walks over all blocks that show, down and up again, and says which those are.
fn shown(layout: &mut Layout) -> Vec<usize> {
    let mut blocks = vec![layout.start().block];
    while let Some(next) = layout.next_block(blocks[blocks.len() - 1]) {
        assert!(!layout.is_hidden(next));
        assert_eq!(layout.previous_block(next), blocks.last().copied());
        blocks.push(next);
    }
    assert_eq!(layout.end().block, blocks[blocks.len() - 1]);
    blocks
}

#[test]
fn details_longer_than_a_part_are_folded() {
    let filler = |word: &str| format!("{word} words.\n\n").repeat(30_000);
    let text = format!(
        "Before.\n\n<details><summary>Outer</summary>\n\n{}\n\n<details>\n<summary>Inner</summary>\n\n{}\n\n\
         </details>\n\n{}\n\n</details>\n\nBetween.\n\n<details open><summary>Open</summary>\n\n{}\n\n</details>\n\n\
         After.\n",
        filler("Some"),
        filler("Other"),
        filler("More"),
        filler("Last"),
    );
    let document = Arc::new(Document::in_pieces(text, 0));
    assert!(document.parts() > 6);
    let mut layout = Layout::live(Arc::clone(&document), SETTING);
    let words = |layout: &mut Layout, block| match &layout.read_block(block).unwrap().body {
        Body::Text { text, .. } => text.text.clone(),
        _ => String::new(),
    };
    let blocks = shown(&mut layout);
    let first: Vec<String> = blocks[..4]
        .iter()
        .map(|it| words(&mut layout, *it))
        .collect();
    assert_eq!(first, ["Before.", "Outer", "Between.", "Open"]);
    assert_eq!(blocks.len(), 5 + 30_000);
    let (outer, open) = (blocks[1], blocks[3]);
    assert_eq!(
        (layout.is_open(outer), layout.is_open(open)),
        (Some(false), Some(true))
    );
    let last = words(&mut layout, blocks[blocks.len() - 1]);
    assert_eq!(last, "After.");

    // Where one reads in it, it can be folded.
    let within = blocks[blocks.len() - 2];
    assert_eq!(layout.summary_over(within), Some(open));
    layout.fold(open, false);
    assert_eq!(shown(&mut layout).len(), 5);
    assert_eq!(layout.spot(within, 0).block, open);
    assert_eq!(layout.summary_over(blocks[blocks.len() - 1]), None);

    layout.fold(outer, true);
    let blocks = shown(&mut layout);
    assert_eq!(blocks.len(), 5 + 60_000 + 1);
    let inner = blocks[2 + 30_000];
    assert_eq!(words(&mut layout, inner), "Inner");
    layout.fold(outer, false);
    // Who goes to a place in it has all opened that is around it.
    let mut deep = None;
    document.each_block(|at, block| {
        if let Body::Text { text, .. } = &block.body
            && text.text == "Other words."
        {
            deep = Some(at);
        }
    });
    assert_eq!(layout.reveal(deep.unwrap()), [outer, inner]);
    assert_eq!(shown(&mut layout).len(), 5 + 90_000 + 1);
    assert_eq!(layout.summary_over(deep.unwrap()), Some(inner));
    // On paper nothing is folded.
    let mut paper = Layout::new(document, SETTING);
    assert_eq!(shown(&mut paper).len(), 5 + 120_000 + 1);
}

#[test]
fn a_language_holds_in_all_pieces_of_what_is_in_it() {
    let filler = |word: &str| format!("{word} words.\n\n").repeat(30_000);
    let text = |end: &str| {
        format!(
            "Before.\n\n<div lang=\"fr\">\n\n{}<div>\n\n{}</div>\n\n<div lang=\"de\">\nA title{end}\n\n{}</div>\n\n\
             {}\n{end}\n\nAfter.\n",
            filler("One"),
            filler("Two"),
            filler("Three"),
            filler("Four"),
        )
    };
    let spoken = |document: &Document| {
        let mut all: Vec<(String, Option<String>)> = Vec::new();
        document.each_block(|_, block| {
            let text = block.as_text();
            let word = text.split(' ').next().unwrap_or_default().to_owned();
            let language = block.language.as_deref().map(str::to_owned);
            if all
                .last()
                .is_none_or(|(it, said)| (it, said) != (&word, &language))
            {
                all.push((word, language));
            }
        });
        all
    };
    let said = |word: &str, language: &str| (word.to_owned(), Some(language.to_owned()));
    let document = Document::in_pieces(text("</div>"), 0);
    assert!(document.parts() > 6);
    // The end on its line ends the one in German, and the next one the one in French.
    assert_eq!(
        spoken(&document),
        [
            ("Before.".to_owned(), None),
            said("One", "fr"),
            said("Two", "fr"),
            said("A", "de"),
            said("Three", "fr"),
            ("Four".to_owned(), None),
            ("After.".to_owned(), None),
        ]
    );
    // In short texts one without end says nothing of what follows.
    let endless = text("").replacen("</div>", "", 1);
    let last = spoken(&Document::in_pieces(endless, 0));
    assert_eq!(last.last(), Some(&("After.".to_owned(), None)));
}

#[test]
fn details_without_end_are_not_folded_over_the_rest() {
    let text = format!(
        "<details><summary>A</summary>\n\n{}",
        "Words.\n\n".repeat(PIECES)
    );
    let document = Arc::new(Document::in_pieces(text.clone(), 0));
    let mut layout = Layout::live(document, SETTING);
    assert_eq!(shown(&mut layout).len(), PIECES + 1);
    // While the rest is on its way, nobody knows.
    let beginning = Arc::new(Document::in_pieces(text, 1000));
    let mut layout = Layout::live(beginning, SETTING);
    assert_eq!(shown(&mut layout).len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    // Details that end within a list which they do not begin in are not among these: while the rest of such
    // a text is on its way, one comes up to other lines than one goes down by.
    #[test]
    fn whatever_is_folded_over_parts_is_stepped_over_and_found(
        tags in prop::collection::vec(
            ("(<details>|<details open><summary>A</summary>|</details>|```|> |`</details>|)", 0usize..4),
            1..24,
        ),
        missing in 0u64..2,
    ) {
        let text: String = tags
            .iter()
            .map(|(tag, n)| format!("{tag}\n\nWords.\n\n{}\n\n", "word ".repeat(n * 12_000)))
            .collect();
        let document = Arc::new(Document::in_pieces(text, missing));
        let mut layout = Layout::live(Arc::clone(&document), SETTING);
        shown(&mut layout);
        let mut blocks = Vec::new();
        document.each_block(|block, _| blocks.push(block));
        for block in blocks {
            let shows = layout.spot(block, 0).block;
            prop_assert_eq!(shows == block, !layout.is_hidden(block));
            prop_assert!(shows <= block);
            layout.reveal(block);
            prop_assert_eq!(layout.spot(block, 0).block, block);
        }
        shown(&mut layout);
    }
}

#[test]
fn the_pictures_of_a_long_text_are_gathered() {
    let filler = "Words.\n\n".repeat(PIECES);
    let letters = "A".repeat(900_000);
    let text = format!(
        "![a](a.png)\n\n{filler}![b](b.png)\n\n{filler}![c](data:image/png;base64,{letters})\n\n{filler}"
    );
    let mut document = Document::in_pieces(text, 0);
    let srcs = |all: &[Picture]| -> Vec<String> {
        all.iter()
            .map(|it| it.src.chars().take(9).collect())
            .collect()
    };
    assert_eq!(srcs(&document.pictures), Vec::<String>::new());
    document.gather_pictures(1, None);
    assert_eq!(srcs(&document.pictures), ["a.png"]);
    document.survey();
    let all = document.all_pictures(9);
    assert_eq!(srcs(&all), ["a.png", "b.png", "data:imag"]);
    assert_eq!(
        all[2].src.len(),
        "data:image/png;base64,".len() + letters.len()
    );
    assert_eq!(document.all_pictures(1).len(), 1);
    // Each stands with its words.
    for picture in &all {
        let (part, at) = split(picture.block);
        let held = document.part(part).unwrap();
        assert!(matches!(
            &held.blocks[at].body,
            Body::Text {
                role: Role::Figure,
                ..
            }
        ));
    }
    document.gather_pictures(1, Some(all[1].block));
    assert_eq!(srcs(&document.pictures), ["a.png", "b.png"]);
}

/// Paragraphs of one word that are longer than several pieces.
const PIECES: usize = 40_000;

/// A long text, read: the blocks of all its parts.
fn all_blocks(text: &str) -> Vec<Block> {
    let document = Document::in_pieces(text.to_owned(), 0);
    let mut blocks = Vec::new();
    document.each_block(|_, block| blocks.push(block.clone()));
    blocks
}

#[test]
fn what_is_longer_than_a_piece_stays_what_it_is() {
    let rows = "| some words | more words here |\n".repeat(20_000);
    let blocks = all_blocks(&format!("| A | B |\n|---|---|\n{rows}\nEnd.\n"));
    let tables = blocks.iter().filter_map(|it| match &it.body {
        Body::Table(table) => Some(table),
        _ => None,
    });
    let (count, rows) = tables.clone().fold((0, 0), |(count, rows), it| {
        (count + 1, rows + it.rows.len())
    });
    assert_eq!((rows, blocks.len()), (20_000, count + 1));
    let heads = tables.filter(|it| it.head.iter().any(|cell| !cell.text.is_empty()));
    assert_eq!(heads.count(), 1);

    let lines = "some *words*\n\n    more | words\n\n".repeat(20_000);
    let blocks = all_blocks(&format!("<pre>\n{lines}</pre>\n\nEnd.\n"));
    let (last, code) = blocks.split_last().unwrap();
    assert!(code.iter().all(|it| matches!(&it.body, Body::Code(_))));
    assert!(matches!(&last.body, Body::Text { text, .. } if text.text == "End."));

    let lines = "  some words\n\n  - more words\n".repeat(20_000);
    let blocks = all_blocks(&format!("- item\n\n  ```sh\n{lines}  ```\n\nEnd.\n"));
    let code: Vec<_> = blocks
        .iter()
        .filter(|it| matches!(it.body, Body::Code(_)))
        .collect();
    assert!(
        code.iter()
            .all(|it| matches!(it.nest[..], [Nest::Item { .. }]))
    );
    assert_eq!(code.len(), blocks.len() - 2);

    let lines = "> some words\n>\n> > more words\n>\n".repeat(15_000);
    let blocks = all_blocks(&format!("> [!NOTE]\n{lines}\nEnd.\n"));
    let (_, quoted) = blocks.split_last().unwrap();
    assert!(
        quoted
            .iter()
            .all(|it| matches!(it.nest.first(), Some(Nest::Alert(_))))
    );

    let rows = "<tr><td>some words</td>\n\n<td>more words</td></tr>\n".repeat(10_000);
    let blocks = all_blocks(&format!("<table>\n{rows}</table>\n\nEnd.\n"));
    let rows = blocks.iter().map(|it| match &it.body {
        Body::Table(table) => table.rows.len() + 1,
        _ => 0,
    });
    assert_eq!((blocks.len(), rows.max()), (2, Some(10_001)));
}

#[test]
fn the_columns_of_a_long_table_are_the_same_in_all_its_pieces() {
    let mut text = "| No | Place | Note |\n|---|:-:|--:|\n".to_owned();
    for number in 0..40_000 {
        // Later rows have shorter cells: measured by themselves they would stand closer.
        let note = "of a light".repeat(if number < 2_000 { 3 } else { 1 });
        text.push_str(&format!("| {} | harbour | {note} |\n", number % 10));
    }
    text.push_str("\nAfter.\n");
    let document = Arc::new(Document::in_pieces(text, 0));
    assert!(document.parts() > 3);
    let mut layout = Layout::new(Arc::clone(&document), SETTING);
    let mut columns: Vec<Vec<usize>> = Vec::new();
    let mut rows = 0;
    layout.each_line(|line| {
        let text = line.plain();
        if let Some(harbour) = text.find("harbour") {
            columns.push(vec![harbour, text.trim_end().len()]);
            rows += 1;
        }
        true
    });
    assert_eq!(rows, 40_000);
    columns.sort_unstable();
    columns.dedup();
    assert_eq!(columns.len(), 1, "{columns:?}");
    // Only a word that would not fit widens its column, in its own piece.
    let mut last = None;
    document.each_block(|_, block| {
        if let Body::Table(table) = &block.body {
            last = Some((table.sample.len(), table.rows.len()));
        }
    });
    let (sample, rows) = last.unwrap();
    assert!((60..140).contains(&sample) && rows > sample);
}
