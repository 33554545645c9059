//! Bytes from outside become stories.

mod decode;
mod words;
pub use words::words;
