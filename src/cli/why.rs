//! `why`: why a pod cannot pull, from the error text of Kubernetes, and what manifests say about it.

mod related;

use serde_json::{Value, json};

use crate::audit::resolve::World;
use crate::clean;
use crate::cli::Exit;
use crate::cli::args::{PageFormat, Reading, Why};
use crate::cli::audit::inputs::Inputs;
use crate::cli::audit::{Gathered, now};
use crate::cli::batch;
use crate::cli::page::{Ending, Page, Paint, Stop, count};
use crate::diag::{Code, Diagnostic, Severity};
use crate::disk::input::{self, Beginning};
use crate::why::manifests::{Manifests, Related};
use crate::why::{self, Failure, Pod};

/// The version of the JSON that is printed: it changes when a field changes its meaning or is removed.
const VERSION: u32 = 1;
/// How messages name stdin.
const STDIN: &str = "<stdin>";
/// More pods than this are counted.
const MAX_PODS: usize = 3;

pub(super) fn run(args: &Why, page: &mut Page<'_, '_>) -> Ending {
    let ending = explain(args, page);
    batch::ended(ending, args.format.into(), page)
}

fn explain(args: &Why, page: &mut Page<'_, '_>) -> Ending {
    check(args)?;
    let Beginning { text, is_cut } = read(args, page)?;
    if is_cut {
        let limit = why::MAX_BYTES / 1024 / 1024;
        let rest =
            format!("only the first {limit} MiB were read; pass the events of one pod instead");
        page.note(Paint::Yellow, "warning:", &rest)?;
    }
    let failures = why::read(&text);
    let gathered = gather(args, page)?;
    let inputs = gathered.as_ref().map(|gathered| &gathered.inputs);
    let world = inputs.map(|inputs| World::new(&inputs.facts, now()));
    let manifests = gathered.as_ref().zip(world.as_ref());
    let manifests = manifests.map(|(gathered, world)| {
        Manifests::new(&gathered.inputs.facts, world, &gathered.knowledge)
    });
    let related = |failure| Some((manifests.as_ref()?.related(failure), inputs?));
    match args.format {
        PageFormat::Json => {
            let all = failures.iter().map(|one| to_json(one, related(one)));
            let all: Vec<Value> = all.collect();
            page.json(&json!({"version": VERSION, "truncated": is_cut, "failures": all}))?;
        }
        PageFormat::Text => {
            for (at, failure) in failures.iter().enumerate() {
                print(at, failure, related(failure), page)?;
            }
        }
    }
    if !failures.is_empty() {
        return Ok(Exit::Ok);
    }
    let rest = "no cause of a failed pull was recognized";
    page.note(Paint::Yellow, "warning:", rest)?;
    let rest = "pass the events of the pod: kubectl describe pod POD --namespace NAMESPACE | pullwright why";
    page.note(Paint::Cyan, "help:", rest)?;
    Ok(Exit::Differs)
}

/// Whether the arguments fit each other.
fn check(args: &Why) -> Result<(), Diagnostic> {
    let is_stdin = |path: &std::path::PathBuf| path.as_os_str() == "-";
    if is_stdin(&args.file) && args.paths.iter().any(is_stdin) {
        let message = "`-` is both the text to explain and the manifests";
        return Err(Diagnostic::new(Code::Usage, message).help(
            "pass the text as a file: `kubectl get pods -A -o yaml | pullwright why FILE -`",
        ));
    }
    let Reading {
        namespace,
        target,
        policy,
        remote,
    } = &args.reading;
    let flags = [
        ("--namespace", namespace.is_some()),
        ("--target", target.is_some()),
        ("--policy", policy.is_some()),
        ("--remote", *remote),
    ];
    match flags.iter().find(|(_, is_set)| *is_set) {
        Some((flag, _)) if args.paths.is_empty() => {
            let message = format!("`{flag}` is about manifests, and no PATH is given");
            Err(Diagnostic::new(Code::Usage, message).help(
                "pass them after the text: `kubectl describe pod POD | pullwright why - PATH`",
            ))
        }
        Some(_) | None => Ok(()),
    }
}

/// Reads the manifests, if there are paths; a note says what could not be read.
fn gather(args: &Why, page: &mut Page<'_, '_>) -> Result<Option<Gathered>, Stop> {
    if args.paths.is_empty() {
        return Ok(None);
    }
    let gathered = Gathered::read(&args.paths, &args.reading, page)?;
    let unread = gathered.report.count(Severity::Error) + gathered.report.count(Severity::Warning);
    if unread > 0 {
        let problems = count(unread, "problem");
        let rest = format!("{problems} in the manifests; list them with `pullwright audit`");
        page.note(Paint::Yellow, "warning:", &rest)?;
    }
    Ok(Some(gathered))
}

fn read(args: &Why, page: &mut Page<'_, '_>) -> Result<Beginning, Diagnostic> {
    let is_stdin = args.file.as_os_str() == "-";
    let shown = if is_stdin {
        STDIN.to_owned()
    } else {
        args.file.display().to_string()
    };
    let beginning = if !is_stdin {
        let path = page.io.folder.join(&args.file);
        input::open_beginning(&path, why::MAX_BYTES, &shown)?
    } else if page.io.terminals[0] {
        Beginning {
            text: String::new(),
            is_cut: false,
        }
    } else {
        input::read_beginning(&mut page.io.stdin, why::MAX_BYTES, &shown)?
    };
    if beginning.text.trim().is_empty() {
        let message = format!("`{shown}` contains no text");
        return Err(Diagnostic::new(Code::Unreadable, message)
            .help("run `kubectl describe pod POD --namespace NAMESPACE | pullwright why`"));
    }
    Ok(beginning)
}

/// A block for people.
fn print(
    at: usize,
    failure: &Failure,
    related: Option<(Related<'_>, &Inputs)>,
    page: &mut Page<'_, '_>,
) -> std::io::Result<()> {
    if at > 0 {
        page.text("\n")?;
    }
    let id = format!("{}:", failure.cause.id());
    let summary = match &failure.registry {
        Some(registry) => format!("{} ({registry})", failure.cause.summary()),
        None => failure.cause.summary().to_owned(),
    };
    page.line(Paint::Red, &id, &summary)?;
    let mut row = |name: &str, value: &str| {
        let name = if name.is_empty() {
            String::new()
        } else {
            format!("{name}:")
        };
        page.text(&format!("  {name:9} {}\n", clean::line(value)))
    };
    if !failure.pods.is_empty() {
        row("pod", &pods(&failure.pods))?;
    }
    for (name, value) in [
        ("image", &failure.image),
        ("host", &failure.address),
        ("client", &failure.client),
    ] {
        if let Some(value) = value {
            row(name, value)?;
        }
    }
    if !failure.secrets.is_empty() {
        row("secret", &failure.secrets.join(", "))?;
    }
    row("cause", failure.cause.explanation())?;
    if let Some(detail) = &failure.detail {
        row("", detail)?;
    }
    if failure.is_azure() == Some(false) {
        let rest = "the host is not a container registry of Azure: steps for those are left out";
        row("", rest)?;
    }
    if let Some((related, inputs)) = related {
        for (name, value) in related::rows(failure, &related, inputs) {
            row(name, &value)?;
        }
    }
    for (at, step) in failure.steps().iter().enumerate() {
        row(if at == 0 { "do" } else { "" }, &step.text)?;
        if let Some(command) = &step.command {
            row("", &format!("$ {command}"))?;
        }
    }
    row("seen", &failure.seen)
}

/// A few pods by name, and the count of the others.
fn pods(all: &[Pod]) -> String {
    let name = |pod: &Pod| match &pod.namespace {
        Some(namespace) => format!("{namespace}/{}", pod.name),
        None => pod.name.clone(),
    };
    let shown: Vec<String> = all.iter().take(MAX_PODS).map(name).collect();
    match all.len().saturating_sub(MAX_PODS) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn to_json(failure: &Failure, related: Option<(Related<'_>, &Inputs)>) -> Value {
    let pod = |pod: &Pod| json!({"namespace": pod.namespace, "name": pod.name});
    let steps = failure.steps();
    let step = |step: &why::Step| json!({"text": step.text, "command": step.command});
    json!({
        "cause": failure.cause.id(),
        "summary": failure.cause.summary(),
        "explanation": failure.cause.explanation(),
        "detail": failure.detail,
        "registry": failure.registry,
        "isAzure": failure.is_azure(),
        "image": failure.image,
        "pods": failure.pods.iter().map(pod).collect::<Vec<Value>>(),
        "host": failure.address,
        "client": failure.client,
        "secrets": failure.secrets,
        "steps": steps.iter().map(step).collect::<Vec<Value>>(),
        "seen": failure.seen,
        "manifests": related.map(|(related, inputs)| related::to_json(failure, &related, inputs)),
    })
}
