//! Checks that each declared kind sets the paths of its pods, in one way, and once.

use crate::config::check::{Checker, Parts, Placed};
use crate::config::kinds::PodKind;
use crate::diag::{Code, Problem};
use crate::manifest::Path;
use crate::names::FieldPath;
use crate::pointer::Pointer;

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    let names = parts.kinds.iter().map(|one| {
        let PodKind { group, kind, .. } = &one.value;
        (
            display_name(group.as_str(), kind.as_str()),
            one.pointer.key("kind"),
        )
    });
    checker.unique(
        names,
        "kind",
        "declare each kind once, with all of its paths",
    );
    for kind in &parts.kinds {
        if checker.is_full() {
            return;
        }
        match &kind.value.pod {
            Some(_) => beside_pod(kind, checker),
            None => own_places(kind, checker),
        }
    }
}

/// `Thing.example.com`, as kubectl names a kind.
fn display_name(group: &str, kind: &str) -> String {
    match group {
        "" => kind.to_owned(),
        group => format!("{kind}.{group}"),
    }
}

/// A pod spec has its own images, pull secrets and account.
fn beside_pod(kind: &Placed<PodKind>, checker: &mut Checker<'_>) {
    let PodKind {
        images,
        pull_secrets,
        pull_secrets_are,
        account,
        ..
    } = &kind.value;
    let keys = [
        ("images", !images.is_empty()),
        ("pullSecrets", pull_secrets.is_some()),
        ("pullSecretsAre", pull_secrets_are.is_some()),
        ("account", account.is_some()),
    ];
    for (key, _) in keys.into_iter().filter(|(_, is_set)| *is_set) {
        let message = format!("`{key}` cannot be set beside `pod`");
        let problem = Problem::new(Code::UnknownKey, &kind.pointer.key(key), message);
        checker.push(
            problem
                .label("a pod spec already defines images, pull secrets and the account")
                .help(format!("remove `{key}`, or `pod`")),
        );
    }
}

fn own_places(kind: &Placed<PodKind>, checker: &mut Checker<'_>) {
    let PodKind {
        images,
        pull_secrets,
        pull_secrets_are,
        account,
        ..
    } = &kind.value;
    if images.is_empty() {
        let message = format!("`{}` does not set the path of its images", kind.pointer);
        let problem = Problem::new(Code::MissingKey, &kind.pointer.key("kind"), message);
        checker.push(
            problem.help(
                "add `pod: spec.template.spec` for a whole pod spec, or `images: [spec.image]`",
            ),
        );
    }
    if pull_secrets_are.is_some() && pull_secrets.is_none() {
        let pointer = kind.pointer.key("pullSecretsAre");
        let message = "`pullSecretsAre` is only used with `pullSecrets`";
        let problem = Problem::new(Code::UnknownKey, &pointer, message);
        checker.push(problem.help("add `pullSecrets`, or remove `pullSecretsAre`"));
    }
    for (key, path) in [("pullSecrets", pull_secrets), ("account", account)] {
        if let Some(path) = path {
            one_place(&kind.pointer.key(key), path, checker);
        }
    }
}

/// What is added must have one place.
fn one_place(pointer: &Pointer, path: &FieldPath, checker: &mut Checker<'_>) {
    if Path::from(path).pointer().is_none() {
        let message = format!("`{path}` matches several places, but `{pointer}` must match one");
        let problem = Problem::new(Code::InvalidName, pointer, message);
        checker.push(problem.help("write a path without `[]` and `*`"));
    }
}
