//! Bytes from outside become stories.

mod byline;
mod decode;
mod front_matter;
mod words;
pub use words::words;
