//! What text browsers print of pictures in the midst of a text: the words that stand for one, twice at
//! times, its caption, whose it is, and which of how many it is.

use super::View;
use super::lines::{Marker, Set};
use super::shape::{self, Shape};
use super::words::Sign;
use crate::ingest::dates;

/// The first item behind what is said of pictures at `at`; none where nothing is.
pub fn skip(view: &View<'_>, at: usize) -> Option<usize> {
    let item = &view.items[at];
    if item.set != Set::Plain || item.level > 0 {
        return None;
    }
    if counts_pictures(&item.key, item.words) || credits_inside(&item.text, item.words) {
        return Some(at + 1);
    }
    if item.shape == Shape::Phrase && says_twice(&item.text) {
        return Some(at + 1);
    }
    let next = view.items.get(at + 1)?;
    let close = next.group == item.group;
    if close && item.words <= CAPTION && names_agency(&next.text, next.words) {
        let dated = dates::find_with(&item.text, view.language).is_some();
        let words = item.shape == Shape::Phrase && !shape::ends_sentence(&item.text);
        return (dated || words).then_some(at + 2);
    }
    stands_for(view, at).then_some(at + 1)
}

/// No caption has more words.
const CAPTION: usize = 60;

/// "Image 1 of / 5", "View all (4)", "Bild 3 von 12", "1 / 13": which picture of a row it is.
fn counts_pictures(key: &str, words: usize) -> bool {
    const MOST: usize = 5;
    const OF: [&str; 13] = [
        "of", "von", "de", "sur", "di", "van", "из", "af", "av", "z", "/", "of /", "من",
    ];
    const PICTURE: [&str; 22] = [
        "image",
        "images",
        "photo",
        "photos",
        "picture",
        "slide",
        "bild",
        "foto",
        "fotos",
        "imagen",
        "imagem",
        "immagine",
        "afbeelding",
        "фото",
        "изображение",
        "写真",
        "图片",
        "圖片",
        "صورة",
        "view all",
        "see all",
        "all",
    ];
    if words > MOST || !key.ends_with(|c: char| c.is_ascii_digit() || c == ')') {
        return false;
    }
    let bare = key.trim_end_matches(')');
    let rest = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    if rest.len() == bare.len() {
        return false;
    }
    if let Some(all) = rest.strip_suffix('(') {
        return key.ends_with(')')
            && matches!(
                all.trim(),
                "view all" | "see all" | "alle ansehen" | "voir tout" | "ver todas" | "vedi tutte"
            );
    }
    let rest = rest.trim_end();
    let Some(before) = OF
        .iter()
        .filter_map(|of| rest.strip_suffix(of))
        .min_by_key(|before| before.len())
    else {
        return false;
    };
    let before = before.trim_end();
    let named = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let slash = rest.ends_with('/') && named.is_empty();
    named.len() < before.len() && (slash || PICTURE.contains(&named.trim()))
}

/// "A marmot in the grassCredit: Agency": what a page sets apart by its looks alone stands behind the
/// caption without a space.
fn credits_inside(text: &str, words: usize) -> bool {
    const WHOSE: [&str; 10] = [
        "Credit:",
        "Credits:",
        "Photo:",
        "Picture:",
        "Image:",
        "Foto:",
        "Bild:",
        "Crédit",
        "Quelle:",
        "Copyright:",
    ];
    words <= CAPTION
        && WHOSE.iter().any(|whose| {
            text.match_indices(whose)
                .any(|(at, _)| text[..at].ends_with(|c: char| c.is_lowercase() || ".)".contains(c)))
        })
}

/// "Shy owl Shy owl", "Shy owlShy owl": a picture's words and its title.
fn says_twice(text: &str) -> bool {
    const LEAST: usize = 12;
    let half = text.len() / 2;
    if text.len() < LEAST {
        return false;
    }
    let tight =
        text.is_char_boundary(half) && text.len().is_multiple_of(2) && text[..half] == text[half..];
    let spaced = !text.len().is_multiple_of(2)
        && text.as_bytes()[half] == b' '
        && text[..half] == text[half + 1..];
    tight || spaced
}

/// "Michael Conroy, AP", "ITV, ASSOCIATED PRESS": who took a picture, and for whom.
fn names_agency(text: &str, words: usize) -> bool {
    const MOST: usize = 7;
    const AGENCIES: [&str; 21] = [
        "AP",
        "AFP",
        "EPA",
        "EFE",
        "ANSA",
        "DPA",
        "APA",
        "TASS",
        "KEYSTONE",
        "ANP",
        "EPA-EFE",
        "REUTERS",
        "ASSOCIATED PRESS",
        "THE ASSOCIATED PRESS",
        "GETTY IMAGES",
        "AFP VIA GETTY IMAGES",
        "BLOOMBERG",
        "XINHUA",
        "SHUTTERSTOCK",
        "PICTURE ALLIANCE",
        "ТАСС",
    ];
    let text = text.trim_matches(|c: char| "()[]. ".contains(c));
    let behind = text.rsplit_once(", ").or_else(|| text.rsplit_once('/'));
    words <= MOST
        && !text.contains(|c: char| c.is_ascii_digit())
        && behind.is_some_and(|(who, house)| {
            !who.is_empty() && AGENCIES.contains(&house.trim().to_uppercase().as_str())
        })
}

/// "Plague doctor" above "A plague doctor of the 14th century (Image: Agency)": a few words that stand
/// for the picture whose caption follows.
fn stands_for(view: &View<'_>, at: usize) -> bool {
    const WORDS: usize = 8;
    let (item, Some(next)) = (&view.items[at], view.items.get(at + 1)) else {
        return false;
    };
    let telling = |key: &str| -> Vec<String> {
        let words = key.split(|c: char| !c.is_alphanumeric());
        words
            .filter(|word| word.chars().count() >= 4)
            .map(|word| word.chars().take(5).collect())
            .collect()
    };
    let said = telling(&next.key);
    item.shape == Shape::Phrase
        && item.words <= WORDS
        && item.marker == Marker::None
        && !item.text.ends_with(':')
        && view.signs[at].is_none()
        && !view.anchors[at]
        && view.signs[at + 1] == Some(Sign::Credit)
        && next.words > item.words.max(4)
        && next.words <= CAPTION
        && telling(&item.key).iter().any(|word| said.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_pictures_is_told_from_what_counts_things() {
        let counts = |key: &str| counts_pictures(key, shape::word_count(key));
        for key in [
            "image 1 of / 5",
            "image 1 of 5",
            "bild 3 von 12",
            "1 / 13",
            "view all (4)",
            "фото 1 из 3",
        ] {
            assert!(counts(key), "{key}");
        }
        for key in [
            "chapter 1 of 5",
            "12",
            "the war of 1812",
            "year (4)",
            "page 2",
        ] {
            assert!(!counts(key), "{key}");
        }
    }

    #[test]
    fn captions_are_known_by_whose_they_are() {
        assert!(credits_inside("A marmot in the grassCredit: Agency", 6));
        assert!(!credits_inside(
            "To give credit: it was hers. Credit: none",
            8
        ));
        assert!(names_agency("Jane Doe, AP", 3));
        assert!(names_agency("(Jane Doe/Getty Images)", 4));
        assert!(!names_agency("She works for AP", 4));
        assert!(says_twice("Shy owl Shy owl") && says_twice("Shy owlShy owl"));
        assert!(!says_twice("Bora Bora") && !says_twice("A shy owl and a shy owl"));
    }
}
