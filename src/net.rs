//! What recto fetches from elsewhere: one HTTP client, with its rules in one place.

mod address;
mod client;
mod comments;
mod discovery;
mod error;
mod guard;
mod headers;
mod refresh;
mod way;

pub use address::address;
pub use client::{Client, Fetched, Large, Limits, Request, Validators};
pub use comments::{Comments, comments};
pub use discovery::{discover, find};
pub use error::{DiscoverError, FetchError, Unreachable};
pub use guard::names_home;
pub use refresh::{Pace, Refresh, Refreshed, Term, Terms, Told, Which, printed};
pub use way::{Through, Way};
