//! Stories as the input of other programs.

use std::{
    io::{Read, Write},
    process::{Command, Stdio},
    sync::Arc,
    thread,
};

use jiff::tz::TimeZone;

use super::Shared;
use crate::{
    app::Message,
    document::{Document, plain_text},
    story::{StoryId, clean},
};

/// The most that is shown of what a program says, in bytes.
const MOST: u64 = 1024 * 1024;

/// Hands the text of a story to a program, and what that says to the loop. The words are its name and
/// its arguments: no shell ever sees them.
pub(super) fn pipe(order: &Shared, zone: &TimeZone, id: StoryId, words: Vec<String>) {
    let shared = order.clone();
    let zone = zone.clone();
    let work = move || {
        let command = words.join(" ");
        let outcome = shared
            .library
            .read(id)
            .map_err(|error| error.to_string())
            .and_then(|story| {
                let text = plain_text(Arc::new(Document::new(story, &zone)));
                run(&words, text)
            });
        shared.say(Message::Piped { command, outcome });
        shared.done(1);
    };
    // Each waits for its program, however long that takes.
    order.begin();
    let thread = thread::Builder::new().name("pipe".into());
    if thread.spawn(work).is_err() {
        order.done(1);
    }
}

fn run(words: &[String], text: String) -> Result<String, String> {
    let [program, arguments @ ..] = words else {
        return Ok(String::new());
    };
    let shown = clean::line(program);
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // It must not take the terminal's keys, nor end with what is meant for recto.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => format!("There is no program called {shown}."),
        _ => format!("{shown} cannot be started: {error}."),
    })?;
    if let Some(mut input) = child.stdin.take() {
        // Who reads only the first lines closes the pipe: that is no error.
        let _ = thread::Builder::new()
            .name("pipe-in".into())
            .spawn(move || input.write_all(text.as_bytes()));
    }
    let complaint = child.stderr.take().map(gather);
    let said = child.stdout.take().map(gather);
    let said = said.and_then(|it| it.join().ok()).unwrap_or_default();
    let complaint = complaint.and_then(|it| it.join().ok()).unwrap_or_default();
    let status = child.wait().map_err(|error| format!("{shown}: {error}."))?;
    if status.success() || !said.is_empty() {
        return Ok(said);
    }
    let why = complaint.lines().next().map(clean::line);
    Err(match why.filter(|it| !it.is_empty()) {
        Some(why) => format!("{shown}: {why}"),
        None => format!("{shown} failed: {status}."),
    })
}

/// What comes out of a pipe, on a thread of its own: a program may fill one while the other is read.
/// What is beyond the limit is read and let go, so that the program comes to its end.
fn gather(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.by_ref().take(MOST).read_to_end(&mut bytes);
        let _ = std::io::copy(&mut from, &mut std::io::sink());
        clean::text(&String::from_utf8_lossy(&bytes)).into_owned()
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn piped(words: &[&str], text: &str) -> Result<String, String> {
        let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
        run(&words, text.to_owned())
    }

    #[test]
    fn a_program_has_the_text_and_its_arguments_as_they_are() {
        assert_eq!(piped(&["cat"], "one\ntwo"), Ok("one\ntwo".into()));
        assert_eq!(
            piped(&["printf", "%s", "$HOME;ls"], ""),
            Ok("$HOME;ls".into())
        );
        let long = "line\n".repeat(200_000);
        assert_eq!(piped(&["head", "-n", "1"], &long), Ok("line\n".into()));
        assert_eq!(piped(&["cat"], &long).map(|it| it.len()), Ok(1_000_000));
        assert_eq!(
            piped(&["printf", "\\033[31mred\\007"], ""),
            Ok("[31mred".into())
        );
        assert_eq!(piped(&["true"], &long), Ok(String::new()));
    }

    #[test]
    fn what_fails_says_why() {
        let why = |words: &[&str]| piped(words, "").unwrap_err();
        assert_eq!(
            why(&["no-such-program"]),
            "There is no program called no-such-program."
        );
        assert!(why(&["ls", "/no/such/folder"]).starts_with("ls: "));
        assert!(why(&["false"]).starts_with("false failed"));
    }
}
