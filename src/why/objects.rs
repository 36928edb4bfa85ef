//! Messages out of objects of Kubernetes: events, and the status of pods.

use std::sync::Arc;

use serde_json::Value;

use crate::diag::Report;
use crate::document::{self, Data, Node, Reading};
use crate::span::Source;
use crate::why::message::{self, Message};
use crate::why::subject::Pod;

/// The lists of a pod's status that tell of containers
/// (<https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus>).
const STATUSES: &[&str] = &[
    "initContainerStatuses",
    "containerStatuses",
    "ephemeralContainerStatuses",
];

/// What a text holds of events and pods.
pub(super) enum Objects {
    /// It is objects alone: these are all messages.
    Whole(Vec<Message>),
    /// Some of it cannot be read, or is something else.
    Partly(Vec<Message>),
}

/// The messages of all events and pods in a text. Elements of a list are dropped one by one, and those
/// before a mistake in YAML count; JSON is read whole or not at all.
pub(super) fn messages(text: &str) -> Objects {
    let is_key = |line: &str| line.starts_with("kind:") || line.starts_with("apiVersion:");
    if !text.trim_start().starts_with('{') && !text.lines().any(is_key) {
        return Objects::Partly(Vec::new());
    }
    let source = Arc::new(Source::new("input", text).hiding_all());
    let mut report = Report::default();
    let mut messages = Vec::new();
    let mut count = 0;
    for part in document::parts(&source) {
        let mut take = |_, object: Node| {
            count += usize::from(of_object(&object, &mut messages));
            None
        };
        let reading = Reading::AsKubectl;
        let root = document::stream_items(&source, &part, reading, &mut take, &mut report);
        if let Some(root) = root {
            count += usize::from(of_object(&root, &mut messages));
        }
    }
    if count > 0 && !report.has_errors() {
        Objects::Whole(messages)
    } else {
        Objects::Partly(messages)
    }
}

/// Takes the messages of an object, if it is an event or a pod.
fn of_object(object: &Node, messages: &mut Vec<Message>) -> bool {
    match string(object, "kind") {
        Some("Pod") => of_pod(object, messages),
        Some("Event") => messages.extend(of_event(object)),
        _ => return false,
    }
    true
}

/// The events API has `regarding` and `note` where the core one has `involvedObject` and `message`.
fn of_event(event: &Node) -> Option<Message> {
    let (object, text) = match field(event, "involvedObject") {
        Some(object) => (Some(object), string(event, "message")),
        None => (field(event, "regarding"), string(event, "note")),
    };
    let reason = string(event, "reason");
    let pod = object
        .filter(|object| string(object, "kind").is_none_or(|kind| kind == "Pod"))
        .and_then(pod);
    Some(Message {
        text: told(reason, text)?,
        pod,
        image: None,
    })
}

fn of_pod(node: &Node, messages: &mut Vec<Message>) {
    let pod = field(node, "metadata").and_then(pod);
    let Some(status) = field(node, "status") else {
        return;
    };
    for list in STATUSES {
        for container in items(field(status, list)) {
            let waiting = field(container, "state").and_then(|state| field(state, "waiting"));
            let Some(waiting) = waiting else {
                continue;
            };
            let (reason, text) = (string(waiting, "reason"), string(waiting, "message"));
            messages.extend(told(reason, text).map(|text| Message {
                text,
                pod: pod.clone(),
                image: string(container, "image").map(str::to_owned),
            }));
        }
    }
}

/// The pod of a mapping with `namespace` and `name`.
fn pod(node: &Node) -> Option<Pod> {
    Some(Pod {
        namespace: string(node, "namespace").map(str::to_owned),
        name: string(node, "name")?.to_owned(),
    })
}

/// A reason and a message as one line; a message may quote JSON.
fn told(reason: Option<&str>, text: Option<&str>) -> Option<String> {
    match (reason, text.map(message::unescaped)) {
        (Some(reason), Some(text)) => Some(format!("{reason}: {text}")),
        (reason, text) => reason.map(str::to_owned).or(text),
    }
}

fn field<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    match &node.data {
        Data::Mapping(entries) => {
            let entry = entries.iter().find(|entry| entry.key == key)?;
            Some(&entry.value)
        }
        Data::Scalar(_) | Data::Sequence(_) => None,
    }
}

fn string<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    match &field(node, key)?.data {
        Data::Scalar(Value::String(text)) => Some(text),
        Data::Scalar(_) | Data::Mapping(_) | Data::Sequence(_) => None,
    }
}

fn items(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.data) {
        Some(Data::Sequence(items)) => items,
        Some(Data::Scalar(_) | Data::Mapping(_)) | None => &[],
    }
}
