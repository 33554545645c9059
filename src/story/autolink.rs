//! Addresses that stand in a text as they are (GFM 0.29, 6.9 "Autolinks (extension)").

use std::ops::Range;

/// The addresses in `text`, in their order: where each stands, and where it leads.
///
/// Beyond GFM, one may stand behind any sign, for not all scripts have spaces, and ends at a quotation
/// mark or at the punctuation of such scripts.
pub fn autolinks(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    let begins = [("https://", ""), ("http://", ""), ("www.", "http://")];
    for (start, scheme) in begins {
        let mut last = 0;
        for (at, _) in text.match_indices(start) {
            let name = if scheme.is_empty() {
                at + start.len()
            } else {
                at
            };
            if at < last || !stands_apart(text, at) || !is_domain(&text[name..]) {
                continue;
            }
            let end = at + address(&text[at..]);
            if end > name && is_domain(&text[name..end]) {
                found.push((at..end, format!("{scheme}{}", &text[at..end])));
            }
            last = end;
        }
    }
    for (at, _) in text.match_indices('@') {
        found.extend(mail(text, at).map(|it| (it.clone(), format!("mailto:{}", &text[it]))));
    }
    found.sort_by_key(|(it, _)| (it.start, it.end));
    // `www.` may stand in an address, and a name with `@`.
    let mut end = 0;
    found.retain(|(it, _)| {
        let apart = it.start >= end;
        if apart {
            end = it.end;
        }
        apart
    });
    found
}

/// Longer ones there are not (RFC 1035, 2.3.4).
const LONGEST_DOMAIN: usize = 255;

fn stands_apart(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    !before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '@' | '.' | '-' | '='))
}

/// How far an address that `text` begins with reaches.
fn address(text: &str) -> usize {
    let ends = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(
                c,
                '<' | '>' | '"' | '`' | '“' | '”' | '«' | '»' | '\u{3000}'..='\u{303F}'
            )
            || matches!(c, '！' | '（' | '）' | '，' | '：' | '；' | '？')
    };
    let mut end = text.find(ends).unwrap_or(text.len());
    // One count for all of its brackets: there may be as many as there are letters.
    let mut depth = text[..end].chars().fold(0_isize, |depth, c| match c {
        '(' => depth + 1,
        ')' => depth - 1,
        _ => depth,
    });
    while let Some(last) = text[..end].chars().next_back() {
        match last {
            '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '’' | ';' | ']' | '|' => {}
            ')' if depth < 0 => depth += 1,
            _ => break,
        }
        end -= last.len_utf8();
    }
    end
}

/// Whether an address, from its domain on, begins with one that has a point in it.
fn is_domain(text: &str) -> bool {
    let text = &text[..text.floor_char_boundary(LONGEST_DOMAIN)];
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')));
    let domain = &text[..end.unwrap_or(text.len())];
    let parts: Vec<&str> = domain.rsplit('.').take(3).collect();
    parts.len() > 1
        && parts.iter().all(|it| !it.is_empty())
        && parts.iter().take(2).all(|it| !it.contains('_'))
}

/// The address for mail that has its `@` here.
fn mail(text: &str, at: usize) -> Option<Range<usize>> {
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let start = text[..at].trim_end_matches(of_name).len();
    let of_domain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let rest = &text[at + 1..];
    let domain = &rest[..rest.find(|c| !of_domain(c)).unwrap_or(rest.len())];
    let domain = domain.trim_end_matches('.');
    let sound = domain.contains('.')
        && domain.split('.').all(|it| !it.is_empty())
        && !domain.ends_with(['-', '_']);
    let path = text[..start].ends_with(['/', ':', '@']);
    // Mail goes to names, not to versions of a package.
    let named = domain.chars().any(|c| c.is_ascii_alphabetic());
    (sound && named && !path && start < at).then(|| start..at + 1 + domain.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_where_they_begin_and_end() {
        for (text, want) in [
            (
                "See https://example.org/bare.",
                vec!["https://example.org/bare"],
            ),
            (
                "www.commonmark.org/help for",
                vec!["http://www.commonmark.org/help"],
            ),
            (
                "www.google.com/search?q=(business))+ok",
                vec!["http://www.google.com/search?q=(business))+ok"],
            ),
            ("(https://a.example/b_(c))", vec!["https://a.example/b_(c)"]),
            (
                "“http://a.example/b?c=d&e”, http://localhost",
                vec!["http://a.example/b?c=d&e"],
            ),
            (
                "见https://a.example/条目，和",
                vec!["https://a.example/条目"],
            ),
            (
                "foo@bar.org, a.b-c_d@a.b.",
                vec!["mailto:foo@bar.org", "mailto:a.b-c_d@a.b"],
            ),
            ("a.b-c_d@a.b- a@b pkg@1.2 x://y@z.org", vec![]),
            (
                "https://a.example/www.b.example?c@d.org",
                vec!["https://a.example/www.b.example?c@d.org"],
            ),
            ("xhttps://a.example a/www.b.example", vec![]),
        ] {
            let found = autolinks(text);
            let found: Vec<&str> = found.iter().map(|(_, it)| it.as_str()).collect();
            assert_eq!(found, want, "{text}");
        }
    }

    #[test]
    fn hostile_texts_are_read_in_one_go() {
        let text = format!("https://a.example/{}", ")".repeat(200_000));
        assert_eq!(autolinks(&text).len(), 1);
        autolinks(&"a@".repeat(100_000));
        autolinks(&"www.".repeat(100_000));
        autolinks(&"(www.a.".repeat(100_000));
        autolinks(&"_www._".repeat(100_000));
    }
}
