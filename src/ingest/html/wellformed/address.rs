//! The addresses of links, for programs that are strict about them.

use url::Url;

/// The address, where a browser or a mail program may be given it: what no address may hold as it is
/// stands as its number (RFC 3986, 2).
pub(super) fn followable(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    let named = |host: &str| host.contains(|c: char| c.is_ascii_alphanumeric() || c == ':');
    let on_the_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(named);
    if !(on_the_web || url.scheme() == "mailto") {
        return None;
    }
    let text = url.as_str();
    let begins = match on_the_web {
        // Brackets stand around a host that is a number.
        true => text.find("://")? + 3 + url.authority().len(),
        false => "mailto:".len(),
    };
    let mut out = text.get(..begins)?.to_owned();
    let fits = |it: u8| it.is_ascii_alphanumeric() || b"-._~%:/@[]!$&'()*+,;=".contains(&it);
    if !out.bytes().all(fits) {
        return None;
    }
    let rest = text.get(begins..)?;
    let mut fragment = false;
    for (at, byte) in rest.bytes().enumerate() {
        let after = rest.as_bytes().get(at + 1..at + 3).unwrap_or_default();
        let escapes = after.len() == 2 && after.iter().all(u8::is_ascii_hexdigit);
        let fits = match byte {
            b'%' => escapes,
            b'#' => !std::mem::replace(&mut fragment, true),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => true,
            _ => b"-._~!$&'()*+,;=:@/?".contains(&byte),
        };
        match fits {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_only_what_they_may() {
        for (address, want) in [
            (
                "https://e.org/a b?c=[1]|2#x#y",
                Some("https://e.org/a%20b?c=%5B1%5D%7C2#x%23y"),
            ),
            ("HTTP://E.org", Some("http://e.org/")),
            ("https://[::1]:8/a%zz%41", Some("https://[::1]:8/a%25zz%41")),
            (
                "mailto:a@e.org?subject=x y",
                Some("mailto:a@e.org?subject=x%20y"),
            ),
            ("https://e.`x/", None),
            ("https://../", None),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("file:///etc/passwd", None),
            ("../a.md", None),
            ("", None),
        ] {
            assert_eq!(followable(address).as_deref(), want, "{address}");
        }
    }
}
