//! Paths within a book.

use crate::story::link::decode_percent;

/// Where an address in the file `from` leads: a path within the book, and the name of a place there.
/// None for addresses that lead elsewhere. What goes above the book's root stays there (RFC 3986, 5.2.4).
pub fn resolved(from: &str, address: &str) -> Option<(String, Option<String>)> {
    let address = address.trim();
    if has_scheme(address) || address.starts_with("//") {
        return None;
    }
    let (path, fragment) = match address.split_once('#') {
        Some((path, fragment)) => (path, Some(decode_percent(fragment))),
        None => (address, None),
    };
    let path = path.split('?').next().unwrap_or(path);
    let fragment = fragment.filter(|it| !it.is_empty());
    if path.is_empty() {
        return Some((from.to_owned(), fragment));
    }
    Some((joined(folder(from), &decode_percent(path)), fragment))
}

/// The folder that a file lies in.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `path` as it is meant in `folder`.
pub fn joined(folder: &str, path: &str) -> String {
    let begin = if path.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in begin.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether an address begins with a scheme (RFC 3986, 3.1).
pub fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_leads_out_of_a_book() {
        let found = |address: &str| resolved("OEBPS/text/a.xhtml", address);
        let to = |path: &str, name: Option<&str>| Some((path.to_owned(), name.map(str::to_owned)));
        for (address, want) in [
            ("b.xhtml#n3", to("OEBPS/text/b.xhtml", Some("n3"))),
            ("#n3", to("OEBPS/text/a.xhtml", Some("n3"))),
            ("", to("OEBPS/text/a.xhtml", None)),
            ("../images/a%20b.png", to("OEBPS/images/a b.png", None)),
            ("../../../../etc/passwd", to("etc/passwd", None)),
            ("..%2F..%2F..%2Fetc/passwd", to("etc/passwd", None)),
            ("/OEBPS/./c.xhtml?x#", to("OEBPS/c.xhtml", None)),
            ("https://e.org/a", None),
            ("mailto:a@e.org", None),
            ("//e.org/a", None),
        ] {
            assert_eq!(found(address), want, "{address}");
        }
    }
}
