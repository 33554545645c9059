//! What the system's allocator holds back.

/// Has the allocator give back what nobody needs any more. To be called before any other thread runs.
///
/// The GNU C library gives each thread a heap of its own, and keeps in it what large lists took while they
/// were built. recto has some dozen threads that are busy one after the other: each would hold back what the
/// next one could use, a third of all at a million stories. Two heaps are as many as work at once, and large
/// pieces come from the system and go back to it (mallopt(3)).
pub fn spare() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(
        unsafe_code,
        reason = "no safe door leads to these two numbers of the allocator"
    )]
    // SAFETY: mallopt takes two numbers and keeps them; nothing that was allocated before is touched.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
        libc::mallopt(libc::M_MMAP_THRESHOLD, 128 * 1024);
    }
}
