//! Configs that ask for much, or are wrong in many places.

use crate::hostile_inputs::plans::entry;
use crate::hostile_inputs::{HEAD, fill, repeat, room};

/// The configs.
pub(crate) fn configs() -> Vec<(&'static str, String)> {
    let most = room(HEAD);
    let access = |body: String| format!("{HEAD}  access:\n{body}");
    let one = |namespaces: &str, workloads: &str| access(entry("sample", namespaces, workloads));
    let base = one("default", "");
    let spec = |text: String| format!("{base}{text}");
    let rest = room(&base);
    vec![
        (
            "a few empty entries",
            format!("{HEAD}  access: [{}]\n", repeat(6_000, "{}, ")),
        ),
        (
            "empty entries",
            format!("{HEAD}  access: [{}]\n", repeat(most - 64, "{},")),
        ),
        (
            "empty entries in lines",
            format!("{HEAD}  access:\n{}", repeat(most - 64, "  - {}\n")),
        ),
        (
            "null entries",
            format!("{HEAD}  access: [{}]\n", repeat(most - 64, "~,")),
        ),
        (
            "numbers as entries",
            format!("{HEAD}  access: [{}]\n", repeat(most - 64, "1,")),
        ),
        (
            "entries with a strategy alone",
            format!(
                "{HEAD}  access: [{}]\n",
                repeat(most - 64, "{strategy: secret},")
            ),
        ),
        (
            "entries with an unknown strategy",
            format!(
                "{HEAD}  access: [{}]\n",
                repeat(most - 64, "{strategy: x},")
            ),
        ),
        (
            "entries with unknown keys",
            format!(
                "{HEAD}  access: [{}]\n",
                fill(most - 64, |n| format!("{{k{n}: 1}},"))
            ),
        ),
        (
            "entries with misspelt keys",
            format!(
                "{HEAD}  access: [{}]\n",
                repeat(most - 64, "{nam: a, strategi: secret},")
            ),
        ),
        (
            "unknown keys at the top",
            format!("{base}{}", fill(rest, |n| format!("k{n}: 1\n"))),
        ),
        (
            "long unknown keys",
            format!(
                "{base}{}",
                fill(rest, |n| format!("{}{n}: 1\n", "k".repeat(90)))
            ),
        ),
        (
            "unknown keys of the spec",
            spec(fill(rest, |n| format!("  k{n}: 1\n"))),
        ),
        (
            "misspelt keys of the spec",
            spec(fill(rest, |n| format!("  acces{n}: 1\n"))),
        ),
        (
            "an unknown key with a large value",
            spec(format!("  x: [{}]\n", repeat(rest - 64, "a,"))),
        ),
        (
            "a large value of a private key",
            format!(
                "{HEAD}  access:\n    - {{name: a, strategy: secret, registries: [youruniquename], namespaces: [default], secret: {{name: a, delivery: manifest, credential: [{}]}}}}\n",
                repeat(most - 512, "a,")
            ),
        ),
        (
            "undeclared registries",
            access(format!(
                "    - name: a\n      strategy: secret\n      secret: {{name: s, delivery: placeholder}}\n      namespaces: [default]\n      registries: [{}]\n",
                fill(132_000, |n| format!("registry{n:05},"))
            )),
        ),
        (
            "undeclared registries beside as many declared",
            format!(
                "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nmetadata: {{name: sample}}\nspec:\n  registries: [{}]\n  access:\n    - name: a\n      strategy: secret\n      secret: {{name: s, delivery: placeholder}}\n      namespaces: [default]\n      registries: [{}]\n",
                fill(400_000, |n| format!("{{name: declared{n:05}}},")),
                fill(400_000, |n| format!("registry{n:05},"))
            ),
        ),
        (
            "undeclared clusters",
            format!(
                "{HEAD}  clusters: [{}]\n  access:\n    - name: a\n      strategy: attach\n      registries: [youruniquename]\n      clusters: [{}]\n",
                fill(400_000, |n| format!(
                    "{{name: declared{n:05}, kind: generic}},"
                )),
                fill(500_000, |n| format!("cluster{n:05},"))
            ),
        ),
        (
            "declared registries, all used",
            format!(
                "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nmetadata: {{name: sample}}\nspec:\n  registries: [{}]\n  access:\n    - name: a\n      strategy: secret\n      secret: {{name: s, delivery: placeholder}}\n      namespaces: [default]\n      registries: [{}]\n",
                fill(400_000, |n| format!("{{name: registry{n:06}}},")),
                fill(240_000, |n| format!("registry{n:06},"))
            ),
        ),
        (
            "one registry again",
            format!(
                "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nmetadata: {{name: sample}}\nspec:\n  registries: [{}]\n  access: []\n",
                repeat(most - 512, "{name: youruniquename},")
            ),
        ),
        (
            "one namespace again",
            one(&repeat(most - 512, "default,"), ""),
        ),
        (
            "namespaces that are no names",
            one(&repeat(most - 512, "A_,"), ""),
        ),
        (
            "namespaces of other types",
            one(&repeat(most - 512, "1,"), ""),
        ),
        ("a long namespace", one(&"a".repeat(most - 512), "")),
        ("a long name of capitals", one(&"A".repeat(most - 512), "")),
        (
            "a long image",
            one(
                "default",
                &format!(
                    "{{kind: Pod, name: w, containers: [{{name: c, image: '{}'}}]}}",
                    "a/".repeat(most / 2 - 512)
                ),
            ),
        ),
        (
            "a long annotation",
            format!(
                "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nmetadata: {{name: sample, annotations: {{a: {}}}}}\nspec: {{registries: [{{name: youruniquename}}], access: []}}\n",
                "a".repeat(most - 512)
            ),
        ),
        (
            "annotations",
            format!(
                "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nmetadata: {{name: sample, annotations: {{{}}}}}\n{}",
                fill(most - 1024, |n| format!("k{n}: a,")),
                base.split_once("{name: sample}\n")
                    .map_or("", |(_, rest)| rest)
            ),
        ),
        (
            "an output of many folders",
            spec(format!("  output: {}\n", repeat(rest - 64, "a/"))),
        ),
        (
            "credentials of no registry",
            format!(
                "{HEAD}  access:\n    - {{name: e, strategy: secret, registries: [youruniquename], namespaces: [default], secret: {{name: s, delivery: manifest, credentials: {{{}}}}}}}\n",
                fill(most - 700, |n| format!(
                    "registry{n}: {{type: env, usernameFrom: A, passwordFrom: B}},"
                ))
            ),
        ),
        (
            "a line of carriage returns",
            base.replace('\n', "\r") + &repeat(rest, "x: 1\r"),
        ),
        (
            "a password far to the left",
            format!(
                "{HEAD}  access: [{{password: hunter2, {}a: 1, a: 2}}]\n",
                fill(most - 128, |n| format!("k{n}: 1,"))
            ),
        ),
        (
            "passwords in one line",
            format!(
                "{HEAD}  access: [{}]\n",
                repeat(most - 64, "{password: a},")
            ),
        ),
        (
            "a run of passwords in one line",
            format!(
                "{HEAD}  access: [{}, 1, 2]\n",
                repeat(most - 64, "password")
            ),
        ),
        (
            "passwords without values in one line",
            format!("{HEAD}  access: [{}]\n", repeat(most - 64, "password ")),
        ),
    ]
}
