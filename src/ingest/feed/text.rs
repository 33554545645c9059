//! The text of an element, from where it lies in the source: references decoded, sections unwrapped.

use std::{borrow::Cow, collections::HashMap};

use html5ever::data::NAMED_ENTITIES;

use crate::ingest::decode::windows_1252;

/// The longest name of a reference: `CounterClockwiseContourIntegral`.
const LONGEST_NAME: usize = 33;

/// Entities that a feed may declare itself, and how long their text may be: enough for characters that
/// HTML has names for, and too little for anything to grow.
const MOST_DECLARED: usize = 300;
const LONGEST_DECLARED: usize = 64;

/// The entities that a document type declares (XML 1.0, 4.2.1): plain texts only.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Entities(HashMap<String, String>);

impl Entities {
    /// Takes up what `<!DOCTYPE …>` declares. Nothing outside is ever looked at.
    pub(in crate::ingest) fn declare(&mut self, doctype: &str) {
        for declaration in doctype.split("<!ENTITY").skip(1) {
            let Some((name, rest)) = declaration.trim_start().split_once(char::is_whitespace)
            else {
                continue;
            };
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let value = quote.and_then(|quote| rest.get(1..)?.split(quote).next());
            if let Some(value) = value
                && value.len() <= LONGEST_DECLARED
                && self.0.len() < MOST_DECLARED
            {
                // One level: what it holds is a text, whatever it looks like.
                let value = decode(value, &Entities::default()).into_owned();
                self.0.entry(name.to_owned()).or_insert(value);
            }
        }
    }
}

/// What the source between an element's tags is.
#[derive(Debug, PartialEq)]
pub(in crate::ingest) enum Inner<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// Markup: the text has tags in it, and its references are as they were.
    Markup(Cow<'a, str>),
}

/// Reads the source between an element's tags.
pub(in crate::ingest) fn inner<'a>(raw: &'a str, entities: &Entities) -> Inner<'a> {
    let raw = raw.trim();
    if !raw.contains('<') {
        return Inner::Text(unwrapped(decode(raw, entities)));
    }
    // One section and nothing else, as most feeds have it.
    if let Some(section) = raw.strip_prefix(SECTION)
        && let Some(text) = section.strip_suffix("]]>")
        && !text.contains("]]>")
    {
        return Inner::Text(Cow::Borrowed(text.trim()));
    }
    let mut plain = String::with_capacity(raw.len());
    let mut markup: Option<String> = None;
    let mut rest = raw;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        push(&mut plain, &mut markup, before, entities);
        if let Some(section) = from.strip_prefix(SECTION) {
            let (text, after) = section.split_once("]]>").unwrap_or((section, ""));
            match &mut markup {
                Some(markup) => escape(text, markup),
                None => plain.push_str(text),
            }
            rest = after;
        } else if let Some(comment) = from.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if from.starts_with("<?") {
            rest = from.split_once("?>").map_or("", |(_, after)| after);
        } else if begins_declaration(from) {
            rest = &from[tag_end(from)..];
        } else if is_tag(from) {
            let markup = markup.get_or_insert_with(|| {
                let mut begun = String::with_capacity(raw.len());
                escape(&plain, &mut begun);
                begun
            });
            let end = tag_end(from);
            without_prefix(&from[..end], markup);
            rest = &from[end..];
        } else {
            push(&mut plain, &mut markup, "&lt;", entities);
            rest = &from[1..];
        }
    }
    push(&mut plain, &mut markup, rest, entities);
    match markup {
        Some(markup) => Inner::Markup(Cow::Owned(markup)),
        None => Inner::Text(Cow::Owned(plain.trim().to_owned())),
    }
}

const SECTION: &str = "<![CDATA[";

/// A text without the section around it that was escaped together with it.
fn unwrapped(text: Cow<'_, str>) -> Cow<'_, str> {
    let section = text.trim().strip_prefix(SECTION);
    let inner = section.map(|it| it.strip_suffix("]]>").unwrap_or(it));
    match inner.filter(|it| !it.contains("]]>")) {
        Some(inner) => Cow::Owned(inner.trim().to_owned()),
        None => text,
    }
}

/// Whether this is a `<!DOCTYPE …>`: pages are put into feeds whole.
fn begins_declaration(from: &str) -> bool {
    const SIGN: &str = "<!DOCTYPE";
    from.get(..SIGN.len())
        .is_some_and(|it| it.eq_ignore_ascii_case(SIGN))
}

fn push(plain: &mut String, markup: &mut Option<String>, text: &str, entities: &Entities) {
    match markup {
        Some(markup) => markup.push_str(text),
        None => plain.push_str(&decode(text, entities)),
    }
}

fn is_tag(from: &str) -> bool {
    let name = from.trim_start_matches(['<', '/']);
    from.len() - name.len() <= 2 && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Where the tag that `from` begins with ends, quotes heeded.
fn tag_end(from: &str) -> usize {
    let mut quote = None;
    for (at, byte) in from.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    from.find('>').map_or(from.len(), |at| at + 1)
}

/// Writes a tag of XHTML as HTML has it: `<xhtml:p>` as `<p>`, `<a/>` as `<a></a>`.
fn without_prefix(tag: &str, out: &mut String) {
    let (open, name_on) = match tag.strip_prefix("</") {
        Some(rest) => ("</", rest),
        None => ("<", tag.trim_start_matches('<')),
    };
    let end = name_on
        .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
        .unwrap_or(name_on.len());
    let (name, attributes) = name_on.split_at(end);
    let local = name.rsplit(':').next().unwrap_or(name);
    out.push_str(open);
    out.push_str(local);
    match attributes.strip_suffix("/>") {
        Some(attributes) if open == "<" => {
            out.push_str(attributes);
            out.push_str("></");
            out.push_str(local);
            out.push('>');
        }
        _ => out.push_str(attributes),
    }
}

/// `text` as HTML that shows it.
pub(in crate::ingest) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            c => out.push(c),
        }
    }
}

/// `text` with its references decoded (XML 1.0, 4.1): those of XML, of HTML and of the feed itself.
/// What is none stays as it is.
pub(in crate::ingest) fn decode<'a>(text: &'a str, entities: &Entities) -> Cow<'a, str> {
    let Some(first) = text.find('&') else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(after) = rest.strip_prefix('&') {
        let end = after.bytes().take(LONGEST_NAME).position(|b| b == b';');
        let name = end.and_then(|end| after.get(..end));
        rest = match name {
            Some(name) if reference(name, entities, &mut out) => &after[name.len() + 1..],
            _ => {
                out.push('&');
                after
            }
        };
        let next = rest.find('&').unwrap_or(rest.len());
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(out)
}

/// Writes what a reference stands for. False if it stands for nothing.
fn reference(name: &str, entities: &Entities, out: &mut String) -> bool {
    match name {
        "lt" => out.push('<'),
        "gt" => out.push('>'),
        "amp" => out.push('&'),
        "quot" => out.push('"'),
        "apos" => out.push('\''),
        _ => {
            if let Some(number) = name.strip_prefix('#') {
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => number.parse(),
                };
                let Some(c) = code.ok().map(character) else {
                    return false;
                };
                out.push(c);
            } else if let Some(text) = entities.0.get(name) {
                out.push_str(text);
            } else {
                let Some((first, second)) = NAMED_ENTITIES.get(&format!("{name};")) else {
                    return false;
                };
                let both = [*first, *second].into_iter().filter(|code| *code != 0);
                out.extend(both.filter_map(char::from_u32));
            }
        }
    }
    true
}

/// The character of a number, as HTML reads it (HTML, 13.2.5.80): 128 to 159 are windows-1252.
fn character(code: u32) -> char {
    match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9F) => windows_1252(byte),
        _ => char::from_u32(code)
            .filter(|c| *c != '\0')
            .unwrap_or('\u{fffd}'),
    }
}

/// Elements of HTML that texts in feeds are made of.
#[rustfmt::skip]
fn is_element(name: &str) -> bool {
    matches!(name,
        "a" | "abbr" | "acronym" | "address" | "article" | "aside" | "audio" | "b" | "big" | "blockquote" | "br"
        | "center" | "cite" | "code" | "dd" | "del" | "details" | "dfn" | "div" | "dl" | "dt" | "em" | "embed"
        | "figcaption" | "figure" | "font" | "footer" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header"
        | "hr" | "i" | "iframe" | "img" | "ins" | "kbd" | "li" | "link" | "main" | "map" | "mark" | "nobr" | "object"
        | "ol" | "p" | "picture" | "pre" | "q" | "s" | "samp" | "script" | "section" | "small" | "source" | "span"
        | "strike" | "strong" | "style" | "sub" | "summary" | "sup" | "svg" | "table" | "tbody" | "td" | "th"
        | "thead" | "time" | "tr" | "tt" | "u" | "ul" | "var" | "video" | "wbr"
    )
}

/// Elements that no space parts from the words around them.
#[rustfmt::skip]
fn is_within_words(name: &str) -> bool {
    matches!(name,
        "a" | "abbr" | "acronym" | "b" | "bdi" | "bdo" | "big" | "cite" | "code" | "del" | "dfn" | "em" | "font"
        | "i" | "ins" | "kbd" | "mark" | "nobr" | "q" | "rb" | "rp" | "rt" | "ruby" | "s" | "samp" | "small"
        | "span" | "strike" | "strong" | "sub" | "sup" | "time" | "tt" | "u" | "var" | "wbr"
    )
}

/// The name of the element whose tag `from` begins with, in small letters, if there `is` such a one.
fn element(from: &str, is: impl Fn(&str) -> bool) -> Option<String> {
    let rest = from.strip_prefix('<')?;
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let end = rest
        .bytes()
        .take(11)
        .position(|b| !b.is_ascii_alphanumeric())?;
    let (name, after) = rest.split_at(end);
    let ends = after.starts_with(['>', '/']) || after.starts_with(char::is_whitespace);
    let name = name.to_ascii_lowercase();
    (ends && is(&name)).then_some(name)
}

/// Any element that HTML has or had.
fn is_element_of_html(name: &str) -> bool {
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic());
    named && crate::story::element::is_tag(&format!("<{name}>"))
}

/// Whether a text has tags of HTML.
pub(super) fn has_tags(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let from = &text[at..];
        // What word processors leave behind has a prefix.
        let foreign = || {
            let name = from.strip_prefix("</").and_then(|it| it.split('>').next());
            name.is_some_and(|it| it.len() < 24 && it.contains(':') && !it.contains('/'))
        };
        from.starts_with("<!--") || element(from, is_element_of_html).is_some() || foreign()
    })
}

/// What stands in the one `<div>` that markup consists of, if that is text alone.
pub(super) fn within_division(markup: &str) -> Option<&str> {
    let inner = markup.trim().strip_prefix("<div")?.strip_suffix("</div>")?;
    let (_, text) = inner.split_once('>')?;
    (!text.contains('<')).then_some(text.trim())
}

/// The words of a short piece of HTML, on one line. What only looks like a tag (`Vec<T>`) stays, and so does
/// the name of an element that is seldom set in a line: a title with one is about it.
pub(in crate::ingest) fn visible(html: &str) -> String {
    words(html, |it| element(it, is_element))
}

/// The same of what says that it is HTML: there, all elements are markup.
pub(super) fn visible_of_html(html: &str) -> String {
    words(html, |it| element(it, is_element_of_html))
}

fn words(html: &str, tag: impl Fn(&str) -> Option<String>) -> String {
    let none = Entities::default();
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        out.push_str(&decode(before, &none));
        if let Some(comment) = from.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if from.starts_with("<!") || from.starts_with("<?") {
            rest = &from[tag_end(from)..];
            continue;
        }
        let Some(name) = tag(from) else {
            out.push('<');
            rest = &from[1..];
            continue;
        };
        rest = &from[tag_end(from)..];
        if matches!(name.as_str(), "script" | "style") && !from.starts_with("</") {
            let end = rest.find("</").unwrap_or(rest.len());
            rest = &rest[end..];
        } else if !is_within_words(&name) {
            out.push(' ');
        }
    }
    out.push_str(&decode(rest, &none));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(raw: &str) -> Inner<'_> {
        inner(raw, &Entities::default())
    }

    fn text(it: &str) -> Inner<'static> {
        Inner::Text(it.to_owned().into())
    }

    fn markup(it: &str) -> Inner<'static> {
        Inner::Markup(it.to_owned().into())
    }

    #[test]
    fn references_and_sections() {
        for (raw, want) in [
            ("a &amp; b", text("a & b")),
            ("&lt;p&gt;x&lt;/p&gt;", text("<p>x</p>")),
            (
                "caf&eacute; &#8211; &#x2013; &#150;",
                text("caf\u{e9} – – –"),
            ),
            ("AT&T & R&D; &unknown; &", text("AT&T & R&D; &unknown; &")),
            ("&#0;&#xD800;&#99999999;", text("\u{fffd}\u{fffd}\u{fffd}")),
            (" <![CDATA[ <b>a</b> &amp; ]]> ", text("<b>a</b> &amp;")),
            ("a <![CDATA[<]]> b <![CDATA[>]]>", text("a < b >")),
            ("a<!-- no -->b<?x y?>c", text("abc")),
            ("1 < 2 <3", text("1 < 2 <3")),
            ("<![CDATA[never ends", text("never ends")),
            ("&lt;![CDATA[<b/>", markup("&lt;![CDATA[<b></b>")),
            (" &lt;![CDATA[ a &amp; b ]]&gt; ", text("a & b")),
            ("<!DOCTYPE html>a", text("a")),
        ] {
            assert_eq!(of(raw), want, "{raw}");
        }
    }

    #[test]
    fn markup_stays_markup() {
        for (raw, want) in [
            ("<b>a</b> &amp; c", "<b>a</b> &amp; c"),
            ("1 &lt; 2 <b>x</b>", "1 &lt; 2 <b>x</b>"),
            ("<x:p a=\">\">t</x:p>", "<p a=\">\">t</p>"),
            ("<p><![CDATA[<b>]]></p>", "<p>&lt;b></p>"),
            ("a<br/>b<hr />", "a<br></br>b<hr ></hr>"),
        ] {
            assert_eq!(of(raw), markup(want), "{raw}");
        }
    }

    #[test]
    fn words_of_html() {
        for (html, want) in [
            ("AT&amp;T", "AT&T"),
            ("a <b>b</b>c <i class='x>'>d</i>", "a bc d"),
            ("Vec<T> and x < y", "Vec<T> and x < y"),
            ("one<br>two<!-- no -->", "one two"),
            ("<script>x()</script>y", " y"),
        ] {
            assert_eq!(visible(html), want, "{html}");
        }
        let page = "<!DOCTYPE html><html><head><title>a</title></head> <base>Vec<T> < b</html>";
        assert_eq!(visible_of_html(page).trim(), "a    Vec<T> < b");
        assert_eq!(visible("The <base> element"), "The <base> element");
        assert_eq!(within_division("<div x='y'> &lt;p> </div>"), Some("&lt;p>"));
        assert_eq!(within_division("<div><b>a</b></div>"), None);
        assert!(has_tags("<o:p>a</o:p>") && has_tags("<spacer>"));
        assert!(has_tags("a<br/>b") && has_tags("</P>") && has_tags("<!-- x -->"));
        assert!(!has_tags("a < b, Vec<T>, R&D; AT&T, <http://ex.org/>"));
    }

    #[test]
    fn declared_entities_are_texts_and_grow_no_further() {
        let mut entities = Entities::default();
        entities.declare(
            "<!DOCTYPE rss [<!ENTITY nl \"&#10;\"> <!ENTITY co 'A &amp; B'>\n<!ENTITY a \"&b;&b;\">\
             <!ENTITY b \"xx\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
        );
        assert_eq!(
            decode("1&nl;2 &co; &a; &x;", &entities),
            "1\n2 A & B &b;&b; &x;"
        );
    }
}
