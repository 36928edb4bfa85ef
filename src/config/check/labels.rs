//! Are the keys of labels and annotations valid, and left to pullwright where it sets them?

use std::collections::BTreeMap;

use crate::config::check::{Checker, Parts, pull_secret};
use crate::diag::{Code, Problem};
use crate::model::WorkloadKind;
use crate::names::QualifiedName;
use crate::pointer::Pointer;

/// Labels that pullwright sets on workloads, and selects pods by.
const NAME: &[&str] = &["app.kubernetes.io/name"];
/// Labels that pullwright sets on Secrets and accounts, and recognizes them by.
const MANAGED_BY: &[&str] = &["app.kubernetes.io/managed-by"];

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    for access in &parts.access {
        if checker.is_full() {
            return;
        }
        let workloads = parts.places(&access.pointer.key("workloads"));
        for (workload, at) in access.value.workloads.iter().zip(&workloads) {
            keys(&workload.labels, &at.key("labels"), NAME, checker);
            keys(&workload.annotations, &at.key("annotations"), &[], checker);
            let of_pods = [
                ("podLabels", workload.pod_labels.is_empty()),
                ("podAnnotations", workload.pod_annotations.is_empty()),
            ];
            for (key, _) in of_pods.iter().filter(|(_, is_empty)| !is_empty) {
                if matches!(workload.kind, WorkloadKind::Pod) {
                    let message = format!("a Pod has no `{key}`: it has no template");
                    let own = key.trim_start_matches("pod").to_lowercase();
                    let problem = Problem::new(Code::UnknownKey, &at.key(key), message).at_key();
                    checker.push(problem.help(format!("use `{own}`")));
                }
            }
            keys(&workload.pod_labels, &at.key("podLabels"), NAME, checker);
            keys(
                &workload.pod_annotations,
                &at.key("podAnnotations"),
                &[],
                checker,
            );
        }
        if let Some(secret) = pull_secret(&access.value) {
            let at = access.pointer.key("secret");
            keys(&secret.labels, &at.key("labels"), MANAGED_BY, checker);
            keys(&secret.annotations, &at.key("annotations"), &[], checker);
        }
        let Some(account) = access.value.strategy.account() else {
            continue;
        };
        let at = access.pointer.key("serviceAccount");
        keys(&account.labels, &at.key("labels"), MANAGED_BY, checker);
        keys(&account.annotations, &at.key("annotations"), &[], checker);
        let has = [
            ("labels", account.labels.is_empty()),
            ("annotations", account.annotations.is_empty()),
        ];
        for (key, _) in has.iter().filter(|(_, is_empty)| !is_empty) {
            if !account.mode.makes_account() {
                let message = format!(
                    "`{key}` of ServiceAccount `{}` cannot be set: with `mode: merge` it is managed elsewhere",
                    account.name
                );
                let problem = Problem::new(Code::GeneratedField, &at.key(key), message).at_key();
                checker.push(problem.help(format!("remove `{key}`, or use `mode: create`")));
            }
        }
    }
}

/// The keys of one mapping.
fn keys<T>(
    mapping: &BTreeMap<String, T>,
    at: &Pointer,
    generated: &[&str],
    checker: &mut Checker<'_>,
) {
    for key in mapping.keys() {
        let pointer = at.key(key);
        if generated.contains(&key.as_str()) {
            let message = format!("label `{key}` cannot be set: pullwright sets it");
            let problem = Problem::new(Code::GeneratedField, &pointer, message).at_key();
            checker.push(problem.label("remove it"));
        } else if let Err(fault) = QualifiedName::parse(key) {
            let shown: String = key.chars().take(80).collect();
            let message = format!(
                "`{shown}` is not a valid {}: {}",
                QualifiedName::RULE.noun,
                fault.why
            );
            let problem = Problem::new(Code::InvalidName, &pointer, message).at_key();
            checker
                .push(problem.label(format!("for example `{}`", QualifiedName::RULE.examples[0])));
        }
    }
}
