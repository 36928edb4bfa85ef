//! `explain KIND/NAME`: the chain from each image of an object to its credential.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::audit::chain::{Chain, Step, chains};
use crate::audit::facts::{PodFacts, Spot};
use crate::audit::resolve::World;
use crate::cli::Exit;
use crate::cli::args::{Explain, PageFormat};
use crate::cli::audit::inputs::Inputs;
use crate::cli::audit::{Gathered, now};
use crate::cli::explain::VERSION;
use crate::cli::page::{Ending, Page};
use crate::diag::{Code, Diagnostic, Severity, nearest};
use crate::manifest::Identity;
use crate::mask;

/// Prints the chains of the pods of one object.
pub(super) fn explain(name: &str, args: &Explain, page: &mut Page<'_, '_>) -> Ending {
    let (kind, name) = split(name)?;
    let Gathered {
        inputs, knowledge, ..
    } = Gathered::read(&args.paths, &args.reading, page)?;
    let namespace = args.reading.namespace.as_deref();
    let pods: Vec<&PodFacts> = inputs
        .facts
        .pods
        .iter()
        .filter(|pod| is_meant(pod, kind, name, namespace))
        .collect();
    if pods.is_empty() {
        return Err(unknown(kind, name, &inputs).into());
    }
    let world = World::new(&inputs.facts, now());
    let all: Vec<(&PodFacts, Vec<Chain>)> = pods
        .iter()
        .map(|pod| (*pod, chains(pod, &world, &knowledge)))
        .collect();
    match args.format {
        PageFormat::Text => {
            let text: String = all
                .iter()
                .map(|(pod, chains)| tree(pod, chains, &inputs))
                .collect();
            let lines = text.lines().map(|line| mask::names(line) + "\n");
            let text: String = lines.collect();
            page.text(&text)?;
        }
        PageFormat::Json => {
            let pods: Value = all
                .iter()
                .map(|(pod, chains)| to_json(pod, chains, &inputs))
                .collect();
            page.json(&json!({"version": VERSION, "pods": mask::json(pods)}))?;
        }
    }
    let fails = all.iter().flat_map(|(_, chains)| chains).any(is_failure);
    Ok(if fails { Exit::Differs } else { Exit::Ok })
}

fn is_failure(chain: &Chain) -> bool {
    let code = chain.judgement.verdict.code();
    code.is_some_and(|code| code.severity() == Severity::Error)
}

/// `Deployment/web`, as kubectl names objects; the kind in any case.
fn split(name: &str) -> Result<(&str, &str), Diagnostic> {
    let split = name.split_once('/');
    split
        .filter(|(kind, name)| !kind.is_empty() && !name.is_empty())
        .ok_or_else(|| {
            let message = format!("`{name}` is not of the form KIND/NAME");
            Diagnostic::new(Code::Usage, message)
                .help("name an object, for example `pullwright explain Deployment/web`, or a code: `pullwright explain rule CODE`")
        })
}

fn is_meant(pod: &PodFacts, kind: &str, name: &str, namespace: Option<&str>) -> bool {
    let identity = &pod.object.identity;
    let own = identity.kind.to_ascii_lowercase();
    let kind = kind.to_ascii_lowercase();
    let is_kind = own == kind || format!("{own}s") == kind || SHORT.contains(&(&*kind, &*own));
    let is_namespace = namespace.is_none_or(|wanted| {
        identity
            .namespace
            .as_deref()
            .is_none_or(|own| own == wanted)
    });
    is_kind && identity.name == name && is_namespace
}

/// The short names of kubectl (`kubectl api-resources`).
const SHORT: &[(&str, &str)] = &[
    ("po", "pod"),
    ("deploy", "deployment"),
    ("ds", "daemonset"),
    ("sts", "statefulset"),
    ("rs", "replicaset"),
    ("rc", "replicationcontroller"),
    ("cj", "cronjob"),
];

/// No such object; the namespace that it is in instead, or a name like it.
fn unknown(kind: &str, name: &str, inputs: &Inputs) -> Diagnostic {
    let message = format!("no object with pods is called `{kind}/{name}`");
    let diagnostic = Diagnostic::new(Code::Usage, message);
    let pods = inputs.facts.pods.iter();
    let mut elsewhere = pods.clone().filter(|pod| is_meant(pod, kind, name, None));
    if let Some(namespace) = elsewhere.find_map(|pod| pod.object.identity.namespace.as_ref()) {
        return diagnostic.help(format!("it is in namespace `{namespace}`"));
    }
    let all = pods.map(|pod| {
        let identity = &pod.object.identity;
        format!("{}/{}", identity.kind, identity.name)
    });
    let all: Vec<String> = all.collect();
    let names: Vec<&str> = all.iter().map(String::as_str).collect();
    match nearest(&format!("{kind}/{name}"), &names) {
        Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
        None => diagnostic
            .help("pass the files with the object, and --namespace if it is not the only one"),
    }
}

/// `k8s/app.yaml:4:9`
pub(in crate::cli) fn at(spot: Spot, inputs: &Inputs) -> String {
    inputs.texts.place(spot).map_or_else(String::new, |place| {
        let at = place.source.line_column(place.span.start);
        format!("{}:{}:{}", place.source.name, at.line, at.column)
    })
}

fn tree(pod: &PodFacts, chains: &[Chain], inputs: &Inputs) -> String {
    let mut out = String::new();
    let object = &pod.object;
    let _ = writeln!(out, "{}  {}", object.identity, at(object.spot, inputs));
    for (index, chain) in chains.iter().enumerate() {
        let is_last = index + 1 == chains.len();
        let (branch, bar) = if is_last {
            ("└─", "  ")
        } else {
            ("├─", "│ ")
        };
        let Some(image) = pod.images.get(chain.image) else {
            continue;
        };
        let container = image
            .container
            .as_deref()
            .map_or_else(String::new, |name| format!(" ({name})"));
        let _ = writeln!(
            out,
            "{branch} {}{container}  {}",
            image.text,
            at(image.spot, inputs)
        );
        if chain.judgement.host.is_some() {
            let _ = writeln!(out, "{bar} ├─ pull secrets: {}", chain.list);
            for step in &chain.steps {
                let _ = writeln!(out, "{bar} │  {}", step_line(step, inputs));
            }
            let _ = writeln!(out, "{bar} ├─ then: {}", chain.node);
        }
        let _ = writeln!(out, "{bar} └─ {}", end(chain));
        if let Some(finding) = &chain.judgement.finding {
            for help in &finding.help {
                let _ = writeln!(out, "{bar}    help: {help}");
            }
        }
    }
    out
}

fn step_line(step: &Step, inputs: &Inputs) -> String {
    let mark = match (step.is_hidden, step.serves) {
        (true, _) => "hidden:",
        (false, true) => "✓",
        (false, false) => "✗",
    };
    let made = step.made.map_or_else(String::new, |(maker, spot)| {
        format!(" ({maker}, {})", at(spot, inputs))
    });
    format!(
        "{mark} `{}`  {}: {}{made}",
        step.name,
        at(step.spot, inputs),
        step.effect
    )
}

fn end(chain: &Chain) -> String {
    let verdict = chain.judgement.verdict;
    match &chain.judgement.finding {
        None => format!("can pull: {}", verdict.word()),
        Some(finding) => {
            let is_error = verdict
                .code()
                .is_some_and(|code| code.severity() == Severity::Error);
            let word = if is_error {
                "cannot pull"
            } else {
                "cannot be decided"
            };
            format!("{word}: {} ({})", verdict.word(), finding.message)
        }
    }
}

fn to_json(pod: &PodFacts, chains: &[Chain], inputs: &Inputs) -> Value {
    let images = chains.iter().map(|chain| image_to_json(pod, chain, inputs));
    json!({
        "object": object_to_json(&pod.object.identity),
        "at": at(pod.object.spot, inputs),
        "images": images.collect::<Value>(),
    })
}

/// What an object is called.
pub(in crate::cli) fn object_to_json(identity: &Identity) -> Value {
    json!({"apiVersion": identity.api_version, "kind": identity.kind, "name": identity.name, "namespace": identity.namespace})
}

/// An image of a pod, with its chain.
pub(in crate::cli) fn image_to_json(pod: &PodFacts, chain: &Chain, inputs: &Inputs) -> Value {
    let image = pod.images.get(chain.image);
    json!({
        "image": image.map(|image| &image.text),
        "container": image.and_then(|image| image.container.as_ref()),
        "at": image.map(|image| at(image.spot, inputs)),
        "host": chain.judgement.host,
        "list": chain.list,
        "secrets": chain.steps.iter().map(|step| json!({
            "name": step.name,
            "at": at(step.spot, inputs),
            "serves": step.serves,
            "hidden": step.is_hidden,
            "effect": step.effect,
            "createdBy": step.made.map(|(maker, spot)| json!({"what": maker, "at": at(spot, inputs)})),
        })).collect::<Value>(),
        "then": chain.node,
        "verdict": chain.judgement.verdict.word(),
        "message": chain.judgement.finding.as_ref().map(|finding| &finding.message),
        "help": chain.judgement.finding.as_ref().map_or(&[] as &[String], |finding| &finding.help),
    })
}
