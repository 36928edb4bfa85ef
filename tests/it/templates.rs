//! Templates: those that are built in, those of users, and what neither may do.

use std::collections::BTreeSet;

use pullwright::artifact::runtime;
use pullwright::cli::Exit;
use pullwright::render::BUILT_IN;

use crate::support::{SMALL, Scratch, files, root};

#[test]
fn the_list_of_built_in_templates_is_the_folder() {
    let on_disk: BTreeSet<String> = files(&root().join("templates"))
        .into_iter()
        .map(|path| path.to_string_lossy().into_owned())
        // The runtime of scripts is none: nobody replaces it.
        .filter(|path| !path.starts_with("script/runtime/"))
        .collect();
    let listed: BTreeSet<String> = BUILT_IN
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(on_disk, listed);
    assert!(BUILT_IN.is_sorted());
    // Older bash keeps here-strings in files.
    for secret in [
        "minted",
        "password",
        "docker_config",
        "value",
        "secret",
        "access_token",
    ] {
        let here = format!("<<<\"${{{secret}");
        let texts = BUILT_IN.iter().chain(runtime::PARTS);
        let mut texts = texts.map(|(_, text)| *text);
        assert!(texts.all(|text| !text.contains(&here)), "{here}");
    }
    for (name, text) in BUILT_IN {
        assert!(
            !text.contains("autoescape") && !text.contains("|safe") && !text.contains("| safe"),
            "{name}"
        );
        if name.ends_with(".yaml.j2") {
            assert!(
                !text.contains("\"{{") && !text.contains("'{{"),
                "{name} quotes a value itself"
            );
        }
    }
}

#[test]
fn listed_ejected_and_used() {
    let scratch =
        Scratch::with_config(&SMALL.replace("spec:\n", "spec:\n  templates: templates\n"));
    let list = scratch.expect(&["templates", "list"], Exit::Ok).stdout;
    assert!(
        list.lines().any(|line| line == "workload/pod.yaml.j2"),
        "{list}"
    );
    scratch.expect(&["templates", "eject", "workload/pod.yaml.j2"], Exit::Ok);
    let own = scratch.read("templates/workload/pod.yaml.j2");
    assert_eq!(
        scratch
            .expect(
                &["templates", "eject", "workload/pod.yaml.j2", "--to", "-"],
                Exit::Ok
            )
            .stdout,
        own
    );
    scratch.write(
        "templates/workload/pod.yaml.j2",
        own.replace("  labels:\n", "  labels:\n    team: {{ namespace }}-team\n"),
    );
    scratch.expect(
        &["templates", "eject", "workload/pod.yaml.j2"],
        Exit::Failed,
    );
    scratch.expect(&["render"], Exit::Ok);
    assert!(
        scratch
            .read("k8s/sample/default/pod-sample-pod.yaml")
            .contains("    team: default-team\n")
    );
    let outcome = scratch.expect(
        &["templates", "eject", "workload/pods.yaml.j2"],
        Exit::Failed,
    );
    assert!(
        outcome
            .stderr
            .contains("did you mean `workload/pod.yaml.j2`?"),
        "{}",
        outcome.stderr
    );
}

/// Renders `SMALL` with the pod's template replaced.
fn with_pod(template: &str) -> (Scratch, String) {
    let scratch = Scratch::with_config(&SMALL.replace("spec:\n", "spec:\n  templates: mine\n"));
    scratch.write("mine/workload/pod.yaml.j2", template);
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(!scratch.has("k8s"), "{template}");
    (scratch, outcome.stderr)
}

#[test]
fn broken_templates_end_in_a_message_that_names_them() {
    for (template, why) in [
        ("a: {{ name \n", "error[template-syntax]"),
        ("{% for x in y %}\n", "error[template-syntax]"),
        ("a: {{ nothing }}\n", "error[template-failed]"),
        ("a: {{ name.b.c }}\n", "error[template-failed]"),
        ("{% include \"/etc/passwd\" %}\n", "error[template-failed]"),
        (
            "{% include \"../x.yaml.j2\" %}\n",
            "error[template-unreadable]",
        ),
        (
            "{% include \"nothing.yaml.j2\" %}\n",
            "error[template-unreadable]",
        ),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
            "too many steps",
        ),
        (
            "{% include \"workload/pod.yaml.j2\" %}\n",
            "error[template-failed]",
        ),
        (
            "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}\n",
            "error[template-failed]",
        ),
        ("a: {{ name | safe }}\n", "error[template-"),
        (
            "{% autoescape false %}a: {{ name }}\n{% endautoescape %}",
            "error[template-",
        ),
        ("a: &{{ name }} 1\n", "error[template-unsafe]"),
        ("a: !{{ name }} 1\n", "error[output-invalid]"),
        ("a: |\n  x\n {{ name }}\n", "error[output-invalid]"),
        ("a: [\n", "error[output-invalid]"),
        ("a: 1\n---\nb: 1\n", "expected one document, found 2"),
        ("kind: Pod\n", "error[output-invalid]"),
        (
            "apiVersion: v1\nkind: Secret\nmetadata: {name: {{ name }}, namespace: {{ namespace }}}\n",
            "`kind` must be `Pod`",
        ),
        (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: other, namespace: {{ namespace }}}\n",
            "`metadata.name` must be `sample-pod`",
        ),
        (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ name }}, namespace: {{ namespace }}}\nspec: {containers: [], imagePullSecret: x}\n",
            "unknown field `imagePullSecret` in `spec`",
        ),
        (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ name }}, namespace: {{ namespace }}}\nspec: {containers: [{name: a, image: b, imagePullPolicy: Sometimes}]}\n",
            "`imagePullPolicy` must be one of",
        ),
    ] {
        let (_, stderr) = with_pod(template);
        assert!(stderr.contains(why), "{template}: {stderr}");
        assert!(
            stderr.contains("workload/pod.yaml.j2") || stderr.contains(".yaml.j2"),
            "{template}: {stderr}"
        );
    }
}

#[test]
fn a_template_that_grows_without_end_is_stopped() {
    let doubled = "{% set a = a ~ a %}\n".repeat(60);
    let long = "a".repeat(200_000);
    for template in [
        format!("{{% set a = 'xxxxxxxxxxxxxxxx' %}}\n{doubled}kind: {{{{ a }}}}\n"),
        format!("{{% for i in range(100000) %}}{long}{{% endfor %}}\n"),
        "a: {{ 'x' * 10000000000 }}\n".to_owned(),
    ] {
        let (_, stderr) = with_pod(&template);
        assert!(stderr.contains("error[template-failed]"), "{stderr}");
        assert!(stderr.len() < 10_000, "{} bytes", stderr.len());
    }
}

#[test]
fn a_mistake_in_a_loop_is_told_some_twenty_times() {
    let (_, stderr) = with_pod(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ name }}, namespace: {{ namespace }}}\nspec:\n  containers:\n{% for a in range(3000) %}    - {name: a, imagePullPolicy: Sometimes, x{{ a }}: 1}\n{% endfor %}",
    );
    let count = stderr.matches("error[output-invalid]").count();
    assert!((20..60).contains(&count), "{count}");
    assert!(stderr.contains("`: and more"), "{stderr}");
    let (_, stderr) = with_pod("{% for a in range(9000) %}a: 1\n{% endfor %}");
    let count = stderr.matches("error[output-invalid]").count();
    assert!((1..=20).contains(&count), "{count}");
}

#[test]
fn a_mark_that_a_filter_made_up_stands_for_nothing() {
    for made_up in [
        "{% filter replace('0', '7') %}a: {{ name }}{% endfilter %}\n",
        "{% set a %}{{ name }}{% endset %}a: {{ a | replace('0', '7') }}\n",
        "{% set a %}{{ name }}{% endset %}a: {{ a[:1] }}{{ a[2:] }}\n",
    ] {
        let (_, stderr) = with_pod(made_up);
        assert!(stderr.contains("error["), "{made_up}: {stderr}");
    }
}

#[test]
fn all_templates_of_a_folder_have_a_bound() {
    let scratch = Scratch::with_config(&SMALL.replace("spec:\n", "spec:\n  templates: mine\n"));
    let large = "#".repeat(250_000);
    for at in 0..9 {
        scratch.write(&format!("mine/workload/{at}.yaml.j2"), &large);
    }
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains("error[template-unreadable]")
            && outcome.stderr.contains("more than 2 MiB together"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn the_folder_itself_must_be_sound() {
    let scratch = Scratch::with_config(&SMALL.replace("spec:\n", "spec:\n  templates: mine\n"));
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome
            .stderr
            .contains("error[template-unreadable]: cannot read `mine`"),
        "{}",
        outcome.stderr
    );
    scratch.write("mine/secret/secret.json.j2", "{}");
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome
            .stderr
            .contains("must end in `.yaml.j2`, `.sh.j2` or `.gitattributes.j2`"),
        "{}",
        outcome.stderr
    );
    std::fs::remove_file(scratch.path().join("mine/secret/secret.json.j2")).expect("it is ours");
    scratch.write("mine/secret/secret.yaml.j2", b"\xff");
    scratch.expect(&["render"], Exit::Failed);
    std::fs::remove_file(scratch.path().join("mine/secret/secret.yaml.j2")).expect("it is ours");
    let outside = tempfile::NamedTempFile::new().expect("there is a place for scratch files");
    std::os::unix::fs::symlink(
        outside.path(),
        scratch.path().join("mine/secret/secret.yaml.j2"),
    )
    .expect("links can be made");
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains("it is a symbolic link"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_template_may_decide_by_namespace() {
    let config = SMALL
        .replace("spec:\n", "spec:\n  templates: mine\n")
        .replace("[default]", "[default, web, \"yes\"]");
    let own = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ name }}\n  namespace: {{ namespace }}\n  labels:\n    a: LABEL\nspec:\n  imagePullSecrets: [{name: {{ pullSecret }}}]\n  containers: [{name: app, image: {{ containers[0].image }}}]\n";
    for (label, want) in [
        ("{{ 'w' if namespace == 'web' else 'd' }}", ["d", "w", "d"]),
        ("{{ namespace }}-x", ["default-x", "web-x", "yes-x"]),
        ("{{ namespace }}", ["default", "web", "yes"]),
        (
            "{% set a %}{{ namespace }}{% endset %}{{ a }}",
            ["default", "web", "yes"],
        ),
        ("{{ namespace | upper }}", ["DEFAULT", "WEB", "YES"]),
        ("{{ name }}", ["sample-pod"; 3]),
    ] {
        let scratch = Scratch::with_config(&config);
        scratch.write("mine/workload/pod.yaml.j2", own.replace("LABEL", label));
        scratch.expect(&["render"], Exit::Ok);
        let found = ["default", "web", "yes"].map(|namespace| {
            let text = scratch.read(&format!("k8s/sample/{namespace}/pod-sample-pod.yaml"));
            let value: serde_json::Value = serde_yaml::from_str(&text).expect("it is YAML");
            assert_eq!(value["metadata"]["namespace"], namespace);
            value["metadata"]["labels"]["a"]
                .as_str()
                .expect("it is text")
                .to_owned()
        });
        assert_eq!(found, want, "{label}");
    }
    // A part is in all that includes it.
    let scratch = Scratch::with_config(&config);
    scratch.write(
        "mine/workload/pod-spec.yaml.j2",
        "imagePullSecrets: [{name: {{ pullSecret }}}]\ncontainers: [{name: \"{{ 'w' if namespace == 'web' else 'd' }}\", image: {{ containers[0].image }}}]\n"
            .replace('"', ""),
    );
    scratch.expect(&["render"], Exit::Ok);
    for (namespace, name) in [("default", "d"), ("web", "w"), ("yes", "d")] {
        let text = scratch.read(&format!("k8s/sample/{namespace}/pod-sample-pod.yaml"));
        let value: serde_json::Value = serde_yaml::from_str(&text).expect("it is YAML");
        assert_eq!(value["spec"]["containers"][0]["name"], name, "{text}");
    }
}

#[test]
fn a_template_that_nobody_uses_is_noticed_and_a_readme_is_not() {
    let scratch = Scratch::with_config(&SMALL.replace("spec:\n", "spec:\n  templates: mine\n"));
    scratch.write("mine/README.md", "ours\n");
    scratch.write("mine/workload/pods.yaml.j2", "a: 1\n");
    let outcome = scratch.expect(&["render"], Exit::Ok);
    assert!(
        outcome.stderr.contains("warning[template-unused]")
            && outcome.stderr.contains("pods.yaml.j2"),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains("README"));
}

#[test]
fn scripts_of_users_are_checked_as_well() {
    let config = std::fs::read_to_string(root().join("examples/secret/pullwright.yaml"))
        .expect("it is there");
    let scratch = Scratch::with_config(&config.replace("spec:\n", "spec:\n  templates: mine\n"));
    for (template, why) in [
        ("#!/usr/bin/env bash\necho 'a\n", "bash"),
        ("echo a\n", "a script must begin with"),
        (
            "#!/usr/bin/env bash\ncat <<X\n{{ secret }}\nX\n",
            "error[template-unsafe]",
        ),
        (
            "#!/usr/bin/env bash\necho \\{{ secret }}\n",
            "error[template-unsafe]",
        ),
        (
            "#!/usr/bin/env bash\necho ${x:-{{ secret }}}\n",
            "error[template-unsafe]",
        ),
        (
            "#!/usr/bin/env bash\necho {{ registries[0] }}\n",
            "error[template-unsafe]",
        ),
    ] {
        scratch.write("mine/secret/pull-secret.sh.j2", template);
        let outcome = scratch.expect(&["render"], Exit::Failed);
        assert!(
            outcome.stderr.contains(why),
            "{template}: {}",
            outcome.stderr
        );
    }
}
