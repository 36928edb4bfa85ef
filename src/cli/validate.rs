//! `validate`: the configs alone.

use serde_json::Value;

use crate::cli::args::Validate;
use crate::cli::batch::{self, Outcome};
use crate::cli::page::{Ending, Page, Paint};
use crate::cli::session::Session;
use crate::cli::{Exit, claims, page};
use crate::config::load::Loaded;
use crate::diag::format::ConfigResult;
use crate::diag::{Report, Severity};

pub(super) fn run(args: &Validate, page: &mut Page<'_, '_>) -> Ending {
    page.save_to(args.result.output.as_deref(), args.result.format)?;
    let ending = validate(args, page);
    batch::ended(ending, args.result.format, page)
}

fn validate(args: &Validate, page: &mut Page<'_, '_>) -> Ending {
    let jobs = batch::jobs(&args.configs, page)?;
    let mut outcomes: Vec<Outcome<Loaded>> = batch::each(jobs, page, |job, world| Outcome {
        result: Session::open(&job, world.folder).map(|session| session.loaded),
        shown: job.shown,
    });
    claims::refuse_conflicts(&mut outcomes, |loaded: &Loaded| Some(loaded));
    let outcomes: Vec<Outcome<Report>> = outcomes
        .into_iter()
        .map(|one| Outcome {
            result: one.result.map(|loaded| loaded.warnings),
            shown: one.shown,
        })
        .collect();
    let exit = batch::worst(&outcomes, |_| Exit::Ok);
    if page.has_text(args.result.format) {
        show(&outcomes, page)?;
    }
    let configs = outcomes.iter().map(|one| {
        let (Ok(report) | Err(report)) = &one.result;
        ConfigResult {
            config: &one.shown,
            report,
            fields: Value::Null,
        }
    });
    batch::output(exit, configs.collect(), args.result.format, page)?;
    Ok(exit)
}

fn show(outcomes: &[Outcome<Report>], page: &mut Page<'_, '_>) -> std::io::Result<()> {
    for Outcome { shown, result } in outcomes {
        let (Ok(report) | Err(report)) = result;
        page.report(report)?;
        match result {
            Ok(_) => page.fine(Paint::Green, "ok", shown)?,
            Err(report) => {
                let count = page::count(report.count(Severity::Error), "error");
                page.line(Paint::Red, "invalid", &format!("{shown}: {count}"))?;
            }
        }
    }
    if outcomes.len() > 1 {
        let ok = outcomes.iter().filter(|one| one.result.is_ok()).count();
        let rest = format!("{ok} ok, {} invalid", outcomes.len() - ok);
        page.done(Paint::Bold, "pullwright:", &rest)?;
    }
    Ok(())
}
