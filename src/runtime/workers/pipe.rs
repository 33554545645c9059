//! Stories as the input of other programs.

use std::{
    io::{Read, Write},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use jiff::tz::TimeZone;

use super::Shared;
use crate::{
    app::Message,
    document::{Document, plain_text},
    library::ReadError,
    story::{StoryId, clean},
};

/// The most that is shown of what a program says, in bytes.
const MOST: u64 = 1024 * 1024;

/// Programs that run, by their numbers, and whether each was asked to end.
#[derive(Debug, Default)]
pub(super) struct Running(Mutex<Vec<(u32, bool)>>);

impl Running {
    fn all(&self) -> MutexGuard<'_, Vec<(u32, bool)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks all programs to end, with what they started; those that were asked before are made to.
    pub(super) fn end(&self) {
        self.end_if(|_| true);
    }

    /// Leaves no program behind when recto ends. What one left in the background when it ended itself
    /// goes on: so do programs that hold what was copied.
    pub(super) fn end_all(&self) {
        self.end_if(goes_on);
        let until = Instant::now() + GRACE;
        while self.all().iter().any(|(it, asked)| *asked && goes_on(*it)) {
            if Instant::now() >= until {
                self.end_if(goes_on);
                return;
            }
            thread::sleep(PAUSE);
        }
    }

    fn end_if(&self, of: impl Fn(u32) -> bool) {
        for (program, asked) in self.all().iter_mut().filter(|(program, _)| of(*program)) {
            #[cfg(unix)]
            {
                use rustix::process::{Signal, kill_process_group};
                let signal = if *asked { Signal::KILL } else { Signal::TERM };
                if let Some(group) = numbered(*program) {
                    let _ = kill_process_group(group, signal);
                }
            }
            *asked = true;
        }
    }

    /// Waits for a program's end; says whether it was asked for that.
    fn wait(&self, child: &mut Child) -> (std::io::Result<ExitStatus>, bool) {
        let number = child.id();
        loop {
            // Looked at while nobody can end it: the number is another program's as soon as it is gone.
            let mut all = self.all();
            let ended = child.try_wait().transpose();
            if let Some(ended) = ended {
                let at = all.iter().position(|(it, _)| *it == number);
                let asked = at.is_some_and(|at| all.swap_remove(at).1);
                return (ended, asked);
            }
            drop(all);
            thread::sleep(PAUSE);
        }
    }
}

#[cfg(unix)]
fn numbered(program: u32) -> Option<rustix::process::Pid> {
    i32::try_from(program)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
}

/// Whether a program runs that nobody waited for yet.
fn goes_on(program: u32) -> bool {
    #[cfg(unix)]
    {
        use rustix::process::{WaitId, WaitIdOptions, waitid};
        // Only looked at: whoever waits for it has to find it there.
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        numbered(program).is_some_and(|it| matches!(waitid(WaitId::Pid(it), look), Ok(None)))
    }
    #[cfg(not(unix))]
    {
        let _ = program;
        false
    }
}

/// How long programs have to end by themselves when recto does.
const GRACE: Duration = Duration::from_millis(300);

/// How long a program is let alone that said all and does not end.
const PAUSE: Duration = Duration::from_millis(10);

/// Hands the text of a story, or its source, to a program, and what that says to the loop. The words are its name and
/// its arguments: no shell ever sees them.
pub(super) fn pipe(
    order: &Shared,
    zone: &TimeZone,
    (id, source): (StoryId, bool),
    words: Vec<String>,
) {
    let shared = order.clone();
    let zone = zone.clone();
    let named = words.join(" ");
    let command = named.clone();
    let work = move || {
        let outcome = text_of(&shared, &zone, id, source)
            .map_err(|error| error.to_string())
            .and_then(|text| run(&words, text, &shared.piped));
        shared.say(Message::Piped { command, outcome });
        shared.done(1);
    };
    // Each waits for its program, however long that takes.
    order.begin();
    let thread = thread::Builder::new().name("pipe".into());
    if let Err(error) = thread.spawn(work) {
        let outcome = Err(format!("No thread can be started for it: {error}."));
        order.say(Message::Piped {
            command: named,
            outcome,
        });
        order.done(1);
    }
}

/// The text of a story, or what it is read from.
fn text_of(
    shared: &Shared,
    zone: &TimeZone,
    id: StoryId,
    source: bool,
) -> Result<String, ReadError> {
    let library = &shared.library;
    if source {
        let place = library.place(id).ok().flatten().ok_or(ReadError::Gone)?;
        return place.source();
    }
    let story = library.read(id)?;
    Ok(plain_text(Arc::new(Document::new(story, zone))))
}

fn run(words: &[String], text: String, running: &Running) -> Result<String, String> {
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
    running.all().push((child.id(), false));
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
    let (status, asked) = running.wait(&mut child);
    let status = status.map_err(|error| format!("{shown}: {error}."))?;
    if asked {
        return Err(format!("{shown} was ended."));
    }
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
        let said = String::from_utf8_lossy(&bytes);
        clean::text(&clean::without_orders(&said)).into_owned()
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn piped(words: &[&str], text: &str) -> Result<String, String> {
        let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
        run(&words, text.to_owned(), &Running::default())
    }

    #[test]
    fn a_program_that_goes_on_is_ended() {
        let running = Running::default();
        let words = |command: &str| ["sh", "-c", command].map(str::to_owned);
        for (command, times) in [("sleep 60", 1), ("trap '' TERM; exec >&-; sleep 60", 2)] {
            let outcome = thread::scope(|scope| {
                let run = scope.spawn(|| run(&words(command), String::new(), &running));
                for _ in 0..times {
                    while running.all().is_empty() {
                        thread::yield_now();
                    }
                    running.end();
                }
                run.join()
            });
            assert_eq!(outcome.unwrap(), Err("sh was ended.".to_owned()));
            assert!(running.all().is_empty());
        }
    }

    #[test]
    fn no_program_is_left_behind() {
        for command in [
            "sleep 60",
            "trap '' TERM; sleep 60; sleep 60",
            "sleep 60 & wait",
        ] {
            let running = Running::default();
            let words = ["sh", "-c", command].map(str::to_owned);
            let outcome = thread::scope(|scope| {
                let run = scope.spawn(|| run(&words, String::new(), &running));
                while running.all().is_empty() {
                    thread::yield_now();
                }
                running.end_all();
                run.join()
            });
            assert_eq!(
                outcome.unwrap(),
                Err("sh was ended.".to_owned()),
                "{command}"
            );
        }
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
        // But for its colours and what else is an order to a terminal.
        assert_eq!(
            piped(&["printf", "\\033[31mred\\033[0m\\007"], ""),
            Ok("red".into())
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
