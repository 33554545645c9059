//! What the three syntaxes have in common: values as they were written, and where.

use std::fmt;

/// Names and values in the order of the input; a name may come more than once.
pub type Map = Vec<(String, Node)>;

/// A value and its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// The line of the file, from 1, where the parser tells.
    pub line: Option<usize>,
    pub value: Value,
}

/// Scalars keep their spelling, so that a title `1.10` does not become `1.1`.
#[derive(Debug, Clone)]
pub enum Value {
    Nothing,
    Text(String),
    List(Vec<Node>),
    Map(Map),
}

impl Value {
    /// What it is, in words for the reader.
    pub fn name(&self) -> &'static str {
        match self {
            Value::Nothing => "empty",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a table of names and values",
        }
    }
}

/// Something wrong in the front matter.
#[derive(Debug)]
pub struct Problem {
    line: Option<usize>,
    column: Option<usize>,
    what: String,
}

impl Problem {
    /// A problem in a line of the file; none (0) where the place is not known.
    pub fn at(line: usize, what: impl Into<String>) -> Self {
        Problem {
            line: (line > 0).then_some(line),
            column: None,
            what: what.into(),
        }
    }

    /// A problem in a line and column, both from 1.
    pub fn in_column(line: usize, column: usize, what: impl Into<String>) -> Self {
        Problem {
            column: Some(column),
            ..Problem::at(line, what)
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Front matter")?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}.", crate::story::clean::line(&self.what))
    }
}
