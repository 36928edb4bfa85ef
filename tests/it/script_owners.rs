//! The owners that scripts record: two scripts of one must not remove each other's passwords.

use pullwright::cli::Exit;

use crate::across::{CLUSTER, config, named};
use crate::support::Scratch;

/// A config whose script creates a password of a service principal.
fn principal(registry: &str, credential: &str) -> String {
    let text = config("{name: prod, kind: generic}", "web", "a");
    let line = text.lines().find(|line| line.contains("credential:"));
    let line = line.expect("it has one");
    text.replace(line, &format!("        credential: {credential}"))
        .replace("youruniquename", registry)
}

#[test]
fn scripts_of_two_configs_have_two_owners() {
    const ID: &str = "{type: servicePrincipal, appId: 11111111-1111-1111-1111-11111111111a}";
    const NAME: &str = "{type: servicePrincipal, name: pull}";
    const ONE: &str = "youruniquename";
    const TWO: &str = "anotherregistry";
    const TOKEN: &str = "{type: token, name: first-pull, repositories: [sample]}";
    const ADMIN: &str = "{type: admin, allowAdminUser: true}";
    let elsewhere = |text: String| {
        text.replace("namespaces: [web]", "namespaces: [jobs]")
            .replace("name: first-pull,", "name: second-pull,")
    };
    for (first, second, is_shared) in [
        (principal(ONE, ID), principal(ONE, ID), true),
        // One principal for two registries, also in other letters.
        (
            principal(ONE, ID),
            principal(TWO, &ID.replace("111a", "111A")),
            true,
        ),
        (principal(ONE, NAME), principal(TWO, NAME), true),
        // One registry.
        (principal(ONE, TOKEN), principal(ONE, TOKEN), true),
        (principal(ONE, TOKEN), principal(ONE, ID), true),
        // They never meet, or create nothing.
        (principal(ONE, TOKEN), principal(TWO, TOKEN), false),
        (
            principal(ONE, ID),
            principal(TWO, &ID.replace("111a", "111b")),
            false,
        ),
        (principal(ONE, NAME), principal(TWO, ID), false),
        (principal(ONE, ADMIN), principal(ONE, ADMIN), false),
        (principal(ONE, ADMIN), principal(ONE, ID), false),
    ] {
        let second = elsewhere(second);
        let scratch = Scratch::new();
        scratch.write("one/pullwright.yaml", &first);
        scratch.write("two/pullwright.yaml", &second);
        let exit = if is_shared { Exit::Failed } else { Exit::Ok };
        let outcome = scratch.expect(&["validate", "."], exit);
        let message = "error[owner-shared]: config name `sample`, with access entry `sample` and cluster `prod`, is also that of `one/pullwright.yaml`\n";
        let count = outcome.stderr.matches("error[").count();
        assert_eq!(count, usize::from(is_shared), "{}", outcome.stderr);
        assert_eq!(
            outcome.stderr.contains(message),
            is_shared,
            "{}",
            outcome.stderr
        );
        // The help line works, and so does each name in the owner.
        for (from, to) in [
            ("metadata: {name: sample}", "metadata: {name: other}"),
            ("- name: sample", "- name: other"),
            ("{name: prod,", "{name: test,"),
        ] {
            assert!(second.contains(from), "{second}");
            scratch.write("two/pullwright.yaml", second.replace(from, to));
            scratch.expect(&["validate", "."], Exit::Ok);
        }
    }
}

#[test]
fn entries_may_have_one_service_principal() {
    for credential in [
        "{type: servicePrincipal, appId: 11111111-1111-1111-1111-11111111111a}",
        "{type: servicePrincipal, name: pull}",
    ] {
        let text = principal("youruniquename", credential);
        let (head, entry) = text
            .split_once("    - name: sample\n")
            .expect("it is there");
        let second = format!("    - name: second\n{entry}").replace("[web]", "[jobs]");
        let scratch = Scratch::with_config(&format!("{head}    - name: sample\n{entry}{second}"));
        scratch.expect(&["validate"], Exit::Ok);
        // Two configs as well.
        let scratch = Scratch::new();
        scratch.write("one/pullwright.yaml", &text);
        let other = named(&text, "second").replace("[web]", "[jobs]");
        scratch.write("two/pullwright.yaml", other);
        scratch.expect(&["validate", "."], Exit::Ok);
    }
}

/// Their scripts do the same to the same Secret: neither may take it for that of another.
#[test]
fn entries_with_one_secret_have_one_owner() {
    let text = config(CLUSTER, "web", "a");
    let (head, entry) = text
        .split_once("    - name: sample\n")
        .expect("it is there");
    let second = entry
        .replace("name: web\n", "name: api\n")
        .replace("{name: app}", "{name: api}")
        .replace(
            "      namespaces:",
            "      clusters: [prod]\n      namespaces:",
        );
    let third = entry
        .replace("name: web\n", "name: third\n")
        .replace("{name: app}", "{name: third}")
        .replace("acr-secret", "third-secret")
        .replace("pull-a", "pull-third");
    let scratch = Scratch::with_config(&format!(
        "{head}    - name: sample\n{entry}    - name: second\n{second}    - name: third\n{third}"
    ));
    scratch.expect(&["render"], Exit::Ok);
    for (entry, owner) in [
        ("sample", "sample"),
        ("second", "sample"),
        ("third", "third"),
    ] {
        let script = scratch.read(&format!("k8s/{entry}/pull-secret-prod.sh"));
        let line = format!("--owner 'sample/{owner}/prod'\n");
        assert!(script.contains(&line), "{entry}: {script}");
    }
}
