//! Copies of Secrets in other namespaces, which annotations ask a controller for.

use regex::Regex;

use crate::audit::facts::{Contents, Namespaces};
use crate::audit::makers::Made;
use crate::document::Node;

/// <https://github.com/emberstack/kubernetes-reflector#usage>
const REFLECTOR: &str = "reflector.v1.k8s.emberstack.com/";
/// <https://github.com/mittwald/kubernetes-replicator#usage>
const REPLICATOR: &str = "replicator.v1.mittwald.de/";
/// <https://config-syncer.com/docs/latest/guides/config-syncer/intra-cluster/>
const SYNCER: &str = "kubed.appscode.com/sync";

/// The Secret, and its copies.
pub(super) fn with_copies(node: &Node, mut all: Vec<Made>) -> Vec<Made> {
    let annotations = node.get("metadata").and_then(|it| it.get("annotations"));
    let annotations = annotations.map_or(&[] as &[_], Node::entries);
    let value = |prefix: &str, key: &str| {
        let mut entries = annotations.iter();
        let found = entries.find(|one| one.key.strip_prefix(prefix) == Some(key))?;
        Some(found.value.as_str().unwrap_or_default())
    };
    let is_copy =
        value(REFLECTOR, "reflects").is_some() || value(REPLICATOR, "replicate-from").is_some();
    if is_copy {
        for made in &mut all {
            if !matches!(made.contents, Contents::Unusable(_)) {
                made.contents = Contents::Unknown;
            }
        }
        return all;
    }
    let mut copies = Vec::new();
    if let Some(found) = reflected(&value) {
        copies.push(found);
    }
    if let Some(list) = value(REPLICATOR, "replicate-to") {
        copies.push(Copies::To(vec![list.to_owned()]));
    }
    if value(REPLICATOR, "replicate-to-matching").is_some() {
        copies.push(Copies::Labels);
    }
    match value(SYNCER, "") {
        Some("") => copies.push(Copies::To(Vec::new())),
        Some(_) => copies.push(Copies::Labels),
        None => {}
    }
    let more: Vec<Made> = all
        .iter()
        .flat_map(|made| copies.iter().flat_map(|copies| copies.of(made)))
        .collect();
    all.extend(more);
    all
}

/// The copies that Reflector makes: both annotations must say so, and both lists must have the namespace.
fn reflected<'a>(value: &dyn Fn(&str, &str) -> Option<&'a str>) -> Option<Copies> {
    let is_true =
        |key: &str| value(REFLECTOR, key).is_some_and(|it| it.eq_ignore_ascii_case("true"));
    if !is_true("reflection-allowed") || !is_true("reflection-auto-enabled") {
        return None;
    }
    let selectors = [
        "reflection-allowed-namespaces-selector",
        "reflection-auto-namespaces-selector",
    ];
    if selectors.iter().any(|key| value(REFLECTOR, key).is_some()) {
        return Some(Copies::Labels);
    }
    let lists = [
        "reflection-allowed-namespaces",
        "reflection-auto-namespaces",
    ];
    let lists = lists.iter().filter_map(|key| value(REFLECTOR, key));
    let lists = lists.filter(|list| !list.trim().is_empty());
    Some(Copies::To(lists.map(str::to_owned).collect()))
}

/// Where a Secret is copied to.
enum Copies {
    /// To the namespaces that match all of these lists of patterns.
    To(Vec<String>),
    /// The labels of the namespaces decide.
    Labels,
}

impl Copies {
    fn of(&self, made: &Made) -> Vec<Made> {
        let copy = |namespaces: Namespaces, contents: Contents| Made {
            name: made.name.clone(),
            namespaces,
            maker: made.maker,
            contents,
            account: None,
        };
        match self {
            Self::Labels => vec![copy(Namespaces::Any, Contents::Unknown)],
            Self::To(lists) => match lists.iter().map(|list| patterns(list)).collect() {
                Some(patterns) => {
                    let contents = Contents::Copied(patterns, Box::new(made.contents.clone()));
                    vec![copy(Namespaces::Any, contents)]
                }
                None => vec![copy(Namespaces::Any, Contents::Unknown)],
            },
        }
    }
}

/// The pattern of a list with commas of names and patterns, each of which must match as a whole. `None` if
/// one of them is not a pattern.
fn patterns(list: &str) -> Option<String> {
    let all = list.split(',').map(str::trim).filter(|one| !one.is_empty());
    let all: Vec<String> = all.map(|one| format!("(?:{one})")).collect();
    let pattern = format!("^(?:{})$", all.join("|"));
    Regex::new(&pattern).ok()?;
    Some(pattern)
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use crate::audit::makers::copies::patterns;

    #[test]
    fn each_pattern_of_a_list_matches_a_whole_name() {
        for (list, name, want) in [
            ("other,x-.*", "x-1", true),
            ("other, web", "web", true),
            ("we", "web", false),
            ("eb,w.b", "web", true),
            ("a|web", "webx", false),
        ] {
            let regex = patterns(list).and_then(|one| Regex::new(&one).ok());
            assert_eq!(
                regex.expect("it is one").is_match(name),
                want,
                "{list} {name}"
            );
        }
        assert_eq!(patterns("web,("), None);
    }
}
