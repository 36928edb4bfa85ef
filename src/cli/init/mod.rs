//! `init`: a small config for a new workload, or one that serves manifests that exist.

mod adopt;
mod answers;
mod ask;
mod new;
mod questions;
mod report;
mod schema_file;

use crate::adopt::Draft;
use crate::clean;
use crate::cli::Exit;
use crate::cli::args::Init;
use crate::cli::audit::relative;
use crate::cli::init::answers::Workload;
use crate::cli::page::{Ending, Page, Paint, Stop};
use crate::config::include::Nowhere;
use crate::config::{load, schema};
use crate::disk::input;
use crate::span::Source;

pub(super) fn run(args: &Init, page: &mut Page<'_, '_>) -> Ending {
    let is_stream = args.file.as_os_str() == "-";
    let shown = args.file.display().to_string();
    if !is_stream {
        // Before any question is asked.
        input::is_free(&page.io.folder.join(&args.file), &shown, args.force)?;
    }
    let answers = answers::complete(args, page)?;
    let draft = match &answers.workload {
        Workload::New(workload) => new::draft(&answers, workload)?,
        Workload::Existing(paths) => adopt::draft(args, &answers, paths, page)?,
    };
    if is_stream {
        page.data(&checked(&draft)?)?;
    } else {
        write(args, draft, page)?;
    }
    if answers.cluster.is_none() {
        let rest = "no cluster was given, so Secrets are placeholders and no script is generated";
        page.note(Paint::Yellow, "note:", rest)?;
    }
    if !is_stream {
        let rest = format!("pullwright render {}", clean::path(&shown));
        page.note(Paint::Bold, "next:", &rest)?;
    }
    Ok(Exit::Ok)
}

/// The text of a draft, which must be a valid config.
fn checked(draft: &Draft) -> Result<String, Stop> {
    let text = draft.to_string();
    load::load(Source::new("the new config", &text), &Nowhere)?;
    Ok(text)
}

/// Writes the config, and its schema if the repository has none.
fn write(args: &Init, mut draft: Draft, page: &mut Page<'_, '_>) -> Result<(), Stop> {
    let path = page.io.folder.join(&args.file);
    let shown = args.file.display().to_string();
    let schema = schema_file::of(&path);
    draft.schema.clone_from(&schema.from_config);
    let text = checked(&draft)?;
    input::write_new(&path, &shown, &text, args.force)?;
    page.note(Paint::Green, "created", &shown)?;
    let shown = relative(&input::real(&page.io.folder), &schema.path);
    let shown = shown.display().to_string();
    if input::write_new(&schema.path, &shown, schema::TEXT, false).is_ok() {
        let rest = format!("{shown} (for editors)");
        page.note(Paint::Green, "created", &rest)?;
    }
    Ok(())
}
