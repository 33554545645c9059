//! A tree as markup.

use super::{Opml, Outline};
use crate::story::escape;

/// Writes a document: XML 1.0 in UTF-8, an outline a line.
pub fn write(opml: &Opml) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml");
    attribute(&mut out, "version", &opml.version);
    for (name, value) in &opml.attributes {
        attribute(&mut out, name, value);
    }
    out.push_str(">\n  <head>\n");
    for (name, value) in &opml.head {
        out.push_str("    <");
        out.push_str(name);
        out.push('>');
        escaped(&mut out, value);
        out.push_str("</");
        out.push_str(name);
        out.push_str(">\n");
    }
    out.push_str("  </head>\n  <body>\n");
    for it in &opml.outlines {
        outline(&mut out, it, 2);
    }
    out.push_str("  </body>\n</opml>\n");
    out
}

fn outline(out: &mut String, it: &Outline, depth: usize) {
    let indent = |out: &mut String| out.extend(std::iter::repeat_n("  ", depth));
    indent(out);
    out.push_str("<outline");
    attribute(out, "text", &it.text);
    for (name, value) in [
        ("title", &it.title),
        ("type", &it.kind),
        ("xmlUrl", &it.xml_url),
        ("htmlUrl", &it.html_url),
    ] {
        if let Some(value) = value {
            attribute(out, name, value);
        }
    }
    for (name, value) in &it.attributes {
        attribute(out, name, value);
    }
    if it.children.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    for child in &it.children {
        outline(out, child, depth + 1);
    }
    indent(out);
    out.push_str("</outline>\n");
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escaped(out, value);
    out.push('"');
}

/// Writes a text so that it is read as the same, between tags and between quotes: line ends too, which
/// readers of XML make spaces of (XML 1.0, 3.3.3).
fn escaped(out: &mut String, text: &str) {
    out.push_str(&escape::markup(text).replace('\n', "&#10;"));
}
