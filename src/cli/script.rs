//! `script`: prints one script of an access entry that needs no other file.

use crate::artifact::{Expect, PlannedFile, ScriptKind};
use crate::cli::Exit;
use crate::cli::args::Script;
use crate::cli::batch::{self, Job};
use crate::cli::page::{Ending, Page, Paint, Stop};
use crate::cli::session::Session;
use crate::config::Access;
use crate::diag::{Code, Diagnostic, Report, nearest};

/// A script of an entry.
struct Candidate<'a> {
    kind: ScriptKind,
    cluster: &'a str,
    file: &'a PlannedFile,
}

pub(super) fn run(args: &Script, page: &mut Page<'_, '_>) -> Ending {
    let job = job(args, page)?;
    let session = Session::open(&job, &page.io.folder)?;
    let access = &session.loaded.config.spec.access;
    let entry = find(&args.entry, access, &job.shown)?;
    let prepared = session.prepare_scripts(entry, page.world())?;
    page.report(&prepared.warnings)?;
    let all: Vec<Candidate<'_>> = prepared.planned.iter().filter_map(candidate).collect();
    let file = choose(all, args, entry)?;
    let script = prepared.render_one(file)?;
    let text = script.text.expose();
    page.data(text)?;
    if page.would_command(text) {
        let rest = "the script contains a line that the CI service would run as a command if it were printed to its log";
        page.note(Paint::Yellow, "warning:", rest)?;
    }
    Ok(Exit::Ok)
}

/// The only config that the flag means.
fn job(args: &Script, page: &mut Page<'_, '_>) -> Result<Job, Stop> {
    let jobs = batch::jobs(std::slice::from_ref(&args.config), page)?;
    let names: Vec<String> = jobs.iter().map(|job| format!("`{}`", job.shown)).collect();
    match <[Job; 1]>::try_from(jobs) {
        Ok([job]) => Ok(job),
        Err(_) => {
            let message = format!("several configs: {}", names.join(", "));
            let diagnostic = Diagnostic::new(Code::Usage, message);
            Err(diagnostic.help("select one with `--config FILE`").into())
        }
    }
}

/// The entry of this name.
fn find<'a>(name: &str, access: &'a [Access], config: &str) -> Result<&'a Access, Diagnostic> {
    let found = access.iter().find(|one| one.name.as_str() == name);
    found.ok_or_else(|| {
        let names: Vec<&str> = access.iter().map(|one| one.name.as_str()).collect();
        let message = format!("`{config}` has no access entry `{name}`");
        let diagnostic = Diagnostic::new(Code::Usage, message);
        match nearest(name, &names) {
            Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
            None => diagnostic.help(format!("its entries are {}", list(&names))),
        }
    })
}

fn candidate(file: &PlannedFile) -> Option<Candidate<'_>> {
    match &file.expect {
        Expect::Script { kind, cluster, .. } => Some(Candidate {
            kind: *kind,
            cluster,
            file,
        }),
        Expect::Object { .. }
        | Expect::Local { .. }
        | Expect::Kustomize { .. }
        | Expect::Runner { .. }
        | Expect::Library
        | Expect::Attributes => None,
    }
}

/// The only script that the flags leave.
fn choose<'a>(
    mut all: Vec<Candidate<'a>>,
    args: &Script,
    entry: &Access,
) -> Result<&'a PlannedFile, Report> {
    let name = &entry.name;
    let fail = |message: String, help: String| -> Report {
        Diagnostic::new(Code::Usage, message).help(help).into()
    };
    let clusters = |all: &[Candidate<'a>]| unique(all.iter().map(|one| one.cluster));
    let kinds = |all: &[Candidate<'a>]| unique(all.iter().map(|one| one.kind.word()));
    if let Some(cluster) = &args.cluster {
        let known = clusters(&all);
        all.retain(|one| one.cluster == cluster);
        if all.is_empty() && !known.is_empty() {
            return Err(fail(
                format!("access entry `{name}` has no script for cluster `{cluster}`"),
                format!("its clusters are {}", list(&known)),
            ));
        }
    }
    if let Some(kind) = args.kind {
        let known = kinds(&all);
        all.retain(|one| one.kind == kind);
        if all.is_empty() && !known.is_empty() {
            let kind = kind.word();
            return Err(fail(
                format!("access entry `{name}` has no script of kind `{kind}`"),
                format!("it has {}", list(&known)),
            ));
        }
    }
    let (clusters, kinds) = (clusters(&all), kinds(&all));
    match (clusters.as_slice(), kinds.as_slice()) {
        ([first, _, ..], _) => Err(fail(
            format!(
                "access entry `{name}` has scripts for several clusters: {}",
                list(&clusters)
            ),
            format!("select one, for example with `--cluster {first}`"),
        )),
        (_, [first, _, ..]) => Err(fail(
            format!(
                "access entry `{name}` has several scripts: {}",
                list(&kinds)
            ),
            format!("select one, for example with `--kind {first}`"),
        )),
        _ => all.first().map(|one| one.file).ok_or_else(|| {
            fail(
                format!("access entry `{name}` has no scripts"),
                "write and apply its manifests: `pullwright render`".to_owned(),
            )
        }),
    }
}

/// Each word once, in their order.
fn unique<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all = Vec::new();
    for word in words {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    all
}

/// Words in a sentence.
fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
