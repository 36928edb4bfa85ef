//! What templates may print is what their structs say: planned, used and documented alike.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Environment;
use pullwright::artifact::{Context, Expect, PlannedFile, ScriptKind, runtime};
use pullwright::config::include::Nowhere;
use pullwright::config::load;
use pullwright::config::schema;
use pullwright::diag::format::text::{self, Colour};
use pullwright::plan::{self, MAX_FILES, contracts};
use pullwright::render::{BUILT_IN, PARTS, Renderer, Templates};
use pullwright::secret::Redacted;
use pullwright::span::Source;
use pullwright::strategy::Outside;
use serde_json::{Value, json};

use crate::support::{files, root};

/// Uses every template, and every variable in each of its forms.
const CONFIG: &str = include_str!("every-template.yaml");

/// Every variable is set, and no file is there.
struct Variables;

impl Outside for Variables {
    fn variable(&self, name: &str) -> Option<Redacted> {
        Some(Redacted::new(format!("value-of-{name}")))
    }

    fn file(&self, _: &str) -> Result<Redacted, String> {
        Err("there are no files".to_owned())
    }
}

/// The files of `CONFIG`.
fn planned() -> Vec<PlannedFile> {
    let loaded = load::load(Source::new("every-template.yaml", CONFIG), &Nowhere);
    let loaded = loaded.unwrap_or_else(|report| panic!("{}", text::render(&report, Colour::Off)));
    let planned = plan::plan(&loaded, "every-template.yaml", &Variables, MAX_FILES);
    planned.unwrap_or_else(|report| panic!("{}", text::render(&report, Colour::Off)))
}

/// The variables of each template, by its name.
fn variables() -> BTreeMap<&'static str, BTreeSet<String>> {
    let all = contracts().into_iter();
    all.map(|one| {
        let names = one.variables.into_iter().map(|variable| variable.name);
        (one.template, names.collect())
    })
    .collect()
}

/// The first parts of some names.
fn first_parts(names: &BTreeSet<String>) -> BTreeSet<String> {
    let first = |name: &String| name.split(['.', '[']).next().map(str::to_owned);
    names.iter().filter_map(first).collect()
}

/// The names of all that a context holds, as contracts write them.
fn names_in(value: &Value, name: &str, found: &mut BTreeSet<String>) {
    if !name.is_empty() {
        found.insert(name.to_owned());
    }
    match value {
        // Their keys are the user's.
        Value::Object(_) if matches!(name, "labels" | "annotations") => {}
        Value::Object(map) => {
            for (key, value) in map {
                let dot = if name.is_empty() { "" } else { "." };
                names_in(value, &format!("{name}{dot}{key}"), found);
            }
        }
        Value::Array(items) => {
            for item in items.iter().filter(|one| one.is_object()) {
                names_in(item, &format!("{name}[]"), found);
                found.remove(&format!("{name}[]"));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_built_in_template_has_a_documented_contract() {
    let all = contracts();
    let templates: Vec<&str> = all.iter().map(|one| one.template).collect();
    let built_in: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    assert_eq!(templates, built_in);
    for contract in all {
        assert!(contract.about.ends_with('.'), "{}", contract.template);
        for variable in contract.variables {
            assert!(
                variable.about.ends_with('.') && !variable.takes.is_empty(),
                "{}: {variable:?}",
                contract.template
            );
        }
    }
}

#[test]
fn a_plan_gives_each_template_what_its_contract_says() {
    let contracts = variables();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for file in planned() {
        // The runtime is written as it is: no template makes it.
        if file.expect == Expect::Library {
            assert!(!contracts.contains_key(file.template));
            continue;
        }
        let context: Value = serde_json::from_str(file.context.json()).expect("it is JSON");
        let mut given = BTreeSet::new();
        names_in(&context, "", &mut given);
        given.extend(file.own.iter().map(|(name, _)| (*name).to_owned()));
        given.extend(file.secrets.iter().map(|(name, _)| (*name).to_owned()));
        let contract = &contracts[file.template];
        let unknown: Vec<&String> = given.difference(contract).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", file.template);
        assert_eq!(
            first_parts(&given),
            first_parts(contract),
            "{}",
            file.template
        );
        used.insert(file.template);
    }
    // The others are parts of these.
    for (name, _) in BUILT_IN {
        assert_eq!(used.contains(name), !PARTS.contains(name), "{name}");
    }
}

/// What Kubernetes or bash would refuse is an error.
#[test]
fn every_template_makes_what_is_valid() {
    let planned = planned();
    let files = Renderer::new(Templates::default()).render_all(&planned, &|_, _| false);
    let files = files.unwrap_or_else(|report| panic!("{}", text::render(&report, Colour::Off)));
    assert_eq!(files.len(), planned.len());
}

/// A template and all that it may include.
fn with_parts(name: &str, found: &mut BTreeSet<String>) {
    if !found.insert(name.to_owned()) {
        return;
    }
    let (_, text) = BUILT_IN
        .iter()
        .find(|(one, _)| *one == name)
        .expect("it is built in");
    for word in ["include \"", "from \""] {
        for part in text.split(word).skip(1) {
            with_parts(part.split('"').next().unwrap_or_default(), found);
        }
    }
}

#[test]
fn templates_use_all_variables_of_their_contracts_and_no_others() {
    let mut environment = Environment::new();
    for (name, text) in BUILT_IN {
        environment
            .add_template(name, text)
            .expect("it is a template");
    }
    let used = |name: &str| -> BTreeSet<String> {
        let template = environment.get_template(name).expect("it is there");
        let names = template.undeclared_variables(false).into_iter();
        names
            .filter(|name| !["fail", "again", "runtime"].contains(&name.as_str()))
            .collect()
    };
    for (template, contract) in variables() {
        let contract = first_parts(&contract);
        let own = used(template);
        let unknown: Vec<&String> = own.difference(&contract).collect();
        assert!(unknown.is_empty(), "{template}: {unknown:?}");
        let mut parts = BTreeSet::new();
        with_parts(template, &mut parts);
        let used: BTreeSet<String> = parts.iter().flat_map(|part| used(part)).collect();
        let unused: Vec<&String> = contract.difference(&used).collect();
        assert!(unused.is_empty(), "{template}: {unused:?}");
        // A part finds out nothing about the template that includes it.
        let (_, text) = BUILT_IN
            .iter()
            .find(|(one, _)| *one == template)
            .expect("it is there");
        assert!(
            !text.contains("is defined") && !text.contains("is undefined"),
            "{template}"
        );
    }
}

/// A choice in a template: `{% if SUBJECT == "WORD" %}` and what follows.
struct Choice {
    subject: String,
    words: BTreeSet<String>,
    otherwise: Option<String>,
}

/// All choices of a template by the value of a text.
fn choices(text: &str) -> Vec<Choice> {
    let mut open: Vec<Option<Choice>> = Vec::new();
    let mut done = Vec::new();
    for tag in text.split("{%").skip(1) {
        let (tag, behind) = tag.split_once("%}").expect("tags end");
        let tag = tag.trim_matches(['-', '+']);
        let (word, rest) = tag.trim().split_once(' ').unwrap_or((tag.trim(), ""));
        let compared = rest
            .split_once(" == \"")
            .map(|(subject, word)| (subject.to_owned(), word.trim_end_matches('"').to_owned()));
        match word {
            "if" => open.push(compared.map(|(subject, word)| Choice {
                subject,
                words: BTreeSet::from([word]),
                otherwise: None,
            })),
            "elif" => {
                if let (Some(Some(choice)), Some((subject, word))) = (open.last_mut(), compared) {
                    assert_eq!(choice.subject, subject, "a choice has one subject");
                    choice.words.insert(word);
                }
            }
            "else" => {
                if let Some(Some(choice)) = open.last_mut() {
                    choice.otherwise = Some(behind.to_owned());
                }
            }
            "endif" => done.extend(open.pop().expect("an `if` is open")),
            _ => {}
        }
    }
    done
}

/// The words that the tag of a type takes in a config.
fn words(value: &Value) -> BTreeSet<String> {
    let words = value.as_array().expect("it is a choice").iter();
    words.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn every_choice_in_a_template_knows_all_words_and_fails_for_others() {
    let schema = schema::generate();
    let types = words(&schema["$defs"]["ScriptCredential"]["properties"]["type"]["enum"]);
    let methods = words(&schema["$defs"]["Method"]["enum"]);
    let modes = words(&schema["$defs"]["RoleAssignmentMode"]["enum"]);
    let kinds = ScriptKind::ALL.iter();
    let kinds: BTreeSet<String> = kinds.map(|kind| kind.word().to_owned()).collect();
    let mut seen = BTreeMap::new();
    for (name, text) in BUILT_IN {
        for choice in choices(text) {
            let all = match choice.subject.as_str() {
                "registry.credential.type" => &types,
                "registry.mode" => &modes,
                "script.kind" => &kinds,
                "method" => &methods,
                other => panic!("{name} chooses by `{other}`"),
            };
            assert_eq!(&choice.words, all, "{name}");
            let otherwise = choice.otherwise.unwrap_or_default();
            assert!(otherwise.contains("{{ fail("), "{name}: {otherwise}");
            *seen.entry(choice.subject).or_insert(0) += 1;
        }
    }
    let want = [
        "method",
        "registry.credential.type",
        "registry.mode",
        "script.kind",
    ];
    let want = want.map(|subject| (subject.to_owned(), 1));
    assert_eq!(seen, BTreeMap::from(want));
}

#[test]
fn a_word_that_a_template_does_not_know_fails() {
    let renderer = Renderer::new(Templates::default());
    let schema = schema::generate();
    let types = words(&schema["$defs"]["ScriptCredential"]["properties"]["type"]["enum"]);
    let mut seen = BTreeSet::new();
    let mut fails = BTreeSet::new();
    for file in planned() {
        let context: Value = serde_json::from_str(file.context.json()).expect("it is JSON");
        for (at, registry) in context["registries"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let Some(kind) = registry["credential"]["type"].as_str() else {
                continue;
            };
            seen.insert(kind.to_owned());
            for (made_up, why) in [
                (
                    json!({"type": "madeUp"}),
                    "unknown credential type `madeUp`",
                ),
                (json!({}), "undefined variable `registry.credential.type`"),
                (Value::Null, "undefined variable `registry.credential.type`"),
            ] {
                let mut changed = context.clone();
                changed["registries"][at]["credential"] = made_up;
                let mut file = file.clone();
                file.context = Context::of(&changed);
                let report = renderer.render(&file, &|_, _| false).expect_err("it fails");
                let message = text::render(&report, Colour::Off);
                assert!(message.contains(why), "{kind}: {message}");
            }
        }
        for (template, pointer, why) in [
            ("attach/attach.sh.j2", "/method", "unknown method `madeUp`"),
            (
                "attach/attach.sh.j2",
                "/registries/0/mode",
                "unknown role assignment mode `madeUp`",
            ),
            (
                "script/pull-access.sh.j2",
                "/scripts/0/kind",
                "unknown kind of script `madeUp`",
            ),
        ] {
            if file.template != template {
                continue;
            }
            fails.insert(why);
            let mut changed = context.clone();
            *changed.pointer_mut(pointer).expect("it is there") = json!("madeUp");
            let mut file = file.clone();
            file.context = Context::of(&changed);
            let report = renderer.render(&file, &|_, _| false).expect_err("it fails");
            let message = text::render(&report, Colour::Off);
            assert!(message.contains(why), "{message}");
        }
    }
    assert_eq!(seen, types);
    assert_eq!(fails.len(), 3);
}

/// What is in the directory of the runtime is the runtime, and entry scripts ask for its version.
#[test]
fn the_runtime_is_all_parts_of_its_directory() {
    let folder = root().join("templates/script/runtime");
    let mut there = files(&folder);
    there.sort_unstable();
    let mut listed: Vec<String> = (runtime::PARTS.iter())
        .map(|(name, _)| format!("{name}.sh"))
        .collect();
    listed.sort_unstable();
    assert_eq!(there, listed);
    for (name, part) in runtime::PARTS {
        assert!(part.starts_with("# shellcheck shell=bash\n#"), "{name}");
    }
    let version = format!(" --runtime {}", runtime::VERSION);
    let scripts = BUILT_IN
        .iter()
        .filter(|(_, text)| text.contains(" --runtime "));
    assert_eq!(scripts.clone().count(), ScriptKind::ALL.len() + 1);
    for (name, text) in scripts {
        assert!(text.contains(&version), "{name}");
    }
}
