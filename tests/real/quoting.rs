//! Any string goes into a script, and bash prints the same string.

use std::process::Output;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use pullwright::artifact::{Expect, PlannedFile};
use pullwright::render::{Renderer, Templates};
use serde_json::json;

use crate::tools::program;

/// One value at every kind of place where a script may hold one.
const TEMPLATE: &str = r#"#!/usr/bin/env bash
# {{ value }}
set -Eeuo pipefail
show() {
  printf '%s\0' "$@"
}
readonly BARE={{ value }}
show "${BARE}" {{ value }} x{{ value }}y "in double {{ value }} quotes" 'in single {{ value }} quotes'
show "$(printf '%s.' {{ value }})" "${BARE}$(printf '%s.' "nested {{ value }}")" # {{ value }}
words=({{ list }})
show "${words[@]}"
if [[ "${BARE}" == {{ value }} ]]; then
  show same
fi
"#;

fn strings() -> impl Strategy<Value = String> {
    let nasty = "[-'\"\\\\$`!#~*?\\[\\]{}()<>|&; \t\n\r=:%@^,a-cé\u{2028}]{0,12}";
    let any = any::<String>().prop_map(|text| text.replace('\0', ""));
    prop_oneof![nasty, any, Just("$(id)".to_owned()), Just("-n".to_owned())]
        .prop_filter("private use", |text| {
            !text.contains(['\u{e000}', '\u{e001}'])
        })
}

/// Renders the template with a value and runs it.
fn run(value: &str) -> Output {
    let name = "test/test.sh.j2";
    let own = [(name.to_owned(), TEMPLATE.to_owned())];
    let renderer = Renderer::new(Templates::with(own.into_iter().collect()));
    let file = PlannedFile {
        path: "test.sh".to_owned(),
        template: name,
        context: Arc::new(json!({"value": value, "list": [value, "second", value]})),
        own: Vec::new(),
        secrets: Vec::new(),
        access: None,
        expect: Expect::Script,
    };
    let rendered = renderer
        .render(&file, &|_, _| false)
        .expect("every string has a place");
    let script = tempfile::NamedTempFile::new().expect("there is a place for scratch files");
    std::fs::write(script.path(), rendered.text.expose()).expect("the file is ours");
    program("bash")
        .arg(script.path())
        .output()
        .expect("bash starts")
}

#[test]
fn bash_prints_what_went_in_wherever_it_stood() {
    let config = ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&strings(), |value| {
        let output = run(&value);
        let want = [
            value.clone(),
            value.clone(),
            format!("x{value}y"),
            format!("in double {value} quotes"),
            format!("in single {value} quotes"),
            format!("{value}."),
            format!("{value}nested {value}."),
            value.clone(),
            "second".to_owned(),
            value.clone(),
            "same".to_owned(),
        ];
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let have: Vec<&str> = printed.split_terminator('\0').collect();
        let stderr = String::from_utf8_lossy(&output.stderr);
        prop_assert!(output.status.success(), "{:?}: {}", value, stderr);
        prop_assert_eq!(have, want, "{}", stderr);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
