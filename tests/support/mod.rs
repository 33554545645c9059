//! The real program in a terminal of its own: keys in, a screen out.
//!
//! Nothing here sleeps. A test waits for what it wants to see, and fails with the screen as it is
//! if that does not come.

#![allow(dead_code)] // Every file of tests uses another part of it.

pub mod folder;

use std::{
    ffi::OsStr,
    fmt,
    io::{Read, Write},
    num::NonZeroU16,
    process::Command,
    sync::{Arc, Condvar, Mutex, MutexGuard, mpsc},
    thread,
    time::{Duration, Instant},
};

use portable_pty::{
    ChildKiller, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system,
};

pub use folder::Folder;

/// How long a test waits for the program before it fails. Nothing is measured against it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_recto");

/// Columns and rows of a terminal.
pub type Size = (u16, u16);

/// A program in a terminal.
pub struct Recto {
    seen: Arc<Seen>,
    keys: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    ended: mpsc::Receiver<ExitStatus>,
    killer: Box<dyn ChildKiller + Send + Sync>,
    modes: String,
    _home: Folder,
}

/// What has come out of the terminal so far.
struct Seen {
    output: Mutex<Output>,
    changed: Condvar,
}

struct Output {
    terminal: vt100::Parser,
    bytes: Vec<u8>,
    /// Whether a frame has begun and not ended: what shows is then neither the old nor the new.
    in_frame: bool,
    closed: bool,
}

/// What the terminal shows at one moment.
#[derive(Clone, PartialEq, Eq)]
pub struct Screen {
    /// The text of each row, without the empty cells at its end.
    pub rows: Vec<String>,
    /// Whether it is the alternate screen, which programs leave behind as they found it.
    pub alternate: bool,
    /// Whether the cursor shows.
    pub cursor: bool,
    /// Whether pasted text comes in brackets.
    pub brackets: bool,
}

impl Recto {
    /// Runs `recto` with these arguments.
    pub fn start<S: AsRef<OsStr>>(size: Size, arguments: impl IntoIterator<Item = S>) -> Self {
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(arguments);
        Self::spawn(size, command)
    }

    /// Runs a line of shell, in which `"$RECTO"` is the program and `"$1"` the argument.
    pub fn shell(size: Size, line: &str, argument: impl AsRef<OsStr>) -> Self {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", line, "sh"]);
        command.arg(argument);
        Self::spawn(size, command)
    }

    fn spawn(size: Size, mut command: CommandBuilder) -> Self {
        let home = Folder::new();
        command.env_clear();
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("TZ", "UTC"),
            ("LANG", "C.UTF-8"),
            ("PATH", "/usr/bin:/bin"),
            ("RECTO", PROGRAM),
        ] {
            command.env(name, value);
        }
        command.env("HOME", home.root());
        command.cwd(home.root());

        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let modes = modes(&*pair.master);
        let mut child = pair.slave.spawn_command(command).unwrap();
        // Only the program holds the terminal now: when it ends, so does what can be read.
        drop(pair.slave);
        let killer = child.clone_killer();
        let (tell, ended) = mpsc::channel();
        thread::spawn(move || tell.send(child.wait().unwrap()));

        let seen = Arc::new(Seen {
            output: Mutex::new(Output {
                terminal: parser(size),
                bytes: Vec::new(),
                in_frame: false,
                closed: false,
            }),
            changed: Condvar::new(),
        });
        let (reader, sink) = (pair.master.try_clone_reader().unwrap(), Arc::clone(&seen));
        thread::spawn(move || sink.fill_from(reader));
        Recto {
            seen,
            keys: pair.master.take_writer().unwrap(),
            master: pair.master,
            ended,
            killer,
            modes,
            _home: home,
        }
    }

    /// Presses keys: `jj`, `/word<enter>`, `<ctrl-o>`. As a terminal's escape key begins the codes
    /// of other keys too, `<esc>` has to be the last one.
    pub fn press(&mut self, keys: &str) {
        let mut rest = keys;
        let mut bytes = Vec::new();
        while let Some(c) = rest.chars().next() {
            let name = rest
                .strip_prefix('<')
                .and_then(|after| after.split_once('>'))
                .filter(|(name, _)| !name.is_empty());
            match name {
                Some((name, after)) => {
                    assert!(name != "esc" || after.is_empty(), "<esc> is not the last");
                    bytes.extend(code(name));
                    rest = after;
                }
                None => {
                    bytes.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        self.send(&bytes);
    }

    /// Pastes text, as a terminal does that was asked to put it in brackets.
    pub fn paste(&mut self, text: &str) {
        self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
    }

    /// Sends bytes as they are, such as a terminal's answer to a question.
    pub fn send(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits until the screen shows `text` in one row.
    pub fn wait_for(&self, text: &str) -> Screen {
        self.wait_until(&format!("shows “{text}”"), |screen| screen.shows(text))
    }

    /// Waits until no row of the screen shows `text`.
    pub fn wait_gone(&self, text: &str) -> Screen {
        self.wait_until(&format!("no longer shows “{text}”"), |screen| {
            !screen.shows(text)
        })
    }

    /// Waits until the screen is as `wanted`; `what` says that in words.
    pub fn wait_until(&self, what: &str, wanted: impl Fn(&Screen) -> bool) -> Screen {
        self.wait(what, |output| {
            Some(output.screen()).filter(|screen| !output.in_frame && wanted(screen))
        })
    }

    /// What shows now.
    pub fn screen(&self) -> Screen {
        self.wait_until("is drawn to the end", |_| true)
    }

    /// Everything that was written to the terminal so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.lock().bytes.clone()
    }

    /// Waits until `text` was written to the terminal.
    pub fn wait_for_bytes(&self, text: &str) {
        self.wait(&format!("was sent {text:?}"), |output| {
            last(&output.bytes, text).map(|_| ())
        });
    }

    /// Waits until more was written to the terminal than `before`.
    pub fn wait_for_output_after(&self, before: usize) {
        self.wait("is drawn anew", |output| {
            (output.bytes.len() > before && !output.in_frame).then_some(())
        });
    }

    fn wait<T>(&self, what: &str, answer: impl Fn(&Output) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut output = self.seen.lock();
        loop {
            if let Some(answer) = answer(&output) {
                return answer;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if output.closed || left.is_zero() {
                let screen = output.screen();
                let why = if output.closed {
                    "the program has ended"
                } else {
                    "it does not"
                };
                drop(output);
                panic!("waited until the screen {what}; {why}:\n{screen}");
            }
            output = self.seen.changed.wait_timeout(output, left).unwrap().0;
        }
    }

    /// Gives the terminal another size. What was drawn for the old one is wiped, so that all that
    /// shows afterwards was drawn for the new one.
    pub fn resize(&self, size: Size) {
        let mut output = self.seen.lock();
        let old = output.screen();
        output.terminal = parser(size);
        for (code, on) in [
            ("?1049", old.alternate),
            ("?25", old.cursor),
            ("?2004", old.brackets),
        ] {
            let mode = format!("\x1b[{code}{}", if on { 'h' } else { 'l' });
            output.terminal.process(mode.as_bytes());
        }
        drop(output);
        self.master.resize(pty_size(size)).unwrap();
    }

    /// Sends a signal, such as `TERM`, to the program in the foreground of the terminal.
    pub fn signal(&self, name: &str) {
        let group = self.master.process_group_leader().unwrap();
        let mut kill = Command::new("kill");
        kill.args([format!("-{name}"), group.to_string()]);
        assert!(kill.status().unwrap().success(), "{kill:?}");
    }

    /// Waits for the end of the program, and until all that it wrote has been read.
    pub fn wait_exit(&self) -> ExitStatus {
        let Ok(status) = self.ended.recv_timeout(PATIENCE) else {
            panic!("the program does not end:\n{}", self.screen());
        };
        self.wait("is closed", |output| output.closed.then_some(()));
        status
    }

    /// Waits for the end of the program and looks whether it left the terminal as it found it.
    pub fn wait_clean_exit(&self) -> ExitStatus {
        let status = self.wait_exit();
        let screen = self.seen.lock().screen();
        assert!(!screen.alternate, "the alternate screen was not left");
        assert!(screen.cursor, "the cursor is hidden");
        assert!(!screen.brackets, "pasted text still comes in brackets");
        assert_eq!(modes(&*self.master), self.modes, "the modes of the line");
        let bytes = self.bytes();
        for (taken, given_back) in [
            ("\x1b[?1049h", "\x1b[?1049l"),
            ("\x1b[?25l", "\x1b[?25h"),
            ("\x1b[?2004h", "\x1b[?2004l"),
        ] {
            assert!(
                last(&bytes, taken) < last(&bytes, given_back),
                "{given_back:?} has to follow the last {taken:?}"
            );
        }
        status
    }
}

impl Drop for Recto {
    fn drop(&mut self) {
        // Most have ended already.
        let _ = self.killer.kill();
    }
}

impl Seen {
    fn lock(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap()
    }

    fn fill_from(&self, mut reader: impl Read) {
        let mut buffer = [0; 16 * 1024];
        loop {
            // Where the other side is closed, Linux reports an error and others the end.
            let count = reader.read(&mut buffer).unwrap_or(0);
            let mut output = self.lock();
            if count == 0 {
                output.closed = true;
            } else {
                output.take(&buffer[..count]);
            }
            self.changed.notify_all();
            if count == 0 {
                return;
            }
        }
    }
}

impl Output {
    fn take(&mut self, bytes: &[u8]) {
        self.terminal.process(bytes);
        // A mark of the beginning or the end of a frame may lie across two pieces.
        let from = self.bytes.len().saturating_sub(8);
        self.bytes.extend(bytes);
        let fresh = &self.bytes[from..];
        let (begun, ended) = (last(fresh, "\x1b[?2026h"), last(fresh, "\x1b[?2026l"));
        if begun != ended {
            self.in_frame = begun > ended;
        }
    }

    fn screen(&self) -> Screen {
        let screen = self.terminal.screen();
        let columns = screen.size().1.get();
        Screen {
            rows: screen
                .rows(0, columns)
                .map(|row| row.trim_end().to_owned())
                .collect(),
            alternate: screen.alternate_screen(),
            cursor: !screen.hide_cursor(),
            brackets: screen.bracketed_paste(),
        }
    }
}

impl Screen {
    /// Whether a row has `text` in it.
    pub fn shows(&self, text: &str) -> bool {
        self.rows.iter().any(|row| row.contains(text))
    }

    /// Whether the last row has `text` in it: what is typed, said and hinted at stands there.
    pub fn says(&self, text: &str) -> bool {
        self.rows.last().is_some_and(|row| row.contains(text))
    }

    /// The story that the list's cursor is on: its title and what stands under it.
    pub fn chosen(&self) -> String {
        let words: Vec<_> = self.chosen_rows().flat_map(str::split_whitespace).collect();
        words.join(" ")
    }

    /// Whether the story that the list's cursor is on is marked as unread.
    pub fn chosen_is_unread(&self) -> bool {
        self.rows.iter().any(|row| row.starts_with("▌●"))
    }

    fn chosen_rows(&self) -> impl Iterator<Item = &str> {
        let rows = self.rows.iter().filter_map(|row| row.strip_prefix('▌'));
        rows.map(|row| {
            let row = row.split('│').next().unwrap_or(row);
            row.trim_start_matches('●')
        })
    }
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.iter().try_for_each(|row| writeln!(f, "|{row}"))
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

/// Where `text` begins last in `bytes`.
pub fn last(bytes: &[u8], text: &str) -> Option<usize> {
    bytes
        .windows(text.len())
        .rposition(|part| part == text.as_bytes())
}

/// What a terminal sends for the key of this name.
fn code(name: &str) -> Vec<u8> {
    let fixed: &[u8] = match name {
        "enter" => b"\r",
        "esc" => b"\x1b",
        "tab" => b"\t",
        "shift-tab" => b"\x1b[Z",
        "space" => b" ",
        "lt" => b"<",
        "backspace" => b"\x7f",
        "up" => b"\x1b[A",
        "down" => b"\x1b[B",
        "right" => b"\x1b[C",
        "left" => b"\x1b[D",
        "home" => b"\x1b[H",
        "end" => b"\x1b[F",
        "pgup" => b"\x1b[5~",
        "pgdn" => b"\x1b[6~",
        _ => b"",
    };
    match name.strip_prefix("ctrl-").map(str::as_bytes) {
        Some([letter]) => vec![letter & 0x1f],
        _ => {
            assert!(!fixed.is_empty(), "<{name}> is no key; write <lt> for <");
            fixed.to_vec()
        }
    }
}

/// How the line of a terminal is set: echo, line by line, which keys send signals.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios())
}

fn parser((columns, rows): Size) -> vt100::Parser {
    let cells = |number| NonZeroU16::new(number).unwrap();
    vt100::Parser::new(cells(rows), cells(columns), 0)
}

fn pty_size((cols, rows): Size) -> PtySize {
    PtySize {
        rows,
        cols,
        ..PtySize::default()
    }
}
