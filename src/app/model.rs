//! All that recto knows while it runs.

use jiff::ZonedDateTime;

use super::{
    ask::{Ask, Choice},
    feeds::Refreshing,
    geometry::{Column, Geometry, Reading},
    help::{Help, Messages},
    labels::Labels,
    list::List,
    message::Effect,
    outline::Outline,
    output::Output,
    pages::Awaited,
    prompt::Prompt,
    reader::Reader,
    sources::Sources,
};
use crate::{
    document::Rtl,
    story::{Left, Source, StoryId, View},
};

/// The measure that recto begins with: the middle of what is read with ease.
const MEASURE: u16 = 72;

/// The narrowest and the widest measure that can be chosen.
pub(super) const MEASURES: (u16, u16) = (24, 160);

/// Rows that stand above the cursor of a list that comes back.
const ABOVE: usize = 2;

/// The state of the whole program. What shows is drawn from it alone.
#[derive(Debug)]
pub struct Model {
    /// Width of the screen in cells.
    pub columns: u16,
    /// Height of the screen in cells.
    pub rows: u16,
    /// The time, with the reader's zone.
    pub now: ZonedDateTime,
    /// The column that keys go to.
    pub focus: Column,
    /// Whether the reader has the screen for itself.
    pub zen: bool,
    /// The sources column.
    pub sources: Sources,
    /// The list of stories.
    pub list: List,
    /// Where it was left, as it is kept for the next start.
    pub left: Option<Left>,
    /// The reader.
    pub reader: Reader,
    /// The measure that the reader chose, in cells.
    pub measure: u16,
    /// Whether two pages face each other where the screen has room.
    pub facing: bool,
    /// Whether the lines of running text end at one edge.
    pub justify: bool,
    /// Both as they are kept for the next start.
    pub(super) kept_view: View,
    /// What is done with text from right to left.
    pub rtl: Rtl,
    /// Whether pictures are drawn, where they can be.
    pub pictures: bool,
    /// Width and height of a cell in pixels, on a terminal that can draw pictures.
    pub cell: Option<(u16, u16)>,
    /// The prompt, while one is open.
    pub prompt: Option<Prompt>,
    /// What the next key answers.
    pub ask: Option<Ask>,
    /// The labels on links, while they show.
    pub labels: Option<Labels>,
    /// The help, while it shows.
    pub help: Option<Help>,
    /// What the last line says until the next key.
    pub notice: Option<Notice>,
    /// Everything that was said so, oldest first.
    pub messages: Messages,
    /// How the library is coming in.
    pub scan: Scan,
    /// Whether the database was found damaged.
    pub damaged: bool,
    /// Whether nothing that is done is kept.
    pub forgets: bool,
    /// How far a refresh of feeds has come, while there is one.
    pub refreshing: Option<Refreshing>,
    /// The page that is on its way to the reader.
    pub awaited: Option<Awaited>,
    /// Why the page is not there that the program was started with.
    pub without_page: Option<String>,
    /// The headings of the open story, while one is chosen.
    pub outline: Option<Outline>,
    /// What a program said that a story was piped to, while it shows.
    pub output: Option<Output>,
    /// The command that a story was piped to last.
    pub piped: String,
    /// How many such commands still run.
    pub piping: usize,
    /// Stories whose text is not indexed yet.
    pub unindexed: usize,
    /// The way to an unread story in another source, while it is looked for.
    pub hunt: Option<Hunt>,
    /// The library to turn to as soon as nothing is under way.
    pub(super) turns_to: Option<Effect>,
    /// Whether one file or stream is read, and no library.
    pub alone: bool,
    /// Whether a story was listed since the start.
    pub met: bool,
    /// Where links were followed from: story, block, offset.
    pub back: Vec<(StoryId, usize, usize)>,
    /// Where one came back from.
    pub forward: Vec<(StoryId, usize, usize)>,
}

/// Something said to the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice(pub String);

/// How far the library has come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scan {
    /// Stories so far.
    pub stories: usize,
    /// Whether more may come.
    pub reading: bool,
    /// Whether all that was there at the start is.
    pub settled: bool,
}

/// A search for an unread story through one source after the other.
#[derive(Debug)]
pub struct Hunt {
    /// Whether it goes down the sources.
    pub forward: bool,
    /// The story from which it began: to come to that one again is to find nothing.
    pub from: StoryId,
    /// The list in which it began, which stays if nothing is found.
    pub origin: Box<List>,
}

impl Model {
    /// Before anything happened in another library, on the same screen and as its reader likes it. What was said last
    /// stays.
    pub fn begin_anew(&mut self, forgets: bool) {
        let now = Model::new(self.columns, self.rows, self.now.clone());
        let old = std::mem::replace(self, now);
        self.measure = old.measure;
        self.facing = old.facing;
        self.justify = old.justify;
        self.rtl = old.rtl;
        self.pictures = old.pictures;
        self.cell = old.cell;
        self.notice = old.notice;
        self.messages = old.messages;
        (self.back, self.forward) = (old.back, old.forward);
        self.forgets = forgets;
    }

    /// Before anything happened: nothing is loaded, and nothing was asked for.
    pub fn new(columns: u16, rows: u16, now: ZonedDateTime) -> Self {
        Model {
            columns,
            rows,
            now,
            focus: Column::List,
            zen: false,
            sources: Sources::default(),
            list: List::default(),
            left: None,
            reader: Reader::default(),
            measure: MEASURE,
            facing: false,
            justify: false,
            kept_view: View {
                measure: MEASURE,
                justify: false,
            },
            rtl: Rtl::InOrder,
            pictures: true,
            cell: None,
            prompt: None,
            ask: None,
            labels: None,
            help: None,
            notice: None,
            messages: Messages::default(),
            scan: Scan {
                stories: 0,
                reading: true,
                settled: false,
            },
            damaged: false,
            forgets: false,
            refreshing: None,
            awaited: None,
            without_page: None,
            outline: None,
            output: None,
            piped: String::new(),
            piping: 0,
            unindexed: 0,
            hunt: None,
            turns_to: None,
            alone: false,
            met: false,
            back: Vec::new(),
            forward: Vec::new(),
        }
    }

    /// Begins with the list as it was left.
    pub fn restore(&mut self, left: Left) {
        self.list.listing.source = left.source.clone();
        self.list.listing.unread = left.unread;
        self.list.listing.sort = left.sort;
        if left.story.is_some() {
            self.list.moved = true;
            (self.list.cursor, self.list.top) = (left.near, left.near.saturating_sub(ABOVE));
        }
        self.left = Some(left);
    }

    /// Begins at a story in the list of all.
    pub fn begin_at(&mut self, story: StoryId) {
        let listing = &self.list.listing;
        self.restore(Left {
            source: Source::All,
            unread: false,
            sort: listing.sort,
            story: Some(story),
            near: 0,
        });
    }

    /// Begins with pages set as they were.
    pub fn set_pages_as(&mut self, view: View) {
        self.measure = view.measure.clamp(MEASURES.0, MEASURES.1);
        self.justify = view.justify;
        self.kept_view = self.view();
    }

    /// How pages are set.
    pub(super) fn view(&self) -> View {
        View {
            measure: self.measure,
            justify: self.justify,
        }
    }

    /// Whether something shows that is to fade in a moment.
    pub fn fades(&self) -> bool {
        self.reader.open.as_ref().is_some_and(|it| it.eye.is_some())
    }

    /// Where everything stands on the screen.
    pub fn geometry(&self) -> Geometry {
        let reading = Reading {
            zen: self.zen,
            facing: self.facing,
        };
        Geometry::new(self.columns, self.rows, self.focus, reading)
    }

    /// What the open menu offers.
    pub fn choices(&self) -> Vec<Choice> {
        let (order, open) = (self.list.listing.sort, self.reader.wanted);
        let offered = self.ask.as_ref().map(|it| it.choices(order, open));
        offered.unwrap_or_default()
    }
}
