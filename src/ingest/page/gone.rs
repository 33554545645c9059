//! Pages that say that nothing is at their address, though their server calls them found.

use url::Url;

use super::{measure::line, metadata::Metadata, title};
use crate::ingest::html::tree::{DOCUMENT, Id, Tree};

/// A longer line, in characters, tells something more.
const LONGEST: usize = 120;

/// Headings of the first level that are looked at: one is often the name of the site.
const HEADINGS: usize = 3;

/// At the beginning of a text of so many characters a page says that it has none.
const BEGINNING: usize = 400;

/// How a language says that something is not there.
struct Tongue {
    /// What is missing.
    what: &'static [&'static str],
    /// That it is.
    missing: &'static [&'static str],
    /// That it was asked for.
    asked: &'static [&'static str],
}

#[rustfmt::skip]
const TONGUES: [Tongue; 15] = [
    Tongue { // English
        what: &["page", "article", "story", "post", "file", "url", "document", "content"],
        missing: &["not found", "not be found", "n't be found", "cannot find", "can't find", "could not find",
            "couldn't find", "doesn't exist", "does not exist", "no longer exist", "no longer available",
            "unavailable", "not available", "n't available", "been removed"],
        asked: &["looking for", "requested", "tried to"],
    },
    Tongue { // German
        what: &["seite", "artikel", "beitrag", "inhalt", "dokument"],
        missing: &["nicht gefunden", "nicht finden", "existiert nicht", "nicht mehr verfügbar", "nicht verfügbar",
            "nicht vorhanden", "gibt es nicht"],
        asked: &["gesucht", "suchen", "angeforder", "aufgerufen"],
    },
    Tongue { // French
        what: &["page", "article", "contenu"],
        missing: &["introuvable", "non trouvé", "pas trouvé", "pas été trouvé", "n'existe pas", "n'existe plus",
            "plus disponible", "pas disponible", "indisponible"],
        asked: &["cherche", "demandé"],
    },
    Tongue { // Spanish
        what: &["página", "artículo", "contenido"],
        missing: &["no encontrad", "no se encuentra", "no se ha encontrado", "no se encontró", "no existe",
            "no está disponible", "no disponible"],
        asked: &["busca", "solicit"],
    },
    Tongue { // Italian
        what: &["pagina", "articolo", "contenuto"],
        missing: &["non trovat", "non è stat", "non esiste", "non è disponibile", "non disponibile"],
        asked: &["cerca", "cercando", "richiest"],
    },
    Tongue { // Portuguese
        what: &["página", "artigo", "conteúdo"],
        missing: &["não encontrad", "não foi encontrad", "não existe", "não está disponível", "indisponível"],
        asked: &["procura", "solicit"],
    },
    Tongue { // Dutch
        what: &["pagina", "artikel"],
        missing: &["niet gevonden", "niet vinden", "bestaat niet", "niet beschikbaar"],
        asked: &["zoekt", "zoeken", "opgevraagd"],
    },
    Tongue { // Polish
        what: &["stron", "artykuł"],
        missing: &["nie znaleziono", "nie została znaleziona", "nie istnieje", "niedostępn"],
        asked: &["szuka"],
    },
    Tongue { // Russian
        what: &["страниц", "стать", "материал"],
        missing: &["не найден", "не существует", "не обнаружен", "недоступн"],
        asked: &["ищете", "запраш", "запрош"],
    },
    Tongue { // Ukrainian
        what: &["сторінк"],
        missing: &["не знайден", "не існує"],
        asked: &["шукаєте", "запит"],
    },
    Tongue { // Swedish, Danish, Norwegian
        what: &["sidan", "siden"],
        missing: &["hittades inte", "inte hittas", "finns inte", "ikke fundet", "findes ikke", "ikke funnet",
            "finnes ikke"],
        asked: &["söker", "letar", "søg", "leder", "leter"],
    },
    Tongue { // Japanese
        what: &["ページ", "記事"],
        missing: &["見つかりません", "存在しません", "ありません"],
        asked: &["お探し", "指定", "アクセス"],
    },
    Tongue { // Chinese
        what: &["页面", "頁面", "网页", "網頁", "文章", "内容"],
        missing: &["不存在", "未找到", "找不到", "已删除", "已刪除"],
        asked: &["您", "你"],
    },
    Tongue { // Korean
        what: &["페이지"],
        missing: &["찾을 수 없", "존재하지 않"],
        asked: &["요청", "찾으시"],
    },
    Tongue { // Hindi
        what: &["पृष्ठ", "पेज"],
        missing: &["नहीं मिल", "उपलब्ध नहीं"],
        asked: &["आप"],
    },
];

/// What the number of the error is called by itself.
#[rustfmt::skip]
const NUMBERS: [&str; 12] = [
    "404", "410", "404 error", "error 404", "http 404", "404 not found", "not found", "410 gone", "fehler 404",
    "erreur 404", "errore 404", "ошибка 404",
];

/// Classes and identifiers that makers of pages give to this one.
#[rustfmt::skip]
const CLASSES: [&str; 12] = [
    "error404", "error-404", "error_404", "is-404", "page-404", "page404", "not-found", "notfound", "page-not-found",
    "pagenotfound", "error-page", "errorpage",
];

/// How many things beside its title tell of a page that nothing is at its address.
pub(super) struct Signs {
    count: usize,
    /// Whether the title says that, and nothing else beside the name of the site.
    is_title: bool,
}

impl Signs {
    /// Those of a page as its server sent it; none where neither its title nor its heading say so. These alone tell
    /// little: there are stories of missing pages, too.
    pub(super) fn of(tree: &Tree, known: &Metadata, address: Option<&Url>) -> Option<Self> {
        let headings = |name: &'static str| {
            tree.within(DOCUMENT)
                .filter(move |it| tree.name(*it) == name)
        };
        let headings = headings("h1").take(HEADINGS).chain(headings("h2").take(1));
        let mut lines = vec![title::whole(tree), known.title.clone()];
        let is_title = lines.iter().any(|it| says_only(it));
        lines.extend(headings.map(|it| line(tree, it)));
        if !lines.iter().any(|it| title::pieces(it).any(says)) {
            return None;
        }
        let named = |id: Id| {
            let names = ["class", "id"].map(|it| tree.attribute(id, it).unwrap_or_default());
            let mut names = names.iter().flat_map(|it| it.split_whitespace());
            names.any(|it| CLASSES.contains(&&*it.to_ascii_lowercase()))
        };
        let canonical = known.canonical.as_deref().and_then(|it| match address {
            Some(address) => address.join(it).ok(),
            None => Url::parse(it).ok(),
        });
        let is_elsewhere = |it: &Url| {
            let path = |it: &Url| it.path().trim_end_matches('/').to_owned();
            path(it).is_empty() || address.is_some_and(|address| path(address) != path(it))
        };
        let signs = [
            known.is_hidden,
            tree.within(DOCUMENT).any(named),
            canonical.as_ref().is_some_and(is_elsewhere),
            [address, canonical.as_ref()]
                .into_iter()
                .flatten()
                .any(is_called_so),
        ];
        let count = signs.iter().filter(|it| **it).count();
        Some(Signs { count, is_title })
    }

    /// Whether there are more of them than of a story. `text` is what was found, as Markdown.
    pub(super) fn outweigh(&self, known: &Metadata, byline: bool, text: &str) -> bool {
        let end = text.floor_char_boundary(BEGINNING.min(text.len()));
        let mut sentences = text[..end].split(['.', '!', '?', '\n', '。', '！', '।']);
        let is_told = sentences.any(is_told);
        // Templates give an author and a date to whatever they hold.
        if self.is_title && is_told && !known.is_described && known.is_story != Some(true) {
            return true;
        }
        let count = self.count + usize::from(is_told);
        let story = [
            known.is_described,
            known.is_story == Some(true),
            known.published.is_some(),
            byline || !known.authors.is_empty(),
        ];
        count > story.iter().filter(|it| **it).count()
    }
}

fn folded(text: &str) -> String {
    text.replace('’', "'").to_lowercase()
}

/// Whether a title or a heading is that of a page which is not there.
fn says(line: &str) -> bool {
    let line = folded(line);
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let has = |all: &[&str]| all.iter().any(|it| bare.contains(it));
    let is_missing = || TONGUES.iter().any(|it| has(it.what) && has(it.missing));
    NUMBERS.contains(&bare) || bare.chars().count() <= LONGEST && is_missing()
}

/// Whether a title says that its page is not there and nothing else, beside the name of its site.
fn says_only(title: &str) -> bool {
    /// What is longer, in characters, tells something more.
    const SHORT: usize = 40;
    /// Names of sites have no more words.
    const NAME: usize = 3;
    let mut pieces: Vec<&str> = title::pieces(title).skip(1).collect();
    let is_it = |it: &str| it.chars().count() <= SHORT && says(it);
    let Some(at) = pieces.iter().position(|it| is_it(it)) else {
        return false;
    };
    pieces.remove(at);
    let is_name = |it: &&str| is_it(it) || it.split_whitespace().count() <= NAME;
    pieces.len() <= 2 && pieces.iter().all(is_name)
}

/// Whether a sentence tells whoever asked for a page that it is not there.
fn is_told(sentence: &str) -> bool {
    let sentence = folded(sentence);
    let has = |all: &[&str]| all.iter().any(|it| sentence.contains(it));
    let mut tongues = TONGUES.iter();
    tongues.any(|it| has(it.what) && has(it.missing) && has(it.asked))
}

/// Whether an address is that of such a page.
fn is_called_so(address: &Url) -> bool {
    let last = address
        .path_segments()
        .and_then(|mut it| it.rfind(|it| !it.is_empty()));
    let last = last.unwrap_or_default().to_ascii_lowercase();
    let name = last.split('.').next().unwrap_or_default();
    matches!(
        name,
        "404" | "error" | "error404" | "error-404" | "notfound" | "not-found" | "page-not-found"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_says_more_than_that_nothing_is_there_is_told() {
        for title in ["Page not found", "404 - Page Not Found | The Paper"] {
            assert!(says_only(title), "{title}");
        }
        for title in [
            "The Paper",
            "Page not found: how the archive of a town was lost",
            "Page not found - How an old archive was lost",
        ] {
            assert!(!says_only(title), "{title}");
        }
    }

    #[test]
    fn titles_of_pages_that_are_not_there_are_told_in_many_languages() {
        for line in [
            "404",
            "Error 404",
            "404 Not Found",
            "Page not found",
            "Oops! That page can’t be found.",
            "Seite nicht gefunden",
            "Page introuvable",
            "Página no encontrada",
            "Pagina non trovata",
            "Страница не найдена",
            "ページが見つかりません",
            "页面不存在",
        ] {
            assert!(says(line), "{line}");
        }
        for line in [
            "404 days at sea",
            "Found at last",
            "The page",
            "Nicht gefunden und doch da",
        ] {
            assert!(!says(line), "{line}");
        }
    }
}
