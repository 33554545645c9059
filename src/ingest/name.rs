//! What a file's name tells of the story in it.

use std::path::Path;

use crate::story::clean;
use jiff::civil::Date;

/// What the last part of a name says the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extension {
    Markdown,
    Text,
    /// A book.
    Book,
    /// A letter.
    Letter,
    /// Many letters, one after the other.
    Mailbox,
    /// A web page.
    Page,
    /// None, or one that says nothing of stories.
    Other,
}

/// Reads a file name's extension; upper and lower case are the same.
pub fn extension(name: &str) -> Extension {
    const MARKDOWN: [&str; 8] = [
        "md", "markdown", "mdown", "mkd", "mkdn", "mdx", "mdwn", "mdtxt",
    ];
    const PAGE: [&str; 4] = ["html", "htm", "xhtml", "xht"];
    match split(name).1 {
        Some(end) if PAGE.iter().any(|known| end.eq_ignore_ascii_case(known)) => Extension::Page,
        Some(end) if MARKDOWN.iter().any(|known| end.eq_ignore_ascii_case(known)) => {
            Extension::Markdown
        }
        Some(end) if end.eq_ignore_ascii_case("txt") || end.eq_ignore_ascii_case("text") => {
            Extension::Text
        }
        Some(end) if end.eq_ignore_ascii_case("epub") => Extension::Book,
        Some(end) if end.eq_ignore_ascii_case("eml") => Extension::Letter,
        Some(end) if end.eq_ignore_ascii_case("mbox") || end.eq_ignore_ascii_case("mbx") => {
            Extension::Mailbox
        }
        _ => Extension::Other,
    }
}

/// Whether a file lies where a Maildir keeps its letters: in `new` or `cur`, with `tmp` beside these.
pub fn is_in_maildir(path: &Path) -> bool {
    let named = |folder: &Path, name: &str| folder.file_name().is_some_and(|it| it == name);
    let Some(folder) = path
        .parent()
        .filter(|it| named(it, "cur") || named(it, "new"))
    else {
        return false;
    };
    folder.parent().is_some_and(|it| it.join("tmp").is_dir())
}

/// Whether a folder is a Maildir: what is made in one is a folder of mail for its programs.
pub fn is_maildir(folder: &Path) -> bool {
    ["cur", "new", "tmp"]
        .iter()
        .all(|it| folder.join(it).is_dir())
}

/// Whether a file lies in the folder of what a browser saved with a page, frames and the like: `A_files` beside
/// `A.html`.
pub fn is_part_of_page(path: &Path) -> bool {
    path.ancestors().skip(1).any(|folder| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let stem = name.strip_suffix("_files").filter(|it| !it.is_empty());
        stem.is_some_and(|stem| {
            let beside = |end| folder.with_file_name(format!("{stem}.{end}")).is_file();
            ["html", "htm", "xhtml"].into_iter().any(beside)
        })
    })
}

/// What stands in the names of files that came with a letter, before a number of eight digits.
pub const CAME_WITH: &str = "-attached-";

/// Whether a file came with a letter that was kept: it is called so.
pub fn is_part_of_letter(path: &Path) -> bool {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let print = stem.rsplit_once(CAME_WITH).map_or("", |(_, it)| it);
    print.len() == 8 && print.bytes().all(|it| it.is_ascii_hexdigit())
}

/// The title that a file's name makes, for stories that have no other: without its extension and a
/// date before it; dashes and underscores are spaces where there are no spaces.
pub fn title(name: &str) -> String {
    let stem = if extension(name) == Extension::Other {
        base(name)
    } else {
        split(name).0
    };
    let stem = clean::line(stem);
    let stem = dated(&stem).map_or(stem.as_str(), |(_, rest)| rest);
    let title = if stem.contains(' ') {
        stem.to_owned()
    } else {
        stem.replace(['-', '_'], " ")
    };
    let title = clean::line(&title);
    if title.is_empty() {
        "Untitled".to_owned()
    } else {
        title
    }
}

/// The day that a file's name begins with, as Jekyll names posts: `2019-02-28-title.md`.
pub fn date(name: &str) -> Option<Date> {
    dated(base(name)).map(|(date, _)| date)
}

/// A name without its folders.
fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// A name's stem and its extension.
fn split(name: &str) -> (&str, Option<&str>) {
    match base(name).rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, Some(extension)),
        _ => (base(name), None),
    }
}

/// The day at the beginning of a name, and what follows it, which is not empty.
fn dated(name: &str) -> Option<(Date, &str)> {
    let (day, rest) = (name.get(..10)?, name.get(10..)?);
    let rest = rest
        .strip_prefix(['-', '_', ' '])?
        .trim_start_matches(['-', '_', ' ']);
    (!rest.is_empty()).then_some((day.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_titles_and_days() {
        for (name, title_, date_) in [
            ("2019-02-28-some-title.md", "some title", Some("2019-02-28")),
            (
                "2019-02-28_some_title.TXT",
                "some title",
                Some("2019-02-28"),
            ),
            ("folder/a_b.markdown", "a b", None),
            (
                "Anti-slavery – a history.md",
                "Anti-slavery – a history",
                None,
            ),
            ("2019-02-28.md", "2019 02 28", None),
            ("2019-02-31-x.md", "2019 02 31 x", None),
            ("v1.2 notes", "v1.2 notes", None),
            ("évé-nement.md", "évé nement", None),
            ("a\u{1b}[2Jb\n.md", "a[2Jb", None),
            ("-", "Untitled", None),
            (".md", ".md", None),
            ("", "Untitled", None),
        ] {
            assert_eq!(title(name), title_, "{name:?}");
            assert_eq!(
                date(name).map(|date| date.to_string()).as_deref(),
                date_,
                "{name:?}"
            );
        }
    }
}
