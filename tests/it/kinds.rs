//! The model of an object of each kind, as text: pods, images, pull secrets, accounts.

use std::fmt::Write;
use std::time::{Duration, Instant};

use pullwright::document::Node;
use pullwright::manifest::{
    Kinds, Object, Pod, PullSecrets, objects_of, unmapped_images, wrong_shapes,
};
use pullwright::pointer::Pointer;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{fresh, source};

fn view(object: &Object<'_>, kinds: &Kinds, text: &mut String) {
    let identity = &object.identity;
    let place = if object.pointer == Pointer::root() {
        String::new()
    } else {
        format!(" at {}", object.pointer)
    };
    writeln!(text, "{} {identity}{place}", identity.api_version).expect("it is memory");
    let mut line = |depth: usize, words: String| {
        writeln!(text, "{}{words}", "  ".repeat(depth)).expect("it is memory");
    };
    match Pod::all(object, kinds) {
        Some(pods) => {
            for pod in pods {
                line(1, format!("pod {}", pod.at));
                for (pointer, image) in &pod.images {
                    line(2, format!("image {pointer}: {image}"));
                }
                let at = pod.secrets_at.as_ref().map(Pointer::to_string);
                let there = match &pod.pull_secrets {
                    PullSecrets::List(all) => format!("{all:?}"),
                    PullSecrets::NotAList => "not a list".to_owned(),
                };
                let at = at.unwrap_or_else(|| "no field".to_owned());
                line(2, format!("pull secrets {at} {:?} {there}", pod.shape));
                let at = pod.account_at.as_ref().map(Pointer::to_string);
                let at = at.unwrap_or_else(|| "no field".to_owned());
                line(
                    2,
                    format!("account {at}: {}", pod.account_name.unwrap_or("unknown")),
                );
                let by = pod
                    .identity_at
                    .as_ref()
                    .map(|at| format!(", identity by {at}"));
                line(
                    2,
                    format!("pulled by {:?}{}", pod.puller, by.unwrap_or_default()),
                );
            }
        }
        None => {
            for unmapped in unmapped_images(identity, object.node) {
                line(
                    1,
                    format!("unmapped image {}: {}", unmapped.at, unmapped.image),
                );
            }
        }
    }
    for wrong in wrong_shapes(object.node, identity, kinds) {
        line(1, format!("`{}` {wrong}", wrong.pointer));
    }
}

fn documents(text: &str) -> Vec<Node> {
    serde_yaml::Deserializer::from_str(text)
        .map(|one| Node::from(Value::deserialize(one).expect("it is YAML")))
        .collect()
}

#[test]
fn each_kind_has_the_expected_model() {
    let kinds = Kinds::with(Vec::new());
    let mut text = String::new();
    for document in documents(&source("tests/cases/kinds/objects.yaml")) {
        for object in objects_of(&document, None, &kinds) {
            view(&object, &kinds, &mut text);
        }
    }
    fresh("tests/cases/kinds/view.txt", &text);
}

/// Values that many pods of one object share are neither copied nor looked up for each of them: with 20,000
/// of both, that would be 400 million operations.
#[test]
fn an_object_with_many_pods_is_read_in_linear_time() {
    const MANY: usize = 20_000;
    let many = |element: fn(usize) -> Value| (0..MANY).map(element).collect::<Value>();
    let run = json!({
        "apiVersion": "tekton.dev/v1", "kind": "PipelineRun",
        "spec": {
            "pipelineSpec": {"tasks": many(
                |at| json!({"name": format!("t{at}"), "taskSpec": {"steps": [{"image": "r.io/x"}]}}),
            )},
            "taskRunSpecs": many(|at| json!({"pipelineTaskName": format!("t{at}")})),
        },
    });
    let workflow = json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow",
        "spec": {
            "templates": many(|_| json!({"container": {"image": "r.io/x"}})),
            "volumes": many(|_| json!({"image": {"reference": "r.io/x"}})),
            "imagePullSecrets": many(|_| json!({"name": 1})),
        },
    });
    let kinds = Kinds::with(Vec::new());
    let start = Instant::now();
    for (object, pods, wrong) in [(run, MANY + 1, 0), (workflow, MANY + 1, MANY)] {
        let node = Node::from(object);
        for object in objects_of(&node, None, &kinds) {
            let found = Pod::all(&object, &kinds).expect("it is known");
            assert_eq!(found.len(), pods);
            let found = wrong_shapes(object.node, &object.identity, &kinds);
            assert_eq!(found.len(), wrong);
        }
    }
    assert!(start.elapsed() < Duration::from_secs(60));
}

/// `docs/kinds.md`, generated from the table.
#[test]
fn the_list_of_kinds_is_up_to_date() {
    let mut text = String::from(
        "# Supported kinds\n\nGenerated. `fn` adds pull access to these kinds, each at its own paths, in any version of their API group.\nDeclare other kinds in `spec.kinds` of the config.\n\n| API group | kinds | fields |\n|---|---|---|\n",
    );
    let mut rows: Vec<(String, String, Vec<String>)> = Vec::new();
    for kind in Kinds::with(Vec::new()).iter() {
        let link = kind.link.unwrap_or_default().to_owned();
        let known = rows
            .iter_mut()
            .find(|(group, of, _)| (group, of) == (&kind.group, &link));
        match known {
            Some((_, _, kinds)) => kinds.push(kind.kind.clone()),
            None => rows.push((kind.group.clone(), link, vec![kind.kind.clone()])),
        }
    }
    for (group, link, kinds) in rows {
        let group = if group.is_empty() { "core" } else { &group };
        let group = group.replace('*', "\\*");
        let kinds = kinds.join(", ");
        // Kinds that only contain nested objects have no pods of their own.
        let place = match link.as_str() {
            "" => "the nested objects".to_owned(),
            link => {
                let host = link.split('/').nth(2).unwrap_or(link);
                format!("[{host}]({link})")
            }
        };
        writeln!(text, "| {group} | {kinds} | {place} |").expect("it is memory");
    }
    fresh("docs/kinds.md", &text);
}
