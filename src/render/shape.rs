//! The structure of what a template makes: found once for all files that share it.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use crate::artifact::PlannedFile;
use crate::diag::{Code, Problem, Report};
use crate::document::Document;
use crate::pointer::Pointer;
use crate::render::attributes::AttributesStructure;
use crate::render::environment::{TemplateKind, kind_of};
use crate::render::mark::{self, Kept, Marked};
use crate::render::order::{Order, Orders};
use crate::render::run::{Failure, Made, Run, run};
use crate::render::{Engine, MAX_KEPT, Renderer, shell, yaml};
use crate::span::Source;

/// Problems of one text that are reported if it is not YAML: each may be the same mistake in a loop.
const MAX_PROBLEMS: usize = 20;

/// A text whose structure is known.
pub(super) enum Structure {
    Yaml {
        structure: yaml::YamlStructure,
        /// Whether a filled text of words only has been read back.
        proved: AtomicBool,
    },
    Shell(shell::ShellStructure),
    Attributes(AttributesStructure),
}

/// A text with marks, what is at them, and its structure.
pub(super) struct Shape {
    pub(super) made: Arc<Made>,
    pub(super) structure: Arc<Structure>,
}

/// What is at the marks of a text, with the secrets and the variables of the file alone.
pub(super) fn values_of(made: &Made, file: &PlannedFile) -> Vec<Marked> {
    let fill = |value: &Kept| match value {
        Kept::Own(at) => Marked::Plain(file.own[*at].1.as_str().into()),
        Kept::Secret(at) => Marked::Secret(file.secrets[*at].1.clone()),
        Kept::Plain(value) => Marked::Plain(value.clone()),
    };
    made.values.iter().map(fill).collect()
}

impl Renderer {
    /// The text with marks and its structure, which files of one order share.
    pub(super) fn shape(
        &self,
        file: &PlannedFile,
        orders: &Orders<'_>,
        at: usize,
    ) -> Result<Arc<Shape>, Report> {
        let shared = orders.shape(at);
        if let Some(shape) = shared.and_then(OnceLock::get) {
            return Ok(Arc::clone(shape));
        }
        let made = match orders.made(at) {
            Some(made) => Arc::clone(made),
            None => Arc::new(self.run_here(orders.order(at))?),
        };
        let marks = mark::find(&made.text).unwrap_or_default();
        if let Some(other) = (marks.iter()).find(|mark| mark.number >= made.values.len()) {
            let refusal = mark::cut(other.span.start);
            return Err(self.refusal(file, &made.text, &refusal).into());
        }
        let structure = self.structure(file, &made.text)?;
        let is_kept = self.keeps(&made.text);
        let shape = Arc::new(Shape { made, structure });
        if let Some(shared) = shared.filter(|_| is_kept) {
            // Another thread may have been faster, with the same shape.
            let _ = shared.set(Arc::clone(&shape));
        }
        Ok(shape)
    }

    /// Whether what is known of a text is kept for other files: of a user's template, it may be large.
    fn keeps(&self, text: &str) -> bool {
        text.len() <= MAX_KEPT || matches!(self.engine, Engine::Here(_))
    }

    /// Runs a trusted template.
    fn run_here(&self, order: &Order<'_>) -> Result<Made, Report> {
        let failed = |failure| -> Report { self.failed(order.template, failure).into() };
        let Engine::Here(environment) = &self.engine else {
            return Err(failed(Failure::outside(
                "its text was not found".to_owned(),
            )));
        };
        let wanted = Run {
            template: order.template,
            context: order.context.json(),
            own: order.own(),
            gives: order.gives(),
            secrets: order.secrets.clone(),
            room: usize::MAX,
        };
        run(environment, wanted).map_err(failed)
    }

    /// The structure of a text with marks; found once for all files that share it.
    fn structure(&self, file: &PlannedFile, text: &str) -> Result<Arc<Structure>, Report> {
        let kind = kind_of(file.template).unwrap_or(TemplateKind::Yaml);
        let known = self.structures.read().ok();
        if let Some(structure) =
            known.and_then(|structures| structures.get(&kind)?.get(text).cloned())
        {
            return Ok(structure);
        }
        let structure = match kind {
            TemplateKind::Shell => shell::ShellStructure::new(text).map(Structure::Shell),
            TemplateKind::Attributes => AttributesStructure::new(text).map(Structure::Attributes),
            TemplateKind::Yaml => {
                let documents = self.read_back(file, text)?;
                yaml::YamlStructure::new(text, documents).map(|structure| Structure::Yaml {
                    structure,
                    proved: AtomicBool::new(false),
                })
            }
        };
        let structure = Arc::new(structure.map_err(|refusal| self.refusal(file, text, &refusal))?);
        if self.keeps(text)
            && let Ok(mut structures) = self.structures.write()
        {
            let of_kind = structures.entry(kind).or_default();
            of_kind.insert(text.to_owned(), Arc::clone(&structure));
        }
        Ok(structure)
    }

    /// A YAML text, parsed. Its messages show no text: it may hold secrets.
    pub(super) fn read_back(
        &self,
        file: &PlannedFile,
        text: &str,
    ) -> Result<Vec<serde_json::Value>, Report> {
        let source = Arc::new(Source::new(&file.path, text));
        match Document::parse_all(source) {
            Ok(documents) => Ok(documents.into_iter().map(|one| one.into_value()).collect()),
            Err(report) => {
                let problems = report
                    .sorted()
                    .into_iter()
                    .take(MAX_PROBLEMS)
                    .map(|one| {
                        let line = one.line_column().map_or(0, |at| at.line);
                        // With a secret in the text, any word of it may be the secret.
                        let what = if file.secrets.is_empty() {
                            mark::without(&one.message)
                        } else {
                            one.code.about().trim_end_matches('.').to_lowercase()
                        };
                        let message = format!("line {line}: {what}");
                        Problem::new(Code::OutputInvalid, &Pointer::root(), message)
                    })
                    .collect();
                Err(self.invalid(file, problems))
            }
        }
    }
}
