//! Objects of a build, traced back to the files that they come from: messages show those.

use crate::document::{Data, Node};
use crate::manifest::Identity;
use crate::span::Span;

/// Where kustomize writes the origin of an object
/// (<https://github.com/kubernetes-sigs/kustomize/blob/master/examples/originAnnotations.md>).
const ORIGIN: &str = "config.kubernetes.io/origin";

/// The origin of a built object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File(String),
    /// A kustomization that generates it.
    Generator(String),
    /// A repository elsewhere, or nobody says.
    Elsewhere,
}

/// The origin that an object of a build has in its annotations.
pub fn origin(object: &Node) -> Origin {
    let annotations = object.get("metadata").and_then(|it| it.get("annotations"));
    let Some(text) = annotations.and_then(|all| all.text(ORIGIN)) else {
        return Origin::Elsewhere;
    };
    let value = |key: &str| {
        let mut lines = text.lines();
        let line = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))?;
        Some(line.trim().trim_matches('"').to_owned())
    };
    if value("repo").is_some() {
        return Origin::Elsewhere;
    }
    match (value("path"), value("configuredIn")) {
        (Some(path), _) => Origin::File(path),
        (None, Some(path)) => Origin::Generator(path),
        (None, None) => Origin::Elsewhere,
    }
}

/// The object of a file that became the built one: of its kind, with its name or what prefixes and
/// suffixes left of it.
pub fn source_of<'a>(built: &Identity, candidates: &'a [(Identity, Node)]) -> Option<&'a Node> {
    let alike = candidates
        .iter()
        .filter(|(one, _)| one.kind == built.kind && one.group() == built.group());
    let best = alike.max_by_key(|(one, _)| {
        let is_same = one.name == built.name && !one.name.is_empty();
        let fits = !one.name.is_empty() && built.name.contains(&one.name);
        (is_same, fits, if fits { one.name.len() } else { 0 })
    });
    best.map(|(_, node)| node)
}

/// Gives a built tree the places of the tree that it comes from: each value that of its counterpart,
/// else that of what it is in.
pub fn graft(built: &mut Node, from: &Node) {
    place(built, Some(from), from.span);
}

/// Gives a whole tree one place.
pub fn pin(built: &mut Node, span: Span) {
    place(built, None, span);
}

fn place(built: &mut Node, from: Option<&Node>, outer: Span) {
    let span = from.map_or(outer, |from| from.span);
    built.span = span;
    match &mut built.data {
        Data::Scalar(_) => {}
        Data::Mapping(entries) => {
            for entry in entries {
                let twin = from.and_then(|from| from.get(&entry.key));
                let key = from
                    .map_or(&[] as &[_], Node::entries)
                    .iter()
                    .find(|one| one.key == entry.key);
                entry.key_span = key.map_or(first(from, span), |one| one.key_span);
                place(&mut entry.value, twin, first(from, span));
            }
        }
        Data::Sequence(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                let twin = from.and_then(|from| counterpart(from, item, index));
                place(item, twin, first(from, span));
            }
        }
    }
}

/// The first line of what something is in: a whole object is no place to point at.
fn first(from: Option<&Node>, span: Span) -> Span {
    let entry = from.and_then(|from| from.entries().first());
    entry.map_or(span, |entry| entry.key_span)
}

/// The element of the same name, else of the same position.
fn counterpart<'a>(list: &'a Node, item: &Node, index: usize) -> Option<&'a Node> {
    match item.text("name") {
        Some(name) => {
            let mut all = list.items().iter();
            all.find(|one| one.text("name") == Some(name))
        }
        None => list.items().get(index),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use crate::audit::trace::{Origin, graft, origin, source_of};
    use crate::document::{Document, Node};
    use crate::manifest::Identity;
    use crate::span::Source;

    #[test]
    fn an_origin_is_read_from_its_annotation() {
        let with = |text: &str| {
            let annotations = json!({"config.kubernetes.io/origin": text});
            origin(&Node::from(
                json!({"metadata": {"annotations": annotations}}),
            ))
        };
        assert_eq!(
            with("path: ../a.yaml\n"),
            Origin::File("../a.yaml".to_owned())
        );
        assert_eq!(
            with("path: a.yaml\nrepo: https://x\nref: v1\n"),
            Origin::Elsewhere
        );
        assert_eq!(
            with("configuredIn: ../kustomization.yaml\nconfiguredBy:\n  kind: SecretGenerator\n"),
            Origin::Generator("../kustomization.yaml".to_owned())
        );
        assert_eq!(with(""), Origin::Elsewhere);
    }

    #[test]
    fn a_built_object_gets_the_places_of_its_file() {
        let text = "kind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: b\n    image: old\n";
        let source = Arc::new(Source::new("a.yaml", text));
        let document = Document::parse(source).expect("it is YAML");
        let identity = |name: &str| {
            let node = Node::from(json!({"kind": "Pod", "metadata": {"name": name}}));
            Identity::of(&node, None)
        };
        let candidates = [
            (identity("other"), Node::from(json!({}))),
            (identity("web"), document.root),
        ];
        let from = source_of(&identity("dev-web"), &candidates).expect("it is there");
        let mut built = Node::from(json!({"spec": {
            "containers": [{"name": "a", "image": "added"}, {"name": "b", "image": "new"}],
            "imagePullSecrets": [{"name": "s"}],
        }}));
        graft(&mut built, from);
        let spec = built.get("spec").expect("it is there");
        let at = |node: &Node| text[node.span.range()].to_owned();
        let image = |index: usize| {
            at(spec.get("containers").expect("one").items()[index]
                .get("image")
                .expect("two"))
        };
        assert_eq!(image(1), "old");
        assert!(text.contains(&image(0)) && image(0) != "old");
        let secret = &spec.get("imagePullSecrets").expect("one").items()[0];
        assert_eq!(at(secret), "containers");
    }
}
