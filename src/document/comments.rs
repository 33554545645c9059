//! Comments as a document of their own: each with what was answered to it below, to be folded.

use jiff::tz::TimeZone;

use super::{
    block::{Block, Body, Marks, Nest, Role, Text},
    markdown,
    part::Details,
    parts::{Document, Heading, Part},
};
use crate::story::{self, Comment};

/// What stands before a comment that is new.
const NEW: &str = "● ";

impl Document {
    /// The page of the comments on the story of this title.
    pub fn of_comments(title: &str, comments: &[Comment], zone: &TimeZone) -> Document {
        let mut part = Part::default();
        let mut head = Block::text(Role::Title, Text::plain("Comments"));
        head.gap = false;
        part.blocks.push(head);
        part.blocks.push(Block::text(
            Role::Byline,
            Text::plain(summary(title, comments)),
        ));
        // What one goes to from heading to heading: the new comments, or all that answer none.
        let is_any_new = comments.iter().any(|it| it.new);
        let mut headings = Vec::new();
        // The comments that the present one stands below: depth, and index among the details.
        let mut over: Vec<(usize, usize)> = Vec::new();
        let mut folds: Vec<Details> = Vec::new();
        for comment in comments {
            close(&mut over, &mut folds, comment.depth, part.blocks.len());
            let summary = part.blocks.len();
            over.push((comment.depth, folds.len()));
            folds.push(Details {
                summary,
                content: summary + 1,
                end: summary + 1,
                open: true,
                goes_on: false,
            });
            let head = head_of(comment, zone);
            if if is_any_new {
                comment.new
            } else {
                comment.depth == 0
            } {
                headings.push((summary, comment));
            }
            part.blocks.push(head);
            part.append(body_of(comment));
        }
        close(&mut over, &mut folds, 0, part.blocks.len());
        part.details.extend(folds);
        part.details.sort_by_key(|it| it.summary);
        let words = comments.iter().map(|it| story::words(&it.markdown)).sum();
        let document = Document {
            words,
            ..Document::of_part(part)
        };
        let headings = headings.into_iter().map(|(block, comment)| Heading {
            block,
            level: 1,
            text: heading_of(comment),
        });
        document.lead_to(headings.collect());
        document
    }
}

/// Ends the details of all that do not stand above `depth`.
fn close(over: &mut Vec<(usize, usize)>, folds: &mut [Details], depth: usize, end: usize) {
    while let Some((_, fold)) = over.pop_if(|(above, _)| *above >= depth) {
        if let Some(fold) = folds.get_mut(fold) {
            fold.end = end;
        }
    }
}

fn summary(title: &str, comments: &[Comment]) -> String {
    let new = comments.iter().filter(|it| it.new).count();
    let count = match comments.len() {
        0 => "nobody has said anything yet".to_owned(),
        1 => "1 comment".to_owned(),
        all => format!("{} comments", story::grouped(all)),
    };
    let new = match new {
        0 => String::new(),
        new => format!(", {} new", story::grouped(new)),
    };
    format!("On “{title}” · {count}{new}")
}

/// Who says it, when, and how much was answered.
fn head_of(comment: &Comment, zone: &TimeZone) -> Block {
    let mut text = Text::default();
    if comment.new {
        text.push(NEW, Marks::STRONG, None);
    }
    text.push(author_of(comment), Marks::STRONG, None);
    let mut facts = String::new();
    if let Some(at) = comment.published {
        facts.push_str(&format!(" · {}", story::precise(at, zone)));
    }
    match comment.replies {
        0 => {}
        1 => facts.push_str(" · 1 reply"),
        replies => facts.push_str(&format!(" · {} replies", story::grouped(replies))),
    }
    text.push(&facts, Marks::FACTS, None);
    let mut nest = below(comment.depth);
    nest.push(Nest::Details { summary: true });
    Block {
        nest,
        joined: comment.depth,
        ..Block::text(Role::Plain, text)
    }
}

/// What it says, within the details of its head and of those above.
fn body_of(comment: &Comment) -> Part {
    let mut part = markdown::parse(&comment.markdown);
    // Nobody measures pictures here: they stay words. Names would be taken for those of other comments.
    part.pictures.clear();
    part.anchors.clear();
    let around = comment.depth + 1;
    for (index, block) in part.blocks.iter_mut().enumerate() {
        block.nest.splice(0..0, below(around));
        block.joined += around;
        block.gap &= index > 0;
        // No heading of the page is one of somebody's words.
        if let Body::Text { role, .. } = &mut block.body
            && matches!(role, Role::Heading(_))
        {
            *role = Role::Term;
        }
    }
    part
}

/// What a comment goes by in the outline: who says it, and how it begins.
fn heading_of(comment: &Comment) -> String {
    let mut words = comment.markdown.split_whitespace().take(8);
    let begins = words.by_ref().collect::<Vec<_>>().join(" ");
    format!("{}: {begins}", author_of(comment))
}

fn author_of(comment: &Comment) -> &str {
    match comment.author.trim() {
        "" => "Somebody",
        author => author,
    }
}

fn below(depth: usize) -> Vec<Nest> {
    vec![Nest::Details { summary: false }; depth]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::{Layout, Rtl, Setting};

    fn page(comments: &[Comment], fold: Option<usize>) -> String {
        let document = Document::of_comments("A story", comments, &TimeZone::UTC);
        let setting = Setting {
            measure: 40,
            free: 0,
            hyphenate: false,
            justify: false,
            rtl: Rtl::AsRead,
        };
        let mut layout = Layout::live(Arc::new(document), setting);
        if let Some(block) = fold {
            layout.start();
            layout.fold(block, false);
        }
        let mut text = String::new();
        layout.each_line(|line| {
            text.push_str(line.plain().trim_end());
            text.push('\n');
            true
        });
        text
    }

    #[test]
    fn answers_stand_indented_and_fold_with_what_they_answer() {
        let said = |author: &str, markdown: &str, depth, replies, new| Comment {
            author: author.into(),
            published: None,
            markdown: markdown.into(),
            depth,
            replies,
            new,
        };
        let all = [
            said("Ann", "One.\n\nTwo.", 0, 2, false),
            said("Ben", "## Three", 1, 1, true),
            said("", "", 2, 0, true),
            said("Cem", "> Four", 0, 0, false),
        ];
        let want = "Comments\n\nOn “A story” · 4 comments, 2 new\n\n▾ Ann · 2 replies\n  One.\n\n  Two.\n\n  \
                    ▾ ● Ben · 1 reply\n    Three\n\n    ▾ ● Somebody\n\n▾ Cem\n  │ Four\n";
        assert_eq!(page(&all, None), want);
        let want = "Comments\n\nOn “A story” · 4 comments, 2 new\n\n▸ Ann · 2 replies\n\n▾ Cem\n  │ Four\n";
        assert_eq!(page(&all, Some(2)), want);
        assert!(page(&[], None).contains("nobody has said"));
    }
}
