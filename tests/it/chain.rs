//! The way from a pod to its credentials against a second model, which is made of numbers and knows
//! nothing of YAML, JSON or texts.

use proptest::prelude::*;
use pullwright::document::Node;
use pullwright::manifest::secrets::enforces_mountable_secrets;
use pullwright::manifest::{PullSecrets, Shape};
use pullwright::pull::chain::{Found, Pull, choose, choose_for_static_pod, not_on_account, pull};
use serde_json::{Value, json};

/// Secrets are `0..SECRETS`, registries `0..HOSTS`.
const SECRETS: usize = 4;
const HOSTS: usize = 3;

/// A Secret of the namespace.
#[derive(Debug, Clone)]
enum Secret {
    Missing,
    OtherType,
    NoKey,
    Broken(usize),
    /// The registries that it has an entry for.
    Hosts(Vec<usize>),
}

#[derive(Debug, Clone)]
struct World {
    /// `None` is an element without a name.
    pod: Vec<Option<usize>>,
    account: Vec<Option<usize>>,
    enforces: bool,
    is_static: bool,
    secrets: Vec<Secret>,
    image: usize,
}

/// What becomes of the image.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Forbidden,
    Broken,
    Tried(Vec<usize>),
    NodeOrAnonymous,
}

fn model(world: &World) -> Outcome {
    let on_account = |element: &Option<usize>| world.account.contains(element);
    if world.enforces && !world.is_static && !world.pod.iter().all(on_account) {
        return Outcome::Forbidden;
    }
    let list: Vec<usize> = match (world.is_static, world.pod.len()) {
        (true, _) => Vec::new(),
        (false, 0) => world.account.iter().flatten().copied().collect(),
        (false, _) => world.pod.iter().flatten().copied().collect(),
    };
    let mut tried = Vec::new();
    let mut broken = false;
    for secret in list {
        match &world.secrets[secret] {
            Secret::Missing | Secret::OtherType | Secret::NoKey => {}
            Secret::Broken(_) => broken = true,
            Secret::Hosts(hosts) if hosts.contains(&world.image) => tried.push(secret),
            Secret::Hosts(_) => {}
        }
    }
    match (broken, tried.is_empty()) {
        (true, _) => Outcome::Broken,
        (false, true) => Outcome::NodeOrAnonymous,
        (false, false) => Outcome::Tried(tried),
    }
}

fn host(number: usize) -> String {
    format!("registry{number}.azurecr.io")
}

fn elements(list: &[Option<usize>]) -> Value {
    list.iter()
        .enumerate()
        .map(|(at, element)| match (element, at % 3) {
            (Some(secret), _) => json!({"name": format!("s{secret}")}),
            (None, 0) => json!({}),
            (None, 1) => json!({"name": ""}),
            (None, _) => Value::Null,
        })
        .collect()
}

fn found(secret: &Secret) -> Found {
    const TYPE: &str = "kubernetes.io/dockerconfigjson";
    let of = |kind, value: &str| Found::of(kind, Some(value.as_bytes()));
    match secret {
        Secret::Missing => Found::Missing,
        Secret::OtherType => of("Opaque", r#"{"auths":{"a":{"auth":"%"}}}"#),
        Secret::NoKey => Found::of(TYPE, None),
        Secret::Broken(0) => of(TYPE, "{"),
        Secret::Broken(1) => of(TYPE, r#"{"auths":{"elsewhere.io":{"auth":"%"}}}"#),
        Secret::Broken(_) => of(TYPE, r#"{"auths":{"elsewhere.io":{"auth":"dXA="}}}"#),
        Secret::Hosts(hosts) => {
            let entries = hosts.iter().map(|at| (host(*at), json!({"auth": "dTpw"})));
            let auths: serde_json::Map<String, Value> = entries.collect();
            of(TYPE, &json!({"auths": auths}).to_string())
        }
    }
}

fn product(world: &World) -> Outcome {
    let annotations =
        json!({"kubernetes.io/enforce-mountable-secrets": world.enforces.to_string()});
    let account = Node::from(json!({
        "metadata": {"annotations": annotations},
        "secrets": [{"name": "s0"}],
        "imagePullSecrets": elements(&world.account),
    }));
    let spec = Node::from(json!({"imagePullSecrets": elements(&world.pod)}));
    let own = PullSecrets::read(spec.get("imagePullSecrets"), Shape::Objects);
    let of_account = PullSecrets::of_account(&account);
    let chosen = if world.is_static {
        choose_for_static_pod()
    } else {
        if enforces_mountable_secrets(&account) && not_on_account(&own, &of_account).is_some() {
            return Outcome::Forbidden;
        }
        choose(&own, &of_account)
    };
    let number = |name: &str| -> usize { name[1..].parse().expect("it is a number") };
    let secrets: Vec<(&str, Found)> = chosen
        .secrets
        .iter()
        .map(|name| (*name, found(&world.secrets[number(name)])))
        .collect();
    let read: Vec<(&str, &Found)> = secrets.iter().map(|(name, found)| (*name, found)).collect();
    match pull(&format!("{}/team/x:1", host(world.image)), &read) {
        Pull::Broken(..) => Outcome::Broken,
        Pull::Unmatched => Outcome::NodeOrAnonymous,
        Pull::Tried(all) => {
            assert!(all.iter().all(|one| one.key.as_str() == host(world.image)));
            Outcome::Tried(all.iter().map(|one| number(one.secret)).collect())
        }
    }
}

fn list() -> impl Strategy<Value = Vec<Option<usize>>> {
    prop::collection::vec(prop::option::weighted(0.7, 0..SECRETS), 0..4)
}

fn world() -> impl Strategy<Value = World> {
    let secret = prop_oneof![
        Just(Secret::Missing),
        Just(Secret::OtherType),
        Just(Secret::NoKey),
        (0_usize..3).prop_map(Secret::Broken),
        prop::collection::vec(0..HOSTS, 0..4).prop_map(Secret::Hosts),
        prop::collection::vec(0..HOSTS, 0..4).prop_map(Secret::Hosts),
        prop::collection::vec(0..HOSTS, 0..4).prop_map(Secret::Hosts),
    ];
    let flags = (prop::bool::weighted(0.3), prop::bool::weighted(0.1));
    let secrets = prop::collection::vec(secret, SECRETS);
    (list(), list(), flags, secrets, 0..HOSTS).prop_map(
        |(pod, account, (enforces, is_static), secrets, image)| World {
            pod,
            account,
            enforces,
            is_static,
            secrets,
            image,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_chain_ends_where_the_model_says(world in world()) {
        prop_assert_eq!(product(&world), model(&world));
    }

    #[test]
    fn no_text_makes_the_reader_of_secrets_fail(value in any::<Vec<u8>>(), image in any::<String>()) {
        for kind in ["kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"] {
            let found = Found::of(kind, Some(&value));
            let all = [("s", &found)];
            let _ = (pull(&image, &all), pullwright::pull::virtual_node::pull(&image, &all));
        }
        let _ = (
            pullwright::manifest::host(&image),
            pullwright::manifest::reference::fault(&image),
            pullwright::manifest::Path::parse(&image),
        );
    }
}

/// The worlds that are drawn must reach every outcome, or the comparison says little.
#[test]
fn the_worlds_end_in_every_way() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut counts = [0_usize; 4];
    for _ in 0..500 {
        let tree = world().new_tree(&mut runner).expect("it draws");
        let at = match model(&proptest::strategy::ValueTree::current(&tree)) {
            Outcome::Forbidden => 0,
            Outcome::Broken => 1,
            Outcome::Tried(_) => 2,
            Outcome::NodeOrAnonymous => 3,
        };
        counts[at] += 1;
    }
    assert!(counts.iter().all(|count| *count >= 25), "{counts:?}");
}
