//! XHTML as HTML has it, for a tree that is built as browsers build it.

use std::borrow::Cow;

/// Elements that end themselves in HTML, too, and those that are no HTML: there a tag may.
#[rustfmt::skip]
const ENDED: [&str; 30] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "image", "svg", "path", "rect", "use", "circle", "line", "g", "mspace", "mprescripts", "none", "stop", "ellipse",
    "polygon", "polyline", "basefont",
];

/// `<a id="x"/>` as `<a id="x"></a>`, which is no end of anything in HTML; without the declarations
/// before the page, whatever they declare: no entity of a book's own is ever expanded.
pub fn as_html(text: &str) -> Cow<'_, str> {
    let text = body(text);
    if !text.contains("/>") && !text.contains("<![CDATA[") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    let mut copied = 0;
    for (at, _) in text.match_indices("/>") {
        let Some(before) = text.get(copied..at) else {
            continue;
        };
        let Some(open) = before.rfind('<') else {
            continue;
        };
        let tag = before.get(open + 1..).unwrap_or_default();
        let end = tag.find(|c: char| c.is_ascii_whitespace());
        let name = tag.get(..end.unwrap_or(tag.len())).unwrap_or_default();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|c| c.is_ascii_alphanumeric());
        if !is_name || ENDED.iter().any(|it| name.eq_ignore_ascii_case(it)) {
            continue;
        }
        out.push_str(before);
        out.push_str("></");
        out.push_str(name);
        out.push('>');
        copied = at + 2;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    if out.contains("<![CDATA[") {
        return Cow::Owned(without_sections(&out));
    }
    Cow::Owned(out)
}

/// What follows the declarations.
fn body(text: &str) -> &str {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = if rest.starts_with("<?") {
            rest.find("?>").map(|at| at + 2)
        } else if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest
            .get(..9)
            .is_some_and(|it| it.eq_ignore_ascii_case("<!doctype"))
        {
            let plain = rest.find('>').map(|at| at + 1);
            // Declarations of its own stand in brackets.
            match rest.find('[') {
                Some(open) if plain.is_some_and(|end| open < end) => {
                    let closed = rest.find("]>").map(|at| at + 2);
                    closed.or_else(|| rest.find("<html"))
                }
                _ => plain,
            }
        } else {
            None
        };
        match end.and_then(|end| rest.get(end..)) {
            Some(after) => rest = after.trim_start(),
            None => return rest,
        }
    }
}

/// Sections of characters as text.
fn without_sections(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("<![CDATA[") {
        out.push_str(before);
        let (section, after) = from.split_once("]]>").unwrap_or((from, ""));
        out.push_str(&section.replace('&', "&amp;").replace('<', "&lt;"));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_itself_is_ended() {
        for (xhtml, html) in [
            (
                "<p><a id=\"x\"/>One<br/>two</p>",
                "<p><a id=\"x\"></a>One<br/>two</p>",
            ),
            ("<title/><p>x</p>", "<title></title><p>x</p>"),
            (
                "<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<p>x</p>",
                "<p>x</p>",
            ),
            (
                "<!DOCTYPE html [<!ENTITY a \"b\">]><p>&a;</p>",
                "<p>&a;</p>",
            ),
            ("<p><![CDATA[a < b]]></p>", "<p>a &lt; b</p>"),
            ("a /> b", "a /> b"),
        ] {
            assert_eq!(as_html(xhtml), html);
        }
    }
}
