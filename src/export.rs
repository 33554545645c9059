//! Stories bound into one file: a page, or a book for an e-reader.
//!
//! What is bound runs nothing and fetches nothing: a story's text is written anew ([`well_formed`]), its
//! pictures come along or are links, and its own styles stay behind. Stories are added one by one, and none
//! of them is held any longer than that.
//!
//! [`well_formed`]: crate::ingest::html::well_formed

mod binding;
mod draft;
mod epub;
mod page;

pub use draft::Draft;
pub use epub::{About, Book};
pub use page::Page;
