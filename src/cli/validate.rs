//! `validate`: the configs alone.

use serde_json::json;

use crate::cli::args::{ReportFormat, Validate};
use crate::cli::batch::{self, Form, Outcome};
use crate::cli::page::{Ending, Page, Paint};
use crate::cli::session::Session;
use crate::cli::{Exit, page};
use crate::diag::{Report, Severity};

pub(super) fn run(args: &Validate, page: &mut Page<'_, '_>) -> Ending {
    let ending = validate(args, page);
    batch::ended(ending, args.format, page)
}

fn validate(args: &Validate, page: &mut Page<'_, '_>) -> Ending {
    let jobs = batch::jobs(&args.configs, page)?;
    let outcomes: Vec<Outcome<Report>> = batch::each(jobs, page, |job, _| Outcome {
        result: Session::open(&job).map(|session| session.loaded.warnings),
        shown: job.shown,
    });
    let exit = batch::worst(&outcomes, |_| Exit::Ok);
    if args.format == ReportFormat::Json {
        page.json(&batch::to_json(
            exit,
            &outcomes,
            |warnings| warnings,
            |_| json!({}),
        ))?;
        return Ok(exit);
    }
    for Outcome { shown, result } in &outcomes {
        let (Ok(report) | Err(report)) = result;
        page.report(report)?;
        page.annotations(report, args.format.service())?;
        match result {
            Ok(_) => page.note(Paint::Green, "valid:", shown)?,
            Err(report) => {
                let count = page::count(report.count(Severity::Error), "mistake");
                page.note(Paint::Red, "invalid:", &format!("{shown}: {count}"))?;
            }
        }
    }
    Ok(exit)
}
