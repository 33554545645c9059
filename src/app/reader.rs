//! The reader: a story set to the measure, and the page of it that shows.

mod feet;
mod manner;
mod notes;
mod search;
mod source;
mod spreads;

use std::{collections::HashMap, sync::Arc};

use jiff::ZonedDateTime;

use super::{
    geometry::Rect,
    message::{Opened, Place},
    placed::Placed,
    selection::Selection,
};
use crate::{
    document::{self, Block, Document, Frame, Layout, Picture, Rtl, Setting, Sought, Spot},
    story::{self, After, Citation, State, StoryId},
};
use feet::{Feet, Followed};
pub use manner::{Manner, Pages};
use search::BeforeSearch;
pub use search::TextSearch;

/// Lines that a page and the next have in common.
const OVERLAP: usize = 2;

/// On a page with fewer lines there is no room for a picture beside its words.
const ROOM_FOR_PICTURES: u16 = 8;

/// Blocks before the one at the top of the page that are looked for in a new text of the story.
const NEAR: usize = 8;

/// Blocks that are looked through for a heading where the headings are not gathered yet.
const FAR: usize = 2000;

/// Matches in one text that are kept: nobody steps through more.
pub const MATCHES: usize = 100_000;

/// The reader's state.
#[derive(Debug, Default)]
pub struct Reader {
    /// The story that should show.
    pub wanted: Option<StoryId>,
    /// The one that does.
    pub open: Option<Open>,
    /// Its page, while its source shows, or the comments on it.
    pub aside: Option<Open>,
    /// The story whose comments are to show.
    pub discussed: Option<StoryId>,
    /// Why the wanted one does not, in words.
    pub failure: Option<String>,
    /// Whether the wanted one needs a moment.
    pub delayed: bool,
    /// The name of the place in the wanted story that a link leads to.
    pub anchor: Option<String>,
    /// The place in a story that is on its way at which it is to open.
    pub place: Option<(StoryId, usize, usize)>,
    /// Where each story was left in this session.
    pub progress: HashMap<StoryId, Progress>,
}

/// How far a story was read.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// The block at the top of the page.
    pub block: usize,
    /// The byte of its text that the page begins with.
    pub offset: usize,
    /// How much of the text was seen, from 0 to 1.
    pub seen: f64,
    /// Whether its end was seen once.
    pub ended: bool,
    /// By what the block is known again in a text that was edited; 0 where nobody knows.
    pub print: i64,
}

impl From<Progress> for Place {
    fn from(progress: Progress) -> Self {
        Place {
            block: progress.block,
            offset: progress.offset,
            seen: (progress.seen * 1000.0) as u16,
            print: progress.print,
        }
    }
}

/// An open story.
#[derive(Debug)]
pub struct Open {
    /// Which.
    pub id: StoryId,
    /// What a quotation says of it, the address of its page among that.
    pub about: Citation,
    /// What stands after its last line, once that is known.
    pub after: Option<Arc<After>>,
    /// The highlights and notes in it, in the order of the text.
    pub notes: Vec<Placed>,
    /// What is selected in it.
    pub selection: Option<Selection>,
    /// Where the last selection began.
    left: Option<(usize, usize)>,
    /// What the reader did with it.
    pub state: State,
    /// Whether it shows as it stands in its file.
    pub source: bool,
    /// Whether this is not the story, but the comments on it.
    pub comments: bool,
    /// Its text, set to the measure.
    pub layout: Layout,
    /// The lines that show, from the top.
    pub page: Vec<Spot>,
    /// Cells by which wide lines are scrolled to the left.
    pub sideways: usize,
    /// Blocks of the page that are wider than it, and by how many cells: so far each scrolls.
    pub overhangs: Vec<(usize, usize)>,
    /// The most of those.
    pub widest: usize,
    /// What is searched in its text.
    pub search: Option<TextSearch>,
    /// What a search is on its way for; another search's answer is not wanted.
    pub sought: Option<Sought>,
    /// The words for which a search of everything found it: they are looked for in its text once.
    pub hit: Vec<String>,
    /// Whether the reader did anything in it but open it.
    moved: bool,
    /// How it was when a search took the page elsewhere; what shows there is not read.
    before_search: Option<BeforeSearch>,
    /// How much was asked to be passed, and the place that this led to: lines begin elsewhere.
    asked: Option<((usize, usize), f64)>,
    /// The highest place at the top of a page that had the end on it before somebody who read.
    ended_from: Option<(usize, usize)>,
    /// The place at the top of the page: a block and a byte of its text, which a new measure keeps.
    anchor: (usize, usize),
    /// The same where a source was opened.
    landed: Option<(usize, usize)>,
    top: Spot,
    /// Whether the last line shows.
    ends: bool,
    /// The line that the eye was on before the page was turned: it is marked for a moment.
    pub eye: Option<Spot>,
    /// Whether the footnotes of a page stand at its foot.
    footnotes: bool,
    /// Whether there are any that do not stand on the page itself.
    pub has_notes: bool,
    /// Their lines, where there are any, and whether there are more than fit.
    pub foot: Vec<Spot>,
    /// Whether more lines follow on those.
    pub foot_goes_on: bool,
    feet: Feet,
    /// The note that was followed last.
    followed: Option<Followed>,
    /// What a search opened to show what it found.
    peeked: Vec<usize>,
    /// How much of the whole the reader wants to pass, once it is there.
    to_of_whole: Option<f64>,
    /// Lines that there is room for, on both pages where two face each other.
    height: usize,
    /// How many of the lines that show stand on the left page, where two face each other.
    parted: usize,
    /// What the next two begin with.
    next: Option<Spot>,
    /// Where facing pages began that were turned from: back leads to the same ones.
    turned: Vec<(usize, usize)>,
    /// The same on one of them.
    rows: usize,
    facing: bool,
    width: usize,
}

impl Open {
    /// Opens `document` where it was left; at its beginning where that was its end.
    pub fn new(id: StoryId, opened: Opened, progress: Option<&Progress>) -> Self {
        let setting = Setting {
            measure: 0,
            free: 0,
            hyphenate: true,
            justify: false,
            rtl: Rtl::InOrder,
        };
        let mut layout = Layout::live(opened.document, setting);
        // Who has come to the end of a story and opens it anew begins again.
        let left = progress.filter(|progress| progress.seen < 1.0);
        let anchor = left.map_or((0, 0), |progress| {
            // What was edited elsewhere moved the block.
            let moved = layout.printed(progress.block, progress.print);
            (moved.unwrap_or(progress.block), progress.offset)
        });
        // Whoever left the story in the middle of what unfolds goes on there.
        layout.reveal(anchor.0);
        Open {
            id,
            about: opened.about,
            after: None,
            notes: opened.notes,
            selection: None,
            left: None,
            state: opened.state,
            source: opened.source,
            comments: false,
            layout,
            page: Vec::new(),
            sideways: 0,
            overhangs: Vec::new(),
            widest: 0,
            search: None,
            sought: None,
            hit: Vec::new(),
            moved: progress.is_some_and(|progress| progress.seen > 0.0),
            before_search: None,
            asked: None,
            ended_from: None,
            anchor,
            landed: None,
            top: Spot::default(),
            ends: false,
            eye: None,
            footnotes: false,
            has_notes: false,
            foot: Vec::new(),
            foot_goes_on: false,
            feet: Feet::default(),
            followed: None,
            peeked: Vec::new(),
            to_of_whole: None,
            height: 0,
            parted: 0,
            next: None,
            turned: Vec::new(),
            rows: 0,
            facing: false,
            width: 0,
        }
    }

    /// Takes the place at which an earlier text of the same story was open: that of the same block,
    /// or so far after the last one that is still there.
    pub fn go_on_from(&mut self, before: &mut Open) {
        let (block, offset) = before.anchor;
        let stayed = before.landed == Some(before.anchor);
        let mut wanted = Some(block);
        let mut found = None;
        for back in 0..=NEAR {
            let Some(number) = wanted else { break };
            let old = before.layout.read_block(number).cloned();
            let same = old.and_then(|old| self.layout.same_block(number, &old));
            if let Some(same) = same {
                found =
                    Some((0..back).fold(same, |at, _| self.layout.next_block(at).unwrap_or(at)));
                break;
            }
            wanted = before.layout.previous_block(number);
        }
        self.anchor = (found.unwrap_or(block), offset);
        self.landed = stayed.then_some(self.anchor);
        self.layout.fold_as(&mut before.layout);
        // Until it is found anew it stays, so that nothing that follows the text goes and comes.
        if let Some(after) = before.layout.after() {
            self.layout.put_after(after.clone());
            self.after.clone_from(&before.after);
        }
        self.footnotes = before.footnotes;
        self.sideways = before.sideways;
    }

    /// Whether it is the story as a page: not its source, and not the comments on it.
    pub fn is_page(&self) -> bool {
        !self.source && !self.comments
    }

    /// Whether this is its document.
    pub fn is_of(&self, document: &Arc<Document>) -> bool {
        Arc::ptr_eq(self.layout.document(), document)
    }

    /// Takes the whole of the text that it has the beginning of. The page stays where it is.
    pub fn complete(&mut self, document: Arc<Document>) {
        self.layout.complete(document);
        self.top = self.layout.spot(self.anchor.0, self.anchor.1);
        match self.to_of_whole.take() {
            Some(fraction) => self.to_fraction(fraction),
            None => self.show(),
        }
    }

    /// Takes what stands after the last line. The page stays where it is.
    pub fn take_after(&mut self, after: Arc<After>, follows: bool, now: &ZonedDateTime) {
        self.layout.put_after(document::after(&after, follows, now));
        self.after = Some(after);
        if self.height > 0 {
            self.top = self.layout.spot(self.anchor.0, self.anchor.1);
            self.show();
        }
    }

    /// Takes the pictures of a long text, once all are known. The line at the top stays where it is;
    /// on the last page the one at its foot does, for who went to the end looks there.
    pub fn take_pictures(&mut self, pictures: Arc<[Picture]>) {
        let at_foot = self.ends && self.top != self.layout.start();
        self.layout.take_pictures(pictures);
        if at_foot {
            let foot = self
                .page
                .last()
                .filter(|last| self.layout.is_after(last.block));
            // What recto adds after the text has no pictures: its lines stay.
            let foot = foot.copied().unwrap_or_else(|| self.layout.end_of_text());
            let top = self.layout.up(foot, self.shown().saturating_sub(1));
            self.scroll_to(top);
        } else {
            self.top = self.layout.spot(self.anchor.0, self.anchor.1);
            self.show();
        }
    }

    /// Sets the text to the column `page`, keeping the place, and says which lines show.
    pub fn set_to(&mut self, page: Rect, manner: Manner) {
        let Manner {
            free,
            facing,
            justify,
            rtl,
            cell,
            pictures,
        } = manner;
        self.facing = facing;
        self.rows = usize::from(page.height).max(1);
        self.height = self.rows * if facing { 2 } else { 1 };
        self.width = usize::from(page.width);
        let setting = Setting {
            measure: page.width,
            // What is written beside the text stands there itself.
            free: if self.is_annotated() { 0 } else { free },
            justify,
            rtl,
            ..self.layout.setting()
        };
        // A picture leaves half of the page to the text.
        let frame = cell
            .filter(|_| page.height >= ROOM_FOR_PICTURES)
            .map(|cell| match pictures {
                true => Frame {
                    cell,
                    rows: page.height / 2,
                },
                false => Frame::OFF,
            });
        let matched = self.shows_match();
        let other_room = self.layout.make_room(frame);
        if self.layout.setting() != setting {
            self.layout.set_anew(setting);
            self.sideways = 0;
        } else if !other_room {
            self.show();
            self.keep_match(matched);
            return;
        }
        self.top = self.layout.spot(self.anchor.0, self.anchor.1);
        self.show();
        self.keep_match(matched);
    }

    /// Fills the page from the top line on; never scrolls past the end.
    fn show(&mut self) {
        self.fill();
        self.ends = self.layout.ends_with(&self.page);
        let mut blocks: Vec<usize> = self
            .page
            .iter()
            .chain(&self.foot)
            .map(|spot| spot.block)
            .collect();
        blocks.dedup();
        let room = self.width + usize::from(self.layout.setting().free);
        let over = blocks
            .into_iter()
            .map(|block| (block, self.layout.overhang(block, room)));
        self.overhangs = over.filter(|(_, cells)| *cells > 0).collect();
        let most = self.overhangs.iter().map(|(_, cells)| *cells).max();
        self.widest = most.unwrap_or(0);
        self.sideways = self.sideways.min(self.widest);
    }

    fn scroll_to(&mut self, top: Spot) {
        self.to_of_whole = None;
        self.top = top;
        self.show();
        self.anchor = (self.top.block, self.layout.offset(self.top));
    }

    /// Scrolls by so many lines, down or up.
    pub fn scroll(&mut self, lines: isize) {
        let top = if lines >= 0 {
            self.layout.down(self.top, lines.unsigned_abs())
        } else {
            self.layout.up(self.top, lines.unsigned_abs())
        };
        self.scroll_to(top);
    }

    /// Scrolls by a page or half a page, with some lines in common.
    pub fn scroll_pages(&mut self, pages: Pages) {
        let page = self.shown().saturating_sub(OVERLAP).max(1) as isize;
        let half = (self.shown() / 2).max(1) as isize;
        let before = (self.page.first().copied(), self.page.last().copied());
        match pages {
            // Two facing pages are turned as in a book: the next ones begin where these end.
            _ if self.facing => self.turn_spread(pages),
            Pages::Down => self.scroll(page),
            Pages::Up => self.scroll(-page),
            Pages::HalfDown => self.scroll(half),
            Pages::HalfUp => self.scroll(-half),
        }
        self.close_gap(before.0);
        let eye = match pages {
            Pages::Down | Pages::HalfDown => before.1,
            Pages::Up | Pages::HalfUp => before.0,
        };
        // An empty line is none that the eye was on.
        let eye = eye.map(|spot| self.layout.behind_gap(spot));
        // Where nothing moved, nobody lost the line.
        let moved = self.page.first().copied() != before.0;
        self.eye = eye.filter(|spot| moved && self.page.contains(spot));
    }

    /// To the first line.
    pub fn to_start(&mut self) {
        let start = self.layout.start();
        self.scroll_to(start);
    }

    /// To the last page.
    pub fn to_end(&mut self) {
        let end = self.layout.end();
        self.scroll_to(end);
        self.to_of_whole = self.layout.document().is_partial().then_some(1.0);
    }

    /// To the page before which so much of the text stands, from 0 to 1. What is folded there stays so.
    pub fn to_fraction(&mut self, fraction: f64) {
        if fraction >= 1.0 {
            self.to_end();
            return;
        }
        let (block, offset) = self.layout.document().place_at(fraction);
        let top = self.layout.spot(block, offset);
        self.scroll_to(top);
        self.asked = Some((self.anchor, fraction));
        self.to_of_whole = self.layout.document().is_partial().then_some(fraction);
    }

    /// To a place in the text: it then stands at the top, or as near to it as the end allows.
    pub fn to(&mut self, block: usize, offset: usize) {
        self.layout.reveal(block);
        if self.height == 0 {
            // Not set to any page yet: the first one will begin there.
            self.anchor = (block, offset);
            return;
        }
        let spot = self.layout.spot(block, offset);
        self.scroll_to(spot);
    }

    /// The place at the top of the page.
    pub fn place(&self) -> (usize, usize) {
        self.anchor
    }

    /// To the nearest heading below the top of the page, or above it. False if there is none.
    pub fn to_heading(&mut self, below: bool) -> bool {
        let here = self.top.block;
        let inside = usize::from(self.top.line > 0);
        let document = Arc::clone(self.layout.document());
        let found = match document.headings() {
            Some(all) => {
                let mut all = all.iter().map(|it| it.block);
                let layout = &mut self.layout;
                match below {
                    true => all.find(|it| *it > here && !layout.is_hidden(*it)),
                    false => all.rfind(|it| *it < here + inside && !layout.is_hidden(*it)),
                }
            }
            None => self.near_heading(below),
        };
        if let Some(block) = found {
            self.to(block, 0);
        }
        found.is_some()
    }

    /// A heading that is not far, of a text whose headings are not gathered.
    fn near_heading(&mut self, below: bool) -> Option<usize> {
        let mut block = self.top.block;
        for _ in 0..FAR {
            block = match below {
                true => self.layout.next_block(block)?,
                false => self.layout.previous_block(block)?,
            };
            if self.layout.block(block)?.heading().is_some() {
                return Some(block);
            }
        }
        Some(block)
    }

    /// By how many cells a block is scrolled sideways: no further than it goes, and not at all if it
    /// fits the page.
    pub fn scrolled(&self, block: usize) -> usize {
        let over = self.overhangs.iter().find(|(wide, _)| *wide == block);
        over.map_or(0, |(_, cells)| self.sideways.min(*cells))
    }

    /// Scrolls wide lines sideways.
    pub fn scroll_sideways(&mut self, right: bool) {
        let by = (self.width / 4).max(1);
        self.sideways = if right {
            (self.sideways + by).min(self.widest)
        } else {
            self.sideways.saturating_sub(by)
        };
    }

    /// Whether the last line shows.
    pub fn at_end(&self) -> bool {
        self.ends
    }

    /// How far it was read: what stands above the page is, and all of it once somebody who reads has its
    /// end before them. So it is the same after every way to a page, and at every size of it.
    pub fn progress(&self) -> Progress {
        let seen = match self.before_search.filter(|_| self.is_searched()) {
            Some(before) => before.seen,
            None => self.passed(),
        };
        Progress {
            block: self.anchor.0,
            offset: self.anchor.1,
            seen,
            ended: seen >= 1.0,
            print: self.layout.block(self.anchor.0).map_or(0, Block::print),
        }
    }

    /// How much is passed at the page that shows, whatever of it was read.
    pub fn passed(&self) -> f64 {
        if let Some(from) = self.passed_before_note() {
            return from;
        }
        let ends = self.at_end() && (self.moved || self.is_searched());
        // A page that becomes smaller takes the end away, but not from what was read.
        if ends || self.ended_from.is_some_and(|from| self.anchor >= from) {
            return 1.0;
        }
        let asked = self.asked.filter(|(place, _)| *place == self.anchor);
        let above = asked.map_or_else(
            || self.layout.fraction(self.anchor.0, self.anchor.1),
            |(_, fraction)| fraction,
        );
        // Of a text without words all is passed at once, but it was only opened.
        Some(above).filter(|it| *it < 1.0).unwrap_or(0.0)
    }

    /// The reader reads on from the page that shows: from now on it counts what is seen.
    pub fn go_on(&mut self) {
        // Who moves among the notes has not read all that stands before them.
        if self.is_among_notes() {
            return;
        }
        self.moved = true;
        self.read_on_from_search();
    }

    /// The end was read on the page that shows: that holds at every size the page takes from now on.
    pub fn be_ended(&mut self) {
        let from = self.ended_from.get_or_insert(self.anchor);
        *from = self.anchor.min(*from);
    }

    /// Minutes that the rest takes, as the list counts them for the whole; none at the end.
    pub fn minutes_left(&self) -> usize {
        let seen = self.passed();
        let left = (1.0 - seen) * self.layout.document().words as f64;
        if seen >= 1.0 {
            0
        } else {
            story::minutes(left as usize)
        }
    }
}

#[cfg(test)]
#[path = "reader/tests.rs"]
mod tests;
