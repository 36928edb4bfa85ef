//! The generated parts of pages: the references of config and policy, exit codes, formats and verdicts.

use std::fmt::Write;

use pullwright::audit::policy;
use pullwright::audit::verdict::Verdict;
use pullwright::cli::Exit;
use pullwright::config::schema;
use pullwright::diag::{Format, Severity};
use pullwright::model::COMMENT;
use pullwright::names;
use serde_json::Value;

use crate::support::{Scratch, fresh, source};

#[test]
fn the_reference_of_the_config_is_fresh() {
    let page = source("docs/config.md");
    let page = replaced(&page, "config reference", &reference(&schema::generate()));
    fresh("docs/config.md", &page);
}

#[test]
fn the_generated_parts_of_the_page_about_output_are_fresh() {
    let mut codes = String::from("| exit code | meaning |\n|---|---|\n");
    for (exit, about) in Exit::ALL {
        writeln!(codes, "| {} | {about} |", *exit as u8).expect("memory can be written");
    }
    let page = replaced(&source("docs/output.md"), "exit codes", &codes);
    let mut formats = String::from("| `--format` | output |\n|---|---|\n");
    for format in Format::ALL {
        let row = format!("| `{}` | {} |", format.name(), format.about());
        writeln!(formats, "{row}").expect("memory can be written");
    }
    fresh("docs/output.md", &replaced(&page, "formats", &formats));
}

#[test]
fn the_reference_of_the_policy_is_fresh() {
    let page = source("docs/policy.md");
    let page = replaced(&page, "policy reference", &reference(&policy::generate()));
    fresh("docs/policy.md", &page);
}

/// The example of the page is audited; so is the table of verdicts made from the program.
#[test]
fn the_generated_parts_of_the_page_about_audit_are_fresh() {
    let page = source("docs/audit.md");
    let (_, rest) = page.split_once("```yaml\n").expect("it has an example");
    let (objects, _) = rest.split_once("```").expect("it ends");
    let scratch = Scratch::new();
    scratch.write("web.yaml", objects);
    let audit = scratch.expect(&["audit", "web.yaml"], Exit::Differs);
    let text = format!("{}{}", audit.stderr, audit.stdout);
    let page = replaced(&page, "audit", &format!("```text\n{text}```"));
    let explain = scratch.run(&["explain", "Deployment/web", "web.yaml"]);
    let page = replaced(&page, "explain", &format!("```text\n{}```", explain.stdout));
    let mut verdicts = String::from("| verdict | meaning |\n|---|---|\n");
    for verdict in Verdict::ALL {
        let word = verdict.word();
        let shown = match verdict.code() {
            Some(code) => format!(
                "[`{word}`](rules.md#{word}), {}",
                match code.severity() {
                    Severity::Error => "an error",
                    Severity::Warning => "a warning",
                    Severity::Info => "a note",
                }
            ),
            None => format!("`{word}`"),
        };
        writeln!(verdicts, "| {shown} | {} |", verdict.about()).expect("memory can be written");
    }
    fresh("docs/audit.md", &replaced(&page, "verdicts", &verdicts));
}

/// A page with another text between two marks.
pub(crate) fn replaced(text: &str, name: &str, new: &str) -> String {
    let (begin, end) = (
        format!("<!-- {name}: begin -->\n"),
        format!("<!-- {name}: end -->"),
    );
    let (head, rest) = text.split_once(&begin).expect("the mark is there");
    let (_, tail) = rest.split_once(&end).expect("the mark is there");
    format!("{head}{begin}\n{}\n\n{end}{tail}", new.trim())
}

/// What messages call the mapping that is not below any key.
const ROOT: &str = "the document root";

/// All mappings of a document as tables, from its schema.
fn reference(root: &Value) -> String {
    let mut out = String::new();
    let mut waiting = vec![(ROOT.to_owned(), root.clone())];
    let mut done: Vec<String> = Vec::new();
    while !waiting.is_empty() {
        let (place, node) = waiting.remove(0);
        let node = resolved(root, &node);
        let key = node.to_string();
        if done.contains(&key) {
            continue;
        }
        done.push(key);
        let title = match place.as_str() {
            ROOT => ROOT.to_owned(),
            key => format!("`{key}`"),
        };
        writeln!(
            out,
            "### {title}\n\n| key | value | meaning |\n|---|---|---|"
        )
        .expect("memory can be written");
        table(root, &node, &place, "", &mut out, &mut waiting);
        out.push('\n');
    }
    out.insert(0, '\n');
    out
}

/// The rows of one mapping, those of its branches with their condition.
fn table(
    root: &Value,
    node: &Value,
    place: &str,
    condition: &str,
    out: &mut String,
    waiting: &mut Vec<(String, Value)>,
) {
    let required: Vec<&str> = node["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let fields = node["properties"].as_object().into_iter().flatten();
    let (of_kubernetes, own): (Vec<_>, Vec<_>) = fields.partition(|(_, field)| is_passed_on(field));
    for (key, field) in own {
        let target = resolved(root, field);
        let about = field["description"]
            .as_str()
            .or(target["description"].as_str())
            .unwrap_or_default();
        let must = if required.contains(&key.as_str()) {
            " **Required.**"
        } else {
            ""
        };
        let below = if place == ROOT {
            key.clone()
        } else {
            format!("{place}.{key}")
        };
        let takes = takes(root, &target, &below, waiting);
        writeln!(
            out,
            "| `{key}` | {takes} | {condition}{}{must} |",
            about.replace('|', "\\|")
        )
        .expect("memory can be written");
    }
    if !of_kubernetes.is_empty() {
        writeln!(
            out,
            "| … | as in Kubernetes | {condition}Other fields, as `kubectl explain` lists them. |"
        )
        .expect("memory can be written");
    }
    for rule in node["allOf"].as_array().into_iter().flatten() {
        let (tag, word) = rule["if"]["properties"]
            .as_object()
            .and_then(|all| all.iter().next())
            .expect("a branch has a tag");
        let condition = format!(
            "With `{tag}: {}`: ",
            word["const"].as_str().unwrap_or_default()
        );
        table(
            root,
            &resolved(root, &rule["then"]),
            place,
            &condition,
            out,
            waiting,
        );
    }
}

/// Whether a field is one of Kubernetes, which has its own documentation.
fn is_passed_on(field: &Value) -> bool {
    field["$comment"] == COMMENT
}

/// Whether a mapping has fields of Kubernetes only.
fn is_kubernetes(node: &Value) -> bool {
    let fields = node["properties"].as_object();
    fields.is_some_and(|all| all.values().all(is_passed_on))
}

/// What a key takes, in a few words; mappings get tables of their own.
fn takes(root: &Value, node: &Value, place: &str, waiting: &mut Vec<(String, Value)>) -> String {
    if let Some(choices) = node["enum"].as_array() {
        let words: Vec<String> = choices
            .iter()
            .filter_map(Value::as_str)
            .map(|word| format!("`{word}`"))
            .collect();
        return words.join(", ");
    }
    match node["type"].as_str() {
        Some("array") => {
            let items = resolved(root, &node["items"]);
            if items["properties"].is_object() {
                waiting.push((format!("{place}[]"), items));
                return "list of mappings".to_owned();
            }
            format!("list: {}", takes(root, &items, place, waiting))
        }
        Some("object") if is_kubernetes(node) => "as in Kubernetes".to_owned(),
        Some("object") if node["properties"].is_object() => {
            waiting.push((place.to_owned(), node.clone()));
            "mapping".to_owned()
        }
        Some("object") => {
            let value = node["patternProperties"]
                .as_object()
                .and_then(|all| all.values().next())
                .unwrap_or(&node["additionalProperties"]);
            let value = resolved(root, value);
            if value["properties"].is_object() {
                waiting.push((format!("{place}.NAME"), value));
            }
            "mapping by name".to_owned()
        }
        Some("integer") => match (node["minimum"].as_i64(), node["maximum"].as_i64()) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            _ => "whole number".to_owned(),
        },
        Some("boolean") => "`true`".to_owned(),
        _ => node["format"]
            .as_str()
            .and_then(names::rule)
            .map_or_else(|| "text".to_owned(), |rule| rule.noun.to_owned()),
    }
}

/// A node without its reference; what it says itself wins.
fn resolved(root: &Value, node: &Value) -> Value {
    match node["$ref"]
        .as_str()
        .and_then(|one| root.pointer(one.trim_start_matches('#')))
    {
        Some(target) => target.clone(),
        None => node.clone(),
    }
}
