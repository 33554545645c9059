//! What a single line says by its words and looks, for who knows from elsewhere how a page is built.

use std::sync::LazyLock;

use super::{
    boxes, ending, key,
    lexicon::Lexicon,
    lines::{Item, Marker, Set},
    meta, names,
    shape::{self, Shape},
    words::Sign,
};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

/// What a line does on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Does {
    /// It heads links to other stories.
    HeadsOthers,
    /// It leads to another story.
    LeadsElsewhere,
    /// It tells of the story: who wrote it, when, where it is filed.
    Tells,
    /// It says who took a picture, or what one shows.
    Credits,
    /// It tells of the author.
    Portrays,
    /// Whoever it addresses, it is no part of a story: buttons, pleas, imprints.
    Serves,
}

/// A line.
#[derive(Debug)]
pub(in crate::ingest) struct Single {
    item: Item,
}

impl Single {
    pub(in crate::ingest) fn new(text: &str) -> Single {
        let words = shape::word_count(text);
        Single {
            item: Item {
                key: key::of(text),
                shape: shape::of(text, words),
                text: text.to_owned(),
                marker: Marker::None,
                indent: 0,
                group: 0,
                group_size: 1,
                underlined: false,
                centred: false,
                level: 0,
                set: Set::Plain,
                words,
            },
        }
    }

    pub(in crate::ingest) fn text(&self) -> &str {
        &self.item.text
    }

    pub(in crate::ingest) fn words(&self) -> usize {
        self.item.words
    }

    /// Whether it reads like a paragraph of a text.
    pub(in crate::ingest) fn is_prose(&self) -> bool {
        self.item.shape == Shape::Prose
    }

    /// Whether it has neither words nor the looks of a sentence: a number, marks.
    pub(in crate::ingest) fn is_bare(&self) -> bool {
        matches!(self.item.shape, Shape::Bare | Shape::Rule)
    }

    /// What it does on a page, where its words tell; none where it may be a part of a story.
    pub(in crate::ingest) fn does(&self, language: &str) -> Option<Does> {
        let item = &self.item;
        match LEXICON.sign(item) {
            Some(Sign::List | Sign::Sponsored) => return Some(Does::HeadsOthers),
            Some(Sign::Inline) => return Some(Does::LeadsElsewhere),
            Some(Sign::Credit | Sign::Caption) => return Some(Does::Credits),
            Some(Sign::Author) => return Some(Does::Portrays),
            Some(Sign::Reading) => return Some(Does::Tells),
            Some(Sign::Aside | Sign::End | Sign::Genre) | None => {}
            Some(_) => return Some(Does::Serves),
        }
        if boxes::heads_links(&item.key) {
            return Some(Does::HeadsOthers);
        }
        if meta::is_about(item, language) {
            return Some(Does::Tells);
        }
        if ending::bio_name(&item.text).is_some() {
            return Some(Does::Portrays);
        }
        if self.is_imprint() || self.tells_time() {
            return Some(if self.is_imprint() {
                Does::Serves
            } else {
                Does::Tells
            });
        }
        let pleads = ending::is_plea(&item.key) || ending::speaks_of_house(&item.key);
        pleads.then_some(Does::Serves)
    }

    /// Whether it is a closing remark on a story, as its makers add it.
    pub(in crate::ingest) fn closes(&self) -> bool {
        matches!(LEXICON.sign(&self.item), Some(Sign::Aside | Sign::End))
    }

    /// Whether it is in capitals, but for a letter here and there.
    pub(in crate::ingest) fn is_shouted(&self) -> bool {
        let letters = || self.item.text.chars().filter(|c| c.is_alphabetic());
        let small = letters().filter(|c| c.is_lowercase()).count();
        let large = letters().filter(|c| c.is_uppercase()).count();
        large > 10 * small
    }

    /// Whether it says whose a text is, and that it may not be copied.
    pub(in crate::ingest) fn is_imprint(&self) -> bool {
        const SAYS: [&str; 14] = [
            "©",
            "ⓒ",
            "(c) ",
            "copyright",
            "all rights reserved",
            "alle rechte vorbehalten",
            "tous droits réservés",
            "todos los derechos",
            "tutti i diritti",
            "todos os direitos",
            "alle rechten",
            "все права",
            "无断",
            "무단전재",
        ];
        self.words() <= 60 && SAYS.iter().any(|it| self.item.key.contains(it))
    }

    /// "Published: 10:48, Tue, Nov 19": a label of a date and what no parser knows.
    fn tells_time(&self) -> bool {
        let key = &self.item.key;
        let rest = [
            "published",
            "updated",
            "posted",
            "first published",
            "last updated",
            "modified",
        ]
        .iter()
        .find_map(|it| key.strip_prefix(it));
        self.words() <= 14 && rest.is_some_and(|it| it.contains(|c: char| c.is_ascii_digit()))
    }

    /// Whether it is a number of a few digits.
    pub(in crate::ingest) fn is_number(&self) -> bool {
        let text = &self.item.text;
        text.len() <= 3 && !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
    }

    /// Whether it asks to write to somebody, or to follow them elsewhere.
    pub(in crate::ingest) fn asks_to_follow(&self) -> bool {
        const ASKS: [&str; 16] = [
            "follow", "reach", "contact", "email", "e-mail", "write to", "tip", "folgen",
            "kontakt", "suivez", "suivre", "sígue", "segui", "siga", "volg", "find us",
        ];
        const WHERE: [&str; 9] = [
            "twitter",
            "facebook",
            "instagram",
            "linkedin",
            "youtube",
            "tiktok",
            "telegram",
            "whatsapp",
            "http",
        ];
        let key = &self.item.key;
        let at = key.contains('@') || WHERE.iter().any(|it| key.contains(it));
        self.words() <= 40 && at && ASKS.iter().any(|it| key.contains(it))
    }

    /// The names that it gives, if it is a byline.
    pub(in crate::ingest) fn byline(&self) -> Option<Vec<String>> {
        names::byline(&self.item.text)
    }
}
