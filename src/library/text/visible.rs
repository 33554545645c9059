//! A body's text as its reader sees it: without the marks of Markdown, addresses and tags.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Parser, Tag, TagEnd};

use crate::story::{
    element,
    markdown::{extensions, formula_within, is_math, settled},
    tex,
};

/// The visible text of some Markdown; its blocks on lines of their own.
pub(super) fn visible(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut html = Html::default();
    // Within an address that is its own text.
    let mut bare = false;
    let mut captions = Vec::new();
    let mut formula: Option<String> = None;
    for event in Parser::new_ext(&settled(markdown), extensions()) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_math(&info) => {
                text.push('\n');
                formula = Some(String::new());
            }
            Event::End(TagEnd::CodeBlock) => {
                let source = formula.take().unwrap_or_default();
                text.push_str(tex::unicode(&source).as_deref().unwrap_or(&source));
                text.push('\n');
            }
            Event::Text(_) if bare => {}
            Event::Text(it) if formula.is_some() => {
                formula.get_or_insert_default().push_str(&it);
            }
            Event::Text(it) => push(&mut text, &it),
            Event::Code(it) => text.push_str(&it),
            Event::InlineMath(it) | Event::DisplayMath(it) => {
                let source = formula_within(&it);
                let signs = tex::unicode(source);
                text.push_str(signs.as_deref().unwrap_or(source));
            }
            Event::Html(it) => html.push(&it, &mut text),
            // One tag.
            Event::InlineHtml(it) if !element::is_tag(&it) => text.push_str(&it),
            Event::InlineHtml(it) if is_within_words(&it) => {}
            Event::InlineHtml(_) => text.push(' '),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::Start(Tag::Image { title, .. }) => captions.push(title),
            // A caption stands under its picture.
            Event::End(TagEnd::Image) => {
                if let Some(caption) = captions.pop().filter(|it| !it.is_empty()) {
                    text.push('\n');
                    text.push_str(&caption);
                    text.push('\n');
                }
            }
            Event::Start(Tag::Link { link_type, .. }) => {
                bare = matches!(link_type, LinkType::Autolink | LinkType::Email);
            }
            Event::End(TagEnd::Link) => bare = false,
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {}
            Event::End(TagEnd::HtmlBlock) => {
                html = Html::default();
                text.push('\n');
            }
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => {}
            // What stands before may go on without an end of its own: the item around a list.
            Event::Start(_) | Event::End(_) => text.push('\n'),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) | Event::Rule => {}
        }
    }
    text
}

/// Elements that may stand within a word; all others part what stands before and behind them.
const WITHIN_WORDS: [&str; 32] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "mark", "nobr", "q", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "tt", "u", "var", "wbr",
];

/// Whether a tag, or a comment, may stand within a word.
fn is_within_words(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    let name = &name[..end];
    name.is_empty() || WITHIN_WORDS.iter().any(|it| name.eq_ignore_ascii_case(it))
}

/// Adds `it` without the addresses in it.
fn push(text: &mut String, it: &str) {
    let mut rest = it;
    while let Some(at) = rest.find("://") {
        let start = rest[..at]
            .rfind(|c: char| !c.is_ascii_alphanumeric())
            .map_or(0, |before| {
                before + rest[before..].chars().next().map_or(1, char::len_utf8)
            });
        let end = rest[at..]
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'))
            .map_or(rest.len(), |end| at + end);
        text.push_str(&rest[..start]);
        text.push(' ');
        rest = &rest[end..];
    }
    text.push_str(rest);
}

/// Where in raw HTML one is.
#[derive(Default)]
struct Html {
    /// Within a tag that did not end yet.
    tag: bool,
    /// Within an element that no reader sees, with the end of that one.
    hidden: Option<&'static str>,
}

impl Html {
    fn push(&mut self, html: &str, text: &mut String) {
        let mut rest = html;
        while !rest.is_empty() {
            if let Some(end) = self.hidden {
                let Some(at) = find_tag(rest, end) else {
                    return;
                };
                self.hidden = None;
                rest = &rest[at + end.len()..];
                // What is left of the tag.
                self.tag = end != "-->";
            } else if self.tag {
                text.push(' ');
                let Some(at) = rest.find('>') else { return };
                self.tag = false;
                rest = &rest[at + 1..];
            } else if let Some(at) = rest.find('<') {
                text.push_str(&rest[..at]);
                rest = &rest[at..];
                self.hidden = HIDDEN
                    .iter()
                    .find(|(start, _)| begins(rest, start))
                    .map(|(_, end)| *end);
                self.tag = self.hidden.is_none();
            } else {
                text.push_str(rest);
                return;
            }
        }
    }
}

/// Where elements begin and end whose content no reader sees.
const HIDDEN: [(&str, &str); 4] = [
    ("<script", "</script"),
    ("<style", "</style"),
    ("<template", "</template"),
    ("<!--", "-->"),
];

fn begins(html: &str, tag: &str) -> bool {
    let start = html.as_bytes().get(..tag.len());
    start.is_some_and(|it| it.eq_ignore_ascii_case(tag.as_bytes()))
}

fn find_tag(html: &str, tag: &str) -> Option<usize> {
    html.as_bytes()
        .windows(tag.len())
        .position(|it| it.eq_ignore_ascii_case(tag.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_seen_is_left() {
        for (markdown, want) in [
            (
                "# A *reef* knot\n\nis [not](bend.md) a **bend**.",
                "A reef knot is not a bend.",
            ),
            (
                "See <https://example.org/hidden> or https://a.example/b?c, (https://x.example)",
                "See or (",
            ),
            ("| a | b |\n|---|---|\n| c | `d` |", "a b c d"),
            (
                "![alt text](picture.png)\n\n- [x] done\n- item",
                "alt text done item",
            ),
            (
                "<div class=\"wide\">\n<p>Seen</p>\n<script>hidden()</script>\n<!-- no -->too\n</div>",
                "Seen too",
            ),
            ("a <b>bold</b> word &amp; more", "a bold word & more"),
            (
                "So $x \\le \\alpha$, but $\\cases$",
                "So x ≤ α, but \\cases",
            ),
            ("![alt](a.png \"Under it\")", "alt Under it"),
            ("hyper*link*ed", "hyperlinked"),
            ("US$5 to US$6, a Vec<String>", "US$5 to US$6, a Vec<String>"),
            ("[^1] noted\n\n[^1]: Below", "noted Below"),
            (
                "- one apple here\n  - two pears there\n    - three",
                "one apple here two pears there three",
            ),
            (
                "1. **Alpha.** Some text\n   - [ ] beta\n     > gamma",
                "Alpha. Some text beta gamma",
            ),
            (
                "x <ul><li>apricot<ul><li>banana</ul></ul>",
                "x apricot banana",
            ),
            ("Term\n: meaning\n: another", "Term meaning another"),
            (
                "H<sub>2</sub>O, <b>bold</b>ness<!-- a -->es, line<br>end",
                "H2O, boldnesses, line end",
            ),
        ] {
            let text = visible(markdown);
            let words: Vec<_> = text.split_whitespace().collect();
            assert_eq!(words.join(" "), want, "{markdown}");
        }
    }
}
