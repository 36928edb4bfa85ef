//! The templates of users run in a process of their own, which the system bounds.
//!
//! Jinja is a language: a few lines double a list sixty times, nest a list in itself, or compare two
//! such things. The engine counts steps and most of the bytes, but it compiles, prints, compares and
//! drops by recursion, and looks into a nested value without counting. No rule over the source bounds
//! that without refusing sensible templates, a failed allocation or a full stack ends the process that
//! it happens in, and a thread cannot be stopped. So the process is one that may end: it has a share
//! of memory, a stack and some computing time, touches no file, and gets neither secrets nor the
//! environment. Templates that are built in are trusted, and run here.
//!
//! One line of JSON goes in for each text that is wanted, and one comes out, in turns: so it is known
//! which template the process ended with.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, BufRead, Write};
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::Serde;
use serde::{Deserialize, Serialize};

use crate::artifact::PlannedFile;
use crate::diag::Report;
use crate::render::builtin::Templates;
use crate::render::environment;
use crate::render::run::{Failure, Gives, Made, Run, run};
use crate::render::{MAX_TEXT, Renderer};

/// Hands over a line and returns the one that answers it, or why there is none, in words.
pub type Talk = Box<dyn FnMut(&str) -> Result<String, String>>;
/// Starts a process, bounded for so many texts, in which [`serve`] listens.
pub type Start = dyn Fn(usize) -> Result<Talk, String> + Send + Sync;

/// A text that is wanted.
#[derive(Serialize, Deserialize)]
struct Order<'a> {
    template: Cow<'a, str>,
    /// Nothing if it is that of the order before.
    context: Option<Cow<'a, serde_json::Value>>,
    own: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    gives: Gives,
    secrets: Vec<Cow<'a, str>>,
}

/// The other side: runs what `input` asks for until it ends. The first line is all templates.
///
/// # Errors
/// Nobody listens any more, or something else than [`Renderer`] speaks.
pub fn serve(input: &mut dyn BufRead, output: &mut dyn Write) -> io::Result<()> {
    let mut lines = input.lines();
    let Some(first) = lines.next() else {
        return Ok(());
    };
    let own: BTreeMap<String, String> = serde_json::from_str(&first?)?;
    let environment = environment::new(Arc::new(Templates::with(own)));
    writeln!(output)?;
    output.flush()?;
    let mut context = Value::UNDEFINED;
    for line in lines {
        let line = line?;
        let order: Order<'_> = serde_json::from_str(&line)?;
        if let Some(new) = order.context {
            context = Value::from(Serde(&*new));
        }
        let own = order.own.iter().map(|(name, text)| (&**name, &**text));
        let answer = run(
            &environment,
            Run {
                template: &order.template,
                context: context.clone(),
                own: own.collect(),
                gives: order.gives,
                secrets: order.secrets.iter().map(|name| &**name).collect(),
                room: MAX_TEXT,
            },
        );
        writeln!(output, "{}", serde_json::to_string(&answer)?)?;
        output.flush()?;
    }
    Ok(())
}

impl Renderer {
    /// What the templates of `planned` make, in a process of their own; files share it as they would
    /// here.
    pub(super) fn run_apart(
        &self,
        start: &Start,
        planned: &[PlannedFile],
    ) -> Result<Vec<Arc<Made>>, Report> {
        let mut shared: HashMap<(&str, usize), usize> = HashMap::new();
        let mut orders: Vec<&PlannedFile> = Vec::new();
        let mut order_of = Vec::with_capacity(planned.len());
        for file in planned {
            let next = orders.len();
            let at = match self.gives(file) {
                Gives::Places => {
                    let key = (file.template, Arc::as_ptr(&file.context) as usize);
                    *shared.entry(key).or_insert(next)
                }
                Gives::Values => next,
            };
            if at == next {
                orders.push(file);
            }
            order_of.push(at);
        }
        let made = self.answers(start, &orders)?;
        Ok(order_of
            .into_iter()
            .map(|at| Arc::clone(&made[at]))
            .collect())
    }

    /// One answer for each order. A template that failed once is not asked again: each of its files
    /// would say the same.
    fn answers(&self, start: &Start, orders: &[&PlannedFile]) -> Result<Vec<Arc<Made>>, Report> {
        let Some(first) = orders.first() else {
            return Ok(Vec::new());
        };
        let ended =
            |file: &PlannedFile, why| -> Report { self.failed(file, Failure::outside(why)).into() };
        let templates = serde_json::to_string(self.templates.own()).unwrap_or_default();
        let mut talk = start(orders.len()).map_err(|why| ended(first, why))?;
        talk(&templates).map_err(|why| ended(first, why))?;
        let mut report = Report::default();
        let mut broken = HashSet::new();
        let mut made = Vec::with_capacity(orders.len());
        let mut before = None;
        for file in orders {
            if broken.contains(file.template) {
                continue;
            }
            let context = Some(Arc::as_ptr(&file.context)).filter(|one| before != Some(*one));
            before = Some(Arc::as_ptr(&file.context));
            let own = file.own.iter();
            let order = serde_json::to_string(&Order {
                template: file.template.into(),
                context: context.map(|_| Cow::Borrowed(&*file.context)),
                own: own
                    .map(|(name, text)| ((*name).into(), text.into()))
                    .collect(),
                gives: self.gives(file),
                secrets: file
                    .secrets
                    .iter()
                    .map(|(name, _)| (*name).into())
                    .collect(),
            });
            let answer = match order
                .map_err(|error| error.to_string())
                .and_then(|line| talk(&line))
            {
                Ok(answer) => answer,
                Err(why) => {
                    report.extend(ended(file, why));
                    return Err(report);
                }
            };
            match serde_json::from_str(&answer) {
                Ok(Ok(one)) => made.push(Arc::new(one)),
                Ok(Err(failure)) => {
                    broken.insert(file.template);
                    report.push(self.failed(file, failure));
                }
                Err(error) => {
                    report.extend(ended(file, format!("its text cannot be read: {error}")));
                    return Err(report);
                }
            }
        }
        if report.has_errors() {
            Err(report)
        } else {
            Ok(made)
        }
    }
}
