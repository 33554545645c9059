use super::*;
use crate::document::{Layout, Rtl, Setting, Spot};
use std::sync::Arc;

/// The body set to 40 cells, as it is drawn.
pub(super) fn drawn(source: &str) -> Vec<String> {
    drawn_at(source, 40)
}

pub(super) fn drawn_at(source: &str, measure: u16) -> Vec<String> {
    let document = Arc::new(crate::document::Document::of_markdown(source));
    let mut layout = Layout::new(
        document,
        Setting {
            measure,
            free: 0,
            hyphenate: false,
            justify: false,
            rtl: Rtl::AsRead,
        },
    );
    layout
        .page(Spot::default(), 500)
        .into_iter()
        .filter_map(|spot| {
            layout
                .line(spot)
                .map(|line| line.plain().trim_end().to_owned())
        })
        .collect()
}

#[test]
fn tight_lists_stand_close_and_loose_ones_apart() {
    assert_eq!(
        drawn("Before:\n\n- one\n- two\n  1. deep\n  2. deeper\n- three"),
        [
            "Before:",
            "",
            "• one",
            "• two",
            "  1. deep",
            "  2. deeper",
            "• three"
        ]
    );
    assert_eq!(drawn("- one\n\n- two"), ["• one", "", "• two"]);
    assert_eq!(drawn("- - x\n-\n"), ["• ◦ x", "•"]);
    assert_eq!(drawn("9. nine\n10. ten"), [" 9. nine", "10. ten"]);
}

#[test]
fn an_items_further_paragraphs_hang_under_its_first() {
    assert_eq!(
        drawn("1. one\n\n   more of one\n\n2. two"),
        ["1. one", "", "   more of one", "", "2. two"]
    );
}

#[test]
fn quotes_have_a_bar_that_runs_through_their_gaps_only() {
    assert_eq!(
        drawn("> one\n>\n> two\n> > three\n\nafter"),
        ["│ one", "│", "│ two", "│", "│ │ three", "", "after"]
    );
    // Two quotes are two: no bar joins them.
    assert_eq!(drawn("> one\n\n<!-- -->\n\n> two"), ["│ one", "", "│ two"]);
}

#[test]
fn alerts_are_labelled() {
    assert_eq!(drawn("> [!TIP]\n> Press j."), ["┃ Tip", "┃ Press j."]);
}

#[test]
fn tasks_show_what_is_done() {
    assert_eq!(drawn("- [x] done\n- [ ] open"), ["☑ done", "☐ open"]);
}

#[test]
fn definitions_hang_under_their_term() {
    assert_eq!(
        drawn("recto\n: the right-hand page\n: the front\n\nverso\n: the left"),
        [
            "recto",
            "    the right-hand page",
            "",
            "    the front",
            "",
            "verso",
            "    the left"
        ]
    );
}

#[test]
fn footnotes_are_numbered_as_they_are_met_and_stand_at_the_end() {
    let lines = drawn("a[^x] b[^y]\n\n[^y]: second\n[^x]: first\n\n    goes on");
    assert_eq!(lines[0], "a¹ b²");
    assert_eq!(
        &lines[3..],
        ["", "1. first", "", "   goes on", "", "2. second"]
    );
}

#[test]
fn code_keeps_its_lines_however_long() {
    assert_eq!(
        drawn(
            "```rust\nfn main() {\n    wide(\"0123456789012345678901234567890123456789\")\n}\n```"
        ),
        [
            "  fn main() {",
            "      wide(\"0123456789012345678901234567890123456789\")",
            "  }"
        ]
    );
}

#[test]
fn html_shows_its_text() {
    assert_eq!(
        drawn("<div align=center>\n<b>hi</b>\n</div>\n\npress <kbd>j</kbd><br>now"),
        ["hi", "", "press j", "now"]
    );
}

#[test]
fn html_blocks_are_what_they_are_in_markdown() {
    for (html, want) in [
        (
            "<div>one</div><p>two<br>three",
            vec!["one", "", "two", "three"],
        ),
        ("<script>alert(1)</script>after", vec!["after"]),
        ("<style>p{}</style>", vec![]),
        (
            "<!-- nothing --><b>bold</b> &amp; plain",
            vec!["bold & plain"],
        ),
        ("<img src=x alt='a cat'>", vec!["▢ a cat"]),
        ("<p><XMP> is", vec!["<XMP> is"]),
        ("<ul><li>a<li>b</ul>", vec!["• a", "• b"]),
        (
            "<ol start=3><li>a<ul><li>deep</li></ul></li><li>b</ol>after",
            vec!["3. a", "   ◦ deep", "4. b", "", "after"],
        ),
        (
            "<blockquote><p>a</p><p>b</p></blockquote>c",
            vec!["│ a", "│", "│ b", "", "c"],
        ),
        (
            "<pre>\nfn a() {\n    b &lt; c\n}</pre>",
            vec!["  fn a() {", "      b < c", "  }"],
        ),
        ("<h2>Head</h2>text", vec!["Head", "", "text"]),
        (
            "<p>a</p><hr><p>b</p>",
            vec!["a", "", "               *   *   *", "", "b"],
        ),
        ("</ul></li></blockquote></table></td>x", vec!["x"]),
        ("<dl><dt>recto<dd>right</dl>", vec!["recto", "    right"]),
    ] {
        assert_eq!(drawn(html), want, "{html}");
    }
}

#[test]
fn the_numbers_of_a_list_end_at_one_edge() {
    let list = "9. nine\n10. ten\n\n    - deep\n\n    more\n11. [x] eleven\n\n> 99. a\n> 100. b";
    let want = [
        " 9. nine",
        "",
        "10. ten",
        "    ◦ deep",
        "",
        "    more",
        "",
        "  ☑ eleven",
        "",
        "│  99. a",
        "│ 100. b",
    ];
    assert_eq!(drawn(list), want);
}

#[test]
fn tables_of_html_are_tables() {
    for (html, want) in [
        (
            "<table><tr><th>City<th align=right>Opened</tr><tr><td>London<td>1863</table>after",
            vec![
                "City    Opened",
                "──────  ──────",
                "London  1863",
                "",
                "after",
            ],
        ),
        (
            "<table><tr><td colspan=2>wide<tr><td>a<td>b</table>",
            vec!["wide", "a  b"],
        ),
        (
            "<table><tr><td rowspan=2>tall<td>a<tr><td>b</table>",
            vec!["tall  a", "      b"],
        ),
        (
            "<table><tr><td>one<br>two<td><p>x</p><p>y",
            vec!["one  x", "two  y"],
        ),
        ("<table></table>", vec![]),
        (
            "<table><tr><td><table><tr><td>a<td>b</table><td>c</table>",
            vec!["a  c", "b"],
        ),
    ] {
        assert_eq!(drawn(html), want, "{html}");
    }
}

#[test]
fn html_without_end_or_measure_is_borne() {
    let many = |text: &str| text.repeat(20_000);
    for source in [
        many("<ul><li>x"),
        many("<b>x "),
        many("<blockquote>x"),
        many("<table><tr><td>x"),
        many("<td>x") + &many("<tr><td>x"),
        format!("<table><tr>{}{}", many("<td>x"), many("<tr><td>x")),
        format!(
            "<table><tr>{}{}",
            many("<td colspan=999999 rowspan=999999>x"),
            many("<tr><td>x")
        ),
    ] {
        let kept: usize = parse(&source)
            .blocks
            .iter()
            .map(|it| it.as_text().len())
            .sum();
        assert!(kept >= 20_000, "{}", &source[..40]);
    }
}

#[test]
fn tags_in_a_line_keep_their_meaning() {
    let source = "a <b>bold <i>both</b> it</i> <code>x</code> <a href='https://e.org'>there</a> \
                  <a href='javascript:x'>no</a> x<sup>2</sup> H<sub>2</sub>O <b>open\n\nplain";
    let parsed = parse(source);
    let Body::Text { text, .. } = &parsed.blocks[0].body else {
        unreachable!()
    };
    let marked = |words: &str| {
        let at = text.text.find(words).expect(words);
        let run = text.runs.iter().find(|run| run.range.contains(&at));
        run.map(|run| (run.marks, run.link.is_some())).expect(words)
    };
    assert_eq!(marked("bold"), (Marks::STRONG, false));
    assert_eq!(marked("both"), (Marks::STRONG.with(Marks::EMPHASIS), false));
    assert_eq!(marked("it"), (Marks::EMPHASIS, false));
    assert_eq!(marked("x"), (Marks::CODE, false));
    assert_eq!(marked("there"), (Marks::NONE, true));
    assert_eq!(marked("no"), (Marks::NONE, false));
    assert!(text.text.contains("x² H₂O"), "{}", text.text);
    assert_eq!(parsed.links, ["https://e.org"]);
    assert!(matches!(&parsed.blocks[1].body,
        Body::Text { text, .. } if text.runs[0].marks == Marks::NONE));
}

#[test]
fn formulas_are_set_in_a_line_or_left_as_they_are() {
    assert_eq!(
        drawn(r"So $x^2 \le \frac{a+b}{c}$."),
        ["So x² ≤ (a + b)/c."]
    );
    assert_eq!(
        drawn("$$\\begin{tikzcd}\na &= b \\\\\n\\end{tikzcd}$$"),
        [r"  \begin{tikzcd}", r"  a &= b \\", r"  \end{tikzcd}"]
    );
    // A block of its own, whatever stands beside it in its paragraph.
    assert_eq!(
        drawn("So\n$$\\begin{pmatrix} a \\\\ b \\end{pmatrix}$$\nholds."),
        [
            "So".to_owned(),
            String::new(),
            format!("{}⎛a⎞", " ".repeat(18)),
            format!("{}⎝b⎠", " ".repeat(18)),
            String::new(),
            "holds.".to_owned(),
        ]
    );
    // The same where it takes one row; and what closes its sentence stands with it.
    let centered = |formula: &str| {
        format!(
            "{}{formula}",
            " ".repeat((40 - formula.chars().count()) / 2)
        )
    };
    let blank = String::new;
    assert_eq!(
        drawn("So $$x^2$$ holds (and $$y$$). And $$\\frac{a}{b}$$, too $$z$$.\n\nNext."),
        [
            "So".to_owned(),
            blank(),
            centered("x²"),
            blank(),
            "holds (and".to_owned(),
            blank(),
            centered("y)."),
            blank(),
            "And".to_owned(),
            blank(),
            centered("a ").trim_end().to_owned(),
            centered("─,"),
            centered("b ").trim_end().to_owned(),
            blank(),
            "too".to_owned(),
            blank(),
            centered("z."),
            blank(),
            "Next.".to_owned(),
        ]
    );
    assert_eq!(
        drawn("```math\nx^2\n```"),
        [format!("{}x²", " ".repeat(19))]
    );
    assert_eq!(
        drawn("- a\n\n  ```math\n  a \\\\ b\n  ```\n\n```math\n\\foo\n```"),
        [
            "• a".to_owned(),
            String::new(),
            format!("{}a", " ".repeat(20)),
            format!("{}b", " ".repeat(20)),
            String::new(),
            "  \\foo".to_owned(),
        ]
    );
    // In the middle of its column.
    assert_eq!(drawn("> $$x^2$$"), [format!("│ {}x²", " ".repeat(18))]);
    // As GitHub has it in a line, its signs kept from Markdown.
    assert_eq!(
        drawn("So $`\\sqrt{3x-1}`$ and $`a_1`$."),
        ["So √(3x − 1) and a₁."]
    );
    // But not what was written to stand in a line.
    assert_eq!(drawn("$x^2$ $y$"), ["x² y"]);
}

#[test]
fn only_what_can_be_followed_is_a_link() {
    for (source, links) in [
        (
            "[a](https://e.org) [b](MAILTO:a@e.org) [c](c.md) [d](#d)",
            4,
        ),
        (
            "[a](javascript:x) [b](data:text/html,x) [c](file:///etc/passwd) [d]()",
            0,
        ),
        (
            "![a](a.png) ![b](data:image/png;base64,AA) ![c](https://e.org/c.png)",
            1,
        ),
        ("[![a](a.png)](b.md)", 1),
    ] {
        assert_eq!(parse(source).links.len(), links, "{source}");
    }
}

#[test]
fn headings_can_be_led_to() {
    let parsed = parse("intro\n\n## The Sea, at *night*\n\n### Named {#here}\n");
    assert_eq!(parsed.anchors["the-sea-at-night"], 1);
    assert_eq!(parsed.anchors["here"], 2);
}

#[test]
fn entities_never_become_control_characters() {
    for line in drawn("&#27;[31m &#x9b;31m `\u{1b}` [x](<a&#27;b>) ![&#7;](y)\n\n    &#27;") {
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
    let parsed = parse("[x](<a&#27;b>)");
    assert!(!parsed.links[0].contains('\u{1b}'));
}

#[test]
fn nesting_without_end_is_shown_at_a_bearable_depth() {
    let deep = drawn(&format!("{} x", ">".repeat(5000)));
    assert!(
        deep[0].ends_with('x') && deep[0].chars().count() < 40,
        "{deep:?}"
    );
    let list: String = (0..300)
        .map(|i| format!("{}- x\n", "  ".repeat(i)))
        .collect();
    assert!(drawn(&list).len() >= 300);
}

#[test]
fn endless_paragraphs_and_code_become_several_blocks_without_loss() {
    let words = "word ".repeat(10_000);
    let parsed = parse(&words);
    assert!(parsed.blocks.len() > 3);
    let kept: usize = parsed
        .blocks
        .iter()
        .map(|block| match &block.body {
            Body::Text { text, .. } => text.text.matches("word").count(),
            _ => 0,
        })
        .sum();
    assert_eq!(kept, 10_000);
    assert!(parsed.blocks[1..].iter().all(|block| !block.gap));

    let code = format!("```\n{}\n```", "x".repeat(100_000));
    let kept: usize = parse(&code)
        .blocks
        .iter()
        .map(|it| it.as_text().len())
        .sum();
    assert!((100_000..100_100).contains(&kept), "{kept}");
}

#[test]
fn a_position_survives_another_measure() {
    let text = "one two three four five six seven eight nine ten ".repeat(20);
    let document = Arc::new(crate::document::Document::of_markdown(&text));
    let setting = |measure| Setting {
        measure,
        free: 0,
        hyphenate: true,
        justify: false,
        rtl: Rtl::AsRead,
    };
    let mut narrow = Layout::new(Arc::clone(&document), setting(20));
    let mut wide = Layout::new(document, setting(70));
    let spot = narrow.down(Spot::default(), 17);
    let offset = narrow.offset(spot);
    let there = wide.spot(spot.block, offset);
    assert!(wide.offset(there) <= offset);
    assert!(wide.offset(wide.clone().down(there, 1)) > offset);
    // Up and down are inverse to each other, and stop at the ends.
    assert_eq!(narrow.up(spot, 17), Spot::default());
    let end = narrow.end();
    assert_eq!(narrow.down(Spot::default(), 100_000), end);
}

#[test]
fn details_stand_under_their_summary_which_has_a_sign() {
    let all = "<details>\n<summary>Why?</summary>\n\nBecause:\n\n- one\n\n</details>\n\nAfter";
    assert_eq!(
        drawn(all),
        ["▾ Why?", "", "  Because:", "", "  • one", "", "After"]
    );
    // Without a summary, and within a line.
    assert_eq!(drawn("<details>x</details>"), ["▾ Details", "", "  x"]);
    assert_eq!(
        drawn("<details><summary>a</summary>\n\nb</details> c"),
        ["▾ a", "", "  b", "", "c"]
    );
    let fold = |text: &str| {
        let part = super::parse(text);
        let details = part.details.iter();
        details
            .map(|it| (it.summary, it.content, it.end, it.open))
            .collect::<Vec<_>>()
    };
    assert_eq!(fold(all), [(0, 1, 3, false)]);
    let nested =
        "<details open><summary>a</summary>\n\nb\n\n<details>\n\n# c\n\n</details>\n\n</details>";
    assert_eq!(fold(nested), [(0, 1, 4, true), (2, 3, 4, false)]);
    let names = super::parse(nested).anchors;
    assert_eq!(names.get("c"), Some(&3));
    // Their end stands in a list or a quote that stands in them: they end with that.
    for inner in [
        "- b\n  </details>",
        "- b\n\n  </details>",
        "> b\n>\n> </details>",
        "- > b </details>",
    ] {
        let text = format!("<details><summary>a</summary>\n\n{inner}\n\nAfter");
        assert_eq!(fold(&text), [(0, 1, 2, false)], "{inner}");
        assert_eq!(
            drawn(&text).last().map(String::as_str),
            Some("After"),
            "{inner}"
        );
    }
    // A list item ends what was opened in it.
    assert_eq!(fold("- <details>\n\n  a\n\nb"), []);
    assert_eq!(
        fold("- <details>\n\n  a\n\n  </details>\n\nb"),
        [(0, 1, 2, false)]
    );
}

#[test]
fn what_never_ends_hides_nothing() {
    for text in [
        "<details><summary>a</summary>\n\nb\n\nc",
        "<details>\n<summary>a\n\nb\n\nc",
        "> <details><summary>a</summary>\n\nb</details>\n\nc",
    ] {
        let part = super::parse(text);
        let hidden = part.details.iter().flat_map(|it| it.content..it.end);
        let words = |block: usize| part.blocks[block].as_text().into_owned();
        let hidden: Vec<String> = hidden.map(words).collect();
        assert!(
            !hidden.iter().any(|it| it == "b" || it == "c"),
            "{text}: {hidden:?}"
        );
    }
    assert!(
        super::parse("<details><summary>a</summary></details>")
            .details
            .is_empty()
    );
}

#[test]
fn what_html_opens_holds_markdown_until_it_ends() {
    assert_eq!(
        drawn("<blockquote>\n\n*a*\n\n- b\n\n</blockquote>\n\nc"),
        ["│ a", "│", "│ • b", "", "c"]
    );
    assert_eq!(
        drawn("<ul>\n<li>\n\na\n\n1. b\n\n</li>\n<li>c</li>\n</ul>\n\nd"),
        ["• a", "  1. b", "• c", "", "d"]
    );
    assert_eq!(
        drawn("<div align=\"center\">\n\n# a\n\n</div>\n\nb"),
        ["a", "", "b"]
    );
    // Without an end it holds only its own block, and a quote of Markdown ends it.
    assert_eq!(drawn("<blockquote>a\n\nb"), ["│ a", "", "b"]);
    assert_eq!(
        drawn("> <blockquote>a\n\nb\n\n</blockquote>\n\nc"),
        ["│ │ a", "", "b", "", "c"]
    );
}

#[test]
fn a_displayed_fraction_that_is_too_wide_is_set_in_a_line() {
    let text = "$$\\alpha + \\beta + \\gamma = \\frac{a+b}{c}$$";
    assert_eq!(
        drawn_at(text, 20),
        ["            a + b", "α + β + γ = ─────", "              c"].map(|it| format!(" {it}"))
    );
    assert_eq!(drawn_at(text, 14), [" α + β + γ =", " (a + b)/c"]);
}

#[test]
fn a_fraction_in_a_line_is_not_divided() {
    for measure in 8..40 {
        let lines = drawn_at(
            "Words before $\\frac{alpha}{\\beta}$ and $\\frac{a+b}{c}$ and a path a/b.",
            measure,
        );
        for line in &lines {
            assert!(!line.trim_end().ends_with("alpha/"), "{lines:?}");
            assert!(!line.trim_end().ends_with(")/"), "{lines:?}");
        }
    }
}
