//! Does each Kubernetes object come from one entry only?

use std::collections::BTreeMap;

use crate::config::check::{Checker, Parts};
use crate::diag::Code;
use crate::pointer::Pointer;
use crate::strategy::Strategy;
use crate::strategy::service_account::params::Mode;

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts, checker: &mut Checker<'_>) {
    let mut owners: BTreeMap<(String, &str, String), (usize, Pointer)> = BTreeMap::new();
    for (index, access) in parts.access.iter().enumerate() {
        let places = parts.places(&access.pointer.key("workloads"));
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
