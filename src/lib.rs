//! recto reads stories in a terminal.

pub mod ingest;
pub mod story;
