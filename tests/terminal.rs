//! The program as a reader has it: the real binary in a terminal, keys in, screens out.

#![cfg(unix)]
// Tests fail by panicking, also in the functions that they share.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::process::Command;

use support::{Folder, PROGRAM, Recto, Screen, Size, last};

/// A wide window, the size that terminals open with, and a very small one.
const SIZES: [Size; 3] = [(120, 40), (80, 24), (40, 12)];
const WIDE: Size = SIZES[0];
const USUAL: Size = SIZES[1];

/// Titles of the bundled stories, in the order of the list.
fn bundled_titles() -> Vec<String> {
    let output = Command::new(PROGRAM)
        .args(["list", "--json"])
        .env_remove("RECTO_LIBRARY")
        .env("TZ", "UTC")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|story| story["title"].as_str().unwrap().to_owned())
        .collect()
}

/// The beginning of a title or a sentence: long ones are set on two lines.
fn beginning(text: &str) -> String {
    let cut = |at| {
        text.char_indices()
            .nth(at)
            .map_or(text, |(at, _)| &text[..at])
    };
    match cut(24).rsplit_once(' ') {
        Some((words, _)) if cut(24) != text => words.to_owned(),
        _ => cut(20).to_owned(),
    }
}

/// Starts on the bundled stories and waits until all of them are there.
fn start_bundled(size: Size) -> (Recto, Vec<String>) {
    let titles = bundled_titles();
    let recto = Recto::start(size, [""; 0]);
    recto.wait_for(&format!("{0} unread of {0}", titles.len()));
    wait_chosen(&recto, &titles[0]);
    (recto, titles)
}

/// Starts on a folder of so many unread stories.
fn start_folder(size: Size, folder: &Folder, stories: usize) -> Recto {
    let recto = Recto::start(size, [folder.root()]);
    recto.wait_for(&format!("{stories} unread of {stories}"));
    recto.wait_until("marks a story as chosen", |screen| {
        !screen.chosen().is_empty()
    });
    recto
}

fn wait_chosen(recto: &Recto, title: &str) -> Screen {
    let title = beginning(title);
    recto.wait_until(&format!("has the cursor on “{title}”"), |screen| {
        screen.chosen().starts_with(&title)
    })
}

/// Waits until the last row says `text`.
fn wait_said(recto: &Recto, text: &str) -> Screen {
    recto.wait_until(&format!("says “{text}” in its last row"), |screen| {
        screen.says(text)
    })
}

/// Quits from wherever one is, and looks that the terminal is as it was.
fn quit(mut recto: Recto) {
    recto.press("<ctrl-c>");
    assert_eq!(recto.wait_clean_exit().exit_code(), 0);
}

/// Turns pages until the end of the story.
fn read_to_the_end(recto: &mut Recto) {
    loop {
        let before = recto.screen();
        if before.says("100 %") {
            break;
        }
        recto.press("<space>");
        recto.wait_until("has turned the page", |screen| *screen != before);
    }
}

/// A text of numbered words, each of them in it once.
fn numbered_words(count: usize) -> String {
    let words: Vec<_> = (1..=count).map(|n| format!("word{n:04}")).collect();
    let paragraphs: Vec<_> = words.chunks(60).map(|words| words.join(" ")).collect();
    paragraphs.join("\n\n")
}

/// The first of the numbered words that shows.
fn first_number(screen: &Screen) -> Option<u32> {
    let text = screen.rows.join(" ");
    let (_, after) = text.split_once("word")?;
    after.get(..4)?.parse().ok()
}

/// A folder with one story of three that leads to another by a link, and so on.
fn linked_stories() -> Folder {
    Folder::new()
        .with_story(
            "first.md",
            "The first one",
            "2020-03-03",
            "From here one gets to [the second one](more/second.md).\n",
        )
        .with_story(
            "more/second.md",
            "The second one",
            "2020-02-02",
            "A place by the sea. From there one gets [to the end](../third.md#the-end).\n",
        )
        .with_story(
            "third.md",
            "The third one",
            "2020-01-01",
            &format!("{}\n\n## The end\n\nHome at last.\n", numbered_words(3000)),
        )
}

#[test]
fn the_list_shows_the_bundled_stories_and_is_walked_with_j_and_k() {
    for size in SIZES {
        let (mut recto, titles) = start_bundled(size);
        assert!(recto.screen().shows("recto"));
        for title in &titles[1..6] {
            recto.press("j");
            wait_chosen(&recto, title);
        }
        recto.press("kk");
        wait_chosen(&recto, &titles[3]);
        recto.press("<down>");
        wait_chosen(&recto, &titles[4]);
        recto.press("<up>");
        wait_chosen(&recto, &titles[3]);
        recto.press("G");
        wait_chosen(&recto, titles.last().unwrap());
        recto.press("g");
        wait_chosen(&recto, &titles[0]);
        quit(recto);
    }
}

#[test]
fn keys_pressed_while_stories_come_in_are_not_undone() {
    let titles = bundled_titles();
    for _ in 0..20 {
        let mut recto = Recto::start(USUAL, [""; 0]);
        // The first rows are there, the counts perhaps not.
        wait_chosen(&recto, &titles[0]);
        recto.press("jjj");
        wait_chosen(&recto, &titles[3]);
        recto.wait_for(&format!("{0} unread of {0}", titles.len()));
        wait_chosen(&recto, &titles[3]);
        quit(recto);
    }
}

#[test]
fn every_bundled_story_can_be_walked_to_and_read() {
    let (mut recto, titles) = start_bundled(USUAL);
    recto.press("<enter>");
    for (at, title) in titles.iter().enumerate() {
        if at > 0 {
            recto.press("]");
        }
        let screen = recto.wait_for(&beginning(title));
        assert!(!screen.shows("cannot be read"), "{screen}");
    }
    recto.press("]");
    wait_said(&recto, "last story");
    quit(recto);
}

#[test]
fn a_story_read_to_its_end_is_no_longer_unread() {
    for size in SIZES {
        let (mut recto, titles) = start_bundled(size);
        let all = titles.len();
        assert!(recto.screen().chosen_is_unread());
        recto.press("<enter>");
        recto.wait_for(&beginning(&titles[0]));
        read_to_the_end(&mut recto);
        wait_said(&recto, "read");
        recto.press("q");
        recto.wait_for(&format!("{} unread of {all}", all - 1));
        let screen = wait_chosen(&recto, &titles[0]);
        assert!(!screen.chosen_is_unread(), "{screen}");
        recto.press("m");
        recto.wait_for(&format!("{all} unread of {all}"));
        quit(recto);
    }
}

#[test]
fn glancing_at_stories_in_the_list_reads_none() {
    let folder = Folder::new()
        .with_story("a.md", "Newer", "2020-02-02", "Short enough for a glance.")
        .with_story("b.md", "Older", "2020-01-01", "Another short one.");
    let mut recto = start_folder(WIDE, &folder, 2);
    recto.wait_for("Short enough");
    recto.press("j");
    recto.wait_for("Another short one.");
    recto.press("k");
    recto.wait_for("Short enough");
    assert!(recto.screen().shows("2 unread of 2"));
    quit(recto);
}

#[test]
fn a_half_read_story_opens_where_it_was_left() {
    let folder = Folder::new()
        .with_story("a.md", "Long", "2020-02-02", &numbered_words(3000))
        .with_story("b.md", "Short", "2020-01-01", "A short one.");
    for size in SIZES {
        let mut recto = start_folder(size, &folder, 2);
        recto.press("<enter>");
        recto.wait_for("word0001");
        recto.press("<space>");
        recto.wait_gone("word0001");
        let place = first_number(&recto.screen());
        recto.press("]");
        recto.wait_for("A short one.");
        recto.press("[");
        recto.wait_until("is at the old place", |screen| {
            first_number(screen) == place
        });
        quit(recto);
    }
}

#[test]
fn titles_are_searched_letter_by_letter() {
    for size in SIZES {
        let (mut recto, titles) = start_bundled(size);
        recto.press("jjj");
        wait_chosen(&recto, &titles[3]);

        recto.press("/");
        for letter in ["s", "e", "v", "e", "n", " ", "k", "n"] {
            recto.press(letter);
        }
        wait_said(&recto, "seven kn");
        wait_chosen(&recto, "Seven knots");
        recto.press("<esc>");
        let screen = wait_chosen(&recto, &titles[3]);
        assert!(!screen.says("seven kn"), "{screen}");

        recto.press("/seven kn");
        wait_chosen(&recto, "Seven knots");
        recto.press("<enter>");
        let screen = wait_said(&recto, "“seven kn”");
        assert!(screen.chosen().starts_with("Seven knots"), "{screen}");
        recto.press("<enter>");
        recto.wait_gone("“seven kn”");
        recto.wait_for("Seven knots");
        recto.press("q");
        wait_said(&recto, "“seven kn”");
        recto.press("<esc>");
        wait_chosen(&recto, &titles[3]);
        quit(recto);
    }
}

#[test]
fn a_search_without_a_match_says_so() {
    for size in SIZES {
        let (mut recto, titles) = start_bundled(size);
        recto.press("/seven zqxj");
        recto.wait_for("No title matches");
        recto.press("<backspace><backspace><backspace><backspace>");
        wait_chosen(&recto, "Seven knots");
        recto.press("zqxj<enter>");
        recto.wait_for("No title matches");
        recto.press("<esc>");
        wait_chosen(&recto, &titles[0]);
        quit(recto);
    }
}

#[test]
fn the_text_of_a_story_is_searched() {
    let body = format!(
        "The first lantern.\n\n{}\n\nA second lantern.\n\n{}\n\nThe third Lantern.\n",
        numbered_words(600),
        numbered_words(600)
    );
    let folder = Folder::new().with_story("a.md", "Lights", "2020-01-01", &body);
    for size in SIZES {
        let mut recto = start_folder(size, &folder, 1);
        recto.press("<enter>");
        recto.wait_for("first lantern");
        recto.press("/lantern");
        wait_said(&recto, "1 of 3");
        recto.press("<enter>");
        wait_said(&recto, "1 of 3");
        recto.press("n");
        wait_said(&recto, "2 of 3");
        recto.wait_for("second lantern");
        recto.press("n");
        wait_said(&recto, "3 of 3");
        recto.wait_for("third Lantern");
        recto.press("n");
        wait_said(&recto, "1 of 3");
        recto.wait_for("first lantern");
        recto.press("N");
        wait_said(&recto, "3 of 3");
        recto.wait_for("third Lantern");
        recto.press("<esc>");
        wait_said(&recto, "? help");
        assert!(recto.screen().shows("third Lantern"));

        recto.press("/walrus<enter>");
        wait_said(&recto, "not in this story");
        recto.press("n");
        assert!(recto.screen().shows("third Lantern"));
        quit(recto);
    }
}

#[test]
fn leaving_a_search_of_the_text_gives_the_place_back() {
    let body = format!("{}\n\nA lantern.\n", numbered_words(3000));
    let folder = Folder::new().with_story("a.md", "Lights", "2020-01-01", &body);
    let mut recto = start_folder(USUAL, &folder, 1);
    recto.press("<enter>");
    recto.wait_for("word0001");
    recto.press("<space>");
    recto.wait_gone("word0001");
    let place = first_number(&recto.screen());
    recto.press("/lantern");
    recto.wait_for("A lantern.");
    recto.press("<esc>");
    recto.wait_until("is at the old place", |screen| {
        first_number(screen) == place
    });
    quit(recto);
}

#[test]
fn the_help_tells_every_action_and_goes_away_again() {
    for size in SIZES {
        let (mut recto, titles) = start_bundled(size);
        for leave in ["?", "q", "<esc>"] {
            recto.press("?");
            let mut shown = recto.wait_for("? leave").rows;
            // To the end of the help, a line at a time: then the last page stays.
            while recto.screen().says("more") {
                let before = recto.screen();
                recto.press("j");
                let after = recto.wait_until("has moved on", |screen| *screen != before);
                shown.extend(after.rows);
            }
            // Where there is little room, words go on in the next row.
            let shown = shown.join(" ");
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            for spec in recto::app::action::ACTIONS {
                assert!(
                    shown.contains(spec.help),
                    "{size:?}: “{}” does not show whole",
                    spec.help
                );
            }
            recto.press(leave);
            recto.wait_gone("? leave");
            wait_chosen(&recto, &titles[0]);
        }
        quit(recto);
    }
}

#[test]
fn help_over_a_story_keeps_its_place() {
    let folder = Folder::new().with_story("a.md", "Long", "2020-01-01", &numbered_words(3000));
    for size in SIZES {
        let mut recto = start_folder(size, &folder, 1);
        recto.press("<enter>");
        recto.wait_for("word0001");
        recto.press("<space>");
        recto.wait_gone("word0001");
        // The mark on the line that the eye was on fades.
        recto.wait_gone("❯");
        let before = recto.screen();
        recto.press("?");
        recto.wait_for("? leave");
        recto.press("jj?");
        recto.wait_until("is as before", |screen| *screen == before);
        quit(recto);
    }
}

#[test]
fn zen_shows_the_story_alone() {
    let folder = Folder::new()
        .with_story("a.md", "Quiet", "2020-02-02", "Nothing else is here.")
        .with_story("b.md", "Loud", "2020-01-01", "Something else.");
    for size in SIZES {
        let mut recto = start_folder(size, &folder, 2);
        recto.press("z");
        let alone = |screen: &Screen| {
            screen.shows("Nothing else is here.")
                && !screen.shows("unread of")
                && !screen.shows("Loud")
        };
        recto.wait_until("has the story alone", alone);
        recto.press("z");
        recto.wait_for("of 2");
        recto.press("q");
        recto.wait_for("Loud");
        recto.press("z");
        recto.wait_until("has the story alone", alone);
        recto.press("q");
        recto.wait_for("Loud");
        quit(recto);
    }
}

#[test]
fn links_lead_to_other_stories_and_back() {
    let folder = linked_stories();
    for size in SIZES {
        let mut recto = start_folder(size, &folder, 3);
        recto.press("<enter>");
        recto.wait_for("From here one gets");
        recto.press("f");
        wait_said(&recto, "label");
        recto.press("<esc>");
        recto.wait_gone("label");
        assert!(recto.screen().shows("From here one gets"));

        recto.press("f");
        wait_said(&recto, "label");
        recto.press("a");
        recto.wait_for("A place by the sea.");
        recto.press("f");
        wait_said(&recto, "label");
        recto.press("a");
        recto.wait_for("Home at last.");
        recto.press("<ctrl-o>");
        recto.wait_for("A place by the sea.");
        recto.press("<ctrl-o>");
        recto.wait_for("From here one gets");
        recto.press("<ctrl-o>");
        wait_said(&recto, "no link was followed");
        quit(recto);
    }
}

#[test]
fn bundled_stories_lead_to_each_other() {
    let (mut recto, _) = start_bundled(USUAL);
    recto.press("/welcome to recto<enter>");
    // The story is chosen from the beginning: until the search is answered, the header says so.
    wait_said(&recto, "· 1 found");
    wait_chosen(&recto, "Welcome to recto");
    recto.press("<enter>");
    wait_said(&recto, "min left");
    while !recto.screen().shows("Finding a story") {
        let before = recto.screen();
        recto.press("j");
        recto.wait_until("has scrolled", |screen| *screen != before);
    }
    let place = recto.screen();
    recto.press("f");
    wait_said(&recto, "type a label");
    recto.press("a");
    recto.wait_until("is at the beginning of the other story", |screen| {
        screen.rows[..5]
            .iter()
            .any(|row| row.contains("Finding a story"))
    });
    recto.press("<ctrl-o>");
    // What it was before is told where it does not come back.
    recto.wait_until(&format!("is as before:\n{place}"), |screen| {
        *screen == place
    });
    quit(recto);
}

#[test]
fn a_link_that_leads_nowhere_says_so() {
    let body = "It leads [nowhere](gone.md), or [into the void](#void), or \
                [into a script](javascript:alert(1)).\n";
    let folder = Folder::new().with_story("a.md", "Links", "2020-01-01", body);
    let mut recto = start_folder(USUAL, &folder, 1);
    recto.press("<enter>");
    recto.wait_for("It leads");
    for (label, answer) in [("a", "gone.md"), ("s", "void")] {
        recto.press("f");
        wait_said(&recto, "type a label");
        recto.press(label);
        wait_said(&recto, answer);
    }
    // What could only be refused has no label.
    recto.press("f");
    let screen = wait_said(&recto, "type a label");
    assert!(screen.shows("or into a script."), "{screen}");
    quit(recto);
}

#[test]
fn another_size_keeps_the_place() {
    let folder = Folder::new().with_story("a.md", "Long", "2020-01-01", &numbered_words(3000));
    for size in SIZES {
        let mut recto = start_folder(size, &folder, 1);
        recto.press("<enter>");
        recto.wait_for("word0001");
        for _ in 0..4 {
            let before = recto.screen();
            recto.press("<space>");
            // Other parts of the screen may change by themselves.
            let turned = |screen: &Screen| first_number(screen) != first_number(&before);
            recto.wait_until("has turned the page", turned);
        }
        let first = first_number(&recto.screen()).unwrap();
        let word = format!("word{first:04}");
        let still_there = |recto: &Recto| {
            recto.wait_until(&format!("shows {word} and is drawn whole"), |screen| {
                screen.shows(&word) && screen.says("help")
            })
        };
        for other in [(100, 30), (50, 16), (160, 50), (60, 8)] {
            recto.resize(other);
            still_there(&recto);
        }
        let before = recto.bytes().len();
        recto.resize((1, 1));
        recto.wait_for_output_after(before);
        recto.resize(size);
        let screen = still_there(&recto);
        assert_eq!(first_number(&screen), Some(first), "{screen}");
        quit(recto);
    }
}

#[test]
fn no_size_is_too_small() {
    let (mut recto, titles) = start_bundled(USUAL);
    for size in [(1, 1), (2, 2), (80, 1), (1, 24), (5, 3), (300, 100)] {
        let before = recto.bytes().len();
        recto.resize(size);
        recto.wait_for_output_after(before);
        recto.press("j<enter><space>Gg]/a<enter>nq/a<backspace><backspace>?jqzqg");
    }
    recto.resize(USUAL);
    wait_chosen(&recto, &titles[0]);
    quit(recto);
}

#[test]
fn q_goes_back_and_quits_at_the_list() {
    for size in SIZES {
        let (mut recto, titles) = start_bundled(size);
        recto.press("<enter>");
        wait_said(&recto, "f links");
        recto.press("q");
        wait_said(&recto, "search titles");
        wait_chosen(&recto, &titles[0]);
        recto.press("q");
        assert_eq!(recto.wait_clean_exit().exit_code(), 0);
    }
}

#[test]
fn ctrl_c_quits_from_everywhere() {
    for (keys, shown) in [
        ("", "search titles"),
        ("<enter>", "f links"),
        ("/seven", "seven"),
        ("?", "? leave"),
        ("z", "f links"),
    ] {
        let (mut recto, _) = start_bundled(USUAL);
        recto.press(keys);
        wait_said(&recto, shown);
        quit(recto);
    }
}

#[test]
fn a_signal_that_ends_it_leaves_the_terminal_clean() {
    for signal in ["TERM", "HUP", "INT", "QUIT"] {
        for (keys, shown) in [("", "help"), ("/seven", "seven"), ("<enter>", "links")] {
            let (mut recto, _) = start_bundled(USUAL);
            recto.press(keys);
            wait_said(&recto, shown);
            recto.signal(signal);
            let status = recto.wait_clean_exit();
            assert_ne!(status.exit_code(), 0, "{signal}: {status:?}");
        }
    }
}

#[test]
fn a_library_that_is_not_mounted_shows_its_stories() {
    let folder = linked_stories();
    let line = r#"export RECTO_LIBRARY="$1/lib"; mkdir "$1/lib"; mv "$1"/[ft]*.md "$1/lib"
        "$RECTO" list >/dev/null; mv "$1/lib" "$1/away"; "$RECTO""#;
    let recto = Recto::shell(USUAL, line, folder.root());
    recto.wait_for("The first one");
    recto.wait_for("is it mounted?");
    quit(recto);
}

/// Runs recto as a shell does that can stop it and go on with it.
fn start_under_a_shell(folder: &Folder) -> Recto {
    let line = r#"set -m; "$RECTO" "$1"; echo "the shell again"; read line; fg >/dev/null; echo "the end""#;
    let recto = Recto::shell(USUAL, line, folder.root());
    recto.wait_for("3 unread of 3");
    recto.wait_for("The third one");
    recto
}

fn stops_and_goes_on(mut recto: Recto) {
    let screen = recto.wait_for("the shell again");
    assert!(!screen.alternate && screen.cursor && !screen.brackets);
    // The shell gets a line only if the terminal sends lines again.
    recto.press("fg<enter>");
    let screen = wait_chosen(&recto, "The first one");
    assert!(screen.alternate && screen.brackets);
    recto.press("j");
    wait_chosen(&recto, "The second one");
    recto.press("q");
    recto.wait_for("the end");
    assert_eq!(recto.wait_clean_exit().exit_code(), 0);
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_for_a_while() {
    let mut recto = start_under_a_shell(&linked_stories());
    recto.press("<ctrl-z>");
    stops_and_goes_on(recto);
}

#[test]
fn a_signal_to_stop_does_what_ctrl_z_does() {
    let recto = start_under_a_shell(&linked_stories());
    recto.signal("TSTP");
    stops_and_goes_on(recto);
}

#[test]
fn pasted_text_is_no_command() {
    for size in SIZES {
        let (mut recto, titles) = start_bundled(size);
        recto.paste("q");
        recto.paste("jjq\rq\x03");
        recto.press("j");
        wait_chosen(&recto, &titles[1]);
        recto.press("<enter>");
        wait_said(&recto, "f links");
        recto.paste("q]z");
        recto.press("?");
        recto.wait_for("? leave");
        recto.paste("q");
        recto.press("j?q");
        wait_chosen(&recto, &titles[1]);

        recto.press("/");
        recto.paste("seven\rkn");
        wait_said(&recto, "seven kn");
        wait_chosen(&recto, "Seven knots");
        quit(recto);
    }
}

#[test]
fn a_story_comes_through_a_pipe_while_keys_come_from_the_terminal() {
    let folder = Folder::new().with(
        "a.md",
        format!("# Through a pipe\n\n{}\n", numbered_words(3000)),
    );
    let asked = r#"cat "$1" | "$RECTO" -"#;
    let unasked = r#"cat "$1" | "$RECTO""#;
    for (size, line) in SIZES.into_iter().zip([asked, unasked, asked]) {
        let mut recto = Recto::shell(size, line, folder.path("a.md"));
        recto.wait_for("Through a pipe");
        recto.wait_for("word0001");
        recto.press("<space>");
        recto.wait_gone("word0001");
        recto.press("G");
        recto.wait_for("word3000");
        quit(recto);
    }
}

#[test]
fn where_nothing_comes_through_a_pipe_the_library_opens() {
    let folder = linked_stories();
    let recto = Recto::shell(
        USUAL,
        r#""$RECTO" --library "$1" </dev/null"#,
        folder.root(),
    );
    recto.wait_for("3 unread of 3");
    quit(recto);
}

#[test]
fn a_file_that_is_named_opens_in_the_reader() {
    let folder = linked_stories();
    for size in SIZES {
        let mut recto = Recto::start(size, [folder.path("more/second.md")]);
        recto.wait_for("A place by the sea.");
        wait_said(&recto, "f links");
        recto.press("q");
        wait_said(&recto, "search titles");
        recto.press("q");
        assert_eq!(recto.wait_clean_exit().exit_code(), 0);
    }
}

#[test]
fn nothing_from_a_story_reaches_the_terminal_as_a_command() {
    const CONTROLS: [&str; 6] = [
        "\x1b]0;pwned\x07",
        "\x1b[7;777H",
        "\x1b[?1000h",
        "\u{9b}7;777H",
        "&#27;[7;777H&#x1b;]0;pwned&#7;&#155;7;777H",
        "\x1bcnow",
    ];
    let all = CONTROLS.concat();
    let body = format!(
        "Before {all} after.\n\n## Heading {all}\n\n`code {all}` and [a link {all}](no{all}.md \
         \"title {all}\")\n\n```\nblock {all}\n```\n\n| table {all} | b |\n|---|---|\n| c | d |\n\n\
         ![picture {all}](p.png)\n\n<p title=\"{all}\">html {all}</p>\n\nThe very end.\n"
    );
    let yaml = r#""Title \e]0;pwned\a\e[7;777H\u009b7;777H end""#;
    let folder = Folder::new()
        .with_story("1.md", yaml, "2020-03-03", &body)
        .with_story("2.md", &format!("Raw {all} title"), "2020-02-02", &body)
        .with("3.txt", format!("Plain {all}\n\n{body}"))
        .with(&format!("4 {}.md", CONTROLS[0]), [0; 4096])
        .with(&format!("5 {}/6.md", CONTROLS[1]), &body);
    // The last one in the list is the one that cannot be opened: there, keys of the reader are others.
    let binary = folder.path(&format!("4 {}.md", CONTROLS[0]));
    let file = std::fs::File::options().append(true).open(binary).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    for size in SIZES {
        let mut recto = Recto::start(size, [folder.root()]);
        recto.wait_for("unread of 5");
        for _ in 0..4 {
            recto.press("<enter>");
            // Before a story is there, the search is one of titles.
            recto.wait_until("shows how much is left", |screen| {
                !screen.says("search titles") && screen.says(" %")
            });
            recto.press("G");
            recto.press("/pwned<enter>");
            recto.press("gq");
            recto.wait_until("shows the list", |screen| screen.says("search titles"));
            recto.press("j");
        }
        recto.press("<enter>");
        recto.wait_for("This story cannot be read.");
        // The story above has a link that leads nowhere.
        recto.press("[");
        recto.wait_for("Before");
        // A label shows what its link leads to.
        recto.press("gf");
        let answered = recto.wait_until("says what f does", |screen| {
            screen.says("type a label") || screen.says("no link")
        });
        // A small screen does not show the link.
        if answered.says("type a label") {
            recto.press("a");
            recto.wait_until("knows the link", |screen| screen.says("No story here"));
        }
        recto.press("qq");
        recto.wait_clean_exit();
        // The one thing of this kind that it has to say itself.
        let bytes = recto.bytes();
        let (own, asked) = (b"\x1b]10;?\x07\x1b]11;?\x07", bytes.len());
        let at = bytes.windows(own.len()).position(|it| it == own);
        let bytes = [&bytes[..at.unwrap()], &bytes[at.unwrap() + own.len()..]].concat();
        assert_eq!(bytes.len() + own.len(), asked);
        for sent in [
            "\x1b]",
            "\x07",
            "\x1b[7;777H",
            "\x1b[?1000h",
            "\x1bc",
            "\u{9b}",
        ] {
            assert_eq!(
                last(&bytes, sent),
                None,
                "{sent:?} was sent to the terminal"
            );
        }
        assert!(std::str::from_utf8(&bytes).is_ok());
    }
}

#[test]
fn a_damaged_file_says_what_is_wrong_with_it() {
    let folder = Folder::new().with("damaged.md", "Some words\0, and some more.\n");
    for size in SIZES {
        let mut recto = start_folder(size, &folder, 1);
        recto.press("<enter>");
        recto.wait_for("NUL bytes");
        recto.press("G");
        recto.wait_for("some more");
        quit(recto);
    }
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let folder = linked_stories();
    for size in SIZES {
        let mut recto = start_folder(size, &folder, 3);
        // Something else has its name now.
        let path = folder.path("more/second.md");
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        recto.press("j<enter>");
        recto.wait_for("cannot be read");
        recto.wait_for("not a regular file");
        recto.press("q");
        wait_said(&recto, "search titles");
        quit(recto);
        std::fs::remove_dir(&path).unwrap();
        std::fs::write(
            &path,
            "---\ntitle: The second one\ndate: 2020-02-02\n---\nWords.\n",
        )
        .unwrap();
    }
}

#[test]
fn a_file_that_may_not_be_read_says_why() {
    use std::{fs, os::unix::fs::PermissionsExt};

    let folder = linked_stories();
    let path = folder.path("first.md");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        // Nothing is kept from the system's administrator.
        return;
    }
    let mut recto = start_folder(USUAL, &folder, 3);
    recto.press("/first<enter><enter>");
    recto.wait_for("may not read this file");
    quit(recto);
}

#[test]
fn a_story_that_is_gone_says_so() {
    let folder = linked_stories();
    let mut recto = start_folder(USUAL, &folder, 3);
    std::fs::remove_file(folder.path("first.md")).unwrap();
    recto.press("<enter>");
    recto.wait_for("no such file");
    recto.press("]");
    recto.wait_for("A place by the sea.");
    quit(recto);
}

#[test]
fn a_folder_without_stories_says_what_to_do() {
    let folder = Folder::new().with("picture.png", [0; 16]);
    for size in SIZES {
        let mut recto = Recto::start(size, [folder.root()]);
        recto.wait_for("There is no story here.");
        recto.wait_for("Markdown");
        recto.press("j");
        recto.press("<enter>");
        recto.press("m");
        wait_said(&recto, "no story is chosen");
        recto.press("q");
        assert_eq!(recto.wait_clean_exit().exit_code(), 0);
    }
}

#[test]
fn a_program_that_goes_on_is_ended_with_escape() {
    let folder = Folder::new().with_story("a.md", "Slow", "2020-01-01", "Words to be piped.");
    let mut recto = start_folder(SIZES[0], &folder, 1);
    recto.press("<enter>");
    recto.wait_for("Words to be piped.");
    recto.press("|sleep 3600<enter>");
    recto.wait_for("esc ends it");
    recto.press("<esc>");
    recto.wait_for("sleep was ended.");
    assert!(recto.screen().shows("Words to be piped."));
    quit(recto);
}

#[test]
fn wide_code_is_scrolled_sideways() {
    let middle = numbered_words(20);
    let body = format!("```\nleft-end {middle} right-end\n```\n");
    let folder = Folder::new().with_story("a.md", "Wide", "2020-01-01", &body);
    for size in SIZES {
        let mut recto = start_folder(size, &folder, 1);
        recto.press("<enter>");
        recto.wait_for("left-end");
        wait_said(&recto, "links");
        let screen = recto.screen();
        assert!(!screen.shows("right-end"), "{screen}");
        assert!(screen.shows("›"), "a sign that there is more:\n{screen}");
        recto.press(">");
        recto.wait_for("‹");
        recto.press(&">".repeat(40));
        let screen = recto.wait_for("right-end");
        assert!(!screen.shows("›"), "{screen}");
        recto.press(&"<".repeat(40));
        let screen = recto.wait_for("left-end");
        assert!(!screen.shows("right-end"));
        quit(recto);
    }
}

#[test]
fn a_note_outlives_a_program_that_is_killed_and_a_quotation_reaches_the_clipboard() {
    let body = "The tide came in. Nobody saw it come.";
    let folder = Folder::new().with_story("lib/a.md", "The Sea", "2020-02-02", body);
    let start = || {
        let (data, lib) = (folder.path("data"), folder.path("lib"));
        let arguments = ["--data".into(), data.into_os_string(), lib.into_os_string()];
        let mut recto = Recto::start(WIDE, arguments);
        recto.wait_for(" of 1");
        recto.press("<enter>");
        recto.wait_for("Nobody saw");
        recto
    };
    let mut recto = start();
    recto.press("vn");
    recto.wait_for("enter keeps it");
    recto.press("Mind this<enter>");
    // The sign in the list's row says that it is kept.
    recto.wait_for("min ✎");
    recto.press("vy");
    recto.wait_for("Copied as a quotation.");
    // OSC 52 with "> The …" in Base64.
    let bytes = recto.bytes();
    let sent = b"\x1b]52;c;PiBUaGUgdGlkZSBjYW1lIGluLg";
    assert!(bytes.windows(sent.len()).any(|it| it == sent));
    recto.signal("KILL");
    recto.wait_exit();

    let mut recto = start();
    recto.wait_for("✎ The tide came in.");
    recto.press("u");
    recto.wait_gone("✎");
    quit(recto);
}

#[test]
fn code_is_copied_with_its_tabs() {
    let body = "Before.\n\n```make\nall:\n\tcc x.c\n```\n\nAfter.";
    let folder = Folder::new().with_story("lib/a.md", "Make", "2020-02-02", body);
    for size in SIZES {
        let mut recto = start_folder(size, &folder, 1);
        recto.press("<enter>");
        recto.wait_for("cc x.c");
        recto.press("y");
        recto.wait_for("type a label");
        recto.press("a");
        recto.wait_for("Copied 2 lines");
        // OSC 52 with "all:", a line's end, a tab and "cc x.c" in Base64.
        let bytes = recto.bytes();
        let sent = b"\x1b]52;c;YWxsOgoJY2MgeC5j";
        assert!(bytes.windows(sent.len()).any(|it| it == sent));
        quit(recto);
    }
}

#[test]
fn where_nothing_is_kept_the_top_line_and_each_mark_say_so() {
    let folder = Folder::new()
        .with_story("lib/a.md", "Anchors", "2026-01-03", "One.")
        .with("file", "");
    for size in SIZES {
        let line = "RECTO_DATA=\"$1/file/data\" exec \"$RECTO\" \"$1/lib\"";
        let mut recto = Recto::shell(size, line, folder.root());
        recto.wait_for("not kept");
        wait_chosen(&recto, "Anchors");
        recto.press("s");
        recto.wait_for("Starred “Anchors”. It is not");
        recto.press("q");
        recto.wait_exit();
    }
}

#[test]
fn what_was_marked_is_there_after_a_kill_and_the_loss_of_the_log() {
    let folder = Folder::new()
        .with_story("lib/a.md", "Anchors", "2026-01-03", "One.")
        .with_story("lib/b.md", "Bells", "2026-01-02", "Two.");
    let line = "RECTO_DATA=\"$1/data\" exec \"$RECTO\" \"$1/lib\"";
    let mut recto = Recto::shell(USUAL, line, folder.root());
    recto.wait_for("2 unread of 2");
    wait_chosen(&recto, "Anchors");
    recto.press("L");
    recto.wait_for("1 min later");
    // It shows before it is acknowledged.
    let kept = || {
        let text = |name: &str| std::fs::read_to_string(folder.path(name)).unwrap_or_default();
        text("data/state.log.jsonl").contains("\"later\"")
            || text("data/state.jsonl").contains("\"later\":true")
    };
    let begun = std::time::Instant::now();
    while !kept() && begun.elapsed().as_secs() < 20 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    recto.signal("KILL");
    recto.wait_exit();
    let _ = std::fs::remove_file(folder.path("data/recto.db-wal"));
    let listed = Command::new(PROGRAM)
        .args(["list", "is:later"])
        .env("RECTO_DATA", folder.path("data"))
        .env("RECTO_LIBRARY", folder.path("lib"))
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(
        listed.contains("Anchors") && !listed.contains("Bells"),
        "{listed}"
    );
}
