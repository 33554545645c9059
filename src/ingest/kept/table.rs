//! Tables: what Pocket, Instapaper and Raindrop export as CSV (RFC 4180), told apart by their columns.

use super::{Export, Link, moment, tags};

/// The services, by columns that only theirs have, in small letters.
const SERVICES: [(&str, &[&str]); 3] = [
    ("Pocket", &["url", "time_added", "status"]),
    ("Instapaper", &["url", "title", "selection", "folder"]),
    ("Raindrop", &["url", "title", "created"]),
];

/// Reads a table; none if its columns are no service's.
pub(super) fn read(text: &str) -> Option<Export> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let columns: Vec<String> = reader
        .headers()
        .ok()?
        .iter()
        .map(|it| it.trim().to_ascii_lowercase())
        .collect();
    let has = |name: &&str| columns.iter().any(|it| it == name);
    let found = SERVICES.iter().find(|(_, names)| names.iter().all(has))?;
    let by = found.0;
    let mut export = Export {
        by,
        ..Export::default()
    };
    for record in reader.records() {
        // The text is decoded already, and any number of fields will do.
        let Ok(record) = record else {
            continue;
        };
        let line = record
            .position()
            .and_then(|it| usize::try_from(it.line()).ok());
        let of = |name: &str| {
            let at = columns.iter().position(|it| it == name)?;
            record.get(at).map(str::trim).filter(|it| !it.is_empty())
        };
        let mut link = Link {
            address: of("url").unwrap_or_default().to_owned(),
            title: of("title").unwrap_or_default().to_owned(),
            ..Link::default()
        };
        match by {
            "Pocket" => {
                link.added = of("time_added").and_then(moment);
                link.tags = tags(of("tags").unwrap_or_default(), &['|', ',']);
                link.read = of("status") == Some("archive");
            }
            "Instapaper" => {
                link.added = of("timestamp").and_then(moment);
                // A list as JSON has it: `["a","b"]`.
                let said = of("tags").unwrap_or_default();
                let list = serde_json::from_str(said);
                link.tags = list.unwrap_or_else(|_| tags(said.trim_matches(['[', ']']), &[',']));
                match of("folder") {
                    Some("Archive") => link.read = true,
                    Some("Starred") => link.starred = true,
                    Some("Unread") | None => {}
                    Some(folder) => link.folder = Some(folder.to_owned()),
                }
                if let Some(passage) = of("selection") {
                    link.highlights.push((passage.to_owned(), String::new()));
                }
            }
            _ => {
                link.added = of("created").and_then(moment);
                link.tags = tags(of("tags").unwrap_or_default(), &[',']);
                link.starred = of("favorite").is_some_and(|it| it.eq_ignore_ascii_case("true"));
                link.folder = of("folder")
                    .filter(|it| *it != "Unsorted")
                    .map(str::to_owned);
                link.summary = of("excerpt").map(str::to_owned);
                link.note = of("note").map(str::to_owned);
                if let Some(passages) = of("highlights") {
                    link.highlights = highlights(passages);
                }
            }
        }
        link.is_filed = link.folder.is_some();
        export.take(link, line);
    }
    Some(export)
}

/// Raindrop's highlights in one field: `Highlight:…`, with `Note:…` below where there is one.
fn highlights(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(passage) = line.strip_prefix("Highlight:") {
            found.push((passage.trim().to_owned(), String::new()));
        } else if let (Some(note), Some(last)) = (line.strip_prefix("Note:"), found.last_mut()) {
            note.trim().clone_into(&mut last.1);
        } else if let Some(last) = found.last_mut().filter(|_| !line.is_empty()) {
            last.0.push('\n');
            last.0.push_str(line);
        } else if !line.is_empty() {
            found.push((line.to_owned(), String::new()));
        }
    }
    found
}
