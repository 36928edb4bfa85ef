//! Raises the limit of open files, for the directories of a large run.

/// Raises the limit of open files of this process, as far as that is allowed, if `count` more are to be
/// opened. Systems ship with a low limit for the sake of old programs alone.
#[cfg(unix)]
pub fn reserve(count: usize) {
    use rustix::process::{Resource, getrlimit, setrlimit};

    /// For everything else.
    const OTHERS: u64 = 128;
    /// macOS refuses more, whatever its own limit says.
    const MOST: u64 = 10_240;

    let wanted = (count as u64).saturating_add(OTHERS);
    let mut limit = getrlimit(Resource::Nofile);
    let Some(now) = limit.current.filter(|now| *now < wanted) else {
        return;
    };
    let allowed = limit.maximum.unwrap_or(u64::MAX);
    let most = if cfg!(target_vendor = "apple") {
        MOST
    } else {
        u64::MAX
    };
    limit.current = Some(wanted.min(allowed).min(most).max(now));
    // Without it, the system reports it when the directories are opened.
    let _ = setrlimit(Resource::Nofile, limit);
}

/// The limit does not exist.
#[cfg(not(unix))]
pub fn reserve(_: usize) {}
