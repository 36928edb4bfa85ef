//! `fn`: runs as a KRM function for kustomize and other hosts. Reads objects from stdin, and writes them
//! and the objects of the config to stdout.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::artifact::Expect;
use crate::cli::Exit;
use crate::cli::args::Function;
use crate::cli::batch::Job;
use crate::cli::page::{Ending, Page, Paint, Stop};
use crate::cli::session::{Prepared, Session};
use crate::config::include::Nowhere;
use crate::config::load;
use crate::diag::{Code, Diagnostic, Report};
use crate::disk::{input, install};
use crate::document::{Document, Node};
use crate::krm::{self, Finding, Outcome, ResourceList, Stream};
use crate::mask;
use crate::span::Source;

/// Path of the legacy plugin below the kustomize plugin directory
/// (<https://kubectl.docs.kubernetes.io/guides/extending_kustomize/>).
const PLUGIN: &str = "pullwright.dev/v1alpha1/pullaccess/PullAccess";

/// The name of stdin in messages.
const INPUT: &str = "<stdin>";

pub(super) fn run(args: &Function, page: &mut Page<'_, '_>) -> Ending {
    if args.install_plugin {
        return install_plugin(page);
    }
    let ending = match &args.config {
        Some(config) => run_stream(config.clone(), args, page),
        None => run_list(args, page),
    };
    match ending {
        // Hosts only distinguish success and failure.
        Err(Stop::Report(report)) => {
            page.report(&report)?;
            Ok(Exit::Differs)
        }
        ending => ending,
    }
}

/// Transforms a `ResourceList`. It is written even if the function fails: its results are the reasons.
fn run_list(args: &Function, page: &mut Page<'_, '_>) -> Ending {
    let list = ResourceList::read(read(page)?)?;
    let loaded = match load::load_document(list.config.clone(), &Nowhere) {
        Ok(loaded) => loaded,
        Err(report) => return fail(&list, mask::guarded(report), page),
    };
    let is_allowed = args.allow_plaintext || allows_plaintext(&loaded);
    let folder = page.io.folder.clone();
    let session = Session::of(loaded, folder);
    let generated = session.prepare(page.world());
    let generated = generated.and_then(|prepared| {
        generate(&prepared, is_allowed).map(|generated| (generated, prepared))
    });
    let (generated, prepared) = match generated {
        Ok(generated) => generated,
        Err(report) => return fail(&list, report, page),
    };
    let outcome = list.transform(&session.loaded.config, generated)?;
    report(&prepared, &outcome, page)?;
    let mut findings = krm::of_report(&prepared.warnings, Some(&list.config));
    findings.extend(krm::of_report(&outcome.warnings, None));
    findings.extend(outcome.findings.iter().cloned());
    write_output([list.write(&outcome, &findings).into()], page)?;
    finish(&outcome, page)
}

/// Writes the unchanged list with the errors.
fn fail(list: &ResourceList, report: Report, page: &mut Page<'_, '_>) -> Ending {
    let findings = krm::of_report(&report, Some(&list.config));
    write_output([list.unchanged(&findings).into()], page)?;
    Err(report.into())
}

/// Transforms a plain stream with a config file: for legacy plugins and pipes.
fn run_stream(config: PathBuf, args: &Function, page: &mut Page<'_, '_>) -> Ending {
    let job = Job {
        shown: config.display().to_string(),
        path: page.io.folder.join(config),
        text: None,
    };
    let session = Session::open(&job, &page.io.folder)?;
    // A legacy plugin gets a copy of its config in another directory.
    let root = page.io.variable("KUSTOMIZE_PLUGIN_CONFIG_ROOT");
    let session = match root.map(PathBuf::from) {
        Some(root) => Session::of(session.loaded, page.io.folder.join(root)),
        None => session,
    };
    let prepared = session.prepare(page.world())?;
    let is_allowed = args.allow_plaintext || allows_plaintext(&session.loaded);
    let generated = generate(&prepared, is_allowed)?;
    let stream = Stream::new(read(page)?);
    let outcome = stream.transform(&session.loaded.config, generated)?;
    report(&prepared, &outcome, page)?;
    write_output(stream.write(&outcome), page)?;
    finish(&outcome, page)
}

/// Reports the messages of writing. Hosts only distinguish success and failure.
fn finish(outcome: &Outcome, page: &mut Page<'_, '_>) -> Ending {
    let written = outcome.take_write_report();
    page.report(&written)?;
    Ok(if written.has_errors() {
        Exit::Differs
    } else {
        Exit::Ok
    })
}

/// Writes the objects to the host. Most of them are not from the config, and they may contain text that a
/// CI service would run as a command, for example in a script. Hosts read them from a pipe, so they are
/// written exactly, and a user who writes them to a log is warned.
fn write_output<'a>(
    texts: impl IntoIterator<Item = Cow<'a, str>>,
    page: &mut Page<'_, '_>,
) -> std::io::Result<()> {
    let mut commands = false;
    for text in texts {
        commands |= page.would_command(&text);
        page.data(&text)?;
    }
    if commands {
        let rest = "the objects contain a line that the CI service would run as a command if they were printed to its log";
        page.note(Paint::Yellow, "warning:", rest)?;
    }
    Ok(())
}

/// Reads stdin; a terminal is read as empty. The objects may contain Secrets, so no message shows their text.
fn read(page: &mut Page<'_, '_>) -> Result<Source, Report> {
    let text = if page.io.terminals[0] {
        String::new()
    } else {
        input::read_manifests(&mut page.io.stdin, INPUT)?
    };
    Ok(Source::new(INPUT, text).hiding_all())
}

fn allows_plaintext(loaded: &load::Loaded) -> bool {
    let annotations = &loaded.config.metadata.annotations;
    annotations.get(krm::ALLOW_PLAINTEXT).map(String::as_str) == Some("true")
}

/// The objects of the config: no scripts, and no secrets in clear text unless allowed.
fn generate(prepared: &Prepared, plaintext: bool) -> Result<Vec<Node>, Report> {
    let mut planned = prepared.planned.iter();
    if let Some(file) = planned.find(|file| !file.secrets.is_empty() && !plaintext) {
        let access = file.access.as_deref().unwrap_or_default();
        let message =
            format!("access entry `{access}` would pass a Secret in clear text to the host");
        return Err(Diagnostic::new(Code::PlaintextOutput, message)
            .help(format!("use `delivery: script` or `placeholder`, or allow it by annotating the config with `{}: \"true\"`", krm::ALLOW_PLAINTEXT))
            .into());
    }
    let mut names = BTreeSet::new();
    for file in &prepared.planned {
        if let Expect::Object {
            kind,
            name,
            namespace,
            ..
        } = &file.expect
            && file.is_applied()
            && !names.insert((*kind, name, namespace))
        {
            let message =
                format!("{kind} `{namespace}/{name}` is generated for different clusters");
            return Err(Diagnostic::new(Code::ObjectConflict, message)
                .help("a function does not know the cluster of its input: use `pullwright render`, or a config for each cluster")
                .into());
        }
    }
    let mut generated = Vec::new();
    for file in prepared.render_objects()? {
        let source = Source::new(file.path, file.text.expose()).hiding_all();
        let documents = Document::parse_all(Arc::new(source))?;
        generated.extend(
            documents
                .into_iter()
                .map(|one| Node::from(one.into_value())),
        );
    }
    Ok(generated)
}

/// Reports findings on stderr, because hosts hide results; changes that were made are not included.
fn report(prepared: &Prepared, outcome: &Outcome, page: &mut Page<'_, '_>) -> std::io::Result<()> {
    page.report(&prepared.warnings)?;
    page.report(&outcome.warnings)?;
    let mut found = Report::default();
    for diagnostic in outcome.findings.iter().filter_map(Finding::diagnostic) {
        found.push(diagnostic);
    }
    page.report(&found)
}

/// Installs the legacy plugin for kustomize.
fn install_plugin(page: &mut Page<'_, '_>) -> Ending {
    let home = |name: &str| page.io.variable(name).filter(|value| !value.is_empty());
    let plugins = home("KUSTOMIZE_PLUGIN_HOME")
        .map(PathBuf::from)
        .or_else(|| {
            home("XDG_CONFIG_HOME").map(|home| PathBuf::from(home).join("kustomize/plugin"))
        })
        .or_else(|| home("HOME").map(|home| PathBuf::from(home).join(".config/kustomize/plugin")));
    let Some(plugins) = plugins else {
        let message = "cannot determine the kustomize plugin directory";
        return Err(Diagnostic::new(Code::Usage, message)
            .help("set KUSTOMIZE_PLUGIN_HOME, XDG_CONFIG_HOME or HOME")
            .into());
    };
    let path = page.io.folder.join(plugins).join(PLUGIN);
    install::plugin(&path, &page.io.program)?;
    page.note(Paint::Green, "installed", &path.display().to_string())?;
    page.note(
        Paint::Bold,
        "pullwright:",
        "list a config under `generators:` or `transformers:`, and build with --enable-alpha-plugins",
    )?;
    Ok(Exit::Ok)
}
