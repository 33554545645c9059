//! Bytes from outside become stories.

pub mod capture;
pub mod dates;
