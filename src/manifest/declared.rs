//! Kinds that users declare: where an object of a kind of theirs holds its pods.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::json;

use crate::diag::{Code, Problem};
use crate::manifest::{Kind, Path, Pods, Shape};
use crate::names::{ApiGroup, FieldPath, KindName};
use crate::pointer::Pointer;

/// A custom kind, or an override of a built-in one: where its objects hold images, pull secrets and the
/// account. Either `pod`, or `images` and the other keys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodKind {
    /// API group of the kind, without a version; empty for the core group.
    pub group: ApiGroup,
    /// The kind.
    pub kind: KindName,
    /// Path, or list of paths, to whole pod specs.
    pub pod: Option<Paths>,
    /// Paths to images, if the kind has no whole pod spec.
    #[serde(default)]
    #[schemars(example = ["spec.image"])]
    pub images: Vec<FieldPath>,
    /// Path to the list of pull secrets, which may not exist yet. Default: the kind has none.
    #[schemars(example = &"spec.imagePullSecrets")]
    pub pull_secrets: Option<FieldPath>,
    /// Format of the pull secrets. Default: `objects`.
    pub pull_secrets_are: Option<PullSecretsAre>,
    /// Path to the name of the ServiceAccount, which may not exist yet. Default: the kind has none.
    #[schemars(example = &"spec.serviceAccountName")]
    pub account: Option<FieldPath>,
}

/// Format of the pull secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(example = PullSecretsAre::Objects)]
pub enum PullSecretsAre {
    /// A list of mappings with a name, as pods have them: `[{name: NAME}]`.
    Objects,
    /// A list of names: `[NAME]`.
    Names,
}

/// One path, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "OneOrMany")]
pub struct Paths(pub Vec<FieldPath>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(FieldPath),
    Many(Vec<FieldPath>),
}

impl From<OneOrMany> for Paths {
    fn from(paths: OneOrMany) -> Self {
        match paths {
            OneOrMany::One(path) => Self(vec![path]),
            OneOrMany::Many(paths) => Self(paths),
        }
    }
}

impl JsonSchema for Paths {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Paths".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<FieldPath>();
        let mut schema = FieldPath::json_schema(generator);
        schema.remove("description");
        schema.insert("type".to_owned(), json!(["string", "array"]));
        schema.insert("examples".to_owned(), json!(["spec.template.spec"]));
        schema.insert("items".to_owned(), items.into());
        schema.insert("minItems".to_owned(), json!(1));
        schema
    }
}

impl PodKind {
    /// The kind as the model of manifests has it.
    pub fn model(&self) -> Kind {
        let pods = match &self.pod {
            Some(paths) => {
                let paths = paths.0.iter().map(Path::from);
                paths.map(Pods::pod_spec).collect()
            }
            None => vec![Pods::from_fields(
                self.images.iter().map(Path::from).collect(),
                self.pull_secrets.as_ref().map(Path::from),
                match self.pull_secrets_are {
                    None | Some(PullSecretsAre::Objects) => Shape::Objects,
                    Some(PullSecretsAre::Names) => Shape::Names,
                },
                self.account.as_ref().map(Path::from),
            )],
        };
        Kind {
            group: self.group.to_string(),
            kind: self.kind.to_string(),
            pods,
            link: None,
        }
    }

    /// `Thing.example.com`, as kubectl names a kind.
    pub fn display_name(&self) -> String {
        match self.group.as_str() {
            "" => self.kind.to_string(),
            group => format!("{}.{group}", self.kind),
        }
    }

    /// What no schema can express: that it sets the paths of its pods, in one way. `at` is where it is.
    pub fn problems(&self, at: &Pointer) -> Vec<Problem> {
        match &self.pod {
            Some(_) => self.beside_pod(at),
            None => self.own_places(at),
        }
    }

    /// A pod spec has its own images, pull secrets and account.
    fn beside_pod(&self, at: &Pointer) -> Vec<Problem> {
        let keys = [
            ("images", !self.images.is_empty()),
            ("pullSecrets", self.pull_secrets.is_some()),
            ("pullSecretsAre", self.pull_secrets_are.is_some()),
            ("account", self.account.is_some()),
        ];
        let set = keys.into_iter().filter(|(_, is_set)| *is_set);
        set.map(|(key, _)| {
            let message = format!("`{key}` cannot be set beside `pod`");
            Problem::new(Code::UnknownKey, &at.key(key), message)
                .label("a pod spec already defines images, pull secrets and the account")
                .help(format!("remove `{key}`, or `pod`"))
        })
        .collect()
    }

    fn own_places(&self, at: &Pointer) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.images.is_empty() {
            let message = format!("`{at}` does not set the path of its images");
            let problem = Problem::new(Code::MissingKey, &at.key("kind"), message);
            problems.push(problem.help(
                "add `pod: spec.template.spec` for a whole pod spec, or `images: [spec.image]`",
            ));
        }
        if self.pull_secrets_are.is_some() && self.pull_secrets.is_none() {
            let message = "`pullSecretsAre` is only used with `pullSecrets`";
            let problem = Problem::new(Code::UnknownKey, &at.key("pullSecretsAre"), message);
            problems.push(problem.help("add `pullSecrets`, or remove `pullSecretsAre`"));
        }
        for (key, path) in [
            ("pullSecrets", &self.pull_secrets),
            ("account", &self.account),
        ] {
            problems.extend(path.as_ref().and_then(|path| one_place(&at.key(key), path)));
        }
        problems
    }
}

/// What is added must have one place.
fn one_place(pointer: &Pointer, path: &FieldPath) -> Option<Problem> {
    if Path::from(path).pointer().is_some() {
        return None;
    }
    let message = format!("`{path}` matches several places, but `{pointer}` must match one");
    let problem = Problem::new(Code::InvalidName, pointer, message);
    Some(problem.help("write a path without `[]` and `*`"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::document::Node;
    use crate::manifest::PodKind;
    use crate::manifest::{Identity, Kinds, Pod, PullSecrets, Reference, Shape};

    fn pods(kind: Value, object: Value) -> Vec<(Vec<String>, Option<String>, Option<String>)> {
        let kind: PodKind = serde_json::from_value(kind).expect("it is a kind");
        let kinds = Kinds::with(vec![kind.model()]);
        let node = Node::from(object);
        let pods = Pod::of(&node, &Identity::of(&node, None), &kinds).expect("it is known");
        pods.into_iter()
            .map(|pod| {
                let images = pod.images.iter();
                let images = images.map(|(at, image)| format!("{at} {image}"));
                let text = |at: Option<crate::pointer::Pointer>| at.map(|at| at.to_string());
                (images.collect(), text(pod.secrets_at), text(pod.account_at))
            })
            .collect()
    }

    #[test]
    fn whole_pod_specs_are_at_one_or_more_paths() {
        let spec = json!({"containers": [{"image": "a.io/x"}]});
        let object = json!({
            "apiVersion": "example.com/v1", "kind": "Thing",
            "spec": {"one": spec, "many": [{"pod": spec}]},
        });
        let one = json!({"group": "example.com", "kind": "Thing", "pod": "spec.one"});
        let found = pods(one, object.clone());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, ["spec.one.containers[0].image a.io/x"]);
        assert_eq!(found[0].1.as_deref(), Some("spec.one.imagePullSecrets"));
        let both = ["spec.one", "spec.many[].pod"];
        let both = json!({"group": "example.com", "kind": "Thing", "pod": both});
        let found = pods(both, object);
        assert_eq!(found[1].0, ["spec.many[0].pod.containers[0].image a.io/x"]);
    }

    #[test]
    fn places_of_their_own_are_counted_from_the_top() {
        let kind = json!({
            "group": "", "kind": "Thing", "images": ["spec.image", "spec.extra[].image"],
            "pullSecrets": "spec.secrets", "pullSecretsAre": "names", "account": "spec.account",
        });
        let object = json!({
            "apiVersion": "v1", "kind": "Thing",
            "spec": {"image": "a.io/x", "extra": [{"image": "a.io/y"}], "secrets": ["a"]},
        });
        let found = pods(kind.clone(), object.clone());
        assert_eq!(
            found[0].0,
            ["spec.image a.io/x", "spec.extra[0].image a.io/y"]
        );
        assert_eq!(found[0].1.as_deref(), Some("spec.secrets"));
        assert_eq!(found[0].2.as_deref(), Some("spec.account"));
        let kind: PodKind = serde_json::from_value(kind).expect("it is a kind");
        let kinds = Kinds::with(vec![kind.model()]);
        let node = Node::from(object);
        let pods = Pod::of(&node, &Identity::of(&node, None), &kinds).expect("it is known");
        assert_eq!(pods[0].shape, Shape::Names);
        let want = PullSecrets::List([Reference::Secret("a")].into());
        assert_eq!(pods[0].pull_secrets, want);
    }
}
