//! Front matter that no parser takes, line by line: a colon in a title must not cost the date.

use super::block::name;
use super::node::{Map, Node, Value};

/// Reads every line `name: value` or `name = value`, and the `- item` lines below a name without
/// a value; all other lines are left out.
pub fn parse(lines: &str, first_line: usize) -> Map {
    let mut map = Map::new();
    for (n, line) in lines.lines().enumerate() {
        let number = Some(first_line + n);
        let line = line.trim_end();
        if let Some((name, value)) = name(line.trim_start_matches(['{', ' '])).filter(|_| top(line))
        {
            let value = value_of(value.trim().trim_end_matches(','));
            map.push((
                name.to_owned(),
                Node {
                    line: number,
                    value,
                },
            ));
        } else if let Some(item) = line.trim_start().strip_prefix("- ")
            && let Some((_, node)) = map.last_mut()
        {
            let item = Node {
                line: number,
                value: Value::Text(unquoted(item).to_owned()),
            };
            match &mut node.value {
                Value::List(items) => items.push(item),
                Value::Nothing => node.value = Value::List(vec![item]),
                Value::Text(_) | Value::Map(_) => {}
            }
        }
    }
    map
}

/// Whether a line stands at the top level: not indented, or, in JSON, quoted.
fn top(line: &str) -> bool {
    !line.starts_with(' ') || line.trim_start().starts_with('"')
}

fn value_of(text: &str) -> Value {
    // What only a parser could read: tables, lists of lists, references to other values.
    if text.is_empty() || text.starts_with(['{', '*', '&', '|', '>']) || text.starts_with("[[[") {
        return Value::Nothing;
    }
    match text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
    {
        // A list that never ends is not what was meant by anybody.
        None if text.starts_with('[') && !text.contains(']') => Value::Nothing,
        Some(items) if !items.starts_with('[') => Value::List(
            items
                .split(',')
                .map(|item| Node {
                    line: None,
                    value: Value::Text(unquoted(item).to_owned()),
                })
                .collect(),
        ),
        _ => Value::Text(unquoted(text).to_owned()),
    }
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    ['"', '\'']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        // A quote that is opened and never closed. A single one may be an apostrophe.
        .or_else(|| text.strip_prefix('"').filter(|rest| !rest.contains('"')))
        .unwrap_or(text)
}
