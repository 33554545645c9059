//! Numbers that stand for paths, stamps and contents.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

/// A number for some bytes, the same on every machine and in every version: it is kept.
pub(super) fn of(bytes: &[u8]) -> i64 {
    let mut hasher = SipHasher13::new();
    hasher.write(bytes);
    hasher.finish().cast_signed()
}
