//! Addresses in HTML, as Markdown can hold them.

use url::Url;

/// Longer addresses, in bytes, carry data and lead nowhere.
const LONGEST: usize = 4096;

/// An address made whole against `base` and fit to stand in a Markdown link; none where it leads
/// nowhere (scripts, data).
pub(super) fn resolved(address: &str, base: Option<&Url>) -> Option<String> {
    let address = address.trim();
    if address.is_empty() || address.len() > LONGEST {
        return None;
    }
    let scheme = address
        .split_once(':')
        .map(|(it, _)| it.to_ascii_lowercase());
    if let Some("javascript" | "data" | "vbscript" | "about" | "blob") = scheme.as_deref() {
        return None;
    }
    let is_whole = scheme.is_some_and(|it| {
        it.starts_with(|c: char| c.is_ascii_alphabetic())
            && it
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    });
    let joined = match base {
        Some(base) if !is_whole => base.join(address).ok().map(String::from),
        _ => None,
    };
    Some(written(&joined.unwrap_or_else(|| address.to_owned())))
}

/// An address as it stands between the brackets of a link (CommonMark 6.3): what would end it is
/// percent-encoded (RFC 3986, 2.1).
fn written(address: &str) -> String {
    let balanced = is_balanced(address);
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '\n' | '\r' | '\t' => {}
            '(' if !balanced => out.push_str("%28"),
            ')' if !balanced => out.push_str("%29"),
            ' ' => out.push_str("%20"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            '|' => out.push_str("%7C"),
            '`' => out.push_str("%60"),
            '"' => out.push_str("%22"),
            '*' => out.push_str("%2A"),
            // "&copy=1" in an address is no reference once it is written.
            '&' => out.push('&'),
            c if c.is_control() || c.is_whitespace() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            c => out.push(c),
        }
    }
    out
}

fn is_balanced(address: &str) -> bool {
    let mut open = 0_u32;
    for c in address.chars() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return false,
            ')' => open -= 1,
            _ => {}
        }
    }
    // Markdown counts no deeper than 32 (CommonMark 6.3).
    open == 0 && address.matches('(').count() < 16
}
