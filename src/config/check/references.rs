//! Does everything that is named exist, once, and where a script can find it?

use std::collections::{BTreeMap, HashSet};

use crate::config::Access;
use crate::config::check::{Checker, Parts, Placed};
use crate::contract::words::list;
use crate::diag::{Code, Problem, Safety};
use crate::document::quote::string;
use crate::model::{Cloud, Cluster, Registry};
use crate::names::{RegistryName, azure};
use crate::pointer::Pointer;
use crate::strategy::capability::Scripts;

/// Scripts for two clusters of one context would act on one cluster, and nothing compares them.
fn contexts(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    let mut first: BTreeMap<&str, &Placed<Cluster>> = BTreeMap::new();
    for cluster in &parts.clusters {
        let context = cluster.value.context();
        let Some(other) = first.get(context) else {
            first.insert(context, cluster);
            continue;
        };
        // Two of one name have a message of their own.
        if other
            .value
            .name
            .as_str()
            .eq_ignore_ascii_case(cluster.value.name.as_str())
        {
            continue;
        }
        let name = |one: &Placed<Cluster>| one.pointer.key("name");
        let message = format!(
            "clusters `{}` and `{}` have the same kubectl context `{context}`",
            other.value.name, cluster.value.name
        );
        let problem = Problem::new(Code::Duplicate, &name(cluster), message);
        checker.push(
            problem
                .related(&name(other), "first one here")
                .help("declare each cluster once, or set `context`"),
        );
    }
}

/// A config has registries of its own, or inventories with some.
fn has_registries(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    let spec = Pointer::root().key("spec");
    let list = spec.key("registries");
    let mapping = &parts.repaired["spec"];
    let is_other_file = checker.wrong.contains(&Pointer::root().key("kind"));
    if !mapping.is_object()
        || is_other_file
        || parts.misses_included()
        || checker.wrong.contains(&list)
    {
        return;
    }
    match mapping["registries"].as_array() {
        Some(registries) if !registries.is_empty() => {}
        Some(_) => {
            let message = "`spec.registries` must not be empty";
            let problem = Problem::new(Code::OutOfRange, &list, message);
            checker.push(problem.label("at least one element is required"));
        }
        None => {
            let message = "`registries` is missing in `spec`";
            let problem = Problem::new(Code::MissingKey, &spec, message).at_key();
            checker.push(problem.help(
                "add it, for example `registries: [{name: youruniquename}]`, or `include` an inventory",
            ));
        }
    }
}

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts, checker: &mut Checker<'_>) {
    let name = |pointer: &Pointer| pointer.key("name");
    has_registries(parts, checker);
    let registries = parts
        .registries
        .iter()
        .map(|one| (one.value.name.to_string(), name(&one.pointer)));
    checker.unique(registries, "registry", "declare each registry once");
    let clusters = parts
        .clusters
        .iter()
        .map(|one| (one.value.name.to_string(), name(&one.pointer)));
    checker.unique(
        clusters,
        "cluster",
        "declare each cluster once; Azure compares names without case",
    );
    contexts(parts, checker);
    let access = parts
        .access
        .iter()
        .map(|one| (one.value.name.to_string(), name(&one.pointer)));
    checker.unique(
        access,
        "access entry",
        "give each entry a unique name: it is also its output directory",
    );
    let hosts = parts
        .registries
        .iter()
        .map(|one| (one.value.host(), name(&one.pointer)));
    checker.unique(
        hosts,
        "login server",
        "two registries cannot share a login server",
    );
    for registry in &parts.registries {
        login_server(registry, checker);
    }
    for access in &parts.access {
        if checker.is_full() {
            return;
        }
        lists(access, parts, checker);
        targets(access, parts, checker);
    }
}

/// A login server begins with the registry's name and ends with its cloud's suffix
/// (`--dnl-scope` in <https://learn.microsoft.com/cli/azure/acr#az-acr-create>).
fn login_server(registry: &Placed<Registry>, checker: &mut Checker<'_>) {
    let Some(server) = &registry.value.login_server else {
        return;
    };
    // A suggestion must not be made of what is wrong itself.
    if (RegistryName::RULE.check)(registry.value.name.as_str()).is_err() {
        return;
    }
    let host = azure::host_of(server.as_str());
    let pointer = registry.pointer.key("loginServer");
    let first = host.split(['.', '-']).next().unwrap_or_default();
    let own = registry.value.name.as_str().to_lowercase();
    if first != own {
        let message = format!("login server `{server}` does not belong to registry `{own}`");
        let problem = Problem::new(Code::LoginServer, &pointer, message);
        checker.push(
            problem
                .label(format!("it begins with `{first}`, not `{own}`"))
                .help(format!(
                    "ask Azure: az acr show --name {own} --query loginServer --output tsv"
                )),
        );
    }
    let suffix = registry.value.cloud.suffix();
    if azure::SUFFIXES.iter().any(|known| host.ends_with(known)) && !host.ends_with(suffix) {
        let message = format!("login server `{server}` is not in the cloud of registry `{own}`");
        let problem = Problem::new(Code::LoginServer, &pointer, message);
        checker.push(
            problem
                .label(format!("the cloud's suffix is `{suffix}`"))
                .help(cloud_of(&host)),
        );
    }
}

/// What to write where the suffix of a host is another than that of its registry's cloud.
fn cloud_of(host: &str) -> String {
    let cloud = Cloud::ALL
        .iter()
        .find(|cloud| host.ends_with(cloud.suffix()));
    let word = cloud.map_or_else(String::new, |cloud| format!(" to `{}`", cloud.word()));
    format!("set `cloud` of the registry{word}")
}

/// The names an entry refers to, and its own lists.
fn lists(access: &Placed<Access>, parts: &Parts, checker: &mut Checker<'_>) {
    let Access {
        registries,
        namespaces,
        clusters,
        ..
    } = &access.value;
    let places = |key: &str| parts.places(&access.pointer.key(key));
    let registries: Vec<_> = registries
        .iter()
        .map(ToString::to_string)
        .zip(places("registries"))
        .collect();
    let clusters: Vec<_> = clusters
        .iter()
        .flatten()
        .map(ToString::to_string)
        .zip(places("clusters"))
        .collect();
    // A name that is not known may be that of an element that could not be read.
    if parts.is_whole("registries") {
        declared(
            &registries,
            &parts.declared["registries"],
            ("registry", Code::UndeclaredRegistry),
            checker,
        );
    }
    if parts.is_whole("clusters") {
        declared(
            &clusters,
            &parts.declared["clusters"],
            ("cluster", Code::UndeclaredCluster),
            checker,
        );
    }
    checker.unique(registries, "registry", "list each registry once");
    checker.unique(clusters, "cluster", "list each cluster once");
    let namespaces = namespaces
        .iter()
        .map(ToString::to_string)
        .zip(places("namespaces"));
    checker.unique(
        namespaces,
        "namespace",
        "list each namespace once: each has one output directory",
    );
}

fn declared(
    used: &[(String, Pointer)],
    known: &[String],
    what: (&str, Code),
    checker: &mut Checker<'_>,
) {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let is_known: HashSet<&str> = known.iter().copied().collect();
    for (name, pointer) in used
        .iter()
        .filter(|(name, _)| !is_known.contains(name.as_str()))
    {
        let message = format!("{} `{name}` is not declared", what.0);
        let problem = Problem::new(what.1, pointer, message);
        let problem = match checker.guess(name, &known) {
            Some(close) => problem.label(format!("did you mean `{close}`?")).rewrite(
                format!("write `{close}`"),
                Safety::Unsafe,
                string(close),
            ),
            None if known.is_empty() => problem.label(format!("no {} is declared", what.0)),
            None => problem.label(format!("declared: {}", list(&known))),
        };
        let key = if what.0 == "registry" {
            "registries"
        } else {
            "clusters"
        };
        checker.push(problem.help(format!("declare it under `spec.{key}`")));
    }
}

/// Scripts need a cluster, files a namespace.
fn targets(access: &Placed<Access>, parts: &Parts, checker: &mut Checker<'_>) {
    let (needs_cluster, wants_cluster) = match access.value.strategy.scripts() {
        Scripts::Required => (true, true),
        Scripts::Optional => (false, true),
        Scripts::None => (false, false),
    };
    let clusters = access.value.clusters.as_ref();
    let known = &parts.declared["clusters"];
    let pointer = access.pointer.key("name");
    // Those that it names and that are not declared have messages of their own.
    let names_none = clusters.is_none_or(Vec::is_empty);
    let is_known = !known.is_empty() || !parts.is_whole("clusters");
    if needs_cluster && names_none && (!is_known || clusters.is_some()) {
        let message = format!(
            "access entry `{}` generates a script but no cluster is declared or selected",
            access.value.name
        );
        let problem = Problem::new(Code::ClusterNeeded, &pointer, message);
        checker.push(problem.help(
            "declare one under `spec.clusters`, for example `{name: prod, kind: aks, resourceGroup: rg-prod}`, or `{name: edge, kind: generic}` outside Azure",
        ));
    } else if wants_cluster && clusters.is_none() && known.len() > 1 {
        let names: Vec<&str> = known.iter().map(String::as_str).collect();
        let message = format!(
            "access entry `{}` must set `clusters`: several clusters are declared",
            access.value.name
        );
        let problem = Problem::new(Code::ClusterNeeded, &pointer, message);
        checker.push(problem.label(format!("declared: {}", list(&names))).help(
            match names.len() {
                ..=12 => format!("add `clusters: [{}]`", names.join(", ")),
                _ => "add `clusters:` with the names of its clusters".to_owned(),
            },
        ));
    }
    let needs_namespace =
        access.value.strategy.is_namespaced() || !access.value.workloads.is_empty();
    if needs_namespace && access.value.namespaces.is_empty() {
        let message = format!(
            "`namespaces` is missing in access entry `{}`",
            access.value.name
        );
        let problem = Problem::new(Code::MissingKey, &pointer, message);
        checker.push(problem.help("add it, for example `namespaces: [default]`"));
    }
}
