//! The terminal: taken over, and given back as it was by every way out.

use std::{
    env,
    io::{self, BufWriter, IsTerminal, Stdout, Write},
    panic, thread,
};

use ratatui::{
    Terminal,
    backend::CrosstermBackend,
    crossterm::{
        clipboard::CopyToClipboard,
        cursor,
        event::{DisableBracketedPaste, EnableBracketedPaste},
        execute,
        style::{Print, ResetColor},
        terminal::{
            Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
            disable_raw_mode, enable_raw_mode,
        },
    },
    layout::Size,
};

use super::{Notification, colours, graphics, ground, hyperlinks::Linked, steady::Steady};
use crate::{
    story::clean,
    view::{Depth, Hyperlink},
};

/// Bytes that are collected before they are written: a whole frame, mostly.
const BUFFER: usize = 64 * 1024;

/// A line below all that there are: terminals go to their last one (ECMA-48, 8.3.21 CUP).
const LAST_LINE: u16 = 9998;

/// Why there is no screen.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// Output goes elsewhere.
    #[error("standard output is no terminal: recto list and recto show print plain text")]
    NoTerminal,
    /// It cannot do what a screen needs.
    #[error(
        "this terminal cannot move its cursor (TERM={0}): recto list and recto show print plain text"
    )]
    Dumb(String),
}

/// The backend that frames are written to.
pub(super) type Backend = Steady<Linked<CrosstermBackend<BufWriter<Stdout>>>>;

/// Looks whether there is a terminal to draw on.
pub(super) fn check() -> Result<(), TerminalError> {
    if !io::stdout().is_terminal() {
        return Err(TerminalError::NoTerminal);
    }
    match env::var("TERM") {
        Ok(term) if term == "dumb" => Err(TerminalError::Dumb(term)),
        Err(_) if cfg!(unix) => Err(TerminalError::Dumb("unset".to_owned())),
        _ => Ok(()),
    }
}

/// The terminal while it is recto's. Dropping it gives it back.
pub(super) struct Screen {
    pub terminal: Terminal<Backend>,
}

impl Screen {
    pub fn enter() -> io::Result<Self> {
        take()?;
        let terminal = fresh().inspect_err(|_| restore())?;
        let mut screen = Screen { terminal };
        // Asked before the screen is wiped: who does not understand may write something. Where no
        // colours are wanted, pictures are not, either.
        if colours::depth() != Depth::None {
            let questions = (ground::QUESTIONS, graphics::questions());
            execute!(io::stdout(), Print(questions.0), Print(questions.1))?;
        }
        // Not every terminal gives a blank screen, and one that was left by a killed program is not
        // blank at all.
        screen.forget()?;
        Ok(screen)
    }

    /// Has the next frame draw every cell. The library's own way asks the terminal where its cursor
    /// is, and fails where no answer comes; nothing needs to be asked.
    pub fn forget(&mut self) -> io::Result<()> {
        execute!(io::stdout(), Clear(ClearType::All))?;
        self.terminal = fresh()?;
        Ok(())
    }

    /// Asks for the colours again: they may be other ones now.
    pub fn ask_colours(&self) -> io::Result<()> {
        match colours::depth() {
            Depth::None => Ok(()),
            _ => execute!(io::stdout(), Print(ground::QUESTIONS)),
        }
    }

    pub fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    /// Says what leads anywhere in the next frame.
    pub fn lead(&mut self, links: Vec<Hyperlink>) {
        self.terminal.backend_mut().inner_mut().lead(links);
    }

    /// Hands a text to the terminal's clipboard (OSC 52): over a remote shell, too, where the terminal
    /// allows it.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(
            self.terminal.backend_mut(),
            CopyToClipboard::to_clipboard_from(text)
        )
    }

    /// Has the terminal tell of something.
    pub fn notify(&mut self, notification: &Notification) -> io::Result<()> {
        notification.show(self.terminal.backend_mut())
    }

    /// Gives the terminal to the shell and takes it again when the shell gives it back.
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        super::signals::stop()?;
        self.resume()
    }

    /// Takes the terminal again, and draws all of the next frame.
    pub fn resume(&mut self) -> io::Result<()> {
        take()?;
        self.ask_colours()?;
        self.forget()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// A terminal that believes its screen to be empty.
fn fresh() -> io::Result<Terminal<Backend>> {
    let out = BufWriter::with_capacity(BUFFER, io::stdout());
    Terminal::new(Steady::new(Linked::new(CrosstermBackend::new(out))))
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        cursor::Hide
    )
    .and_then(|()| match colours::depth() {
        Depth::None => Ok(()),
        _ => execute!(io::stdout(), Print(ground::FOLLOW)),
    })
    .inspect_err(|_| restore())
}

/// Leaves the terminal as it was. What fails is passed over: there is nobody left to tell.
fn restore() {
    let _ = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        ResetColor,
        Print(ground::FOLLOW_NO_MORE),
        DisableBracketedPaste,
        // Where there is no other screen, the shell goes on below.
        cursor::MoveTo(0, LAST_LINE),
        Clear(ClearType::CurrentLine),
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
}

/// Has a panic restore the terminal before it says anything. Workers' panics are caught and told as
/// messages, so that they are not printed over the screen.
pub(super) fn restore_on_panic() {
    let main = thread::current().id();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == main {
            restore();
            let text = clean::text(&info.to_string()).into_owned();
            let _ = writeln!(
                io::stderr(),
                "recto stopped over an error of its own. Please report this:\n{text}"
            );
        }
    }));
}
