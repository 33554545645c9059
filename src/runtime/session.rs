//! The loop: events in, the model updated, effects carried out, a frame drawn.

mod anew;

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender};
use jiff::ZonedDateTime;
use ratatui::{
    Terminal,
    backend::Backend,
    crossterm::{
        QueueableCommand,
        terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate},
    },
    layout::Rect,
};
use url::Url;

pub use anew::Opened;
use anew::{Beginning, Standing};

use super::{
    Answers, Ending, Event, Graphics, Notification, Relay, RunError, colours, graphics,
    ground::{Ground, Told},
    news::News,
    pictures::Pictures,
    settings::Access,
    terminal::Screen,
    workers::Workers,
};
use crate::{
    app::{Effect, Message, Model},
    keep::Shelf,
    library::{Library, LibraryError},
    story::StoryId,
    view::{self, Depth, Theme},
};

/// How often the clock is looked at, for the words "Today" and "Fri".
const TICK: Duration = Duration::from_secs(20);

/// How long something shows that is to fade.
const MOMENT: Duration = Duration::from_millis(1500);

/// After so long a terminal that was asked something is silent for good.
const OWING: Duration = Duration::from_secs(2);

/// Events that are taken together before a frame is drawn.
const TOGETHER: usize = 256;

/// A running program without a terminal: whoever has one drives it, a test with a buffer too.
pub struct Session {
    /// The state of the program.
    pub model: Model,
    theme: Theme,
    library: Arc<Library>,
    workers: Workers,
    events: Receiver<Event>,
    /// Scanning, which has not begun yet: whether files are to be watched afterwards.
    scan: Option<bool>,
    pictures: Pictures,
    /// Until when pictures wait for the terminal's answers.
    answers_until: Option<Instant>,
    /// Since when the terminal owes its answers.
    asked: Option<Instant>,
    /// What the terminal said of its colours.
    ground: Ground,
    /// Whether it has to be asked for them again.
    asks_colours: bool,
    /// The library that recto began, if nobody named one.
    own: Option<PathBuf>,
    /// What a library is opened by that begins while this one is read.
    beginning: Option<Beginning>,
    /// What was typed since one is being opened, which is for that one.
    typed: Option<Vec<Event>>,
    /// The page that was only looked at until it was kept so, and the story that it became.
    first_page: Option<(StoryId, StoryId)>,
    /// Where the reader is in a library that has just begun, until that is found there.
    standing: Option<Standing>,
    /// The story that the reader was on when the library began, by its number before.
    came_from: Option<StoryId>,
    /// What is to be handed to the terminal's clipboard.
    copied: Option<String>,
    /// What the terminal is to tell of.
    notification: Option<Notification>,
    news: News,
}

/// Whether the reader typed it, or pasted it in.
fn is_typed(event: &Event) -> bool {
    matches!(
        event,
        Event::Message(Message::KeyPressed(_) | Message::Pasted(_))
    )
}

/// What the loop has to do itself after an event.
#[derive(Debug)]
pub enum Step {
    /// Draw, when there is nothing else to do.
    Draw,
    /// Draw every cell anew.
    Redraw,
    /// Give the terminal to the shell for a while.
    Suspend,
    /// Take the terminal again.
    Resume,
    /// Read the library that was opened.
    Begin(Box<Result<Opened, LibraryError>>),
    /// End.
    End(Ending),
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Nothing runs yet but the workers, who wait for orders.
    pub fn new(
        model: Model,
        theme: Theme,
        library: Arc<Library>,
        sender: Sender<Event>,
        events: Receiver<Event>,
    ) -> Self {
        let zone = model.now.time_zone().clone();
        Session {
            model,
            theme,
            workers: Workers::new(Arc::clone(&library), &zone, sender),
            library,
            events,
            scan: None,
            own: None,
            beginning: None,
            typed: None,
            first_page: None,
            standing: None,
            came_from: None,
            copied: None,
            notification: None,
            news: News::default(),
            pictures: Pictures::default(),
            answers_until: None,
            asked: None,
            ground: Ground::default(),
            asks_colours: false,
        }
    }

    /// Holds to these settings from now on.
    pub fn set(&mut self, access: Access) {
        self.workers.set(access);
    }

    /// Holds to what this file says from now on, which was read just now, whenever it is written anew; `wrong` says
    /// whether anything is wrong with it.
    pub fn follow_settings(&mut self, file: PathBuf, wrong: bool) {
        self.workers.set_from(file, wrong);
    }

    /// Keeps pages there from now on; `is_own` says that nobody named this place.
    pub fn set_shelf(&mut self, shelf: Shelf, is_own: bool) {
        self.own = is_own.then(|| shelf.folder().to_owned());
        self.workers.set_shelf(shelf);
    }

    /// Goes on with another library where one begins on the shelf, or ends; the database lies in this folder.
    pub(super) fn follow_library(&mut self, data: Option<PathBuf>, shelf: Option<PathBuf>) {
        self.beginning = Some(Beginning { data, shelf });
    }

    /// Fetches a page that is to be read as soon as it is there.
    pub fn await_page(&mut self, address: &Url) {
        let mut effects = Vec::new();
        self.model
            .await_page(address.as_str().to_owned(), None, &mut effects);
        for effect in effects {
            self.workers.carry_out(effect);
        }
    }

    /// Draws pictures so from now on, with cells of this width and height in pixels; or not at all.
    pub fn draw_pictures(&mut self, how: Option<(Graphics, (u16, u16))>) {
        self.pictures.draw_with(how.map(|(graphics, _)| graphics));
        let cell = how.map(|(_, cell)| cell);
        if self.model.cell != cell {
            self.step(Event::Message(Message::CellMeasured(cell)));
        }
        self.order_pictures();
    }

    /// The terminal was asked what it can draw: pictures wait for that a little, their room does not.
    pub(super) fn expect_answers(&mut self) {
        // Room for pictures that are as large as their pixels: what most terminals draw that answer.
        let cell = || graphics::window_cell().unwrap_or(graphics::USUAL_CELL);
        self.model.cell = colours::blocks().map(|_| cell());
        let now = Instant::now();
        self.answers_until = Some(now + graphics::PATIENCE);
        // Where no colours are wanted, nothing is asked.
        self.asked = (colours::depth() != Depth::None).then_some(now);
    }

    /// An answer that comes after the end would be taken for something typed, by whoever reads the
    /// terminal then: one that is on its way is waited for a moment.
    fn await_answers(&self) {
        let owing = self.asked.filter(|asked| asked.elapsed() < OWING);
        let until = owing.map(|_| Instant::now() + graphics::PATIENCE);
        while let Some(left) = until.map(|it| it.saturating_duration_since(Instant::now())) {
            match self.events.recv_timeout(left) {
                Ok(Event::Answered(_) | Event::InputLost) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }

    /// Takes the colours that are legible on what the terminal said that its page is.
    fn take_colours(&mut self, told: Told) {
        self.theme = self.theme.on(self.ground.take(told));
        self.asks_colours |= matches!(told, Told::Scheme { .. });
    }

    fn take_answers(&mut self, answers: &Answers) {
        self.answers_until = None;
        if colours::depth() != Depth::None {
            let (program, blocks) = (graphics::program(), colours::blocks());
            self.draw_pictures(answers.best(&program, blocks, graphics::window_cell()));
        }
    }

    /// Has those pictures made ready that show, or will soon, and says why one that shows cannot be.
    fn order_pictures(&mut self) {
        let area = Rect::new(0, 0, self.model.columns, self.model.rows);
        let shown = view::pictures(&self.model, area);
        if let Some(missing) = self.pictures.missing(&shown, &self.model) {
            self.workers.make_pictures(missing);
        }
        if let Some(trouble) = self.pictures.trouble(&shown, &self.model) {
            for effect in self.model.update(Message::Noticed(trouble)) {
                self.workers.carry_out(effect);
            }
        }
    }

    /// The library that is read.
    pub(super) fn library(&self) -> &Library {
        &self.library
    }

    /// Removes what was taken out of letters to be opened.
    pub(super) fn forget_unpacked(&self) {
        self.workers.forget_unpacked();
    }

    /// Begins to bring stories in.
    pub fn start(&mut self) {
        self.begin(false);
    }

    /// Begins to bring stories in, and to follow what other programs do with their files.
    pub fn start_watching(&mut self) {
        self.begin(true);
    }

    fn begin(&mut self, watch: bool) {
        if let Ok(Some(view)) = self.library.view() {
            self.model.set_pages_as(view);
        }
        // One file or stream has no list to come back to.
        let stands = self.standing.as_ref().map(|it| it.left.clone());
        let stands = stands.filter(|it| it.story.is_some());
        let left = stands.or_else(|| self.library.left().ok().flatten());
        if let Some(left) = left.filter(|_| !self.model.alone) {
            self.model.restore(left);
        }
        let named = self.library.named_file().map(Path::to_path_buf);
        let named = named.and_then(|path| taken_in(&self.library, &path));
        if let Some(id) = named {
            self.model.begin_at(id);
        }
        let mut effects = self.model.start();
        if let Some(id) = named {
            let opened = Message::LinkResolved { id, anchor: None };
            effects.extend(self.model.update(opened));
        }
        for effect in effects {
            self.workers.carry_out(effect);
        }
        self.scan = Some(watch);
    }

    /// Looks through folders and fetches titles, once what was known before is on the screen: on
    /// a large library that work takes all there is of the machine.
    fn follow_up(&mut self) {
        if let Some(watch) = self.scan.take() {
            self.workers.fill_titles();
            self.workers.scan(watch);
        }
    }

    /// Takes one event.
    pub fn step(&mut self, event: Event) -> Step {
        if let Some(typed) = self.typed.as_mut().filter(|_| is_typed(&event)) {
            typed.push(event);
            return Step::Draw;
        }
        let message = match event {
            Event::LibraryOpened(opened) => return Step::Begin(opened),
            Event::Message(message) => message,
            // The loop measures the screen before it draws.
            Event::SizeChanged => return Step::Draw,
            Event::Stop => return Step::Suspend,
            Event::Continued => return Step::Resume,
            Event::Terminate(signal) => return Step::End(Ending::Signal(signal)),
            Event::InputLost => return Step::End(Ending::TerminalLost),
            Event::Answered(answers) => {
                self.asked = None;
                self.take_answers(&answers);
                return Step::Draw;
            }
            Event::Coloured(told) => {
                self.take_colours(told);
                return Step::Draw;
            }
            Event::Notify(notification) => {
                self.notification = Some(notification);
                return Step::Draw;
            }
            Event::PictureReady(ready) => {
                self.pictures.take(*ready);
                self.order_pictures();
                return Step::Draw;
            }
        };
        let mut step = Step::Draw;
        let grows = matches!(
            message,
            Message::LibraryGrew { .. } | Message::Indexed { .. }
        );
        let waits = self.model.list.wanted.is_some() || !grows;
        let mut effects = self.model.update(message);
        if grows {
            self.stay(&mut effects);
        }
        for effect in effects {
            self.news.note(waits, &effect);
            match effect {
                Effect::Quit => return Step::End(Ending::Quit),
                // Only one at a time.
                Effect::BeginLibrary(_) | Effect::EndLibrary if self.typed.is_some() => {}
                Effect::BeginLibrary(path) if self.library.waits_for_folder() => {
                    self.open_another(path);
                }
                Effect::EndLibrary
                    if self.own.is_some() && self.library.folder() == self.own.as_deref() =>
                {
                    self.open_another(None);
                }
                Effect::Suspend => step = Step::Suspend,
                Effect::Redraw => step = Step::Redraw,
                Effect::Copy(text) => self.copied = Some(text),
                effect => self.workers.carry_out(effect),
            }
        }
        self.order_pictures();
        step
    }

    /// Draws a frame.
    ///
    /// # Errors
    /// If the terminal cannot be written to.
    pub fn draw<B: Backend>(&self, terminal: &mut Terminal<B>) -> Result<(), B::Error> {
        terminal.draw(|frame| {
            view::draw(&self.model, &self.theme, frame);
            let shown = view::pictures(&self.model, frame.area());
            self.pictures.put(&shown, &self.model, frame.buffer_mut());
        })?;
        Ok(())
    }

    /// Takes events until every order is answered and nothing is left to be taken. For tests: what
    /// a reader would wait for is then on the screen. Says whether the program wants to end.
    pub fn settle(&mut self) -> Option<Ending> {
        self.follow_up();
        loop {
            // Asked before looking for events: whoever is done has sent what there was to send.
            let idle = self.workers.idle();
            match self.events.try_recv() {
                Ok(event) => {
                    if let Step::End(ending) = self.step(event) {
                        return Some(ending);
                    }
                }
                Err(_) if idle => return None,
                Err(_) => {
                    if let Ok(event) = self.events.recv_timeout(Duration::from_millis(2))
                        && let Step::End(ending) = self.step(event)
                    {
                        return Some(ending);
                    }
                }
            }
        }
    }

    /// Takes events until the model is as `wanted`. For tests of what comes from outside: nobody can
    /// tell when that is. False if nothing happened for so long that it will not come any more.
    pub fn wait_until(&mut self, wanted: impl Fn(&Model) -> bool) -> bool {
        self.follow_up();
        while !wanted(&self.model) {
            let Ok(event) = self.events.recv_timeout(3 * TICK) else {
                return false;
            };
            self.step(event);
        }
        true
    }

    /// Runs on a terminal until the end; where another library is to be read, `relay` hands on what comes in.
    pub(super) fn run(&mut self, screen: &mut Screen, relay: &Relay) -> Result<Ending, RunError> {
        'frames: loop {
            let (first, is_news) = self.next_event();
            // What is said now is said at this time.
            let now = ZonedDateTime::now();
            let minute = |it: &ZonedDateTime| it.timestamp().as_second().div_euclid(60);
            if first.is_some() && minute(&now) != minute(&self.model.now) {
                self.step(Event::Message(Message::Ticked(now)));
            }
            // What waits already is taken too: then one frame shows all of it.
            let mut only_news = first.is_some() || is_news;
            let mut waiting = first;
            let mut taken = 0;
            let mut answered = false;
            while let Some(event) = waiting {
                only_news &= self.news.is(&event, &self.model);
                answered |= matches!(
                    event,
                    Event::Message(
                        Message::RowsLoaded { .. } | Message::Noticed(_) | Message::Progressed(_)
                    )
                );
                match self.step(event) {
                    Step::Draw => {}
                    Step::Redraw => {
                        screen.forget()?;
                        self.pictures.forget();
                        self.order_pictures();
                    }
                    Step::Suspend => self.suspend(screen)?,
                    Step::Resume => {
                        screen.resume()?;
                        self.pictures.forget();
                        self.order_pictures();
                        self.measure(screen)?;
                    }
                    Step::End(ending) => {
                        self.pictures.leave(screen.terminal.backend_mut())?;
                        if ending == Ending::Quit {
                            self.await_answers();
                        }
                        return Ok(ending);
                    }
                    Step::Begin(opened) => {
                        self.begin_anew(*opened, relay)?;
                        // What shows stays until there is something in its place.
                        continue 'frames;
                    }
                }
                taken += 1;
                waiting = (taken < TOGETHER)
                    .then(|| self.events.try_recv().ok())
                    .flatten();
            }
            if std::mem::take(&mut self.asks_colours) {
                screen.ask_colours()?;
            }
            if let Some(text) = self.copied.take() {
                screen.copy(&text)?;
            }
            if let Some(notification) = self.notification.take() {
                screen.notify(&notification)?;
            }
            if self.news.is_due(only_news) {
                // The terminal's word of a new size may be lost beside a key that comes with it.
                self.measure(screen)?;
                self.draw_at_once(screen)?;
            }
            if answered {
                self.follow_up();
            }
        }
    }

    /// The next event, waited for as long as nothing else is due: then the clock, or none where a frame is. Says also
    /// whether news wait to be drawn.
    fn next_event(&mut self) -> (Option<Event>, bool) {
        let fades = self.model.fades();
        let news = self.news.patience();
        let patience = match self.answers_until {
            Some(until) => until.saturating_duration_since(Instant::now()).min(TICK),
            None if fades => MOMENT,
            None => TICK,
        };
        let patience = news.unwrap_or(patience).min(patience);
        let first = match self.events.recv_timeout(patience) {
            Ok(event) => Some(event),
            Err(_) if self.answers_until.is_some() => {
                self.take_answers(&Answers::default());
                None
            }
            Err(_) if news.is_some() => None,
            Err(_) if fades => Some(Event::Message(Message::Faded)),
            Err(_) => Some(Event::Message(Message::Ticked(ZonedDateTime::now()))),
        };
        (first, news.is_some())
    }

    fn suspend(&mut self, screen: &mut Screen) -> io::Result<()> {
        self.pictures.leave(screen.terminal.backend_mut())?;
        screen.suspend()?;
        self.pictures.forget();
        self.order_pictures();
        self.measure(screen)
    }

    /// The terminal may have another size than before it was away.
    fn measure(&mut self, screen: &Screen) -> io::Result<()> {
        let size = screen.size()?;
        if (size.width, size.height) == (self.model.columns, self.model.rows) {
            return Ok(());
        }
        self.step(Event::Message(Message::Resized {
            columns: size.width,
            rows: size.height,
        }));
        Ok(())
    }

    /// Draws so that the terminal shows the frame whole: no half of it is ever seen
    /// (synchronised output, DEC private mode 2026).
    fn draw_at_once(&mut self, screen: &mut Screen) -> io::Result<()> {
        screen.lead(view::hyperlinks(&self.model));
        screen
            .terminal
            .backend_mut()
            .queue(BeginSynchronizedUpdate)?;
        let size = screen.size()?;
        let area = Rect::new(0, 0, size.width, size.height);
        let shown = view::pictures(&self.model, area);
        let out = screen.terminal.backend_mut();
        self.pictures.before(&shown, &self.model, out)?;
        self.draw(&mut screen.terminal)?;
        let out = screen.terminal.backend_mut();
        let wiped = out.take_wiped();
        // Whoever scrolls on does not wait for pictures to pass the line.
        if self.events.is_empty() {
            self.pictures.after(&shown, &self.model, &wiped, out)?;
        }
        screen.terminal.backend_mut().queue(EndSynchronizedUpdate)?;
        io::Write::flush(screen.terminal.backend_mut())
    }
}

/// The story of a file, taken in before the others.
fn taken_in(library: &Library, path: &Path) -> Option<StoryId> {
    let stop = AtomicBool::new(false);
    library.look_at(&[path.to_owned()], &stop).ok()?;
    library.by_file(path).ok()?
}
