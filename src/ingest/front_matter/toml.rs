//! TOML 1.1; its parser stops at a nesting of 80 by itself.

use super::node::{Map, Node, Problem, Value};
use ::toml::de::{DeTable, DeValue};

/// Parses a block that begins on `first_line` of the file.
///
/// # Errors
/// What is wrong with it, in words, with line and column.
pub fn parse(block: &str, first_line: usize) -> Result<Map, Problem> {
    let lines = Lines {
        ends: block.match_indices('\n').map(|(at, _)| at).collect(),
        first_line,
    };
    match DeTable::parse(block) {
        Ok(table) => Ok(lines.map(table.get_ref())),
        Err(error) => Err(match error.span() {
            Some(span) => {
                let before = block.get(..span.start).unwrap_or(block);
                let column = before
                    .rsplit('\n')
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .count()
                    + 1;
                Problem::in_column(lines.number(span.start), column, error.message())
            }
            None => Problem::at(first_line, error.message()),
        }),
    }
}

struct Lines {
    ends: Vec<usize>,
    first_line: usize,
}

impl Lines {
    fn number(&self, offset: usize) -> usize {
        self.first_line + self.ends.partition_point(|end| *end < offset)
    }

    fn map(&self, table: &DeTable<'_>) -> Map {
        table
            .iter()
            .map(|(name, value)| {
                let line = Some(self.number(name.span().start));
                (
                    name.get_ref().to_string(),
                    Node {
                        line,
                        value: self.value(value.get_ref()),
                    },
                )
            })
            .collect()
    }

    fn value(&self, value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => Value::Text(number.to_string()),
            DeValue::Float(number) => Value::Text(number.to_string()),
            DeValue::Boolean(truth) => Value::Text(truth.to_string()),
            DeValue::Datetime(date) => Value::Text(date.to_string()),
            DeValue::Array(items) => Value::List(
                items
                    .iter()
                    .map(|item| Node {
                        line: None,
                        value: self.value(item.get_ref()),
                    })
                    .collect(),
            ),
            DeValue::Table(table) => Value::Map(self.map(table)),
        }
    }
}
