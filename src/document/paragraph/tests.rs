//! Paragraphs set to a measure.

use proptest::prelude::*;

use super::*;

fn plain(text: &str, measure: usize) -> Vec<String> {
    set(
        &Text::plain(text),
        Role::Plain,
        measure,
        Division::Never,
        Rtl::AsRead,
    )
    .iter()
    .map(Line::plain)
    .collect()
}

#[test]
fn lines_are_even_over_the_whole_paragraph() {
    // Filled line by line the same words leave "the" alone on a line.
    assert_eq!(
        plain("To be, or not to be: that is the question", 10),
        ["To be,", "or not to", "be: that", "is the", "question"]
    );
}

#[test]
fn no_line_ends_with_a_dot_that_divides() {
    let known = "Mira Holt, Jonas Lind · 14 March · 6 min";
    let byline = |measure| -> Vec<String> {
        let text = Text::plain(known);
        let lines = set(&text, Role::Byline, measure, Division::Never, Rtl::AsRead);
        lines.iter().map(Line::plain).collect()
    };
    assert_eq!(byline(24), ["Mira Holt, Jonas Lind", "14 March · 6 min"]);
    for measure in 12..40 {
        for lines in [byline(measure), plain(known, measure)] {
            assert!(lines.iter().all(|it| !it.ends_with('·')), "{lines:?}");
        }
        assert!(byline(measure).iter().all(|it| !it.starts_with('·')));
        assert!(byline(measure).iter().any(|it| it.contains("14 March")));
    }
}

#[test]
fn a_formula_is_broken_behind_its_signs_alone() {
    let lines = |formula: &str, measure| -> Vec<String> {
        let mut text = Text::plain("Some words and ");
        text.push(formula, Marks::MATH, None);
        text.push(" and more.", Marks::NONE, None);
        let lines = set(&text, Role::Plain, measure, Division::Never, Rtl::AsRead);
        lines.iter().map(Line::plain).collect()
    };
    assert_eq!(
        lines("x² ≤ (a + b)/c", 24),
        ["Some words and", "x² ≤ (a + b)/c and more."]
    );
    for measure in 24..60 {
        for line in lines("f(x, y) = sin x ⋅ (a + b + c + d) + cos y", measure) {
            assert!(
                !line.ends_with(['n', ',', 's', '(', 'a', 'b', 'c']) || line.ends_with("words"),
                "{line}"
            );
        }
    }
}

#[test]
fn an_address_is_not_broken_behind_its_scheme() {
    assert_eq!(
        plain("See the formulas and https://example.org/a/b", 30),
        ["See the formulas and", "https://example.org/a/b"]
    );
}

#[test]
fn hard_breaks_and_empty_lines_stay() {
    assert_eq!(plain("roses\n\nviolets", 20), ["roses", "", "violets"]);
}

#[test]
fn a_word_wider_than_the_line_is_cut_between_clusters() {
    assert_eq!(plain("abcdefgh", 3), ["abc", "def", "gh"]);
    assert_eq!(plain("日本語", 3), ["日", "本", "語"]);
    assert_eq!(plain("日本", 1), ["日", "本"]);
}

#[test]
fn no_hyphen_stands_where_a_word_is_cut_and_no_pattern_divides_it() {
    let cut = |text: &str, division: Division| -> Vec<String> {
        let lines = set(&Text::plain(text), Role::Plain, 8, division, Rtl::AsRead);
        lines.iter().map(Line::plain).collect()
    };
    let never = Division::Never;
    assert_eq!(cut("„Kapitänspatent“", never), ["„Kapitän", "spatent“"]);
    assert_eq!(cut("example.org/abc", never), ["example.", "org/abc"]);
    assert_eq!(cut("1234567890", never), ["12345678", "90"]);
    assert_eq!(cut("日本語日本語", never), ["日本語日", "本語"]);
    let german = Hyphenation::of_language("de").unwrap();
    for division in [Division::Patterns(german), Division::Long(german)] {
        assert_eq!(
            cut("aaaaaaaaaaaaaaaaaaaa", division),
            ["aaaaaaaa", "aaaaaaaa", "aaaa"]
        );
    }
    // A heading's word that no line holds is divided as its language has it, and no other one.
    let long = Division::Long(german);
    assert_eq!(
        cut("„Kapitänspatent“", long),
        ["„Kapi-", "tänspa-", "tent“"]
    );
    assert_eq!(cut("ein Kapitän", long), ["ein", "Kapitän"]);
}

#[test]
fn closing_marks_of_cjk_do_not_begin_a_line() {
    for line in plain("これは縦書きの話です。次の文。", 8) {
        assert!(!line.starts_with('。'), "{line}");
    }
}

#[test]
fn a_spaced_dash_begins_no_line() {
    assert_eq!(
        plain("Paddington – Farringdon", 13),
        ["Paddington –", "Farringdon"]
    );
    assert_eq!(plain("one two — three", 8), ["one", "two —", "three"]);
    // Where the word and its dash are wider than the line, there is nowhere else to put it.
    assert_eq!(plain("abcdefgh – i", 8), ["abcdefgh", "– i"]);
    // What opens with one does, and so does a text.
    assert_eq!(plain("dijo —no", 5), ["dijo", "—no"]);
    assert_eq!(plain("– Oui, oui", 6), ["– Oui,", "oui"]);
    // A column is made wide enough for both.
    assert_eq!(longest_word("Paddington – Farringdon"), 12);
    assert_eq!(longest_word("– Oui"), 3);
}

#[test]
fn words_of_korean_stay_whole() {
    let text = "한글은 낱말 사이를 띄어 쓴다";
    for measure in 6..40 {
        let words: Vec<String> = plain(text, measure)
            .iter()
            .flat_map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        assert_eq!(words.join(" "), text, "{measure}");
        assert_eq!(words.len(), 5, "{measure}");
    }
    // With the letters, digits and Chinese characters in them.
    assert_eq!(plain("새로 PDF파일을", 11), ["새로", "PDF파일을"]);
    assert_eq!(plain("이제 3월에는", 9), ["이제", "3월에는"]);
    assert_eq!(plain("우리 大韓民國은", 12), ["우리 大韓民", "國은"]);
    // One that is wider than the line is cut; Chinese and Japanese are broken as they were.
    assert_eq!(plain("한국어입니다", 6), ["한국어", "입니다"]);
    assert_eq!(plain("これは日本語", 6), ["これは", "日本語"]);
}

#[test]
fn justified_lines_end_at_the_measure_but_for_the_last() {
    let text = "It was a bright cold day in April, and the clocks were striking thirteen.";
    let lines = justified(
        &Text::plain(text),
        Role::Plain,
        26,
        Division::Never,
        Rtl::AsRead,
    );
    assert_eq!(
        lines.iter().map(Line::plain).collect::<Vec<_>>(),
        [
            "It was  a bright  cold day",
            "in  April, and  the clocks",
            "were striking thirteen."
        ]
    );
    // What was added is no part of the text, and what follows it is where it was.
    let (mut at, line) = (lines[1].offset, &lines[1]);
    for segment in &line.segments {
        if let Some(offset) = segment.offset {
            assert_eq!(offset, at);
            assert!(text[at..].starts_with(&segment.text));
            at += segment.text.len();
        }
    }
}

#[test]
fn a_compound_is_broken_behind_its_hyphens_and_gets_no_others() {
    let english = Division::Patterns(Hyphenation::of_language("en").unwrap());
    let text = Text::plain("the self-contradictory compositor");
    let lines = set(&text, Role::Plain, 14, english, Rtl::AsRead);
    let lines: Vec<String> = lines.iter().map(Line::plain).collect();
    assert_eq!(lines, ["the self-", "contradictory", "compositor"]);
    // A hyphen at the end of a line of code might be taken for ours.
    let mut code = Text::plain("run ");
    code.push("cargo-install", Marks::CODE, None);
    let lines = set(&code, Role::Plain, 14, english, Rtl::AsRead);
    assert_eq!(lines[1].plain(), "cargo-install");
}

#[test]
fn scripts_without_spaces_are_broken_between_words() {
    // To read books | is | a thing | that | is good.
    let words = ["การ", "อ่าน", "หนังสือ", "เป็น", "สิ่ง", "ที่", "ดี"];
    let text = Text::plain(words.concat());
    let mut ends = vec![0];
    for word in words {
        ends.push(ends.last().unwrap() + word.len());
    }
    for measure in 8..20 {
        for line in set(&text, Role::Plain, measure, Division::Never, Rtl::AsRead) {
            assert!(ends.contains(&line.offset), "{measure}: {}", line.plain());
        }
    }
}

#[test]
fn a_line_that_would_be_full_of_holes_stays_ragged() {
    let text = Text::plain("an incomprehensibility of counterrevolutionaries");
    for line in justified(&text, Role::Plain, 24, Division::Never, Rtl::AsRead) {
        assert!(!line.plain().contains("    "), "{}", line.plain());
    }
}

/// The lines of a text that are to end at one edge, but for the last.
fn even(text: &str, measure: usize, language: &str) -> Vec<String> {
    let division = Division::Patterns(Hyphenation::of_language(language).unwrap());
    let text = Text::plain(text);
    let lines = justified(&text, Role::Plain, measure, division, Rtl::AsRead);
    lines.iter().map(Line::plain).collect()
}

#[test]
fn justified_lines_are_broken_so_that_they_can_be_full() {
    let english = "The internationalization of typographical responsibility necessarily incorporates \
                   extraordinarily disproportionate considerations: a paragraph that says little takes \
                   all the more room for it, and its lines are to end at one edge.";
    let russian = "Возвращение путешественников продолжалось необыкновенно долго, и собравшиеся \
                   на набережной жители рассматривали приближающийся корабль с любопытством.";
    for (text, measure, language) in [
        (english, 72, "en"),
        (english, 40, "en"),
        (russian, 40, "ru"),
    ] {
        let lines = even(text, measure, language);
        for line in &lines[..lines.len() - 1] {
            assert_eq!(width(line), measure, "{line}");
        }
    }
    // Only where a line may be broken do spaces grow.
    let french = "« Nous aimons l’apprentissage ! » disait-elle « toujours : vraiment » et puis \
                  elle s’en allait au jardin.";
    let lines = even(french, 38, "fr").join("\n");
    for kept in ["« Nous", "tissage ! »", "« toujours", "toujours : "] {
        assert!(lines.replace('\n', " ").contains(kept), "{lines}");
    }
}

#[test]
fn styles_and_links_run_through_a_break() {
    let mut text = Text::plain("see ");
    text.push("the long page", Marks::STRONG, Some(3));
    let lines = set(&text, Role::Plain, 8, Division::Never, Rtl::AsRead);
    assert_eq!(
        lines.iter().map(Line::plain).collect::<Vec<_>>(),
        ["see the", "long", "page"]
    );
    for line in &lines {
        let end = line.segments.last().unwrap();
        assert_eq!((end.marks, end.link), (Marks::STRONG, Some(3)));
    }
    assert_eq!(lines[1].offset, 8);
}

proptest! {
    #[test]
    fn no_letter_is_lost_and_no_line_too_wide(
        text in "[a-zé日本👩 \n-]{0,200}", measure in 2usize..40
    ) {
        let english = Hyphenation::of_language("en").unwrap();
        let division = Division::Patterns(english);
        let lines = set(&Text::plain(&text), Role::Plain, measure, division, Rtl::AsRead);
        let letters = |s: &str| -> String {
            s.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
        };
        let set: String = lines.iter().map(Line::plain).collect();
        prop_assert_eq!(letters(&set), letters(&text));
        for line in &lines {
            prop_assert!(line.width() <= measure, "{:?}", line.plain());
        }
        let even = justified(&Text::plain(&text), Role::Plain, measure, division, Rtl::AsRead);
        let set: String = even.iter().map(Line::plain).collect();
        prop_assert_eq!(letters(&set), letters(&text));
        for line in &even {
            prop_assert!(line.width() <= measure, "{:?}", line.plain());
        }
    }
}

#[test]
fn names_that_are_too_long_are_divided_behind_their_signs() {
    let set = |text: &str, measure| -> Vec<String> {
        let lines = set(
            &Text::plain(text),
            Role::Plain,
            measure,
            Division::Never,
            Rtl::AsRead,
        );
        lines.iter().map(Line::plain).collect()
    };
    assert_eq!(
        set("a_long_name::of_what_it_is()", 14),
        ["a_long_name::", "of_what_it_", "is()"]
    );
    assert_eq!(
        set("a_long_name_of_what_is", 14),
        ["a_long_name_", "of_what_is"]
    );
    // Not where half of the line would stay free, nor before what belongs to the sign.
    assert_eq!(
        set("a_verylongnamewithoutend", 10),
        ["a_verylong", "namewithou", "tend"]
    );
    assert_eq!(
        set("12345678_\u{301}90123456", 10),
        ["12345678_\u{301}9", "0123456"]
    );
}

#[test]
fn no_line_goes_over_its_end_to_spare_a_gap() {
    let text = "To fetch the next page of results, append \
                last_index=230880619&last_contributor_receipt_date=2014-01-01&and=more_of_it_here to it.";
    for measure in 20..160 {
        for line in set(
            &Text::plain(text),
            Role::Plain,
            measure,
            Division::Never,
            Rtl::AsRead,
        ) {
            assert!(line.width() <= measure, "{measure}: {}", line.plain());
        }
    }
}

#[test]
fn addresses_and_options_get_no_hyphens() {
    let english = Division::Patterns(Hyphenation::of_language("en").unwrap());
    let text = "see /usr/share/documentation/configuration/hyphenation.html and \
                --without-hyphenation of https://example.org/typography/dictionary";
    for measure in 12..40 {
        let lines = set(
            &Text::plain(text),
            Role::Plain,
            measure,
            english,
            Rtl::AsRead,
        );
        let joined: String = lines.iter().map(|it| it.plain()).collect();
        let bare = |text: &str| text.replace(' ', "");
        assert_eq!(bare(&joined), bare(text), "{measure}");
        for line in lines {
            assert!(!matches!(line.plain().as_str(), "-" | "--"), "{measure}");
            assert!(!line.plain().ends_with(" --"), "{measure}");
        }
    }
}

#[test]
fn at_most_two_lines_in_a_row_end_with_a_hyphen() {
    let german = Division::Patterns(Hyphenation::of_language("de").unwrap());
    let words = "Das Bundesverfassungsgericht hat die Verantwortlichkeit der Silbentrennung \
                 in der Buchdruckerkunst und der Typografie zu beurteilen, wie es dort heißt.";
    let text = Text::plain(format!("{words} ").repeat(12).trim_end());
    for measure in 30..100 {
        for justify in [false, true] {
            let lines = lines(&text, Role::Plain, measure, german, justify);
            let mut row = 0;
            for line in lines {
                row = if line.plain().ends_with('-') {
                    row + 1
                } else {
                    0
                };
                assert!(row <= 2, "{measure} {justify}: {}", line.plain());
            }
        }
    }
}
