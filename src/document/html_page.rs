//! A story as an HTML page, for `recto show --format html`.

use pulldown_cmark::{CowStr, Event, LinkType, Parser, Tag, TagEnd, TextMergeStream, html};

use crate::story::{
    Story,
    autolink::autolinks,
    clean,
    markdown::{extensions, settled},
};

/// The page. Markup of the story's own is shown as text, and only links that a browser may safely
/// follow lead anywhere: the page runs nothing.
pub fn html_page(story: &Story) -> String {
    let source = settled(&story.markdown);
    let events = TextMergeStream::new(Parser::new_ext(&source, extensions()));
    let mut literal = 0_usize;
    let events = events.flat_map(|event| {
        match &event {
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
        Event::Html(source) | Event::InlineHtml(source) => Event::Text(source),
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
            dest_url: harmless(dest_url),
            title,
            id,
        }),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, body);
    let title = escaped(&story.title);
    let language = story
        .language
        .as_deref()
        .map_or_else(String::new, |tag| format!(" lang=\"{}\"", escaped(tag)));
    let byline = match &story.authors[..] {
        [] => String::new(),
        authors => format!("<p>{}</p>\n", escaped(&authors.join(", "))),
    };
    let page = format!(
        "<!doctype html>\n<html{language}>\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         </head>\n<body>\n<h1>{title}</h1>\n{byline}{out}</body>\n</html>",
    );
    // Entities in the Markdown were decoded on the way.
    clean::text(&page).into_owned()
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

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
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
