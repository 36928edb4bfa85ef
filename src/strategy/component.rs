//! kustomize components: how a strategy reaches objects that other people own.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::artifact::{COMPONENT, Expect, PlannedFile};
use crate::names::SecretName;
use crate::strategy::Entry;

/// A component that adds the pull secret of an entry where `template` says. Lists of accounts are
/// atomic for patches (`domain.md` §0, fact 4); a replacement with `create` adds one element, and
/// takes its value from an object that kustomize itself leaves out of the output.
///
/// It names no namespace: it works on what the kustomization holds that names it, before that one's
/// own `namespace:`.
pub(super) fn plan(
    entry: &Entry<'_>,
    template: &'static str,
    pull_secret: &SecretName,
    mut context: Value,
) -> [PlannedFile; 2] {
    let source = format!("pullwright-{}", entry.name);
    context["source"] = json!(source);
    context["pullSecret"] = json!(pull_secret);
    let context = Arc::new(entry.with_config(context));
    let file = |name: &str, template, expect| PlannedFile {
        path: format!("{}/{COMPONENT}/{name}.yaml", entry.name),
        template,
        context: Arc::clone(&context),
        own: Vec::new(),
        secrets: Vec::new(),
        access: Some(entry.name.to_string()),
        expect,
    };
    let name = Expect::Local {
        kind: "ConfigMap",
        name: source.clone(),
    };
    [
        file(
            "kustomization",
            template,
            Expect::Kustomize { kind: "Component" },
        ),
        file(
            "pull-secret-name",
            "kustomize/pull-secret-name.yaml.j2",
            name,
        ),
    ]
}
