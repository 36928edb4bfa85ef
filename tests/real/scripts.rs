//! Every generated script in every mode, twice, against stand-ins that record each call.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::tools::{examples, files, pullwright, root, run};
use crate::world::{World, is_change};

/// The script of an output directory that runs all others.
const RUNNER: &str = "/pull-access.sh";

/// The world in which an example's script can work.
pub(crate) fn world_for(script: &Path) -> World {
    let world = World::new();
    let text = script.to_string_lossy();
    if text.contains("outside-azure") {
        world.change(
            "/registries/youruniquename/server",
            json!("youruniquename-e7ggejfuhzhgedc8.azurecr.io"),
        );
    }
    let is_runner = text.ends_with(RUNNER);
    if text.contains("examples/attach/") {
        world.change(
            "/registries/youruniquename/mode",
            json!("AbacRepositoryPermissions"),
        );
        world.change(
            "/clusters",
            json!({"prod": {"client": "msi", "kubelet": world.get()["kubelet"]}}),
        );
    }
    if text.contains("shared-inventory") {
        world.change(
            "/clusters",
            json!({"prod": {"client": "msi", "kubelet": world.get()["kubelet"]}}),
        );
    }
    let is_merge =
        text.contains("/service-account-default/") || is_runner && text.contains("/fleet/");
    if is_merge || text.contains("service-account-factory") {
        for namespace in ["default/acr-secret", "web/acr-secret", "china/china-pull"] {
            let mut all = world.get();
            all["secrets"][namespace] = json!({"type": "kubernetes.io/dockerconfigjson"});
            world.set(&all);
        }
    }
    world
}

/// All of the examples: entry scripts, and those that run them.
pub(crate) fn all_scripts() -> Vec<PathBuf> {
    let examples = examples();
    let all = examples
        .iter()
        .flat_map(|one| files(&one.join("expected"), ".sh"));
    let all = all.filter(|path| !path.ends_with("_runtime/pullwright.sh"));
    let all: Vec<PathBuf> = all.collect();
    assert!(
        all.iter()
            .any(|path| path.to_string_lossy().ends_with(RUNNER)),
        "{all:?}"
    );
    all
}

/// The library that they load.
pub(crate) fn runtime() -> PathBuf {
    root().join("examples/secret/expected/_runtime/pullwright.sh")
}

/// The example's script whose path ends so.
pub(crate) fn script(ending: &str) -> PathBuf {
    all_scripts()
        .into_iter()
        .find(|path| path.to_string_lossy().ends_with(ending))
        .expect("an example renders it")
}

#[test]
fn every_script_plans_applies_verifies_and_undoes_and_is_idempotent() {
    std::thread::scope(|scope| {
        for script in all_scripts() {
            scope.spawn(move || plan_apply_verify_undo(&script));
        }
    });
}

fn plan_apply_verify_undo(script: &Path) {
    let world = world_for(script);
    let before = world.get();
    let changes = |calls: &[Vec<String>]| calls.iter().any(|call| is_change(call));
    let (_, calls) = world.expect(script, &[], 3);
    assert!(!changes(&calls), "a plan changed something: {calls:?}");
    assert_eq!(world.get(), before, "{}", script.display());

    let (_, calls) = world.expect(script, &["--apply"], 0);
    assert!(changes(&calls), "{}", script.display());
    let applied = world.get();
    assert_ne!(applied, before);
    let (text, calls) = world.expect(script, &["--apply"], 0);
    assert!(
        text.contains("nothing to do"),
        "{}: {text}",
        script.display()
    );
    assert!(!changes(&calls), "{calls:?}");
    world.expect(script, &[], 0);
    world.expect(script, &["--verify"], 0);
    assert_eq!(world.get(), applied, "{}", script.display());

    let (_, calls) = world.expect(script, &["--undo"], 3);
    assert!(!changes(&calls), "{calls:?}");
    assert_eq!(world.get(), applied, "{}", script.display());
    world.expect(script, &["--undo", "--apply"], 0);
    let undone = world.get();
    let (text, _) = world.expect(script, &["--undo", "--apply"], 0);
    assert!(text.contains("nothing to do"), "{text}");
    assert_eq!(world.get(), undone);
    assert_eq!(
        undone["serviceaccounts"],
        before["serviceaccounts"].clone().with_versions_of(&undone)
    );
    let name = script.to_string_lossy();
    if name.contains("/pull-secret-") {
        assert_eq!(undone["secrets"], before["secrets"]);
        assert_eq!(undone["registries"], before["registries"]);
    } else if name.contains("/attach-") {
        assert_eq!(undone["assignments"], before["assignments"]);
    }
    world.expect(script, &["--verify"], 1);
}

/// Kubernetes counts versions up, whatever the change.
trait WithVersions {
    fn with_versions_of(self, other: &Value) -> Value;
}

impl WithVersions for Value {
    fn with_versions_of(mut self, other: &Value) -> Value {
        for (name, account) in self.as_object_mut().into_iter().flatten() {
            account["metadata"] = other["serviceaccounts"][name]["metadata"].clone();
        }
        self
    }
}

#[test]
fn every_script_explains_itself_and_refuses_what_it_does_not_know() {
    for script in all_scripts() {
        let world = world_for(&script);
        let (output, calls) = world.run(&script, &["--help"]);
        assert_eq!(output.status.code(), Some(0));
        assert!(String::from_utf8_lossy(&output.stdout).contains("--undo"));
        assert!(calls.is_empty());
        for wrong in [&["--aply"][..], &["--verify", "--apply"], &[""]] {
            let (text, calls) = world.expect(&script, wrong, 64);
            assert!(text.contains("--help"), "{text}");
            assert!(calls.is_empty());
        }
    }
}

#[test]
fn nothing_is_minted_when_the_cluster_or_azure_says_no() {
    let script = script("examples/secret/expected/sample/pull-secret-prod.sh");
    for (pointer, value, why) in [
        ("/signedIn", json!(false), "az login"),
        (
            "/forbidden",
            json!(["patch"]),
            "you cannot patch secrets in namespace default",
        ),
        (
            "/namespaces",
            json!([]),
            "namespace default does not exist: create it first",
        ),
        (
            "/contexts",
            json!(["other"]),
            "the kubeconfig has no context prod: run az aks get-credentials --resource-group rg-prod --name prod",
        ),
        ("/contexts", json!([]), "no kubeconfig was found"),
        (
            "/cloud",
            json!("AzureChinaCloud"),
            "az cloud set --name AzureCloud",
        ),
        (
            "/azVersion",
            json!("2.49.0"),
            "az 2.49.0 is too old: 2.73 or newer is required",
        ),
        (
            "/kubectlVersion",
            json!("v1.23.5-gke"),
            "1.24 or newer is required",
        ),
        (
            "/registries",
            json!({}),
            "registry youruniquename does not exist in subscription",
        ),
        (
            "/registries/youruniquename/server",
            json!("youruniquename-x1y2.azurecr.io"),
            "loginServer",
        ),
        (
            "/secrets",
            json!({"default/acr-secret": {"type": "Opaque", "metadata": {}}}),
            "of type Opaque",
        ),
    ] {
        let world = world_for(&script);
        world.change(pointer, value);
        let before = world.get();
        // A question without an answer is no plan either.
        for arguments in [&["--apply"][..], &[]] {
            let (text, calls) = world.expect(&script, arguments, 1);
            assert!(text.contains(why), "{text}");
            assert!(!calls.iter().any(|call| is_change(call)), "{calls:?}");
            assert_eq!(world.get(), before);
        }
    }
}

#[test]
fn a_credential_that_the_registry_does_not_accept_is_in_no_secret() {
    let script = script("examples/secret/expected/sample/pull-secret-prod.sh");
    let world = world_for(&script);
    world.change("/refusals", json!(99));
    let (text, _) = world.expect(&script, &["--apply"], 1);
    for part in [
        "rejects the credential, after a new credential was created; no Secret holds it yet",
        "left: a new password of token sample-pull",
        "run again with --apply to continue",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(world.get()["secrets"], json!({}));
}

#[test]
fn merging_keeps_what_others_put_there_even_when_they_write_meanwhile() {
    let script = script("service-account-default/expected/sample/service-account-prod.sh");
    let world = world_for(&script);
    world.change("/conflicts", json!(1));
    world.expect(&script, &["--apply"], 0);
    for account in ["default/default", "web/default"] {
        assert_eq!(
            world.get()["serviceaccounts"][account]["imagePullSecrets"],
            json!([{"name": "of-another-team"}, {"name": "acr-secret"}])
        );
    }
}

#[test]
fn attach_chooses_the_role_and_mends_a_changed_condition() {
    let script = script("examples/attach/expected/sample/attach-prod.sh");
    let world = world_for(&script);
    world.expect(&script, &["--apply"], 0);
    let assignment = world.get()["assignments"][0].clone();
    assert_eq!(assignment["role"], "b93aa761-3e63-49ed-ac28-beffa264f7ac");
    let condition = assignment["condition"]
        .as_str()
        .expect("it has a condition");
    assert!(
        condition.contains("StringStartsWithIgnoreCase 'team/'"),
        "{condition}"
    );
    world.change("/assignments/0/condition", json!("something else"));
    world.expect(&script, &[], 3);
    world.expect(&script, &["--apply"], 0);
    assert_eq!(
        world.get()["assignments"][0]["condition"],
        assignment["condition"]
    );
    // A registry that is not what the config says is refused before anything is assigned.
    world.change(
        "/registries/youruniquename/mode",
        json!("LegacyRegistryPermissions"),
    );
    let (text, _) = world.expect(&script, &["--apply"], 1);
    assert!(text.contains("roleAssignmentMode"), "{text}");
}

#[test]
fn a_legacy_cluster_is_attached_by_its_service_principal() {
    let script = script("examples/fleet/expected/platform/attach-prod-neu.sh");
    let world = world_for(&script);
    world.change(
        "/clusters/prod-neu/client",
        json!("0a0b0c0d-1111-2222-3333-444444444444"),
    );
    world.expect(&script, &["--apply"], 0);
    let assignments = world.get()["assignments"].clone();
    let all = assignments.as_array().expect("it is a list");
    assert_eq!(all.len(), 2);
    assert!(
        all.iter()
            .all(|one| one["principalId"] == "45454545-0000-1111-2222-676767676767")
    );
}

/// A script for the admin user, which no example has; and the folder that holds it.
pub(crate) fn admin_script() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let text = std::fs::read_to_string(root().join("examples/secret/pullwright.yaml"))
        .expect("it is there");
    let start = text
        .find("        credential:")
        .expect("the example has a credential");
    let end = text
        .find("      workloads:")
        .expect("the example has workloads");
    let text = format!(
        "{}        credential: {{type: admin, allowAdminUser: true}}\n{}",
        &text[..start],
        &text[end..]
    );
    let config = folder.path().join("pullwright.yaml");
    std::fs::write(&config, text).expect("the folder is ours");
    run(pullwright().arg("render").arg(&config));
    let script = folder.path().join("k8s/sample/pull-secret-prod.sh");
    (folder, script)
}

#[test]
fn a_node_pulls_as_the_pod_would_and_the_pod_is_removed() {
    for (ending, secret, image) in [
        (
            "secret/expected/sample/pull-secret-prod.sh",
            "default/acr-secret",
            "sample-container:0.0.1",
        ),
        (
            "service-account-default/expected/sample/service-account-prod.sh",
            "web/acr-secret",
            "sample-container:0.0.1",
        ),
        (
            "fleet/expected/web/pull-secret-factory.sh",
            "shop/contoso-pull",
            "web/report:2.4.1",
        ),
    ] {
        let script = script(ending);
        let world = world_for(&script);
        world.expect(&script, &["--in-cluster"], 64);
        world.expect(&script, &["--apply"], 0);
        let (text, calls) = world.expect(&script, &["--verify", "--in-cluster"], 0);
        assert!(
            text.contains(image) && text.contains("pulled by a node"),
            "{text}"
        );
        assert!(calls.iter().any(|call| call.contains(&"create".to_owned())));
        assert_eq!(world.get()["pods"], json!({}));
        let mut all = world.get();
        all["secrets"]
            .as_object_mut()
            .expect("it is a map")
            .remove(secret);
        world.set(&all);
        let (text, _) = world.expect(&script, &["--verify", "--in-cluster"], 1);
        assert!(
            text.contains("401 Unauthorized") || text.contains("does not exist"),
            "{text}"
        );
        assert_eq!(world.get()["pods"], json!({}));
    }
}
