//! Names of authors as bylines put them together.

/// The names in a byline such as `By Ann Lee, Bo Chen and Cy Dee`; one name an entry, not cleaned.
///
/// Commas part names only where each part is a name of two words or more, so that `Lee, Ann` and
/// `Ann Lee, Reuters` stay whole.
pub fn names(byline: &str) -> Vec<String> {
    let byline = byline.trim();
    let byline = ["By ", "by ", "BY ", "By: "]
        .into_iter()
        .find_map(|by| byline.strip_prefix(by))
        .unwrap_or(byline);
    let mut names = Vec::new();
    for part in byline.split(';') {
        let parts = split_at_and(part);
        let joined = parts.len() > 1;
        for part in parts {
            let pieces: Vec<&str> = part
                .split(',')
                .map(str::trim)
                .filter(|p| !p.is_empty())
                .collect();
            // "Ann, Bo and Cy": with an "and" behind it, the comma can only part names.
            if pieces.iter().all(|piece| piece.contains(' ')) || (joined && pieces.len() > 1) {
                names.extend(pieces.into_iter().map(str::to_owned));
            } else {
                names.push(part.trim().trim_end_matches(',').to_owned());
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The names in a value that stands for one author or for several, as front matter gives it: several
/// only where it is plainly a list of people. `Quill and Daughter` may be the name of one.
pub fn people(value: &str) -> Vec<String> {
    let names = names(value);
    let is_person = |name: &String| {
        let mut words = name.split_whitespace();
        // "Ministry of Health and Social Care"
        name.contains(' ') && !words.any(|word| matches!(word, "of" | "for" | "the" | "The"))
    };
    let listed = names.iter().all(is_person) || names.len() > 2 || value.contains(';');
    if names.len() < 2 || listed {
        return names;
    }
    vec![value.trim().to_owned()]
}

fn split_at_and(text: &str) -> Vec<&str> {
    const FIRM: [&str; 5] = ["Co", "Company", "Sons", "Partners", "Associates"];
    const AND: [&str; 5] = [" and ", " & ", " und ", " et ", " y "];
    let mut parts = vec![text];
    // Most bylines have none of these: to look is cheaper than to part.
    for and in AND.into_iter().filter(|and| text.contains(and)) {
        parts = parts
            .iter()
            .flat_map(|part| match part.split_once(and) {
                // A firm is one name: "Margin & Co.", "Quill & Daughter".
                Some((_, rest)) if FIRM.iter().any(|firm| rest.starts_with(firm)) => vec![*part],
                Some((before, rest)) if and == " & " && (is_word(before) || is_word(rest)) => {
                    vec![*part]
                }
                _ => part.split(and).collect(),
            })
            .collect();
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Whether a part of a byline is a single word.
fn is_word(part: &str) -> bool {
    !part.trim().contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parted() {
        for (byline, want) in [
            ("Ann Lee", &["Ann Lee"][..]),
            ("By Ann Lee", &["Ann Lee"]),
            ("Ann Lee and Bo Chen", &["Ann Lee", "Bo Chen"]),
            ("Ann Lee & Bo Chen", &["Ann Lee", "Bo Chen"]),
            ("Quill & Daughter", &["Quill & Daughter"]),
            ("Jane Quill & Sons", &["Jane Quill & Sons"]),
            (
                "Ann Lee, Bo Chen, and Cy Dee",
                &["Ann Lee", "Bo Chen", "Cy Dee"],
            ),
            ("Ann, Bo and Cy", &["Ann", "Bo", "Cy"]),
            ("Ann Lee, Bo Chen", &["Ann Lee", "Bo Chen"]),
            ("Lee, Ann", &["Lee, Ann"]),
            ("Ann Lee, Reuters", &["Ann Lee, Reuters"]),
            ("Lee, Ann; Chen, Bo", &["Lee, Ann", "Chen, Bo"]),
            ("Anderson Band", &["Anderson Band"]),
            ("", &[]),
            ("and", &["and"]),
        ] {
            assert_eq!(names(byline), want, "{byline:?}");
        }
    }

    #[test]
    fn one_value_is_one_author_unless_it_lists_people() {
        for (value, want) in [
            ("Quill & Daughter", &["Quill & Daughter"][..]),
            ("Quill and Daughter", &["Quill and Daughter"]),
            (
                "Food and Agriculture Organization",
                &["Food and Agriculture Organization"],
            ),
            (
                "Ministry of Health and Social Care",
                &["Ministry of Health and Social Care"],
            ),
            ("Jane Doe and John Roe", &["Jane Doe", "John Roe"]),
            ("A. B., C. D.", &["A. B.", "C. D."]),
            ("Ann, Bo and Cy", &["Ann", "Bo", "Cy"]),
            ("Ann; Bo", &["Ann", "Bo"]),
            ("Lee, Ann", &["Lee, Ann"]),
        ] {
            assert_eq!(people(value), want, "{value:?}");
        }
    }
}
