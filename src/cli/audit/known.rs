//! `--baseline` and `--write-baseline`: findings that are known.

use std::path::Path;

use crate::audit::baseline::{self, Baseline, Effect};
use crate::cli::Exit;
use crate::cli::args::Audit;
use crate::cli::batch;
use crate::cli::page::{self, Ending, Page, Paint, Stop};
use crate::diag::format::RunResult;
use crate::diag::{Code, Diagnostic};
use crate::disk::input;

/// The file, if none is given.
const DEFAULT: &str = "pullwright-audit.baseline.json";

/// What paths are relative to.
struct Names {
    folder: String,
    root: String,
}

impl Names {
    fn of(page: &Page<'_, '_>) -> Self {
        Self {
            folder: page.io.folder.display().to_string(),
            root: batch::root(page),
        }
    }

    fn run(&self) -> RunResult<'_> {
        RunResult {
            folder: &self.folder,
            root: &self.root,
            ..RunResult::default()
        }
    }
}

/// Takes the findings of the baseline away.
pub(super) fn apply(
    args: &Audit,
    findings: &mut Vec<Diagnostic>,
    page: &Page<'_, '_>,
) -> Result<Effect, Stop> {
    let Some(file) = &args.baseline else {
        return Ok(Effect::default());
    };
    let shown = file.display().to_string();
    let text = input::read_of_tree(&page.io.folder.join(file)).map_err(|why| {
        Diagnostic::new(Code::Unreadable, format!("cannot read `{shown}`: {why}"))
            .help("write it with `pullwright audit --write-baseline`")
    })?;
    let baseline = Baseline::read(&text).map_err(|why| {
        let message = format!("`{shown}` is not a baseline that this version reads: {why}");
        Diagnostic::new(Code::Usage, message)
            .help("write it again with `pullwright audit --write-baseline`")
    })?;
    let names = Names::of(page);
    let run = names.run();
    Ok(baseline.apply(findings, |one| run.fingerprint(one)))
}

/// Writes the findings of this run.
pub(super) fn write(args: &Audit, findings: &[Diagnostic], page: &mut Page<'_, '_>) -> Ending {
    let file = args.baseline.as_deref().unwrap_or(Path::new(DEFAULT));
    let shown = file.display().to_string();
    let names = Names::of(page);
    let run = names.run();
    let text = baseline::write(findings, |one| [run.path(one.file()), run.fingerprint(one)]);
    input::write_new(&page.io.folder.join(file), &shown, &text, true)?;
    let count = page::count(findings.len(), "finding");
    page.note(Paint::Bold, "wrote", &format!("{shown}: {count}"))?;
    Ok(Exit::Ok)
}
