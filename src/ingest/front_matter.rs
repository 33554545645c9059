//! Front matter: the metadata before a Markdown body, in YAML, TOML or JSON.
//!
//! Written by Hugo, Jekyll, Zola, Astro, Obsidian and its web clipper, each with names of its own.
//! Wrong front matter costs a story nothing but itself: what can be read of it is read, the
//! warnings say what to mend and where, and the body is read in any case.

mod block;
mod fields;
mod json;
mod lenient;
mod node;
mod toml;
mod values;
mod yaml;

pub use fields::Fields;

use block::{Block, Syntax};
use node::{Map, Problem};

/// The longest front matter that is read, in bytes: far more than people write, and little enough
/// that a parser cannot be kept busy by it.
const LIMIT: usize = 256 * 1024;

/// A text taken apart.
#[derive(Debug)]
pub struct FrontMatter<'a> {
    /// What the known names say.
    pub fields: Fields,
    /// What was wrong, one sentence or two each.
    pub warnings: Vec<String>,
    /// What comes behind the front matter.
    pub body: &'a str,
}

/// Reads the front matter that `text` (clean, see [`crate::story::clean`]) begins with; none when
/// it begins with anything else, such as a thematic break. `whole` is false for a part of a file.
pub fn read(text: &str, whole: bool) -> Option<FrontMatter<'_>> {
    let block = block::find(text)?;
    let mut problems = Vec::new();
    let mut body = block.body;
    let map = parse(text, whole, &block, &mut body, &mut problems);
    let (fields, known, wrong) = fields::read(&map);
    if !known && (!map.is_empty() || !problems.is_empty()) && !reads_as_metadata(&map, &problems) {
        return None;
    }
    problems.extend(wrong);
    let warnings = problems.iter().map(Problem::to_string).collect();
    Some(FrontMatter {
        fields,
        warnings,
        body,
    })
}

/// Whether a block without one known name is metadata all the same: names are single words, while
/// prose between two thematic breaks has a colon only by chance, and must not vanish.
fn reads_as_metadata(map: &Map, problems: &[Problem]) -> bool {
    problems.is_empty() && map.iter().all(|(name, _)| !name.contains(' '))
}

/// Parses the block; where that fails, reads it line by line and finds out where the body begins.
fn parse<'a>(
    text: &'a str,
    whole: bool,
    block: &Block<'a>,
    body: &mut &'a str,
    problems: &mut Vec<Problem>,
) -> Map {
    let too_long = block.text.len() > LIMIT || (!whole && !block.closed && text.len() >= LIMIT);
    if too_long {
        problems.push(Problem::at(
            block.first_line,
            "it is longer than 256 KB and was read line by line; keep only the metadata in it",
        ));
    } else if block.closed {
        let parsed = match block.syntax {
            Syntax::Yaml => yaml::parse(block.text, block.first_line),
            Syntax::Toml => toml::parse(block.text, block.first_line),
            Syntax::Json => json::parse(block.text, block.first_line),
        };
        match parsed {
            Ok(map) => return map,
            Err(problem) => problems.push(problem),
        }
    }
    let (lines, rest, last_line) = block::metadata_lines(text, block);
    if (!block.closed && !too_long) || (block.closed && lines.len() < block.text.len()) {
        // What follows is prose: the mark that seemed to close the block is a thematic break.
        *body = rest;
        problems.clear();
        let mark = block.syntax.mark();
        problems.push(Problem::at(
            block.first_line.saturating_sub(1),
            format!("it is opened here and never closed; put a line {mark} after line {last_line}"),
        ));
    }
    lenient::parse(lines, block.first_line)
}

#[cfg(test)]
mod tests;
