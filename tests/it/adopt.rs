//! `init --from` writes the config that serves manifests that exist, and leaves them as they are.

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{Scratch, files, fresh, root};

/// What a case is compared with.
const EXPECTED: &[&str] = &["pullwright.yaml", "init.txt"];

/// A scratch directory with the manifests of a case.
fn case(name: &str) -> Scratch {
    let scratch = Scratch::new();
    let folder = root().join("tests/cases/adopt").join(name);
    for file in files(&folder) {
        let path = file.to_string_lossy().into_owned();
        if !EXPECTED.contains(&path.as_str()) {
            scratch.write(
                &path,
                std::fs::read(folder.join(&file)).expect("it is there"),
            );
        }
    }
    scratch
}

/// Adopts a case, and compares the config and what was printed.
fn adopted(name: &str) -> Scratch {
    let scratch = case(name);
    let before = scratch.snapshot();
    let outcome = scratch.expect(
        &["init", "--from", ".", "--name", "shop", "--cluster", "edge"],
        Exit::Ok,
    );
    for (path, text) in &before {
        let now = std::fs::read(scratch.path().join(path)).expect("it is there");
        assert_eq!(now, *text, "{} changed", path.display());
    }
    assert_eq!(outcome.stdout, "");
    let config = scratch.read("pullwright.yaml");
    fresh(
        &format!("tests/cases/adopt/{name}/pullwright.yaml"),
        &config,
    );
    fresh(
        &format!("tests/cases/adopt/{name}/init.txt"),
        &outcome.stderr,
    );
    assert!(!config.contains("hunter2") && !outcome.stderr.contains("hunter2"));
    scratch
}

/// The verdict of each image, with the object.
fn verdicts(scratch: &Scratch, exit: Exit) -> Vec<(String, String)> {
    let outcome = scratch.expect(&["audit", "--format", "json"], exit);
    let json: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    let images = json["configs"][0]["images"]
        .as_array()
        .expect("they are there");
    let text = |value: &Value| value.as_str().expect("it is text").to_owned();
    images
        .iter()
        .map(|one| (text(&one["object"]["name"]), text(&one["verdict"])))
        .collect()
}

/// Pods that reference a Secret, whose account does, and that reference none; lists, CRDs, templates, sovereign
/// clouds and domain name labels.
#[test]
fn every_way_of_a_pod_is_served_and_passes_the_audit() {
    let scratch = adopted("ways");
    let before = verdicts(&case("ways"), Exit::Differs);
    assert!(
        before.iter().any(|(_, verdict)| verdict == "no-credential"),
        "{before:?}"
    );
    scratch.expect(&["validate"], Exit::Ok);
    scratch.expect(&["render"], Exit::Ok);
    let after = verdicts(&scratch, Exit::Ok);
    assert!(after.len() >= 9, "{after:?}");
    for (object, verdict) in after {
        assert!(
            ["ok", "public"].contains(&verdict.as_str()),
            "{object}: {verdict}"
        );
    }
    let nothing_left = scratch.expect(&["init", "again.yaml", "--from", "."], Exit::Failed);
    assert!(
        nothing_left
            .stderr
            .contains("no pod in `.` needs an access entry"),
        "{}",
        nothing_left.stderr
    );
}

/// What another tool creates, what would lose credentials, and what cannot be served is told, with its place.
#[test]
fn what_is_left_and_what_cannot_be_served_is_named() {
    let scratch = adopted("left");
    scratch.expect(&["validate"], Exit::Ok);
    let served = verdicts(&scratch, Exit::Differs);
    let served = |name: &str| {
        served
            .iter()
            .any(|(object, verdict)| object == name && verdict == "ok")
    };
    assert!(served("own") && served("two-servers") && !served("other-server"));
}

#[test]
fn a_stream_is_adopted_as_a_file_is() {
    let text = case("ways").read("accounts.yaml");
    let scratch = Scratch::new().stdin(&text);
    let of_stream = scratch.expect(&["init", "-", "--from", "-", "--name", "shop"], Exit::Ok);
    let of_file = case("ways").expect(
        &["init", "-", "--from", "accounts.yaml", "--name", "shop"],
        Exit::Ok,
    );
    let entries = |text: &str| {
        text.split_once("access:\n")
            .expect("they are there")
            .1
            .to_owned()
    };
    assert_eq!(entries(&of_stream.stdout), entries(&of_file.stdout));
    assert!(
        of_stream.stdout.contains("delivery: placeholder")
            && !of_stream.stdout.contains("\n  clusters:")
    );
    assert!(!scratch.has("pullwright.yaml"));
}

/// On AKS the nodes can pull, so what references no Secret gets none; all of it if the user says so.
#[test]
fn on_aks_the_registry_is_attached_for_pods_without_a_secret() {
    let aks = [
        "--from",
        ".",
        "--name",
        "shop",
        "--cluster",
        "prod",
        "--resource-group",
        "rg-prod",
    ];
    let scratch = case("ways");
    scratch.expect(&[&["init"][..], &aks].concat(), Exit::Ok);
    let config = scratch.read("pullwright.yaml");
    assert!(
        config.contains("strategy: attach") && config.contains("name: shop-pull"),
        "{config}"
    );
    assert!(!config.contains("name: acr-secret"), "{config}");
    let all = case("ways");
    all.expect(
        &[&["init", "--strategy", "attach"][..], &aks].concat(),
        Exit::Ok,
    );
    let config = all.read("pullwright.yaml");
    assert_eq!(config.matches("strategy: ").count(), 1, "{config}");
    for scratch in [scratch, all] {
        scratch.expect(&["render"], Exit::Ok);
        for (object, verdict) in verdicts(&scratch, Exit::Ok) {
            assert!(
                ["ok", "public", "node"].contains(&verdict.as_str()),
                "{object}: {verdict}"
            );
        }
    }
    let outside = case("ways").expect(
        &[
            "init",
            "--from",
            ".",
            "--strategy",
            "attach",
            "--cluster",
            "edge",
        ],
        Exit::Failed,
    );
    assert!(
        outside.stderr.contains("requires an AKS cluster"),
        "{}",
        outside.stderr
    );
    let secret = case("ways").expect(
        &["init", "--from", ".", "--strategy", "secret"],
        Exit::Failed,
    );
    assert!(
        secret.stderr.contains("by what the pods reference"),
        "{}",
        secret.stderr
    );
}

#[test]
fn nothing_is_overwritten_and_nothing_is_written_for_nothing() {
    let scratch = case("ways");
    scratch.write("pullwright.yaml", "mine\n");
    let refused = scratch.expect(&["init", "--from", "."], Exit::Failed);
    assert!(
        refused.stderr.contains("`pullwright.yaml` exists"),
        "{}",
        refused.stderr
    );
    assert_eq!(scratch.read("pullwright.yaml"), "mine\n");
    let public = Scratch::new();
    public.write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: nginx}]}\n");
    let outcome = public.expect(&["init", "--from", "."], Exit::Failed);
    assert!(
        outcome.stderr.contains("no pod in `.` has an image"),
        "{}",
        outcome.stderr
    );
    assert!(!public.has("pullwright.yaml") && !public.has("pullwright.schema.json"));
}

/// The outputs of a config never go where something else is.
#[test]
fn the_output_directory_is_a_free_one() {
    let scratch = Scratch::new();
    scratch.write("k8s/web.yaml", case("ways").read("web.yaml"));
    scratch.expect(&["init", "--from", "k8s", "--name", "shop"], Exit::Ok);
    assert!(
        scratch
            .read("pullwright.yaml")
            .contains("  output: pull-access\n")
    );
    scratch.expect(&["render"], Exit::Ok);
    assert!(scratch.has("pull-access/pullwright.lock") && !scratch.has("k8s/pullwright.lock"));
}

/// A name cannot leave the comment that it is shown in, and a value not its quotes.
#[test]
fn names_of_others_stay_within_their_lines() {
    let scratch = Scratch::new();
    let hostile = "a\\n    - name: evil\\n      strategy: attach";
    let pod = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: \"{hostile}\", namespace: shop}}\nspec:\n  \
         imagePullSecrets: [{{name: \"{hostile}\"}}, {{name: \"yes\"}}]\n  containers: [{{name: a, image: contosoprod.azurecr.io/a:1}}]\n"
    );
    scratch.write("pod.yaml", &pod);
    let named = pod.replace(&format!("[{{name: \"{hostile}\"}}, {{"), "[{");
    scratch.write("named.yaml", named);
    scratch.expect(&["init", "--from", "."], Exit::Ok);
    let config = scratch.read("pullwright.yaml");
    scratch.expect(&["validate"], Exit::Ok);
    assert!(
        !config
            .lines()
            .any(|line| line.trim_start().starts_with("- name: evil")),
        "{config}"
    );
    assert!(config.contains("name: \"yes\""), "{config}");
}

/// `kubectl apply` of an empty value would break the pods that the config is for.
#[test]
fn a_placeholder_for_a_secret_that_exists_is_warned_about() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  imagePullSecrets: [{name: live}]\n  containers: [{name: c, image: 'contosoprod.azurecr.io/web:1'}]\n";
    let warning = "warning: never apply the placeholder of `live`: that would empty the Secret where it exists; give --cluster";
    for (cluster, is_warned) in [(&[][..], true), (&["--cluster", "edge"], false)] {
        let scratch = Scratch::new();
        scratch.write("manifests/pod.yaml", pod);
        let arguments = [&["init", "--from", "manifests"], cluster].concat();
        let outcome = scratch.expect(&arguments, Exit::Ok);
        assert_eq!(
            outcome.stderr.contains(warning),
            is_warned,
            "{}",
            outcome.stderr
        );
    }
}
