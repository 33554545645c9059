//! What the system's allocator holds back.

/// Has the allocator give back what nobody needs any more. To be called before any other thread runs.
///
/// The GNU C library takes large pieces from the system and gives them back; but once one was freed, it takes
/// pieces of that size for usual ones and keeps them, up to 32 MB, in the heap of the thread that asked. What
/// lists of a million stories are built in would be held for nothing, a quarter of all. A number that is set
/// stays (mallopt(3)); with a smaller one each body that a server sends would cost a call of the system.
pub fn spare() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(
        unsafe_code,
        reason = "no safe door leads to this number of the allocator"
    )]
    // SAFETY: mallopt takes two numbers and keeps them; nothing that was allocated before is touched.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
    }
}

/// Bytes of a piece that is large.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: libc::c_int = 4 << 20;
