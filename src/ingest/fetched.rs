//! What was fetched, or what a file holds that is to be kept, as a story: web pages, Markdown, plain text,
//! captures, each told by its media type, its name and how it begins.

use std::borrow::Cow;

use url::Url;

use super::{IngestError, epub, media_type, name, page, read};
use crate::story::{Kind, Story};

/// What came with the bytes of a page.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageOrigin<'a> {
    /// The name of its file, or the last part of its address.
    pub name: &'a str,
    /// Its media type, as it came.
    pub content_type: Option<&'a str>,
    /// Where it was published: relative addresses in it are resolved against this.
    pub address: Option<&'a Url>,
}

impl PageOrigin<'_> {
    /// Whether bytes that begin so are a book.
    pub fn is_book(self, beginning: &[u8]) -> bool {
        match &*media_type::bare(self.content_type.unwrap_or_default()) {
            epub::MEDIA_TYPE => true,
            // What servers say of anything they do not know, and of any archive.
            "" | "application/octet-stream" | "application/zip" => {
                epub::is_book(beginning, self.name)
            }
            _ => epub::is_book(beginning, ""),
        }
    }
}

/// A page that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// What is to be read of it.
    pub story: Story,
    /// Whether there is a story on it at all, and not only links or a form.
    pub is_story: bool,
    /// Whether there is a form on it to sign in by instead.
    pub asks: bool,
    /// Whether addresses in it were resolved.
    pub is_html: bool,
}

/// Whether bytes are a web page: so says their media type, their name, or how they begin.
fn is_page(bytes: &[u8], origin: PageOrigin<'_>) -> bool {
    let kind = media_type::bare(origin.content_type.unwrap_or_default());
    match &*kind {
        "text/html" | "application/xhtml+xml" => return true,
        // What servers say of anything they do not know.
        "" | "text/plain" | "application/octet-stream" => {}
        _ => return false,
    }
    super::is_page(bytes, origin.name)
}

/// Reads a page. Bytes that are no web page are read as [`read`] reads a file of this name.
///
/// # Errors
/// When the bytes are no text.
pub fn read_page<'a>(
    bytes: impl Into<Cow<'a, [u8]>>,
    origin: PageOrigin<'_>,
) -> Result<Page, IngestError> {
    let bytes = bytes.into();
    if is_page(&bytes, origin) {
        let from = page::Origin {
            address: origin.address,
            charset: origin.content_type.and_then(media_type::charset),
        };
        let story = page::read(&bytes, from, &name::title(origin.name));
        return Ok(Page {
            is_story: story.kind == Kind::Page,
            asks: story.warnings.iter().any(|it| it == page::SIGN_IN),
            story,
            is_html: true,
        });
    }
    let name = match &*media_type::bare(origin.content_type.unwrap_or_default()) {
        "text/markdown" | "text/x-markdown" => Cow::Borrowed("page.md"),
        // Of these the name is the title where nothing else is.
        epub::MEDIA_TYPE => called(origin.name, "epub"),
        "message/rfc822" => called(origin.name, "eml"),
        _ => Cow::Borrowed(origin.name),
    };
    let story = read(bytes, &name)?;
    Ok(Page {
        is_story: !story.markdown.trim().is_empty(),
        asks: false,
        story,
        is_html: false,
    })
}

/// Where a web page sends its reader at once (`<meta http-equiv="refresh">`), if it does.
pub fn refreshes(bytes: &[u8], origin: PageOrigin<'_>) -> Option<Url> {
    let from = page::Origin {
        address: origin.address,
        charset: origin.content_type.and_then(media_type::charset),
    };
    is_page(bytes, origin).then(|| page::refreshes(bytes, from))?
}

/// A name with this ending.
fn called<'a>(name: &'a str, ending: &str) -> Cow<'a, str> {
    match name::extension(name) == name::extension(&format!("a.{ending}")) {
        true => name.into(),
        false => format!("{name}.{ending}").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_told_by_its_type_its_name_and_how_it_begins() {
        let origin = |name, content_type| PageOrigin {
            name,
            content_type,
            address: None,
        };
        let html = b"\xEF\xBB\xBF <!DOCTYPE html><p>a";
        for (bytes, name, kind, page) in [
            (&html[..], "", None, true),
            (html, "a", Some("text/plain"), true),
            (b"<p>a", "a", Some("Text/HTML; charset=x"), true),
            (html, "a.md", None, false),
            (html, "a", Some("application/pdf"), false),
            (b"# a", "a", None, false),
        ] {
            assert_eq!(is_page(bytes, origin(name, kind)), page, "{name} {kind:?}");
        }
    }

    #[test]
    fn a_page_says_its_title_and_its_link() {
        let html = "<html><head><title>Knots &amp; bends</title>\
            <link rel=canonical href='/knots'></head><body><p>Tie <b>two</b> ropes.";
        let address: Url = "https://e.org/knots?utm_source=x".parse().unwrap();
        let origin = PageOrigin {
            address: Some(&address),
            ..PageOrigin::default()
        };
        let page = read_page(html.as_bytes(), origin).unwrap();
        assert_eq!(page.story.title, "Knots & bends");
        assert_eq!(page.story.url.as_deref(), Some("https://e.org/knots"));
        assert_eq!(page.story.markdown, "Tie **two** ropes.");
        assert!(!page.is_story);
    }
}
