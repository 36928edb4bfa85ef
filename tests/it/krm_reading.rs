//! How `fn` reads its input: what kubectl ignores, several documents, UTF-16, values that are shared by
//! aliases.

use pullwright::cli::Exit;
use serde::Deserialize;
use serde_json::json;

use crate::krm::{function, read};
use crate::support::{SMALL, Scratch};

/// What kubectl ignores in an object is a warning, and the object is written unchanged.
#[test]
fn mistakes_that_kubectl_ignores_are_warnings() {
    let object =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {password: hunter1}\n";
    for (mistake, message) in [
        (
            "stringData: hunter2\n",
            "warning[duplicate-key]: duplicate key `stringData`",
        ),
        (
            "x: !Ref hunter2\n",
            "warning[syntax]: unsupported YAML tag `!Ref`",
        ),
    ] {
        let input = format!("# c\n{object}{mistake}");
        let scratch = Scratch::with_config(SMALL).stdin(&input);
        let outcome = scratch.expect(&["fn", "pullwright.yaml"], Exit::Ok);
        assert!(outcome.stdout.starts_with(&input), "{}", outcome.stdout);
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("hunter"), "{}", outcome.stderr);
        let list = format!(
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {}\nitems:\n- {}",
            read(SMALL),
            format!("{object}{mistake}")
                .trim_end()
                .replace('\n', "\n  ")
        );
        let outcome = Scratch::new().stdin(&list).expect(&["fn"], Exit::Ok);
        let result = &read(&outcome.stdout.replace(mistake.trim_end(), ""))["results"][0];
        assert_eq!(result["severity"], "warning", "{}", outcome.stdout);
    }
}

/// All documents are read, and the errors of all of them are reported.
#[test]
fn errors_of_every_document_are_reported() {
    let input = "a: [\n---\nb: 1\n---\nc: 'x\n--- # d\nd: .inf\n";
    let outcome = Scratch::with_config(SMALL)
        .stdin(input)
        .expect(&["fn", "pullwright.yaml"], Exit::Differs);
    assert_eq!(outcome.stdout, "");
    for place in ["<stdin>:1:4", "<stdin>:5:4", "<stdin>:7:4"] {
        assert!(
            outcome.stderr.contains(place),
            "{place}: {}",
            outcome.stderr
        );
    }
}

/// Like kubectl, `fn` detects UTF-16 by its byte order mark; the output is UTF-8.
#[test]
fn a_stream_in_utf_16_is_read() {
    let text = "apiVersion: v1\r\nkind: Pod\r\nmetadata: {name: é}\r\nspec:\r\n  containers:\r\n  - {name: c, image: youruniquename.azurecr.io/c:1}\r\n";
    let units = || std::iter::once(0xfeff).chain(text.encode_utf16());
    let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        let scratch = Scratch::with_config(SMALL).stdin_bytes(bytes);
        let outcome = scratch.expect(&["fn", "pullwright.yaml"], Exit::Ok);
        let want = format!("{text}  imagePullSecrets:\r\n  - name: acr-secret\r\n");
        assert!(outcome.stdout.starts_with(&want), "{}", outcome.stdout);
    }
}

/// In YAML, a single carriage return ends a line.
#[test]
fn a_stream_with_single_carriage_returns_is_read() {
    let pod = |name: &str, more: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers:\n  - image: youruniquename.azurecr.io/c:1\n{more}"
        )
    };
    let stream = |more: &str| {
        let text = format!("{}---\n{}", pod("one", more), pod("two", more));
        text.replace('\n', "\r")
    };
    let scratch = Scratch::with_config(SMALL).stdin(&stream(""));
    let outcome = scratch.expect(&["fn", "pullwright.yaml"], Exit::Ok);
    let want = stream("  imagePullSecrets:\n  - name: acr-secret\n");
    assert!(outcome.stdout.starts_with(&want), "{:?}", outcome.stdout);
}

/// Objects of the config precede a document that must be last; a directive must follow the end of a document.
#[test]
fn objects_before_a_stream_keep_its_directives_valid() {
    for (head, marker) in [
        ("# c\n%YAML 1.2\n---\n", "\n...\n"),
        ("# c\r%YAML 1.2\r---\r", "\n...\n"),
        ("\n---\n", "\n"),
        ("", "\n---\n"),
    ] {
        let text = format!("{head}apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    text");
        let scratch = Scratch::with_config(SMALL).stdin(&text);
        let outcome = scratch.expect(&["fn", "pullwright.yaml"], Exit::Ok);
        let end = format!("{marker}{text}");
        assert!(outcome.stdout.ends_with(&end), "{:?}", outcome.stdout);
        let again = Scratch::with_config(SMALL).stdin(&outcome.stdout);
        let again = again.expect(&["fn", "pullwright.yaml"], Exit::Ok);
        assert_eq!(
            again.stdout, outcome.stdout,
            "a second pass changes nothing"
        );
    }
}

/// Items that share a value by an alias, items in flow style, and results of an earlier function: the output
/// is a valid list, and nothing is lost.
#[test]
fn a_list_keeps_what_its_items_share() {
    let made = function(SMALL, &json!([]), Exit::Ok)["items"]
        .as_array()
        .map_or(0, Vec::len);
    let head = "# a list\n---\napiVersion: config.kubernetes.io/v1\nkind: ResourceList\n";
    let config = |indent: &str| {
        let text = SMALL.replace('\n', &format!("\n{indent}"));
        format!("functionConfig:\n{indent}{}\n", text.trim_end())
    };
    let pod = "apiVersion: v1\n  kind: Pod\n  metadata: {name: NAME}\n  spec: ";
    let spec = "{containers: [{name: c, image: youruniquename.azurecr.io/c:1}]}";
    for (items, results) in [
        (String::new(), "...\n# the end\n"),
        (
            format!(
                "items:\n- {}&a {spec}\n- {}*a\n",
                pod.replace("NAME", "a"),
                pod.replace("NAME", "b")
            ),
            "",
        ),
        (
            format!(
                "items: [{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {spec}}}]\n"
            ),
            "",
        ),
        (
            "items:\n".to_owned(),
            "results:\n- {message: before, severity: info}\n",
        ),
        (String::new(), "results: []\n"),
    ] {
        let input = format!("{head}{items}{}{results}", config("  "));
        let outcome = Scratch::new().stdin(&input).expect(&["fn"], Exit::Ok);
        let (before, after) = (read(&input), read(&outcome.stdout));
        let pods = before["items"].as_array().map_or(0, Vec::len);
        let after_items = after["items"].as_array().expect("it is a list");
        for item in &after_items[..pods] {
            assert_eq!(
                item["spec"]["imagePullSecrets"],
                json!([{"name": "acr-secret"}]),
                "{}",
                outcome.stdout
            );
        }
        assert_eq!(after_items.len(), pods + made, "{}", outcome.stdout);
        let old = before["results"].as_array().cloned().unwrap_or_default();
        let new = after["results"].as_array().cloned().unwrap_or_default();
        // A rewritten list is reported in the list as well.
        let rewritten = usize::from(outcome.stderr.contains("warning[document-form]"));
        assert_eq!(rewritten, usize::from(items.contains("&a")), "{input}");
        let count = old.len() + pods + rewritten;
        assert_eq!(new.len(), count, "{}", outcome.stdout);
        assert_eq!(new.get(..old.len()), Some(old.as_slice()));
        assert_eq!(after["functionConfig"], before["functionConfig"]);
    }
}

/// A final block scalar without a line end keeps its value.
#[test]
fn a_final_scalar_without_a_line_end_is_kept() {
    let config_map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    x";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - image: youruniquename.azurecr.io/c:1\n    args:\n    - |\n      x";
    for (text, pointer) in [
        (config_map.to_owned(), "/data/a"),
        (format!("---\n{config_map}"), "/data/a"),
        (format!("{pod}\n---\n{config_map}"), "/data/a"),
        (pod.to_owned(), "/spec/containers/0/args/0"),
    ] {
        let scratch = Scratch::with_config(SMALL).stdin(&text);
        let out = scratch.expect(&["fn", "pullwright.yaml"], Exit::Ok).stdout;
        let documents = serde_yaml::Deserializer::from_str(&out).map(|one| {
            let value = serde_json::Value::deserialize(one);
            value.unwrap_or_else(|error| panic!("{error}\n{out}"))
        });
        let documents: Vec<serde_json::Value> = documents.collect();
        assert!(
            documents
                .iter()
                .any(|one| one.pointer(pointer) == Some(&json!("x"))),
            "{out}"
        );
        assert!(documents.iter().all(|one| one.is_object()), "{out}");
        assert!(documents.iter().any(|one| one["kind"] == "Pod"), "{out}");
    }
}
