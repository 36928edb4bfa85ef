//! The templates that are compiled in, and those of the user that take their place.

use std::collections::{BTreeMap, BTreeSet};

/// Declares the built-in templates: the folder `templates/`, which a test compares with this list.
macro_rules! built_in {
    ($($name:literal,)+) => {
        /// Name and text of every built-in template, sorted by name.
        pub const BUILT_IN: &[(&str, &str)] = &[
            $(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $name))),)+
        ];
    };
}

built_in! {
    "attach/attach.sh.j2",
    "kustomize/kustomization.yaml.j2",
    "kustomize/pull-secret-name.yaml.j2",
    "script/azure.sh.j2",
    "script/in-cluster.sh.j2",
    "script/opening.sh.j2",
    "script/runtime.sh.j2",
    "script/shell.sh.j2",
    "secret/admin.sh.j2",
    "secret/component.yaml.j2",
    "secret/pull-secret.sh.j2",
    "secret/secret.yaml.j2",
    "secret/service-principal.sh.j2",
    "secret/token.sh.j2",
    "service_account/component.yaml.j2",
    "service_account/service-account.sh.j2",
    "service_account/service-account.yaml.j2",
    "workload/containers.yaml.j2",
    "workload/cron-job.yaml.j2",
    "workload/daemon-set.yaml.j2",
    "workload/deployment.yaml.j2",
    "workload/job.yaml.j2",
    "workload/pod-spec.yaml.j2",
    "workload/pod.yaml.j2",
    "workload/stateful-set.yaml.j2",
}

/// Templates by name: the user's own first, else the built-in ones.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    own: BTreeMap<String, String>,
}

impl Templates {
    /// The user's templates, by name (`secret/secret.yaml.j2`).
    pub fn with(own: BTreeMap<String, String>) -> Self {
        Self { own }
    }

    /// Those of the user.
    pub(super) fn own(&self) -> &BTreeMap<String, String> {
        &self.own
    }

    /// The text of a template.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.own
            .get(name)
            .map(String::as_str)
            .or_else(|| built_in(name))
    }

    /// Whether a template is the user's own.
    pub fn is_own(&self, name: &str) -> bool {
        self.own.contains_key(name)
    }

    /// Whether a template, and all that it includes, does nothing with `variable` but print it:
    /// then the text around the value cannot depend on the value. False when in doubt.
    pub fn only_prints(&self, name: &str, variable: &str) -> bool {
        let mut waiting = vec![name];
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        while let Some(next) = waiting.pop() {
            if !seen.insert(next) {
                continue;
            }
            let Some(text) = self.find(next) else {
                return false;
            };
            let print = format!("{{{{ {variable} }}}}");
            // A key of the same name is text, not the variable.
            let line = format!("{variable}: {print}");
            let keys = text.lines().filter(|one| one.trim() == line).count();
            let printed = text.matches(&print).count();
            if printed + keys != word_count(text, variable) {
                return false;
            }
            for tag in text.split("{%").skip(1) {
                let tag = tag.trim_start_matches(['-', '+']).trim_start();
                let (word, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
                match word {
                    "include" => match rest.trim_start().strip_prefix('"') {
                        Some(rest) => waiting.push(rest.split('"').next().unwrap_or_default()),
                        None => return false,
                    },
                    "import" | "from" | "extends" => return false,
                    _ => {}
                }
            }
        }
        true
    }

    /// Names of the user's templates that neither take a built-in one's place nor are named in
    /// another template of theirs.
    pub fn unused(&self) -> Vec<&str> {
        // A template is named in quotes.
        let named: BTreeSet<&str> = (self.own.values())
            .flat_map(|text| text.split(['"', '\'']))
            .filter(|word| word.ends_with(".j2"))
            .collect();
        self.own
            .keys()
            .map(String::as_str)
            .filter(|name| built_in(name).is_none() && !named.contains(name))
            .collect()
    }
}

/// How often a word stands in a text, not as part of another.
fn word_count(text: &str, word: &str) -> usize {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c: char| !part_of_word(c))
        .filter(|one| *one == word)
        .count()
}

/// The text of a built-in template.
pub fn built_in(name: &str) -> Option<&'static str> {
    let at = BUILT_IN
        .binary_search_by_key(&name, |(name, _)| name)
        .ok()?;
    Some(BUILT_IN[at].1)
}

#[cfg(test)]
mod tests {
    use crate::render::builtin::Templates;

    #[test]
    fn what_is_more_than_printing_is_noticed() {
        let only = |text: &str| {
            let own = [("x.yaml.j2".to_owned(), text.to_owned())];
            Templates::with(own.into_iter().collect()).only_prints("x.yaml.j2", "namespace")
        };
        assert!(only(
            "a: {{ namespace }}\nb: {{ name }}-{{ namespace }}\nnamespaces: 1\n"
        ));
        assert!(only("{% include \"workload/pod.yaml.j2\" %}"));
        for more in [
            "{% if namespace == 'x' %}{% endif %}",
            "{{ namespace | upper }}",
            "{{ '}}' ~ namespace }}",
            "{{ list[ namespace: ] }}\nnamespace: {{ namespace }}\n",
            "{{ namespace }}{{ x.namespace }}",
            "{% include other %}{{ namespace }}",
            "{% include ['a.yaml.j2'] %}",
            "{%- import \"a.yaml.j2\" as a %}",
            "{% include \"nothing.yaml.j2\" %}",
            "{% set x = namespace() %}",
        ] {
            assert!(!only(more), "{more}");
        }
    }
}
