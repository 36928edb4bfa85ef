//! kustomize components: how a strategy reaches objects that are managed elsewhere.

use schemars::JsonSchema;
use serde::Serialize;

use crate::artifact::{COMPONENT, Context, Expect, PlannedFile, Sharing, Template};
use crate::names::SecretName;
use crate::strategy::Entry;
use crate::strategy::contract::Contract;

/// The file with the name of the Secret, which each component lists.
const NAME_FILE: &str = "pull-secret-name";

/// What every component prints.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Component<'a> {
    /// The config as the first comment names it.
    config: &'a str,
    /// Name of the ConfigMap that the component takes the name of the Secret from.
    source: String,
    /// Name of the Secret.
    pull_secret: &'a SecretName,
}

/// The ConfigMap that a component takes the name of the Secret from; kustomize leaves it out of its output.
#[derive(Serialize, JsonSchema)]
pub(super) struct PullSecretName<'a> {
    #[serde(flatten)]
    component: Component<'a>,
}

impl Template for PullSecretName<'_> {
    const NAME: &'static str = "kustomize/pull-secret-name.yaml.j2";
}

/// The contract of the template that all components share.
pub(super) fn contracts() -> Vec<Contract> {
    vec![Contract::of::<PullSecretName<'_>>()]
}

/// A component that adds the pull secret of an entry at the path in the template of `build`. Lists of
/// accounts are atomic for patches
/// (<https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/service-account-v1>);
/// a replacement with `create` adds one element, and takes its value from an object that kustomize
/// itself leaves out of the output.
///
/// It names no namespace: it works on what the kustomization holds that names it, before that one's
/// own `namespace:`.
pub(super) fn plan<'a, T: Template>(
    entry: &Entry<'a>,
    pull_secret: &'a SecretName,
    build: impl FnOnce(Component<'a>) -> T,
) -> [PlannedFile; 2] {
    let source = format!("pullwright-{}", entry.name);
    let component = Component {
        config: entry.config,
        source: source.clone(),
        pull_secret,
    };
    let name = Expect::Local {
        kind: "ConfigMap",
        name: source,
    };
    let by_name = PullSecretName {
        component: component.clone(),
    };
    [
        file(
            entry,
            "kustomization",
            &build(component),
            Expect::Kustomize {
                kind: "Component",
                resources: [format!("{NAME_FILE}.yaml")].into(),
            },
        ),
        file(entry, NAME_FILE, &by_name, name),
    ]
}

/// A file in the directory of the component.
fn file<T: Template>(entry: &Entry<'_>, stem: &str, context: &T, expect: Expect) -> PlannedFile {
    PlannedFile {
        path: format!("{}/{COMPONENT}/{stem}.yaml", entry.name),
        template: T::NAME,
        context: Context::of(context),
        own: Vec::new(),
        secrets: Vec::new(),
        access: Some(entry.name.to_string()),
        expect,
        sharing: Sharing::Own,
    }
}
