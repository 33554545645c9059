//! A reader at the keyboard: a folder of stories, the program's own loop, and a screen of cells.
//!
//! Keys are written as in `/slav<ret>jj`: characters stand for themselves, names stand in angle
//! brackets, and `<lt>` is the bracket itself. After every key the loop runs until it is idle, so
//! that nothing has to be waited for.

#![allow(dead_code)] // Every file of tests uses another part of it.
#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

pub mod shelf;

use std::{
    fs,
    path::Path,
    sync::{Arc, atomic::AtomicBool},
};

use crossbeam_channel::{Sender, unbounded};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};
use recto::{
    app::{Message, Model, key::Key},
    document::width::width,
    library::{Input, Library},
    runtime::{Ending, Event, Session, Step},
    story::{Change, Operation, Row, StoryId, Target},
    view::{Background, Depth, Paper, Theme},
};
use tempfile::TempDir;

/// The moment at which all tests begin: a Friday.
pub const NOW: &str = "2026-11-20T10:00[UTC]";

/// The program with somebody who types.
pub struct Reading {
    pub session: Session,
    pub library: Arc<Library>,
    pub folder: TempDir,
    /// Where the database lies, where it outlives the program.
    data: Option<TempDir>,
    /// How the program ended, once it has.
    pub ended: Option<Ending>,
    events: Sender<Event>,
}

impl Reading {
    /// Opens a folder with these files on a screen of this size.
    pub fn of(files: &[(&str, &str)], size: (u16, u16)) -> Self {
        let folder = TempDir::new().unwrap();
        write(folder.path(), files);
        let input = Input::Path(folder.path().to_owned());
        let theme = Theme::new(Depth::Sixteen, Background::Unknown, Paper::Terminal);
        Self::start(folder, vec![input], size, theme)
    }

    /// Opens what is named, some of it in `folder`.
    pub fn start(folder: TempDir, inputs: Vec<Input>, size: (u16, u16), theme: Theme) -> Self {
        Self::open(folder, None, inputs, size, theme)
    }

    /// Opens a folder with these files and keeps what is done for [`Reading::again`].
    pub fn remembering(files: &[(&str, &str)], size: (u16, u16)) -> Self {
        let folder = TempDir::new().unwrap();
        write(folder.path(), files);
        let input = Input::Path(folder.path().to_owned());
        let theme = Theme::new(Depth::Sixteen, Background::Unknown, Paper::Terminal);
        let data = Some(TempDir::new().unwrap());
        Self::open(folder, data, vec![input], size, theme)
    }

    /// The same, with what feeds announce.
    pub fn following(files: &[(&str, &str)], size: (u16, u16)) -> Self {
        let folder = TempDir::new().unwrap();
        write(folder.path(), files);
        let inputs = vec![Input::Path(folder.path().to_owned()), Input::Feeds];
        let theme = Theme::new(Depth::Sixteen, Background::Unknown, Paper::Terminal);
        let data = Some(TempDir::new().unwrap());
        Self::open(folder, data, inputs, size, theme)
    }

    /// A second program on the same folder and the same database.
    pub fn other(&self) -> Library {
        let input = Input::Path(self.folder.path().to_owned());
        let clock = Arc::new(|| NOW.parse().unwrap());
        let data = self.data.as_ref().map(TempDir::path);
        Library::open(data, vec![input], clock).unwrap()
    }

    /// A program on a folder within, and the same database.
    pub fn other_at(&self, folder: &str) -> Library {
        let input = Input::Path(self.folder.path().join(folder));
        let clock = Arc::new(|| NOW.parse().unwrap());
        let data = self.data.as_ref().map(TempDir::path);
        Library::open(data, vec![input], clock).unwrap()
    }

    /// Ends the program, and starts another one with the same folder and the same database.
    pub fn again(self) -> Self {
        let size = (self.model().columns, self.model().rows);
        let (folder, data) = (self.folder, self.data);
        drop((self.session, self.library));
        let input = Input::Path(folder.path().to_owned());
        let theme = Theme::new(Depth::Sixteen, Background::Unknown, Paper::Terminal);
        Self::open(folder, data, vec![input], size, theme)
    }

    fn open(
        folder: TempDir,
        data: Option<TempDir>,
        inputs: Vec<Input>,
        (columns, rows): (u16, u16),
        theme: Theme,
    ) -> Self {
        let clock = Arc::new(|| NOW.parse().unwrap());
        let path = data.as_ref().map(TempDir::path);
        let library = Arc::new(Library::open(path, inputs, clock).unwrap());
        let (events, receiver) = unbounded();
        let model = Model::new(columns, rows, NOW.parse().unwrap());
        let session = Session::new(model, theme, Arc::clone(&library), events.clone(), receiver);
        let mut reading = Reading {
            session,
            library,
            folder,
            data,
            ended: None,
            events,
        };
        reading.session.start();
        reading.settle();
        reading
    }

    /// So many stories, a day apart, "Story 1" of today first.
    pub fn of_days(count: usize, size: (u16, u16)) -> Self {
        let files = days(1, count);
        let files: Vec<_> = files
            .iter()
            .map(|(n, t)| (n.as_str(), t.as_str()))
            .collect();
        Self::of(&files, size)
    }

    /// Types, as slowly as a person: every key is answered before the next.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys_of(keys) {
            self.tell(Message::KeyPressed(key));
            self.settle();
        }
        self
    }

    /// Types faster than anything can be answered.
    pub fn press_at_once(&mut self, keys: &str) -> &mut Self {
        self.press_all(&keys_of(keys))
    }

    /// The same with keys instead of their names.
    pub fn press_all(&mut self, keys: &[Key]) -> &mut Self {
        for key in keys {
            self.tell(Message::KeyPressed(*key));
        }
        self.settle();
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Message::Pasted(text.to_owned()))
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.send(Message::Resized { columns, rows })
    }

    pub fn tick(&mut self, now: &str) -> &mut Self {
        self.send(Message::Ticked(now.parse().unwrap()))
    }

    /// Stories come in while the program runs.
    pub fn add(&mut self, files: &[(&str, &str)]) -> &mut Self {
        write(self.folder.path(), files);
        self.library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
        self.recount();
        self.send(Message::LibraryGrew {
            stories: self.library.len().unwrap(),
            reading: false,
        })
    }

    /// What stands among the sources is counted anew, as after what another program did.
    pub fn recount(&mut self) -> &mut Self {
        let sources = self.library.sources().unwrap();
        self.send(Message::SourcesCounted(sources))
    }

    /// Whether the library has a story for read.
    pub fn is_read(&self, id: StoryId) -> bool {
        let state = self.library.state(id).unwrap();
        state.is_some_and(|state| state.read)
    }

    /// Marks a story as another program would.
    pub fn mark_read(&self, id: StoryId, read: bool) {
        let operation = Operation::new(Target::Stories(vec![id]), Change::Read(read));
        self.library.apply(&operation).unwrap();
    }

    /// A message, and what comes of it.
    pub fn send(&mut self, message: Message) -> &mut Self {
        self.tell(message);
        self.settle();
        self
    }

    /// Calls the folder `/stories`: its true name is another one each time.
    pub fn forget_folder(&mut self) -> &mut Self {
        let folder = self.folder.path().to_string_lossy().into_owned();
        let called = |text: &str| text.replace(&folder, "/stories");
        let model = &mut self.session.model;
        for row in &mut model.list.window.rows {
            row.trouble = row.trouble.take().map(|why| called(&why).into());
        }
        model.reader.failure = model.reader.failure.take().map(|why| called(&why));
        if let Some(notice) = &mut model.notice {
            notice.0 = called(&notice.0);
        }
        self
    }

    fn tell(&mut self, message: Message) {
        if self.ended.is_none()
            && let Step::End(ending) = self.session.step(Event::Message(message))
        {
            self.ended = Some(ending);
        }
    }

    fn settle(&mut self) {
        if self.ended.is_none() {
            self.ended = self.session.settle();
        }
    }

    pub fn model(&self) -> &Model {
        &self.session.model
    }

    /// Puts the cursor of the sources column, and the keys, on the source of this name.
    #[track_caller]
    pub fn go_to_source(&mut self, name: &str) -> &mut Self {
        let rows = &self.model().sources.rows;
        let index = rows.iter().position(|row| row.source.name() == name);
        let index = index.unwrap_or_else(|| panic!("no source is called {name:?}"));
        self.press("hhg").press(&"j".repeat(index));
        assert_eq!(self.model().list.listing.source.name(), name);
        self
    }

    /// The titles at hand, in the order of the list.
    pub fn titles(&self) -> Vec<String> {
        let rows = &self.model().list.window.rows;
        rows.iter().map(|row| row.title.to_string()).collect()
    }

    /// The unread and all stories of a source; none if it is not listed.
    pub fn counts(&self, name: &str) -> Option<(usize, usize)> {
        let rows = &self.model().sources.rows;
        let row = rows.iter().find(|row| row.source.name() == name)?;
        Some((row.unread, row.total))
    }

    /// The row with the cursor.
    pub fn row(&self) -> &Row {
        self.model().list.current().expect("a story is chosen")
    }

    /// The title of the row with the cursor.
    pub fn title(&self) -> &str {
        &self.row().title
    }

    /// The title of the story in the reader, from its page's document.
    pub fn open_title(&self) -> String {
        let open = self.model().reader.open.as_ref().expect("a story is open");
        let mut layout = open.layout.clone();
        layout.lines(0).iter().map(|line| line.plain()).collect()
    }

    /// What the last line says.
    pub fn notice(&self) -> &str {
        let notice = self.model().notice.as_ref();
        notice.map_or("", |notice| notice.0.as_str())
    }

    /// The first line of the reader's page, without what is in its margin.
    pub fn top_line(&self) -> String {
        self.page().into_iter().next().unwrap_or_default()
    }

    /// The lines of the reader's page.
    pub fn page(&self) -> Vec<String> {
        let open = self.model().reader.open.as_ref().expect("a story is open");
        let lines = open.page.iter().map(|spot| open.layout.line(*spot));
        lines
            .map(|line| line.expect("a line that shows is set").plain())
            .collect()
    }

    /// The screen as it is drawn.
    pub fn buffer(&self) -> Buffer {
        let size = (self.model().columns, self.model().rows);
        let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        self.session.draw(&mut terminal).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as text, without the spaces at the ends of lines.
    pub fn screen(&self) -> String {
        text_of(&self.buffer())
    }

    pub fn last_line(&self) -> String {
        self.screen().lines().last().unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub fn assert_shows(&self, text: &str) {
        let screen = self.screen();
        assert!(screen.contains(text), "{text:?} does not show:\n{screen}");
    }

    #[track_caller]
    pub fn assert_hides(&self, text: &str) {
        let screen = self.screen();
        assert!(!screen.contains(text), "{text:?} shows:\n{screen}");
    }
}

/// The characters of a screen.
pub fn text_of(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut lines = Vec::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut hidden = 0;
        for x in area.left()..area.right() {
            let symbol = buffer[(x, y)].symbol();
            // A wide character covers the cell after its own.
            if hidden == 0 {
                line.push_str(symbol);
                hidden = width(symbol).max(1);
            }
            hidden -= 1;
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

/// Writes files below `folder`, with the folders that they lie in.
pub fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A story with front matter.
pub fn story(title: &str, date: &str, body: &str) -> String {
    format!("---\ntitle: \"{title}\"\ndate: {date}\n---\n\n{body}\n")
}

/// The stories from number `first` to number `last`, a day apart: "Story 1" is of today.
pub fn days(first: usize, last: usize) -> Vec<(String, String)> {
    let today: jiff::civil::Date = "2026-11-20".parse().unwrap();
    (first..=last)
        .map(|number| {
            let ago = i64::try_from(number).unwrap() - 1;
            let day = today.checked_sub(jiff::Span::new().days(ago)).unwrap();
            let title = format!("Story {number}");
            let text = story(&title, &day.to_string(), "A few words and no more.");
            (format!("{number:04}.md"), text)
        })
        .collect()
}

/// Paragraphs of numbered words, `w1` to the last: where one is can be told from any of them.
pub fn numbered(words: usize) -> String {
    let numbers: Vec<String> = (1..=words).map(|number| format!("w{number}")).collect();
    let paragraphs: Vec<String> = numbers.chunks(60).map(|some| some.join(" ")).collect();
    paragraphs.join("\n\n")
}

/// Reads a string of keys.
pub fn keys_of(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = rest.find('>').filter(|_| c == '<');
        let name = end.map(|end| &rest[1..end]);
        rest = &rest[end.map_or(c.len_utf8(), |end| end + 1)..];
        let parsed = match name {
            Some("ret") => "enter".parse(),
            Some("lt") => "<".parse(),
            Some(name) => name.parse(),
            None if c == ' ' => "space".parse(),
            None => c.to_string().parse(),
        };
        keys.push(parsed.unwrap());
    }
    keys
}
