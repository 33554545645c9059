//! Highlights and notes: text selected by keys, what is kept of it, and what becomes of that when
//! files are edited and moved, or another program is at work.

#![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

mod common;

use std::fs;

use common::{Reading, keys_of, numbered};
use recto::{
    app::{Effect, Message, PromptKind},
    story::{Change, Note, Operation, StoryId, Target},
};

const WIDE: (u16, u16) = (160, 45);
const SMALL: (u16, u16) = (80, 24);

const SEA: &str = "---\ntitle: The Sea\ndate: 2026-11-19\nauthors: [Ines Calder, Bo Li]\n\
    url: https://example.org/sea\n---\n\n\
    The tide came in. Nobody saw it come. It went out again at noon.\n\n\
    On the quay stood a man. He had a rope in his hand.\n";

const LAND: &str = "---\ntitle: The Land\ndate: 2026-11-20\n---\n\n\
    Hills and more hills. A road goes over them. Nothing else.\n";

fn shelf(size: (u16, u16)) -> Reading {
    let long = common::story("The Long Way", "2026-11-18", &numbered(3000));
    let files = [
        ("land.md", LAND),
        ("sea.md", SEA),
        ("long.md", long.as_str()),
    ];
    Reading::remembering(&files, size)
}

/// What is selected.
fn selected(reading: &Reading) -> Option<String> {
    let open = reading.model().reader.open.as_ref()?;
    let quote = open.layout.document().quote(open.selection?.span());
    quote.map(|quote| quote.exact)
}

/// The highlights and notes of the open story in order, each with its words in the text as it is
/// now; none for those that are not there any more.
fn noted(reading: &Reading) -> Vec<(String, Option<String>)> {
    let open = reading.model().reader.open.as_ref().unwrap();
    let now = |span| open.layout.document().quote(span).unwrap().exact;
    let notes = open.notes.iter();
    notes
        .map(|it| (it.note.text.clone(), it.stand.map(|stand| now(stand.span))))
        .collect()
}

fn notes_of(reading: &Reading) -> Vec<Note> {
    let open = reading.model().reader.open.as_ref().unwrap();
    reading.library.notes(open.id).unwrap()
}

/// What the keys order to be copied.
fn copied(reading: &mut Reading, keys: &str) -> String {
    let model = &mut reading.session.model;
    let pressed = keys_of(keys).into_iter().map(Message::KeyPressed);
    let effects: Vec<Effect> = pressed.flat_map(|key| model.update(key)).collect();
    let mut texts = effects.into_iter().filter_map(|effect| match effect {
        Effect::Copy(text) => Some(text),
        _ => None,
    });
    texts.next().unwrap()
}

#[test]
fn a_selection_begins_below_the_head_and_goes_by_sentences_words_and_paragraphs() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>v");
    assert_eq!(selected(&reading).unwrap(), "The tide came in.");
    reading.press("jJ");
    assert_eq!(
        selected(&reading).unwrap(),
        "Nobody saw it come. It went out again at noon."
    );
    reading.press("hh");
    assert_eq!(
        selected(&reading).unwrap(),
        "Nobody saw it come. It went out again at"
    );
    reading.press("pj");
    assert_eq!(
        selected(&reading).unwrap(),
        "On the quay stood a man. He had a rope in his hand."
    );
    reading.press("wl");
    assert_eq!(selected(&reading).unwrap(), "the");
    assert!(
        reading.last_line().contains("word"),
        "{}",
        reading.last_line()
    );
    reading.press("<esc>");
    assert_eq!(selected(&reading), None);
    assert_eq!(reading.open_title(), "The Sea", "nothing else was left");
    // Who comes back goes on where the last selection was.
    reading.press("v");
    assert_eq!(selected(&reading).unwrap(), "On the quay stood a man.");
}

#[test]
fn a_selection_begins_at_the_match_of_a_search() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>/rope<ret>v");
    assert_eq!(selected(&reading).unwrap(), "He had a rope in his hand.");
    reading.press("w");
    assert_eq!(selected(&reading).unwrap(), "rope");
    reading.press("p");
    assert!(selected(&reading).unwrap().starts_with("On the quay"));
    reading.press("s");
    assert_eq!(selected(&reading).unwrap(), "He had a rope in his hand.");
}

#[test]
fn the_page_goes_along_with_the_selection() {
    let mut reading = shelf(SMALL);
    reading.press("G<ret>vp");
    let begin = reading.top_line();
    for _ in 0..20 {
        reading.press("j");
        let words = selected(&reading).unwrap();
        let last = words.rsplit(' ').next().unwrap();
        assert!(reading.page().join(" ").contains(last), "{words}");
    }
    assert_ne!(reading.top_line(), begin);
    reading.press(&"k".repeat(20));
    assert!(selected(&reading).unwrap().starts_with("w1 "));
    reading.assert_shows("w1 ");
    // A page at a time, too; with one end held, all between is selected.
    reading.press("v ");
    let words = selected(&reading).unwrap();
    assert!(
        words.starts_with("w1 ") && words.contains("w200 "),
        "{words}"
    );
}

#[test]
fn other_keys_leave_a_selection_as_it_is_and_say_so() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>v");
    reading.press("m");
    assert_eq!(reading.notice(), "Text is selected: esc leaves it first.");
    reading.press("d");
    assert_eq!(reading.notice(), "Not now: nothing is highlighted here.");
    reading.press("?").assert_shows("While text is selected");
    reading.press("<esc>");
    assert!(selected(&reading).is_some());
    reading.press("\\");
    reading.press("<esc>\\v");
    assert!(reading.notice().starts_with("Not now: this is the source"));
}

#[test]
fn a_highlight_shows_in_the_text_the_margin_the_row_and_the_sources_and_is_undone() {
    let mut reading = shelf(WIDE);
    assert_eq!(reading.counts("Notes"), None);
    reading.press("j<ret>vj<ret>");
    let words = "Nobody saw it come.".to_owned();
    assert_eq!(noted(&reading), [(String::new(), Some(words.clone()))]);
    assert_eq!(selected(&reading), None);
    reading.assert_shows("▎ The tide came in.");
    reading.assert_shows("✎");
    assert!(reading.row().noted);
    assert_eq!(reading.counts("Notes"), Some((1, 1)));
    let note = notes_of(&reading).remove(0);
    assert_eq!(note.quote.exact, words);
    assert_eq!(note.quote.prefix, "The Sea The tide came in. ");
    assert!(note.quote.suffix.starts_with(" It went out again"));
    assert!(note.id.len() >= 32 && note.created > 0 && note.changed == note.created);

    // The same again is none.
    reading.press("v<ret>");
    assert_eq!(
        reading.notice(),
        "This is highlighted already; d removes that."
    );
    reading.press("<esc>u");
    assert_eq!(
        reading.notice(),
        "Undone: highlighted a passage in “The Sea”."
    );
    assert_eq!(noted(&reading), []);
    assert!(!reading.row().noted);
    assert_eq!(reading.counts("Notes"), None);
    reading.assert_hides("▎ The tide");
    reading.press("<ctrl-r>");
    assert_eq!(noted(&reading).len(), 1);
    assert_eq!(notes_of(&reading), [note]);
}

#[test]
fn a_note_is_written_changed_and_removed_step_by_step() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>vn");
    assert_eq!(
        reading.model().prompt.as_ref().unwrap().kind,
        PromptKind::Note
    );
    reading.assert_shows("on “The tide came in.”");
    reading.press("Spring tide?<ret>");
    let words = || Some("The tide came in.".to_owned());
    assert_eq!(noted(&reading), [("Spring tide?".to_owned(), words())]);
    reading.assert_shows("✎ The tide came in.");
    reading.press("z").assert_shows("Spring tide?");
    // It is said where the selection is on it.
    reading.press("zv");
    reading.assert_shows("✎ Spring tide?");
    reading.press("n");
    assert_eq!(
        reading.model().prompt.as_ref().unwrap().input.value(),
        "Spring tide?"
    );
    reading.press("<ctrl-u>Neap tide<ret>");
    assert_eq!(noted(&reading), [("Neap tide".to_owned(), words())]);
    assert_eq!(notes_of(&reading).len(), 1, "it is the same one");
    // Nothing leaves the highlight.
    reading.press("vn<ctrl-u><ret>");
    assert_eq!(noted(&reading), [(String::new(), words())]);
    reading.press("u");
    assert_eq!(reading.notice(), "Undone: changed a note in “The Sea”.");
    assert_eq!(noted(&reading), [("Neap tide".to_owned(), words())]);
    reading.press("vd");
    assert_eq!(
        reading.notice(),
        "Removed a note from “The Sea”; u brings it back."
    );
    assert_eq!(noted(&reading), []);
    assert_eq!(reading.counts("Notes"), None);
    reading.press("u");
    assert_eq!(noted(&reading), [("Neap tide".to_owned(), words())]);
    assert_eq!(reading.counts("Notes"), Some((1, 1)));
    // Left with esc, nothing is written, and the text is still selected.
    reading.press("vjnForget it<esc>");
    assert_eq!(selected(&reading).unwrap(), "Nobody saw it come.");
    assert_eq!(notes_of(&reading).len(), 1);
}

#[test]
fn what_was_noted_is_there_and_undone_after_a_restart() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>vnOne<ret>vjj<ret>");
    let before = noted(&reading);
    assert_eq!(before.len(), 2);
    let mut reading = reading.again();
    reading.press("<ret>");
    assert_eq!(noted(&reading), before);
    reading.press("uu");
    assert_eq!(noted(&reading), []);
    reading.press("<ctrl-r>");
    assert_eq!(noted(&reading), before[..1]);
}

#[test]
fn a_note_stays_with_its_words_when_the_file_is_edited() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>vjnWho?<ret>");
    let file = reading.folder.path().join("sea.md");
    let edit = |reading: Reading, from: &str, to: &str| {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from));
        fs::write(&file, text.replace(from, to)).unwrap();
        let mut reading = reading.again();
        reading.press("<ret>");
        reading
    };
    let words = |text: &str| [("Who?".to_owned(), Some(text.to_owned()))];
    let reading = edit(reading, "The tide", "A new beginning.\n\nThe tide");
    assert_eq!(noted(&reading), words("Nobody saw it come."));
    let mut reading = edit(reading, "saw it", "had seen it");
    assert_eq!(noted(&reading), words("Nobody had seen it come."));
    reading.press("V<ret>");
    reading.assert_shows("✎ Who?");
    assert!(
        reading
            .last_line()
            .contains("noted, the text was edited since")
    );
    let mut reading = edit(
        reading,
        "The tide came in. Nobody had seen it come. It went out again at noon.",
        "Rain.",
    );
    assert_eq!(noted(&reading), [("Who?".to_owned(), None)]);
    assert_eq!(reading.counts("Notes").unwrap().1, 1, "it is still kept");
    reading.press("V").assert_shows("no longer in the text");
    // It can be changed, and removed.
    reading.press("<ret> again<ret>V");
    reading.assert_shows("✎ Who? again");
    reading.press("<del>");
    assert_eq!(noted(&reading), []);
    assert!(reading.model().prompt.is_none(), "an empty list is left");
    assert_eq!(reading.counts("Notes"), None);
}

#[test]
fn a_note_goes_with_its_file_and_with_its_link() {
    let mut reading = shelf(WIDE);
    reading.press("<ret>vnA hill<ret>hj<ret>vnA tide<ret>");
    let folder = reading.folder.path().to_owned();
    fs::create_dir(folder.join("below")).unwrap();
    fs::rename(folder.join("land.md"), folder.join("below/country.md")).unwrap();
    fs::rename(folder.join("sea.md"), folder.join("water.md")).unwrap();
    let mut reading = reading.again();
    assert_eq!(reading.counts("Notes").unwrap().1, 2);
    reading.press("k<ret>");
    assert_eq!(noted(&reading)[0].0, "A hill");
    reading.press("]");
    assert_eq!(noted(&reading)[0].0, "A tide");
    // What was done before the move is undone after it.
    // Between the two the first story was read to its end.
    reading.press("uuu");
    assert_eq!(reading.counts("Notes"), None);
    assert_eq!(noted(&reading), []);
}

#[test]
fn the_notes_of_a_story_are_listed_and_gone_to() {
    let mut reading = shelf(SMALL);
    reading.press("V");
    reading.press("G<ret>V");
    assert!(
        reading
            .notice()
            .starts_with("Not now: nothing is highlighted in this story"),
        "{}",
        reading.notice()
    );
    reading.press("vpnfirst<ret>GvnSecond<ret>g");
    assert_eq!(notes_of(&reading).len(), 2);
    reading.press("V");
    reading.assert_shows("✎ first — “w1 w2");
    reading.press("sec").assert_hides("✎ first");
    reading.press("<ret>");
    reading.assert_shows("✎ Second");
    let page = reading.page();
    reading.press("[");
    reading.assert_shows("w1 w2");
    reading.assert_shows("✎ first");
    reading.press("[");
    assert_eq!(reading.notice(), "No further note stands above.");
    reading.press("]");
    assert_eq!(reading.page(), page);
    // Back to where one was before the list.
    reading.press("<esc><ctrl-o>");
    reading.assert_shows("w1 w2");
}

#[test]
fn the_noted_are_a_source_and_a_word_of_queries() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>vnTide tables<ret>vj<ret>h");
    reading.press("/is:noted<ret>");
    assert_eq!(reading.titles(), ["The Sea"]);
    reading.press("<esc>/-is:noted<ret>");
    assert_eq!(reading.titles(), ["The Land", "The Long Way"]);
    reading.press("<esc>").go_to_source("Notes");
    assert_eq!(reading.titles(), ["The Sea"]);
    reading.assert_shows("2 notes · “Nobody saw it come.”");
}

#[test]
fn what_is_selected_is_copied_with_where_it_is_from() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>vjjJ");
    assert_eq!(
        copied(&mut reading, "y"),
        "> It went out again at noon.\n>\n> On the quay stood a man.\n\n\
         — Ines Calder, Bo Li, [The Sea](<https://example.org/sea>), 19 November 2026\n"
    );
    assert_eq!(reading.notice(), "Copied as a quotation.");
    assert_eq!(selected(&reading), None);
    reading.press("v");
    let entry = copied(&mut reading, "Y");
    assert!(entry.starts_with("@misc{calder2026"), "{entry}");
    assert!(
        entry.contains("  urldate = {2026-11-20},\n  annote = {``It went out again at noon.''}")
    );
    reading.press("v");
    assert_eq!(copied(&mut reading, "c"), "It went out again at noon.");
}

#[test]
fn a_highlight_that_is_not_kept_yet_becomes_one_note_and_not_two() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>");
    reading.press_at_once("v<ret>vnQuick<ret>");
    let words = Some("The tide came in.".to_owned());
    assert_eq!(noted(&reading).last().unwrap().1, words);
    reading.press("vd").press("vd");
    assert_eq!(notes_of(&reading), []);
}

#[test]
fn in_a_long_story_notes_come_with_the_whole_of_it() {
    let body = numbered(150_000);
    let text =
        format!("---\ntitle: Endless\ndate: 2026-11-20\nurl: https://e.org/e\n---\n\n{body}\n");
    let mut reading = Reading::remembering(&[("a.md", &text)], SMALL);
    reading.press("<ret>G<ctrl-u>vn");
    reading.press("Near the end<ret>");
    let words = noted(&reading)[0].1.clone().unwrap();
    assert!(words.contains("w1498"), "{words}");
    let mut reading = reading.again();
    reading.press("<ret>V<ret>");
    reading.assert_shows("✎ Near the end");
    assert_eq!(selected(&reading).unwrap(), words);
}

#[test]
fn what_goes_from_right_to_left_is_marked_where_it_stands() {
    use ratatui::style::Modifier;
    let text = common::story("Letters", "2026-11-20", "abc שלום עולם xyz");
    let mut reading = Reading::remembering(&[("a.md", &text)], SMALL);
    reading.press("<ret>vwj");
    assert_eq!(selected(&reading).unwrap(), "שלום");
    let buffer = reading.buffer();
    let marked: String = buffer
        .content
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED))
        .map(|cell| cell.symbol())
        .collect();
    let mut letters: Vec<char> = marked.chars().collect();
    letters.sort_unstable();
    let mut wanted: Vec<char> = "שלום".chars().collect();
    wanted.sort_unstable();
    assert_eq!(letters, wanted);
}

#[test]
fn a_formula_that_is_broken_is_marked_as_a_whole() {
    let formula = r"\frac{a+b+c+d+e}{f} + \frac{g+h+i+j+k}{l} + \frac{m+n+o}{p}";
    let text = common::story(
        "Sums",
        "2026-11-20",
        &format!("Before.\n\n$${formula}$$\n\nBehind."),
    );
    let mut reading = Reading::remembering(&[("a.md", &text)], (40, 16));
    reading.press("<ret>");
    reading.assert_shows("(a + b + c + d + e)/f +");
    let plain = reading.buffer();
    // The cells that look otherwise than before, but for those of the last line.
    let marked = |reading: &Reading| -> String {
        let now = reading.buffer();
        let cells = now.content.iter().zip(&plain.content).take(40 * 15);
        let other = cells.filter(|(now, before)| now.style() != before.style());
        other.map(|(now, _)| now.symbol()).collect()
    };
    let whole = "(a+b+c+d+e)/f+(g+h+i+j+k)/l+(m+n+o)/p";
    reading.press("vj");
    assert_eq!(marked(&reading).replace(' ', ""), whole);
    reading.press("j");
    assert_eq!(marked(&reading), "Behind.");
    // A match is marked where it stands.
    reading.press("<esc>/g + h<ret>");
    assert_eq!(marked(&reading).replace(' ', ""), "g+h");
}

#[test]
fn a_formula_in_rows_is_searched_quoted_and_marked_by_what_it_says() {
    let text = common::story(
        "Limits",
        "2026-11-20",
        "Before.\n\n$$\\lim_{x\\to0}\\frac{\\sin x}{x} = 1$$\n\nBehind.",
    );
    let mut reading = Reading::remembering(&[("a.md", &text)], SMALL);
    reading.press("<ret>");
    let plain = reading.buffer();
    let marked = |reading: &Reading| -> String {
        let now = reading.buffer();
        let cells = now.content.iter().zip(&plain.content).take(80 * 23);
        let other = cells.filter(|(now, before)| now.style() != before.style());
        let signs: String = other.map(|(now, _)| now.symbol()).collect();
        signs.replace(' ', "")
    };
    reading.press("/(sin x)/x<ret>");
    assert_eq!(marked(&reading), "sinxlim─────=1x→0x");
    reading.press("<esc>vj");
    assert_eq!(selected(&reading).unwrap(), "lim_(x→0) (sin x)/x = 1");
}

#[test]
fn what_asks_for_words_leaves_a_selection_and_takes_them_for_words() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>vnMine<ret>");
    assert_eq!(noted(&reading).len(), 1);
    // On the note its letters would be keys.
    reading.press("v/d");
    assert_eq!(selected(&reading), None);
    let prompt = reading.model().prompt.as_ref().unwrap();
    assert_eq!((prompt.kind, prompt.input.value()), (PromptKind::Text, "d"));
    reading.press("<esc>");
    assert_eq!(noted(&reading).len(), 1);
}

#[test]
fn another_program_s_note_shows_and_this_one_s_is_not_lost_by_it() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>vnMine<ret>");
    let id = reading.row().id;
    let other = reading.other();
    let mut theirs = other.notes(id).unwrap().remove(0);
    theirs.text = "Theirs".to_owned();
    theirs.id = String::new();
    theirs.changed = 0;
    let change = Change::Noted(Box::new(theirs));
    other
        .apply(&Operation::new(Target::Stories(vec![id]), change))
        .unwrap();
    reading.send(Message::OthersWrote {
        stories: false,
        state: true,
    });
    let mut texts: Vec<String> = noted(&reading).into_iter().map(|it| it.0).collect();
    texts.sort();
    assert_eq!(texts, ["Mine", "Theirs"]);
    reading.press("u");
    assert_eq!(noted(&reading)[0].0, "Mine");
    assert_eq!(noted(&reading).len(), 1);
}

#[test]
fn pasted_and_typed_notes_hold_no_control_characters() {
    let mut reading = shelf(WIDE);
    reading
        .press("j<ret>vn")
        .paste("one\u{1b}[31m\ntwo\u{202e}")
        .press("<ret>");
    let text = &noted(&reading)[0].0;
    assert!(text.starts_with("one"), "{text:?}");
    assert!(
        text.chars().all(|c| !c.is_control() && c != '\u{202e}'),
        "{text:?}"
    );
}

#[test]
fn notes_for_a_document_that_is_no_longer_open_are_not_taken() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>vnIt<ret>");
    let open = reading.model().reader.open.as_ref().unwrap();
    let (id, notes) = (open.id, open.notes.clone());
    let document = std::sync::Arc::clone(open.layout.document());
    reading.press("]");
    reading.send(Message::NotesPlaced {
        id: StoryId(id.0 + 1),
        document,
        notes,
    });
    assert_eq!(noted(&reading), []);
}

#[test]
fn going_to_a_note_whose_words_are_gone_shows_about_where_they_stood() {
    let body = |more: &str| {
        let around = numbered(900);
        common::story(
            "Ships",
            "2026-11-20",
            &format!("{around}\n\n{more}\n\n{around}"),
        )
    };
    let before = body("Nobody saw the quiet tide come in.");
    let mut reading = Reading::remembering(&[("a.md", &before)], SMALL);
    reading.press("<ret>/quiet<ret>vnMind this.<ret><esc><esc>g");
    let file = reading.folder.path().join("a.md");
    let after = |reading: Reading, text: &str| {
        fs::write(&file, text).unwrap();
        let mut reading = reading.again();
        reading.press("<ret>gV");
        reading
    };
    let mut reading = after(reading, &body("Ships went by all of that night."));
    reading.assert_shows("✎ Mind this. — edited since: “Nobody saw");
    reading
        .press("<ret>")
        .assert_shows("Ships went by all of that");
    // Where nothing is left of what stood around it either, it stood about there all the same.
    let gone = body("Ships went by.").replace('w', "x");
    let mut reading = after(reading, &gone);
    reading.assert_shows("✎ Mind this. — no longer in the text: “Nobody saw");
    reading.press("<ret>").assert_shows("Ships xent by.");
    reading.assert_shows("Mind this.");
}
