//! YAML 1.2 by its events, so that scalars keep their spelling, every value its line, and nothing
//! is ever nested or repeated without bound.

use super::node::{Map, Node, Problem, Value};
use serde_saphyr::granit_parser::{self, Event, Parser, ScalarStyle};
use std::collections::HashMap;

/// How deep lists and tables may stand in one another.
const DEPTH: usize = 64;
/// How many values there may be, aliases written out.
const VALUES: usize = 20_000;

/// A list or table that is not yet complete.
struct Open {
    line: usize,
    anchor: usize,
    values_before: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    /// With the name whose value comes next; the inner option is none for a name that is no text.
    Map(Map, Option<Option<String>>),
}

/// Parses a block that begins on `first_line` of the file.
///
/// # Errors
/// What is wrong with it, in words, with line and column.
pub fn parse(block: &str, first_line: usize) -> Result<Map, Problem> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
    };
    let mut builder = Builder::default();
    for event in Parser::new_from_str_with_options(block, options) {
        let (event, span) = event.map_err(|error| {
            let (line, column) = (error.marker().line(), error.marker().col());
            Problem::in_column(
                first_line + line.saturating_sub(1),
                column + 1,
                advice(&error.info(), block, line),
            )
        })?;
        let line = first_line + span.start.line().saturating_sub(1);
        builder
            .event(event, line)
            .map_err(|what| Problem::at(line, what))?;
        if let Some(done) = builder.done.take() {
            return match done.value {
                Value::Map(map) => Ok(map),
                Value::Nothing => Ok(Map::new()),
                Value::Text(_) | Value::List(_) => Err(Problem::at(
                    first_line,
                    "it holds no names with values; write each line as name: value",
                )),
            };
        }
    }
    Ok(Map::new())
}

/// The parser's words, and what mends the most frequent mistake.
fn advice(info: &str, block: &str, line: usize) -> String {
    let text = block
        .lines()
        .nth(line.saturating_sub(1))
        .unwrap_or_default();
    if text.matches(": ").count() > 1 {
        format!("{info}; put quotes around a value that holds a colon")
    } else {
        info.to_owned()
    }
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    values: usize,
    done: Option<Node>,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, line: usize) -> Result<(), &'static str> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let empty = style == ScalarStyle::Plain
                    && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if empty {
                    Value::Nothing
                } else {
                    Value::Text(text.into_owned())
                };
                self.complete(
                    Node {
                        line: Some(line),
                        value,
                    },
                    anchor,
                    1,
                )
            }
            Event::SequenceStart(_, anchor, _) => self.begin(line, anchor, Items::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => {
                self.begin(line, anchor, Items::Map(Map::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Ok(());
                };
                let value = match open.items {
                    Items::List(items) => Value::List(items),
                    Items::Map(map, _) => Value::Map(map),
                };
                let values = self.values - open.values_before;
                self.complete(
                    Node {
                        line: Some(open.line),
                        value,
                    },
                    open.anchor,
                    values,
                )
            }
            Event::Alias(anchor) => {
                let Some((node, values)) = self.anchors.get(&anchor) else {
                    return Err("a value refers to itself");
                };
                let (node, values) = (
                    Node {
                        line: Some(line),
                        value: node.value.clone(),
                    },
                    *values,
                );
                self.count(values)?;
                self.complete(node, 0, 0)
            }
            Event::DocumentEnd => {
                self.done.get_or_insert(Node {
                    line: None,
                    value: Value::Nothing,
                });
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, line: usize, anchor: usize, items: Items) -> Result<(), &'static str> {
        if self.open.len() >= DEPTH {
            return Err("it is nested too deep");
        }
        self.open.push(Open {
            line,
            anchor,
            values_before: self.values,
            items,
        });
        self.count(1)
    }

    fn count(&mut self, values: usize) -> Result<(), &'static str> {
        self.values = self.values.saturating_add(values);
        // An alias copies what it stands for: a few lines of them can ask for billions of values.
        if self.values > VALUES {
            return Err("it holds too many values, or too many aliases (*name)");
        }
        Ok(())
    }

    fn complete(&mut self, node: Node, anchor: usize, values: usize) -> Result<(), &'static str> {
        let scalar = matches!(node.value, Value::Text(_) | Value::Nothing);
        if scalar {
            self.count(1)?;
        }
        if anchor > 0 {
            self.count(values)?;
            self.anchors.insert(anchor, (node.clone(), values.max(1)));
        }
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.done = Some(node),
            Some(Items::List(items)) => items.push(node),
            Some(Items::Map(map, name)) => match name.take() {
                None => {
                    *name = Some(match node.value {
                        Value::Text(text) => Some(text),
                        _ => None,
                    });
                }
                Some(Some(name)) => map.push((name, node)),
                Some(None) => {}
            },
        }
        Ok(())
    }
}
