//! Names of authors as bylines put them together.

use super::dates;

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
                .filter(|p| !p.is_empty() && !is_degree(p))
                .collect();
            // "Ann, Bo and Cy": with an "and" behind it, the comma can only part names.
            if pieces.iter().all(|piece| piece.contains(' ')) || (joined && pieces.len() > 1) {
                names.extend(pieces.into_iter().map(str::to_owned));
            } else {
                // "Ann Lee, MA The Long Desk": where she works is no name either.
                let whole = || part.trim().trim_end_matches(',');
                let has_degree = part.split(',').any(|it| is_degree(it.trim()));
                let first = pieces.first().filter(|_| has_degree && pieces.len() == 1);
                names.push(first.copied().unwrap_or_else(whole).to_owned());
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

/// What a page says of one author or of several, without what is no name: addresses, and the day and the hour of
/// the story.
pub fn without_rest(byline: &str) -> String {
    let is_address = |word: &&str| word.contains("://") || word.contains("www.");
    let words: Vec<&str> = byline
        .split_whitespace()
        .filter(|it| !is_address(it))
        .collect();
    let said = words.join(" ");
    let dated = dates::find(&said).map(|(range, _)| range);
    let dated = dated.filter(|it| said[it.clone()].contains(|c: char| c.is_ascii_digit()));
    let Some(range) = dated else {
        return said;
    };
    let (before, after) = (&said[..range.start], &said[range.end..]);
    let is_name = |it: &str| it.chars().filter(|it| it.is_alphabetic()).count() > 2;
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric() && !".)".contains(c));
    let before = ["on", "at", "am", "le"]
        .iter()
        .fold(before, |before, word| {
            let cut = before.strip_suffix(word).filter(|it| it.ends_with(' '));
            cut.unwrap_or(before)
        });
    if is_name(before) {
        return before.trim_end().to_owned();
    }
    match after.find("by ").or_else(|| after.find("By ")) {
        Some(by) => after[by..].to_owned(),
        None => said,
    }
}

/// Whether a part of a byline begins with a degree, behind which follows where its bearer works.
fn is_degree(part: &str) -> bool {
    const DEGREES: [&str; 14] = [
        "MA", "MD", "MS", "MSc", "BA", "BSc", "PhD", "MBA", "MPH", "RN", "RD", "JD", "DO", "DDS",
    ];
    let first = part.split(' ').next().unwrap_or_default().replace('.', "");
    part.contains(' ') && DEGREES.contains(&first.as_str())
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
    fn days_degrees_and_addresses_are_no_names() {
        for (byline, want) in [
            ("By Nathan Lee March 25, 2015", &["Nathan Lee"][..]),
            ("ANN LEE March 11, 2015 3:46 PM", &["ANN LEE"]),
            ("Ann Lee | 2015-03-11", &["Ann Lee"]),
            ("Ann Lee on March 11, 2015", &["Ann Lee"]),
            ("March 11, 2015 by Ann Lee", &["Ann Lee"]),
            ("By Ann Lee, MA The Long Desk", &["Ann Lee"]),
            ("Ann Lee, MD", &["Ann Lee, MD"]),
            ("Jong, Ann de", &["Jong, Ann de"]),
            ("Ann B. Lee (http://example.org/ann/)", &["Ann B. Lee"]),
            ("(http://example.org/ann/)", &[]),
            ("Ann May and Bo March", &["Ann May", "Bo March"]),
        ] {
            assert_eq!(names(&without_rest(byline)), want, "{byline:?}");
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
