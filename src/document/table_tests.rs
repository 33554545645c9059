use super::{super::block::Spoken, *};

fn table(align: &[Align], rows: &[&[&str]]) -> Table {
    let cells = |row: &&[&str]| row.iter().map(|cell| Text::plain(*cell)).collect();
    Table {
        align: align.to_vec(),
        head: cells(&rows[0]),
        rows: rows[1..].iter().map(cells).collect(),
        spans: Vec::new(),
        languages: Vec::new(),
        sample: Vec::new(),
    }
}

fn plain(table: &Table, measure: usize) -> Vec<String> {
    set(table, (measure, measure), Division::Never, Rtl::AsRead)
        .iter()
        .map(|line| line.plain().trim_end().to_owned())
        .collect()
}

#[test]
fn columns_are_as_wide_as_their_content_and_aligned() {
    let table = table(
        &[Align::Left, Align::Right, Align::Center],
        &[&["City", "Opened", "Line"], &["London", "1863", "A"]],
    );
    assert_eq!(
        plain(&table, 40),
        [
            "City    Opened  Line",
            "──────  ──────  ────",
            "London    1863   A"
        ]
    );
}

#[test]
fn cells_wrap_where_the_measure_is_short() {
    let table = table(
        &[Align::Left, Align::Left],
        &[
            &["Word", "Meaning"],
            &["recto", "the right-hand page of an open book"],
        ],
    );
    let lines = plain(&table, 24);
    assert!(lines.iter().all(|line| width(line) <= 24), "{lines:#?}");
    assert!(lines.len() > 3);
}

#[test]
fn a_table_that_cannot_fit_scrolls_instead() {
    let row: Vec<&str> = vec!["seven letters"; 30];
    let table = table(&[Align::Left; 30], &[&row, &row]);
    assert!(
        set(&table, (60, 60), Division::Never, Rtl::AsRead)
            .iter()
            .all(|line| line.wide)
    );
}

#[test]
fn words_stay_whole_where_wider_columns_can_give_something_up() {
    let table = table(
        &[Align::Left; 3],
        &[
            &["Kind", "Where", "What is to be said of it"],
            &[
                "breakwater",
                "harbour",
                "so long that it takes several lines wherever it stands",
            ],
        ],
    );
    for measure in 27..60 {
        let lines = set(&table, (measure, measure), Division::Never, Rtl::AsRead);
        assert!(
            lines
                .iter()
                .all(|line| !line.wide && line.width() <= measure),
            "{measure}"
        );
        let text: String = lines.iter().map(|it| it.plain() + "\n").collect();
        for word in ["breakwater", "harbour", "several", "wherever"] {
            assert!(text.contains(word), "{measure}:\n{text}");
        }
    }
    // Here only divided words would fit.
    let lines = set(&table, (26, 26), Division::Never, Rtl::AsRead);
    assert!(lines.iter().all(|line| line.wide));
}

#[test]
fn a_word_without_end_is_divided_and_does_not_make_its_table_scroll() {
    let word = "0123456789".repeat(9);
    let table = table(&[Align::Left; 2], &[&["a", "b"], &["two words", &word]]);
    let lines = set(&table, (40, 40), Division::Never, Rtl::AsRead);
    assert!(lines.iter().all(|line| !line.wide && line.width() <= 40));
}

/// The widths of the columns, as the rule under the head shows them.
fn widths(lines: &[Line]) -> Vec<usize> {
    let rule = lines.iter().map(Line::plain).find(|it| it.contains('─'));
    let rule = rule.unwrap_or_default();
    rule.split_whitespace().map(width).collect()
}

#[test]
fn prose_next_to_long_words_keeps_room_to_be_read() {
    let note = "the mirror in the north was rebuilt from the last tape and has been compared with \
                the first one, file by file, by two of us";
    let hash = "0f3a9c5e".repeat(8);
    let key = "b71d".repeat(16);
    let table = table(
        &[Align::Left; 3],
        &[&["Before", "After", "Note"], &[&hash, &key, note]],
    );
    let at = |measure| set(&table, (measure, measure), Division::Never, Rtl::AsRead);
    for (measure, most) in [(60, 11), (72, 6), (100, 5)] {
        let lines = at(measure);
        let [before, after, note] = widths(&lines)[..] else {
            panic!("{measure}");
        };
        assert!(lines.iter().all(|it| !it.wide && it.width() <= measure));
        assert!(before >= DIVIDED_WORD && after >= DIVIDED_WORD && note >= PROSE);
        assert!(lines.len() <= 2 + most, "{measure}: {}", lines.len());
    }
    // Where the table would else scroll, the words are divided once more.
    let lines = at(40);
    assert!(lines.iter().all(|it| !it.wide && it.width() <= 40));
    assert_eq!(widths(&lines), [SHORT_WORD, SHORT_WORD, PROSE]);
    assert!(at(33).iter().all(|line| line.wide));
}

#[test]
fn columns_of_a_table_that_scrolls_are_narrow_enough_for_three_to_show() {
    let long = "the mirror in the north was rebuilt from the last tape";
    let row = [long, "breakwaters", long, "lighthouse", long];
    let table = table(&[Align::Left; 5], &[&row, &row]);
    for (measure, cells) in [(36, 12), (40, 12), (45, 13)] {
        let lines = set(&table, (measure, measure), Division::Never, Rtl::AsRead);
        assert!(lines.iter().all(|line| line.wide), "{measure}");
        assert_eq!(widths(&lines)[0], cells, "{measure}");
    }
}

#[test]
fn short_columns_next_to_long_words_stay_whole() {
    let hash = "0f3a9c5e".repeat(8);
    let table = table(
        &[Align::Left; 3],
        &[
            &["No", "Sum", "Note"],
            &[
                "17",
                &hash,
                "compared with the tape, file by file, by two of us",
            ],
        ],
    );
    for measure in [40, 60, 72, 100] {
        let lines = set(&table, (measure, measure), Division::Never, Rtl::AsRead);
        let widths = widths(&lines);
        assert!(lines.iter().all(|it| !it.wide && it.width() <= measure));
        assert!(widths[0] == 2 && widths[1] >= DIVIDED_WORD && widths[2] >= PROSE);
    }
}

#[test]
fn a_cell_over_several_columns_takes_their_room() {
    let mut table = table(
        &[Align::Left; 2],
        &[
            &["Knot", "Holds"],
            &["Reef", "two"],
            &["Sheet bend, for ropes", ""],
        ],
    );
    let over = Span {
        row: 2,
        column: 0,
        columns: 2,
    };
    table.spans.push(over);
    assert_eq!(
        plain(&table, 40),
        [
            "Knot       Holds",
            "─────────  ──────────",
            "Reef       two",
            "Sheet bend, for ropes"
        ]
    );
    assert_eq!(plain(&table, 14)[3..], ["Sheet bend,", "for ropes"]);
}

#[test]
fn offsets_grow_in_reading_order() {
    let table = table(&[Align::Left; 2], &[&["ab", "cd"], &["ef", "gh"]]);
    let offsets: Vec<usize> = set(&table, (20, 20), Division::Never, Rtl::AsRead)
        .iter()
        .flat_map(|line| line.segments.iter().filter_map(|s| s.offset))
        .collect();
    assert_eq!(offsets, [0, 2, 4, 6]);
}

#[test]
fn a_crowded_table_takes_the_free_room_before_it_wraps_or_scrolls() {
    let at = |table: &Table, rooms| set(table, rooms, Division::Never, Rtl::AsRead);
    let widest = |lines: &[Line]| lines.iter().map(Line::width).max().unwrap_or(0);
    // Nine columns of two words each would scroll; with free room they stand side by side.
    let row: Vec<&str> = vec!["harbour light"; 9];
    let many = table(&[Align::Left; 9], &[&row, &row]);
    let lines = at(&many, (60, 60));
    assert!(widest(&lines) > 60 && lines.iter().all(|it| it.wide));
    let lines = at(&many, (60, 140));
    assert_eq!((lines.len(), widest(&lines)), (3, 9 * 13 + 8 * 2));
    let lines = at(&many, (60, 100));
    assert!(widest(&lines) <= 100 && lines.len() == 5, "{lines:#?}");
    // It may be wider than the column of text: who looks for such lines is told.
    assert!(lines.iter().all(|it| it.wide));

    // What can be read with ease in the measure stays in it, though it wraps there.
    let prose = "the mirror in the north was rebuilt from the last tape and has been compared";
    let easy = table(
        &[Align::Left; 2],
        &[&["Place", "Note"], &["north", &prose.repeat(3)]],
    );
    assert_eq!(at(&easy, (60, 100)), at(&easy, (60, 60)));
    // But where no line needs to be broken at all, none is.
    let lines = at(&easy, (60, 300));
    assert_eq!(lines.len(), 3);
}

#[test]
fn words_of_a_cell_are_divided_by_the_rules_of_its_language() {
    let word = "Wissenschaftsgeschichtsschreibung";
    let row: &[&str] = &[word, word];
    let mut table = table(&[Align::Left, Align::Left], &[&["", ""], row]);
    let english = Hyphenation::of_language("en").map(Division::Patterns);
    let english = english.unwrap_or(Division::Never);
    let lines = |table: &Table| -> Vec<String> {
        let set = set(table, (32, 32), english, Rtl::AsRead);
        set.iter().map(Line::plain).collect()
    };
    let both_english = lines(&table);
    table.languages.push(Spoken {
        row: 1,
        column: 1,
        tag: "de".into(),
    });
    let german = lines(&table);
    // The first column stays what it was.
    let first = |lines: &[String]| lines[0].split_whitespace().next().map(str::to_owned);
    assert_eq!(first(&both_english), first(&german));
    // No language that is known: no division but where nothing else fits.
    let mut division = table.clone();
    division.languages[0].tag = "xx".into();
    assert_ne!(lines(&division), german);
}

#[test]
fn the_first_column_stays_where_it_takes_no_more_than_a_third() {
    let rows = |first: &str| {
        let words = "several words in each of these";
        table(
            &[Align::Left; 6],
            &[
                &["Line", "b", "c", "d", "e", "f"],
                &[first, words, words, words, words, words],
            ],
        )
    };
    let held = |first: &str, measure| -> Vec<usize> {
        let lines = set(
            &rows(first),
            (measure, measure),
            Division::Never,
            Rtl::AsRead,
        );
        assert!(lines.iter().all(|it| it.wide));
        lines.iter().map(|it| it.held).collect()
    };
    // With the space behind it, on every line: the head, the rule, the row.
    assert!(held("Metropolitan", 36).iter().all(|it| *it == 14));
    assert!(held("Metropolitan", 35).iter().all(|it| *it == 0));
    // A cell that reaches over several columns scrolls as a whole.
    let mut spanned = rows("Central");
    spanned.rows[0].pop();
    spanned.spans.push(Span {
        row: 1,
        column: 0,
        columns: 2,
    });
    let lines = set(&spanned, (36, 36), Division::Never, Rtl::AsRead);
    let held: Vec<bool> = lines.iter().map(|it| it.held > 0).collect();
    assert_eq!(held[..3], [true, true, false]);
    // What fits has nothing to hold.
    let fits = set(&rows("Central"), (300, 300), Division::Never, Rtl::AsRead);
    assert!(fits.iter().all(|it| it.held == 0));
}
