//! The structure of what a template makes: found once for all files that share it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use minijinja::Value;
use minijinja::value::Serde;

use crate::artifact::PlannedFile;
use crate::diag::{Code, Problem, Report};
use crate::document::Document;
use crate::pointer::Pointer;
use crate::render::environment::{Kind, kind_of};
use crate::render::mark::{self, Kept, Marked};
use crate::render::run::{Failure, Gives, Made, Run, run};
use crate::render::{Engine, MAX_KEPT, Renderer, shell, yaml};
use crate::span::Source;

/// Problems of one text that are told, if it is no YAML: each may be the same mistake in a loop.
const MAX_PROBLEMS: usize = 20;

/// A text whose structure is known.
pub(super) enum Mold {
    Yaml {
        mold: yaml::Mold,
        /// Whether a filled text of words only has been read back.
        proved: AtomicBool,
    },
    Shell(shell::Mold),
}

/// A text with marks, what stands at them, and its structure.
pub(super) struct Shape {
    pub(super) made: Arc<Made>,
    pub(super) mold: Arc<Mold>,
    /// Keeps its address from another one, as long as this shape is found by it.
    _context: Arc<serde_json::Value>,
}

/// What stands at the marks of a text, with the secrets and the variables of the file alone.
pub(super) fn values_of(made: &Made, file: &PlannedFile) -> Vec<Marked> {
    let fill = |value: &Kept| match value {
        Kept::Own(at) => Marked::Plain(file.own[*at].1.as_str().into()),
        Kept::Secret(at) => Marked::Secret(file.secrets[*at].1.clone()),
        Kept::Plain(value) => Marked::Plain(value.clone()),
    };
    made.values.iter().map(fill).collect()
}

impl Renderer {
    /// The text with marks and its structure. Files of one template and one context share it, if the
    /// template does nothing with their own variables but print them.
    pub(super) fn shape(
        &self,
        file: &PlannedFile,
        made: Option<&Arc<Made>>,
    ) -> Result<Arc<Shape>, Report> {
        let shared = self.gives(file) == Gives::Places;
        let key = (file.template, Arc::as_ptr(&file.context) as usize);
        if shared {
            let known = self.shapes.read().ok();
            if let Some(shape) = known.and_then(|known| known.get(&key).cloned()) {
                return Ok(shape);
            }
        }
        let made = match made {
            Some(made) => Arc::clone(made),
            None => Arc::new(self.run_here(file)?),
        };
        let marks = mark::find(&made.text).unwrap_or_default();
        if let Some(other) = (marks.iter()).find(|mark| mark.number >= made.values.len()) {
            let refusal = mark::cut(other.span.start);
            return Err(self.refusal(file, &made.text, &refusal).into());
        }
        let mold = self.mold(file, &made.text)?;
        let small = made.text.len() <= MAX_KEPT || matches!(self.engine, Engine::Here(_));
        let shape = Arc::new(Shape {
            made,
            mold,
            _context: Arc::clone(&file.context),
        });
        if shared
            && small
            && let Ok(mut shapes) = self.shapes.write()
        {
            shapes.insert(key, Arc::clone(&shape));
        }
        Ok(shape)
    }

    /// What a file's template gets of the variables of the file alone: places, if it only prints them
    /// and no secret makes the text the file's own anyway.
    pub(super) fn gives(&self, file: &PlannedFile) -> Gives {
        if file.secrets.is_empty() && self.only_prints_own(file) {
            Gives::Places
        } else {
            Gives::Values
        }
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

    /// Runs a trusted template.
    fn run_here(&self, file: &PlannedFile) -> Result<Made, Report> {
        let Engine::Here(environment) = &self.engine else {
            let why = "its text is not there".to_owned();
            return Err(self.failed(file, Failure::outside(why)).into());
        };
        let wanted = Run {
            template: file.template,
            context: self.shared_context(&file.context),
            own: file
                .own
                .iter()
                .map(|(name, text)| (*name, &**text))
                .collect(),
            gives: self.gives(file),
            secrets: file.secrets.iter().map(|(name, _)| *name).collect(),
            room: usize::MAX,
        };
        run(environment, wanted).map_err(|failure| self.failed(file, failure).into())
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
        let small = text.len() <= MAX_KEPT || matches!(self.engine, Engine::Here(_));
        if small && let Ok(mut molds) = self.molds.write() {
            molds.insert(text.to_owned(), Arc::clone(&mold));
        }
        Ok(mold)
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
