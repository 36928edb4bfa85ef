//! Every console block of the documentation is run, and what it shows is what is printed.

use pullwright::cli::Exit;

use crate::pages::blocks;
use crate::sessions::{Step, replayed};
use crate::support::{Outcome, Scratch, files, fresh, pages, root, source};

/// Commands of other programs, which a hermetic test cannot run: how they begin.
const OTHERS: &[&str] = &[
    "az ",
    "bash ",
    "cargo binstall pullwright",
    "cargo install --locked ",
    "cargo test",
    "gh attestation verify ",
    "helm ",
    "kubectl ",
    "kustomize build ",
    "man ",
    "npm install ",
    "npx pullwright ",
    "pip install pullwright",
    "podman ",
    "sha256sum ",
    "sudo dpkg -i ",
    "uvx pullwright ",
];

/// Generated pages whose parts are run one by one: by another test, and as pages of their own.
const RUN_ELSEWHERE: &[(&str, &str)] = &[
    ("docs/rules.md", "tests/it/rules.rs"),
    ("docs/examples.md", "examples/secret/README.md"),
];

/// What `kubectl get`, `helm template` or `kustomize build` print in a test.
const OBJECTS: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: web}
spec:
  containers: [{name: web, image: 'mcr.microsoft.com/web:1'}]
";

/// Manifests whose pods cannot pull.
const MANIFESTS: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers: [{name: web, image: 'youruniquename.azurecr.io/web:1'}]
";

/// A scratch folder with a copy of the examples, and what pages name without showing it.
fn clone() -> Scratch {
    let scratch = Scratch::new().variable("HOME", "home");
    for file in files(&root().join("examples")) {
        let bytes = std::fs::read(root().join("examples").join(&file)).expect("it is there");
        scratch.write(&format!("examples/{}", file.display()), bytes);
    }
    scratch.write("k8s/web.yaml", OBJECTS);
    scratch.write("manifests/web.yaml", MANIFESTS);
    scratch.write("events.txt", source("examples/describe-pod.txt"));
    scratch
}

/// Runs the part of a pipe that is ours, with what the part before it would print on stdin; nothing if
/// no part is ours.
fn run(command: &str, scratch: &mut Scratch) -> Option<Outcome> {
    let (command, file) = command.split_once(" > ").unwrap_or((command, ""));
    if let Some(name) = command.strip_prefix("cat ") {
        return Some(Outcome {
            exit: Exit::Ok,
            stdout: scratch.read(name),
            stderr: String::new(),
        });
    }
    let parts: Vec<&str> = command.split(" | ").collect();
    let arguments = |part: &str| {
        let own = part.strip_prefix("pullwright ");
        let own = own.or_else(|| part.strip_prefix("cargo run -- "));
        own.map(str::to_owned)
    };
    for part in &parts {
        let is_known = OTHERS.iter().any(|other| part.starts_with(other));
        assert!(
            is_known || arguments(part).is_some(),
            "nobody runs `{part}`"
        );
    }
    let (at, arguments) = parts
        .iter()
        .enumerate()
        .find_map(|(at, part)| Some((at, arguments(part)?)))?;
    let input = match parts[0] {
        _ if at == 0 => String::new(),
        first if first.starts_with("kubectl describe") || first.contains(" events ") => {
            source("examples/describe-pod.txt")
        }
        _ => OBJECTS.to_owned(),
    };
    scratch.set_stdin(&input);
    let words: Vec<&str> = arguments
        .split_whitespace()
        .map(|word| word.trim_matches('"'))
        .collect();
    let outcome = scratch.run(&words);
    if !file.is_empty() {
        scratch.write(file, &outcome.stdout);
    }
    Some(outcome)
}

/// Runs the commands of a page in order; returns the page as it would be with what they print now,
/// and how many ran.
fn run_page(page: &str, text: &str) -> (String, usize) {
    let mut scratch = clone();
    let mut count = 0;
    let new = replayed(text, |step| match step {
        Step::Directory(kept) => {
            let next = Scratch::new();
            for name in kept {
                next.write(name, scratch.read(name));
            }
            scratch = next;
            None
        }
        Step::File(name, text) => {
            scratch.write(name, text);
            None
        }
        Step::Command(command, is_shown) => {
            let outcome = run(command, &mut scratch)?;
            let printed = format!("{}{}", outcome.stderr, outcome.stdout);
            // Findings are shown; whatever else does not succeed is a mistake of the page.
            let is_good = outcome.exit == Exit::Ok || is_shown && outcome.exit == Exit::Differs;
            assert!(is_good, "{page}: {command}\n{printed}");
            count += 1;
            Some(printed)
        }
    });
    (new, count)
}

/// `SNAPSHOTS=overwrite cargo test console` writes what the commands print now.
#[test]
fn every_command_of_the_docs_runs_and_prints_what_is_shown() {
    let mut count = 0;
    let is_run_here = |page: &String| !RUN_ELSEWHERE.iter().any(|(other, _)| other == page);
    for page in pages().into_iter().filter(is_run_here) {
        let text = source(&page);
        if text.contains("```console") {
            let (new, ran) = run_page(&page, &text);
            fresh(&page, &new);
            count += ran;
        }
    }
    assert!(count >= 50, "{count}");
}

/// The runner itself: it sees a wrong output, a failure and a program that nobody runs.
#[test]
fn wrong_blocks_are_found() {
    let page = |lines: &str| format!("# A\n\n- b\n\n  ```console\n  {lines}\n  ```\n");
    let text = page("$ pullwright validate examples/secret/pullwright.yaml\n  something else");
    let (new, ran) = run_page("a.md", &text);
    assert_eq!(ran, 1);
    assert!(
        new.contains("\n  ok examples/secret/pullwright.yaml"),
        "{new}"
    );
    assert!(!new.contains("something else"), "{new}");
    for line in [
        "$ pullwright validate nothing.yaml",
        "$ pullwright check examples/secret/pullwright.yaml",
        "$ curl https://example.com",
        "$ pullwright version | less",
    ] {
        let caught = std::panic::catch_unwind(|| run_page("a.md", &page(line)));
        assert!(caught.is_err(), "{line}");
    }
}

/// The lists above are as short as they can be.
#[test]
fn every_exception_is_needed() {
    let mut commands = String::new();
    for page in pages() {
        for block in blocks(&source(&page)) {
            if block.language == "console" {
                commands.push_str(&block.text);
            }
        }
    }
    for other in OTHERS {
        let is_used = ["$", "|"].iter().any(|before| {
            let call = format!("{before} {other}");
            commands.contains(&call)
        });
        assert!(is_used, "no page calls `{other}`");
    }
    for (page, test) in RUN_ELSEWHERE {
        assert!(root().join(page).is_file() && root().join(test).is_file());
    }
}
