//! A progress bar for runs that take a while.

use std::sync::Once;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::args::Detail;
use crate::cli::page::Page;

/// A run that ends sooner shows no bar.
const DELAY: Duration = Duration::from_millis(500);

/// A bar that is shown once a run has taken a while.
pub(super) struct Progress {
    bar: ProgressBar,
    since: Instant,
    /// Whether it may be shown at all.
    visibility: Visibility,
    shown: Once,
}

/// Where a bar is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visibility {
    Never,
    Later,
}

impl Progress {
    /// A bar for several jobs, on a terminal.
    pub(super) fn new(jobs: usize, page: &Page<'_, '_>) -> Self {
        let is_of_use = jobs > 1 && page.io.terminals[2] && page.detail() > Detail::Quiet;
        let visibility = match is_of_use {
            true => Visibility::Later,
            false => Visibility::Never,
        };
        Self::since(Instant::now(), jobs, visibility)
    }

    fn since(since: Instant, jobs: usize, visibility: Visibility) -> Self {
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len}");
        let hidden = ProgressDrawTarget::hidden();
        let bar = ProgressBar::with_draw_target(Some(jobs as u64), hidden)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self {
            bar,
            since,
            visibility,
            shown: Once::new(),
        }
    }

    /// A job is done.
    pub(super) fn inc(&self) {
        self.bar.inc(1);
        if self.visibility == Visibility::Later && self.since.elapsed() >= DELAY {
            let show = || self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown.call_once(show);
        }
    }

    /// All jobs are done.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use crate::cli::progress::{DELAY, Progress, Visibility};

    #[test]
    fn a_bar_is_only_shown_after_a_while_and_where_it_is_of_use() {
        let is_shown = |since, visibility| {
            let progress = Progress::since(since, 3, visibility);
            progress.inc();
            progress.shown.is_completed()
        };
        let now = Instant::now();
        let Some(earlier) = now.checked_sub(DELAY) else {
            panic!("the machine runs for longer");
        };
        assert!(is_shown(earlier, Visibility::Later));
        assert!(!is_shown(earlier, Visibility::Never));
        assert!(!is_shown(now, Visibility::Later));
    }
}
