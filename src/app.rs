//! What recto does, without a terminal, a file or a thread: a model, the messages that reach it,
//! [`Model::update`] that answers each with effects, and one table of actions.
//!
//! ```text
//! key or worker's answer ─> Message ─> Model::update ─> Effects (orders for the runtime)
//! ```

pub mod action;
mod ask;
pub mod feeds;
pub mod geometry;
mod help;
pub mod key;
mod labels;
mod list;
mod message;
mod model;
mod outline;
mod output;
pub mod pages;
mod placed;
mod prompt;
mod reader;
mod selection;
mod sources;
mod update;

pub use ask::{Ask, Choice, sort_words};
pub use geometry::Column;
pub use help::{Help, HelpLine, Messages};
pub use labels::{Goal, Label, Labels, Purpose};
pub use list::{List, MARK_CELLS, RowShape, TITLE_LINES, title_cells};
pub use message::{Effect, Message, Opened, Outcome, Place, WindowRequest};
pub use model::{Hunt, Model, Notice, Scan};
pub use outline::{Heading, Outline};
pub use output::Output;
pub use placed::Placed;
pub use prompt::{Noting, Prompt, PromptKind, Tagging};
pub use reader::{MATCHES, Open, Progress, Reader, TextSearch};
pub use selection::Selection;
pub use sources::{SourceLine, Sources};
