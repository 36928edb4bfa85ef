//! What the program is measured against, as modes of the runner.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use clap::Parser;
use minijinja::value::Serde;
use minijinja::{Environment, Value};
use pullwright::diag::Report;
use pullwright::document::{self, Reading};
use pullwright::span::Source;
use serde_json::json;

/// A clap program that does nothing.
#[derive(Parser)]
#[command(version)]
struct Nothing {}

/// Runs as a baseline.
pub(crate) fn run(mode: &str, rest: &[&str]) {
    match (mode, rest) {
        ("clap", rest) => drop(Nothing::parse_from(std::iter::once(&"nothing").chain(rest))),
        ("render", [count]) => render(count.parse().expect("a number of namespaces")),
        ("read", [folder]) => read(Path::new(folder)),
        ("parse", []) => {
            let text = std::io::read_to_string(std::io::stdin().lock()).expect("it is text");
            parse(text);
        }
        ("walk", [folder]) => walk(Path::new(folder), &mut |bytes| drop(bytes)),
        ("trees", [folder]) => walk(Path::new(folder), &mut |bytes| {
            parse(String::from_utf8(bytes).expect("it is text"));
        }),
        _ => panic!("unknown mode `{mode}`"),
    }
}

/// The built-in templates of three objects, rendered as they are: no quoting, no reading back.
fn render(namespaces: usize) {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.add_function("again", |_: &str| ".".to_owned());
    for (name, text) in pullwright::render::BUILT_IN {
        environment
            .add_template(name, text)
            .expect("a built-in template is valid");
    }
    let stdout = std::io::stdout();
    let mut out = std::io::BufWriter::new(stdout.lock());
    let containers = json!([{"name": "app", "image": "youruniquename.azurecr.io/app:1.0.0", "command": [], "args": [], "fields": {}}]);
    for number in 0..namespaces {
        let namespace = format!("team-{number:05}");
        for (template, name) in [
            ("secret/secret.yaml.j2", "acr-secret"),
            ("service_account/service-account.yaml.j2", "app"),
            ("workload/pod.yaml.j2", "app"),
        ] {
            let context: BTreeMap<&str, Value> = [
                ("config", Value::from("pullwright.yaml")),
                ("name", Value::from(name)),
                ("namespace", Value::from(namespace.as_str())),
                ("pullSecret", Value::from("acr-secret")),
                ("serviceAccount", Value::from("app")),
                ("placeholder", Value::from(true)),
                ("data", Value::from("e30K")),
                ("labels", Value::from(Serde(json!({})))),
                ("annotations", Value::from(Serde(json!({})))),
                ("podFields", Value::from(Serde(json!({})))),
                ("initContainers", Value::from(Serde(json!([])))),
                ("containers", Value::from(Serde(&containers))),
            ]
            .into_iter()
            .collect();
            let template = environment.get_template(template).expect("it is there");
            let text = template.render(context).expect("it renders");
            out.write_all(text.as_bytes())
                .expect("stdout can be written");
        }
    }
}

/// Reads all files below a folder twice over in memory: once from the disk, once to compare.
fn read(folder: &Path) {
    let mut equal = 0_usize;
    walk(folder, &mut |bytes| {
        equal += usize::from(bytes == bytes.clone());
    });
    assert!(equal > 0);
}

/// Reads all files below a folder, one after the other.
fn walk(folder: &Path, each: &mut dyn FnMut(Vec<u8>)) {
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder)
            .expect("the folder is there")
            .flatten()
        {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                waiting.push(entry.path());
            } else {
                each(std::fs::read(entry.path()).expect("the file is there"));
            }
        }
    }
}

/// The trees of all documents of a text, one after the other, and nothing made of them.
fn parse(text: String) {
    let source = Arc::new(Source::new("stdin", text));
    let mut report = Report::default();
    let all = document::parts(&source);
    let read = all
        .iter()
        .filter_map(|part| document::part(&source, part, Reading::AsKubectl, &mut report));
    assert_eq!(read.count(), all.len());
}
