//! Signs that keyboards lack, and what people type for them.

/// What people type where `c` is printed: the straight quotes for curly ones, the hyphen for every
/// dash. All else stands for itself.
pub fn as_typed(c: char) -> char {
    match c {
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        // Hyphens and dashes of all lengths, and the minus sign.
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_signs_are_what_keyboards_have() {
        let typed: String = "“Russia’s” – ‘co‑op’ — naïve"
            .chars()
            .map(as_typed)
            .collect();
        assert_eq!(typed, "\"Russia's\" - 'co-op' - naïve");
    }
}
