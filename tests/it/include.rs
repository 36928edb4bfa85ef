//! Inventories: what several configs share is checked as if each declared it, with places in the right file.

use pullwright::cli::Exit;

use crate::support::Scratch;

const FLEET: &str = "\
apiVersion: pullwright.dev/v1alpha1
kind: PullInventory
metadata: {name: fleet}
spec:
  registries:
    - name: youruniquename
    - name: anotherregistry
      loginServer: anotherregistry-a1b2c3d4e5f6a7b8.azurecr.io
  clusters:
    - {name: prod, kind: aks, resourceGroup: rg-prod}
    - {name: edge, kind: generic}
";

const CONFIG: &str = "\
apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {name: team}
spec:
  include: [../fleet.yaml]
  access:
    - name: sample
      strategy: secret
      registries: [anotherregistry]
      namespaces: [web]
      clusters: [prod]
      secret:
        name: acr-secret
        credential: {type: token, name: sample-pull, repositories: [web]}
      workloads:
        - kind: Pod
          name: web
          containers: [{name: web, image: \"anotherregistry-a1b2c3d4e5f6a7b8.azurecr.io/web:1\"}]
";

/// A repository with an inventory, and a config in a directory of it.
fn repository(fleet: &str, config: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write(".git/HEAD", "ref: refs/heads/main\n");
    scratch.write("fleet.yaml", fleet);
    scratch.write("team/pullwright.yaml", config);
    scratch
}

#[test]
fn registries_and_clusters_come_from_the_inventory() {
    let scratch = repository(FLEET, CONFIG);
    scratch.expect(&["render", "team/pullwright.yaml"], Exit::Ok);
    let script = scratch.read("team/k8s/sample/pull-secret-prod.sh");
    assert!(script.contains("anotherregistry-a1b2c3d4e5f6a7b8.azurecr.io"));
    assert!(scratch.has("team/k8s/clusters/prod/kustomization.yaml"));
    assert!(!scratch.has("team/k8s/clusters/edge"), "no entry names it");
    scratch.expect(&["check", "."], Exit::Ok);
    // What is promised counts for `audit` as well.
    scratch.expect(&["audit", "."], Exit::Ok);
    scratch.write(
        "fleet.yaml",
        FLEET.replace("resourceGroup: rg-prod", "resourceGroup: rg-new"),
    );
    scratch.expect(&["check", "."], Exit::Differs);
    scratch.write(
        "fleet.yaml",
        FLEET.replace("a1b2c3d4e5f6a7b8", "b1b2c3d4e5f6a7b8"),
    );
    scratch.expect(&["check", "."], Exit::Failed);
}

/// What `validate` says of a config with an inventory.
fn refused(fleet: &str, config: &str) -> String {
    let scratch = repository(fleet, config);
    scratch
        .expect(&["validate", "team/pullwright.yaml"], Exit::Failed)
        .stderr
}

#[test]
fn mistakes_are_shown_in_the_file_that_has_them() {
    let shape = refused(&FLEET.replace("kind: generic", "kind: generik"), CONFIG);
    assert_eq!(
        shape,
        "\
error[unknown-value]: unknown value `generik` of `spec.clusters[1].kind`
  --> fleet.yaml:11:26
   |
11 |     - {name: edge, kind: generik}
   |                          ^^^^^^^ did you mean `generic`?
   |
   = help: expected one of `aks`, `generic`
"
    );
    let sense = refused(
        &FLEET.replace(
            "anotherregistry-a1b2c3d4e5f6a7b8.azurecr.io",
            "anotherregistry.azurecr.cn",
        ),
        &CONFIG.replace(
            "anotherregistry-a1b2c3d4e5f6a7b8.azurecr.io",
            "anotherregistry.azurecr.cn",
        ),
    );
    assert!(
        sense.contains("error[login-server]") && sense.contains("--> fleet.yaml:8:"),
        "{sense}"
    );
    let twice = refused(
        FLEET,
        &CONFIG.replace(
            "  access:",
            "  registries: [{name: youruniquename}]\n  access:",
        ),
    );
    assert!(
        twice.contains(
            "error[duplicate]: duplicate registry `youruniquename`\n --> fleet.yaml:6:13"
        ) && twice.contains("::: team/pullwright.yaml:6:23"),
        "{twice}"
    );
}

#[test]
fn an_inventory_that_cannot_be_read_is_named() {
    for (path, why) in [
        ("../other.yaml", "no such file or directory"),
        ("../../fleet.yaml", "it is outside of `"),
        ("/etc/passwd", "it must be relative"),
        ("..", "`..` is only allowed at the beginning"),
        (
            "../team/../fleet.yaml",
            "`..` is only allowed at the beginning",
        ),
        ("../team", "it is a directory"),
        (
            "pullwright.yaml",
            "cannot include `pullwright.yaml`: it is of kind `PullAccess`, not `PullInventory`",
        ),
    ] {
        let text = refused(FLEET, &CONFIG.replace("../fleet.yaml", path));
        assert!(text.contains(why), "{path}: {text}");
        assert_eq!(text.matches("error[").count(), 1, "{path}: {text}");
    }
    let empty = refused("", CONFIG);
    assert!(
        empty.contains("cannot include `../fleet.yaml`: it is empty"),
        "{empty}"
    );
    let direct = repository(FLEET, CONFIG).expect(&["validate", "fleet.yaml"], Exit::Failed);
    assert!(
        direct
            .stderr
            .contains("validate the configs that include this inventory"),
        "{}",
        direct.stderr
    );
    let scratch = repository(FLEET, &CONFIG.replace("../fleet.yaml", "link.yaml"));
    std::os::unix::fs::symlink("/etc/hostname", scratch.path().join("team/link.yaml"))
        .expect("it can be linked");
    let text = scratch
        .expect(&["validate", "team/pullwright.yaml"], Exit::Failed)
        .stderr;
    assert!(text.contains("it is outside of `"), "{text}");
    let hostname = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    assert!(
        hostname.trim().is_empty() || !text.contains(hostname.trim()),
        "{text}"
    );
}

#[test]
fn inventories_include_others_once_and_no_cycle() {
    let more = "apiVersion: pullwright.dev/v1alpha1\nkind: PullInventory\nmetadata: {name: more}\nspec:\n  include: [INCLUDE]\n";
    let config = CONFIG.replace("[../fleet.yaml]", "[../a.yaml, ../b.yaml]");
    let scratch = repository(FLEET, &config);
    for name in ["a.yaml", "b.yaml"] {
        scratch.write(name, more.replace("INCLUDE", "fleet.yaml"));
    }
    scratch.expect(&["validate", "team/pullwright.yaml"], Exit::Ok);
    scratch.write("a.yaml", more.replace("INCLUDE", "b.yaml"));
    scratch.write("b.yaml", more.replace("INCLUDE", "a.yaml"));
    let text = scratch
        .expect(&["validate", "team/pullwright.yaml"], Exit::Failed)
        .stderr;
    assert!(
        text.contains("error[include-invalid]: cannot include `a.yaml`: it includes this file in turn\n --> b.yaml:5:"),
        "{text}"
    );
}

#[test]
fn templates_may_be_shared_too() {
    let config = CONFIG.replace("  include:", "  templates: ../templates\n  include:");
    let scratch = repository(FLEET, &config);
    let pod = crate::support::source("templates/workload/pod.yaml.j2");
    scratch.write(
        "templates/workload/pod.yaml.j2",
        pod.replace("kind: Pod", "kind: Pod # ours"),
    );
    scratch.expect(&["render", "team/pullwright.yaml"], Exit::Ok);
    assert!(
        scratch
            .read("team/k8s/sample/web/pod-web.yaml")
            .contains("# ours")
    );
    let outside = CONFIG.replace("  include:", "  templates: ../../templates\n  include:");
    scratch.write("team/pullwright.yaml", outside);
    let text = scratch
        .expect(&["render", "team/pullwright.yaml"], Exit::Failed)
        .stderr;
    assert!(
        text.contains("error[template-unreadable]") && text.contains("it is outside of"),
        "{text}"
    );
}

/// Without a repository, the working directory bounds what may be included.
#[test]
fn outside_of_a_repository_the_working_directory_counts() {
    let scratch = Scratch::new();
    scratch.write("fleet.yaml", FLEET);
    scratch.write("team/pullwright.yaml", CONFIG);
    scratch.expect(&["validate", "team/pullwright.yaml"], Exit::Ok);
    // From stdin, paths begin in the working directory.
    let stdin = Scratch::new().stdin(&CONFIG.replace("../fleet.yaml", "fleet.yaml"));
    stdin.write("fleet.yaml", FLEET);
    stdin.expect(&["validate", "-"], Exit::Ok);
}

#[test]
fn a_function_has_no_files() {
    let config: serde_json::Value = serde_yaml::from_str(CONFIG).expect("it is YAML");
    let list = serde_json::json!({
        "apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "functionConfig": config, "items": [],
    });
    let outcome = Scratch::new().stdin(&list.to_string()).run(&["fn"]);
    assert_eq!(outcome.exit, Exit::Differs);
    assert!(
        outcome
            .stderr
            .contains("only a config in a file can include others"),
        "{}",
        outcome.stderr
    );
}
