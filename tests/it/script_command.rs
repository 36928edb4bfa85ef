//! `script` prints one script that needs no other file, or says which there are.

use pullwright::artifact::runtime;
use pullwright::cli::Exit;

use crate::support::{SMALL, Scratch};

const CONFIG: &str = "\
apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {name: shop}
spec:
  registries: [{name: youruniquename}]
  clusters: [{name: prod, kind: aks, resourceGroup: rg-prod}, {name: edge, kind: generic}]
  access:
    - name: attached
      strategy: attach
      registries: [youruniquename]
      clusters: [prod]
    - name: merged
      strategy: serviceAccount
      registries: [youruniquename]
      namespaces: [a]
      clusters: [prod, edge]
      secret: {name: acr-secret, credential: {type: admin, allowAdminUser: true}}
      serviceAccount: {name: default, mode: merge}
    - name: plain
      strategy: secret
      registries: [youruniquename]
      namespaces: [a]
      clusters: [prod]
      secret: {name: plain-secret, delivery: manifest, credential: {type: env, usernameFrom: U, passwordFrom: P}}
";

#[test]
fn one_script_is_printed_and_nothing_is_written() {
    let scratch = Scratch::with_config(CONFIG);
    let before = scratch.snapshot();
    let printed = scratch.expect(&["script", "attached"], Exit::Ok).stdout;
    let also = [
        "script",
        "merged",
        "--cluster",
        "edge",
        "--kind",
        "service-account",
    ];
    let account = scratch.expect(&also, Exit::Ok).stdout;
    assert!(scratch.snapshot() == before, "nothing is written");
    assert!(account.contains("\nscript service-account --runtime 1 --owner 'shop/merged/edge'\n"));
    // The same as a config of that form has in its directory.
    let form = CONFIG.replace("spec:\n", "spec:\n  scripts: {form: standalone}\n");
    let alone = Scratch::with_config(&form)
        .variable("U", "user")
        .variable("P", "pass-word");
    alone.expect(&["render", "--allow-plaintext"], Exit::Ok);
    assert_eq!(printed, alone.read("k8s/attached/attach-prod.sh"));
    assert_eq!(account, alone.read("k8s/merged/service-account-edge.sh"));
    assert!(printed.contains(runtime::text()));
}

#[test]
fn the_config_may_be_elsewhere() {
    let scratch = Scratch::new().stdin(CONFIG);
    scratch.write("apps/other.yaml", CONFIG);
    let from_stdin = ["script", "attached", "--config", "-"];
    let from_stdin = scratch.expect(&from_stdin, Exit::Ok).stdout;
    assert!(from_stdin.contains("\n# config: pullwright.yaml\n"));
    let named = ["script", "attached", "--config", "apps/other.yaml"];
    let named = scratch.expect(&named, Exit::Ok).stdout;
    assert!(named.contains("\n# config: other.yaml\n"));
    scratch.write("one/pullwright.yaml", CONFIG);
    scratch.write("two/pullwright.yaml", CONFIG);
    let several = ["script", "attached", "--config", "."];
    let told = scratch.expect(&several, Exit::Failed).stderr;
    let message = "error[usage]: several configs: `one/pullwright.yaml`, `two/pullwright.yaml`\n";
    assert!(told.starts_with(message), "{told}");
}

/// The message, and the way out.
#[test]
fn what_is_not_clear_is_told_with_what_there_is() {
    let scratch = Scratch::with_config(CONFIG);
    scratch.write("small.yaml", SMALL);
    for (arguments, message, help) in [
        (
            &["atached"][..],
            "`pullwright.yaml` has no access entry `atached`",
            "did you mean `attached`?",
        ),
        (
            &["nothing-like-it"],
            "`pullwright.yaml` has no access entry `nothing-like-it`",
            "its entries are `attached`, `merged`, `plain`",
        ),
        (
            &["merged"],
            "access entry `merged` has scripts for several clusters: `prod`, `edge`",
            "select one, for example with `--cluster prod`",
        ),
        (
            &["merged", "--cluster", "edge"],
            "access entry `merged` has several scripts: `pull-secret`, `service-account`",
            "select one, for example with `--kind pull-secret`",
        ),
        (
            &["merged", "--cluster", "factory"],
            "access entry `merged` has no script for cluster `factory`",
            "its clusters are `prod`, `edge`",
        ),
        (
            &["attached", "--kind", "pull-secret"],
            "access entry `attached` has no script of kind `pull-secret`",
            "it has `attach`",
        ),
        // Its credentials are not even looked for.
        (
            &["plain", "--cluster", "prod"],
            "access entry `plain` has no scripts",
            "write and apply its manifests: `pullwright render`",
        ),
        (
            &["sample", "--config", "small.yaml"],
            "access entry `sample` has no scripts",
            "write and apply its manifests: `pullwright render`",
        ),
    ] {
        let words = [&["script"], arguments].concat();
        let told = scratch.expect(&words, Exit::Failed);
        let want = format!("error[usage]: {message}\n |\n = help: {help}\n");
        assert_eq!((told.stderr, told.stdout), (want, String::new()));
    }
}
