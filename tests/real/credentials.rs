//! What scripts do with tokens, service principals and the admin user over time.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::scripts::{admin_script, script, world_for};
use crate::tools::{program, run};
use crate::world::World;

/// The value that a Secret of the world holds for a login server.
fn entry(world: &Value, secret: &str, host: &str) -> Value {
    let data = world["secrets"][secret]["data"][".dockerconfigjson"]
        .as_str()
        .expect("it has a value");
    let bytes = STANDARD.decode(data).expect("it is base64");
    let value: Value = serde_json::from_slice(&bytes).expect("it is JSON");
    value["auths"][host].clone()
}

#[test]
fn a_token_is_rotated_by_two_slots_and_the_older_password_stays_valid() {
    let script = script("examples/secret/expected/sample/pull-secret-prod.sh");
    let world = world_for(&script);
    let slots = |world: &Value| -> Vec<(String, String)> {
        let passwords = &world["registries"]["youruniquename"]["tokens"]["sample-pull"]["credentials"]
            ["passwords"];
        let all = passwords.as_array().expect("there are passwords").iter();
        all.map(|one| (one["name"].to_string(), one["value"].to_string()))
            .collect()
    };
    world.expect(&script, &["--apply"], 0);
    let first = slots(&world.get());
    assert_eq!(first.len(), 1);
    world.expect(&script, &["--apply", "--rotate"], 0);
    let second = slots(&world.get());
    assert_eq!(second.len(), 2);
    assert_eq!(
        second[0], first[0],
        "pods that hold the first one keep pulling"
    );
    world.expect(&script, &["--apply", "--rotate"], 0);
    let third = slots(&world.get());
    assert_eq!((third.len(), &third[0]), (2, &second[1]));
    let held = entry(
        &world.get(),
        "default/acr-secret",
        "youruniquename.azurecr.io",
    );
    assert_eq!(held["username"], "sample-pull");
    assert_eq!(held["password"].to_string(), third[1].1);
    let pair = format!(
        "sample-pull:{}",
        held["password"].as_str().expect("it is text")
    );
    assert_eq!(held["auth"], STANDARD.encode(pair));
}

#[test]
fn a_password_that_ends_soon_is_renewed() {
    let script = script("examples/secret/expected/sample/pull-secret-prod.sh");
    let world = world_for(&script);
    world.expect(&script, &["--apply"], 0);
    world.change(
        "/registries/youruniquename/tokens/sample-pull/credentials/passwords/0/expiry",
        json!("2020-01-01T00:00:00.000000+00:00"),
    );
    let (text, _) = world.expect(&script, &[], 3);
    assert!(text.contains("credential generate"), "{text}");
}

#[test]
fn drift_of_a_scope_map_is_shown_and_mended() {
    let script = script("examples/secret/expected/sample/pull-secret-prod.sh");
    let world = world_for(&script);
    world.expect(&script, &["--apply"], 0);
    world.change(
        "/registries/youruniquename/scopeMaps/sample-pull-scope-map/actions",
        json!(["repositories/other/thing/content/write"]),
    );
    let (text, _) = world.expect(&script, &[], 3);
    assert!(text.contains("other/thing"), "{text}");
    world.expect(&script, &["--apply"], 0);
    let actions = &world.get()["registries"]["youruniquename"]["scopeMaps"]["sample-pull-scope-map"]
        ["actions"];
    assert_eq!(
        actions,
        &json!(["repositories/sample-container/content/read"])
    );
}

#[test]
fn the_admin_user_is_switched_on_only_by_apply() {
    let (_folder, script) = admin_script();
    run(program("shellcheck").args(["-o", "all"]).arg(&script));
    let world = world_for(&script);
    world.expect(&script, &[], 3);
    assert_eq!(
        world.get()["registries"]["youruniquename"]["admin"],
        json!(false)
    );
    world.expect(&script, &["--apply"], 0);
    let (text, _) = world.expect(&script, &["--apply"], 0);
    assert!(text.contains("nothing to do"), "{text}");
    world.expect(&script, &["--verify"], 0);
    let held = entry(
        &world.get(),
        "default/acr-secret",
        "youruniquename.azurecr.io",
    );
    assert_eq!(held["username"], "youruniquename");
}

#[test]
fn a_service_principal_keeps_its_newest_password_and_loses_the_older_ones() {
    let script = script("examples/service-account/expected/sample/pull-secret-prod.sh");
    let world = world_for(&script);
    let keys = |world: &World| -> Vec<String> {
        let all = world.get()["principals"][1]["keys"].clone();
        let all = all.as_array().expect("there are keys").iter();
        all.map(|one| one["keyId"].to_string()).collect()
    };
    world.expect(&script, &["--apply"], 0);
    let first = keys(&world);
    let (text, _) = world.expect(&script, &["--apply"], 0);
    assert!(text.contains("nothing to do"), "{text}");
    world.expect(&script, &["--apply", "--rotate"], 0);
    let second = keys(&world);
    assert_eq!((second.len(), &second[0]), (2, &first[0]));
    world.expect(&script, &["--apply", "--rotate"], 0);
    let third = keys(&world);
    assert_eq!((third.len(), &third[0]), (2, &second[1]));
    let (text, _) = world.expect(&script, &["--apply"], 0);
    assert!(text.contains("nothing to do"), "{text}");
    assert_eq!(world.get()["assignments"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_run_that_failed_on_its_way_and_the_next_leave_what_pods_hold_valid() {
    for (ending, host) in [
        (
            "examples/secret/expected/sample/pull-secret-prod.sh",
            "youruniquename.azurecr.io",
        ),
        (
            "examples/service-account/expected/sample/pull-secret-prod.sh",
            "youruniquename.azurecr.io",
        ),
    ] {
        let script = script(ending);
        let world = world_for(&script);
        world.expect(&script, &["--apply"], 0);
        let held = entry(&world.get(), "default/acr-secret", host)["password"].clone();
        let is_valid = |world: &World| {
            let mut all = world.get();
            all["secrets"] = json!({});
            all.to_string().contains(&held.to_string())
        };
        assert!(is_valid(&world));
        // The registry does not answer: a credential is minted and no Secret is written.
        world.change("/refusals", json!(99));
        world.expect(&script, &["--apply", "--rotate"], 1);
        assert!(is_valid(&world), "{ending}");
        world.expect(&script, &["--apply"], 1);
        assert!(
            is_valid(&world),
            "{ending}: the second try took what pods hold"
        );
        world.change("/refusals", json!(0));
        world.expect(&script, &["--apply"], 0);
        assert!(
            is_valid(&world),
            "{ending}: pods that started before keep pulling"
        );
        let now = entry(&world.get(), "default/acr-secret", host)["password"].clone();
        assert_ne!(now, held);
        world.expect(&script, &["--verify"], 0);
    }
}

#[test]
fn a_secret_gets_the_labels_of_the_config_without_a_new_credential() {
    let script = script("outside-azure/expected/sample/pull-secret-edge.sh");
    let world = world_for(&script);
    let pointer = "/secrets/default~1acr-secret/metadata/annotations";
    const ANNOTATION: &str = "reflector.v1.k8s.emberstack.com/reflection-allowed";
    let (text, _) = world.expect(&script, &[], 3);
    assert!(
        text.contains("--field-manager=pullwright-metadata"),
        "{text}"
    );
    world.expect(&script, &["--apply"], 0);
    let all = world.get();
    let annotations = all.pointer(pointer).expect("it has annotations");
    assert_eq!(annotations[ANNOTATION], "true");
    assert!(annotations["pullwright.dev/credentials"].is_string());
    world.expect(&script, &[], 0);
    let password = entry(
        &all,
        "default/acr-secret",
        "youruniquename-e7ggejfuhzhgedc8.azurecr.io",
    );
    let mut changed = annotations.clone();
    changed[ANNOTATION] = json!("false");
    world.change(pointer, changed);
    let (text, _) = world.expect(&script, &[], 3);
    assert!(!text.contains("credential generate"), "{text}");
    world.expect(&script, &["--apply"], 0);
    let now = world.get();
    assert_eq!(now.pointer(pointer), all.pointer(pointer));
    let kept = entry(
        &now,
        "default/acr-secret",
        "youruniquename-e7ggejfuhzhgedc8.azurecr.io",
    );
    assert_eq!(kept, password);
}
