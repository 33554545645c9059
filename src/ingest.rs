//! Bytes from outside become stories.
