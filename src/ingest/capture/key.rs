//! What a text is known by in the tables of words.

/// A text as the tables of words know it: lower case, straight quotes, no marks at its ends.
pub fn of(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(600) {
        match c {
            '’' | '‘' | 'ʼ' => out.push('\''),
            '“' | '”' | '„' | '«' | '»' => out.push('"'),
            '\u{a0}' | '\u{202f}' => out.push(' '),
            '\u{ad}' | '\u{200b}' | '\u{fe0f}' => {}
            c => out.extend(c.to_lowercase()),
        }
    }
    let lower = out
        .replace("(opens in new window)", "")
        .replace("(opens in new tab)", "");
    let start = |c: char| c.is_whitespace() || "|•·>▸▶►▼+✉☰✕×»›\"'*_".contains(c);
    let end = |c: char| c.is_whitespace() || ":|•·>▸▶►▼▾↓→»›…+×\"'*_".contains(c);
    let bare = lower.trim_start_matches(start).trim_end_matches(end);
    bare.trim_end_matches("...")
        .trim_end_matches(end)
        .to_owned()
}
