//! What the fuzz targets do with a text, and what must hold. The tests run them on all seeds.

use std::sync::Arc;

use pullwright::artifact::{Carries, Context, Expect, PlannedFile, ScriptKind, Sharing};
use pullwright::audit::facts::{Spot, TextId};
use pullwright::audit::fix::{Action, Maker, Repair, repaired};
use pullwright::cli::{Exit, Io, run};
use pullwright::config::include::Nowhere;
use pullwright::config::load::{self, Loaded};
use pullwright::diag::format::text::{self, Colour};
use pullwright::diag::format::{Output, RunResult};
use pullwright::diag::{Format, Report};
use pullwright::document::list::List;
use pullwright::document::{self, Reading};
use pullwright::krm::Stream;
use pullwright::lock::Lock;
use pullwright::manifest::{Kinds, Object, Pod, objects_of};
use pullwright::plan;
use pullwright::pointer::Pointer;
use pullwright::pull::docker_config::{self, SecretType};
use pullwright::pull::keyring::{Keyring, normalized_name, without_tag};
use pullwright::render::{Renderer, Templates};
use pullwright::secret::Redacted;
use pullwright::span::{Source, Span};
use pullwright::strategy::Outside;
use pullwright::why;

/// A world where every variable is set, and every file is a docker config.
struct Everything;

impl Outside for Everything {
    fn variable(&self, name: &str) -> Option<Redacted> {
        Some(Redacted::new(format!("value of {name}")))
    }

    fn file(&self, _: &str) -> Result<Redacted, String> {
        let text = r#"{"auths":{"youruniquename.azurecr.io":{"username":"u","password":"p"}}}"#;
        Ok(Redacted::new(text.to_owned()))
    }
}

fn source(text: &str) -> Source {
    Source::new("input", text)
}

/// Every message can be shown in every form, each line of an annotation is one line.
fn show(report: &Report) {
    let _ = text::render(report, Colour::On);
    let run = RunResult {
        stopped: Some(report),
        ..RunResult::default()
    };
    for format in Format::ALL {
        if let Output::Commands(commands) = format.write(&run) {
            let lines = commands.as_str().lines().count();
            let more = report.files().filter(|(_, _, omitted)| omitted.is_some());
            assert_eq!(lines, report.sorted().len() + more.count());
        }
    }
}

/// A config is refused with messages, or renders into files that all verify.
pub(crate) fn config(text: &str) {
    let loaded: Loaded = match load::load(source(text), &Nowhere) {
        Ok(loaded) => loaded,
        Err(report) => {
            assert!(report.has_errors());
            return show(&report);
        }
    };
    show(&loaded.warnings);
    match plan::plan(&loaded, "input.yaml", &Everything, plan::MAX_FILES) {
        Ok(planned) => {
            // What the checks of a config let through, templates can print.
            let rendered = Renderer::new(Templates::default()).render_all(&planned, &|_, _| false);
            if let Err(report) = rendered {
                panic!("{}", text::render(&report, Colour::Off));
            }
        }
        Err(report) => show(&report),
    }
}

/// A lock is refused, or says the same after it was written.
pub(crate) fn lock(text: &str) {
    match Lock::parse(text, "pullwright.lock") {
        Ok(lock) => {
            let again = Lock::parse(&lock.to_text(), "pullwright.lock");
            assert_eq!(again.ok(), Some(lock));
        }
        Err(diagnostic) => show(&diagnostic.into()),
    }
}

/// The config of the streams.
const CONFIG: &str = include_str!("../tests/cases/fn/pullwright.yaml");

/// Objects on a pipe come out again, with more in them and others after them.
pub(crate) fn stream(text: &str) {
    let Ok(loaded) = load::load(source(CONFIG), &Nowhere) else {
        panic!("the config is valid");
    };
    let stream = Stream::new(source(text));
    let outcome = match stream.transform(&loaded.config, Vec::new()) {
        Ok(outcome) => outcome,
        Err(report) => return show(&report),
    };
    show(&outcome.warnings);
    let out: String = stream.write(&outcome).collect();
    let (before, after) = (documents(text), documents(&out));
    assert_eq!(before.len(), after.len(), "{text}\n=>\n{out}");
    for (before, after) in before.iter().zip(&after) {
        assert!(is_kept(before, after), "{before}\n{after}");
    }
    // What was served once needs nothing more.
    let stream = Stream::new(source(&out));
    let Ok(outcome) = stream.transform(&loaded.config, Vec::new()) else {
        panic!("what came out is not YAML:\n{out}");
    };
    let again: String = stream.write(&outcome).collect();
    assert_eq!(again, out, "a second pass changes nothing");
}

/// All documents of a text, as kubectl reads them.
fn documents(text: &str) -> Vec<serde_json::Value> {
    let (all, report) = read(text);
    assert!(
        !report.has_errors(),
        "{}\n{text}",
        text::render(&report, Colour::Off)
    );
    all
}

fn read(text: &str) -> (Vec<serde_json::Value>, Report) {
    let source = Arc::new(source(text));
    let mut report = Report::default();
    let all = document::parts(&source)
        .iter()
        .filter_map(|part| document::part(&source, part, Reading::AsKubectl, &mut report))
        .map(|root| root.value())
        .collect();
    (all, report)
}

/// Manifests are audited with a verdict or a reason, and long lists read in parts as they read whole.
pub(crate) fn audit(text: &str) {
    for format in ["text", "json"] {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let exit = run(
            ["pullwright", "audit", "-", "--format", format].map(Into::into),
            io(&mut text.as_bytes(), &mut stdout, &mut stderr),
        );
        assert!(exit != Exit::Failed || !stderr.is_empty() || !stdout.is_empty());
        let stdout = String::from_utf8(stdout).expect("the output is text");
        if format == "json" {
            let value: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
            assert_eq!(value["ok"] == true, exit == Exit::Ok);
        }
    }
    let source = Arc::new(source(text));
    for part in document::parts(&source) {
        let Some(list) = List::find(&source, &part) else {
            continue;
        };
        let apart = list.elements.iter();
        let apart: Option<Vec<_>> = apart
            .map(|one| list.element(&source, *one, Reading::AsKubectl))
            .collect();
        let (Some(apart), Some(rest)) = (apart, list.rest(&source, Reading::AsKubectl)) else {
            continue;
        };
        let mut whole = Vec::new();
        let mut report = Report::default();
        let mut take = |_: usize, item| {
            whole.push(item);
            None
        };
        let root =
            document::stream_items(&source, &part, Reading::AsKubectl, &mut take, &mut report);
        let root = root.unwrap_or_else(|| panic!("it is read in parts alone:\n{text}"));
        assert_eq!(format!("{apart:?}"), format!("{whole:?}"), "{text}");
        let keys = |root: &document::Node| -> Vec<_> {
            let entries = root.entries().iter();
            entries.map(|one| (one.key.clone(), one.key_span)).collect()
        };
        assert_eq!(keys(&rest), keys(&root), "{text}");
    }
}

/// An image on the first line, and keys of registries on the others: a credential that is found has a key that
/// matches.
pub(crate) fn keyring(text: &str) {
    let mut lines = text.lines();
    let image = lines.next().unwrap_or_default();
    assert!(image.starts_with(without_tag(image)));
    let keys: Vec<&str> = lines.collect();
    let ring = Keyring::new(keys.iter().map(|key| ((*key).to_owned(), *key)));
    let image = normalized_name(image);
    let found = ring.lookup(&image);
    assert!(found.len() <= keys.len());
    for (key, written) in found {
        assert!(keys.contains(written));
        // The same credential alone is found as well.
        let alone = Keyring::new([((*written).to_owned(), ())]);
        assert_eq!(alone.lookup(&image).len(), 1, "{image} {key:?}");
    }
    for kind in [SecretType::DockerConfigJson, SecretType::DockerCfg] {
        if let Ok(entries) = docker_config::entries(kind, text) {
            let ring = Keyring::new(entries.into_iter().map(|one| (one.key, one.credential)));
            let _ = ring.lookup("youruniquename.azurecr.io/team/app:1.0");
        }
    }
}

/// A repair of a pod adds what it is to add, and keeps all else in all documents.
pub(crate) fn repair(text: &str) {
    let kinds = Kinds::with(Vec::new());
    let (before, report) = read(text);
    if report.has_errors() {
        return;
    }
    let source = Arc::new(source(text));
    for part in document::parts(&source) {
        let mut report = Report::default();
        let Some(root) = document::part(&source, &part, Reading::AsKubectl, &mut report) else {
            continue;
        };
        for object in objects_of(&root, None, &kinds) {
            for (action, adds) in actions(&object, &kinds) {
                let repair = Repair {
                    object: name_of(&object),
                    action,
                };
                let Some(fix) = Maker::new(&source, &kinds).fix(&repair) else {
                    continue;
                };
                let out = repaired(&source, &[&fix])
                    .expect("each fix fits alone")
                    .text;
                let after = documents(&out);
                assert_eq!(before.len(), after.len(), "{text}\n=>\n{out}");
                for (before, after) in before.iter().zip(&after) {
                    let kept = is_kept(before, after);
                    assert!(kept || adds == Adds::Shape, "{text}\n=>\n{out}");
                }
                assert!(adds == Adds::Shape || before != after, "{text}\n=>\n{out}");
            }
        }
    }
}

/// What a repair does to values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Adds {
    /// It adds one.
    Value,
    /// It gives one another shape.
    Shape,
}

/// All repairs of the pods of an object.
fn actions(object: &Object<'_>, kinds: &Kinds) -> Vec<(Action, Adds)> {
    let mut all = Vec::new();
    for pod in Pod::all(object, kinds).unwrap_or_default() {
        if let Some(list) = &pod.secrets_at {
            let secret = "acr-secret".to_owned();
            let list = list.clone();
            all.push((Action::Shape(list.clone()), Adds::Shape));
            all.push((Action::Shape(list.index(0)), Adds::Shape));
            all.push((Action::AddSecret { list, secret }, Adds::Value));
        }
        all.push((Action::Shape(pod.at.key("imagePullSecret")), Adds::Shape));
        if let (Some(at), None) = (&pod.account_at, &pod.account) {
            let (at, account): (Pointer, _) = (at.clone(), "app".to_owned());
            all.push((Action::SetAccount { at, account }, Adds::Value));
        }
    }
    all
}

/// Where the name of an object is.
fn name_of(object: &Object<'_>) -> Spot {
    let name = object.node.get("metadata").and_then(|it| it.get("name"));
    let named = name.or_else(|| object.node.get("kind"));
    let span: Span = named.map_or(object.node.span, |node| node.span);
    Spot {
        text: TextId(0),
        span,
    }
}

/// A world without files and variables.
fn io<'a>(stdin: &'a mut &[u8], stdout: &'a mut Vec<u8>, stderr: &'a mut Vec<u8>) -> Io<'a> {
    Io {
        stdin,
        stdout,
        stderr,
        terminals: [false; 3],
        folder: std::path::PathBuf::from("/nowhere"),
        program: std::path::PathBuf::new(),
        environment: Vec::new(),
    }
}

/// A function fails with a reason, or hands on a list that is one: nothing that came in is gone.
pub(crate) fn resource_list(text: &str) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let exit = run(
        ["pullwright", "fn"].map(Into::into),
        io(&mut text.as_bytes(), &mut stdout, &mut stderr),
    );
    assert!(exit == Exit::Ok || !stderr.is_empty());
    let stdout = String::from_utf8(stdout).expect("the output is text");
    if stdout.is_empty() {
        assert_ne!(exit, Exit::Ok);
        return;
    }
    let parse = |text: &str| documents(text).pop().unwrap_or_default();
    let (before, after) = (parse(text), parse(&stdout));
    let count = |list: &serde_json::Value| list["items"].as_array().map_or(0, Vec::len);
    assert!(count(&after) >= count(&before));
    for (at, item) in before["items"].as_array().into_iter().flatten().enumerate() {
        assert!(
            is_kept(item, &after["items"][at]),
            "{item}\n{}",
            after["items"][at]
        );
    }
}

/// Whatever a text is, the causes in it are found, quoted in one line, and have steps.
pub(crate) fn why(text: &str) {
    for failure in why::read(text) {
        assert!(!failure.seen.contains('\n'));
        assert!(!failure.steps().is_empty());
        // It is a quotation, and not the text again.
        assert!(failure.seen.chars().count() <= 250);
    }
}

/// Whether everything is still there, in its place; what held nothing may have been filled.
fn is_kept(before: &serde_json::Value, after: &serde_json::Value) -> bool {
    match (before, after) {
        (serde_json::Value::Object(before), serde_json::Value::Object(after)) => before
            .iter()
            .all(|(key, value)| after.get(key).is_some_and(|now| is_kept(value, now))),
        (serde_json::Value::Array(before), serde_json::Value::Array(after)) => {
            before.len() <= after.len()
                && before.iter().zip(after).all(|(one, now)| is_kept(one, now))
        }
        // What holds nothing may be filled.
        (serde_json::Value::Null, now) => !now.is_number() && !now.is_boolean(),
        (serde_json::Value::String(text), now) if text.is_empty() => now.is_string(),
        (before, after) => before == after,
    }
}

/// A template of a user is refused, or makes what is expected of it.
pub(crate) fn template(text: &str) {
    // Some broken scripts with open brackets keep the parser of scripts busy until it is given up.
    // That has a test of its own; here the parsers that were left alone would fill the memory.
    let mut depth = 0_i32;
    let opens = |byte: u8| {
        depth += i32::from(byte == b'(') - i32::from(byte == b')');
        depth = depth.max(0);
        depth > 5
    };
    let is_open = |open, close| text.matches(open).count() > text.matches(close).count();
    let here =
        text.contains("<< <") || (text.contains("<<") && (is_open('(', ')') || is_open('{', '}')));
    if here || text.bytes().any(opens) {
        return;
    }
    for (name, expect) in [
        (
            "workload/pod.yaml.j2",
            Expect::Object {
                kind: "Pod",
                name: "sample".to_owned(),
                namespace: "default".to_owned(),
                carries: Carries::Credentials(Arc::default()),
            },
        ),
        (
            "attach/attach.sh.j2",
            Expect::Script {
                kind: ScriptKind::Attach,
                cluster: String::new(),
                names: Arc::default(),
            },
        ),
    ] {
        let own = [(name.to_owned(), text.to_owned())];
        let renderer = Renderer::new(Templates::with(own.into_iter().collect()));
        let file = PlannedFile {
            path: "file".to_owned(),
            template: name,
            context: Context::of(&serde_json::json!({
                "config": "pullwright.yaml", "name": "sample", "pullSecret": "a\nb: 'c' \"$(id)\" # d",
                "containers": [{"name": "c", "image": "youruniquename.azurecr.io/c:1", "args": ["-x", "yes"]}],
                "initContainers": [], "serviceAccount": null, "yes": true, "number": 7,
            })),
            own: vec![("namespace", "default".to_owned())],
            secrets: vec![("data", Redacted::new("e30K".to_owned()))],
            access: None,
            expect,
            sharing: Sharing::Own,
        };
        match renderer.render(&file, &|_, _| false) {
            Ok(rendered) => assert!(
                !rendered
                    .text
                    .expose()
                    .contains(['\u{e000}', '\u{e001}', '\u{e002}'])
            ),
            Err(report) => show(&report),
        }
    }
}
