//! Templates of users: what pods need to pull is in what they make, or the run fails.

use pullwright::cli::Exit;

use crate::support::{PLAINTEXT, SMALL, Scratch, source};

/// A run whose built-in template of that name is changed.
fn changed(config: &str, template: &str, from: &str, to: &str) -> Scratch {
    let built_in = source(&format!("templates/{template}"));
    assert!(built_in.contains(from), "{template}: {from}");
    let scratch = Scratch::with_config(&config.replace("spec:\n", "spec:\n  templates: mine\n"));
    scratch.write(&format!("mine/{template}"), built_in.replace(from, to));
    scratch
}

/// The first line of each message.
fn messages(stderr: &str) -> Vec<&str> {
    let is_message = |line: &&str| line.starts_with("error[");
    stderr.lines().filter(is_message).collect()
}

const PULL_SECRET: &str =
    "{% if pullSecret %}\nimagePullSecrets:\n  - name: {{ pullSecret }}\n{% endif %}\n";
const ACCOUNT: &str =
    "{% if serviceAccount %}\nserviceAccountName: {{ serviceAccount }}\n{% endif %}\n";

fn with_account() -> String {
    SMALL
        .replace("strategy: secret", "strategy: serviceAccount")
        .replace(
            "      workloads:",
            "      serviceAccount: {name: sample-account}\n      workloads:",
        )
}

#[test]
fn what_a_pod_needs_cannot_be_left_out() {
    let spec = "workload/pod-spec.yaml.j2";
    let account = "service_account/service-account.yaml.j2";
    for (config, template, from, to, why) in [
        (
            SMALL.to_owned(),
            spec,
            PULL_SECRET,
            "",
            "`spec.imagePullSecrets` is missing: it must list Secret `acr-secret`, so the pod cannot pull",
        ),
        (
            SMALL.to_owned(),
            spec,
            "name: {{ pullSecret }}",
            "name: other",
            "`spec.imagePullSecrets` does not list Secret `acr-secret`, so the pod cannot pull",
        ),
        (
            SMALL.to_owned(),
            "workload/containers.yaml.j2",
            "{{ container.image }}",
            "docker.io/library/busybox:1",
            "no container has the image `youruniquename.azurecr.io/sample-container:0.0.1` of the config",
        ),
        (
            with_account(),
            spec,
            ACCOUNT,
            "",
            "`spec.serviceAccountName` must be `sample-account`, so the pod cannot pull",
        ),
        (
            with_account(),
            spec,
            PULL_SECRET,
            "imagePullSecrets: [{name: other}]\n",
            "`spec.imagePullSecrets` hides the pull secrets of the ServiceAccount, so the pod cannot pull",
        ),
        (
            with_account(),
            account,
            "imagePullSecrets:\n  - name: {{ pullSecret }}\n",
            "",
            "`imagePullSecrets` is missing: it must list Secret `acr-secret`, so pods that use the account cannot pull",
        ),
    ] {
        let scratch = changed(&config, template, from, to);
        let outcome = scratch.expect(&["render"], Exit::Failed);
        let found = messages(&outcome.stderr);
        assert!(
            found.len() == 1
                && found[0].starts_with("error[output-invalid]")
                && found[0].ends_with(why),
            "{why}:\n{}",
            outcome.stderr
        );
        assert!(!scratch.has("k8s"), "nothing is written");
    }
}

#[test]
fn a_secret_has_an_entry_for_each_registry() {
    let template = "secret/secret.yaml.j2";
    let scratch = changed(PLAINTEXT, template, "{{ data }}", "e30K")
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", "hunter2hunter2");
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert_eq!(
        messages(&outcome.stderr),
        [
            "error[output-invalid]: template `secret/secret.yaml.j2` renders an invalid `sample/default/secret.yaml`: `.dockerconfigjson` has no entry for `youruniquename.azurecr.io`, so pods cannot pull from it"
        ]
    );
}

/// A file that is there already, as an older version would have accepted it.
#[test]
fn an_unchanged_file_is_verified_as_well() {
    let scratch = changed(SMALL, "workload/pod-spec.yaml.j2", PULL_SECRET, "");
    let pod = "k8s/sample/default/pod-sample-pod.yaml";
    let whole = Scratch::with_config(SMALL);
    whole.expect(&["render"], Exit::Ok);
    let without = whole
        .read(pod)
        .replace("  imagePullSecrets:\n    - name: acr-secret\n", "");
    scratch.write(pod, without);
    let outcome = scratch.expect(&["check"], Exit::Failed);
    assert!(
        outcome.stderr.contains("the pod cannot pull"),
        "{}",
        outcome.stderr
    );
}

/// Templates may add what they want beside it.
#[test]
fn more_than_the_config_says_is_allowed() {
    let scratch = changed(
        SMALL,
        "workload/pod-spec.yaml.j2",
        "  - name: {{ pullSecret }}\n",
        "  - name: other\n  - name: {{ pullSecret }}\n",
    );
    scratch.expect(&["render"], Exit::Ok);
}

#[test]
fn a_script_names_what_it_is_about() {
    let config =
        std::fs::read_to_string(crate::support::root().join("examples/secret/pullwright.yaml"))
            .expect("it is there")
            .replace("spec:\n", "spec:\n  templates: mine\n");
    let scratch = Scratch::with_config(&config);
    scratch.write(
        "mine/secret/pull-secret.sh.j2",
        "#!/usr/bin/env bash\necho hi\n",
    );
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains("it does not name `acr-secret`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn fields_of_the_config_are_not_lost() {
    let config = SMALL
        .replace("spec:\n", "spec:\n  templates: mine\n")
        .replace(
            "name: sample-pod\n",
            "name: sample-pod\n          pod: {hostname: here}\n",
        );
    let config = config.replacen(
        "sample-container:0.0.1\n",
        "sample-container:0.0.1\n              tty: true\n",
        1,
    );
    let whole = Scratch::with_config(&config.replace("  templates: mine\n", ""));
    whole.expect(&["render"], Exit::Ok);
    for (template, from, why) in [
        (
            "workload/containers.yaml.j2",
            "{{ container.name }}",
            "container `sample-pod-container` of the config is missing",
        ),
        (
            "workload/pod-spec.yaml.j2",
            "podFields",
            "`spec.hostname` of the config is missing",
        ),
        (
            "workload/containers.yaml.j2",
            "container.fields",
            "`tty` of container `sample-pod-container` is missing",
        ),
    ] {
        let scratch = Scratch::with_config(&config);
        let built_in = source(&format!("templates/{template}"));
        scratch.write(
            &format!("mine/{template}"),
            built_in.replace(
                from,
                if from.starts_with("{{") {
                    "renamed"
                } else {
                    "{}"
                },
            ),
        );
        let outcome = scratch.expect(&["render"], Exit::Failed);
        assert!(outcome.stderr.contains(why), "{why}: {}", outcome.stderr);
        let order = format!(
            "compare your own templates (`{template}`) with the built-in ones: `pullwright templates diff --from mine`"
        );
        assert!(outcome.stderr.contains(&order), "{}", outcome.stderr);
    }
}
