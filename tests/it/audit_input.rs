//! What `audit` is given that is no manifest: a clear line each, never a crash, never a line of it.

use std::os::unix::fs::{PermissionsExt, symlink};

use pullwright::cli::Exit;

use crate::support::{Outcome, Scratch};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: web}\nspec:\n  containers: [{name: a, image: 'youruniquename.azurecr.io/a:1'}]\n";

/// A warning of this text, and the exit codes without and with `--strict`.
#[track_caller]
fn is_not_checked(scratch: &Scratch, path: &str, message: &str) {
    let outcome = scratch.expect(&["audit", path], Exit::Ok);
    let warning = format!("warning[not-checked]: {message}");
    assert!(outcome.stderr.contains(&warning), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    assert!(
        outcome
            .stdout
            .contains("; 1 document, object or build not checked"),
        "{}",
        outcome.stdout
    );
    scratch.expect(&["audit", path, "--strict"], Exit::Differs);
}

#[test]
fn what_is_not_there_is_an_error() {
    let scratch = Scratch::new();
    for name in ["nothing", "nothing.yaml", "no*.yaml", "nothing/"] {
        let outcome = scratch.expect(&["audit", name], Exit::Failed);
        assert!(
            outcome.stderr.starts_with("error[unreadable]: "),
            "{}",
            outcome.stderr
        );
    }
    let outcome = scratch.expect(&["audit", "-n", "Not A Namespace"], Exit::Failed);
    assert!(outcome.stderr.contains("--namespace"), "{}", outcome.stderr);
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", b"kind: Secret\nhunter2: \xff\xfe\xff\n");
    is_not_checked(&scratch, ".", "`a.yaml` was not checked: it is not text");
    let scratch = Scratch::new();
    scratch.write("a.yaml", "kind: Pod\nimage: [hunter2\n");
    is_not_checked(&scratch, ".", "not valid YAML: ");
    let scratch = Scratch::new();
    scratch.write("a.yaml", "kind: Secret\nx: hunter2\0\n");
    is_not_checked(&scratch, ".", "not valid YAML: ");
}

#[test]
fn streams_that_end_early_are_told() {
    for text in ["", "\n# nothing\n---\n", "\u{feff}"] {
        let scratch = Scratch::new().stdin(text);
        is_not_checked(&scratch, "-", "`<stdin>` contains no objects");
    }
    let whole = format!("{POD}---\n{POD}");
    // In the middle of the first line of a pod, of its name, of its image.
    for cut in [POD.len() + 50, POD.len() + 60, whole.len() - 10] {
        let scratch = Scratch::new().stdin(&whole[..cut]);
        let outcome = scratch.run(&["audit", "-"]);
        assert!(
            outcome
                .stderr
                .contains("warning[not-checked]: not valid YAML: "),
            "{cut} {}",
            outcome.stderr
        );
        assert!(
            outcome
                .stdout
                .contains("1 no-credential; 1 document, object or build not checked"),
            "{}",
            outcome.stdout
        );
    }
    let list = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [{\"kind\": \"Namespace\"}";
    let scratch = Scratch::new().stdin(list);
    is_not_checked(&scratch, "-", "not valid YAML: ");
    let scratch = Scratch::new().stdin_bytes(vec![0x1f, 0x8b, 8, 0, 0xff]);
    scratch.expect(&["audit", "-"], Exit::Failed);
}

#[test]
fn links_and_pipes_below_a_directory_are_not_followed() {
    let scratch = Scratch::new();
    scratch.write("in/pod.yaml", POD);
    scratch.write("out/secret.yaml", POD);
    let at = |name: &str| scratch.path().join(name);
    symlink(at("out/secret.yaml"), at("in/link.yaml")).expect("it is ours");
    symlink(at("out"), at("in/out")).expect("it is ours");
    symlink(at("in"), at("in/loop")).expect("it is ours");
    symlink("/dev/zero", at("in/zero.yaml")).expect("it is ours");
    let outcome = scratch.expect(&["audit", "in", "--verbose"], Exit::Differs);
    for name in ["link.yaml", "out", "loop", "zero.yaml"] {
        let line = format!("skipped: `in/{name}`: it is a symbolic link\n");
        assert!(outcome.stderr.contains(&line), "{}", outcome.stderr);
    }
    assert!(
        outcome.stdout.contains("1 image in 1 file"),
        "{}",
        outcome.stdout
    );
    // A user who names one means what it leads to.
    let outcome = scratch.expect(&["audit", "in/link.yaml"], Exit::Differs);
    assert!(
        outcome.stderr.contains("in/link.yaml:5"),
        "{}",
        outcome.stderr
    );
    let fixed = scratch.run(&["audit", "in/link.yaml", "--fix"]);
    assert_eq!(fixed.exit, Exit::Differs);
}

/// A credential in the place of a name, or in a comment, is in no output.
#[test]
fn credentials_in_names_and_comments_are_masked() {
    let scratch = Scratch::new();
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: web}\ntype: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '{\"auths\":{\"https://user:hunter2@other.azurecr.io/x\":{\"username\":\"u\",\"password\":\"hunter2\"}}}'}\n";
    let image = "image: 'user:hunter2@youruniquename.azurecr.io/a:1'";
    let pod = POD.replace(
        "spec:\n",
        "spec:\n  imagePullSecrets: [{name: s}] # password hunter2\n",
    );
    let wrong = POD.replace("spec:\n", "spec:\n  imagePullSecret: hunter2:hunter2@h\n");
    scratch.write("a.yaml", format!("{secret}---\n{pod}"));
    scratch.write(
        "b.yaml",
        POD.replace("image: 'youruniquename.azurecr.io/a:1'", image),
    );
    scratch.write("c.yaml", wrong);
    for format in [
        "text", "json", "sarif", "gitlab", "junit", "github", "azure",
    ] {
        let outcome = scratch.expect(&["audit", "--format", format], Exit::Differs);
        let said = outcome.stdout + &outcome.stderr;
        assert!(!said.contains("hunter2"), "{format} {said}");
        assert!(said.contains("***"), "{format} {said}");
    }
}

/// What was not judged may use any Secret, and so may an object of an unknown kind that names it.
#[test]
fn a_secret_that_something_else_may_use_is_not_called_unused() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: acr-secret, namespace: web}\ntype: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '{\"auths\":{\"youruniquename.azurecr.io\":{\"username\":\"u\",\"password\":\"hunter2\"}}}'}\n";
    let release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web}\nspec: {values: {global: {imagePullSecrets: [acr-secret]}}}\n";
    let is_unused = |scratch: &Scratch| {
        let outcome = scratch.run(&["audit"]);
        outcome.stderr.contains("[unused-secret]")
    };
    for (name, text, want) in [
        ("other.yaml", "kind: Other\n", true),
        ("release.yaml", release, false),
        ("chart/Chart.yaml", "name: web\n", true),
    ] {
        let scratch = Scratch::new();
        scratch.write("secret.yaml", secret);
        scratch.write(name, text);
        assert_eq!(is_unused(&scratch), want, "{name}");
        scratch.write("chart/Chart.yaml", "name: web\n");
        scratch.write("chart/templates/pod.yaml", POD);
        assert!(!is_unused(&scratch), "{name}");
    }
    let scratch = Scratch::new().variable("PATH", "/nowhere");
    scratch.write("secret.yaml", secret);
    scratch.write("kustomization.yaml", "resources: [pod.yaml]\n");
    assert!(!is_unused(&scratch));
}

/// Images of what is no object of a cluster, and values that are no images of pods.
#[test]
fn what_is_no_pod_is_not_spoken_of() {
    let image = "youruniquename.azurecr.io/a:1";
    let flux =
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n";
    for (text, want) in [
        ("apiVersion: example.com/v1\nkind: Config\nspec: {artifacts: [{image: IMAGE}]}\n".to_owned(), 1),
        ("apiVersion: skaffold/v4beta11\nkind: Config\nbuild: {artifacts: [{image: IMAGE}]}\n".to_owned(), 0),
        (format!("{flux}spec: {{postBuild: {{substitute: {{image: IMAGE}}}}}}\n"), 0),
        (
            "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: a}\nspec: {rules: [{validate: {pattern: {spec: {containers: [{image: IMAGE}]}}}}]}\n".to_owned(),
            0,
        ),
    ] {
        let scratch = Scratch::new();
        scratch.write("a.yaml", text.replace("IMAGE", image));
        let outcome = scratch.run(&["audit"]);
        let said = outcome.stderr.matches("warning[not-checked]").count();
        assert_eq!(said, want, "{text}{}", outcome.stderr);
    }
}

#[test]
fn a_list_of_objects_is_not_checked_and_a_template_of_azure_is_no_manifest() {
    for (name, text) in [
        (
            "a.json",
            "[{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"containers\": [{\"image\": \"youruniquename.azurecr.io/a:1\"}]}}]\n",
        ),
        (
            "a.yaml",
            "- apiVersion: v1\n  kind: Pod\n  spec: {containers: [{image: youruniquename.azurecr.io/a:1}]}\n",
        ),
    ] {
        let scratch = Scratch::new();
        scratch.write(name, text);
        is_not_checked(&scratch, ".", "a list of objects is no manifest");
    }
    let scratch = Scratch::new();
    let template = "{\n  \"a\": \"b\" // a comment\n  , \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\",\n  \"kind\": \"image\"\n}\n";
    scratch.write("a.json", template);
    scratch.expect(&["audit", "--strict"], Exit::Ok);
    scratch.write(
        "a.json",
        template.replace("deploymentTemplate.json", "other.json"),
    );
    is_not_checked(&scratch, ".", "not valid YAML");
}

/// A run with a program in place of kustomize.
fn built(script: &str) -> Outcome {
    let scratch = Scratch::new();
    scratch.write("bin/kustomize", format!("#!/bin/sh\n{script}\n"));
    let program = scratch.path().join("bin/kustomize");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(program, mode).expect("it is ours");
    scratch.write("web/kustomization.yaml", "resources: [pod.yaml]\n");
    scratch.write("web/pod.yaml", POD);
    let path = format!("{}:/usr/bin:/bin", scratch.path().join("bin").display());
    scratch.variable("PATH", &path).run(&["audit", "web"])
}

#[test]
fn builds_that_fail_are_told() {
    for (script, why) in [
        ("exit 0", "the program printed no objects"),
        (
            "printf 'a: [hunter2'",
            "what the program printed is not valid YAML",
        ),
        ("printf '\\377\\376\\377'", "is not UTF-8"),
        (
            "echo 'Error: no such patch' >&2; exit 1",
            "Error: no such patch",
        ),
        ("kill -9 $$", "the program"),
    ] {
        let outcome = built(script);
        assert_eq!(outcome.exit, Exit::Ok, "{script}");
        let said = outcome.stderr.starts_with(
            "warning[not-checked]: kustomization `web/kustomization.yaml` was not built, so its objects were not checked: ",
        );
        assert!(said && outcome.stderr.contains(why), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
        assert!(
            outcome.stdout.contains(
                "1 image in 2 files: 1 not-checked; 1 document, object or build not checked"
            ),
            "{}",
            outcome.stdout
        );
    }
    let outcome = built(&format!("cat <<'EOF'\n{POD}EOF"));
    assert_eq!(outcome.exit, Exit::Differs, "{}", outcome.stderr);
}

/// What is written before a host is a credential, wherever it stands.
#[test]
fn user_info_is_never_shown() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: web}\ntype: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '{\"auths\":{\"https://user:hunter2@secondregistry.azurecr.io\":{\"username\":\"u\",\"password\":\"p\"}}}'}\n";
    let list = "spec:\n  imagePullSecrets: [{name: s}]\n";
    let pod = POD.replace("spec:\n", list);
    let other = "{name: b, image: 'https://user:hunter2@youruniquename.azurecr.io/b:1'}";
    let pod = pod.replace("containers: [", &format!("containers: [{other}, "));
    let scratch = Scratch::new();
    scratch.write("pod.yaml", format!("{secret}---\n{pod}"));
    for arguments in [
        &["audit"][..],
        &["audit", "--format", "json"],
        &["audit", "--format", "sarif"],
        &["explain", "Pod/web"],
        &["explain", "Pod/web", "--format", "json"],
    ] {
        let outcome = scratch.expect(arguments, Exit::Differs);
        let text = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(text.contains("***@secondregistry"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    scratch.write(
        "pullwright-audit.yaml",
        "apiVersion: pullwright.dev/v1alpha1\nkind: PullAudit\nattached:\n  - server: https://user:hunter2@youruniquename.azurecr.io\n    reason: by the platform team\n",
    );
    let refused = scratch.expect(&["audit"], Exit::Failed);
    assert!(refused.stderr.contains("***@"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("hunter2"), "{}", refused.stderr);
}

/// The schema that `init` writes for editors describes commands that attach a registry, and runs none.
#[test]
fn the_schema_of_a_config_is_no_evidence() {
    let scratch = Scratch::new();
    scratch.write("pullwright.schema.json", scratch.run(&["schema"]).stdout);
    scratch.write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: youruniquename.azurecr.io/a:1}]}\n");
    let outcome = scratch.expect(&["audit"], Exit::Differs);
    assert!(
        outcome.stderr.contains("error[no-credential]"),
        "{}",
        outcome.stderr
    );
}

/// What another tool will fill is known to have no entry for other registries.
#[test]
fn a_placeholder_serves_the_registries_of_its_entry_only() {
    let config = "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nmetadata: {name: a}\nspec:\n  registries: [{name: fabrikam}]\n  access:\n    - name: a\n      strategy: secret\n      registries: [fabrikam]\n      namespaces: [web]\n      secret: {name: pull, delivery: placeholder}\n";
    for (host, exit, code) in [
        ("fabrikam", Exit::Ok, "info[placeholder]"),
        ("contosoprod", Exit::Differs, "error[wrong-server]"),
    ] {
        let scratch = Scratch::new();
        scratch.write("pullwright.yaml", config);
        scratch.write("pod.yaml", format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: web}}\nspec:\n  imagePullSecrets: [{{name: pull}}]\n  containers: [{{name: c, image: {host}.azurecr.io/c:1}}]\n"));
        let outcome = scratch.expect(&["audit", "."], exit);
        assert!(outcome.stderr.contains(code), "{host}: {}", outcome.stderr);
    }
}
