//! Planned files to texts: strict templates, values that cannot break out, results that are read
//! back and verified. No IO here.

mod builtin;
mod environment;
mod mark;
mod shell;
mod yaml;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};

use minijinja::value::{Serde, merge_maps};
use minijinja::{Environment, ErrorKind, Value};
use rayon::prelude::*;

use crate::artifact::{Expect, FileMode, PlannedFile, RenderedFile};
use crate::diag::{Code, Diagnostic, Report};
use crate::document::Document;
use crate::render::environment::{Kind, SecretVariable, kind_of};
use crate::render::mark::{Marked, Refusal};
use crate::secret::Redacted;
use crate::span::{Source, Span};
use crate::verify;

pub use crate::render::builtin::{BUILT_IN, Templates, built_in};

/// Renders planned files; compiles a template when it is first used.
pub struct Renderer {
    environment: Environment<'static>,
    templates: Arc<Templates>,
    /// By the text with marks: files of one template and one structure share a mold.
    molds: RwLock<HashMap<String, Arc<Mold>>>,
    /// By address, with the context that is there.
    contexts: RwLock<HashMap<usize, (Arc<serde_json::Value>, Value)>>,
}

/// A text whose structure is known.
enum Mold {
    Yaml {
        mold: yaml::Mold,
        /// Whether a filled text of words only has been read back.
        proved: AtomicBool,
    },
    Shell(shell::Mold),
}

impl Renderer {
    /// A renderer for these templates.
    pub fn new(templates: Templates) -> Self {
        let templates = Arc::new(templates);
        let environment = environment::new(Arc::clone(&templates));
        Self {
            environment,
            templates,
            molds: RwLock::default(),
            contexts: RwLock::default(),
        }
    }

    /// Renders all files, in the order of the plan, on all cores. A file for whose path and text
    /// `is_there` holds is not verified again.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn render_all(
        &self,
        planned: &[PlannedFile],
        is_there: &(dyn Fn(&str, &str) -> bool + Sync),
    ) -> Result<Vec<RenderedFile>, Report> {
        let results: Vec<Result<RenderedFile, Report>> = planned
            .par_iter()
            .map(|file| self.render(file, is_there))
            .collect();
        let mut report = Report::default();
        let mut files = Vec::with_capacity(results.len());
        for result in results {
            match result {
                Ok(file) => files.push(file),
                Err(errors) => report.extend(errors),
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
        is_there: &dyn Fn(&str, &str) -> bool,
    ) -> Result<RenderedFile, Report> {
        let text = self.marked_text(file)?;
        let values = mark::take();
        let refuse = |refusal: Refusal| -> Report { self.refusal(file, &text, &refusal).into() };
        let mold = self.mold(file, &text)?;
        let (filled, words_only) = match &*mold {
            Mold::Yaml { mold, .. } => {
                let filled = mold.fill(&values).map_err(refuse)?;
                (filled.text, filled.words_only)
            }
            Mold::Shell(mold) => (mold.fill(&values).map_err(refuse)?, false),
        };
        if !is_there(&file.path, &filled) {
            self.verify(file, &mold, &filled, words_only, &values)?;
        }
        let mode = match (&file.expect, file.secrets.is_empty()) {
            (Expect::Script, _) => FileMode::Executable,
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

    /// Reads a text back: it must hold the values that went in, and be what is expected.
    fn verify(
        &self,
        file: &PlannedFile,
        mold: &Mold,
        text: &str,
        words_only: bool,
        values: &[Marked],
    ) -> Result<(), Report> {
        let problems = match mold {
            Mold::Yaml { mold, proved } if words_only && proved.load(Ordering::Relaxed) => {
                verify::manifest(&mold.documents(values), &file.expect)
            }
            Mold::Yaml { mold, proved } => {
                let documents = self.read_back(file, text)?;
                if !mold.agrees(&documents, values) {
                    let path = &file.path;
                    let message = format!("`{path}` does not read back as the values that went in");
                    let diagnostic = Diagnostic::new(Code::TemplateUnsafe, message);
                    return Err(diagnostic
                        .help("print each value as a whole: `key: {{ value }}`")
                        .into());
                }
                if words_only {
                    proved.store(true, Ordering::Relaxed);
                }
                verify::manifest(&documents, &file.expect)
            }
            Mold::Shell(_) => verify::script(text),
        };
        if problems.is_empty() {
            Ok(())
        } else {
            Err(self.invalid(file, problems))
        }
    }

    /// Runs the template; the values are kept aside, by number.
    fn marked_text(&self, file: &PlannedFile) -> Result<String, Report> {
        let fail = |error: minijinja::Error| -> Report { self.failure(file, &error).into() };
        let template = self.environment.get_template(file.template).map_err(fail)?;
        let shared = self.shared_context(&file.context);
        let own = file
            .own
            .iter()
            .map(|(name, text)| (*name, Value::from(text.as_str())));
        let secrets = file.secrets.iter().map(|(name, secret)| {
            let value = Value::from_object(SecretVariable(secret.clone()));
            (*name, value)
        });
        let own: BTreeMap<&'static str, Value> = own.chain(secrets).collect();
        let context = merge_maps([Value::from(own), shared]);
        mark::begin();
        template.render(context).map_err(fail)
    }

    /// A context as the engine sees it; converted once for all files that share it.
    fn shared_context(&self, context: &Arc<serde_json::Value>) -> Value {
        // The map keeps the context alive, so no other can get its address.
        let address = Arc::as_ptr(context) as usize;
        let known = self.contexts.read().ok();
        if let Some((_, value)) = known.as_ref().and_then(|known| known.get(&address)) {
            return value.clone();
        }
        drop(known);
        let value = Value::from(Serde(&**context));
        if let Ok(mut contexts) = self.contexts.write() {
            contexts.insert(address, (Arc::clone(context), value.clone()));
        }
        value
    }

    /// The structure of a text with marks; found once for all files that share it.
    fn mold(&self, file: &PlannedFile, text: &str) -> Result<Arc<Mold>, Report> {
        let known = self.molds.read().ok();
        if let Some(mold) = known.and_then(|molds| molds.get(text).cloned()) {
            return Ok(mold);
        }
        let mold = match kind_of(file.template) {
            Some(Kind::Shell) => shell::Mold::new(text).map(Mold::Shell),
            _ => {
                let documents = self.read_back(file, text)?;
                yaml::Mold::new(text, documents).map(|mold| Mold::Yaml {
                    mold,
                    proved: AtomicBool::new(false),
                })
            }
        };
        let mold = Arc::new(mold.map_err(|refusal| self.refusal(file, text, &refusal))?);
        if let Ok(mut molds) = self.molds.write() {
            molds.insert(text.to_owned(), Arc::clone(&mold));
        }
        Ok(mold)
    }

    /// A YAML text, parsed. Its messages show no text: it may hold secrets.
    fn read_back(&self, file: &PlannedFile, text: &str) -> Result<Vec<serde_json::Value>, Report> {
        let source = Arc::new(Source {
            name: file.path.clone(),
            text: text.to_owned(),
            hidden: Vec::new(),
        });
        match Document::parse_all(source) {
            Ok(documents) => Ok(documents.into_iter().map(|one| one.into_value()).collect()),
            Err(report) => {
                let problems = report
                    .sorted()
                    .into_iter()
                    .map(|one| {
                        let line = one.line_column().map_or(0, |at| at.line);
                        // With a secret in the text, any word of it may be the secret.
                        let what = if file.secrets.is_empty() {
                            mark::without(&one.message)
                        } else {
                            one.code.about().trim_end_matches('.').to_lowercase()
                        };
                        format!("line {line}: {what}")
                    })
                    .collect();
                Err(self.invalid(file, problems))
            }
        }
    }

    /// What Kubernetes or bash would say.
    fn invalid(&self, file: &PlannedFile, problems: Vec<String>) -> Report {
        let problems = problems.into_iter().map(|problem| {
            let message = format!(
                "template `{}` makes an invalid `{}`: {problem}",
                file.template, file.path
            );
            let diagnostic = Diagnostic::new(Code::OutputInvalid, message);
            self.advise(diagnostic, file.template)
        });
        problems.collect()
    }

    /// An error of the engine. Its own text may hold values: only kind, detail and line are used.
    fn failure(&self, file: &PlannedFile, error: &minijinja::Error) -> Diagnostic {
        let name = error.name().unwrap_or(file.template);
        let (code, what) = match error.kind() {
            ErrorKind::SyntaxError => (Code::TemplateSyntax, "is not valid"),
            ErrorKind::TemplateNotFound => (Code::TemplateUnreadable, "is not there"),
            _ => (Code::TemplateFailed, "cannot be rendered"),
        };
        let mut innermost = error;
        while let Some(source) = std::error::Error::source(innermost) {
            match source.downcast_ref() {
                Some(inner) => innermost = inner,
                None => break,
            }
        }
        let name = innermost.name().unwrap_or(name);
        let why = match innermost.kind() {
            ErrorKind::OutOfFuel => "it takes too many steps: a loop without an end?".to_owned(),
            kind => match innermost.detail() {
                Some(detail) => mark::without(detail),
                None => kind.to_string(),
            },
        };
        let message = format!("template `{name}` {what}: {why}");
        let diagnostic = Diagnostic::new(code, message);
        let diagnostic = match (self.templates.find(name), innermost.line()) {
            (Some(text), Some(line)) => {
                let source = Arc::new(Source {
                    name: format!("template {name}"),
                    text: text.to_owned(),
                    hidden: Vec::new(),
                });
                let span = line_span(text, line);
                diagnostic.at(&source, span)
            }
            _ => diagnostic,
        };
        self.advise(diagnostic, name)
    }

    /// A value that has no safe form where it stands.
    fn refusal(&self, file: &PlannedFile, text: &str, refusal: &Refusal) -> Diagnostic {
        let at = refusal.at.min(text.len());
        let source = Arc::new(Source {
            name: format!("template {} (as rendered, without values)", file.template),
            text: mark::without(text),
            hidden: Vec::new(),
        });
        let start = mark::without(&text[..at]).len();
        let message = format!("template `{}`: {}", file.template, refusal.why);
        Diagnostic::new(Code::TemplateUnsafe, message)
            .at(&source, Span::new(start..start))
            .help(refusal.help)
    }

    fn advise(&self, diagnostic: Diagnostic, name: &str) -> Diagnostic {
        if self.templates.is_own(name) {
            diagnostic.help(format!(
                "compare it with the built-in one: `pullwright templates eject {name}`"
            ))
        } else if built_in(name).is_some() {
            diagnostic
        } else {
            diagnostic.help("list the names with `pullwright templates list`")
        }
    }
}

/// The bytes of a line, from 1, without the space around it.
fn line_span(text: &str, line: usize) -> Span {
    let mut start = 0;
    for (at, one) in text.split_inclusive('\n').enumerate() {
        if at + 1 == line {
            let lead = one.len() - one.trim_start().len();
            return Span::new(start + lead..start + one.trim_end().len().max(lead));
        }
        start += one.len();
    }
    Span::new(text.len()..text.len())
}
