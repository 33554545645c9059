//! Plain text as Markdown that shows exactly that text.

/// Escapes what CommonMark, GFM and recto's other extensions (math, wikilinks, footnotes,
/// definition lists) would take for markup, by backslashes (CommonMark §2.4).
///
/// Lines stay lines, white space at their ends goes (it would indent code or break the line), and
/// blank lines still part paragraphs. The result is meant to begin a block.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        one_line(line.trim_matches([' ', '\t']), &mut out);
    }
    out
}

fn one_line(line: &str, out: &mut String) {
    let rest = opening(line, out);
    let before = out.chars().next_back().filter(|_| rest.len() < line.len());
    within(rest, before, "\\<", out);
}

/// Writes text that goes on in the line that `out` ends with, escaped. What may open a block at the
/// beginning of a line is not: see [`opening`]. A `<` becomes a reference, which is one in tags, too.
pub fn inline(text: &str, out: &mut String) {
    let before = out.chars().next_back();
    within(text, before, "&lt;", out);
}

fn within(rest: &str, mut before: Option<char>, less: &str, out: &mut String) {
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        let after = chars.as_str();
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '~' | '$' | '|' => true,
            // Within a word it is no markup (CommonMark §6.2), and addresses stay legible.
            '_' => {
                let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                !(word(before) && word(after.chars().next()))
            }
            '<' => {
                after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
            }
            '&' => is_entity(after),
            // "{#id}" at the end of a heading.
            '{' => rest.ends_with('}'),
            _ => false,
        };
        match (special, c) {
            (true, '<') => out.push_str(less),
            (special, c) => {
                if special {
                    out.push('\\');
                }
                out.push(c);
            }
        }
        before = Some(c);
    }
}

/// Writes what may open a block at the line's beginning, escaped; returns the rest of the line.
pub fn opening<'a>(line: &'a str, out: &mut String) -> &'a str {
    let Some(first) = line.chars().next() else {
        return line;
    };
    let after = line.get(first.len_utf8()..).unwrap_or_default();
    let breaks = |c: char| !c.is_alphanumeric();
    let opens = match first {
        '>' | ':' => true,
        '#' => {
            after.trim_start_matches('#').starts_with(' ')
                || after.trim_start_matches('#').is_empty()
        }
        '-' | '+' => after.is_empty() || after.starts_with(breaks),
        '=' => line.trim_end_matches('=').is_empty(),
        _ => false,
    };
    if opens {
        out.push('\\');
        out.push(first);
        return after;
    }
    // "1986. A good year" is no list (CommonMark §5.2: up to nine digits).
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marked = line.get(digits..).unwrap_or_default();
    if (1..=9).contains(&digits) && marked.starts_with(['.', ')']) {
        let end = marked.get(1..).unwrap_or_default();
        if end.is_empty() || end.starts_with(' ') {
            out.push_str(line.get(..digits).unwrap_or_default());
            out.push('\\');
            out.push_str(marked.get(..1).unwrap_or_default());
            return end;
        }
    }
    line
}

/// Whether what follows `&` makes it a character reference (CommonMark §2.5).
fn is_entity(after: &str) -> bool {
    let name = after.strip_prefix('#').unwrap_or(after);
    let end = name
        .bytes()
        .take(40)
        .position(|b| !b.is_ascii_alphanumeric());
    end.is_some_and(|end| end > 0 && name.as_bytes().get(end) == Some(&b';'))
}

/// A text as HTML and XML have it: nothing in it is markup, nor ends an attribute in double quotes.
pub fn markup(text: &str) -> String {
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
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    /// What is seen of Markdown, or the event that ought not to be there.
    fn shown(markdown: &str) -> Result<String, String> {
        let mut shown = String::new();
        let all = Options::all()
            - Options::ENABLE_SMART_PUNCTUATION
            - Options::ENABLE_OLD_FOOTNOTES
            - Options::ENABLE_SUPERSCRIPT
            - Options::ENABLE_SUBSCRIPT
            - Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
            - Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
        for event in Parser::new_ext(markdown, all) {
            match event {
                Event::Text(text) => shown.push_str(&text),
                Event::SoftBreak => shown.push('\n'),
                Event::Start(Tag::Paragraph) if shown.is_empty() => {}
                Event::Start(Tag::Paragraph) => shown.push_str("\n\n"),
                Event::End(_) => {}
                other => return Err(format!("{other:?}")),
            }
        }
        Ok(shown)
    }

    fn lines(text: &str) -> String {
        let lines: Vec<&str> = text
            .split('\n')
            .map(|line| line.trim_matches([' ', '\t']))
            .collect();
        let mut text = lines.join("\n");
        while text.contains("\n\n\n") {
            text = text.replace("\n\n\n", "\n\n");
        }
        text.trim_matches('\n').to_owned()
    }

    #[test]
    fn markup_is_shown_as_written() {
        for text in [
            "# no heading",
            "####### seven",
            "#",
            "a\n===\nb\n---\nc\n- - -",
            "- a\n+ b\n* c\n1. d\n2) e\n123456789. f",
            "> quote\n>> more",
            "```\ncode\n```\n~~~",
            "    indented\n\n\tand tabbed",
            "*a* **b** _c_ __d__ ~e~ ~~f~~ `g` ``h`` $i$ $$j$$",
            "[a](b) ![c](d) [e][f] [[g]] [^h]\n\n[f]: x\n\n[^h]: y",
            "<b>html</b> <!-- c --> <https://x.org> <a@b.c> a < b > c",
            "&amp; &#27; &nbsp; AT&T; R&D",
            "a | b\n--|--\n1 | 2",
            "Term\n: definition",
            "a\\*b \\\\ back\\\nslash",
            "a  \nhard break",
            "- [ ] task",
            "https://x.org/a_b_c?d=e&f=g#h snake_case _emphasis_",
            "Head {#id}",
            "---\ntitle: x\n---",
            "::: note\n:::",
            "1986. A good year.\n2.5 litres\n10.",
            "+1 -1 -- — +++",
        ] {
            assert_eq!(
                shown(&markdown(text)),
                Ok(lines(text)),
                "{text:?} as {:?}",
                markdown(text)
            );
        }
    }

    #[test]
    fn what_is_no_markup_is_left_alone() {
        for text in [
            "It's 5 < 6 & 7 > 3; #hashtag, well-known! (See below.)",
            "-1 degrees\n+49 30 123\n3.14 is pi\nsnake_case at https://x.org/a_b",
            "“Quoted” – it’s… 日本語",
        ] {
            assert_eq!(markdown(text), text);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_shown_as_written(text in "([-#>+*_`~$|<>&;:=!.)(\\[\\]{}^\\\\ab1 ]{1,2}|[a-c19.) ]{1,5}|\n){0,24}") {
            prop_assert_eq!(shown(&markdown(&text)), Ok(lines(&text)), "as {:?}", markdown(&text));
        }
    }
}
