//! Objects, locks and files for a small config.

use crate::hostile_inputs::{HEAD, fill, repeat, room};

/// A pod in a list or a stream, of one line.
fn pod(number: usize) -> String {
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: p{number}, namespace: default}}, spec: {{containers: [{{name: c, image: 'youruniquename.azurecr.io/c:1'}}]}}}}"
    )
}

fn account(number: usize) -> String {
    format!(
        "{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: a{number}, namespace: default}}}}"
    )
}

fn config_map(number: usize) -> String {
    format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: m{number}}}}}")
}

/// An entry for an account.
fn account_entry(number: usize) -> String {
    format!(
        "{{name: e{number}, strategy: serviceAccount, registries: [youruniquename], namespaces: [default], secret: {{name: s, delivery: placeholder}}, serviceAccount: {{name: a{number}, mode: merge}}}},"
    )
}

/// A `ResourceList` with those entries and items.
fn list(entries: &str, items: &str) -> String {
    let config = HEAD.replace('\n', "\n  ");
    format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  {config}  access: [{entries}]\nitems: [{items}]\n"
    )
}

fn small_entry() -> &'static str {
    "{name: sample, strategy: secret, registries: [youruniquename], namespaces: [default], secret: {name: acr-secret, delivery: placeholder}}"
}

/// The lists.
pub(crate) fn lists() -> Vec<(&'static str, String)> {
    let frame = list(small_entry(), "");
    let most = room(&frame);
    let items = |unit: &dyn Fn(usize) -> String| {
        list(small_entry(), &fill(most, |n| format!("{},", unit(n))))
    };
    let accounts: String = (0..2_500).map(account_entry).collect();
    let objects = |count: usize, unit: &dyn Fn(usize) -> String| -> String {
        (0..count).map(|n| format!("{},", unit(n))).collect()
    };
    vec![
        (
            "accounts of entries and accounts",
            list(&accounts, &objects(2_500, &account)),
        ),
        (
            "accounts of entries and other objects",
            list(&accounts, &objects(6_000, &config_map)),
        ),
        (
            "accounts of entries and pods",
            list(&accounts, &objects(2_000, &pod)),
        ),
        ("pods of a list", items(&pod)),
        ("accounts of a list", items(&account)),
        ("one account again", items(&|_| account(0))),
        ("other objects of a list", items(&config_map)),
        ("empty objects of a list", items(&|_| "{}".to_owned())),
        ("numbers in a list", items(&|_| "1".to_owned())),
        (
            "lists in a list",
            list(
                small_entry(),
                &format!(
                    "{}{}",
                    "{kind: List, apiVersion: v1, items: [".repeat(40),
                    "]}".repeat(40)
                ),
            ),
        ),
        (
            "a list of pods",
            list(
                small_entry(),
                &format!(
                    "{{apiVersion: v1, kind: PodList, items: [{}]}}",
                    fill(most - 128, |n| format!("{},", pod(n)))
                ),
            ),
        ),
        (
            "containers of one pod of a list",
            list(
                small_entry(),
                &format!(
                    "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{}]}}}}",
                    fill(most - 256, |n| format!("{{image: 'h{n}.azurecr.io/c:1'}},"))
                ),
            ),
        ),
        (
            "pull secrets of one pod",
            list(
                small_entry(),
                &format!(
                    "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{imagePullSecrets: [{}], containers: [{{image: 'youruniquename.azurecr.io/c:1'}}]}}}}",
                    fill(most - 256, |n| format!("{{name: s{n}}},"))
                ),
            ),
        ),
        (
            "many entries for one host",
            list(
                &fill(most, |n| {
                    format!(
                        "{{name: e{n}, strategy: secret, registries: [youruniquename], namespaces: [default], secret: {{name: s{n}, delivery: placeholder}}}},"
                    )
                }),
                &objects(20, &pod),
            ),
        ),
        (
            "many entries for one host and many pods",
            list(
                &fill(most / 2, |n| {
                    format!(
                        "{{name: e{n}, strategy: secret, registries: [youruniquename], namespaces: [default], secret: {{name: s{n}, delivery: placeholder}}}},"
                    )
                }),
                &objects(2_500, &pod),
            ),
        ),
        (
            "accounts that every pod lacks",
            list(
                small_entry(),
                &objects(5_000, &|n| {
                    pod(n).replace("spec: {", &format!("spec: {{serviceAccountName: a{n}, "))
                }),
            ),
        ),
        (
            "a broken config of a list",
            format!(
                "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {{{}}}\nitems: []\n",
                fill(most, |n| format!("k{n}: 1,"))
            ),
        ),
        (
            "keys of a list",
            format!(
                "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {{}}\n{}",
                fill(most, |n| format!("k{n}: 1\n"))
            ),
        ),
        (
            "namespaces of a list",
            list(
                &format!(
                    "{{name: e, strategy: secret, registries: [youruniquename], secret: {{name: s, delivery: placeholder}}, namespaces: [{}]}}",
                    fill(most, |n| format!("n{n},"))
                ),
                "",
            ),
        ),
    ]
}

/// Streams of objects.
pub(crate) fn streams() -> Vec<(&'static str, String)> {
    let most = room("");
    vec![
        (
            "pods of a stream",
            fill(most, |n| format!("--- {}\n", pod(n))),
        ),
        (
            "other objects of a stream",
            fill(most, |n| format!("--- {}\n", config_map(n))),
        ),
        (
            "a long value of a stream",
            format!(
                "{{apiVersion: v1, kind: ConfigMap, data: {{a: '{}'}}}}\n",
                "a ".repeat(most / 2 - 64)
            ),
        ),
        (
            "values to be quoted",
            format!(
                "apiVersion: v1\nkind: ConfigMap\ndata:\n{}",
                fill(most - 64, |n| format!("  k{n}: \"\\e\"\n"))
            ),
        ),
    ]
}

/// Locks.
pub(crate) fn locks() -> Vec<(&'static str, String)> {
    let most = room("");
    let lock = |files: String| {
        format!(
            "{{\"version\": 1, \"files\": {{{}}}}}",
            files.trim_end_matches(',')
        )
    };
    vec![
        (
            "files of a lock",
            lock(fill(most, |n| {
                format!("\"sample/f{n}\":{{\"sha256\":\"\"}},")
            })),
        ),
        (
            "one file of a lock again",
            lock(repeat(most, "\"sample/f\":{\"sha256\":\"\"},")),
        ),
        (
            "a long path of a lock",
            lock(format!("\"{}b\":{{\"sha256\":\"\"}}", repeat(most, "a/"))),
        ),
        (
            "a long name of a lock",
            lock(format!("\"{}\":{{\"sha256\":\"\"}}", "a".repeat(most - 64))),
        ),
        (
            "a long digest of a lock",
            lock(format!(
                "\"sample/f\":{{\"sha256\":\"{}\"}}",
                "a".repeat(most - 64)
            )),
        ),
        ("open brackets of a lock", repeat(most, "[")),
        (
            "unknown keys of a lock",
            format!("{{{}}}", fill(most, |n| format!("\"k{n}\":1,"))),
        ),
        (
            "folders of a lock",
            lock(fill(most, |n| {
                format!("\"sample/d{n}/f\":{{\"sha256\":\"\"}},")
            })),
        ),
    ]
}

/// Files that a small config made, changed by hand.
pub(crate) fn outputs() -> Vec<(&'static str, String)> {
    let most = room("");
    vec![
        ("lines of an output", fill(most, |n| format!("k{n}: a\n"))),
        ("one line of an output", repeat(most, "a")),
        (
            "passwords of an output",
            fill(most, |n| format!("password{n}: hunter{n}\n")),
        ),
        (
            "passwords in one line of an output",
            repeat(most, "password: a "),
        ),
        ("a run of passwords of an output", repeat(most, "password")),
        ("line ends of an output", repeat(most, "\n")),
        (
            "a Secret of an output",
            format!(
                "kind: Secret\nstringData:\n{}",
                fill(most - 64, |n| format!("  k{n}: v{n}\n"))
            ),
        ),
        (
            "a broken Secret of an output",
            format!(
                "kind: Secret\nstringData:\n{}: [",
                fill(most - 64, |n| format!("  k{n}: v{n}\n"))
            ),
        ),
        (
            "base64 of an output",
            format!(
                "kind: Secret\ndata:\n  a: {}\n",
                "QUFB".repeat(most / 4 - 64)
            ),
        ),
    ]
}
