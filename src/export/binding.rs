//! What pages and books have in common: a story's title block, its text and its end.

use jiff::tz::TimeZone;

use crate::{
    document::html_body,
    ingest::html::{Surroundings, escaped, followable, well_formed},
    keep::{Local, ending_of, written_out},
    story::{self, Story},
};

/// Bytes of one picture, at most.
const LARGEST: u64 = 10 * 1024 * 1024;

/// A picture that was had.
#[derive(Debug)]
pub(super) struct Shown {
    pub bytes: Vec<u8>,
    /// The ending of its name, which tells what it is: `png`.
    pub ending: &'static str,
}

/// The picture of an address: from a file, or written out in it (RFC 2397).
pub(super) fn shown(src: &str, local: &Local<'_>) -> Option<Shown> {
    let had = written_out(src, LARGEST).or_else(|| local(src, LARGEST));
    let bytes = had?.ok()?;
    let ending = ending_of(&bytes).ok()?;
    Some(Shown { bytes, ending })
}

/// A whole story for the inside of an element. `picture` says at which address one is shown.
pub(super) fn bound(
    story: &Story,
    (prefix, book): (&str, bool),
    zone: &TimeZone,
    picture: &mut dyn FnMut(&str) -> Option<String>,
) -> String {
    let mut out = format!("<h1>{}</h1>\n", title(story));
    let byline = [
        (!story.authors.is_empty()).then(|| story.authors.join(", ")),
        story.published.map(|at| story::long(at, zone)),
    ];
    let byline: Vec<String> = byline.into_iter().flatten().collect();
    if !byline.is_empty() {
        let byline = escaped(&byline.join(" · "));
        out.push_str(&format!("<p class=\"byline\">{byline}</p>\n"));
    }
    if let Some(summary) = &story.summary {
        out.push_str(&format!("<p class=\"summary\">{}</p>\n", escaped(summary)));
    }
    if let Some(image) = &story.lead_image
        && (image.src.is_empty() || !story.markdown.contains(&image.src))
    {
        let alt = escaped(image.alt.trim());
        let words = if alt.is_empty() { "Picture" } else { &alt };
        let link = || followable(&image.src).map(|it| escaped(&it));
        let shown = match picture(&image.src).map(|it| escaped(&it)) {
            Some(shown) => format!("<img src=\"{shown}\" alt=\"{alt}\"/>"),
            None => match link() {
                Some(link) => format!("<a href=\"{link}\">{words}</a>"),
                None => words.to_owned(),
            },
        };
        if !alt.is_empty() || !image.src.is_empty() {
            out.push_str(&format!("<figure>{shown}</figure>\n"));
        }
    }
    let around = Surroundings {
        prefix,
        book,
        picture,
    };
    out.push_str(&well_formed(&html_body(&story.markdown), around));
    if let Some(asked) = &story.call_to_action {
        let words = escaped(&asked.text);
        out.push_str(&match asked.url.as_deref().and_then(followable) {
            Some(url) => format!("<p><a href=\"{}\">{words}</a></p>\n", escaped(&url)),
            None => format!("<p>{words}</p>\n"),
        });
    }
    if let Some(url) = story.url.as_deref().and_then(followable) {
        let url = escaped(&url);
        out.push_str(&format!(
            "<p class=\"source\">Published at <a href=\"{url}\">{url}</a></p>\n"
        ));
    }
    out
}

/// A story's title as XML has it: never without a letter, for nobody could follow such a link.
pub(super) fn title(story: &Story) -> String {
    words(&story.title)
}

/// The same of any words.
pub(super) fn words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    match escaped(&words.join(" ")) {
        empty if empty.trim().is_empty() => "Untitled".to_owned(),
        words => words,
    }
}

/// The language of a story as a tag that everybody knows: language, script and region (BCP 47).
pub(super) fn language(story: &Story) -> Option<String> {
    let tag = story.language.as_deref()?;
    let mut parts = tag.split(['-', '_']);
    let is = |it: &str, letters: std::ops::RangeInclusive<usize>| {
        letters.contains(&it.len()) && it.bytes().all(|b| b.is_ascii_alphabetic())
    };
    let first = parts.next().filter(|it| is(it, 2..=3))?;
    let mut out = first.to_ascii_lowercase();
    let mut rest = parts.peekable();
    if let Some(script) = rest.next_if(|it| is(it, 4..=4)) {
        out.push_str(&format!("-{script}"));
    }
    let number = |it: &str| it.len() == 3 && it.bytes().all(|b| b.is_ascii_digit());
    if let Some(region) = rest.next_if(|it| is(it, 2..=2) || number(it)) {
        out.push_str(&format!("-{}", region.to_ascii_uppercase()));
    }
    Some(out)
}

/// The attribute that says that a text is read from right to left, where its language is.
pub(super) fn direction(language: Option<&str>) -> &'static str {
    let first = language.and_then(|it| it.split('-').next());
    match first {
        Some("ar" | "fa" | "he" | "ur" | "yi" | "ps" | "sd" | "ug" | "dv" | "ckb") => {
            " dir=\"rtl\""
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::Kind;

    #[test]
    fn languages_are_tags_that_everybody_knows() {
        let of = |tag: &str| {
            let mut story = Story::new(Kind::Markdown, "T", "");
            story.language = Some(tag.to_owned());
            language(&story)
        };
        for (tag, want) in [
            ("de", Some("de")),
            ("en_us", Some("en-US")),
            ("zh-Hant-TW-x-a", Some("zh-Hant-TW")),
            ("es-419", Some("es-419")),
            ("German", None),
            ("\"><script>", None),
        ] {
            assert_eq!(of(tag).as_deref(), want, "{tag}");
        }
    }
}
