//! What reaches the model, and what it orders.

use std::{path::PathBuf, sync::Arc};

use jiff::ZonedDateTime;

use super::{
    feeds::{FeedOrder, Refreshing},
    key::Key,
    pages::PageOrder,
    placed::Placed,
};
use crate::{
    document::{Document, Found, Matches, Picture, Sought, Tokens},
    story::{
        After, Anchor, Citation, FeedId, Left, Listing, Mark, Offer, Operation, Position,
        SourceRow, State, StoryId, View, Window,
    },
};

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key was pressed.
    KeyPressed(Key),
    /// Text was pasted.
    Pasted(String),
    /// The screen has a new size, in cells.
    Resized {
        /// Its width.
        columns: u16,
        /// Its height.
        rows: u16,
    },
    /// The terminal can draw pictures, with cells of this width and height in pixels; or it cannot.
    CellMeasured(Option<(u16, u16)>),
    /// Time went on.
    Ticked(ZonedDateTime),
    /// What shows for a moment only has shown long enough.
    Faded,
    /// The rows that were asked for.
    RowsLoaded {
        /// The number of the request.
        request: u64,
        /// The rows.
        window: Window,
    },
    /// The sources with their counts; the first is always the whole library.
    SourcesCounted(Vec<SourceRow>),
    /// So many feeds are subscribed to that do not stand among the sources.
    FeedsHidden(usize),
    /// Stories came in; more may follow.
    LibraryGrew {
        /// Stories there now.
        stories: usize,
        /// Whether folders are still being read.
        reading: bool,
    },
    /// Whole texts were indexed: a search in them may find more.
    TextsIndexed,
    /// Another program changed files of the library.
    StoriesChanged {
        /// Stories that are new or changed, or cannot be read any more.
        put: Vec<StoryId>,
        /// Stories that are gone.
        gone: Vec<StoryId>,
    },
    /// Stories followed what was done with their feeds: who did it knows.
    StoriesFollowed {
        /// Stories that came back or are filed elsewhere.
        put: Vec<StoryId>,
        /// Stories that are in no list any more.
        gone: Vec<StoryId>,
    },
    /// A large story is being opened and needs a moment.
    StoryDelayed(StoryId),
    /// A story was opened, or cannot be.
    StoryOpened {
        /// Which.
        id: StoryId,
        /// Its document, or why there is none, in words.
        outcome: Outcome,
    },
    /// What stands in the code of the open story.
    CodeRead {
        /// Which story.
        id: StoryId,
        /// Its document: it may have been opened anew since.
        document: Arc<Document>,
        /// The blocks of code with what stands in them.
        tokens: Vec<(usize, Tokens)>,
    },
    /// The highlights and notes in a story.
    NotesPlaced {
        /// Which story.
        id: StoryId,
        /// Its document: it may have been opened anew since.
        document: Arc<Document>,
        /// Each with its place, in the order of the text.
        notes: Vec<Placed>,
    },
    /// A link inside the library leads to this story.
    LinkResolved {
        /// The story.
        id: StoryId,
        /// The place in it, without `#`.
        anchor: Option<String>,
    },
    /// A link of the open story leads to a file beside it that is no story.
    LinkLeadsToFile {
        /// The file.
        path: String,
        /// Its media type.
        media_type: String,
    },
    /// A link of the open story leads out of the library.
    LinkLeadsOut(String),
    /// What stands after the last line of the open story.
    AfterFound {
        /// Of which story.
        id: StoryId,
        /// Its document: it may have been opened anew since.
        document: Arc<Document>,
        /// What stands there.
        after: Arc<After>,
        /// Whether something of the story's own stands before it.
        follows: bool,
    },
    /// The comments on a story; those that were kept come first, then those that its feed has.
    CommentsRead {
        /// Of which story.
        id: StoryId,
        /// All of them.
        document: Arc<Document>,
        /// How many came since the reader looked last.
        new: usize,
    },
    /// The comments on a story can only be read on a page.
    CommentsElsewhere {
        /// Of which story.
        id: StoryId,
        /// Its address.
        page: String,
    },
    /// What was searched for in the text of a story.
    TextFound {
        /// Which story.
        id: StoryId,
        /// What it was.
        sought: Sought,
        /// Where it stands.
        found: Matches,
    },
    /// The first match of a search that is still under way.
    TextMet {
        /// In which story.
        id: StoryId,
        /// What was searched for.
        sought: Sought,
        /// Where it stands.
        first: Found,
    },
    /// How large the pictures of a long story are.
    PicturesMeasured {
        /// Of which story.
        id: StoryId,
        /// Its document: it may have been opened anew since.
        document: Arc<Document>,
        /// All of them.
        pictures: Arc<[Picture]>,
    },
    /// The rest of a long story was read of which the beginning shows.
    StoryCompleted {
        /// Which.
        id: StoryId,
        /// All of it.
        document: Arc<Document>,
    },
    /// What was done with stories is kept: lists may show something else.
    StateChanged {
        /// What was done, in words, where the reader should know.
        said: Option<String>,
        /// A story that came back into the lists: the cursor goes to it.
        back: Option<StoryId>,
    },
    /// Another program wrote to the same database.
    OthersWrote {
        /// Whether stories came or went, not only what was done with them.
        stories: bool,
        /// Whether anything was done with them.
        state: bool,
    },
    /// What the reader did with a story.
    StateLoaded {
        /// Which story.
        id: StoryId,
        /// Its state.
        state: State,
    },
    /// The tags that all of some stories have.
    TagsLoaded {
        /// Which stories.
        stories: Vec<StoryId>,
        /// The tags that the reader gave them, in alphabetical order.
        tags: Vec<String>,
        /// Those that they came with, likewise.
        own: Vec<String>,
    },
    /// The places that have a letter.
    MarksLoaded(Vec<Mark>),
    /// The stories that were asked for, to be selected.
    StoriesListed {
        /// Of which list.
        listing: Listing,
        /// The two that the range is between, themselves in it; none for the whole list.
        between: Option<(StoryId, StoryId)>,
        /// The stories, in no order.
        stories: Vec<StoryId>,
    },
    /// The texts of stories are being indexed.
    Indexed {
        /// Stories that are left.
        left: usize,
    },
    /// A page was fetched that is to be read.
    PageFetched {
        /// Its address, as it was asked for.
        address: String,
        /// The page; none where there is no page, and that was said.
        id: Option<StoryId>,
        /// What the reader should know of it.
        said: Option<String>,
    },
    /// There is a library where there was none; with this file, if it was kept here.
    LibraryBegan(Option<PathBuf>),
    /// All that was kept in it was taken back.
    LibraryEnded,
    /// A page that was only looked at is kept by now: as this story.
    PageKept {
        /// The page.
        page: StoryId,
        /// The story.
        id: StoryId,
    },
    /// Feeds are being asked; nothing where that has ended.
    FeedsAsked(Option<Refreshing>),
    /// Undoing or redoing has a feed lie in another folder.
    Refiled {
        /// The folder in which it lay.
        from: String,
        /// The one in which it lies.
        to: String,
    },
    /// This feed was subscribed to here, and asked.
    Subscribed(FeedId),
    /// Several feeds were found where one was looked for: one of them is to be chosen.
    FeedsOffered {
        /// They, the likeliest first.
        offers: Vec<Offer>,
        /// The folder that the one chosen is to lie in.
        folder: String,
    },
    /// A program ended that a story was piped to.
    Piped {
        /// The command, as it was typed.
        command: String,
        /// What it said; why it failed, in words.
        outcome: Result<String, String>,
    },
    /// The database is damaged: what was asked of it may never come.
    DamageMet,
    /// Something that the reader should know.
    Noticed(String),
    /// How far something has come that takes a while: what it comes to is said in the end.
    Progressed(String),
    /// The terminal or the system wants recto to end.
    Ended,
}

/// An opened story, or why it cannot be read.
pub type Outcome = Result<Opened, String>;

/// A story ready to be read.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its document.
    pub document: Arc<Document>,
    /// What a quotation says of it, the address of its page among that.
    pub about: Citation,
    /// The highlights and notes in it, in the order of the text; of a long one they come later.
    pub notes: Vec<Placed>,
    /// What the reader did with it.
    pub state: State,
    /// Where it was left.
    pub place: Option<Position>,
    /// Whether it is shown as it stands in its file.
    pub source: bool,
}

/// Something to be done outside the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Fetch rows of a list. An answer to an earlier request is not waited for any more.
    LoadRows(WindowRequest),
    /// Open a story. Only the last one asked for is waited for.
    OpenStory(StoryId),
    /// Open a story as it stands in its file.
    OpenSource(StoryId),
    /// Find the story that a link in another one leads to.
    ResolveLink {
        /// The story with the link.
        from: StoryId,
        /// The link, as it is written there.
        target: String,
    },
    /// Find again what stands after the end of the story that was opened last: more is known by now.
    FindAfter(StoryId),
    /// Look for something in the text of the story that was opened last: in its page, where nothing
    /// else is said.
    FindText {
        /// Which story.
        id: StoryId,
        /// What.
        sought: Sought,
        /// From which block and byte of its text on.
        from: (usize, usize),
        /// Whether it is looked for in the comments instead.
        comments: bool,
        /// Whether it is looked for in the story as it stands in its file.
        source: bool,
    },
    /// Do something with stories, and keep it.
    Apply(Operation),
    /// Find out what the reader did with a story.
    LoadState(StoryId),
    /// Find the highlights and notes in the story that was opened last.
    LoadNotes(StoryId),
    /// Find out which tags all of these stories have.
    LoadTags(Vec<StoryId>),
    /// Give a place a letter.
    KeepMark {
        /// The letter.
        letter: char,
        /// The story.
        id: StoryId,
        /// Block and byte of its text.
        place: (usize, usize),
    },
    /// Find out which places have letters.
    LoadMarks,
    /// Name the stories of a list, to be selected.
    ListStories {
        /// Which list.
        listing: Listing,
        /// The two that the range is between; none for the whole list.
        between: Option<(StoryId, StoryId)>,
    },
    /// Take back what was done last.
    Undo,
    /// Do again what was taken back last.
    Redo,
    /// Do something with pages.
    Pages(PageOrder),
    /// Do something with feeds.
    Feeds(FeedOrder),
    /// Keep where a story was left.
    KeepPlace {
        /// Which story.
        id: StoryId,
        /// The place.
        place: Place,
    },
    /// Keep where the list was left, for the next start.
    KeepLeft(Left),
    /// Keep how pages are set, for the next start.
    KeepView(View),
    /// Hand a text to the clipboard.
    Copy(String),
    /// Hand the text of a story to a program.
    Pipe {
        /// Which story.
        id: StoryId,
        /// Whether its source is meant: that shows.
        source: bool,
        /// The program's name, and its arguments.
        words: Vec<String>,
    },
    /// End the programs that stories were handed to: ask them, and make them where they were asked.
    EndPiped,
    /// Show an address outside of recto.
    Browse(String),
    /// Open a file that came with a story by what the reader chose for its type, else as an address.
    OpenFile {
        /// Its address.
        url: String,
        /// Its media type, if that is known.
        media_type: Option<String>,
    },
    /// Open a file that came with a letter by what the reader chose for its type.
    OpenAttachment {
        /// The letter.
        of: StoryId,
        /// The file's address in it.
        url: String,
        /// Its media type, if that is known.
        media_type: Option<String>,
    },
    /// Read the library that has just begun, with this file, if it was kept here.
    BeginLibrary(Option<PathBuf>),
    /// Read the examples again, where they were read before there was a library.
    EndLibrary,
    /// Draw every cell of the screen anew.
    Redraw,
    /// Stop, and give the terminal back to the shell until it says to go on.
    Suspend,
    /// End.
    Quit,
}

/// A [`Position`] that can be compared: how much was seen counts in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The block at the top of the page.
    pub block: usize,
    /// The byte of its text that the page begins with.
    pub offset: usize,
    /// Thousandths of the text that were seen.
    pub seen: u16,
    /// By what the block is known again.
    pub print: i64,
}

impl From<Place> for Position {
    fn from(place: Place) -> Self {
        Position {
            block: place.block,
            offset: place.offset,
            seen: f64::from(place.seen) / 1000.0,
            print: place.print,
        }
    }
}

/// An order for rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowRequest {
    /// Counts up with every request.
    pub request: u64,
    /// Of which list.
    pub listing: Listing,
    /// Around which place.
    pub anchor: Anchor,
    /// About where in the list that place is.
    pub near: usize,
}
