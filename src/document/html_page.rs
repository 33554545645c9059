//! A story as an HTML page, for `recto show --format html`.

use pulldown_cmark::{CowStr, Event, Parser, Tag, html};

use crate::story::{
    Story, clean,
    markdown::{extensions, settled},
};

/// The page. Markup of the story's own is shown as text, and only links that a browser may safely
/// follow lead anywhere: the page runs nothing.
pub fn html_page(story: &Story) -> String {
    let source = settled(&story.markdown);
    let body = Parser::new_ext(&source, extensions()).map(|event| match event {
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
