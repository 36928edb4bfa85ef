//! Planned files to texts: strict templates, values that cannot break out, results that are read
//! back and verified. No IO here.

mod agree;
mod builtin;
mod environment;
mod mark;
mod shell;
mod words;
mod yaml;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};

use minijinja::value::{Serde, merge_maps};
use minijinja::{Environment, Value};

use crate::artifact::{Expect, FileMode, PlannedFile, RenderedFile};
use crate::cores;
use crate::diag::{Code, Diagnostic, Report};
use crate::document::Document;
use crate::render::environment::{Kind, OwnVariable, SecretVariable, kind_of};
use crate::render::mark::{Marked, Refusal};
use crate::secret::Redacted;
use crate::span::Source;
use crate::verify;

pub use crate::render::builtin::{BUILT_IN, Templates, built_in};

/// Renders planned files; compiles a template when it is first used.
pub struct Renderer {
    environment: Environment<'static>,
    templates: Arc<Templates>,
    /// By the text with marks: files of one template and one structure share a mold.
    molds: RwLock<HashMap<String, Arc<Mold>>>,
    /// By template and address of the context.
    shapes: RwLock<HashMap<(&'static str, usize), Arc<Shape>>>,
    /// Whether a template only prints the variables of a file alone.
    printers: RwLock<HashMap<&'static str, bool>>,
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

/// A text with marks, what stands at them, and its structure.
struct Shape {
    text: String,
    values: Vec<Marked>,
    mold: Arc<Mold>,
}

impl Shape {
    /// The values, with those of the file alone.
    fn values_of(&self, file: &PlannedFile) -> Vec<Marked> {
        let fill = |value: &Marked| match value {
            Marked::Own(at) => Marked::Plain(file.own[*at].1.as_str().into()),
            other => other.clone(),
        };
        self.values.iter().map(fill).collect()
    }
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
            shapes: RwLock::default(),
            printers: RwLock::default(),
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
        let results: Vec<Result<RenderedFile, Report>> =
            cores::map(planned, |file| self.render(file, is_there));
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
        let shape = self.shape(file)?;
        let values = shape.values_of(file);
        let mold = &shape.mold;
        let refuse =
            |refusal: Refusal| -> Report { self.refusal(file, &shape.text, &refusal).into() };
        let (filled, words_only) = match &**mold {
            Mold::Yaml { mold, .. } => {
                let filled = mold.fill(&values).map_err(refuse)?;
                (filled.text, filled.words_only)
            }
            Mold::Shell(mold) => (mold.fill(&values).map_err(refuse)?, false),
        };
        if !is_there(&file.path, &filled) {
            self.verify(file, mold, &filled, words_only, &values)?;
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
            Mold::Yaml { mold, proved } if words_only && proved.load(Ordering::Relaxed) => mold
                .with_documents(values, |documents| {
                    verify::manifest(documents, &file.expect)
                }),
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

    /// The text with marks and what stands at them. Files of one template and one context share it,
    /// if the template does nothing with their own variables but print them.
    fn shape(&self, file: &PlannedFile) -> Result<Arc<Shape>, Report> {
        let shared = file.secrets.is_empty() && self.only_prints_own(file);
        let key = (file.template, Arc::as_ptr(&file.context) as usize);
        if shared {
            let known = self.shapes.read().ok();
            if let Some(shape) = known.and_then(|known| known.get(&key).cloned()) {
                return Ok(shape);
            }
        }
        let text = self.marked_text(file, shared)?;
        let values = mark::take();
        let mold = self.mold(file, &text)?;
        let shape = Arc::new(Shape { text, values, mold });
        if let (true, Ok(mut shapes)) = (shared, self.shapes.write()) {
            shapes.insert(key, Arc::clone(&shape));
        }
        Ok(shape)
    }

    /// Whether a file's own variables are only printed.
    fn only_prints_own(&self, file: &PlannedFile) -> bool {
        let known = self.printers.read().ok();
        if let Some(answer) = known.and_then(|known| known.get(file.template).copied()) {
            return answer;
        }
        let mut own = file.own.iter();
        let answer = own.all(|(name, _)| self.templates.only_prints(file.template, name));
        if let Ok(mut printers) = self.printers.write() {
            printers.insert(file.template, answer);
        }
        answer
    }

    /// Runs the template; the values are kept aside, by number, and those of the file alone, if
    /// they are `shared` with other files, by their place.
    fn marked_text(&self, file: &PlannedFile, shared: bool) -> Result<String, Report> {
        let fail = |error: minijinja::Error| -> Report { self.failure(file, &error).into() };
        let template = self.environment.get_template(file.template).map_err(fail)?;
        let context = self.shared_context(&file.context);
        let own = file.own.iter().enumerate().map(|(at, (name, text))| {
            let value = if shared {
                Value::from_object(OwnVariable(at))
            } else {
                Value::from(text.as_str())
            };
            (*name, value)
        });
        let secrets = file.secrets.iter().map(|(name, secret)| {
            let value = Value::from_object(SecretVariable(secret.clone()));
            (*name, value)
        });
        let own: BTreeMap<&'static str, Value> = own.chain(secrets).collect();
        let context = merge_maps([Value::from(own), context]);
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
}
