//! A story as an HTML page, for `recto show --format html`.

use std::{borrow::Cow, collections::HashMap};

use pulldown_cmark::{CowStr, Event, LinkType, Parser, Tag, TagEnd, TextMergeStream, html};

use super::{
    html::{Piece, pieces},
    markdown::slug,
};
use crate::story::{
    Story,
    autolink::autolinks,
    clean, escape,
    markdown::{extensions, settled},
};

/// The page. Of markup of the story's own only what says how a text is set is left, and only links that
/// a browser may safely follow lead anywhere: the page runs nothing.
pub fn html_page(story: &Story) -> String {
    let out = html_body(&story.markdown);
    let title = escape::markup(&story.title);
    let language = story.language.as_deref().map_or_else(String::new, |tag| {
        format!(" lang=\"{}\"", escape::markup(tag))
    });
    let byline = match &story.authors[..] {
        [] => String::new(),
        authors => format!("<p>{}</p>\n", escape::markup(&authors.join(", "))),
    };
    let page = format!(
        "<!doctype html>\n<html{language}>\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         </head>\n<body>\n<h1>{title}</h1>\n{byline}{out}</body>\n</html>",
    );
    // Entities in the Markdown were decoded on the way.
    clean::typed(&page).into_owned()
}

/// What a text in Markdown is in HTML, as it stands in a page. Headings have the names that links in the
/// text call them by. Where HTML of the text's own is broken, it is that here, too.
pub fn html_body(markdown: &str) -> String {
    let source = settled(markdown);
    let events = TextMergeStream::new(Parser::new_ext(&source, extensions()));
    let mut literal = 0_usize;
    let mut block: Option<String> = None;
    let events = events.flat_map(|event| {
        match &event {
            // It comes line by line, and its elements go over many.
            Event::Start(Tag::HtmlBlock) => block = Some(String::new()),
            Event::Html(line) if let Some(block) = &mut block => {
                block.push_str(line);
                return Vec::new();
            }
            Event::End(TagEnd::HtmlBlock) => {
                let source = block.take().unwrap_or_default();
                return vec![Event::Html(tame(&source, true).into()), event];
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => literal += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => {
                literal = literal.saturating_sub(1);
            }
            Event::Text(text) if literal == 0 => return linked(text),
            _ => {}
        }
        vec![event]
    });
    let body = events.map(|event| match event {
        Event::InlineHtml(source) => Event::InlineHtml(tame(&source, false).into()),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: harmless(dest_url),
            title,
            id,
        }),
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Image {
            link_type,
            dest_url: pictured(dest_url),
            title,
            id,
        }),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, named(body.collect()).into_iter());
    // Entities in the Markdown were decoded on the way.
    match clean::typed(&out) {
        Cow::Borrowed(_) => out,
        Cow::Owned(clean) => clean,
    }
}

/// Gives headings without a name one that is made of their words.
fn named(mut events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let (mut open, mut words) = (None, String::new());
    let mut times: HashMap<String, usize> = HashMap::new();
    for at in 0..events.len() {
        match &events[at] {
            Event::Start(Tag::Heading { id, .. }) => {
                open = id.is_none().then_some(at);
                words.clear();
            }
            Event::Text(text) | Event::Code(text) if open.is_some() => words.push_str(text),
            Event::End(TagEnd::Heading(_)) => {
                if let Some(start) = open.take()
                    && let Some(Event::Start(Tag::Heading { id, .. })) = events.get_mut(start)
                {
                    let name = slug(&words);
                    let is_named = !name.is_empty();
                    let before = times.entry(name.clone()).or_default();
                    let numbered = match *before {
                        0 => name,
                        // As a page of recto's own has it.
                        before => format!("{name}-{before}"),
                    };
                    *before += 1;
                    *id = Some(CowStr::from(numbered)).filter(|_| is_named);
                }
            }
            _ => {}
        }
    }
    events
}

/// Elements that say how a text is set, and do nothing.
const KEPT: [&str; 50] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Attributes that are kept: numbers, with the elements that have them.
const NUMBERS: [(&str, &str); 6] = [
    ("td", "colspan"),
    ("td", "rowspan"),
    ("th", "colspan"),
    ("th", "rowspan"),
    ("ol", "start"),
    ("li", "value"),
];

/// HTML of which nothing is left but the elements that are kept, and its text. What a reader is shown
/// as text is text here, too.
fn tame(source: &str, block: bool) -> String {
    let mut out = String::new();
    for piece in pieces(source, block) {
        let tag = match piece {
            Piece::Text(text) => {
                out.push_str(&escape::markup(&text));
                continue;
            }
            Piece::Tag(tag) => tag,
        };
        let name = tag.name.as_str();
        if name == "img" && tag.opens {
            let alt = escape::markup(tag.attribute("alt").unwrap_or_default());
            let src = pictured(tag.attribute("src").unwrap_or_default().to_owned().into());
            match src.is_empty() {
                true => out.push_str(&alt),
                false => out.push_str(&format!(
                    "<img src=\"{}\" alt=\"{alt}\" />",
                    escape::markup(&src)
                )),
            }
        }
        let name = match KEPT.contains(&name) {
            true => name,
            // What they hold begins on a line of its own.
            false if tag.is_block() => "div",
            false => continue,
        };
        if !tag.opens {
            out.push_str(&format!("</{name}>"));
            continue;
        }
        out.push('<');
        out.push_str(name);
        if let Some(address) = tag.attribute("href").filter(|_| name == "a") {
            let address = harmless(address.to_owned().into());
            out.push_str(&format!(" href=\"{}\"", escape::markup(&address)));
        }
        let place = tag.attribute("id").or_else(|| tag.attribute("name"));
        if let Some(place) = place.filter(|_| name == "a") {
            out.push_str(&format!(" id=\"{}\"", escape::markup(place)));
        }
        for (_, number) in NUMBERS.iter().filter(|(of, _)| *of == name) {
            let said = tag.attribute(number).and_then(|it| it.trim().parse().ok());
            if let Some::<u16>(said) = said {
                out.push_str(&format!(" {number}=\"{said}\""));
            }
        }
        out.push('>');
    }
    out
}

/// A text with the addresses in it as links.
fn linked<'a>(text: &str) -> Vec<Event<'a>> {
    let words = |text: &str| Event::Text(text.to_owned().into());
    let mut out = Vec::new();
    let mut from = 0;
    for (range, target) in autolinks(text) {
        out.push(words(&text[from..range.start]));
        out.push(Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url: target.into(),
            title: "".into(),
            id: "".into(),
        }));
        out.push(words(&text[range.clone()]));
        out.push(Event::End(TagEnd::Link));
        from = range.end;
    }
    out.push(words(&text[from..]));
    out
}

/// The address itself if it is relative, or one for a browser or a mail program; else none.
fn harmless(address: CowStr<'_>) -> CowStr<'_> {
    let scheme = address
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        None | Some("http" | "https" | "mailto") => address,
        // A colon may also stand in a path or a query.
        Some(scheme) if scheme.contains(['/', '?', '#']) => address,
        Some(_) => "".into(),
    }
}

/// The same of a picture, which may also be written out in its address.
fn pictured(address: CowStr<'_>) -> CowStr<'_> {
    let begins = |with: &str| {
        let beginning = address.get(..with.len());
        beginning.is_some_and(|it| it.eq_ignore_ascii_case(with))
    };
    let kinds = ["png", "jpeg", "jpg", "gif", "webp"];
    match kinds
        .iter()
        .any(|it| begins(&format!("data:image/{it};base64,")))
    {
        true => address,
        false => harmless(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::Kind;

    #[test]
    fn addresses_in_the_text_are_links() {
        let source = "See https://example.org/a_b, `www.a.example` and [foo@bar.org](x.md).";
        let page = html_page(&Story::new(Kind::Markdown, "T", source));
        let link = "<a href=\"https://example.org/a_b\">https://example.org/a_b</a>,";
        assert!(page.contains(link), "{page}");
        assert_eq!(page.matches("<a ").count(), 2, "{page}");
    }

    #[test]
    fn tables_of_html_are_tables_there_too() {
        let source = "<table class=wide>\n<tr onclick=x><td rowspan=\"2\">A &amp; B</td>\n<td colspan=x>1</td></tr>\n</table>\n\n\
                      a <sup>b</sup> Vec<String> <a href=\"javascript:x\">c</a>\n\n<script>\nbad()\n</script>";
        let page = html_page(&Story::new(Kind::Markdown, "T", source));
        for part in [
            "<table>\n<tr><td rowspan=\"2\">A &amp; B</td>\n<td>1</td></tr>\n</table>",
            "a <sup>b</sup> Vec&lt;String&gt; <a href=\"\">c</a>",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(!page.contains("bad"), "{page}");
    }

    #[test]
    fn the_page_runs_nothing() {
        let source = "<script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](HTTPS://x.example) \
                      <b onclick=x>hi</b>";
        let page = html_page(&Story::new(Kind::Markdown, "<i>T", source));
        for bad in ["<script", "javascript:", "<b ", "<i>"] {
            assert!(!page.contains(bad), "{bad} in {page}");
        }
        assert!(page.contains("href=\"HTTPS://x.example\""), "{page}");
    }
}
