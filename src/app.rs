//! What recto does, without a terminal, a file or a thread: a model, the messages that reach it,
//! [`Model::update`] that answers each with effects, and one table of actions.
//!
//! ```text
//! key or worker's answer ─> Message ─> Model::update ─> Effects (orders for the runtime)
//! ```

pub mod action;
pub mod geometry;
pub mod key;
mod labels;
mod list;
mod message;
mod model;
mod prompt;
mod reader;
mod update;

pub use labels::{Label, Labels};
pub use list::{List, MARK_CELLS, RowShape, TITLE_LINES, title_cells};
pub use message::{Effect, Message, Opened, Outcome, WindowRequest};
pub use model::{Column, Help, HelpLine, Model, Notice, Scan, Sources};
pub use prompt::{Prompt, PromptKind};
pub use reader::{MATCHES, Open, Progress, Reader, TextSearch};
