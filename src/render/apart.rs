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
use std::collections::{BTreeMap, HashSet};
use std::io::{self, BufRead, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diag::Report;
use crate::render::builtin::Templates;
use crate::render::environment;
use crate::render::order::Order;
use crate::render::run::{Failure, Gives, Made, Run, run};
use crate::render::{MAX_TEXT, Renderer};

/// Sends a line and returns the answer, or the reason why there is no answer.
pub type Talk = Box<dyn FnMut(&str) -> Result<String, String>>;
/// Starts a process, bounded for so many texts, in which [`serve`] listens.
pub type Start = dyn Fn(usize) -> Result<Talk, String> + Send + Sync;

/// A text that is wanted.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    template: Cow<'a, str>,
    /// JSON; nothing if it is that of the line before.
    context: Option<Cow<'a, str>>,
    own: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    gives: Gives,
    secrets: Vec<Cow<'a, str>>,
}

impl<'a> Line<'a> {
    /// The line of an order, after that of the one `before`.
    fn of(order: &'a Order<'_>, before: Option<&Order<'_>>) -> Self {
        let is_known = before.is_some_and(|before| before.context == order.context);
        let own = order.own().into_iter();
        Self {
            template: order.template.into(),
            context: (!is_known).then(|| order.context.json().into()),
            own: own.map(|(name, text)| (name.into(), text.into())).collect(),
            gives: order.gives(),
            secrets: order.secrets.iter().map(|name| (*name).into()).collect(),
        }
    }
}

/// The other side: runs what `input` requests until it ends. The first line is all templates.
///
/// # Errors
/// The reader is gone, or the input is not from [`Renderer`].
pub fn serve(input: &mut dyn BufRead, output: &mut dyn Write) -> io::Result<()> {
    let mut lines = input.lines();
    let Some(first) = lines.next() else {
        return Ok(());
    };
    let own: BTreeMap<String, String> = serde_json::from_str(&first?)?;
    let environment = environment::new(Arc::new(Templates::with(own)));
    writeln!(output)?;
    output.flush()?;
    let mut context = String::new();
    for line in lines {
        let line = line?;
        let wanted: Line<'_> = serde_json::from_str(&line)?;
        if let Some(new) = wanted.context {
            context = new.into_owned();
        }
        let own = wanted.own.iter().map(|(name, text)| (&**name, &**text));
        let answer = run(
            &environment,
            Run {
                template: &wanted.template,
                context: &context,
                own: own.collect(),
                gives: wanted.gives,
                secrets: wanted.secrets.iter().map(|name| &**name).collect(),
                room: MAX_TEXT,
            },
        );
        writeln!(output, "{}", serde_json::to_string(&answer)?)?;
        output.flush()?;
    }
    Ok(())
}

impl Renderer {
    /// What the templates of `orders` make, in a process of their own: one answer for each. A template
    /// that failed once is not run again: each of its files would report the same.
    pub(super) fn run_apart(
        &self,
        start: &Start,
        orders: &[Order<'_>],
    ) -> Result<Vec<Arc<Made>>, Report> {
        let Some(first) = orders.first() else {
            return Ok(Vec::new());
        };
        let ended = |order: &Order<'_>, why| -> Report {
            self.failed(order.template, Failure::outside(why)).into()
        };
        let templates = serde_json::to_string(self.templates.own()).unwrap_or_default();
        let mut talk = start(orders.len()).map_err(|why| ended(first, why))?;
        talk(&templates).map_err(|why| ended(first, why))?;
        let mut report = Report::default();
        let mut broken = HashSet::new();
        let mut made = Vec::with_capacity(orders.len());
        let mut before = None;
        for order in orders {
            if broken.contains(order.template) {
                continue;
            }
            let line = serde_json::to_string(&Line::of(order, before));
            before = Some(order);
            let answer = match line
                .map_err(|error| error.to_string())
                .and_then(|line| talk(&line))
            {
                Ok(answer) => answer,
                Err(why) => {
                    report.extend(ended(order, why));
                    return Err(report);
                }
            };
            match serde_json::from_str(&answer) {
                Ok(Ok(one)) => made.push(Arc::new(one)),
                Ok(Err(failure)) => {
                    broken.insert(order.template);
                    report.push(self.failed(order.template, failure));
                }
                Err(error) => {
                    report.extend(ended(order, format!("its text cannot be read: {error}")));
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
