//! Work on all cores, or on the current thread where the system gives no other one.

use std::sync::OnceLock;

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

/// Name of a thread in which code of others may panic: its starter decides what that means.
pub(crate) const GUARDED: &str = "guarded";

/// Whether the system gives threads: a limit of processes or of memory may forbid them. rayon and
/// others, asked without this look, would panic.
pub(crate) fn are_several() -> bool {
    static POOL: OnceLock<bool> = OnceLock::new();
    *POOL.get_or_init(|| {
        let builder = ThreadPoolBuilder::new();
        builder.build_global().is_ok()
    })
}

/// `work` on each item; the results are in the order of the items.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if items.len() > 1 && are_several() {
        items.par_iter().map(&work).collect()
    } else {
        items.iter().map(work).collect()
    }
}

/// As [`map`], and each item is handed over.
pub(crate) fn map_into<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    if items.len() > 1 && are_several() {
        items.into_par_iter().map(&work).collect()
    } else {
        items.into_iter().map(work).collect()
    }
}
