//! `why` with manifests: what they say about the objects of a failure.

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{Outcome, Scratch, files, fresh, root, source};

const CASES: &str = "tests/cases/why-manifests";
const HOST: &str = "youruniquename.azurecr.io";

/// A scratch directory with the files of a case.
fn case(name: &str) -> Scratch {
    let scratch = Scratch::new();
    let folder = root().join(CASES).join(name);
    for file in files(&folder) {
        let path = file.to_string_lossy().into_owned();
        let bytes = std::fs::read(folder.join(&file)).expect("it is there");
        if !path.starts_with("why.") {
            scratch.write(&path, bytes);
        }
    }
    scratch
}

/// Each folder has the output in both formats, and no credential is in it.
#[test]
fn every_case_prints_what_the_manifests_say() {
    let folders = std::fs::read_dir(root().join(CASES)).expect("it is there");
    let mut names: Vec<String> = folders
        .map(|one| one.expect("it is there").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.len() >= 4, "{names:?}");
    for name in names {
        let scratch = case(&name);
        let arguments = ["why", "text.txt", "."];
        let text = scratch.expect(&arguments, Exit::Ok);
        let json = scratch.expect(&[&arguments[..], &["--format", "json"]].concat(), Exit::Ok);
        let all = text.stdout.clone() + &text.stderr + &json.stdout + &json.stderr;
        for secret in ["hunter2", "aHVudGVyMg"] {
            assert!(!all.contains(secret), "{name}: {all}");
        }
        // The steps are the same without manifests, and have cases of their own.
        let is_step = |line: &&str| !line.starts_with("  do: ") && !line.starts_with("  seen:");
        let mut is_shown = true;
        let shown: Vec<&str> = text
            .stdout
            .lines()
            .filter(|line| {
                if !line.starts_with("            ") {
                    is_shown = is_step(line);
                }
                is_shown
            })
            .collect();
        fresh(
            &format!("{CASES}/{name}/why.out"),
            &(shown.join("\n") + "\n"),
        );
        let value: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
        let failures = value["failures"].as_array().expect("it is a list");
        let related: Vec<&Value> = failures.iter().map(|one| &one["manifests"]).collect();
        let related = serde_json::to_string_pretty(&related).expect("it is JSON");
        fresh(&format!("{CASES}/{name}/why.json"), &(related + "\n"));
    }
}

/// The lines in the docs are those of a case.
#[test]
fn the_docs_show_what_is_printed() {
    let docs = source("docs/how-to/why.md");
    let (_, rest) = docs.split_once("```text\n  used by:").expect("it is there");
    let (lines, _) = rest.split_once("```").expect("it ends");
    let case = source(&format!("{CASES}/explained/why.out"));
    assert!(case.contains(&format!("  used by:{lines}")), "{lines}");
}

/// A message of a pod without a credential.
fn refused(pod: &str, image: &str) -> String {
    format!(
        "shop   1s   Warning   Failed   pod/{pod}   Failed to pull image \"{image}\": failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized\n"
    )
}

fn deployment(name: &str, image: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  template:\n    spec:\n      containers:\n        - {{name: c, image: {}}}\n",
        Value::from(image)
    )
}

/// The manifests that the first failure is about.
fn related(outcome: &Outcome) -> Value {
    let value: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    value["failures"][0]["manifests"].clone()
}

#[test]
fn without_paths_there_is_nothing_about_manifests() {
    let scratch = Scratch::new();
    scratch.write("text", refused("web-0", &format!("{HOST}/web:1")));
    scratch.write("web.yaml", deployment("web", &format!("{HOST}/web:1")));
    let outcome = scratch.expect(&["why", "text", "--format", "json"], Exit::Ok);
    assert_eq!(related(&outcome), Value::Null);
    let outcome = scratch.expect(&["why", "text"], Exit::Ok);
    assert!(!outcome.stdout.contains("web.yaml"));
}

/// The text comes in by stdin, or the manifests do, with the flags of `explain`.
#[test]
fn both_streams_and_the_flags_of_explain_work() {
    let image = format!("{HOST}/web:1");
    let row = refused("web-6d4cf56db6-zq599", &image);
    let text = format!("NAMESPACE   LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\n{row}");
    let manifests = deployment("web", &image);
    let scratch = Scratch::new().stdin(&text);
    scratch.write("k8s/web.yaml", &manifests);
    let outcome = scratch.expect(&["why", "-", "k8s", "--format", "json"], Exit::Ok);
    assert_eq!(related(&outcome)["objects"][0]["at"], "k8s/web.yaml:3:18");
    let scratch = Scratch::new().stdin(&manifests);
    scratch.write("text", &text);
    let arguments = ["why", "text", "-", "--format", "json", "--namespace"];
    for (namespace, found) in [("shop", "web"), ("other", "")] {
        let outcome = scratch.expect(&[&arguments[..], &[namespace]].concat(), Exit::Ok);
        let object = &related(&outcome)["objects"][0]["object"]["name"];
        assert_eq!(object.as_str().unwrap_or_default(), found);
    }
    let policy = format!(
        "apiVersion: pullwright.dev/v1alpha1\nkind: PullAudit\nattached:\n  - {{server: {HOST}, reason: by the platform team}}\n"
    );
    scratch.write("policy.yaml", policy);
    let arguments = [
        "why",
        "text",
        "-",
        "--format",
        "json",
        "--policy",
        "policy.yaml",
    ];
    for (more, relation) in [
        (&[][..], "contradicts"),
        (&["--target", "other"], "explains"),
    ] {
        let outcome = scratch.expect(&[&arguments[..], more].concat(), Exit::Ok);
        assert_eq!(
            related(&outcome)["objects"][0]["images"][0]["relation"],
            relation
        );
    }
}

#[test]
fn what_cannot_be_compared_says_so() {
    let scratch = Scratch::new();
    let image = format!("{HOST}/web:1");
    scratch.write("text", refused("web-6d4cf56db6-zq599", &image));
    scratch.write(
        "nameless",
        "failed to fetch oauth token: unexpected status: 401 Unauthorized",
    );
    scratch.write("healthy", "all is well");
    scratch.write("empty/readme.md", "x");
    scratch.write("other.yaml", deployment("other", "nginx"));
    scratch.write("broken.yaml", "kind: Deployment\nspec: {image: [\n");
    for (text, paths, want) in [
        ("text", "empty", "the paths contain no object with pods"),
        (
            "text",
            "other.yaml",
            "fits the name of the pod or uses the image",
        ),
        ("nameless", "other.yaml", "names no pod and no image"),
        (
            "text",
            "broken.yaml",
            "the paths contain no object with pods",
        ),
    ] {
        let outcome = scratch.expect(&["why", text, paths], Exit::Ok);
        assert!(outcome.stdout.contains(want), "{}", outcome.stdout);
        let json = scratch.expect(&["why", text, paths, "--format", "json"], Exit::Ok);
        let message = related(&json)["message"].clone();
        assert!(
            message.as_str().is_some_and(|one| one.contains(want)),
            "{message}"
        );
    }
    let outcome = scratch.expect(&["why", "text", "broken.yaml"], Exit::Ok);
    assert!(
        outcome.stderr.contains("1 problem in the manifests"),
        "{}",
        outcome.stderr
    );
    scratch.expect(&["why", "healthy", "other.yaml"], Exit::Differs);
}

#[test]
fn arguments_that_do_not_fit_are_refused() {
    let scratch = Scratch::new().stdin("x");
    scratch.write("text", refused("web-0", "nginx"));
    for (arguments, want) in [
        (&["why", "text", "missing"][..], "no such file or directory"),
        (&["why", "text", "missing/*.yaml"], "no file matches"),
        (
            &["why", "-", "-"],
            "is both the text to explain and the manifests",
        ),
        (&["why", "text", "-n", "shop"], "no PATH is given"),
        (&["why", "text", "--target", "other"], "no PATH is given"),
        (&["why", "text", "--policy", "x"], "no PATH is given"),
        (&["why", "text", "--remote"], "no PATH is given"),
        (&["why", "missing", "."], "cannot read `missing`"),
    ] {
        let outcome = scratch.expect(arguments, Exit::Failed);
        assert!(outcome.stderr.contains(want), "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
    }
}

/// Manifests are untrusted as well.
#[test]
fn manifests_put_no_secret_and_nothing_that_misleads_in_the_output() {
    let scratch = Scratch::new();
    let image = format!("https://user:hunter2@{HOST}/web:1\u{1b}[2J##vso[task.x]");
    scratch.write("text", refused("web-6d4cf56db6-zq599", "a.azurecr.io/b:1"));
    scratch.write("missing", "shop 1s Warning Failed pod/web-6d4cf56db6-zq599 Unable to retrieve some image pull secrets (a); attempting to pull the image may not succeed.");
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a;b$(id)}\ntype: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '{\"auths\":{\"a.azurecr.io\":{\"username\":\"a\",\"password\":\"hunter2\"}}}'}\n";
    let lists =
        deployment("web", "a.azurecr.io/b:1") + "      imagePullSecrets: [{name: a;b$(id)}]\n";
    for manifests in [deployment("web", &image), format!("{lists}---\n{secret}")] {
        scratch.write("web.yaml", manifests);
        for text in ["text", "missing"] {
            for format in ["text", "json"] {
                let arguments = ["why", text, "web.yaml", "--format", format];
                let outcome = scratch.expect(&arguments, Exit::Ok);
                let all = outcome.stdout + &outcome.stderr;
                assert!(all.contains("web.yaml:3:18"), "{all}");
                assert!(!all.contains("hunter2") && !all.contains("##vso"), "{all}");
                assert!(!all.contains('\u{1b}'), "{all:?}");
                assert!(!all.contains("get secret a;b"), "{all}");
            }
        }
    }
}

/// A failure of many pods, in a tree with many objects.
#[test]
fn many_pods_and_objects_are_no_problem() {
    let image = format!("{HOST}/web:1");
    let scratch = Scratch::new();
    let all: Vec<String> = (0..4_000)
        .map(|at| deployment(&format!("web-{at}-x"), &image))
        .collect();
    scratch.write("web.yaml", all.join("---\n"));
    let text: String = (0..4_000)
        .map(|at| refused(&format!("web-{at}-x-6d4cf56db6-zq599"), &image))
        .collect();
    scratch.write("text", text);
    let start = std::time::Instant::now();
    let outcome = scratch.expect(&["why", "text", "web.yaml"], Exit::Ok);
    assert!(
        outcome.stdout.contains("and 3995 more objects"),
        "{}",
        outcome.stdout
    );
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
