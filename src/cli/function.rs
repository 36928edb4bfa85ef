//! `fn`: a function of kustomize and of other hosts. Objects on stdin, the same objects and those of
//! the config on stdout.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::Exit;
use crate::cli::args::Function;
use crate::cli::batch::Job;
use crate::cli::page::{Ending, Page, Paint, Stop};
use crate::cli::session::{Prepared, Session};
use crate::config::load;
use crate::diag::{Code, Diagnostic, Report};
use crate::disk::{input, install};
use crate::document::{Document, Node};
use crate::krm::{self, Finding, Outcome, ResourceList, Stream};
use crate::mask;
use crate::span::Source;

/// Where kustomize looks for the legacy plugin of our kind
/// (<https://kubectl.docs.kubernetes.io/guides/extending_kustomize/>).
const PLUGIN: &str = "pullwright.dev/v1alpha1/pullaccess/PullAccess";

/// How messages name stdin.
const INPUT: &str = "<stdin>";

pub(super) fn run(args: &Function, page: &mut Page<'_, '_>) -> Ending {
    if args.install_plugin {
        return install_plugin(page);
    }
    let ending = match &args.config {
        Some(config) => on_a_stream(config.clone(), args, page),
        None => on_a_list(args, page),
    };
    match ending {
        // Hosts know two endings.
        Err(Stop::Report(report)) => {
            page.report(&report)?;
            Ok(Exit::Differs)
        }
        ending => ending,
    }
}

/// A `ResourceList` in and out. It goes out even if the function fails: it holds the reasons.
fn on_a_list(args: &Function, page: &mut Page<'_, '_>) -> Ending {
    let list = ResourceList::read(read(page)?)?;
    let loaded = match load::load_document(list.config.clone()) {
        Ok(loaded) => loaded,
        Err(report) => return fail(&list, mask::guarded(report), page),
    };
    let asked = args.allow_plaintext || allows_plaintext(&loaded);
    let folder = page.io.folder.clone();
    let session = Session::of(loaded, folder);
    let made = session.prepare(page.world());
    let made = made.and_then(|prepared| make(&prepared, asked).map(|made| (made, prepared)));
    let (made, prepared) = match made {
        Ok(made) => made,
        Err(report) => return fail(&list, report, page),
    };
    let outcome = list.transform(&session.loaded.config, made)?;
    report(&prepared, &outcome, page)?;
    let mut findings = krm::of_report(&prepared.warnings, Some(&list.config));
    findings.extend(krm::of_report(&outcome.warnings, None));
    findings.extend(outcome.findings.iter().cloned());
    hand_on([list.write(&outcome, &findings).into()], page)?;
    end(&outcome, page)
}

/// The list as it came in, with the errors.
fn fail(list: &ResourceList, report: Report, page: &mut Page<'_, '_>) -> Ending {
    let findings = krm::of_report(&report, Some(&list.config));
    hand_on([list.unchanged(&findings).into()], page)?;
    Err(report.into())
}

/// A plain stream in and out, with a config by its name: for legacy plugins and for pipes.
fn on_a_stream(config: PathBuf, args: &Function, page: &mut Page<'_, '_>) -> Ending {
    let session = Session::open(&Job {
        shown: config.display().to_string(),
        path: page.io.folder.join(config),
        text: None,
    })?;
    // A legacy plugin gets a copy of its config, in some other directory.
    let root = page.io.variable("KUSTOMIZE_PLUGIN_CONFIG_ROOT");
    let session = match root.map(PathBuf::from) {
        Some(root) => Session::of(session.loaded, page.io.folder.join(root)),
        None => session,
    };
    let prepared = session.prepare(page.world())?;
    let asked = args.allow_plaintext || allows_plaintext(&session.loaded);
    let made = make(&prepared, asked)?;
    let stream = Stream::new(read(page)?);
    let outcome = stream.transform(&session.loaded.config, made)?;
    report(&prepared, &outcome, page)?;
    hand_on(stream.write(&outcome), page)?;
    end(&outcome, page)
}

/// What became known by writing. Hosts know two endings.
fn end(outcome: &Outcome, page: &mut Page<'_, '_>) -> Ending {
    let written = outcome.take_write_report();
    page.report(&written)?;
    Ok(if written.has_errors() {
        Exit::Differs
    } else {
        Exit::Ok
    })
}

/// The objects, to the host. Most of them are not from the config, and they may rightly hold what a CI
/// service would take for its command, in the text of a script for instance; hosts read them from a
/// pipe. So they go out as they are, and a user who writes them to a log is warned.
fn hand_on<'a>(
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

/// All of stdin; a terminal is read as empty. Among the objects may be Secrets: no message shows a line
/// of them.
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
fn make(prepared: &Prepared, plaintext: bool) -> Result<Vec<Node>, Report> {
    let mut planned = prepared.planned.iter();
    if let Some(file) = planned.find(|file| !file.secrets.is_empty() && !plaintext) {
        let access = file.access.as_deref().unwrap_or_default();
        let message =
            format!("access entry `{access}` would pass a Secret in clear text to the host");
        return Err(Diagnostic::new(Code::PlaintextOutput, message)
            .help(format!("use `delivery: script` or `placeholder`, or allow it by annotating the config with `{}: \"true\"`", krm::ALLOW_PLAINTEXT))
            .into());
    }
    let mut made = Vec::new();
    for file in prepared.render_objects()? {
        let source = Source::new(file.path, file.text.expose()).hiding_all();
        let documents = Document::parse_all(Arc::new(source))?;
        made.extend(
            documents
                .into_iter()
                .map(|one| Node::from(one.into_value())),
        );
    }
    Ok(made)
}

/// What hosts hide, on stderr: all but what was simply done.
fn report(prepared: &Prepared, outcome: &Outcome, page: &mut Page<'_, '_>) -> std::io::Result<()> {
    page.report(&prepared.warnings)?;
    page.report(&outcome.warnings)?;
    let mut found = Report::default();
    for diagnostic in outcome.findings.iter().filter_map(Finding::diagnostic) {
        found.push(diagnostic);
    }
    page.report(&found)
}

/// Puts a script where kustomize looks for the plugin of our kind.
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
