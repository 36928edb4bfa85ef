//! The result of an audit, in every format.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::audit::baseline::Effect;
use crate::audit::judge::Through;
use crate::audit::verdict::Verdict;
use crate::audit::{Judged, Summary, summary};
use crate::cli::Exit;
use crate::cli::args::Audit;
use crate::cli::audit::files::Skip;
use crate::cli::audit::fixes::{self, Fixed};
use crate::cli::audit::inputs::Inputs;
use crate::cli::batch;
use crate::cli::page::{self, Page, Paint, Stop};
use crate::diag::Report;
use crate::diag::format::ConfigResult;
use crate::mask;
use crate::pull::chain::Source;

/// What is shown of an audit.
pub(super) struct Shown<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) judged: &'a [Judged<'a>],
    pub(super) report: &'a Report,
    /// How many findings are ignored.
    pub(super) ignored: usize,
    /// The numbers of the images whose finding is ignored.
    pub(super) ignored_images: HashSet<usize>,
    /// What a baseline took away.
    pub(super) effect: Effect,
    /// How many findings `--fix` would take away.
    pub(super) fixable: usize,
    /// How many documents, objects and builds were not checked, besides images.
    pub(super) unchecked: usize,
    /// What `--fix` repaired, if it was asked to.
    pub(super) fixed: Option<Vec<Fixed>>,
}

/// Prints the findings and the summary.
pub(super) fn result(
    args: &Audit,
    exit: Exit,
    shown: &Shown<'_>,
    page: &mut Page<'_, '_>,
) -> Result<(), Stop> {
    let Shown {
        inputs,
        report,
        ref fixed,
        ..
    } = *shown;
    let paths: Vec<String> = args
        .paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let paths = paths.join(" ");
    if page.has_text(args.result.format) {
        page.report(report)?;
        fixes::show(fixed.as_deref().unwrap_or_default(), page)?;
        if args.reporting.verbose {
            for (name, skip) in &inputs.skipped {
                page.note(
                    Paint::Bold,
                    "skipped:",
                    &format!("`{name}`: {}", words(skip)),
                )?;
            }
        }
        let (paint, word) = match exit {
            Exit::Ok => (Paint::Green, "ok"),
            Exit::Differs | Exit::Failed => (Paint::Red, "failed"),
        };
        let sentence = sentence(&paths, shown);
        // A diff has stdout for itself.
        if args.diff {
            page.note(paint, word, &sentence)?;
        } else {
            match exit {
                Exit::Ok => page.fine(paint, word, &sentence)?,
                Exit::Differs | Exit::Failed => page.line(paint, word, &sentence)?,
            }
        }
    }
    let fields = if args.result.format.has_text() {
        Value::Null
    } else {
        fields(shown)
    };
    let result = ConfigResult {
        config: &paths,
        report,
        fields,
    };
    batch::output(exit, vec![result], args.result.format, page)
}

/// What JSON has besides the messages.
fn fields(shown: &Shown<'_>) -> Value {
    let Shown { inputs, judged, .. } = *shown;
    let skipped = inputs.skipped.iter();
    let skipped = skipped.map(|(name, skip)| json!({"file": name, "why": words(skip)}));
    let images = judged.iter().enumerate();
    let images = images.map(|(at, one)| image(one, shown.ignored_images.contains(&at), inputs));
    let mut fields = json!({
        "summary": counts(&summary(judged)),
        "notChecked": shown.unchecked,
        "fileCount": inputs.files,
        "ignored": shown.ignored,
        "baseline": {"known": shown.effect.known, "fixed": shown.effect.fixed},
        "skipped": skipped.collect::<Value>(),
        "images": images.collect::<Value>(),
    });
    if let Some(fixed) = &shown.fixed {
        fields["fixed"] = fixed.iter().map(repairs).collect();
    }
    fields
}

/// The repairs of a file.
fn repairs(fixed: &Fixed) -> Value {
    let mut value = json!({"file": fixed.name, "count": fixed.count});
    if let Some(diff) = &fixed.diff {
        value["diff"] = json!(diff);
    }
    value
}

fn words(skip: &Skip) -> &str {
    match skip {
        Skip::Template => "it is a template of a Helm chart",
        Skip::Link => "it is a symbolic link",
        Skip::Excluded => "the policy excludes it",
        Skip::Unfit(why) => why,
    }
}

/// ``.: 12 images in 10 pods: 8 ok, 2 no-credential, 2 public``
fn sentence(paths: &str, shown: &Shown<'_>) -> String {
    let Shown {
        inputs,
        judged,
        ignored,
        effect,
        fixable,
        unchecked,
        ..
    } = *shown;
    let images = page::count(judged.len(), "image");
    let files = page::count(inputs.files, "file");
    let counts: Vec<String> = summary(judged)
        .iter()
        .map(|(verdict, count)| format!("{count} {}", verdict.word()))
        .collect();
    let templates = inputs
        .skipped
        .iter()
        .filter(|(_, skip)| *skip == Skip::Template)
        .count();
    let mut text = format!("{paths}: {images} in {files}");
    if !counts.is_empty() {
        text.push_str(&format!(": {}", counts.join(", ")));
    }
    if unchecked > 0 {
        let what = match unchecked {
            1 => "document, object or build",
            _ => "documents, objects or builds",
        };
        text.push_str(&format!("; {unchecked} {what} not checked"));
    }
    if ignored > 0 {
        text.push_str(&format!("; {} ignored", page::count(ignored, "finding")));
    }
    if effect.known > 0 {
        text.push_str(&format!(
            "; {} in the baseline",
            page::count(effect.known, "finding")
        ));
    }
    if effect.fixed > 0 {
        text.push_str(&format!(
            "; {} of the baseline fixed",
            page::count(effect.fixed, "finding")
        ));
    }
    if fixable > 0 {
        text.push_str(&format!("; {fixable} can be fixed with --fix"));
    }
    if templates > 0 {
        let templates = page::count(templates, "Helm template");
        text.push_str(&format!(
            "; {templates} skipped, audit `helm template` output"
        ));
    }
    // A file that cannot be read is among the messages.
    let is_quiet = |skip: &Skip| matches!(skip, Skip::Link | Skip::Excluded);
    let others = inputs
        .skipped
        .iter()
        .filter(|(_, skip)| is_quiet(skip))
        .count();
    if others > 0 {
        text.push_str(&format!(
            "; {} not read, see --verbose",
            page::count(others, "file")
        ));
    }
    text
}

fn counts(summary: &Summary) -> Value {
    let all = Verdict::ALL.iter().map(|verdict| {
        let count = summary.get(verdict).copied().unwrap_or_default();
        (verdict.word().to_owned(), json!(count))
    });
    Value::Object(all.collect())
}

/// An image with its verdict.
fn image(one: &Judged<'_>, is_ignored: bool, inputs: &Inputs) -> Value {
    let identity = &one.pod.object.identity;
    let image = one.pod.images.get(one.image);
    let mut value = json!({
        "object": {"apiVersion": identity.api_version, "kind": identity.kind, "name": mask::names(&identity.name)},
        "verdict": one.judgement.verdict.word(),
    });
    if is_ignored {
        value["ignored"] = json!(true);
    }
    if let Some(namespace) = &identity.namespace {
        value["object"]["namespace"] = json!(namespace);
    }
    if let Some(image) = image {
        value["image"] = json!(mask::names(&image.text));
        value["field"] = json!(image.pointer.to_string());
        if let Some(container) = &image.container {
            value["container"] = json!(container);
        }
        if let Some(place) = inputs.texts.place(image.spot) {
            let at = place.source.line_column(place.span.start);
            value["file"] = json!(place.source.name);
            value["line"] = json!(at.line);
        }
    }
    if let Some(through) = &one.judgement.through {
        value["through"] = by(through, inputs);
    }
    value
}

/// What serves an image.
fn by(through: &Through, inputs: &Inputs) -> Value {
    match through {
        Through::Secret {
            name,
            source,
            key,
            maker,
            spot,
        } => {
            let source = match source {
                Source::Pod => "pod",
                Source::Account => "serviceAccount",
            };
            let mut value = json!({"kind": "secret", "name": mask::names(name), "of": source, "server": mask::names(key), "createdBy": maker});
            if let Some(place) = inputs.texts.place(*spot) {
                value["file"] = json!(place.source.name);
                value["line"] = json!(place.source.line_column(place.span.start).line);
            }
            value
        }
        Through::Node(grant) => json!({"kind": "node", "by": grant.by}),
        Through::Identity => json!({"kind": "identity"}),
        Through::Anonymous => json!({"kind": "anonymous"}),
    }
}
