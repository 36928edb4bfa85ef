//! What is to be made of one config: a plan, and what renders it.

use std::sync::Arc;

use crate::artifact::{PlannedFile, RenderedFile};
use crate::cli::claims::Claim;
use crate::cli::comparison::{Comparison, Seen};
use crate::diag::Report;
use crate::disk::Folder;
use crate::lock;
use crate::mask::{self, Known};
use crate::render::Renderer;

/// A plan, and what renders it.
pub(in crate::cli) struct Prepared {
    pub(in crate::cli) planned: Vec<PlannedFile>,
    pub(in crate::cli) renderer: Arc<Renderer>,
    pub(in crate::cli) warnings: Report,
    /// The secrets of the plan: no message shows them, and a file that holds one is private.
    pub(in crate::cli) known: Arc<Known>,
}

impl Prepared {
    /// The objects, rendered and verified: without scripts, and without what kustomize reads.
    pub(in crate::cli) fn render_objects(&self) -> Result<Vec<RenderedFile>, Report> {
        let planned = self.planned.iter();
        let objects: Vec<PlannedFile> = planned.filter(|file| file.is_applied()).cloned().collect();
        self.render(&objects, &|_, _| false)
    }

    /// One of the planned files, rendered and verified.
    pub(in crate::cli) fn render_one(&self, file: &PlannedFile) -> Result<RenderedFile, Report> {
        let files = self.render(std::slice::from_ref(file), &|_, _| false)?;
        Ok(files.into_iter().next().expect("one went in"))
    }

    /// Renders and verifies; messages show no secret, whatever a template did with it.
    fn render(
        &self,
        planned: &[PlannedFile],
        is_there: &(dyn Fn(&str, &str) -> bool + Sync),
    ) -> Result<Vec<RenderedFile>, Report> {
        let rendered = self.renderer.render_all(planned, is_there);
        rendered.map_err(|report| mask::guarded(self.known.hidden(report)))
    }

    /// Reads what is in the directory, if there is one.
    pub(in crate::cli) fn look(&self, folder: Option<Folder<'_>>) -> Result<Seen, Report> {
        let Some(folder) = folder else {
            return Ok(Seen::default());
        };
        let lock::Found { lock, state } = folder.read_lock()?;
        let planned = self.planned.iter().map(|file| file.path.as_str());
        let mut paths: Vec<&str> = planned
            .chain(lock.files.keys().map(String::as_str))
            .collect();
        paths.sort_unstable();
        paths.dedup();
        let existing = folder.read(&paths)?;
        Ok(Seen {
            lock,
            state,
            existing,
        })
    }

    /// Renders and compares. What is there already, byte for byte, was verified when it was
    /// written, and will not be written again.
    pub(in crate::cli) fn compare(&self, seen: Seen, claim: &Claim) -> Result<Comparison, Report> {
        let is_there = |path: &str, text: &str| {
            seen.existing
                .get(path)
                .is_some_and(|file| file.text.expose() == text)
        };
        let files = self.render(&self.planned, &is_there)?;
        let known = Arc::clone(&self.known);
        Ok(Comparison::new(files, seen, claim, known))
    }
}
