//! The language of a text that does not declare one.

/// How much of a text is looked at, in bytes.
const PART: usize = 8 * 1024;
/// How many bytes of words are enough: more take longer and tell no more.
const SAMPLE: usize = 1200;
/// Shorter texts, in characters, tell nothing for certain.
const SHORTEST: usize = 200;

/// The tag of the language that a body in Markdown is written in, as far as its words tell beyond
/// doubt. Code and addresses are in no language.
pub fn of(markdown: &str) -> Option<&'static str> {
    let part = markdown.get(..markdown.floor_char_boundary(PART))?;
    let mut sample = String::with_capacity(SAMPLE);
    let mut code = false;
    for line in part.lines() {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        code ^= fence;
        if code || fence || line.starts_with("    ") {
            continue;
        }
        let words = line
            .split_whitespace()
            .filter(|word| !word.contains("://") && !word.contains("](") && !word.contains('`'));
        for word in words {
            sample.push_str(word);
            sample.push(' ');
        }
        if sample.len() >= SAMPLE {
            break;
        }
    }
    sample.truncate(sample.floor_char_boundary(SAMPLE));
    of_words(&sample)
}

/// The tag of the language that words are in; none where they are too few, or leave a doubt.
pub fn of_words(words: &str) -> Option<&'static str> {
    if words.chars().count() < SHORTEST {
        return None;
    }
    let found = whatlang::detect(words).filter(whatlang::Info::is_reliable)?;
    tag(found.lang())
}

/// The BCP 47 tag of a language.
fn tag(language: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang;
    Some(match language {
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Ita => "it",
        Lang::Por => "pt",
        Lang::Nld => "nl",
        Lang::Pol => "pl",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Bel => "be",
        Lang::Bul => "bg",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Ces => "cs",
        Lang::Slk => "sk",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Nob => "nb",
        Lang::Fin => "fi",
        Lang::Est => "et",
        Lang::Lav => "lv",
        Lang::Lit => "lt",
        Lang::Hun => "hu",
        Lang::Ron => "ro",
        Lang::Tur => "tr",
        Lang::Aze => "az",
        Lang::Ell => "el",
        Lang::Cat => "ca",
        Lang::Epo => "eo",
        Lang::Lat => "la",
        Lang::Cmn => "zh",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Vie => "vi",
        Lang::Tha => "th",
        Lang::Ind => "id",
        Lang::Heb => "he",
        Lang::Ara => "ar",
        Lang::Pes => "fa",
        Lang::Urd => "ur",
        Lang::Hin => "hi",
        Lang::Ben => "bn",
        Lang::Tam => "ta",
        Lang::Tel => "te",
        Lang::Mar => "mr",
        Lang::Guj => "gu",
        Lang::Pan => "pa",
        Lang::Kan => "kn",
        Lang::Mal => "ml",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Kat => "ka",
        Lang::Hye => "hy",
        Lang::Afr => "af",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: &str = "Die Brücke war alt, und niemand wusste mehr, wer sie gebaut hatte. Im \
        Winter lag Eis auf ihren Steinen, im Sommer saßen die Kinder auf der Mauer und sahen den \
        Booten zu, die langsam unter ihr hindurch zum Meer fuhren.";

    #[test]
    fn words_tell_their_language_where_there_are_enough_of_them() {
        assert_eq!(of(GERMAN), Some("de"));
        assert_eq!(of("Ein kurzer Satz."), None);
        let code = format!(
            "```\n{}```\n",
            "let x = the_value_of(and, not, this);\n".repeat(20)
        );
        assert_eq!(of(&code), None);
        assert_eq!(of(&format!("{code}\n{GERMAN}")), Some("de"));
    }
}
