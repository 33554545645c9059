//! recto reads stories in a terminal.

pub mod document;
pub mod ingest;
pub mod story;
