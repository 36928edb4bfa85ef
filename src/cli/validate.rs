//! `validate`: the config alone.

use crate::cli::Exit;
use crate::cli::args::{Format, Validate};
use crate::cli::page::{Ending, Page, Paint, Stop};
use crate::cli::session::{Session, json_of};
use crate::diag::{Report, Severity};

pub(super) fn run(args: &Validate, page: &mut Page<'_, '_>) -> Ending {
    let result = Session::open(&args.config, page);
    let shown = args.config.display().to_string();
    match (result, args.format) {
        (Ok(session), Format::Json) => {
            page.json(&json_of(&session.shown, &session.loaded.warnings))?;
            Ok(Exit::Ok)
        }
        (Err(report), Format::Json) => {
            page.json(&json_of(&shown, &report))?;
            Ok(Exit::Failed)
        }
        (Ok(session), Format::Text) => {
            page.report(&session.loaded.warnings)?;
            page.note(Paint::Green, "valid:", &session.shown)?;
            Ok(Exit::Ok)
        }
        (Err(report), Format::Text) => {
            let mistakes = total(&report);
            page.report(&report)?;
            page.note(Paint::Red, "invalid:", &format!("{shown}: {mistakes}"))?;
            Ok(Exit::Failed)
        }
    }
}

/// `1 mistake`, `3 mistakes`.
fn total(report: &Report) -> String {
    match report.count(Severity::Error) {
        1 => "1 mistake".to_owned(),
        count => format!("{count} mistakes"),
    }
}

/// Shows an ending early as data, if data is asked for.
pub(super) fn stopped(stop: Stop, shown: &str, format: Format, page: &mut Page<'_, '_>) -> Ending {
    match (stop, format) {
        (Stop::Report(report), Format::Json) => {
            page.json(&json_of(shown, &report))?;
            Ok(Exit::Failed)
        }
        (stop, _) => Err(stop),
    }
}
