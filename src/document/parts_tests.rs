use super::*;

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
