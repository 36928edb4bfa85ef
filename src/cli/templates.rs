//! `templates`: the names of the built-in ones, what they may print, and copies to change.

use std::path::{Component, Path};

use serde_json::json;

use crate::artifact::runtime;
use crate::change;
use crate::clean;
use crate::cli::args::{PageFormat, Templates, TemplatesAction};
use crate::cli::page::{self, Ending, Page, Paint};
use crate::cli::{Exit, batch};
use crate::diag::{Code, Diagnostic, Report, nearest};
use crate::disk::{self, input};
use crate::document::quote;
use crate::plan::contracts;
use crate::render::{BUILT_IN, built_in, copied, without_origin};
use crate::strategy::contract::Contract;

/// The version of the JSON that is printed: it changes when a field changes its meaning or is removed.
const VERSION: u32 = 1;

pub(super) fn run(args: &Templates, page: &mut Page<'_, '_>) -> Ending {
    match &args.action {
        TemplatesAction::List => {
            for (name, _) in BUILT_IN {
                page.data(&format!("{name}\n"))?;
            }
            Ok(Exit::Ok)
        }
        TemplatesAction::Show { name, format } => {
            let ending = show(name, *format, page);
            batch::ended(ending, (*format).into(), page)
        }
        TemplatesAction::Diff { names, from } => diff(names, from, page),
        TemplatesAction::Eject { names, to, force } => eject(names, to, *force, page),
    }
}

/// What is wrong with a name that no built-in template has.
fn unknown(name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::Usage, format!("unknown template `{name}`"));
    if name == runtime::TEMPLATE {
        return diagnostic.help(
            "the runtime of scripts is no template and cannot be replaced: `pullwright script ENTRY` prints it in a script",
        );
    }
    let names: Vec<&str> = BUILT_IN.iter().map(|(known, _)| *known).collect();
    match nearest(name, &names) {
        Some(known) => diagnostic.help(format!("did you mean `{known}`?")),
        None => diagnostic.help("list the names with `pullwright templates list`"),
    }
}

fn show(name: &str, format: PageFormat, page: &mut Page<'_, '_>) -> Ending {
    let all = contracts();
    let Some(contract) = all.iter().find(|one| one.template == name) else {
        return Err(unknown(name).into());
    };
    match format {
        PageFormat::Text => page.data(&in_text(contract))?,
        PageFormat::Json => {
            let mut value = json!(contract);
            value["version"] = json!(VERSION);
            page.json(&value)?;
        }
    }
    Ok(Exit::Ok)
}

/// The variables as a list, one on a line, in columns.
fn in_text(contract: &Contract) -> String {
    let Contract {
        template,
        about,
        variables,
    } = contract;
    let mut out = format!("{template}\n{about}\n\n");
    if variables.is_empty() {
        out.push_str("This template takes no variables.\n");
    }
    let widest = |widths: &mut dyn Iterator<Item = usize>| widths.max().unwrap_or_default();
    let name_width = widest(&mut variables.iter().map(|one| one.name.len()));
    let type_width = widest(&mut variables.iter().map(|one| one.takes.len()));
    for one in variables {
        out.push_str(&format!(
            "{:name_width$}  {:type_width$}  {}\n",
            one.name, one.takes, one.about
        ));
    }
    out
}

/// The templates of the user's as diffs from the built-in ones.
fn diff(names: &[String], from: &Path, page: &mut Page<'_, '_>) -> Ending {
    let shown = from.display().to_string();
    let is_below = from
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let own = match from.to_str() {
        Some(relative) if is_below => {
            disk::read_templates(&page.io.folder, relative, &page.io.folder)?
        }
        _ => disk::read_templates(&page.io.folder.join(from), ".", &page.io.folder)?,
    };
    let missing = |name: &String| {
        if built_in(name).is_none() {
            return Some(unknown(name));
        }
        let message = format!("`{shown}` has no template `{name}`");
        let eject = format!(
            "copy the built-in one with `pullwright templates eject {name} --to {}`",
            clean::path(&shown)
        );
        let is_there = own.contains_key(name);
        (!is_there).then(|| Diagnostic::new(Code::Usage, message).help(eject))
    };
    let missing: Report = names.iter().filter_map(missing).collect();
    if missing.has_errors() {
        return Err(missing.into());
    }
    let mut count = 0;
    let mut exit = Exit::Ok;
    for (name, text) in &own {
        let Some(built_in) = built_in(name) else {
            continue;
        };
        if !names.is_empty() && !names.contains(name) {
            continue;
        }
        count += 1;
        let text = without_origin(text);
        if text != built_in {
            exit = Exit::Differs;
            page.diff(&change::of_template(name, built_in, text))?;
        }
    }
    if exit == Exit::Ok {
        let rest = match count {
            0 => format!("no template in {shown} replaces a built-in one"),
            count => format!("{} as built in", page::count(count, "template")),
        };
        page.note(Paint::Bold, "pullwright:", &rest)?;
    }
    Ok(exit)
}

fn eject(names: &[String], to: &Path, force: bool, page: &mut Page<'_, '_>) -> Ending {
    let unknown: Report = names
        .iter()
        .filter(|name| built_in(name).is_none())
        .map(|name| unknown(name))
        .collect();
    if unknown.has_errors() {
        return Err(unknown.into());
    }
    for name in names {
        let text = copied(name).unwrap_or_default();
        if to.as_os_str() == "-" {
            page.data(&text)?;
            continue;
        }
        let shown = to.join(name).display().to_string();
        input::write_new(&page.io.folder.join(to).join(name), &shown, &text, force)?;
        page.note(Paint::Green, "created", &shown)?;
    }
    if to.as_os_str() != "-" {
        let rest = format!(
            "set `spec.templates: {}` in the config to use the copied templates",
            quote::string(&to.display().to_string())
        );
        page.note(Paint::Bold, "pullwright:", &rest)?;
    }
    Ok(Exit::Ok)
}
