//! What is quoted, with where it is from: as Markdown, and as an entry for BibTeX.

use jiff::{civil::Date, tz::TimeZone};

use super::{Published, Story, escape, long};

/// What a quotation says of the story that it is from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Citation {
    /// Its title.
    pub title: String,
    /// The byline.
    pub authors: Vec<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// The address of its page.
    pub url: Option<String>,
}

impl Citation {
    /// That of a story.
    pub fn of(story: &Story) -> Self {
        Citation {
            title: story.title.clone(),
            authors: story.authors.clone(),
            published: story.published,
            url: story.url.clone(),
        }
    }

    /// Words of the story as a quotation in Markdown, followed by author, title with link, and date.
    pub fn quotation(&self, exact: &str, zone: &TimeZone) -> String {
        let title = match &self.url {
            Some(url) => format!("[{}](<{}>)", escape::markdown(&self.title), address(url)),
            None => format!("*{}*", escape::markdown(&self.title)),
        };
        let parts = [
            (!self.authors.is_empty()).then(|| self.names()),
            Some(title),
            self.published.map(|at| long(at, zone)),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!("{}\n\n— {}\n", quoted(exact), parts.join(", "))
    }

    /// The head of a story's notes in Markdown: title, byline and date, link.
    pub fn heading(&self, zone: &TimeZone) -> String {
        let mut lines = vec![format!("# {}", escape::markdown(&self.title))];
        let byline = [
            (!self.authors.is_empty()).then(|| self.names()),
            self.published.map(|at| long(at, zone)),
        ];
        let byline: Vec<String> = byline.into_iter().flatten().collect();
        lines.extend((!byline.is_empty()).then(|| byline.join(" · ")));
        lines.extend(self.url.as_ref().map(|url| format!("<{}>", address(url))));
        lines.join("\n\n")
    }

    /// Words of the story as an entry of a BibTeX file, in the field `annote`, which no style prints
    /// unasked. `today` is the day on which the page was read.
    pub fn bibtex(&self, exact: &str, today: Date, zone: &TimeZone) -> String {
        let day = self.published.map(|at| at.day(zone));
        let mut fields = Vec::new();
        if !self.authors.is_empty() {
            let names: Vec<String> = self.authors.iter().map(|name| tex(name)).collect();
            fields.push(("author", names.join(" and ")));
        }
        // Braces within keep the capitals as they are.
        fields.push(("title", format!("{{{}}}", tex(&self.title))));
        if let Some(day) = day {
            fields.push(("year", day.year().to_string()));
            fields.push(("date", day.to_string()));
        }
        if let Some(url) = &self.url {
            fields.push(("url", address(url)));
            fields.push(("urldate", today.to_string()));
        }
        let paragraphs: Vec<&str> = exact.split_whitespace().collect();
        fields.push(("annote", format!("``{}''", tex(&paragraphs.join(" ")))));
        let fields: Vec<String> = fields
            .into_iter()
            .map(|(name, value)| format!("  {name} = {{{value}}}"))
            .collect();
        format!("@misc{{{},\n{}\n}}\n", self.key(day), fields.join(",\n"))
    }

    fn names(&self) -> String {
        escape::markdown(&self.authors.join(", "))
    }

    /// The entry's key: the first author's last name, the year, the title's first word.
    fn key(&self, day: Option<Date>) -> String {
        let author = self.authors.first();
        let name = author.and_then(|name| name.split_whitespace().next_back());
        let year = day.map(|day| day.year().to_string());
        let word = self
            .title
            .split_whitespace()
            .map(plain)
            .find(|it| it.len() > 3);
        let key = [name.map(plain), year, word];
        let key: String = key.into_iter().flatten().collect();
        if key.is_empty() {
            "story".to_owned()
        } else {
            key
        }
    }
}

/// The letters and digits of a word that every BibTeX takes in a key.
fn plain(word: &str) -> String {
    let folded = super::fold::Folding::ALL.apply(word);
    folded.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Words as a block quote in Markdown.
pub fn quoted(exact: &str) -> String {
    let paragraphs = exact.split("\n\n").map(|paragraph| {
        let text = escape::markdown(paragraph);
        // A line's end that is the text's own stays one (CommonMark §6.7).
        let lines: Vec<String> = text.lines().map(|line| format!("> {line}")).collect();
        lines.join("\\\n")
    });
    paragraphs.collect::<Vec<_>>().join("\n>\n")
}

/// An address between angle brackets or braces, without what would end it.
fn address(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '<' | '>' | '{' | '}' | '\\' | ' ' => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            _ => out.push(c),
        }
    }
    out
}

/// Text with TeX's own signs made harmless.
fn tex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn citation() -> Citation {
        Citation {
            title: "Salt & *rope*".to_owned(),
            authors: vec!["Ána Müller".to_owned(), "Bo Li".to_owned()],
            published: Some(Published::Day(Date::constant(2019, 2, 28))),
            url: Some("https://example.org/a b".to_owned()),
        }
    }

    #[test]
    fn a_quotation_says_where_it_is_from() {
        let text = citation().quotation("One *line*\nof verse.\n\n# Two.", &TimeZone::UTC);
        assert_eq!(
            text,
            "> One \\*line\\*\\\n> of verse.\n>\n> \\# Two.\n\n\
             — Ána Müller, Bo Li, [Salt & \\*rope\\*](<https://example.org/a%20b>), 28 February 2019\n"
        );
        let bare = Citation {
            title: "Notes".to_owned(),
            ..Citation::default()
        };
        assert_eq!(
            bare.quotation("It.", &TimeZone::UTC),
            "> It.\n\n— *Notes*\n"
        );
    }

    #[test]
    fn an_entry_for_bibtex_holds_nothing_that_tex_would_take_for_its_own() {
        let text = citation().bibtex("100 % {salt}", Date::constant(2026, 11, 25), &TimeZone::UTC);
        assert_eq!(
            text,
            "@misc{muller2019salt,\n  author = {Ána Müller and Bo Li},\n  title = {{Salt \\& *rope*}},\n  \
             year = {2019},\n  date = {2019-02-28},\n  url = {https://example.org/a%20b},\n  \
             urldate = {2026-11-25},\n  annote = {``100 \\% \\{salt\\}''}\n}\n"
        );
        let key = Citation::default().bibtex("x", Date::constant(2026, 1, 1), &TimeZone::UTC);
        assert!(key.starts_with("@misc{story,"), "{key}");
    }
}
