//! What a program said that a story was piped to.

use std::sync::Arc;

use super::action::Action;
use crate::document::{Document, Layout, Line, Rtl, Setting, Spot};

/// The text that a program gave, while it shows.
#[derive(Debug)]
pub struct Output {
    /// The command, as it was typed.
    pub command: String,
    layout: Layout,
    /// The lines that show.
    page: Vec<Spot>,
    top: Spot,
    /// Whether the last line shows.
    ends: bool,
    height: usize,
}

impl Output {
    /// Cells left of each line.
    pub const INDENT: u16 = 2;

    /// What `command` said.
    pub fn new(command: String, text: String) -> Self {
        let setting = Setting {
            measure: 0,
            free: 0,
            hyphenate: false,
            justify: false,
            rtl: Rtl::AsRead,
        };
        Output {
            command,
            layout: Layout::new(Arc::new(Document::of_source(text)), setting),
            page: Vec::new(),
            top: Spot::default(),
            ends: true,
            height: 1,
        }
    }

    /// Sets it to a screen of this size.
    pub(super) fn set_to(&mut self, columns: u16, rows: u16) {
        let measure = columns.saturating_sub(2 * Output::INDENT).max(1);
        let setting = self.layout.setting();
        if setting.measure != measure {
            let offset = self.layout.offset(self.top);
            self.layout.set_anew(Setting { measure, ..setting });
            self.top = self.layout.spot(self.top.block, offset);
        }
        self.height = usize::from(rows.saturating_sub(1)).max(1);
        self.show();
    }

    fn show(&mut self) {
        self.page = self.layout.full_page(&mut self.top, self.height);
        self.ends = self.layout.ends_with(&self.page);
    }

    /// Moves in it. False if the action leaves it.
    pub(super) fn act(&mut self, action: Action) -> bool {
        let (line, half, page) = (1, (self.height / 2).max(1), self.height.max(3) - 2);
        self.top = match action {
            Action::MoveDown => self.layout.down(self.top, line),
            Action::MoveUp => self.layout.up(self.top, line),
            Action::HalfPageDown => self.layout.down(self.top, half),
            Action::HalfPageUp => self.layout.up(self.top, half),
            Action::PageDown => self.layout.down(self.top, page),
            Action::PageUp => self.layout.up(self.top, page),
            Action::ToStart => Spot::default(),
            Action::ToEnd => self.layout.end(),
            Action::Leave | Action::Back | Action::Pipe => return false,
            _ => self.top,
        };
        self.show();
        true
    }

    /// The lines that show.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.page.iter().filter_map(|spot| self.layout.line(*spot))
    }

    /// Whether more follows below.
    pub fn goes_on(&self) -> bool {
        !self.ends
    }
}
