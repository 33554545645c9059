//! recto reads stories in a terminal.
//!
//! `ARCHITECTURE.md` has the map: which module holds what, and which may use which.

pub mod app;
pub mod cli;
pub mod config;
pub mod document;
pub mod ingest;
pub mod keep;
pub mod library;
pub mod net;
pub mod runtime;
pub mod story;
pub mod view;
