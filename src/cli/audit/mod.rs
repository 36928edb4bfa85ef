//! `audit`: whether every pod of some manifests can pull every image.

mod above;
mod build;
mod declared;
mod evidence;
mod files;
mod fixes;
mod ignores;
pub(super) mod inputs;
mod known;
mod promises;
mod settings;
mod show;
mod stream;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::audit::facts::Facts;
use crate::audit::judge::{Finding, Knowledge, Target};
use crate::audit::read::Own;
use crate::audit::resolve::World;
use crate::audit::rules::{self, Context};
use crate::audit::{self, Judged, ignore, unbuilt};
use crate::cli::Exit;
use crate::cli::args::{Audit, Reading};
use crate::cli::audit::files::Edited;
use crate::cli::audit::fixes::{Fixed, Fixer};
use crate::cli::audit::inputs::{Found, Inputs};
use crate::cli::audit::settings::Settings;
use crate::cli::audit::show::Shown;
use crate::cli::batch;
use crate::cli::page::{Ending, Page, Stop};
use crate::diag::{Code, Report, Severity};
use crate::document::Document;
use crate::manifest::{Kind, Kinds};
use crate::mask;
use crate::span::Source;

pub(super) use crate::cli::audit::above::relative;

/// The most messages that are kept of a file; GitHub shows no more of a run
/// (<https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>).
const LIMIT: usize = 5_000;

pub(super) fn run(args: &Audit, page: &mut Page<'_, '_>) -> Ending {
    page.save_to(args.result.output.as_deref(), args.result.format)?;
    let ending = audited(args, page);
    batch::ended(ending, args.result.format, page)
}

fn audited(args: &Audit, page: &mut Page<'_, '_>) -> Ending {
    let mut fixer = Fixer::new(args)?;
    loop {
        let edited = fixer.as_ref().map(Fixer::edited).cloned();
        let Gathered {
            settings,
            kinds,
            inputs,
            knowledge,
            mut report,
        } = Gathered::with(&args.paths, &args.reading, edited.unwrap_or_default(), page)?;
        let world = World::new(&inputs.facts, now());
        let mut judged = audit::verdicts(&inputs.facts, &world, &knowledge);
        judged.extend(unbuilt::verdicts(&inputs.unbuilt, now(), &knowledge));
        let all = findings(&inputs, &judged, &knowledge);
        let ignores = ignores::all(&inputs, &settings);
        let decision = ignore::decide(&all, &ignores, &inputs.facts);
        let kept = all.iter().zip(&decision.ignored);
        let kept = kept.filter_map(|(finding, is_ignored)| (!is_ignored).then_some(finding));
        let mut findings = fixes::messages(
            kept.chain(&decision.reports),
            &inputs,
            &kinds,
            &page.io.folder,
        );
        if args.write_baseline {
            return known::write(args, &findings, page);
        }
        let effect = known::apply(args, &mut findings, page)?;
        if let Some(fixer) = &mut fixer
            && fixer.round(&inputs, &findings, page)?
        {
            continue;
        }
        let fixable = fixes::fixable(&findings);
        let unchecked = unchecked(&report, &judged, &all);
        for mut one in findings {
            let is_shown = |text: &str| mask::names(text) == text;
            one.keep_fix_if(is_shown);
            for text in one.texts_mut() {
                *text = mask::names(text);
            }
            report.push(one);
        }
        let fixed = fixer.as_ref().map(Fixer::fixed);
        let exit = exit_of(&report, args, fixed.as_deref());
        let shown = Shown {
            inputs: &inputs,
            judged: &judged,
            report: &report,
            ignored: decision.count(),
            ignored_images: ignored_images(&judged, &decision.ignored),
            effect,
            fixable,
            unchecked,
            fixed,
        };
        show::result(args, exit, &shown, page)?;
        return Ok(exit);
    }
}

/// All that verdicts are made of.
pub(super) struct Gathered {
    settings: Settings,
    kinds: Kinds,
    pub(super) inputs: Inputs,
    pub(super) knowledge: Knowledge,
    /// What could not be read.
    pub(super) report: Report,
}

impl Gathered {
    pub(super) fn read(
        paths: &[PathBuf],
        reading: &Reading,
        page: &mut Page<'_, '_>,
    ) -> Result<Self, Stop> {
        Self::with(paths, reading, Edited::new(), page)
    }

    /// The same, with other texts in place of some files.
    fn with(
        paths: &[PathBuf],
        reading: &Reading,
        edited: Edited,
        page: &mut Page<'_, '_>,
    ) -> Result<Self, Stop> {
        let settings = Settings::read(paths, reading, page)?;
        let mut found = Found::new(paths, &settings, page)?;
        found.edited.extend(edited);
        let mut report = Report::with_limit(LIMIT);
        let mut kinds = Kinds::with(settings.kinds());
        let mut inputs = Inputs::read(&mut found, &kinds, &settings, page);
        let configs = promises::configs(&inputs, &page.io.folder, &mut report);
        let more = promises::kinds(&configs);
        if matter(&more, &kinds, &inputs.facts) {
            // What a config declares is only known now.
            let text = |stream| inputs.texts.get(stream).map(|source| source.text.clone());
            // A stream that was not kept holds nothing that matters.
            found.stream = inputs.stream.map(|stream| text(stream).unwrap_or_default());
            kinds = Kinds::with([settings.kinds(), more].concat());
            inputs = Inputs::read(&mut found, &kinds, &settings, page);
        }
        if settings.target == Target::AksVirtualNode {
            for pod in &mut inputs.facts.pods {
                pod.is_virtual = true;
            }
        }
        let mut knowledge = Knowledge {
            target: settings.target,
            is_partial: inputs.is_partial,
            streams: inputs.stream.into_iter().collect(),
            ..Knowledge::default()
        };
        report.extend(std::mem::take(&mut inputs.unread));
        promises::add(&configs, &mut inputs, &mut knowledge);
        declared::add(&settings, &mut inputs, &mut knowledge);
        evidence::add(&mut inputs, &mut knowledge, paths, &settings, page);
        Ok(Self {
            settings,
            kinds,
            inputs,
            knowledge,
            report,
        })
    }
}

impl Gathered {
    /// Adds a valid config as if it were the file `path` of the working directory.
    pub(super) fn add_config(&mut self, path: &Path, config: &str, folder: &Path) {
        let source = Arc::new(Source::new(path.display().to_string(), config));
        let Ok(Document { root, .. }) = Document::parse(Arc::clone(&source)) else {
            return;
        };
        let text = self.inputs.texts.next();
        let whole = inputs::directory(&folder.join(path));
        self.inputs.texts.insert(text, source);
        self.inputs.directories.insert(text, whole);
        let kind = promises::CONFIG.to_owned();
        self.inputs.own = vec![(text, Own { kind, root })];
        let configs = promises::configs(&self.inputs, folder, &mut self.report);
        promises::add(&configs, &mut self.inputs, &mut self.knowledge);
    }
}

/// Whether declared kinds can change what was read: pods of some object are not known, or one of the
/// kinds replaces a known one.
fn matter(kinds: &[Kind], known: &Kinds, facts: &Facts) -> bool {
    let replaces = |kind: &Kind| known.find(&kind.group, &kind.kind).is_some();
    !kinds.is_empty() && (!facts.unmapped.is_empty() || kinds.iter().any(replaces))
}

/// Everything that was found.
fn findings(inputs: &Inputs, judged: &[Judged<'_>], knowledge: &Knowledge) -> Vec<Finding> {
    let context = Context {
        facts: &inputs.facts,
        judged,
        knowledge,
    };
    let of_images = judged
        .iter()
        .filter_map(|one| one.judgement.finding.as_deref().cloned());
    of_images
        .chain(rules::check(&context))
        .chain(unbuilt::rules(&inputs.unbuilt, knowledge))
        .chain(audit::unmapped(&inputs.facts, knowledge))
        .collect()
}

/// How many documents, objects and builds were not checked; findings of images come first.
fn unchecked(unread: &Report, judged: &[Judged<'_>], findings: &[Finding]) -> usize {
    let of_images = judged.iter().filter(|one| one.judgement.finding.is_some());
    let of_objects = findings.iter().skip(of_images.count());
    let unread = unread.sorted().into_iter().map(|one| one.code);
    let codes = unread.chain(of_objects.map(|one| one.code));
    codes.filter(|code| *code == Code::NotChecked).count()
}

/// The numbers of the images whose finding is ignored; findings of images come first, in their order.
fn ignored_images(judged: &[Judged<'_>], ignored: &[bool]) -> HashSet<usize> {
    let with_finding = judged
        .iter()
        .enumerate()
        .filter(|(_, one)| one.judgement.finding.is_some());
    let images = with_finding.map(|(at, _)| at);
    images
        .zip(ignored)
        .filter_map(|(at, is_ignored)| is_ignored.then_some(at))
        .collect()
}

fn exit_of(report: &Report, args: &Audit, fixed: Option<&[Fixed]>) -> Exit {
    let is_undecided = report.count(Severity::Warning) + report.count(Severity::Info) > 0;
    let would_fix = args.diff && fixed.is_some_and(|fixed| !fixed.is_empty());
    if report.has_errors() || would_fix || (args.strict && is_undecided) {
        Exit::Differs
    } else {
        Exit::Ok
    }
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
