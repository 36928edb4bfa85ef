//! Valid configs, or nearly, that ask for much.

use crate::hostile_inputs::{HEAD, fill, repeat, room};

/// An access entry with those lists.
pub(crate) fn entry(name: &str, namespaces: &str, workloads: &str) -> String {
    format!(
        "    - name: {name}\n      strategy: secret\n      registries: [youruniquename]\n      secret: {{name: acr-secret, delivery: placeholder}}\n      namespaces: [{namespaces}]\n      workloads: [{workloads}]\n"
    )
}

/// A workload.
fn workload(name: &str) -> String {
    format!(
        "{{kind: Pod, name: {name}, containers: [{{name: c, image: 'youruniquename.azurecr.io/c:1'}}]}},"
    )
}

fn numbered(prefix: &str, count: usize) -> String {
    (0..count).map(|n| format!("{prefix}{n},")).collect()
}

fn workloads(count: usize) -> String {
    (0..count).map(|n| workload(&format!("w{n}"))).collect()
}

/// The configs.
pub(crate) fn plans() -> Vec<(&'static str, String)> {
    let most = room(HEAD);
    let access = |body: String| format!("{HEAD}  access:\n{body}");
    let one = |namespaces: &str, workloads: &str| access(entry("sample", namespaces, workloads));
    let wide = workload("w");
    vec![
        (
            "a thousand namespaces of a thousand workloads",
            one(&numbered("n", 1_000), &workloads(1_000)),
        ),
        (
            "ten thousand namespaces of five thousand workloads",
            one(&numbered("n", 10_000), &workloads(5_000)),
        ),
        (
            "a hundred namespaces of a hundred workloads",
            one(&numbered("n", 100), &workloads(100)),
        ),
        (
            "namespaces",
            one(&fill(most - 512, |n| format!("n{n},")), ""),
        ),
        (
            "workloads",
            one("default", &fill(most - 512, |n| workload(&format!("w{n}")))),
        ),
        (
            "one workload again",
            one("default", &repeat(most - 512, &wide)),
        ),
        (
            "workloads without a tag",
            one(
                "default",
                &fill(most - 512, |n| {
                    format!(
                        "{{kind: Pod, name: w{n}, containers: [{{name: c, image: 'youruniquename.azurecr.io/c'}}]}},"
                    )
                }),
            ),
        ),
        (
            "workloads of other hosts",
            one(
                "default",
                &fill(most - 512, |n| {
                    format!(
                        "{{kind: Pod, name: w{n}, containers: [{{name: c, image: 'x.io/c:1'}}]}},"
                    )
                }),
            ),
        ),
        (
            "containers",
            one(
                "default",
                &format!(
                    "{{kind: Pod, name: w, containers: [{}]}}",
                    fill(most - 600, |n| format!(
                        "{{name: c{n}, image: 'youruniquename.azurecr.io/c:1'}},"
                    ))
                ),
            ),
        ),
        (
            "one container again",
            one(
                "default",
                &format!(
                    "{{kind: Pod, name: w, containers: [{}]}}",
                    repeat(
                        most - 600,
                        "{name: c, image: 'youruniquename.azurecr.io/c:1'},"
                    )
                ),
            ),
        ),
        (
            "containers of one pod in many namespaces",
            one(
                &numbered("n", 10_000),
                &format!(
                    "{{kind: Pod, name: w, containers: [{}]}}",
                    fill(800_000, |n| format!(
                        "{{name: c{n}, image: 'youruniquename.azurecr.io/c:1'}},"
                    ))
                ),
            ),
        ),
        (
            "a long argument in many namespaces",
            one(
                &numbered("n", 10_000),
                &format!(
                    "{{kind: Pod, name: w, containers: [{{name: c, image: 'youruniquename.azurecr.io/c:1', args: [{}]}}]}}",
                    "a".repeat(800_000)
                ),
            ),
        ),
        (
            "arguments",
            one(
                "default",
                &format!(
                    "{{kind: Pod, name: w, containers: [{{name: c, image: 'youruniquename.azurecr.io/c:1', args: [{}]}}]}}",
                    repeat(most - 700, "'a b',")
                ),
            ),
        ),
        (
            "entries",
            access(fill(most, |n| {
                entry(&format!("e{n}"), &format!("n{n}"), "")
            })),
        ),
        (
            "entries of one Secret",
            access(fill(most, |n| entry(&format!("e{n}"), "default", ""))),
        ),
        (
            "entries that differ about one Secret",
            access(fill(most, |n| {
                format!(
                    "    - {{name: e{n}, strategy: secret, registries: [youruniquename], namespaces: [default], secret: {{name: s, delivery: script, credential: {{type: token, name: token{n:05}, repositories: [a]}}}}}}\n"
                )
            })),
        ),
        (
            "one entry again",
            access(repeat(most, &entry("e", "default", ""))),
        ),
        (
            "clusters and scripts",
            format!(
                "{HEAD}  clusters: [{}]\n  access:\n    - {{name: e, strategy: secret, registries: [youruniquename], namespaces: [default], clusters: [{}], secret: {{name: s, delivery: script, credential: {{type: token, name: token, repositories: [a]}}}}}}\n",
                (0..10_000)
                    .map(|n| format!("{{name: cluster{n:05}, kind: generic}},"))
                    .collect::<String>(),
                (0..10_000)
                    .map(|n| format!("cluster{n:05},"))
                    .collect::<String>()
            ),
        ),
        (
            "clusters and namespaces of scripts",
            format!(
                "{HEAD}  clusters: [{}]\n  access:\n    - {{name: e, strategy: secret, registries: [youruniquename], namespaces: [{}], clusters: [{}], secret: {{name: s, delivery: script, credential: {{type: token, name: token, repositories: [a]}}}}}}\n",
                (0..2_000)
                    .map(|n| format!("{{name: cluster{n:05}, kind: generic}},"))
                    .collect::<String>(),
                numbered("n", 50_000),
                (0..2_000)
                    .map(|n| format!("cluster{n:05},"))
                    .collect::<String>()
            ),
        ),
        (
            "images of scripts",
            format!(
                "{HEAD}  clusters: [{}]\n  access:\n    - {{name: e, strategy: secret, registries: [youruniquename], namespaces: [default], clusters: [{}], workloads: [{}], secret: {{name: s, delivery: script, credential: {{type: token, name: token, repositories: [a]}}}}}}\n",
                (0..500)
                    .map(|n| format!("{{name: cluster{n:05}, kind: generic}},"))
                    .collect::<String>(),
                (0..500)
                    .map(|n| format!("cluster{n:05},"))
                    .collect::<String>(),
                fill(900_000, |n| format!(
                    "{{kind: Pod, name: w{n}, containers: [{{name: c, image: 'youruniquename.azurecr.io/c{n}:1'}}]}},"
                ))
            ),
        ),
        (
            "repositories of a token",
            format!(
                "{HEAD}  clusters: [{{name: prod, kind: generic}}]\n  access:\n    - {{name: e, strategy: secret, registries: [youruniquename], namespaces: [default], secret: {{name: s, delivery: script, credential: {{type: token, name: token, repositories: [{}]}}}}}}\n",
                fill(most - 700, |n| format!("r{n},"))
            ),
        ),
        (
            "repositories of an attachment",
            format!(
                "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nmetadata: {{name: sample}}\nspec:\n  registries: [{{name: youruniquename, roleAssignmentMode: abac}}]\n  clusters: [{{name: prod, kind: aks, resourceGroup: rg}}]\n  access:\n    - {{name: e, strategy: attach, registries: [youruniquename], attach: {{method: roleAssignment, repositories: [{}]}}}}\n",
                fill(most - 700, |n| format!("r{n},"))
            ),
        ),
    ]
}
