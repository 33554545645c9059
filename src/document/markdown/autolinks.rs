//! Addresses that stand in a text as they are lead where they say.

use super::{
    super::block::{LinkId, Marks, Run, Text},
    Builder,
};
use crate::story::autolink::autolinks;

impl Builder {
    /// Makes links of the addresses in the text under way that are not in one, nor in code.
    pub(super) fn link_addresses(&mut self) {
        let text = &self.inline.text;
        if !text.contains("://") && !text.contains("www.") && !text.contains('@') {
            return;
        }
        let mut links: Vec<(std::ops::Range<usize>, LinkId)> = Vec::new();
        let mut runs = self.inline.runs.as_slice();
        for (range, target) in autolinks(text) {
            let passed = runs.partition_point(|it| it.range.end <= range.start);
            runs = &runs[passed..];
            let mut within = runs.iter().take_while(|it| it.range.start < range.end);
            if within.all(is_plain) {
                self.out.links.push(target);
                links.push((range, self.out.links.len() - 1));
            }
        }
        if links.is_empty() {
            return;
        }
        let whole = std::mem::take(&mut self.inline);
        let mut out = Text::default();
        let mut links = links.iter().peekable();
        for run in &whole.runs {
            let mut at = run.range.start;
            while at < run.range.end {
                let next = links.peek().map(|(range, link)| (range.clone(), *link));
                let (end, link) = match next {
                    Some((range, link)) if range.start <= at => (range.end, Some(link)),
                    Some((range, _)) => (range.start, run.link),
                    None => (run.range.end, run.link),
                };
                let end = end.min(run.range.end);
                out.push(&whole.text[at..end], run.marks, link);
                at = end;
                while links.peek().is_some_and(|(range, _)| range.end <= at) {
                    links.next();
                }
            }
        }
        self.inline = out;
    }
}

fn is_plain(run: &Run) -> bool {
    let literal = [Marks::CODE, Marks::MATH, Marks::IMAGE, Marks::NOTE];
    run.link.is_none() && !literal.into_iter().any(|it| run.marks.has(it))
}
