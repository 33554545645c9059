use proptest::prelude::*;

use super::*;

fn cuts(text: &str) -> Vec<&str> {
    let (pieces, _) = markdown(text, true);
    pieces.iter().map(|it| &text[it.range.clone()]).collect()
}

#[test]
fn no_piece_ends_within_the_name_of_a_place() {
    let name = "<a id=\"c2\"></a>";
    let long = "a".repeat(2 * LONGEST);
    for before in ["", "Some words ", "# One\n\n"] {
        let text = format!("{before}{name}{long}");
        assert!(cuts(&text).iter().any(|it| it.contains(name)), "{before}");
    }
}

#[test]
fn a_piece_begins_where_markdown_begins_anew() {
    let filler = "word ".repeat(PIECE / 5 + 1);
    for next in [
        "A paragraph",
        "# Heading",
        "**Bold** words",
        "```\ncode\n```",
    ] {
        let text = format!("{filler}\n\n{next}");
        assert_eq!(cuts(&text).len(), 2, "{next}");
    }
    for next in [
        "- item",
        "12. item",
        ": meaning",
        "    code",
        "\tcode",
        "[^1]: note",
        "    more",
    ] {
        let text = format!("{filler}\n\n{next}");
        assert_eq!(cuts(&text).len(), 1, "{next}");
    }
    let code = format!("```\n{filler}\n\nA paragraph?\n\n```\n\nOne.");
    assert!(cuts(&code)[1].starts_with("One."));
    let comment = format!("<!--\n{filler}\n\nA paragraph?\n\n-->\n\nOne.");
    assert!(cuts(&comment)[1].starts_with("One."));
}

#[test]
fn a_piece_knows_the_details_that_it_begins_within() {
    let filler = "Some words.\n\n".repeat(4 * PIECE / 13);
    let text = format!(
        "<details>\n<summary>A</summary>\n\n{filler}<details><summary>B</summary>\n\n{filler}\n\
         </details>\n\n`</details>`\n\n```\n</details>\n```\n\n{filler}\n</details>\n\n{filler}"
    );
    let (pieces, _) = markdown(&text, true);
    let within: Vec<&[usize]> = pieces.iter().map(|it| &*it.within).collect();
    assert_eq!(within[..3], [&[][..], &[0], &[0, 1]]);
    assert_eq!(within.last(), Some(&&[][..]));
    assert!(within[3..].contains(&&[0][..]));
    // Without its end a text shows as it is.
    let endless = text.replacen("```\n\n", "", 1);
    let endless = endless.trim_end().replace("\n</details>\n\nSome", "\nSome");
    let (pieces, _) = markdown(&endless, true);
    assert!(pieces.iter().all(|it| it.within.first() != Some(&0)));
}

#[test]
fn code_without_end_is_cut_and_goes_on_as_code() {
    let text = format!("```rust\n{}", "let a = 1;\n".repeat(60_000));
    let (pieces, _) = markdown(&text, true);
    assert!(pieces.len() > 2);
    assert!(
        pieces[1..]
            .iter()
            .all(|it| it.opening.as_deref() == Some("```rust\n"))
    );
}

#[test]
fn a_line_without_end_is_cut_between_words() {
    let text = "word ".repeat(400_000);
    let (pieces, _) = markdown(&text, true);
    assert!(pieces.len() >= 7);
    assert!(pieces[1..].iter().all(|it| it.goes_on));
    assert!(cuts(&text).iter().all(|it| it.starts_with("word")));
    let text = "語".repeat(400_000);
    assert!(cuts(&text).len() >= 4);
}

#[test]
fn definitions_are_known_everywhere() {
    let text = "[One  Two]: https://example.org/a\n[b]:\n  https://example.org/b\n  'title'\n\n\
                ```\n[c]: /in-code\n```\n\n[^n]: A note\n    of two lines.\n\n    And more.\n\nText.";
    let (_, shared) = markdown(text, true);
    let found = |name: &str| shared.references.get(name).map(String::as_str);
    assert_eq!(found("one two"), Some("https://example.org/a"));
    assert_eq!(found("b"), Some("https://example.org/b"));
    assert_eq!(found("c"), None);
    let (number, range) = &shared.notes["n"];
    assert_eq!(*number, 1);
    assert!(text[range.clone()].trim_end().ends_with("And more."));
}

proptest! {
    #[test]
    fn pieces_are_the_whole(
        parts in prop::collection::vec(("[ a`~<!>#\\[\\]:^0-9.\n-]{0,40}", 0usize..9_000), 0..24)
    ) {
        let text: String = parts.iter().map(|(some, n)| format!("{some}{}\n", "ab ".repeat(*n))).collect();
        let (pieces, _) = markdown(&text, true);
        let mut at = 0;
        for piece in &pieces {
            prop_assert_eq!(piece.range.start, at);
            prop_assert!(piece.range.len() <= LONGEST_WITHIN + PIECE);
            at = piece.range.end;
        }
        prop_assert_eq!(at, text.len());
        // What follows changes nothing of what was cut.
        let (more, _) = markdown(&format!("{text}\n\nmore\n"), true);
        let same = pieces.len().saturating_sub(1);
        prop_assert_eq!(&more[..same], &pieces[..same]);
    }

    #[test]
    fn lines_are_the_whole(text in "[a\n語]{0,400}", times in 1usize..600) {
        let text = text.repeat(times);
        let joined: String = lines(&text).iter().map(|it| &text[it.range.clone()]).collect();
        prop_assert_eq!(joined, text);
    }
}
