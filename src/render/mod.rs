//! Planned files to texts: strict templates, values that cannot break out, results that are read
//! back and verified. No IO here.

mod agree;
pub mod apart;
mod attributes;
mod builtin;
mod environment;
mod mark;
mod order;
mod origin;
mod run;
mod shape;
mod shell;
mod undefined;
mod words;
mod yaml;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};

use minijinja::Environment;

use crate::artifact::{Expect, FileMode, PlannedFile, RenderedFile};
use crate::cores;
use crate::diag::{Code, Diagnostic, Report};
use crate::render::apart::Start;
use crate::render::environment::{TemplateKind, kind_of};
use crate::render::mark::{Marked, Refusal};
use crate::render::order::Orders;
use crate::render::run::{Failure, Gives, Made};
use crate::render::shape::{Structure, values_of};
use crate::secret::Redacted;
use crate::verify;

pub use crate::render::builtin::{BUILT_IN, PARTS, Templates, built_in};
pub use crate::render::origin::{copied, without_origin};

/// What a text may have that a template of a user makes, in bytes with its values.
const MAX_TEXT: usize = 1024 * 1024;
/// What a script of such a template may have, in bytes with its values: the parser of bash takes up to a
/// thousand times that. The largest of the examples has 36 KB.
const MAX_SCRIPT: usize = 128 * 1024;
/// Maximum number of values in such a script; each is checked together with the words next to it.
const MAX_VALUES: usize = 4_000;
/// What all such texts of one run may have.
const MAX_TEXTS: usize = 64 * 1024 * 1024;
/// Larger texts are not kept for files that may be like them.
const MAX_KEPT: usize = 64 * 1024;
/// Files that are rendered before failures are checked.
const AT_ONCE: usize = 64;
/// Maximum number of files that fail before rendering stops.
const MAX_FAILURES: usize = 50;

/// Renders planned files; compiles a template when it is first used.
pub struct Renderer {
    engine: Engine,
    templates: Arc<Templates>,
    /// By kind and text with marks, which decide it: files of one structure share it, in whatever config
    /// they are.
    structures: RwLock<HashMap<TemplateKind, HashMap<String, Arc<Structure>>>>,
}

/// Where templates run.
enum Engine {
    /// Here: they are trusted.
    Here(Box<Environment<'static>>),
    /// In a process of their own: they are a user's.
    Apart(Box<Start>),
}

impl Renderer {
    /// A renderer for templates that are trusted: nothing bounds them but a count of their steps.
    pub fn new(templates: Templates) -> Self {
        let templates = Arc::new(templates);
        let environment = environment::new(Arc::clone(&templates));
        Self::with(templates, Engine::Here(Box::new(environment)))
    }

    /// A renderer for templates of a user, which run in the process that `start` starts. Whatever they
    /// are, they end: with texts of at most 1 MiB, or in an error.
    pub fn apart(templates: Templates, start: Box<Start>) -> Self {
        Self::with(Arc::new(templates), Engine::Apart(start))
    }

    fn with(templates: Arc<Templates>, engine: Engine) -> Self {
        Self {
            engine,
            templates,
            structures: RwLock::default(),
        }
    }

    /// Renders all files, in the order of the plan, on all cores. A file for whose path and text
    /// `is_there` holds is not verified again.
    ///
    /// # Errors
    /// What is wrong with any of them; of very many, with the first ones.
    pub fn render_all(
        &self,
        planned: &[PlannedFile],
        is_there: &(dyn Fn(&str, &str) -> bool + Sync),
    ) -> Result<Vec<RenderedFile>, Report> {
        let orders = Orders::of(planned, |template| self.gives(template));
        let orders = match &self.engine {
            Engine::Here(_) => orders,
            Engine::Apart(start) => {
                let made = self.run_apart(start, &orders.all)?;
                orders.with(made)
            }
        };
        let room = AtomicUsize::new(match self.engine {
            Engine::Here(_) => usize::MAX,
            Engine::Apart(_) => MAX_TEXTS,
        });
        let numbered: Vec<usize> = (0..planned.len()).collect();
        // What fails brings its text: of some thousands, that would be too much.
        let at_once = match self.engine {
            Engine::Here(_) => planned.len().max(1),
            Engine::Apart(_) => AT_ONCE,
        };
        let mut report = Report::default();
        let mut failures = 0;
        let mut files = Vec::with_capacity(planned.len());
        for some in numbered.chunks(at_once) {
            for result in cores::map(some, |at| {
                self.render_one(&planned[*at], (&orders, *at), is_there, &room)
            }) {
                match result {
                    Ok(file) => files.push(file),
                    Err(errors) => {
                        failures += 1;
                        report.extend(errors);
                    }
                }
            }
            if failures >= MAX_FAILURES {
                break;
            }
        }
        if report.has_errors() {
            Err(report)
        } else {
            Ok(files)
        }
    }

    /// Renders one file, and verifies it unless it `is_there`.
    ///
    /// # Errors
    /// A broken template, a value that cannot be made safe, or a result that Kubernetes or bash
    /// would refuse.
    pub fn render(
        &self,
        file: &PlannedFile,
        is_there: &(dyn Fn(&str, &str) -> bool + Sync),
    ) -> Result<RenderedFile, Report> {
        let files = self.render_all(std::slice::from_ref(file), is_there)?;
        Ok(files.into_iter().next().expect("one went in"))
    }

    /// What a template gets of the variables of a file alone: the built-in ones only print them, those of
    /// users may decide by them.
    fn gives(&self, template: &str) -> Gives {
        if self.templates.is_touched(template) {
            Gives::Values
        } else {
            Gives::Places
        }
    }

    /// Renders one file, which is at this place of the orders; what it needs is taken off the `room`
    /// of all.
    fn render_one(
        &self,
        file: &PlannedFile,
        (orders, at): (&Orders<'_>, usize),
        is_there: &dyn Fn(&str, &str) -> bool,
        room: &AtomicUsize,
    ) -> Result<RenderedFile, Report> {
        if let Some(made) = orders.made(at) {
            self.fits(file, made, room)?;
        }
        let shape = self.shape(file, orders, at)?;
        let values = values_of(&shape.made, file);
        let structure = &shape.structure;
        let refuse =
            |refusal: Refusal| -> Report { self.refusal(file, &shape.made.text, &refusal).into() };
        let (filled, is_read) = match &**structure {
            Structure::Yaml { structure, .. } => {
                let filled = structure.fill(&values).map_err(refuse)?;
                (filled.text, filled.words_only)
            }
            Structure::Shell(structure) => structure.fill(&values).map_err(refuse)?,
            Structure::Attributes(structure) => (structure.fill(&values).map_err(refuse)?, false),
        };
        // Older versions verified less of what templates of users make.
        if self.templates.is_touched(file.template) || !is_there(&file.path, &filled) {
            self.verify(file, structure, (&filled, is_read), &values)?;
        }
        let mode = match (&file.expect, file.secrets.is_empty()) {
            (Expect::Script { .. } | Expect::Runner { .. }, _) => FileMode::Executable,
            (_, false) => FileMode::Private,
            (_, true) => FileMode::Plain,
        };
        Ok(RenderedFile {
            path: file.path.clone(),
            text: Redacted::new(filled),
            access: file.access.clone(),
            mode,
        })
    }

    /// Reads a text back: it must hold the values that went in, and be what is expected. A text that `is_read` has
    /// nothing but words in place of its values, or was parsed with them.
    fn verify(
        &self,
        file: &PlannedFile,
        structure: &Structure,
        (text, is_read): (&str, bool),
        values: &[Marked],
    ) -> Result<(), Report> {
        let problems = match structure {
            Structure::Yaml { structure, proved } if is_read && proved.load(Ordering::Relaxed) => {
                structure.with_documents(values, |documents| {
                    verify::manifest(documents, &file.expect)
                })
            }
            Structure::Yaml { structure, proved } => {
                let documents = self.read_back(file, text)?;
                if !structure.agrees(&documents, values) {
                    let path = &file.path;
                    let message = format!("`{path}` does not read back as the original values");
                    let diagnostic = Diagnostic::new(Code::TemplateUnsafe, message);
                    return Err(diagnostic
                        .help("print each value as a whole: `key: {{ value }}`")
                        .into());
                }
                if is_read {
                    proved.store(true, Ordering::Relaxed);
                }
                verify::manifest(&documents, &file.expect)
            }
            Structure::Shell(_) => verify::script(text, is_read, &file.expect),
            Structure::Attributes(_) => verify::attributes(text),
        };
        if problems.is_empty() {
            Ok(())
        } else {
            Err(self.invalid(file, problems))
        }
    }

    /// Refuses a text that is too large with its values: one mark is short, what it represents is
    /// not.
    fn fits(&self, file: &PlannedFile, made: &Made, room: &AtomicUsize) -> Result<(), Report> {
        let why = match mark::size_with(&made.text, &values_of(made, file)) {
            size if size > MAX_TEXT => "it prints more than 1 MiB",
            size if is_shell(file) && size > MAX_SCRIPT => "it prints more than 128 KiB of script",
            _ if is_shell(file) && made.text.matches(mark::OPEN).count() > MAX_VALUES => {
                "it prints more than 4,000 values into a script"
            }
            size if room
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| {
                    room.checked_sub(size)
                })
                .is_err() =>
            {
                "all templates together print more than 64 MiB"
            }
            _ => return Ok(()),
        };
        let failure = Failure::outside(why.to_owned());
        Err(self.failed(file.template, failure).into())
    }
}

fn is_shell(file: &PlannedFile) -> bool {
    kind_of(file.template) == Some(TemplateKind::Shell)
}
