//! `audit` of kustomizations that the real program does not build, or not without more rights.

use crate::audit::{DEPLOYMENT, audit, folder, verdicts};

/// What a program quotes of a file that it cannot build may be a credential.
#[test]
fn no_credential_is_in_the_words_of_a_failed_build() {
    let inline = "patches:\n- patch: \"kind: Secret\\nstringData:\\n  a: hunter2\\n  x: [\"\n";
    let operation = "patches:\n- target: {kind: Pod}\n  patch: |-\n    - op: no\n      path: /a\n      value: hunter2\n";
    let both = "patches:\n- path: x.yaml\n  patch: 'stringData: {a: hunter2}'\n";
    let merge = "patchesStrategicMerge:\n- |-\n  stringData:\n    a: hunter2\n    x: [\n";
    for (text, cause) in [
        (
            "secretGenerator: [{name: s, literals: ['.dockerconfigjson={\"auths\":{\"R\":{\"password\":\"hunter2\"}}}', oops]}]\n",
            "invalid literal source …, expected key=value",
        ),
        (inline, "unable to parse SM or JSON patch from […]"),
        (operation, "unable to parse SM or JSON patch from […]"),
        (both, "patch and path can't be set at the same time"),
        (merge, "no such file"),
        ("resources: [nothing.yaml]\n", "web/nothing.yaml"),
    ] {
        let tree = folder(&[("web/kustomization.yaml", text)]);
        for name in ["kustomize", "kubectl"] {
            for format in [
                "text", "json", "sarif", "gitlab", "junit", "github", "azure",
            ] {
                let (_, output) = audit(tree.path(), name, &["--format", format]);
                let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
                said.push_str(&String::from_utf8_lossy(&output.stderr));
                assert!(!said.contains("hunter2"), "{format} {said}");
                assert!(!said.contains("/tmp"), "{format} {said}");
                let is_told = said.contains(cause) || format == "junit" || cause == "no such file";
                assert!(is_told && said.contains("was not built"), "{format} {said}");
            }
        }
    }
}

/// What is wrong in a file alone is told though its build fails, or is not tried; the rest is not checked.
#[test]
fn files_of_a_failed_build_are_judged_alone() {
    let image = DEPLOYMENT.replace("placeholder/web", "youruniquename.azurecr.io/web:1");
    let wrong = image.replace(
        "      containers:",
        "      imagePullSecrets: [s]\n      containers:",
    );
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: right}\nspec: {template: {spec: {containers: [{name: c, image: 'youruniquename.azurecr.io/p:1'}]}}}\n";
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '{\"auths\":{\"youruniquename.azurecr.io\":{\"username\":\"u\",\"password\":\"hunter2\"}}}'}\n";
    for more in ["nothing.yaml", "'https://example.invalid/a?ref=v1'"] {
        let kustomization = format!(
            "resources: [wrong.yaml, right.yaml, secret.yaml, {more}]\npatches: [{{path: patch.yaml}}]\n"
        );
        let tree = folder(&[
            ("kustomization.yaml", &kustomization),
            ("wrong.yaml", &wrong),
            ("right.yaml", &image.replace("name: web", "name: right")),
            ("patch.yaml", patch),
            ("secret.yaml", secret),
        ]);
        let (json, output) = audit(tree.path(), "kustomize", &["--format", "json"]);
        assert_eq!(
            verdicts(&json),
            [
                "-/right not-checked right.yaml:12",
                "-/web wrong-shape wrong.yaml:13",
            ],
            "{output:?}"
        );
        let codes = json["configs"][0]["diagnostics"]
            .as_array()
            .expect("a list");
        let mut codes: Vec<&str> = codes
            .iter()
            .filter_map(|one| one["code"].as_str())
            .collect();
        codes.sort_unstable();
        assert_eq!(
            codes,
            ["not-checked", "plaintext-credential", "wrong-shape"]
        );
        assert_eq!(output.status.code(), Some(1));
        audit(tree.path(), "kustomize", &["--fix"]);
        let fixed = std::fs::read_to_string(tree.path().join("wrong.yaml")).expect("it is there");
        assert!(fixed.contains("imagePullSecrets: [{name: s}]"), "{fixed}");
    }
}

/// Flux builds without the restriction; files of another repository, or of none, are not read.
#[test]
fn files_of_the_repository_are_read_from_anywhere_in_it() {
    let image = DEPLOYMENT.replace("placeholder/web", "youruniquename.azurecr.io/web:1");
    let tree = folder(&[
        ("repo/.git/HEAD", "ref: refs/heads/main\n"),
        (
            "repo/in/kustomization.yaml",
            "resources: [../shared/d.yaml]\n",
        ),
        (
            "repo/out/kustomization.yaml",
            "resources: [../../outside.yaml]\n",
        ),
        ("repo/shared/d.yaml", &image),
        ("outside.yaml", &image),
    ]);
    for name in ["kustomize", "kubectl"] {
        let (json, output) = audit(&tree.path().join("repo"), name, &["--format", "json"]);
        assert_eq!(
            verdicts(&json),
            ["-/web no-credential shared/d.yaml:12"],
            "{output:?}"
        );
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            said.contains("`out/kustomization.yaml` was not built"),
            "{said}"
        );
        assert!(
            !said.contains("`in/kustomization.yaml` was not built"),
            "{said}"
        );
    }
}
