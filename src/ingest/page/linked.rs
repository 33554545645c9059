//! What a page says of its story in JSON-LD, in the words of schema.org.

use serde_json::Value;

use super::measure::likeness;
use crate::ingest::html::tree::{DOCUMENT, Tree};

/// What stories are called there.
#[rustfmt::skip]
const STORIES: [&str; 22] = [
    "Article", "AdvertiserContentArticle", "NewsArticle", "AnalysisNewsArticle", "AskPublicNewsArticle",
    "BackgroundNewsArticle", "OpinionNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "Report",
    "SatiricalArticle", "ScholarlyArticle", "MedicalScholarlyArticle", "SocialMediaPosting", "BlogPosting",
    "LiveBlogPosting", "DiscussionForumPosting", "TechArticle", "APIReference", "Recipe", "Review", "MedicalWebPage",
];

/// Those of them that newspapers, magazines and blogs tell. Encyclopaedias and manuals have an "Article".
#[rustfmt::skip]
const NEWS: [&str; 9] = [
    "NewsArticle", "AnalysisNewsArticle", "AskPublicNewsArticle", "BackgroundNewsArticle", "OpinionNewsArticle",
    "ReportageNewsArticle", "ReviewNewsArticle", "BlogPosting", "LiveBlogPosting",
];

/// Longer ones are no descriptions of a page.
const LONGEST: usize = 2 * 1024 * 1024;

/// What is said of the story.
#[derive(Debug, Default)]
pub(super) struct Linked {
    /// Whether it is one of a newspaper, a magazine or a blog.
    pub is_news: bool,
    pub title: Option<String>,
    /// The names of its authors, of persons that are described.
    pub authors: Vec<String>,
    /// The same of authors that are only named.
    pub named: Vec<String>,
    pub summary: Option<String>,
    pub site: Option<String>,
    pub published: Option<String>,
    pub updated: Option<String>,
    pub image: Option<String>,
    pub sections: Vec<String>,
    pub keywords: Vec<String>,
    pub language: Option<String>,
    pub url: Option<String>,
    pub comments: Option<u32>,
    /// The text of the story.
    pub text: Option<String>,
}

/// Reads what is said of the first story that a page describes. `title` is the page's own, to tell which of
/// two names is the story's.
pub(super) fn read(tree: &Tree, title: &str) -> Option<Linked> {
    let scripts = tree.within(DOCUMENT).filter(|it| {
        let kind = tree.attribute(*it, "type").unwrap_or_default();
        tree.name(*it) == "script" && kind.trim().eq_ignore_ascii_case("application/ld+json")
    });
    scripts
        .filter_map(|it| parse(&tree.text(it)))
        .find_map(|it| story(&it).map(|story| linked(story, title)))
}

/// Pages break the rules of JSON in a few ways: comments of HTML or CDATA around it, and control characters
/// in texts.
fn parse(source: &str) -> Option<Value> {
    if source.len() > LONGEST {
        return None;
    }
    let bare = source.trim();
    let bare = ["<!--", "<![CDATA[", "//<![CDATA[", "/*<![CDATA[*/"]
        .iter()
        .find_map(|it| bare.strip_prefix(it))
        .unwrap_or(bare);
    let bare = ["-->", "/*]]>*/", "//]]>", "]]>"]
        .iter()
        .find_map(|it| bare.trim_end().strip_suffix(it))
        .unwrap_or(bare);
    let bare = bare.trim().trim_end_matches(';');
    serde_json::from_str(bare).ok().or_else(|| {
        let harmless: String = bare
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        serde_json::from_str(&harmless).ok()
    })
}

/// The story in what is described: it, one in a list, or in a graph.
fn story(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(all) => all.iter().find_map(story),
        Value::Object(_) if is_story(value) => Some(value),
        Value::Object(object) => match object.get("@graph") {
            Some(graph) => story(graph),
            None => {
                let main = object.get("mainEntity").filter(|it| is_story(it));
                main.filter(|_| has_type(value, &["WebPage", "ItemPage"]))
            }
        },
        _ => None,
    }
}

fn is_story(value: &Value) -> bool {
    has_type(value, &STORIES)
}

fn has_type(value: &Value, types: &[&str]) -> bool {
    let is = |it: &Value| {
        let name = it.as_str().unwrap_or_default();
        let name = name.rsplit(['/', ':']).next().unwrap_or_default();
        types.contains(&name)
    };
    match value.get("@type") {
        Some(Value::Array(all)) => all.iter().any(is),
        Some(one) => is(one),
        None => false,
    }
}

fn linked(story: &Value, title: &str) -> Linked {
    let text = |name: &str| text(story.get(name)?);
    let mut linked = Linked {
        is_news: has_type(story, &NEWS),
        title: match (text("name"), text("headline")) {
            (Some(name), Some(headline)) if name != headline => {
                let fits = |it: &str| likeness(it, title) > 0.75;
                let headline_fits = fits(&headline) && !fits(&name);
                Some(if headline_fits { headline } else { name })
            }
            (name, headline) => name.or(headline),
        },
        summary: text("description"),
        published: text("datePublished").or_else(|| text("dateCreated")),
        updated: text("dateModified"),
        language: text("inLanguage").or_else(|| names(story.get("inLanguage")?).pop()),
        image: story
            .get("image")
            .or_else(|| story.get("thumbnailUrl"))
            .and_then(address),
        sections: story.get("articleSection").map(texts).unwrap_or_default(),
        keywords: story.get("keywords").map(keywords).unwrap_or_default(),
        site: story.get("publisher").and_then(|it| names(it).pop()),
        url: text("url").or_else(|| address(story.get("mainEntityOfPage")?)),
        comments: comments(story),
        text: text("articleBody"),
        ..Linked::default()
    };
    let author = story.get("author").or_else(|| story.get("creator"));
    if let Some(author) = author {
        linked.authors = names(author);
        linked.named = texts(author);
        linked.named.retain(|it| !it.contains("://"));
    }
    linked
}

fn text(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A text, or several.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().filter_map(text).collect(),
        one => text(one).into_iter().collect(),
    }
}

fn keywords(value: &Value) -> Vec<String> {
    let all = texts(value);
    let parted = all.iter().flat_map(|it| it.split(','));
    let parted = parted.map(str::trim).filter(|it| !it.is_empty());
    parted.map(str::to_owned).collect()
}

/// The names of what is described: one, or several.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().flat_map(names).collect(),
        Value::Object(object) => match object.get("name") {
            Some(name) => texts(name),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn address(value: &Value) -> Option<String> {
    match value {
        Value::Array(all) => all.iter().find_map(address),
        Value::Object(object) => {
            let own = ["url", "contentUrl", "@id"].iter();
            own.filter_map(|it| object.get(*it)).find_map(address)
        }
        one => text(one),
    }
}

fn comments(story: &Value) -> Option<u32> {
    let number = |value: &Value| {
        let number = value
            .as_u64()
            .or_else(|| value.as_str()?.trim().parse().ok());
        number.and_then(|it| u32::try_from(it).ok())
    };
    if let Some(count) = story.get("commentCount").and_then(number) {
        return Some(count);
    }
    let statistics = story.get("interactionStatistic")?;
    let all = match statistics {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let of_comments = |it: &&Value| {
        let kind = it.get("interactionType");
        let said = kind.map(Value::to_string).unwrap_or_default();
        said.contains("CommentAction")
    };
    all.iter()
        .find(of_comments)?
        .get("userInteractionCount")
        .and_then(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> Option<Linked> {
        let page = format!("<script type='application/ld+json'>{json}</script>");
        read(&Tree::of(&page), "A long headline of four")
    }

    #[test]
    fn a_story_is_found_wherever_it_stands() {
        for json in [
            r#"{"@type": "NewsArticle", "headline": "H"}"#,
            r#"[{"@type": "WebSite"}, {"@type": ["Thing", "BlogPosting"], "headline": "H"}]"#,
            r#"{"@context": "https://schema.org", "@graph": [{"@type": "Person"}, {"@type": "Article", "headline": "H"}]}"#,
            r#"{"@type": "WebPage", "mainEntity": {"@type": "Report", "headline": "H"}}"#,
            r#"<![CDATA[{"@type": "https://schema.org/Article", "headline": "H"}]]>"#,
            "{\"@type\": \"Article\", \"headline\": \"H\", \"description\": \"a\nb\"};",
        ] {
            let found = of(json).unwrap_or_default();
            assert_eq!(found.title.as_deref(), Some("H"), "{json}");
        }
        for json in [
            r#"{"@type": "Organization", "name": "H"}"#,
            "{",
            "",
            "null",
            "[[[[",
        ] {
            assert!(of(json).is_none(), "{json}");
        }
    }

    #[test]
    fn people_pictures_and_counts_are_told_in_many_ways() {
        let found = of(r#"{"@type": "Article", "name": "Other", "headline": "A long headline of four",
            "author": [{"@type": "Person", "name": "Ann Lee"}, {"name": ["Bo Chen"]}, "Cy Dee"],
            "image": [{"@type": "ImageObject", "url": "https://a.example/p.jpg"}], "keywords": "one, two",
            "articleSection": ["News"], "publisher": {"name": "The Paper"},
            "interactionStatistic": [{"interactionType": {"@type": "http://schema.org/CommentAction"},
            "userInteractionCount": "12"}]}"#)
        .unwrap_or_default();
        assert_eq!(found.title.as_deref(), Some("A long headline of four"));
        assert_eq!(found.authors, ["Ann Lee", "Bo Chen"]);
        assert_eq!(found.named, ["Cy Dee"]);
        assert_eq!(found.image.as_deref(), Some("https://a.example/p.jpg"));
        assert_eq!(found.keywords, ["one", "two"]);
        assert_eq!(found.sections, ["News"]);
        assert_eq!(found.site.as_deref(), Some("The Paper"));
        assert_eq!(found.comments, Some(12));
    }
}
