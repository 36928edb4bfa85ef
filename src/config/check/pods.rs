//! Does a pod spec agree with its strategy, its kind, and itself?

use std::collections::BTreeSet;

use serde_json::Value;

use crate::config::Access;
use crate::config::check::{Checker, Parts};
use crate::contract::words::{list, shown};
use crate::diag::{Code, Problem, nearest};
use crate::model::{Container, Workload, WorkloadKind};
use crate::pointer::Pointer;

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    for access in &parts.access {
        let workloads = parts.places(&access.pointer.key("workloads"));
        for (workload, pointer) in access.value.workloads.iter().zip(&workloads) {
            if checker.is_full() {
                return;
            }
            account(&access.value, workload, pointer, checker);
            restart_policy(workload, pointer, checker);
            volumes(parts, workload, pointer, checker);
        }
    }
}

/// The strategy `serviceAccount` decides about the account; with the others it is the user's.
fn account(access: &Access, workload: &Workload, at: &Pointer, checker: &mut Checker<'_>) {
    const FIELD: &str = "serviceAccountName";
    let Some(account) = access.strategy.service_account() else {
        return;
    };
    if workload.pod.get(FIELD).is_some() {
        let message = format!("`{FIELD}` cannot be set: the strategy sets it to `{account}`");
        let pointer = at.key("pod").key(FIELD);
        let problem = Problem::new(Code::GeneratedField, &pointer, message).at_key();
        checker.push(problem.help(format!(
            "remove `{FIELD}`, or change `serviceAccount.name` of access entry `{}`",
            access.name
        )));
    }
}

/// What the API server accepts
/// (<https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy>).
fn restart_policy(workload: &Workload, at: &Pointer, checker: &mut Checker<'_>) {
    let choices: &[&str] = match &workload.kind {
        WorkloadKind::Pod => &["Always", "OnFailure", "Never"],
        WorkloadKind::Job { .. } | WorkloadKind::CronJob { .. } => &["OnFailure", "Never"],
        WorkloadKind::Deployment { .. }
        | WorkloadKind::StatefulSet { .. }
        | WorkloadKind::DaemonSet { .. } => &["Always"],
    };
    let Some(Value::String(policy)) = workload.pod.get("restartPolicy") else {
        return;
    };
    if !choices.contains(&policy.as_str()) {
        let kind = workload.kind.word();
        let message = format!("`{}` is not a restart policy of a {kind}", shown(policy));
        let pointer = at.key("pod").key("restartPolicy");
        let problem = Problem::new(Code::UnknownValue, &pointer, message);
        let one_of = if choices.len() > 1 { "one of " } else { "" };
        checker.push(problem.label(format!("expected {one_of}{}", list(choices))));
    }
}

/// The names in a list of mappings, with the place of each.
fn names<'a>(value: Option<&'a Value>, at: &Pointer) -> Vec<(&'a str, Pointer)> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    let named = items
        .enumerate()
        .filter_map(|(index, item)| Some((item["name"].as_str()?, at.index(index).key("name"))));
    named.collect()
}

/// Each volume is declared once, and each mount has one.
fn volumes(parts: &Parts<'_>, workload: &Workload, at: &Pointer, checker: &mut Checker<'_>) {
    let declared = names(workload.pod.get("volumes"), &at.key("pod").key("volumes"));
    let own = declared
        .iter()
        .map(|(name, pointer)| ((*name).to_owned(), pointer.clone()));
    checker.unique(own, "volume", "give each volume of a pod its own name");
    let mut known: BTreeSet<&str> = declared.iter().map(|(name, _)| *name).collect();
    if let WorkloadKind::StatefulSet { fields, .. } = &workload.kind {
        let claims = fields.get("volumeClaimTemplates").and_then(Value::as_array);
        let claims = claims.into_iter().flatten();
        known.extend(claims.filter_map(|claim| claim["metadata"]["name"].as_str()));
    }
    for (key, containers) in [
        ("initContainers", &workload.init_containers),
        ("containers", &workload.containers),
    ] {
        let places = parts.places(&at.key(key));
        for (container, pointer) in containers.iter().zip(&places) {
            mounts(container, pointer, &known, checker);
        }
    }
}

fn mounts(container: &Container, at: &Pointer, known: &BTreeSet<&str>, checker: &mut Checker<'_>) {
    for field in ["volumeMounts", "volumeDevices"] {
        for (name, pointer) in names(container.fields.get(field), &at.key(field)) {
            if known.contains(name) {
                continue;
            }
            let message = format!("volume `{}` is not declared", shown(name));
            let problem = Problem::new(Code::UnknownValue, &pointer, message);
            let choices: Vec<&str> = known.iter().copied().collect();
            checker.push(match nearest(name, &choices) {
                Some(close) => problem.label(format!("did you mean `{close}`?")),
                None => problem.help("declare it in `pod.volumes` of the workload"),
            });
        }
    }
}
