//! `<details>`: a summary, and what it unfolds to.

use super::{Block, Body, Builder, Nest, Role, Text};
use crate::document::part::Details;

/// What a browser shows where there is no summary (HTML, 4.11.1).
const UNNAMED: &str = "Details";

/// Details under way.
pub(super) struct Fold {
    /// How many containers they stand in.
    depth: usize,
    open: bool,
    summary: Option<usize>,
    content: Option<usize>,
    /// Where the summary under way began.
    begun: Option<usize>,
    /// Which of those it is that the text began within.
    before: Option<usize>,
}

impl Fold {
    /// Details of which the summary stands in an earlier part.
    pub(super) fn from_before(nth: usize) -> Fold {
        Fold {
            summary: Some(0),
            before: Some(nth),
            ..Fold::new(0, false)
        }
    }

    pub(super) fn new(depth: usize, open: bool) -> Fold {
        Fold {
            depth,
            open,
            summary: None,
            content: None,
            begun: None,
            before: None,
        }
    }
}

impl Builder {
    /// A summary begins, or ends.
    pub(super) fn summary(&mut self, opens: bool) {
        let here = self.out.blocks.len();
        let Some(fold) = self.folds.last_mut() else {
            return;
        };
        if opens && fold.summary.is_none() {
            fold.begun = Some(here);
            self.role = Role::Term;
        } else if let Some(begun) = fold.begun.take()
            && begun < here
        {
            fold.summary = Some(begun);
            fold.content = Some(here);
        }
    }

    /// What comes now is not the summary: if there was none, it gets one.
    pub(super) fn begin_content(&mut self) {
        let Some(fold) = self.folds.last_mut() else {
            return;
        };
        if fold.summary.is_some() || fold.begun.is_some() {
            return;
        }
        let here = self.out.blocks.len();
        fold.summary = Some(here);
        fold.content = Some(here + 1);
        let depth = (fold.depth + 1).min(self.nest.len());
        self.out.blocks.push(Block {
            body: Body::Text {
                role: Role::Term,
                text: Text::plain(UNNAMED),
            },
            nest: self.nest[..depth].to_vec(),
            depth,
            joined: self.joined.min(depth),
            gap: !self.close_up && here > 0,
            language: None,
        });
        self.close_up = false;
        self.joined = depth;
        self.unmark(depth);
    }

    /// A marker hangs before the first block only.
    pub(super) fn unmark(&mut self, depth: usize) {
        for nest in &mut self.nest[..depth] {
            match nest {
                Nest::Item { marker, .. } => *marker = None,
                Nest::Details { summary } => *summary = false,
                Nest::Quote | Nest::Alert(_) => {}
            }
        }
    }

    pub(super) fn end_details(&mut self) {
        self.summary(false);
        self.leave();
        self.close_up = false;
        let end = self.out.blocks.len();
        let fold = self.folds.pop();
        let before = fold.as_ref().and_then(|it| it.before);
        if let Some(lead) = before.and_then(|nth| self.out.leads.get_mut(nth)) {
            *lead = end;
            return;
        }
        // Footnotes are moved to the end: there they stand unfolded.
        if self.notes.open.is_none()
            && let Some(fold) = fold
            && let (Some(summary), Some(content)) = (fold.summary, fold.content)
            && (content < end || self.at_end)
        {
            self.out.details.push(Details {
                summary,
                content,
                end,
                open: fold.open,
                goes_on: self.at_end,
            });
        }
    }
}
