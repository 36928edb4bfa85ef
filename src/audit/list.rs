//! Long lists, as `kubectl get` prints them, on all cores.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::audit::collect::Collector;
use crate::audit::read::{BATCH, Read};
use crate::cores;
use crate::document::list::List;
use crate::document::{Node, Part, Reading};
use crate::span::{Source, Span};

/// A shorter text is read at once, in bytes.
const LONG: usize = 256 * 1024;

impl Collector<'_> {
    /// What was read of the elements of a long list, and its document without them. `None` if it must be read
    /// as a whole. `lines` are those of comments.
    pub(super) fn long_list(
        &self,
        source: &Arc<Source>,
        one: &Part,
        lines: &[Span],
    ) -> Option<(Read, Node)> {
        if one.span.end - one.span.start < LONG {
            return None;
        }
        let list = List::find(source, one)?;
        let root = list.rest(source, Reading::AsKubectl)?;
        let is_unfit = AtomicBool::new(false);
        let batches: Vec<&[Span]> = list.elements.chunks(BATCH).collect();
        let batch = |batch: &[Span]| {
            let mut read = Read::default();
            for element in batch {
                let item = list.element(source, *element, Reading::AsKubectl);
                // An element that does not say what it is depends on the list.
                let item = item.filter(|item| item.text("kind").is_some());
                let Some(item) = item.filter(|_| !is_unfit.load(Ordering::Relaxed)) else {
                    is_unfit.store(true, Ordering::Relaxed);
                    return None;
                };
                self.element(&item, lines, &mut read);
            }
            Some(read)
        };
        let mut all = Read::default();
        for one in cores::map(&batches, |elements| batch(elements)) {
            all.extend(one?);
        }
        Some((all, root))
    }

    /// An element of a list that says what it is.
    pub(super) fn element(&self, item: &Node, lines: &[Span], read: &mut Read) {
        let lines = self.visible.on(item, lines);
        read.hidden.extend(self.visible.hidden(item, lines));
        self.object_tree(item, read);
    }
}
