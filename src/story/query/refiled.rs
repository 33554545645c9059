//! Queries that name a folder which is called otherwise from now on.

use super::{
    display::value_text,
    fields::{Named, TextField},
    lexer::{Kind, tokens},
};
use crate::story::fold::Folding;

/// The text of a query that names the folder `from`, or one in it, as a whole (`folder:=`), with what it is called
/// as `to`; none where it names no such folder. All else in it stands as it was written.
pub fn refiled(text: &str, from: &str, to: &str) -> Option<String> {
    let (mut now, mut at) = (String::new(), 0);
    for token in tokens(text, false) {
        let Kind::Field { name, value } = &token.kind else {
            continue;
        };
        if !value.whole || TextField::find(name) != Some(TextField::Folder) {
            continue;
        }
        if let Some(folder) = along(value.text.text.trim(), from, to) {
            now.push_str(text.get(at..token.span.start)?);
            now.push_str(&format!("{name}:={}", value_text(&folder)));
            at = token.span.end;
        }
    }
    (at > 0).then(|| now + text.get(at..).unwrap_or_default())
}

/// Where a folder is when `from` has become `to`; in queries neither case nor accents matter.
fn along(folder: &str, from: &str, to: &str) -> Option<String> {
    let depth = from.split('/').count();
    let end = folder.match_indices('/').nth(depth - 1);
    let (own, rest) = folder.split_at(end.map_or(folder.len(), |(at, _)| at));
    let folded = |it: &str| Folding::ALL.apply(it);
    (folded(own) == folded(from)).then(|| format!("{to}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_followed_where_it_is_named_as_a_whole() {
        let now = |text| refiled(text, "News/Sea", "Water & Co/Big (sea)");
        for (text, wanted) in [
            (
                "is:unread   (folder:=news/sea OR -dir:=\"News/Sea/Tides\") \"x\"",
                "is:unread   (folder:=\"Water & Co/Big (sea)\" OR -dir:=\"Water & Co/Big (sea)/Tides\") \"x\"",
            ),
            ("folder:=\"NEWS/Séa\"", "folder:=\"Water & Co/Big (sea)\""),
        ] {
            assert_eq!(now(text).as_deref(), Some(wanted), "{text}");
        }
        for text in [
            "",
            "folder:News/Sea",
            "folder:=News",
            "folder:=News/Seaside",
            "folder:=Sea",
            "tag:=News/Sea",
            "\"folder:=News/Sea\"",
        ] {
            assert_eq!(now(text), None, "{text}");
        }
    }
}
