//! A canary password appears in no output, error, diff, lock or JSON, whatever goes wrong.

use pullwright::cli::Exit;

use crate::support::{PLAINTEXT, SMALL, Scratch};

const CANARY: &str = "canary+Pa55/w0rd";

/// The canary, and what base64 makes of it at each alignment.
fn traces() -> Vec<String> {
    use base64::Engine;
    let encode = |text: &str| base64::engine::general_purpose::STANDARD_NO_PAD.encode(text);
    let middle = |text: String| text[4..text.len() - 4].to_owned();
    let shifted = ["", "x", "xx"].map(|lead| middle(encode(&format!("{lead}{CANARY}"))));
    std::iter::once(CANARY.to_owned()).chain(shifted).collect()
}

#[track_caller]
fn assert_clean(what: &str, text: &str) {
    for trace in traces() {
        assert!(!text.contains(&trace), "{what} tells the canary:\n{text}");
    }
}

fn scratch(config: &str) -> Scratch {
    Scratch::with_config(config)
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", CANARY)
}

const COMMANDS: &[&[&str]] = &[
    &["validate"],
    &["validate", "--format", "json"],
    &["diff"],
    &["diff", "--format", "json"],
    &["diff", "--color", "always", "--prune"],
    &["check"],
    &["check", "--format", "json"],
    &["check", "--format", "github"],
    &["validate", "--format", "azure"],
    &["fn", "pullwright.yaml"],
    &["render", "--dry-run"],
    &["render"],
    &["render", "--format", "json"],
    &["render", "--force", "--format", "json"],
    &["render", "--force"],
];

fn run_all(what: &str, scratch: &Scratch) {
    for command in COMMANDS {
        let outcome = scratch.run(command);
        assert_clean(&format!("{what}, {command:?}, stdout"), &outcome.stdout);
        assert_clean(&format!("{what}, {command:?}, stderr"), &outcome.stderr);
        if scratch.has("k8s/pullwright.lock") {
            assert_clean(what, &scratch.read("k8s/pullwright.lock"));
        }
    }
}

#[test]
fn from_the_environment() {
    let fresh = scratch(PLAINTEXT);
    run_all("a fresh folder", &fresh);
    let path = "k8s/sample/default/secret.yaml";
    let text = fresh.read(path);
    assert!(
        traces()[1..].iter().any(|trace| text.contains(trace)),
        "the canary is in the Secret itself"
    );
    run_all("an unchanged folder", &fresh);
    fresh.write(path, text.replace("name: acr-secret", "name: other"));
    run_all("an edited manifest", &fresh);
    fresh.write(path, text.replace("data:", "data: [\n"));
    run_all("a broken manifest", &fresh);
    fresh.write(path, format!("stringData:\n  password: {CANARY}\n"));
    run_all("a foreign manifest", &fresh);
    fresh.write(
        "k8s/kustomization.yaml",
        format!("# --docker-password={CANARY}\n"),
    );
    run_all("a comment", &fresh);
}

#[test]
fn a_changed_value_shows_as_a_change() {
    let scratch = scratch(PLAINTEXT);
    scratch.expect(&["render"], Exit::Ok);
    let path = "k8s/sample/default/secret.yaml";
    let text = scratch.read(path);
    let start = text.find("eyJ").expect("the value is base64 of JSON");
    scratch.write(path, format!("{}eyJhdXRocyI6e319\n", &text[..start]));
    let outcome = scratch.expect(&["diff"], Exit::Differs);
    assert!(
        outcome.stdout.contains("*** (before)") && outcome.stdout.contains("*** (after)"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn pasted_into_the_config() {
    for (what, config) in [
        (
            "as an unknown key",
            PLAINTEXT.replace("passwordFrom: ACR_PASSWORD", &format!("password: {CANARY}")),
        ),
        (
            "in place of a variable's name",
            PLAINTEXT.replace("ACR_PASSWORD", CANARY),
        ),
        (
            "in quotes",
            PLAINTEXT.replace("ACR_PASSWORD", &format!("\"{CANARY}\"")),
        ),
        (
            "in place of the credential",
            PLAINTEXT.replace(
                "{type: env, usernameFrom: ACR_USERNAME, passwordFrom: ACR_PASSWORD}",
                CANARY,
            ),
        ),
        (
            "as a list",
            PLAINTEXT.replace("ACR_PASSWORD", &format!("[{CANARY}]")),
        ),
        (
            "beside a syntax error",
            PLAINTEXT.replace(
                "ACR_PASSWORD}",
                &format!("ACR_PASSWORD, password: {CANARY}"),
            ),
        ),
        (
            "as a comment",
            PLAINTEXT.replace(
                "delivery: manifest",
                &format!("delivery: wrong # password: {CANARY}"),
            ),
        ),
    ] {
        run_all(what, &scratch(&config));
    }
}

#[test]
fn in_a_broken_template() {
    for (what, template) in [
        ("printed in a wrong place", "kind: &{{ data }} Secret\n"),
        ("printed raw in no document", "{{ data }}\n"),
        (
            "printed into a name",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: {{ data }}, namespace: x}\n",
        ),
        ("printed twice", "a: {{ data }}\na: {{ data }}\n"),
        (
            "compared",
            "{% if data == 'x' %}{% endif %}{{ data.password }}\n",
        ),
        ("filtered", "a: {{ data | upper }}{{ nothing }}\n"),
        ("added", "a: {{ data + 1 }}\n"),
        ("given as a reason", "{{ fail(data) }}\n"),
        ("in a reason", "{{ fail('it is ' ~ data) }}\n"),
        ("asked for more", "{{ data.nothing.more }}\n"),
        (
            "in a loop",
            "{% for c in data %}{{ c }}{% endfor %}{{ 1 / 0 }}\n",
        ),
        ("unclosed", "a: {{ data \n"),
        (
            "as a block",
            "apiVersion: v1\nkind: Secret\na: |\n  {{ data }}\n bad\n",
        ),
        ("as a key", "{{ data }}: {{ data }}\n{{ data }}: 1\n"),
    ] {
        let config = PLAINTEXT.replace("spec:\n", "spec:\n  templates: mine\n");
        let scratch = scratch(&config);
        scratch.write("mine/secret/secret.yaml.j2", template);
        let outcome = scratch.expect(&["render"], Exit::Failed);
        assert!(
            outcome.stderr.contains("error[template-") || outcome.stderr.contains("error[output-"),
            "{what}: {}",
            outcome.stderr
        );
        run_all(what, &scratch);
    }
}

#[test]
fn in_a_docker_config_that_cannot_be_used() {
    let config = PLAINTEXT.replace(
        "{type: env, usernameFrom: ACR_USERNAME, passwordFrom: ACR_PASSWORD}",
        "{type: file, path: config.json}",
    );
    for text in [
        format!("{{\"auths\": {CANARY}"),
        format!(
            "{{\"auths\":{{\"youruniquename.azurecr.io\":{{\"identitytoken\":\"{CANARY}\"}}}}}}"
        ),
        format!("{{\"auths\":{{\"youruniquename.azurecr.io\":{{\"auth\":\"{CANARY}\"}}}}}}"),
        format!(
            "{{\"auths\":{{\"youruniquename.azurecr.io\":{{\"username\":\"a:b\",\"password\":\"{CANARY}\"}}}}}}"
        ),
    ] {
        let scratch = scratch(&config);
        scratch.write("config.json", &text);
        let outcome = scratch.expect(&["render"], Exit::Failed);
        assert!(
            outcome.stderr.contains("error[docker-config]"),
            "{}",
            outcome.stderr
        );
        run_all("a docker config", &scratch);
    }
}

#[test]
fn a_missing_variable_is_placed_with_a_way_out() {
    let scratch = Scratch::with_config(PLAINTEXT).variable("ACR_USERNAME", "sample-pull");
    let outcome = scratch.expect(&["render"], Exit::Failed);
    for part in [
        "error[missing-environment]: environment variable that `passwordFrom` refers to is not set",
        "--> pullwright.yaml:16:75",
        "passwordFrom: *************\n",
        "read -rs NAME; export NAME",
    ] {
        assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
    }
    assert!(!scratch.has("k8s"));
    let outcome = Scratch::with_config(SMALL).expect(&["render"], Exit::Ok);
    assert!(outcome.stdout.is_empty());
}

/// Somebody may give the password itself in place of a variable's name, of whatever look, and beside
/// whatever other mistake.
#[test]
fn a_password_in_place_of_a_variables_name_is_not_shown() {
    let key = "passwordFrom: ACR_PASSWORD";
    assert!(PLAINTEXT.contains(key));
    let broken = |config: &str, from: &str, to: &str| {
        assert!(config.contains(from), "{from}");
        config.replace(from, to)
    };
    for password in [
        "hunter2-canary",
        "CANARY_HUNTER2",
        "\"hunter2 canary\"",
        "'CANARY 2'",
        "-canary",
    ] {
        let config = PLAINTEXT.replace(key, &format!("passwordFrom: {password}"));
        for config in [
            config.clone(),
            broken(&config, "type: env", "type: emv"),
            broken(&config, "type: env, ", ""),
            broken(&config, "usernameFrom: ACR_USERNAME", "usernameFrom: [1]"),
            broken(&config, "usernameFrom: ACR_USERNAME", "usrname: X"),
            broken(&config, "delivery: manifest", "delivery: script"),
            broken(&config, "delivery: manifest", "delivery: nothing"),
            broken(&config, "type: env", "type: @env"),
            broken(&config, "type: env", "type: env, type: env"),
        ] {
            for arguments in [
                &["render"][..],
                &["render", "--format", "json"],
                &["check", "--format", "github"],
                &["validate", "--format", "azure"],
                &["diff", "--color", "always"],
            ] {
                let scratch = Scratch::with_config(&config).variable("ACR_USERNAME", "sample-pull");
                let outcome = scratch.run(arguments);
                let shown = format!("{}{}", outcome.stdout, outcome.stderr);
                assert!(
                    !shown.to_lowercase().contains("canary"),
                    "{arguments:?}: {shown}\n{config}"
                );
            }
        }
    }
}
