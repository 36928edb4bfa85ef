//! `templates`: the names of the built-in ones, and copies to change.

use std::path::Path;

use crate::cli::Exit;
use crate::cli::args::{Templates, TemplatesAction};
use crate::cli::page::{Ending, Page, Paint};
use crate::diag::{Code, Diagnostic, Report, nearest};
use crate::disk::input;
use crate::document::quote;
use crate::render::{BUILT_IN, built_in};

pub(super) fn run(args: &Templates, page: &mut Page<'_, '_>) -> Ending {
    match &args.action {
        TemplatesAction::List => {
            for (name, _) in BUILT_IN {
                page.data(&format!("{name}\n"))?;
            }
            Ok(Exit::Ok)
        }
        TemplatesAction::Eject { names, to, force } => eject(names, to, *force, page),
    }
}

fn eject(names: &[String], to: &Path, force: bool, page: &mut Page<'_, '_>) -> Ending {
    let unknown: Report = names
        .iter()
        .filter(|name| built_in(name).is_none())
        .map(|name| {
            let diagnostic = Diagnostic::new(Code::Usage, format!("there is no template `{name}`"));
            let known: Vec<&str> = BUILT_IN.iter().map(|(known, _)| *known).collect();
            match nearest(name, &known) {
                Some(known) => diagnostic.help(format!("did you mean `{known}`?")),
                None => diagnostic.help("list the names with `pullwright templates list`"),
            }
        })
        .collect();
    if unknown.has_errors() {
        return Err(unknown.into());
    }
    for name in names {
        let text = built_in(name).unwrap_or_default();
        if to.as_os_str() == "-" {
            page.data(text)?;
            continue;
        }
        let shown = to.join(name).display().to_string();
        input::write_new(&page.io.folder.join(to).join(name), &shown, text, force)?;
        page.note(Paint::Green, "created", &shown)?;
    }
    if to.as_os_str() != "-" {
        let rest = format!(
            "set `spec.templates: {}` in the config to use what lies there",
            quote::string(&to.display().to_string())
        );
        page.note(Paint::Bold, "pullwright:", &rest)?;
    }
    Ok(Exit::Ok)
}
