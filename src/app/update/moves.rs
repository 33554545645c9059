//! Moving: within a column, between columns, from story to story.

use super::super::{
    action::Action,
    geometry::Column,
    message::Effect,
    model::{MEASURES, Model},
    reader::{MATCHES, Open, Pages},
};
use crate::{
    document::scheme,
    story::{self, Anchor, StoryId, link::bare},
};

/// The scheme of addresses of files that came with a letter.
const ATTACHMENT: &str = "attachment";

impl Model {
    /// Does something to the open page, if there is one.
    pub(super) fn in_page(&mut self, act: impl FnOnce(&mut Open)) {
        if let Some(open) = &mut self.reader.open {
            act(open);
        }
    }

    /// To the next match in the text or the one before, round and round.
    pub(super) fn step_match(&mut self, forward: bool) {
        let at = |model: &Model| {
            let search = model.reader.open.as_ref()?.search.as_ref()?;
            let more = search.total.is_some_and(|all| all > search.found.len());
            Some((search.current, more))
        };
        let before = at(self);
        self.in_page(|open| open.step_match(forward));
        if let (Some((before, true)), Some((now, _))) = (before, at(self))
            && (now < before) == forward
            && now != before
        {
            let count = story::grouped(MATCHES);
            self.notice(format!(
                "Only the first {count} matches are kept; round to them."
            ));
        }
    }

    /// To the heading below, or the one above; among comments to a new one.
    pub(super) fn step_heading(&mut self, below: bool) {
        let Some(open) = &mut self.reader.open else {
            return;
        };
        if !open.to_heading(below) {
            let (place, comments) = (if below { "below" } else { "above" }, open.comments);
            let what = if comments { "new comment" } else { "heading" };
            self.notice(format!("No {what} {place}."));
        }
    }

    pub(super) fn step(&mut self, by: isize, effects: &mut Vec<Effect>) {
        match self.focus {
            Column::Sources => {
                self.choose_source(self.sources.cursor.saturating_add_signed(by), effects)
            }
            Column::List => self.list.step(by),
            Column::Reader => self.in_page(|open| open.step(by)),
        }
    }

    pub(super) fn page(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let pages = match action {
            Action::PageDown => Pages::Down,
            Action::PageUp => Pages::Up,
            Action::HalfPageDown => Pages::HalfDown,
            _ => Pages::HalfUp,
        };
        let down = matches!(pages, Pages::Down | Pages::HalfDown);
        let half = matches!(pages, Pages::HalfDown | Pages::HalfUp);
        let geometry = self.geometry();
        match self.focus {
            Column::Sources => {
                let height = geometry.sources.map_or(1, |place| place.height);
                let rows = isize::try_from(if half { height / 2 } else { height }).unwrap_or(1);
                self.step(if down { rows } else { -rows }, effects);
            }
            Column::List => {
                let place = geometry.list.unwrap_or_default();
                let height = usize::from(if half { place.height / 2 } else { place.height });
                let rows = self.list.page(height, usize::from(place.width), &self.now);
                let rows = isize::try_from(rows).unwrap_or(1);
                self.list.step(if down { rows } else { -rows });
            }
            Column::Reader => self.in_page(|open| open.turn(pages)),
        }
    }

    pub(super) fn go_to_end(&mut self, end: bool, effects: &mut Vec<Effect>) {
        match self.focus {
            Column::Sources => self.choose_source(if end { usize::MAX } else { 0 }, effects),
            Column::List => {
                let window = &self.list.window;
                let at_hand = if end {
                    window.first + window.rows.len() == window.total
                } else {
                    window.first == 0
                };
                self.list.go(if end { usize::MAX } else { 0 });
                if !at_hand {
                    self.load(if end { Anchor::End } else { Anchor::Start }, effects);
                }
            }
            Column::Reader => {
                self.in_page(|open| if end { open.to_end() } else { open.to_start() })
            }
        }
    }

    pub(super) fn column_left(&mut self) {
        self.focus = match self.focus {
            Column::Reader => {
                self.zen = false;
                Column::List
            }
            Column::List | Column::Sources => Column::Sources,
        };
        self.miss_feeds();
    }

    /// Whoever comes to the sources and finds none of the feeds there is told, once, how to have them there.
    fn miss_feeds(&mut self) {
        if self.focus == Column::Sources && self.sources.misses_feeds() {
            self.notice(
                "Feeds are hidden: a and the address of one shows it here; searches find their stories."
                    .to_owned(),
            );
        }
    }

    pub(super) fn column_right(&mut self, effects: &mut Vec<Effect>) {
        match self.focus {
            Column::Sources => self.focus = Column::List,
            Column::List | Column::Reader => self.read_current(effects),
        }
    }

    pub(super) fn next_column(&mut self, effects: &mut Vec<Effect>) {
        match self.focus {
            Column::Reader => {
                self.zen = false;
                self.focus = Column::Sources;
            }
            // Where there is nothing to read, the list is the last column.
            Column::List if self.list.current().is_none() => self.focus = Column::Sources,
            Column::Sources | Column::List => self.column_right(effects),
        }
        self.miss_feeds();
    }

    pub(super) fn previous_column(&mut self, effects: &mut Vec<Effect>) {
        match self.focus {
            Column::Reader | Column::List => self.column_left(),
            Column::Sources if self.list.current().is_none() => self.focus = Column::List,
            Column::Sources => self.read_current(effects),
        }
    }

    /// Puts the keys on the reader, with the story of the list's cursor.
    pub(super) fn read_current(&mut self, effects: &mut Vec<Effect>) {
        let Some(id) = self.list.current().map(|row| row.id) else {
            return;
        };
        if self.focus != Column::Reader {
            self.want(id, effects);
        }
        self.focus = Column::Reader;
    }

    pub(super) fn leave(&mut self, effects: &mut Vec<Effect>) {
        let searching = self
            .reader
            .open
            .as_ref()
            .is_some_and(|open| open.search.is_some());
        let open = self.reader.open.as_ref();
        let noted = open.is_some_and(|open| !open.foot.is_empty());
        if self.piping > 0 {
            effects.push(Effect::EndPiped);
        } else if self.focus == Column::Reader && noted {
            self.in_page(Open::close_footnotes);
        } else if self.focus == Column::Reader && searching {
            self.in_page(Open::close_search);
        } else if self.focus == Column::Reader && self.is_in_comments() {
            self.leave_comments(effects);
        } else if self.zen || self.focus == Column::Reader {
            self.zen = false;
            self.focus = Column::List;
        } else if !self.list.selected.is_empty() {
            self.list.clear_selection();
        } else if self.list.before_search.is_some() {
            self.leave_search(effects);
        } else {
            self.focus = Column::List;
        }
    }

    pub(super) fn back_or_quit(&mut self, effects: &mut Vec<Effect>) {
        match self.focus {
            Column::List if self.list.before_search.is_some() => self.leave_search(effects),
            Column::List => effects.push(Effect::Quit),
            Column::Reader if self.is_in_comments() => self.leave_comments(effects),
            Column::Sources | Column::Reader => {
                self.zen = false;
                self.focus = Column::List;
            }
        }
    }

    /// The story `by` places further in the list, in the reader.
    pub(super) fn read_neighbour(&mut self, by: isize, effects: &mut Vec<Effect>) {
        let before = self.list.cursor;
        // Where the open story went out of the list, the cursor stands on the one after it already.
        let here = self.list.current().map(|row| row.id);
        let gone = self
            .reader
            .wanted
            .is_some_and(|id| here != Some(id) && self.list.window.index_of(id).is_none());
        if let (true, Some(id)) = (gone && by > 0, here) {
            return self.want(id, effects);
        }
        self.list.step(by);
        if self.list.cursor == before {
            let end = if by > 0 { "last" } else { "first" };
            self.notice(format!("This is the {end} story of the list."));
        } else if let Some(id) = self.list.current().map(|row| row.id) {
            self.want(id, effects);
        }
    }

    pub(super) fn browse(&mut self, effects: &mut Vec<Effect>) {
        let chosen = match self.focus {
            Column::Reader => self.reader.wanted,
            _ => self.list.current().map(|row| row.id),
        };
        let url = match &self.reader.open {
            Some(open) if Some(open.id) == chosen => open.about.url.clone(),
            _ => self
                .list
                .current()
                .and_then(|row| row.url.as_deref().map(str::to_owned)),
        };
        match url {
            Some(url) => self.open_outside(&url, effects),
            None => self.notice("This story names no page that a browser could open.".to_owned()),
        }
    }

    /// Follows a link of the open story.
    pub(super) fn follow(&mut self, target: &str, effects: &mut Vec<Effect>) {
        let Some(from) = self.reader.open.as_ref().map(|open| open.id) else {
            return;
        };
        if let Some(name) = target.strip_prefix('#') {
            let name = name.to_owned();
            let is_reference = name.starts_with("fnref-");
            let open = self.reader.open.as_ref();
            // Whoever stays where they are has left no place.
            if !is_reference && !open.is_some_and(|open| open.has_anchor(&name)) {
                return self.notice(format!("Nothing in this story is called “{name}”."));
            }
            self.remember_place();
            self.in_page(|open| {
                if !is_reference && !name.starts_with("fn-") {
                    open.be_led();
                }
                open.to_anchor(&name);
            });
        } else if let Some(media_type) = self.type_of_file(target) {
            let url = bare(target).into_owned();
            if scheme(target).as_deref() == Some(ATTACHMENT) {
                let of = from;
                self.notice("Opening the file …".to_owned());
                return effects.push(Effect::OpenAttachment {
                    of,
                    url,
                    media_type,
                });
            }
            self.notice(format!("Opening {url}"));
            effects.push(Effect::OpenFile { url, media_type });
        } else if scheme(target).is_some_and(|it| !matches!(&*it, "http" | "https")) {
            self.open_outside(target, effects);
        } else {
            effects.push(Effect::ResolveLink {
                from,
                target: target.to_owned(),
            });
        }
    }

    /// The type of a file that comes with the open story, as far as that is known.
    fn type_of_file(&self, target: &str) -> Option<Option<String>> {
        let safe = matches!(
            scheme(target).as_deref(),
            Some("http" | "https" | ATTACHMENT)
        );
        let after = self.reader.open.as_ref()?.after.as_ref().filter(|_| safe)?;
        let file = after.files.iter().find(|file| file.url == target)?;
        Some(file.media_type.clone())
    }

    /// Only what a browser or a mail program may safely be given goes out.
    pub(super) fn open_outside(&mut self, url: &str, effects: &mut Vec<Effect>) {
        match scheme(url).as_deref() {
            Some("http" | "https" | "mailto") => {
                let url = match scheme(url).as_deref() {
                    Some("mailto") => url.to_owned(),
                    _ => bare(url).into_owned(),
                };
                self.notice(format!("Opening {url}"));
                effects.push(Effect::Browse(url));
            }
            _ => self.notice(format!(
                "recto opens only http, https and mailto links, not {url}"
            )),
        }
    }

    /// Whether the way back from the open story leads to the list in which a search of everything
    /// found it: nowhere in it a place was left since.
    pub(in crate::app) fn came_by_hit(&self) -> bool {
        let hit = self.reader.open.as_ref().filter(|it| !it.hit.is_empty());
        hit.is_some_and(|open| self.back.last().is_none_or(|(id, ..)| *id != open.id))
            && self.focus == Column::Reader
            && self.list.before_search.is_some()
    }

    pub(super) fn go_back(&mut self, effects: &mut Vec<Effect>) {
        let open = self.reader.open.as_mut();
        if let Some((block, offset)) = open.and_then(Open::take_place_before_search) {
            self.forward.extend(self.present_place());
            self.in_page(|open| {
                open.to(block, offset);
                open.leave_search();
            });
            return;
        }
        if self.came_by_hit() {
            self.zen = false;
            self.focus = Column::List;
        } else if let Some(place) = self.back.pop() {
            self.forward.extend(self.present_place());
            self.go_to_place(place, effects);
        }
    }

    /// To the place that was left last; that the reader is at now takes its turn.
    pub(super) fn change_places(&mut self, effects: &mut Vec<Effect>) {
        self.part_from_search();
        let Some(place) = self.back.pop() else {
            return self
                .notice("No place was left yet by a link, a mark or the outline.".to_owned());
        };
        self.back.extend(self.present_place());
        self.focus = Column::Reader;
        self.go_to_place(place, effects);
    }

    pub(super) fn go_forward(&mut self, effects: &mut Vec<Effect>) {
        if let Some(place) = self.forward.pop() {
            self.back.extend(self.present_place());
            // It may be where a search led to: not read before one reads on there.
            self.in_page(|open| {
                if open.id == place.0 && open.is_page() {
                    open.be_taken_away(None);
                }
            });
            self.go_to_place(place, effects);
        }
    }

    /// Story, block and offset of the page that shows; none for a source, which has other ones.
    pub fn present_place(&self) -> Option<(StoryId, usize, usize)> {
        let open = self.reader.open.as_ref().filter(|open| open.is_page())?;
        let (block, offset) = open.place();
        Some((open.id, block, offset))
    }

    pub(super) fn go_to_place(
        &mut self,
        (id, block, offset): (StoryId, usize, usize),
        effects: &mut Vec<Effect>,
    ) {
        // No place is one among comments, or in a source.
        self.leave_comments(effects);
        if self.reader.open.as_ref().is_some_and(|open| open.source)
            && let Some(page) = self.reader.aside.take()
        {
            self.reader.open = Some(page);
        }
        match &mut self.reader.open {
            // Another story may be on its way: then it is that one that has to make room.
            Some(open) if open.id == id && self.reader.wanted == Some(id) => {
                open.to(block, offset);
            }
            _ => {
                self.reader.place = Some((id, block, offset));
                if let Some(index) = self.list.window.index_of(id) {
                    self.list.go(index);
                }
                self.want(id, effects);
            }
        }
    }

    pub(super) fn set_measure(&mut self, by: i16) {
        // From what shows, not from what was wished for: each press is to be seen.
        let shown = self
            .geometry()
            .page(u16::MAX)
            .map_or(self.measure, |page| page.width);
        let from = self.measure.min(shown.max(MEASURES.0));
        let measure = from.saturating_add_signed(by).clamp(MEASURES.0, MEASURES.1);
        self.measure = if by > 0 {
            measure.max(self.measure)
        } else {
            measure
        };
    }
}
