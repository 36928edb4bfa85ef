//! `fn` as a transformer: pods get pull access, and nothing else changes.

use pullwright::cli::Exit;
use serde_json::{Value, json};

use crate::krm::function;

/// One entry for each strategy, each with its own namespaces.
const CONFIG: &str = "\
apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {name: sample}
spec:
  registries: [{name: firstone}, {name: secondone}, {name: thirdone}]
  clusters: [{name: prod, kind: aks, resourceGroup: rg}]
  access:
    - name: by-secret
      strategy: secret
      registries: [firstone]
      namespaces: [web, shop]
      secret: {name: pull, credential: {type: token, name: sample-pull, repositories: [x]}}
    - name: by-account
      strategy: serviceAccount
      registries: [secondone]
      namespaces: [api]
      secret: {name: pull-api, credential: {type: token, name: api-pull, repositories: [x]}}
      serviceAccount: {name: puller}
    - name: by-node
      strategy: attach
      registries: [thirdone]
";

fn pod(namespace: &str, spec: Value) -> Value {
    let mut metadata = json!({"name": "p"});
    if !namespace.is_empty() {
        metadata["namespace"] = json!(namespace);
    }
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
}

fn account(name: &str, secrets: &[&str]) -> Value {
    let list: Vec<Value> = secrets.iter().map(|name| json!({"name": name})).collect();
    json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": "web"}, "imagePullSecrets": list})
}

fn uses(image: &str) -> Value {
    json!({"containers": [{"name": "c", "image": image}]})
}

/// Items out, and the messages of all results.
fn run(items: &Value) -> (Value, Vec<String>) {
    let out = function(CONFIG, items, Exit::Ok);
    let results = out["results"].as_array().cloned().unwrap_or_default();
    let messages = results.iter().map(|one| {
        format!(
            "{}: {}",
            one["severity"].as_str().unwrap_or_default(),
            one["message"].as_str().unwrap_or_default()
        )
    });
    let count = items.as_array().map_or(0, Vec::len);
    let items = out["items"].as_array().expect("it is a list")[..count].to_vec();
    (json!(items), messages.collect())
}

/// The spec of a pod after the function.
fn spec(namespace: &str, spec: Value) -> Value {
    run(&json!([pod(namespace, spec)])).0[0]["spec"].clone()
}

const FIRST: &str = "firstone.azurecr.io/app:1";
const SECOND: &str = "secondone.azurecr.io/app:1";

#[test]
fn a_pod_without_its_secret_gets_it_and_keeps_what_it_has() {
    let want = json!({"containers": [{"name": "c", "image": FIRST}], "imagePullSecrets": [{"name": "pull"}]});
    for namespace in ["web", "shop", ""] {
        assert_eq!(spec(namespace, uses(FIRST)), want, "{namespace}");
    }
    let mut other = uses(FIRST);
    other["imagePullSecrets"] = json!([{"name": "other", "x": 1}]);
    let after = spec("web", other);
    assert_eq!(
        after["imagePullSecrets"],
        json!([{"name": "other", "x": 1}, {"name": "pull"}])
    );
    assert_eq!(
        spec("web", after.clone()),
        after,
        "a second pass adds nothing"
    );
    let mut empty = uses(FIRST);
    empty["imagePullSecrets"] = Value::Null;
    assert_eq!(spec("web", empty), want);
}

#[test]
fn every_place_of_an_image_counts() {
    for places in [
        json!({"initContainers": [{"image": FIRST}]}),
        json!({"ephemeralContainers": [{"image": FIRST}]}),
        json!({"containers": [{"image": "nginx"}, {"image": "firstone.azurecr.io/a@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]}),
        json!({"volumes": [{"name": "v", "image": {"reference": FIRST}}]}),
    ] {
        assert_eq!(
            spec("web", places.clone())["imagePullSecrets"],
            json!([{"name": "pull"}]),
            "{places}"
        );
    }
    for other in [
        "nginx",
        "firstone/app:1",
        "firstone.azurecr.io.example/app",
        "docker.io/x",
        "a b",
        "thirdone.azurecr.io/app:1",
    ] {
        assert_eq!(spec("web", uses(other)), uses(other), "{other}");
    }
}

#[test]
fn kinds_are_identified_by_group_and_others_are_reported() {
    let template =
        |namespace: &str| json!({"metadata": {"namespace": namespace}, "spec": uses(FIRST)});
    let nested = |api: &str, kind: &str| {
        let mut object = pod("web", json!({"template": template("web")}));
        object["apiVersion"] = json!(api);
        object["kind"] = json!(kind);
        object
    };
    let path = "/spec/template/spec/imagePullSecrets/0/name";
    for (api, kind) in [
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "ReplicaSet"),
        ("extensions/v1beta1", "Deployment"),
        ("batch/v1", "Job"),
        ("v1", "ReplicationController"),
        ("serving.knative.dev/v1", "Service"),
        ("argoproj.io/v1alpha1", "Rollout"),
    ] {
        let (items, messages) = run(&json!([nested(api, kind)]));
        assert_eq!(items[0].pointer(path), Some(&json!("pull")), "{kind}");
        assert_eq!(
            messages,
            [format!("info: added pull secret `pull` to {kind} `web/p`")]
        );
    }
    let items = json!([nested("example.com/v1", "Job")]);
    let (after, messages) = run(&items);
    assert_eq!(after, items);
    assert_eq!(
        messages,
        [
            "warning: [unknown-kind] Job `web/p` uses images from `firstone.azurecr.io`, but the path of its pod spec is unknown; declare its kind in `spec.kinds` of the config"
        ]
    );
    let mut cron = pod(
        "web",
        json!({"jobTemplate": {"spec": {"template": template("web")}}}),
    );
    cron["apiVersion"] = json!("batch/v1");
    cron["kind"] = json!("CronJob");
    let mut template = pod("web", Value::Null);
    template["kind"] = json!("PodTemplate");
    template["template"] = json!({"spec": uses(FIRST)});
    let (items, _) = run(&json!([cron, template]));
    assert_eq!(
        items[0]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["imagePullSecrets"][0]["name"],
        "pull"
    );
    assert_eq!(
        items[1]["template"]["spec"]["imagePullSecrets"][0]["name"],
        "pull"
    );
}

#[test]
fn objects_in_lists_get_pull_access() {
    let inner = json!({"apiVersion": "v1", "kind": "List", "items": [pod("web", uses(FIRST))]});
    let pods = json!({"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "x", "namespace": "web"}, "spec": uses(FIRST)}]});
    let (items, _) = run(
        &json!([{"apiVersion": "v1", "kind": "List", "items": [inner, account("default", &[])]}, pods]),
    );
    assert_eq!(
        items[0]["items"][0]["items"][0]["spec"]["imagePullSecrets"],
        json!([{"name": "pull"}])
    );
    assert_eq!(
        items[1]["items"][0]["spec"]["imagePullSecrets"],
        json!([{"name": "pull"}])
    );
}

#[test]
fn the_secrets_of_an_account_are_not_lost() {
    // Its account has the secret: nothing to add.
    let (items, messages) = run(&json!([
        account("default", &["pull"]),
        pod("web", uses(FIRST))
    ]));
    assert_eq!(items[1]["spec"], uses(FIRST));
    assert!(messages.is_empty(), "{messages:?}");
    // It has another: a pod that lists one itself would lose that.
    let mut own = uses(FIRST);
    own["serviceAccountName"] = json!("robot");
    let (items, messages) = run(&json!([account("robot", &["a", "b"]), pod("web", own)]));
    assert_eq!(items[0], account("robot", &["a", "b"]));
    assert_eq!(
        items[1]["spec"]["imagePullSecrets"],
        json!([{"name": "a"}, {"name": "b"}, {"name": "pull"}])
    );
    assert!(messages[0].contains("after `a`, `b`"), "{messages:?}");
}

/// With `mode: merge` the account is in the cluster, but the secrets that the config adds to it are known.
#[test]
fn the_secret_of_an_account_outside_of_the_input_is_not_lost() {
    let config = CONFIG
        .replace("namespaces: [api]", "namespaces: [web]")
        .replace("{name: puller}", "{name: default, mode: merge}");
    let both = json!({"containers": [{"image": FIRST}, {"image": SECOND}]});
    let spec_of = |spec: Value| {
        let out = function(&config, &json!([pod("web", spec)]), Exit::Ok);
        out["items"][0]["spec"].clone()
    };
    assert_eq!(spec_of(uses(SECOND)), uses(SECOND), "it runs as `default`");
    for images in [both, uses(FIRST)] {
        assert_eq!(
            spec_of(images)["imagePullSecrets"],
            json!([{"name": "pull-api"}, {"name": "pull"}])
        );
    }
}

#[test]
fn an_account_is_set_or_gets_the_secret() {
    let (items, messages) = run(&json!([pod("api", uses(SECOND))]));
    assert_eq!(items[0]["spec"]["serviceAccountName"], "puller");
    assert!(
        items[0]["spec"].get("imagePullSecrets").is_none()
            && messages[0].contains("runs as ServiceAccount `puller`")
    );
    // A pod that lists secrets does not get those of its account.
    let mut own = uses(SECOND);
    own["imagePullSecrets"] = json!([{"name": "other"}]);
    let (items, _) = run(&json!([pod("api", own)]));
    assert_eq!(
        items[0]["spec"]["imagePullSecrets"],
        json!([{"name": "other"}, {"name": "pull-api"}])
    );
    // Another account gets the secret if it is in the input; otherwise a warning is reported.
    let mut robot = account("robot", &["a"]);
    robot["metadata"]["namespace"] = json!("api");
    let mut own = uses(SECOND);
    own["serviceAccountName"] = json!("robot");
    let (items, messages) = run(&json!([robot, pod("api", own.clone())]));
    assert_eq!(
        items[0]["imagePullSecrets"],
        json!([{"name": "a"}, {"name": "pull-api"}])
    );
    assert_eq!(items[1]["spec"], own);
    assert!(
        messages[0].starts_with("info: added pull secret `pull-api` to ServiceAccount `api/robot`"),
        "{messages:?}"
    );
    let (items, messages) = run(&json!([pod("api", own.clone())]));
    assert_eq!(items[0]["spec"], own);
    assert!(
        messages[0].starts_with("warning: ")
            && messages[0].contains("add `pull-api` to `imagePullSecrets` of that account, or set the account to `puller`"),
        "{messages:?}"
    );
}

#[test]
fn an_existing_account_of_the_config_gets_the_secret() {
    let mut puller = account("puller", &["a"]);
    puller["metadata"]["namespace"] = json!("api");
    let out = function(CONFIG, &json!([puller]), Exit::Ok);
    let accounts: Vec<&Value> = out["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["kind"] == "ServiceAccount")
        .collect();
    assert_eq!(accounts.len(), 1);
    assert_eq!(
        accounts[0]["imagePullSecrets"],
        json!([{"name": "a"}, {"name": "pull-api"}])
    );
}

#[test]
fn undecidable_cases_are_reported_and_left_unchanged() {
    let warned = |items: Value, words: &str| {
        let (after, messages) = run(&items);
        assert_eq!(after, items);
        assert!(
            messages
                .iter()
                .any(|one| one.starts_with("warning: ") && one.contains(words)),
            "{messages:?}"
        );
    };
    warned(
        json!([pod("elsewhere", uses(FIRST))]),
        "no access entry covers namespace `elsewhere`",
    );
    let mut broken = uses(FIRST);
    broken["imagePullSecrets"] = json!("pull");
    warned(json!([pod("web", broken)]), "is not a list");
    for odd in [
        json!(null),
        json!([]),
        json!("x"),
        json!({"containers": "x"}),
        json!({"containers": [1, {"image": 7}]}),
    ] {
        let items = json!([pod("web", odd), 1, "x", {"kind": "Pod"}, {"apiVersion": "v1", "kind": "List", "items": 3}]);
        assert_eq!(run(&items).0, items);
    }
}

#[test]
fn two_entries_for_one_image_require_a_namespace() {
    let config = CONFIG.replace(
        "registries: [secondone]",
        "registries: [secondone, firstone]",
    );
    let items = json!([pod("", uses(FIRST))]);
    let out = function(&config, &items, Exit::Ok);
    assert_eq!(out["items"][0], items[0]);
    let messages = out["results"][0]["message"].as_str().unwrap_or_default();
    assert!(
        messages.contains("more than one access entry applies: `by-secret`, `by-account`"),
        "{messages}"
    );
    let out = function(&config, &json!([pod("api", uses(FIRST))]), Exit::Ok);
    assert_eq!(out["items"][0]["spec"]["serviceAccountName"], "puller");
}
