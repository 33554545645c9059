//! A story's body as blocks, and blocks set to a measure as lines.
//!
//! [`Document::new`] turns a story's Markdown into flat [`Block`]s that know nothing of any width;
//! [`Layout`] sets those near the viewport to lines of styled text, and steps from line to line.
//! No I/O, no clock, no terminal: what a mark or a role looks like is the view's business.

mod addresses;
mod after;
mod bidi;
mod block;
mod breaks;
mod build;
mod comments;
mod compared;
mod cut;
mod fixed;
mod formula;
mod highlight;
mod html;
mod html_page;
mod hyphenate;
mod layout;
mod lines;
mod lively;
mod margins;
mod markdown;
mod mirror;
mod paragraph;
mod part;
mod parts;
mod picture;
mod pieces;
mod progress;
mod quote;
mod search;
mod standfirst;
mod table;
mod units;
mod unwrapped;
pub mod width;

pub use addresses::{pictures_as_links, resolve_addresses, resolve_pictures, scheme};
pub use after::{Inner, after, size};
pub use bidi::{Rtl, drawn};
pub use block::{
    AlertKind, Align, Block, Body, Code, Formula, LinkId, Marks, Nest, Role, Run, Table, Text,
    Token, Tokens,
};
pub use build::is_followed;
pub use highlight::highlight;
pub use html_page::{html_body, html_page};
pub use hyphenate::Hyphenation;
pub use layout::{Layout, Setting, Spot};
pub use lines::{Line, Segment};
pub use mirror::reversed;
pub use paragraph::{in_order, title};
pub use part::Part;
pub use parts::{Document, Heading};
pub use picture::{Data, Drawable, Extent, Frame, Media, Picture, PictureRow};
pub use quote::Stand;
pub use search::{Found, Matches, Sought, find};
pub use units::{Point, Span, Unit};
pub use unwrapped::plain_text;
