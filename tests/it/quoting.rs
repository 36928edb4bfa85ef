//! Any string goes in, and another YAML reader reads the same string.

use std::sync::Arc;

use proptest::prelude::*;
use pullwright::artifact::{Carries, Context, Expect, PlannedFile, Sharing};
use pullwright::document::{Document, quote};
use pullwright::render::{Renderer, Templates};
use pullwright::span::Source;
use serde_json::{Value, json};

fn ours(text: &str) -> Value {
    Document::parse(Arc::new(Source::new("test", text)))
        .expect("it is YAML")
        .value()
}

/// Strings that YAML readers disagree about, and ordinary ones.
fn strings() -> impl Strategy<Value = String> {
    prop_oneof![
        "[-:#'\"\\\\ \t\n\r,\\[\\]{}&*!|>%@`~=<yYnNoO0-9eE._é\u{2028}\u{85}\u{feff}]{0,12}",
        any::<String>(),
        "[a-z0-9./:@-]{1,40}",
    ]
    // What pullwright keeps for itself.
    .prop_filter("private use", |text| {
        !text.contains(['\u{e000}', '\u{e001}'])
    })
}

/// A template of users' with one value at every kind of place.
const TEMPLATE: &str = "\
# {{ value }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: b
data:
  plain: {{ value }}
  tail: x-{{ value }}
  quoted: \"{{ value }}\"
  single: 'it is {{ value }}, twice {{ value }}'
  flow: {{ value }}
  {{ key }}: v
";

proptest! {
    #[test]
    fn a_quoted_string_reads_back_in_both_readers(text in strings()) {
        let yaml = format!("key: {}\n", quote::string(&text));
        let theirs: Value = serde_yaml::from_str(&yaml).expect("it is YAML");
        prop_assert_eq!(&theirs["key"], &json!(text));
        prop_assert_eq!(ours(&yaml), theirs);
    }

    #[test]
    fn a_value_in_a_template_never_changes_the_structure(text in strings(), marked_key: bool) {
        let template = if marked_key { TEMPLATE.to_owned() } else { TEMPLATE.replace("{{ key }}", "k-1") };
        let own = [("test/test.yaml.j2".to_owned(), template)];
        let renderer = Renderer::new(Templates::with(own.into_iter().collect()));
        let key = "k-1";
        let file = |value: &str| PlannedFile {
            path: "test.yaml".to_owned(),
            template: "test/test.yaml.j2",
            context: Context::of(&json!({"value": value, "key": key})),
            own: Vec::new(),
            secrets: Vec::new(),
            access: None,
            expect: Expect::Object {
                kind: "ConfigMap",
                name: "a".to_owned(),
                namespace: "b".to_owned(),
                carries: Carries::Placeholder,
            },
            sharing: Sharing::Own,
        };
        // The first one of a structure is read back whole; later ones may not need it.
        renderer.render(&file("word"), &|_, _| false).expect("a word has a place");
        let rendered = renderer
            .render(&file(&text), &|_, _| false)
            .expect("every string has a place");
        let theirs: Value = serde_yaml::from_str(rendered.text.expose()).expect("it is YAML");
        let mut want = json!({
            "plain": text, "tail": format!("x-{text}"), "quoted": text,
            "single": format!("it is {text}, twice {text}"), "flow": text,
        });
        want[key] = json!("v");
        prop_assert_eq!(&theirs["data"], &want);
    }
}
