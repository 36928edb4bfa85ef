//! Does each Kubernetes object come from one entry only?

use std::collections::BTreeMap;

use crate::config::check::{Checker, Parts};
use crate::diag::Code;
use crate::model::{Workload, WorkloadKind};
use crate::pointer::Pointer;
use crate::strategy::Strategy;
use crate::strategy::service_account::params::Mode;

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts, checker: &mut Checker<'_>) {
    let mut owners: BTreeMap<(String, &str, String), (usize, Pointer)> = BTreeMap::new();
    for (index, access) in parts.access.iter().enumerate() {
        let places = parts.places(&access.pointer.key("workloads"));
        for (workload, pointer) in access.value.workloads.iter().zip(&places) {
            cron_job_name(workload, pointer, checker);
        }
        let workloads = access
            .value
            .workloads
            .iter()
            .zip(places)
            .map(|(workload, pointer)| {
                (
                    workload.kind.word(),
                    workload.name.to_string(),
                    pointer.key("name"),
                )
            });
        let mut objects: Vec<(&str, String, Pointer)> = workloads.collect();
        if let Strategy::ServiceAccount(params) = &access.value.strategy {
            let name = params.service_account.name.to_string();
            let pointer = access.pointer.key("serviceAccount").key("name");
            if params.service_account.mode == Mode::Create {
                if name == "default" {
                    let message = "ServiceAccount `default` exists in every namespace";
                    let diagnostic = checker.at(Code::ObjectConflict, &pointer, message);
                    checker.push(
                        diagnostic
                            .help("use `mode: merge` to add the Secret to it, or another name"),
                    );
                }
                objects.push(("ServiceAccount", name, pointer));
            }
        }
        let mut reported: Vec<&Pointer> = Vec::new();
        for namespace in &access.value.namespaces {
            for (kind, name, pointer) in &objects {
                let key = (namespace.to_string(), *kind, name.clone());
                if let Some((owner, _)) = owners.get(&key) {
                    // Once for all namespaces.
                    if reported.contains(&pointer) {
                        continue;
                    }
                    reported.push(pointer);
                    let other = &parts.access[*owner].value.name;
                    let message =
                        format!("{kind} `{name}` in namespace `{namespace}` is made twice");
                    let first = if *owner == index {
                        "earlier in this entry".to_owned()
                    } else {
                        format!("first by access entry `{other}`")
                    };
                    let diagnostic = checker.at(Code::ObjectConflict, pointer, message);
                    checker.push(
                        diagnostic
                            .label(first)
                            .help("let one entry make it, under one name"),
                    );
                    continue;
                }
                owners.insert(key, (index, pointer.clone()));
            }
        }
    }
}

/// The controller adds eleven characters for each Job (Kubernetes docs, "CronJob").
fn cron_job_name(workload: &Workload, pointer: &Pointer, checker: &mut Checker<'_>) {
    const MOST: usize = 52;
    let length = workload.name.as_str().len();
    if matches!(workload.kind, WorkloadKind::CronJob { .. }) && (MOST + 1..=63).contains(&length) {
        let message =
            format!("the name of a CronJob has at most {MOST} characters, this one {length}");
        let diagnostic = checker.at(Code::InvalidName, &pointer.key("name"), message);
        checker.push(
            diagnostic.help("Kubernetes adds the time to it for each Job: choose a shorter one"),
        );
    }
}
