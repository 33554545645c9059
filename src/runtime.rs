//! The program as it runs: a terminal, threads, a clock. Everything that is no pure function.

mod abilities;
mod apart;
mod browser;
mod colours;
mod events;
mod graphics;
mod ground;
mod hyperlinks;
#[cfg_attr(not(unix), allow(dead_code))] // Elsewhere a library reads the keys.
mod input;
pub mod memory;
mod news;
mod notify;
mod pictures;
mod session;
pub mod settings;
mod signals;
mod steady;
mod terminal;
mod workers;

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use crossbeam_channel::{Receiver, Sender, unbounded};
use jiff::ZonedDateTime;
use url::Url;

pub use abilities::{Abilities, abilities};
pub use events::Event;
pub use graphics::Answers;
pub use ground::Told;
pub use notify::Notification;
pub use pictures::{Graphics, Ready};
pub use session::{Session, Step};
pub use terminal::TerminalError;

pub use crate::view::Paper;
use crate::{
    app::{Column, Message, Model},
    keep::Shelf,
    library::{Input, Library, LibraryError},
};

/// Hands what comes from the terminal and from signals to the session that runs now.
struct Relay(Arc<Mutex<Sender<Event>>>);

impl Relay {
    fn new(incoming: Receiver<Event>, to: Sender<Event>) -> Self {
        let to = Arc::new(Mutex::new(to));
        let now = Arc::clone(&to);
        let work = move || {
            for event in incoming {
                let sent = now
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .send(event);
                if sent.is_err() {
                    return;
                }
            }
        };
        // Without a thread nothing else would run either.
        let _ = thread::Builder::new().name("relay".into()).spawn(work);
        Relay(to)
    }

    /// Hands all that comes from now on to another session.
    fn turn(&self, to: Sender<Event>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

/// What is said when the examples leave the lists.
const MADE_ROOM: &str = "The examples made room: recto tour shows them";

/// How a run of the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The reader quit.
    Quit,
    /// A signal asked for it.
    Signal(i32),
    /// The terminal is gone.
    TerminalLost,
}

/// Why the screen cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It is no terminal that recto can draw on.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// There is no place for a database at all.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// Reading from it or writing to it failed.
    #[error("the terminal could not be used: {0}")]
    Io(#[from] io::Error),
}

/// Reads `inputs` on the terminal until the reader quits. The terminal is left as it was found,
/// whatever happens. `config` is the settings file, and whether somebody named it; pages are kept on
/// `shelf`, which nobody named where it `is_own`, and `page` is fetched and shown. Gives how it ended, and what is to be
/// said of that.
///
/// # Errors
/// If there is no terminal, or it cannot be drawn on.
pub fn run(
    data: Option<&Path>,
    inputs: Vec<Input>,
    paper: Paper,
    (config, named): (Option<&Path>, bool),
    (shelf, is_own, page): (Option<Shelf>, bool, Option<&Url>),
) -> Result<(Ending, Option<&'static str>), RunError> {
    terminal::check()?;
    let (outside, incoming) = unbounded();
    let (sender, receiver) = unbounded();
    let relay = Relay::new(incoming, sender.clone());
    terminal::restore_on_panic();
    let mut screen = terminal::Screen::enter()?;
    let size = screen.size()?;
    let mut model = Model::new(size.width, size.height, ZonedDateTime::now());
    model.rtl = colours::rtl();
    if let [Input::Stdin(_)] = inputs[..] {
        (model.focus, model.alone) = (Column::Reader, true);
    } else if let [Input::Path(path)] = &inputs[..]
        && path.exists()
        && !path.is_dir()
    {
        // A single file is opened to be read, not to be looked at in a list.
        (model.focus, model.alone) = (Column::Reader, true);
    }
    signals::watch(outside.clone())?;
    let library = Arc::new(Library::open_anyway(
        data,
        inputs,
        Arc::new(ZonedDateTime::now),
    )?);
    let (access, wrong) = settings::of(&library, config, named);
    model.forgets = library.forgets();
    let shown = library.show();
    // Where that cannot be written, the next start makes room, and says so.
    if library.make_room().unwrap_or_default() {
        model.update(Message::Noticed(MADE_ROOM.to_owned()));
    }
    let missed = colours::missed(paper);
    for remark in missed.iter().chain(library.remarks()).chain(&wrong) {
        model.update(Message::Noticed(remark.clone()));
    }
    let mut session = Session::new(model, colours::theme(paper), library, sender, receiver);
    session.set(access);
    if let Some(config) = config {
        session.follow_settings(config.to_owned(), !wrong.is_empty());
    }
    let folder = shelf.as_ref().map(|it| it.folder().to_owned());
    if let Some(shelf) = shelf {
        session.set_shelf(shelf, is_own);
    }
    session.expect_answers();
    events::listen(outside);
    session.start_watching();
    if let Some(page) = page {
        session.await_page(page);
    }
    session.follow_library(data.map(Path::to_owned), folder);
    let ending = session.run(&mut screen, &relay);
    // What the reader did last may wait for another program's turn at the database: the shell is not
    // to wait with it.
    drop(screen);
    session.forget_unpacked();
    // Where that cannot be written, the next start makes room.
    let made_room = session
        .library()
        .make_room_at_end(shown)
        .unwrap_or_default();
    Ok((ending?, made_room.then_some(MADE_ROOM)))
}
