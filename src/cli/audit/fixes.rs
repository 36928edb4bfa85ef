//! `--fix`: the certain repairs of findings, in the files or as a diff.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::audit::facts::TextId;
use crate::audit::fix::{Maker, is_generated, repaired};
use crate::audit::judge::Finding;
use crate::change;
use crate::cli::args::Audit;
use crate::cli::audit::files::{Edited, shown};
use crate::cli::audit::inputs::Inputs;
use crate::cli::page::{self, Page, Paint, Stop};
use crate::diag::{Code, Diagnostic, Fix, Safety};
use crate::disk::{input, save};
use crate::manifest::Kinds;
use crate::span::Source;

/// Each round makes at least one fix; this many are only needed if one file has that many in one place.
const ROUNDS: usize = 50;

/// The findings as messages, with the fixes of those that can be made in place.
pub(super) fn messages<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    inputs: &Inputs,
    kinds: &Kinds,
    folder: &Path,
) -> Vec<Diagnostic> {
    let mut makers: HashMap<TextId, Option<Maker<'_>>> = HashMap::new();
    let mut message = |finding: &Finding| {
        let mut diagnostic = inputs.texts.diagnostic(finding);
        let Some(repair) = &finding.repair else {
            return diagnostic;
        };
        let text = repair.spot().text;
        let is_built = inputs.built.contains(&text);
        if is_built && !repair.action.is_local() {
            return diagnostic;
        }
        let maker = makers.entry(text).or_insert_with(|| {
            let path = inputs.file(text)?;
            let source = inputs.texts.get(text)?;
            // Edits of a text in another encoding fit no file.
            let is_written = || {
                inputs.edited.contains(path) || input::is_text_of(&folder.join(path), &source.text)
            };
            (!is_generated(&source.text) && is_written()).then(|| Maker::new(source, kinds))
        });
        diagnostic.fix = maker
            .as_mut()
            .and_then(|maker| maker.fix(repair).map(Box::new));
        diagnostic
    };
    findings.map(&mut message).collect()
}

/// How many findings `--fix` would take away.
pub(super) fn fixable(findings: &[Diagnostic]) -> usize {
    findings.iter().filter_map(safe).count()
}

fn safe(finding: &Diagnostic) -> Option<&Fix> {
    finding
        .fix
        .as_deref()
        .filter(|fix| fix.safety == Safety::Safe)
}

/// A file that was, or would be, repaired.
pub(super) struct Fixed {
    /// How messages name it.
    pub(super) name: String,
    /// How many fixes were made.
    pub(super) count: usize,
    /// Its change, if nothing is written.
    pub(super) diff: Option<String>,
}

/// Makes fixes, round by round, until there are no more.
pub(super) struct Fixer {
    is_diff: bool,
    rounds: usize,
    /// What is not written.
    edited: Edited,
    files: BTreeMap<PathBuf, File>,
    /// What was said not to be fixed: a further round finds it again.
    left: BTreeSet<String>,
}

struct File {
    before: Arc<Source>,
    count: usize,
}

impl Fixer {
    /// The fixer that the flags ask for.
    pub(super) fn new(args: &Audit) -> Result<Option<Self>, Diagnostic> {
        if !args.fix {
            return Ok(None);
        }
        if args.paths.iter().any(|path| path.as_os_str() == "-") {
            let message = "`--fix` repairs files, and `-` is a stream";
            return Err(Diagnostic::new(Code::Usage, message)
                .help("audit the files, or add pull secrets to the stream with `pullwright fn`"));
        }
        Ok(Some(Self {
            is_diff: args.diff,
            rounds: 0,
            edited: Edited::new(),
            files: BTreeMap::new(),
            left: BTreeSet::new(),
        }))
    }

    /// Files as they would be after the fixes so far.
    pub(super) fn edited(&self) -> &Edited {
        &self.edited
    }

    /// Makes the fixes of these findings; whether there were any, so that everything has to be read again.
    pub(super) fn round(
        &mut self,
        inputs: &Inputs,
        findings: &[Diagnostic],
        page: &mut Page<'_, '_>,
    ) -> Result<bool, Stop> {
        self.rounds += 1;
        if self.rounds > ROUNDS {
            return Ok(false);
        }
        let mut by_source: BTreeMap<&str, (&Arc<Source>, Vec<&Fix>)> = BTreeMap::new();
        for fix in findings.iter().filter_map(safe) {
            if let Some(edit) = fix.edits.first() {
                let source = &edit.place.source;
                let entry = by_source
                    .entry(&source.name)
                    .or_insert((source, Vec::new()));
                entry.1.push(fix);
            }
        }
        let paths: HashMap<String, &PathBuf> = match by_source.is_empty() {
            true => HashMap::new(),
            false => inputs.names.iter().map(|one| (shown(one), one)).collect(),
        };
        let mut changes = Vec::new();
        for (name, (source, fixes)) in by_source {
            let (Some(path), Some(repaired)) = (paths.get(name), repaired(source, &fixes)) else {
                let why = format!("`{name}`: its repairs do not fit together, make them by hand");
                self.leave(why, page)?;
                continue;
            };
            let whole = page.io.folder.join(path);
            if !self.edited.contains_key(*path) && !input::is_text_of(&whole, &source.text) {
                let why = format!("`{name}` is not UTF-8, or changed during the run");
                self.leave(why, page)?;
                continue;
            }
            if !self.is_diff {
                save::check(&whole, name)?;
            }
            changes.push(((*path).clone(), source, repaired));
        }
        let is_changed = !changes.is_empty();
        for (path, source, repaired) in changes {
            if self.is_diff {
                self.edited.insert(path.clone(), repaired.text);
            } else {
                save::replace(&page.io.folder.join(&path), &source.name, &repaired.text)?;
            }
            let file = self.files.entry(path).or_insert_with(|| File {
                before: Arc::clone(source),
                count: 0,
            });
            file.count += repaired.count;
        }
        Ok(is_changed)
    }

    /// Says once what is not fixed.
    fn leave(&mut self, why: String, page: &mut Page<'_, '_>) -> Result<(), Stop> {
        if !self.left.contains(&why) {
            page.note(Paint::Yellow, "not fixed:", &why)?;
            self.left.insert(why);
        }
        Ok(())
    }

    /// What was, or would be, repaired.
    pub(super) fn fixed(&self) -> Vec<Fixed> {
        let files = self.files.iter().map(|(path, file)| {
            let name = file.before.name.to_string();
            let after = self.edited.get(path).filter(|_| self.is_diff);
            Fixed {
                diff: after.map(|after| change::of_texts(&name, &file.before.text, after)),
                name,
                count: file.count,
            }
        });
        files.collect()
    }
}

/// Shows people what was repaired.
pub(super) fn show(fixed: &[Fixed], page: &mut Page<'_, '_>) -> Result<(), Stop> {
    for one in fixed {
        let rest = format!("`{}`: {}", one.name, page::count(one.count, "repair"));
        match &one.diff {
            Some(diff) => {
                page.diff(diff)?;
                page.note(Paint::Bold, "would fix:", &rest)?;
            }
            None => page.note(Paint::Green, "fixed:", &rest)?,
        }
    }
    Ok(())
}
