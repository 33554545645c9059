//! Texts without what readers leave out when they look for them: capitals and accents.
//!
//! Latin letters lose their accents as in nucleo's fuzzy matching, so that a word finds a title here
//! where it finds it there; besides, ß, æ and œ are written out, Greek letters lose their accents
//! (capitals have none) and ё is е. Marks that stand behind their letter (U+0300 to U+036F) go, with the points of
//! Hebrew and the vowel signs of Arabic.

use nucleo_matcher::chars;

/// What makes no difference when texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folding {
    /// Capitals are as good as small letters.
    pub case: bool,
    /// A letter is as good with an accent as without.
    pub accents: bool,
}

impl Folding {
    /// Neither case nor accents make a difference.
    pub const ALL: Folding = Folding {
        case: true,
        accents: true,
    };

    /// What a word asks for by how it is typed (smart case): small letters match capitals too, a
    /// word with a capital only as it is; so with accents.
    pub fn as_typed(word: &str) -> Folding {
        Folding {
            case: !word.chars().any(chars::is_upper_case),
            accents: !word.chars().any(|c| base(c) != c || is_mark(c)),
        }
    }

    /// `text` without what makes no difference.
    pub fn apply(self, text: &str) -> String {
        if text.is_ascii() {
            return if self.case {
                text.to_ascii_lowercase()
            } else {
                text.to_owned()
            };
        }
        let mut folded = String::with_capacity(text.len());
        for c in text.chars() {
            self.fold_char(c, |c| folded.push(c));
        }
        folded
    }

    /// Gives what is left of one character: nothing, itself, or what it is written out as.
    pub fn fold_char(self, c: char, mut push: impl FnMut(char)) {
        if !self.accents {
            return push(self.lower(c));
        }
        let [first, second] = match c {
            'ß' => ['s', 's'],
            'ẞ' => ['S', 'S'],
            'æ' => ['a', 'e'],
            'Æ' => ['A', 'E'],
            'œ' => ['o', 'e'],
            'Œ' => ['O', 'E'],
            c if is_mark(c) => return,
            // A letter may lose its accent as a capital, its case without its accent.
            c => return push(self.lower(base(self.lower(c)))),
        };
        push(self.lower(first));
        push(self.lower(second));
    }

    fn lower(self, c: char) -> char {
        if self.case {
            chars::to_lower_case(c)
        } else {
            c
        }
    }

    /// Whether `part` stands somewhere in `text`.
    pub fn contains(self, text: &str, part: &str) -> bool {
        self.apply(text).contains(&self.apply(part))
    }

    /// Whether the two are the same text.
    pub fn same(self, one: &str, other: &str) -> bool {
        self.apply(one) == self.apply(other)
    }
}

/// `text` in small letters and without accents.
pub fn fold(text: &str) -> String {
    Folding::ALL.apply(text)
}

/// The letter without its accent.
fn base(c: char) -> char {
    match c {
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'Ά' => 'Α',
        'Έ' => 'Ε',
        'Ή' => 'Η',
        'Ί' | 'Ϊ' => 'Ι',
        'Ό' => 'Ο',
        'Ύ' | 'Ϋ' => 'Υ',
        'Ώ' => 'Ω',
        'ё' => 'е',
        'Ё' => 'Е',
        c => chars::normalize(c),
    }
}

fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}'
        // Points of Hebrew; vowel signs of Arabic, which most texts leave out.
        | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}'
        | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}'
        | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}' | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}'
        | '\u{8D3}'..='\u{8E1}' | '\u{8E3}'..='\u{8FF}')
}

/// The heading under which a title stands in a list from A to Z: its first letter as a capital, one
/// heading for all digits, and one for scripts that have no alphabet.
pub fn initial(title: &str) -> String {
    let folded = Folding::ALL.apply(title);
    match folded.chars().find(|c| c.is_alphanumeric()) {
        Some(digit) if digit.is_ascii_digit() => "0–9".to_owned(),
        Some(letter) if letter < '\u{2e80}' => letter.to_uppercase().to_string(),
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_and_accents_go() {
        for (text, folded) in [
            ("Survivor Stories", "survivor stories"),
            ("Été", "ete"),
            ("E\u{301}te\u{301}", "ete"),
            ("Straße, STRASSE", "strasse, strasse"),
            ("Œuvre Æsop", "oeuvre aesop"),
            ("Łódź", "lodz"),
            ("İstanbul", "istanbul"),
            ("Αθήνα ΑΘΗΝΑ", "αθηνα αθηνα"),
            ("Ёлка", "елка"),
            ("ΣΟΦΟΣ σοφος", "σοφοσ σοφοσ"),
            ("人身売買", "人身売買"),
            ("كِتَابٌ", "كتاب"),
            ("שָׁלוֹם", "שלום"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn what_is_typed_decides_what_makes_a_difference() {
        for (text, part, found) in [
            ("Été à la mer", "ete", true),
            ("Été à la mer", "Ete", true),
            ("Été à la mer", "été", true),
            ("Ete a la mer", "été", false),
            ("slavery", "Slav", false),
            ("SLAVERY", "slav", true),
            ("Slavery", "Slav", true),
        ] {
            let folding = Folding::as_typed(part);
            assert_eq!(folding.contains(text, part), found, "{part} in {text}");
        }
    }

    proptest! {
        #[test]
        fn to_fold_again_changes_nothing(text in "\\PC{0,40}", case: bool, accents: bool) {
            let folding = Folding { case, accents };
            let once = folding.apply(&text);
            prop_assert_eq!(folding.apply(&once), once);
        }

        #[test]
        fn what_is_in_a_text_is_in_it_folded(before in "\\PC{0,9}", part in "\\PC{0,9}", after in "\\PC{0,9}") {
            let text = format!("{before}{part}{after}");
            prop_assert!(Folding::ALL.contains(&text, &part));
            prop_assert!(Folding::as_typed(&part).contains(&text, &part));
        }
    }

    #[test]
    fn titles_stand_under_their_first_letter() {
        for (title, under) in [
            ("seven knots", "S"),
            ("“Émile”", "E"),
            ("1984", "0–9"),
            ("Ödland", "O"),
            ("жизнь", "Ж"),
            ("縦書き", "…"),
            ("!", "…"),
        ] {
            assert_eq!(initial(title), under, "{title}");
        }
    }
}
